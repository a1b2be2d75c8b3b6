"""`plaincrm watch` as a process of its own, on real files."""

from __future__ import annotations

import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import Crm, git

# Seconds after which what should have come is given up: on a busy machine the program alone takes
# a minute to start, and a watch that was not told looks by itself after one.
LONG = 240.0
ROOT = Path(__file__).parents[2]


class Watching:
    """A running `plaincrm watch`, and all that it has printed."""

    def __init__(self, book: Path, words: tuple[str, ...], out: int | None = None) -> None:
        run = [sys.executable, "-m", "plaincrm", "watch", *words]
        environ = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm"}
        self.process = subprocess.Popen(
            run,
            cwd=book,
            stdin=subprocess.DEVNULL,
            stdout=out or subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environ,
        )
        self.handle = out or self.process.stdout.fileno()  # type: ignore[union-attr]
        self.text = ""

    def until(self, fits: Callable[[str], bool]) -> str:
        """Read on until the text fits; the text since the last such call."""
        end = time.monotonic() + LONG
        start = len(self.text)
        while not fits(self.text[start:]):
            left = max(end - time.monotonic(), 0)
            assert select.select([self.handle], [], [], left)[0], (
                f"it only printed {self.text[start:]!r}"
            )
            more = os.read(self.handle, 1 << 20)
            assert more, f"it ended: {self.text[start:]!r}"
            self.text += more.decode("utf-8", "replace")
        return self.text[start:]

    def end(self, by: int = signal.SIGINT) -> tuple[int, str]:
        """Exit code, and what was said on stderr."""
        self.process.send_signal(by)
        return self.process.wait(LONG), self.process.stderr.read().decode()  # type: ignore[union-attr]


Watch = Callable[..., Watching]


@pytest.fixture
def watch(studio: Path) -> Iterator[Watch]:
    """`watch("pipeline")` in the example book; what runs still is ended."""
    running: list[Watching] = []

    def start(*words: str, out: int | None = None) -> Watching:
        running.append(Watching(studio, words, out))
        return running[-1]

    yield start
    for each in running:
        each.process.kill()
        each.process.wait()
        for stream in (each.process.stdout, each.process.stderr):
            if stream:
                stream.close()


def deal(value: int = 1000) -> bytes:
    return f"---\nname: Watched\nstage: lead\nvalue: {value} EUR\n---\n".encode()


def in_place(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def by_rename(path: Path, data: bytes) -> None:
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_bytes(data)
    fresh.replace(path)


def with_backup(path: Path, data: bytes) -> None:
    path.with_name("4913").touch()
    path.with_name("4913").unlink()
    path.rename(f"{path}~")
    path.write_bytes(data)
    Path(f"{path}~").unlink()


@pytest.mark.parametrize("save", [in_place, by_rename, with_backup])
def test_a_view_follows_a_save(
    studio: Path, watch: Watch, save: Callable[[Path, bytes], None]
) -> None:
    path = studio / "deals" / "watched.md"
    path.write_bytes(deal())
    running = watch("list", "deals", "id:watched", "--columns", "id,value")
    running.until(lambda text: "1,000 EUR" in text)
    save(path, deal(2000))
    again = running.until(lambda text: "2,000 EUR" in text)
    assert again.startswith("---\n")
    code, said = running.end()
    assert code == 0
    assert "Exception" not in said


def test_what_was_deleted_is_gone_from_the_view(studio: Path, watch: Watch) -> None:
    path = studio / "deals" / "watched.md"
    path.write_bytes(deal())
    running = watch("list", "deals", "value:1000", "--ids")
    running.until(lambda text: "deal/watched" in text)
    (studio / "deals" / "another.md").write_bytes(deal())
    running.until(lambda text: "deal/another" in text)
    path.unlink()
    assert "deal/watched" not in running.until(lambda text: "deal/another" in text)


def test_segments_are_followed_too(studio: Path, watch: Watch) -> None:
    (studio / "segments" / "fresh.yaml").write_text("kind: deal\nquery: stage:lead\n")
    (studio / "deals" / "watched.md").write_bytes(deal())
    running = watch("list", "deals", "@fresh", "id:watched", "--count")
    running.until(lambda text: text == "1\n")
    (studio / "segments" / "fresh.yaml").write_text("kind: deal\nquery: stage:won\n")
    running.until(lambda text: text == "---\n0\n")


def test_settings_are_followed_too(studio: Path, watch: Watch) -> None:
    path = studio / "plaincrm.yaml"
    running = watch("pipeline")
    running.until(lambda text: "negotiation " in text)
    path.write_text(path.read_text("utf-8").replace("negotiation:", "haggling:"), "utf-8")
    running.until(lambda text: "haggling " in text)


def test_thousands_of_files_are_one_refresh(studio: Path, watch: Watch) -> None:
    running = watch("list", "deals", "value:4321", "--count")
    running.until(lambda text: text.endswith("\n"))
    for n in range(2000):
        (studio / "deals" / f"burst-{n}.md").write_bytes(deal(4321))
    text = running.until(lambda text: "2000\n" in text)
    assert text.count("---\n") <= 20


def test_a_checkout_is_followed(studio: Path, watch: Watch) -> None:
    git(studio, "checkout", "-q", "-b", "other")
    for n in range(500):
        (studio / "deals" / f"burst-{n}.md").write_bytes(deal(4321))
    git(studio, "add", "-A")
    git(studio, "commit", "-q", "-m", "Many")
    running = watch("list", "deals", "value:4321", "--count")
    running.until(lambda text: text == "500\n")
    git(studio, "checkout", "-q", "main")
    running.until(lambda text: text.endswith("---\n0\n"))
    git(studio, "checkout", "-q", "other")
    running.until(lambda text: text.endswith("---\n500\n"))


def test_a_view_in_trouble_comes_back(studio: Path, watch: Watch) -> None:
    """A segment that is gone is told of, and the watch goes on."""
    segment = studio / "segments" / "fresh.yaml"
    segment.write_text("kind: deal\nquery: stage:lead\n")
    running = watch("list", "deals", "@fresh", "--count")
    running.until(lambda text: text.endswith("\n"))
    segment.unlink()
    said = ""
    while "fresh" not in said:
        assert select.select([running.process.stderr], [], [], LONG)[0]
        said += os.read(running.process.stderr.fileno(), 1 << 16).decode()  # type: ignore[union-attr]
    segment.write_text("kind: deal\nquery: stage:lead\n")
    running.until(lambda text: text.startswith("---\n"))
    assert running.end()[0] == 0


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_cleanly(watch: Watch, by: int) -> None:
    running = watch("pipeline")
    running.until(lambda text: "open " in text)
    code, said = running.end(by)
    assert code == 0
    assert "Traceback" not in said and "interrupted" not in said


def test_today_is_what_it_shows_unasked(crm: Crm, watch: Watch) -> None:
    expected = crm("today").out
    assert watch().until(lambda text: len(text) >= len(expected)) == expected


def test_on_a_terminal_the_screen_is_drawn_anew(studio: Path, watch: Watch) -> None:
    ours, its = pty.openpty()
    try:
        running = watch("list", "deals", "id:watched", out=its)
        running.handle = ours
        running.until(lambda text: "Ctrl-C ends" in text)
        (studio / "deals" / "watched.md").write_bytes(deal())
        again = running.until(lambda text: "watched " in text and "\033[J" in text)
        assert again.startswith("\033[H")
        assert "---" not in again
        assert running.end()[0] == 0
    finally:
        os.close(ours)
        os.close(its)


def test_what_is_dropped_into_the_inbox_goes_in_once(studio: Path, watch: Watch) -> None:
    running = watch("pipeline")
    running.until(lambda text: "open " in text)
    (studio / "inbox").mkdir(exist_ok=True)
    before = git(studio, "rev-parse", "HEAD")
    (studio / "inbox" / "lead.json").write_text(
        '{"name": "Max Web", "email": "max@web.example", "message": "Hello"}'
    )
    (studio / "inbox" / "notes.txt").write_text("2026-11-20 nobody-of-that-name call: who is it\n")
    path = studio / "contacts" / "max-web.md"
    end = time.monotonic() + LONG
    while not (studio / "inbox" / "done" / "lead.json").exists():
        assert time.monotonic() < end
        time.sleep(0.1)
    assert "status: lead" in path.read_text()
    time.sleep(2.5)  # it looks again, and tries the same file no second time
    code, said = running.end()
    assert code == 0 and said.count("inbox/: 1 created, 1 rejected") == 1
    assert (studio / "inbox" / "notes.txt").exists()
    assert git(studio, "rev-list", "--count", f"{before.strip()}..HEAD").strip() == "1"


def test_rules_of_the_day_run_once(studio: Path, watch: Watch) -> None:
    settings = studio / "plaincrm.yaml"
    rule = "automations: [{name: quiet, kind: deal, when: 'is:open', do: {tag: looked-at}}]\n"
    text = re.sub(r"(?m)^automations:\n([ #].*\n|\n)*", "", settings.read_text("utf-8"))
    settings.write_text(text + rule, "utf-8")
    git(studio, "commit", "-qam", "A rule")
    before = git(studio, "rev-parse", "HEAD").strip()
    running = watch("list", "deals", "+looked-at", "--count")
    running.until(lambda text: text.strip().endswith("25"))
    (studio / "contacts" / "ola-nordmann.md").touch()
    time.sleep(2.5)
    code, said = running.end()
    assert code == 0 and said.count("Run rules: quiet") == 1
    assert git(studio, "rev-list", "--count", f"{before}..HEAD").strip() == "1"


def test_it_writes_nothing(studio: Path, watch: Watch) -> None:
    running = watch("pipeline")
    running.until(lambda text: "open " in text)
    running.end()
    assert git(studio, "status", "--porcelain") == ""


@pytest.mark.parametrize(
    "words", [["rm", "ada-lovelace"], ["lists"], ["check", "--fix"], ["today", "--ics", "x.ics"]]
)
def test_only_what_reads_is_watched(crm: Crm, studio: Path, words: list[str]) -> None:
    done = crm("watch", *words)
    assert done.code == 2
    assert done.out == ""
    assert git(studio, "status", "--porcelain") == ""


def test_a_wrong_view_is_told_as_the_view_tells_it(crm: Crm) -> None:
    watched, plain = crm("watch", "list", "deals", "sumit:1"), crm("list", "deals", "sumit:1")
    assert (watched.code, watched.err) == (plain.code, plain.err)


def test_without_watches_it_looks_by_itself_and_says_so(studio: Path) -> None:
    limited = 'echo 2 > /proc/sys/user/max_inotify_watches && exec "$@"'
    probe = ["unshare", "-Ur", "sh", "-c", limited, "sh", "true"]
    if (
        not shutil.which("unshare")
        or subprocess.run(probe, capture_output=True, check=False).returncode
    ):
        pytest.skip("no limit can be set here")
    words = [sys.executable, "-m", "plaincrm", "watch", "list", "deals", "id:watched", "--ids"]
    run = ["unshare", "-Ur", "sh", "-c", limited, "sh", *words]
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        run, cwd=studio, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environ
    ) as process:
        try:
            assert process.stdout and process.stderr
            while b"every second" not in (line := process.stderr.readline()):
                assert line
            (studio / "deals" / "watched.md").write_bytes(deal())
            assert select.select([process.stdout], [], [], LONG)[0]
            assert b"deal/watched" in os.read(process.stdout.fileno(), 1 << 16)
            process.send_signal(signal.SIGINT)
            assert process.wait(LONG) == 0
        finally:
            process.kill()
