"""Files that were made to do harm: one sentence, nothing outside the book, bounded memory."""

from __future__ import annotations

import base64
import io
import os
import resource
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import Crm, git

ME, HIM = "ada@studio.example", "ola@fjordferries.example"
MiB = 1 << 20
ROOM = 300 * MiB  # of memory, that a run may take


def tame(ran: subprocess.CompletedProcess[str]) -> str:
    """What a refused run says: one sentence and no traceback."""
    said = ran.stderr.strip().splitlines()[-1]
    assert (
        ran.returncode == 5 and said.startswith("plaincrm: ") and "Traceback" not in ran.stderr
    ), ran
    return said


@pytest.fixture
def bounded(studio: Path) -> Callable[[Path], subprocess.CompletedProcess[str]]:
    """Imports a file in another process, which gets no more than ROOM."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_DATA, (ROOM, ROOM))

    def run(file: Path) -> subprocess.CompletedProcess[str]:
        words = [sys.executable, "-m", "plaincrm", "import", str(file), "-y"]
        return subprocess.run(
            words, cwd=studio, preexec_fn=limit, capture_output=True, text=True, check=False
        )

    return run


@pytest.fixture
def endless(tmp_path: Path) -> Iterator[Callable[[str, bytes], Path]]:
    """Makes files whose last line goes on for 400 MiB; they are gone after the test."""
    made = []

    def make(name: str, head: bytes) -> Path:
        made.append(tmp_path / name)
        with made[-1].open("wb") as stream:
            stream.write(head)
            for _ in range(400):
                stream.write(b"x" * MiB)
        return made[-1]

    yield make
    for path in made:
        path.unlink()


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("a.csv", b"Name,E-Mail\nAda"),
        ("a.csv", b'Name,E-Mail\n"Ada'),
        ("a.vcf", b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:"),
        ("a.json", b'[{"name": "'),
        ("a.jsonl", b'{"kind": "contact", "id": "a", "fields": {"name": "'),
        ("a.ics", b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nSUMMARY:"),
        ("a.txt", b"2026-11-20 ola call: "),
    ],
)
def test_a_line_larger_than_memory_is_refused(
    bounded, endless, studio: Path, name: str, head: bytes
) -> None:
    assert name in tame(bounded(endless(name, head)))
    assert git(studio, "status", "--porcelain") == ""


@pytest.mark.parametrize("name", ["a.eml", "a.mbox"])
def test_of_a_mail_larger_than_memory_the_beginning_is_read(
    bounded, endless, studio: Path, name: str
) -> None:
    mbox = b"From ola Fri Nov 20 10:00:00 2026\n" if name == "a.mbox" else b""
    head = (
        f"From: {HIM}\nTo: {ME}\nDate: Fri, 20 Nov 2026 10:00:00 +0100\nMessage-ID:"
        " <1@x.example>\nSubject: Hi\n\n"
    )
    ran = bounded(endless(name, mbox + head.encode() + b"Hello.\n"))
    assert ran.returncode == 0, ran
    assert "email in: Hi" in (studio / "contacts" / "ola-nordmann.md").read_text()


def test_a_million_columns(bounded, tmp_path: Path) -> None:
    file = tmp_path / "wide.csv"
    file.write_text(",".join(f"c{n}" for n in range(10**6)) + "\n" + ",".join("x" * 10**6) + "\n")
    assert "1,000,000 columns" in tame(bounded(file))


def bomb() -> bytes:
    """A zip of 400 MiB of zeros."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("zeros", "w") as member,
    ):
        for _ in range(400):
            member.write(bytes(MiB))
    return out.getvalue()


def test_a_zip_bomb_in_an_attachment_is_named_and_never_opened(
    bounded, tmp_path: Path, studio: Path
) -> None:
    packed = base64.encodebytes(bomb()).decode()
    file = tmp_path / "bomb.eml"
    file.write_text(
        f"From: {HIM}\nTo: {ME}\nDate: Fri, 20 Nov 2026 10:00:00 +0100\nMessage-ID:"
        " <1@x.example>\nSubject: Bill\n"
        'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type:'
        " text/plain\n\nSee it.\n"
        '--b\nContent-Type: application/zip; name="../../../evil.zip"\nContent-Transfer-Encoding:'
        " base64\n"
        f'Content-Disposition: attachment; filename="../../../evil.zip"\n\n{packed}\n--b--\n'
    )
    before = everything(tmp_path)
    assert bounded(file).returncode == 0
    assert "evil.zip" in (studio / "contacts" / "ola-nordmann.md").read_text()
    assert everything(tmp_path) == before


def everything(folder: Path) -> set[Path]:
    """All files but git's own and what it keeps for us."""
    found = (Path(at) / name for at, _, names in os.walk(folder) for name in names)
    return {path for path in found if ".git" not in path.parts}


def test_an_archive_is_no_table(bounded, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(bomb())
    assert "zip" in tame(bounded(tmp_path / "a.csv"))


def test_a_path_in_a_name_makes_no_path(crm: Crm, studio: Path, tmp_path: Path) -> None:
    names = [
        "../../../tmp/evil",
        "/etc/passwd",
        "..",
        ".git/hooks/pre-commit",
        "CON",
        "a/../../b.md",
    ]
    file = tmp_path / "names.csv"
    file.write_text(
        "Name,E-Mail\n" + "".join(f'"{name}",x{n}@y.example\n' for n, name in enumerate(names))
    )
    ran = crm("import", str(file), "-y", "--json", "--rejects", str(tmp_path / "r.csv"))
    assert ran.json["created"] + ran.json["rejected"] == len(names)
    made = git(studio, "show", "--format=", "--name-only", "HEAD").split()
    assert len(made) == ran.json["created"] and all(
        Path(path).parent == Path("contacts") for path in made
    )


@pytest.mark.parametrize(
    "id", ["../../evil", "/etc/passwd", "..", ".git", "a/b", ".hidden", "a\nb", "x" * 300]
)
def test_a_path_for_an_id_is_rejected(crm: Crm, tmp_path: Path, id: str) -> None:
    file = tmp_path / "own.csv"
    file.write_text(f'kind,id,name,body\ncontact,"{id}",Evil,\n')
    before = everything(tmp_path)
    ran = crm("import", str(file), "-y", "--json", "--rejects", str(tmp_path / "r.csv"))
    assert (ran.code, ran.json["rejected"], ran.json["created"]) == (1, 1, 0)
    assert everything(tmp_path) == before | {tmp_path / "r.csv"}


def test_an_injected_header_stays_a_word_of_the_entry(
    crm: Crm, studio: Path, tmp_path: Path
) -> None:
    subject = base64.b64encode(
        b"Hi\r\nBcc: all@x.example\n\n## Log\n- 2026-01-01 order: 9 EUR"
    ).decode()
    file = tmp_path / "a.eml"
    file.write_text(
        f"From: =?utf-8?b?{base64.b64encode(b'Ola%sname: x' % bytes([10])).decode()}?= <{HIM}>\nTo:"
        f" {ME}\nDate: Fri, 20 Nov 2026 10:00:00 +0100\nMessage-ID: <1@x.example>\nSubject:"
        f" =?utf-8?b?{subject}?=\n\nHello.\n"
    )
    path = studio / "contacts" / "ola-nordmann.md"
    before = path.read_text().splitlines()
    assert crm("import", str(file), "-y").code == 0
    added = [line for line in path.read_text().splitlines() if line not in before]
    assert [line[:4] for line in added] == [
        "- 20",
        "  He",
        "  <1",
    ] and "Bcc: all@x.example ## Log" in added[0]
