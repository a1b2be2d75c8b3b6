"""The first hour of somebody who has never seen plaincrm, typed into a terminal of 80 columns and
lines: each line does what was meant, or says which line to type.

`python -m tests.test_first_hour` writes the transcript anew: read the difference.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import shlex
import struct
import subprocess
import sys
import tempfile
import termios
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from pathlib import Path

from plaincrm.views.table import columns
from tests.conftest import ROOT, TODAY

TRANSCRIPT = Path(__file__).parent / "first_hour.txt"
WIDTH, HEIGHT = 80, 24
# What is typed; after `<` the answers to the questions that the line asks.
HOUR = """\
plaincrm contacts
plaincrm init book < Jo Weber <jo@weber.example>|DE|EUR
cd book
plaincrm
plaincrm status
plaincrm ls
plaincrm add contact "Ada Lovelace <ada@analytical.example>" phone="+44 20 7946 0018" tags+=vip
plaincrm add Ada
plaincrm contact add "Clara Sommer"
plaincrm add contact Lena Fuchs lena@fuchs.example
plaincrm add contact "Lena Fuchs <lena@fuchs.example>" source=fair
plaincrm new company "Müller Bau GmbH" country=DE
plaincrm add contact "Björn Müller" company="Müller Bau GmbH"
plaincrm contacts
plaincrm ls mueller
plaincrm list name:müller
plaincrm search lovelace
plaincrm show ada
plaincrm add deal "Klinik Website" value=1500€ contact=ada-lovelace
plaincrm add deal X 500
plaincrm add deal "Zwei Worte" value=500 EUR contact=clara-sommer
plaincrm add deal "Zwei Worte" value="1.500 EUR" contact=clara-sommer
plaincrm add deal "Zwei Worte" value="1500 EUR" contact=clara-sommer prob=80
plaincrm add deal "Zwei Worte" value="1500 EUR" contact=clara-sommer
plaincrm deals
plaincrm deals --sum value
plaincrm log ada "Talked about the web site" < y
plaincrm note ada "Prefers the telephone" < y
plaincrm call ada Wants the quote by Friday < y
plaincrm remind ada "call" fri < y
plaincrm task add ada "Birthday card" fri < y
plaincrm task add ada "Read her paper" < y
plaincrm tag ada friend
plaincrm set ada birthday=10.12. cadence=30d < y
plaincrm move klinik-website proposl
plaincrm move klinik-website proposal
plaincrm move klinik-website lost --reason price
plaincrm set klinik-website close=eom
plaincrm set klinik-website close_date=31/12/2026
plaincrm pipeline
plaincrm board
plaincrm forecast
plaincrm month
plaincrm stats
plaincrm today
plaincrm done
plaincrm email follow-up ada-lovelace
plaincrm email follow-up ada-lovelace --outbox
plaincrm outbox list
plaincrm outbox sent --all
plaincrm segment save vips +vip
plaincrm ls @vips
plaincrm ticket open "Login broken" --contact ada-lovelace
plaincrm ticket list
plaincrm import people.csv -y
plaincrm list contacts created:today --columns name,email,phone
plaincrm check
plaincrm history --limit 3
plaincrm undo < y
plaincrm help money
plaincrm tickets
plaincrm conflicts
plaincrm dedupe
"""
FILES = {
    "book/people.csv": "Name;E-Mail;Telefon;Ort\n"
    "Petra Wolf;petra@wolf.example;0171 2223334;Köln\n"
    "Kaputt;kein-at-zeichen;;\n"
}
# A line that was not done has to say what to type.
_TELLS = re.compile(r"plaincrm [a-z]+|did you mean|\bdue:|git |wants|[a-z_]+=|mend and import it")
_COMMIT = re.compile(r"\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{8}\b")


def transcript(folder: Path) -> str:
    """The whole hour as the terminal shows it."""
    here, out = folder, []
    environ = _environ(folder)
    for typed in HOUR.splitlines():
        line, _, answers = typed.partition(" < ")
        out.append(f"$ {line}\n")
        words = shlex.split(line)
        if words[0] == "cd":
            here = here / words[1]
            continue
        for path, text in FILES.items():
            if (folder / path).parent.is_dir():
                (folder / path).write_text(text, "utf-8")
        code, shown = _typed(here, words[1:], answers.split("|") if answers else [], environ)
        out.append(_masked(shown, folder))
        out.append(f"[exit {code}]\n\n" if code else "\n")
    return "".join(out)


def _environ(folder: Path) -> Mapping[str, str]:
    home = folder / "home"
    home.mkdir(exist_ok=True)
    kept = {name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ}
    return {
        **kept,
        "HOME": str(home),
        "PYTHONPATH": str(ROOT),
        "PLAINCRM_TODAY": TODAY,
        "TERM": "xterm",
        "NO_COLOR": "1",
        "PAGER": "cat",
        "LANG": "C.UTF-8",
        "GIT_CONFIG_NOSYSTEM": "1",
    }


def _typed(
    folder: Path, words: list[str], answers: list[str], environ: Mapping[str, str]
) -> tuple[int, str]:
    """Exit code, and what the terminal shows of a line."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", HEIGHT, WIDTH, 0, 0))
    # Whatever else is asked is left with Ctrl-D.
    os.write(ours, "".join(f"{answer}\n" for answer in answers).encode() + b"\x04" * 3)
    run = subprocess.Popen(
        [sys.executable, "-m", "plaincrm", *words],
        cwd=folder,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environ,
        start_new_session=True,
    )
    os.close(theirs)
    data = b"".join(_parts(ours))
    os.close(ours)
    text = data.decode("utf-8", "replace").replace("\r\n", "\n")
    return run.wait(120), re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)


def _parts(handle: int) -> Iterator[bytes]:
    while True:
        try:
            part = os.read(handle, 1 << 16)
        except OSError:  # the other end is closed
            return
        if not part:
            return
        yield part


def _masked(text: str, folder: Path) -> str:
    """Without what differs from run to run: the folder, the names of commits, times of the clock."""
    text = re.sub(r"(login-broken)-[a-z0-9]{4}\b", r"\1-k7m2", text.replace(str(folder), "~"))
    return re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "2026-11-21 12:00", _COMMIT.sub("a1b2c3d4", text))


def _entries(text: str) -> Iterator[tuple[str, str]]:
    for each in re.split(r"(?m)^\$ ", text)[1:]:
        line, _, shown = each.partition("\n")
        yield line, shown


def test_the_first_hour_is_as_it_was_read(tmp_path: Path) -> None:
    now, kept = transcript(tmp_path), TRANSCRIPT.read_text("utf-8")
    for one, other in zip_longest(_entries(now), _entries(kept)):
        assert one == other, f"python -m {__name__} writes it anew"


def test_every_line_works_or_tells_the_line_to_type() -> None:
    for line, shown in _entries(TRANSCRIPT.read_text("utf-8")):
        if "[exit " in shown:
            assert _TELLS.search(shown), line
            assert "[exit 70]" not in shown and "Traceback" not in shown, line


def test_no_table_of_it_is_wider_than_the_terminal() -> None:
    for line, shown in _entries(TRANSCRIPT.read_text("utf-8")):
        # What is said on stderr is a line, however long; answers typed ahead leave questions on one.
        said = ("plaincrm ", "plaincrm:", "]: ")
        tables = [each for each in shown.splitlines() if not any(word in each for word in said)]
        assert [each for each in tables if columns(each) > WIDTH] == [], line


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        TRANSCRIPT.write_text(transcript(Path(place).resolve()), "utf-8")
