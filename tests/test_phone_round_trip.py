"""Phone and book through vdirsyncer and a CardDAV and CalDAV server on loopback: 200 contacts, and a
calendar of tasks; edits on both ends, nothing lost, the second run writes nothing.
"""

from __future__ import annotations

import base64
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError, URLError

import pytest

from tests.conftest import Crm

PEOPLE = 200
COLLECTION = """<?xml version="1.0"?><create xmlns="DAV:" xmlns:CR="urn:ietf:params:xml:ns:carddav">
<set><prop><resourcetype><collection/><CR:addressbook/></resourcetype></prop></set></create>"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """The address of Radicale, which holds one empty address book."""
    pytest.importorskip("radicale", reason="radicale is not installed")
    pytest.importorskip("vdirsyncer", reason="vdirsyncer is not installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (tmp_path / "radicale.conf").write_text(
        f"[server]\nhosts = 127.0.0.1:{port}\n[auth]\ntype = none\n"
        f"[storage]\nfilesystem_folder = {tmp_path / 'store'}\n"
    )
    words = [sys.executable, "-m", "radicale", "--config", str(tmp_path / "radicale.conf")]
    with subprocess.Popen(words, stderr=subprocess.DEVNULL) as process:
        try:
            url = f"http://127.0.0.1:{port}/ada"
            _until_up(f"http://127.0.0.1:{port}/")
            dav("MKCOL", f"{url}/people/", COLLECTION.replace("create", "mkcol"))
            yield url
        finally:
            process.terminate()


def _until_up(url: str) -> None:
    for _ in range(200):
        try:
            dav("GET", url)
        except HTTPError:
            return  # it answers, whatever it says
        except URLError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the server does not answer")


def dav(method: str, url: str, body: str = "") -> str:
    login = base64.b64encode(b"ada:x").decode()
    head = {"Authorization": f"Basic {login}", "Content-Type": "text/xml; charset=utf-8"}
    if method == "PROPFIND":
        head["Depth"] = "1"
    if method == "PUT":
        kind = "calendar" if url.endswith(".ics") else "vcard"
        head["Content-Type"] = f"text/{kind}; charset=utf-8"
    request = urllib.request.Request(url, body.encode() or None, head, method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:
        text: str = answer.read().decode()
    return text


class Phone:
    """A phone that speaks with the server: it knows cards by the name of their person."""

    def __init__(self, url: str) -> None:
        self.url = f"{url}/people/"

    def cards(self) -> dict[str, tuple[str, str]]:
        """By name of the person: where the card is, and its text."""
        listed = dav("PROPFIND", self.url)
        paths = re.findall(r"<(?:\w+:)?href>(/ada/people/[^<]+\.vcf)<", listed)
        root = self.url.split("/ada/")[0]
        found = {}
        for path in paths:
            text = dav("GET", root + path)
            name = re.search(r"^FN:(.*?)\r?$", text, re.MULTILINE)
            assert name is not None
            found[name[1]] = (root + path, text)
        return found


@pytest.fixture
def book(crm: Crm, tmp_path: Path) -> Path:
    crm("init", "book", cwd=tmp_path)
    root = tmp_path / "book"
    for n in range(PEOPLE):
        text = f"---\nname: Person Nr{n}\nemail: p{n}@example.org\nphone: +49 30 901820{n:03}\n"
        text += (
            f"job: Job {n}\ncity: Köln\ntags: [a, b{n % 7}]\n---\nNote {n}; with a comma, too.\n"
        )
        (root / f"contacts/person-{n}.md").write_text(text, "utf-8")
    assert crm("commit", cwd=root).code == 0
    return root


def vdirsyncer(tmp_path: Path, url: str, name: str = "people") -> None:
    """Keeps the folder `vdir/NAME` in step with the server."""
    ending, dav_type = (".vcf", "carddav") if name == "people" else (".ics", "caldav")
    config = tmp_path / "vdirsyncer.conf"
    if not config.exists():
        config.write_text(
            f"""[general]
status_path = "{tmp_path / "status"}"
[pair people]
a = "here"
b = "there"
collections = [["{name}", "{name}", "{name}"]]
conflict_resolution = "b wins"
[storage here]
type = "filesystem"
path = "{tmp_path / "vdir"}"
fileext = "{ending}"
[storage there]
type = "{dav_type}"
url = "{url}/"
username = "ada"
password = "x"
"""
        )
        run(tmp_path, "discover", "people")
    run(tmp_path, "sync")


def run(tmp_path: Path, *words: str) -> None:
    """vdirsyncer, asked no questions."""
    code = "import sys; from vdirsyncer.cli import app; sys.exit(app())"
    command = [sys.executable, "-c", code, "-c", str(tmp_path / "vdirsyncer.conf"), *words]
    done = subprocess.run(command, input="y\n" * 5, text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]


def test_two_hundred_contacts_there_and_back(
    crm: Crm, book: Path, server: str, tmp_path: Path
) -> None:
    vdir, phone = tmp_path / "vdir/people", Phone(server)
    assert crm("export", "vcf", "--into", str(vdir), cwd=book).code == 0
    vdirsyncer(tmp_path, server)
    there = phone.cards()
    assert len(there) == PEOPLE

    # The phone: a number, a title, a new person, somebody deleted.
    url, text = there["Person Nr1"]
    dav("PUT", url, text.replace("+49 30 901820001", "+49 30 555"))
    url, text = there["Person Nr2"]
    dav("PUT", url, text.replace("TITLE:Job 2", "TITLE:Boss"))
    url, text = there["Person Nr3"]
    dav("PUT", url, text.replace("TITLE:Job 3", "TITLE:On the phone"))
    new = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:new-1\r\nFN:Zoe New\r\nN:New;Zoe;;;\r\nEMAIL:zoe@example.org\r\nEND:VCARD\r\n"
    dav("PUT", f"{phone.url}new-1.vcf", new)
    dav("DELETE", there["Person Nr9"][0])
    # The book: another field of the same people, the same field of one, and a new person.
    crm("set", "person-1", "job=Painter", cwd=book)
    crm("set", "person-2", "email+=two@example.org", cwd=book)
    crm("set", "person-3", "job=In the book", cwd=book)
    crm("add", "contact", "Ana Here", "email=ana@example.org", cwd=book)

    vdirsyncer(tmp_path, server)
    done = crm("import", str(vdir), "--sync", "-y", cwd=book)
    assert done.code == 0, done.err
    assert "changed on both sides: Person Nr3: job" in done.err
    assert "deleted over there: Person Nr9" in done.err
    crm("export", "vcf", "--into", str(vdir), cwd=book)
    vdirsyncer(tmp_path, server)

    held = {
        name: (book / f"contacts/{name}.md").read_text("utf-8")
        for name in ("person-1", "person-2", "person-3", "person-9", "zoe-new")
    }
    assert "+49 30 555" in held["person-1"] and "job: Painter" in held["person-1"]
    assert "job: Boss" in held["person-2"] and "two@example.org" in held["person-2"]
    assert "In the book" in held["person-3"] and "On the phone" in held["person-3"]
    assert "vcard_uid: new-1" in held["zoe-new"] and "Job 9" in held["person-9"]
    assert all("Note" in text for name, text in held.items() if name != "zoe-new")
    there = phone.cards()
    assert len(there) == PEOPLE + 1  # Zoe and Ana came, Nr9 went
    assert "TITLE:Painter" in there["Person Nr1"][1] and "+49 30 555" in there["Person Nr1"][1]
    assert "two@example.org" in there["Person Nr2"][1] and "TITLE:Boss" in there["Person Nr2"][1]

    before = stamps(vdir), stamps(book / "contacts"), stamps(tmp_path / "store")
    vdirsyncer(tmp_path, server)
    assert "0 records changed" in crm("import", str(vdir), "--sync", "-y", cwd=book).err
    assert "0 files written" in crm("export", "vcf", "--into", str(vdir), cwd=book).err
    vdirsyncer(tmp_path, server)
    assert before == (stamps(vdir), stamps(book / "contacts"), stamps(tmp_path / "store"))


TASKS = """---
name: Ada Lovelace
birthday: 12-10
---
- [ ] Send the contract due:2026-11-25
- [ ] Ask for a reference due:2026-11-27
- [ ] Order paper due:2026-11-30
- [ ] Call back
"""


class PhoneCalendar:
    """A phone's tasks, known by what they say."""

    def __init__(self, url: str) -> None:
        self.url = f"{url}/dates/"
        dav("MKCALENDAR", self.url)

    def entries(self) -> dict[str, tuple[str, str]]:
        """By summary: where the entry is, and its text."""
        root, found = self.url.split("/ada/")[0], {}
        for path in re.findall(
            r"<(?:\w+:)?href>(/ada/dates/[^<]+\.ics)<", dav("PROPFIND", self.url)
        ):
            text = dav("GET", root + path)
            said = re.search(r"^SUMMARY:(.*?)\r?$", text, re.MULTILINE)
            assert said is not None
            found[said[1]] = (root + path, text)
        return found


def test_a_calendar_there_and_back(crm: Crm, server: str, tmp_path: Path) -> None:
    crm("init", "book", cwd=tmp_path)
    book, vdir, phone = tmp_path / "book", tmp_path / "vdir/dates", PhoneCalendar(server)
    (book / "contacts/ada.md").write_text(TASKS)
    assert crm("commit", cwd=book).code == 0
    assert crm("export", "ics", "--into", str(vdir), cwd=book).code == 0
    vdirsyncer(tmp_path, server, "dates")
    there = phone.entries()
    of = {words: next(name for name in there if words in name) for words in
          ("contract", "reference", "paper", "Call back")}  # fmt: skip
    assert len(there) == len(of) + 1, "four tasks and a birthday"

    # The phone: one is done, one is put off, one is new, one is deleted. The book: two more days.
    url, text = there[of["contract"]]
    dav(
        "PUT",
        url,
        text.replace("STATUS:NEEDS-ACTION", "STATUS:COMPLETED\r\nCOMPLETED:20261121T090000Z"),
    )
    url, text = there[of["reference"]]
    dav("PUT", url, text.replace("DUE;VALUE=DATE:20261127", "DUE;VALUE=DATE:20261204"))
    new = (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//phone\r\nBEGIN:VTODO\r\nUID:new-1\r\n"
        "DTSTAMP:20261121T090000Z\r\nSUMMARY:Ada Lovelace: bring the book\r\n"
        "DUE;VALUE=DATE:20261126\r\nSTATUS:NEEDS-ACTION\r\nEND:VTODO\r\nEND:VCALENDAR\r\n"
    )
    dav("PUT", f"{phone.url}new-1.ics", new)
    dav("DELETE", there[of["Call back"]][0])
    ada = book / "contacts/ada.md"
    ada.write_text(ada.read_text().replace("due:2026-11-30", "due:2026-12-02"))

    vdirsyncer(tmp_path, server, "dates")
    done = crm("import", str(vdir), "--sync", "-y", cwd=book)
    assert done.code == 0, done.err
    crm("export", "ics", "--into", str(vdir), cwd=book)
    vdirsyncer(tmp_path, server, "dates")
    held = ada.read_text()
    assert "- [x] Send the contract due:2026-11-25 done:2026-11-21" in held
    assert "- [ ] Ask for a reference due:2026-12-04" in held
    assert "- [ ] Order paper due:2026-12-02" in held
    assert "- [ ] Call back" in held
    assert "bring the book due:2026-11-26" in held
    there = phone.entries()
    assert not any("contract" in name for name in there)
    assert "20261202" in there[of["paper"]][1]

    before = stamps(vdir), stamps(book / "contacts"), stamps(tmp_path / "store")
    assert "0 tasks changed" in crm("import", str(vdir), "--sync", "-y", cwd=book).err
    assert "0 files written" in crm("export", "ics", "--into", str(vdir), cwd=book).err
    vdirsyncer(tmp_path, server, "dates")
    assert before == (stamps(vdir), stamps(book / "contacts"), stamps(tmp_path / "store"))


def stamps(folder: Path) -> dict[str, int]:
    """When each file was written, by name; what the server keeps beside the cards is its own."""
    found = [path for path in folder.rglob("*") if path.is_file() and ".Radicale" not in str(path)]
    return {str(path.relative_to(folder)): path.stat().st_mtime_ns for path in found}
