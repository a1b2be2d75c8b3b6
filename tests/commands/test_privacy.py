"""`plaincrm privacy`: everything held on somebody, and forgetting them."""

from __future__ import annotations

import io
import json
import os
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest

from tests.commands.writes import clean, commits, read, subject
from tests.conftest import Crm, git

ADA = "contacts/ada-lovelace.md"
FILES = {
    "plaincrm.yaml": "currency: EUR\n",
    ADA: (
        "---\nname: Ada Lovelace\nemail: [ada@x.example, a.l@home.example]\nphone: +49 30"
        " 23125077\naliases: [ada-byron]\nstatus: customer\ncreated: 2025-01-02\nbirthday:"
        " 12-10\n---\nLikes numbers.\n\n## Tasks\n- [x] invoice 2026-1 500 EUR for her engine"
        " due:2026-01-01 done:2026-01-03\n- [ ] Call\n\n## Log\n- 2026-01-02 call: Hello\n-"
        " 2026-02-01 order: 300 EUR retainer for Ada\n"
    ),
    "contacts/ola.md": (
        "---\nname: Ola\nreferred_by: ada-lovelace\nphone: +47 22 22 22 22\n---\n\n## Log\n-"
        " 2026-01-05 meeting with ada-lovelace,kari: Met ada  lovelace <ada@x.example>, tel 030"
        " 23125077\n"
    ),
    "deals/website.md": (
        "---\nname: Website for Ada Lovelace\ncontact: ada-lovelace\nstage: won\nvalue: 900 EUR\n"
        "closed: 2026-03-01\n---\n"
    ),
    "segments/friends.yaml": "kind: contact\nquery: email:ada@x.example\n",
    ".plaincrm/not-duplicates": "contact/ada-lovelace contact/ola\ncontact/kari contact/ola\n",
}


@pytest.fixture
def book(tmp_path: Path) -> Path:
    root = tmp_path / "book"
    for path, text in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "The book")
    return root


def everything(root: Path) -> str:
    return "\n".join(
        f"{path.name}\n{path.read_text('utf-8')}"
        for path in root.rglob("*")
        if path.is_file() and ".git" not in path.parts and path.name != "friends.yaml"
    )


def test_export_has_the_record_what_belongs_to_it_mentions_and_history(
    crm: Crm, book: Path
) -> None:
    found = crm("privacy", "export", "ada-lovelace", cwd=book).json
    assert (found["kind"], found["record"], found["total"]) == (
        "privacy",
        "contact/ada-lovelace",
        3,
    )
    assert [each["id"] for each in found["results"]] == ["ada-lovelace", "ola", "website"]
    assert found["results"][0]["body"].startswith("Likes numbers.")
    assert [(each["path"], each["line"]) for each in found["mentions"]] == [
        ("segments/friends.yaml", 2)
    ]
    assert [each["record"] for each in found["history"]] == ["contact/ada-lovelace"]


def test_export_as_an_archive_for_ones_own_eyes(crm: Crm, book: Path, tmp_path: Path) -> None:
    place = tmp_path / "ada.zip"
    assert crm("privacy", "export", "ada@x.example", "-o", str(place), cwd=book).code == 0
    assert place.stat().st_mode & 0o077 == 0
    with zipfile.ZipFile(io.BytesIO(place.read_bytes())) as archive:
        assert set(archive.namelist()) == {"data.json", ADA, "contacts/ola.md", "deals/website.md"}
        assert archive.read(ADA).decode() == FILES[ADA]
        assert json.loads(archive.read("data.json"))["record"] == "contact/ada-lovelace"
    assert crm("privacy", "export", "ada@x.example", "-o", str(place), cwd=book).code == 1


def test_forget_leaves_no_word_of_them_and_every_total(crm: Crm, book: Path) -> None:
    before = crm("list", "log", "type:order", "--json", cwd=book).json["results"][0]["amount"]
    count = commits(book)
    done = crm("privacy", "forget", "ada-lovelace", "-y", cwd=book)
    assert done.code == 0, done.err
    left = everything(book).casefold()
    for word in (
        "lovelace",
        "ada@x",
        "a.l@home",
        "23125077",
        "byron",
        "12-10",
        "engine",
        "likes numbers",
    ):
        assert word not in left, word
    [kept] = (book / "contacts").glob("forgotten-*.md")
    text = kept.read_text("utf-8")
    assert "status: customer\n" in text
    assert "- [x] invoice 2026-1 500 EUR due:2026-01-01 done:2026-01-03\n" in text
    assert (
        crm("list", "log", "type:order", "--json", cwd=book).json["results"][0]["amount"] == before
    )
    assert f"contact: {kept.stem}\n" in read(book, "deals/website.md")
    assert "name: Website for [forgotten]\n" in read(book, "deals/website.md")
    assert (
        "- 2026-01-05 meeting with [forgotten],kari: Met [forgotten] <[forgotten]>, tel"
        " [forgotten]\n" in read(book, "contacts/ola.md")
    )
    assert read(book, ".plaincrm/not-duplicates") == "contact/kari contact/ola\n"
    assert sha256(b"contacts/ada-lovelace").hexdigest() in read(book, ".plaincrm/erased")
    assert (subject(book), commits(book), clean(book)) == (
        "Privacy: forget 1 contact",
        count + 1,
        True,
    )
    assert crm("check", cwd=book).code == 0


def test_forget_tells_the_truth(crm: Crm, book: Path) -> None:
    (book / "contacts/kari.md").write_text(
        "---\nname: Kari\n---\nAsk Ada, or Adam.\nAsk Adam.\n", "utf-8"
    )
    said = crm("privacy", "forget", "ada-lovelace", "-y", cwd=book).err
    assert "segments/friends.yaml:2" in said
    assert "contacts/kari.md:4: Ask Ada, or Adam." in said
    assert "contacts/kari.md:5" not in said
    assert f"git filter-repo --invert-paths --path {ADA}" in said
    assert "deal/website" in said


def test_without_money_nothing_of_the_record_stays(crm: Crm, book: Path) -> None:
    (book / ADA).write_text("---\nname: Ada Lovelace\n---\n", "utf-8")
    assert crm("privacy", "forget", "ada-lovelace", "-y", cwd=book).code == 0
    assert not list((book / "contacts").glob("forgotten*"))
    assert "contact:" not in read(book, "deals/website.md")


@pytest.mark.parametrize("ref", ["ada-love", "ada lovelac", "Lovelace"])
def test_forget_never_acts_on_less_than_a_whole_name(crm: Crm, book: Path, ref: str) -> None:
    assert crm("privacy", "forget", ref, "-y", cwd=book).code == 4
    assert (book / ADA).exists()


def test_forget_asks_and_a_dry_run_writes_nothing(crm: Crm, book: Path) -> None:
    assert crm("privacy", "forget", "ada-lovelace", cwd=book).code == 1
    shown = crm("privacy", "forget", "ada-lovelace", "-n", cwd=book)
    assert "-name: Ada Lovelace" in shown.out
    assert clean(book)


def test_undo_before_a_sync_brings_back_all(crm: Crm, book: Path) -> None:
    tree = git(book, "rev-parse", "HEAD^{tree}")
    crm("privacy", "forget", "ada-lovelace", "-y", cwd=book)
    assert crm("undo", cwd=book).code == 0
    assert git(book, "rev-parse", "HEAD^{tree}") == tree


def test_nobody_gets_the_id_of_somebody_forgotten(crm: Crm, book: Path) -> None:
    crm("privacy", "forget", "ada-lovelace", "-y", cwd=book)
    assert crm("add", "contact", "Ada Lovelace", cwd=book).out == "contact/ada-lovelace-2\n"


def test_check_tells_of_a_file_that_came_back(crm: Crm, book: Path) -> None:
    crm("privacy", "forget", "ada-lovelace", "-y", cwd=book)
    (book / ADA).write_text("---\nname: Ada Lovelace\n---\n", "utf-8")
    found = crm("check", "--json", cwd=book).json["results"]
    assert (ADA, "id-forgotten", "warning") in {
        (each["path"], each["code"], each["level"]) for each in found
    }


def test_they_are_not_mailed_under_another_record_either(crm: Crm, book: Path) -> None:
    crm("privacy", "forget", "ada-lovelace", "-y", cwd=book)
    (book / "contacts" / "a-l.md").write_text("---\nname: A. L.\nemail: ada@x.example\n---\n")
    result = crm("email", "follow-up", "a-l", "--json", cwd=book).json["results"][0]
    assert (result["status"], result["reason"]) == ("skipped", "erased")


def test_an_address_that_was_forgotten_is_refused_until_they_come_back(
    crm: Crm, tmp_path: Path
) -> None:
    email = "magnus@x.example"
    assert crm("add", "contact", f"Magnus X <{email}>", "--new").code == 0
    assert crm("privacy", "forget", "magnus-x", "-y").code == 0
    again = crm("add", "contact", f"M. X <{email}>")
    assert (again.code, "--again" in again.err) == (5, True), again.err
    rows = tmp_path / "people.csv"
    rows.write_text(f"Name,Email\nM. X,{email}\n")
    done = crm("import", str(rows), "-y", "--json", "--rejects", str(tmp_path / "r.csv"))
    assert (done.json["created"], done.json["rejected"]) == (0, 1), done.err
    assert crm("add", "contact", f"M. X <{email}>", "--again").code == 0
    assert crm("add", "contact", f"N. X <{email}>", "--new").code == 0


@pytest.mark.parametrize("form", ["json", "csv", "jsonl"])
def test_an_own_export_does_not_bring_them_back_unsaid(crm: Crm, tmp_path: Path, form: str) -> None:
    email = "magnus@x.example"
    assert crm("add", "contact", f"Magnus X <{email}>", "--new").code == 0
    file, rejects = tmp_path / f"people.{form}", tmp_path / "r"
    file.write_text(crm("export", form, "contacts", "Magnus X").out)
    assert crm("privacy", "forget", "magnus-x", "-y").code == 0
    done = crm("import", str(file), "-y", "--json", "--rejects", str(rejects))
    assert (done.json["created"], done.json["rejected"]) == (0, 1), done.err
    assert "forgotten" in done.out and "plaincrm import … --again" in done.out
    back = crm("import", str(file), "-y", "--json", "--again")
    assert (back.json["created"], back.json["rejected"]) == (1, 0), back.err
    assert crm("add", "contact", f"N. X <{email}>", "--new").code == 0  # no longer on the list


def test_the_cache_keeps_nobody_who_was_forgotten(crm: Crm, studio: Path) -> None:
    assert crm("add", "contact", "Zelda Quux <zq@secret.example>", "address=Geheimweg 7").code == 0
    private = studio / ".git" / "plaincrm"
    for path in (private / "cache").glob("*"):
        path.unlink()
    for words in (["list", "contacts"], ["privacy", "forget", "zelda-quux", "-y"], ["today"]):
        assert crm(*words).code == 0
    kept = [path for path in private.rglob("*") if path.is_file()]
    assert kept
    assert not [path for path in kept if b"zq@secret" in path.read_bytes()]


@pytest.mark.parametrize("name", ["suppressed", "erased"])
def test_the_lists_count_for_who_is_suppressed(crm: Crm, studio: Path, name: str) -> None:
    from plaincrm.marketing.consent import suppression_hash

    assert crm("add", "contact", "Lis Ted <lis@x.example>", "--new").code == 0
    words = ("list", "contacts", "is:suppressed", "Lis Ted", "--json")
    assert crm(*words).json["total"] == 0
    (studio / ".plaincrm").mkdir(exist_ok=True)
    with (studio / ".plaincrm" / name).open("a") as file:
        file.write(suppression_hash("Lis@X.example") + "\n")
    assert crm(*words).json["total"] == 1


def test_every_other_file_that_names_them_is_told(crm: Crm, book: Path) -> None:
    said = "Ada Lovelace <ada@x.example>\n"
    places = ("NOTES.md", "rejects.csv", "files/a.txt", "contacts/_draft.md", "contacts/notes.txt")
    for path in (*places, "contacts/.old.md", "files/photo.jpg", "files/huge.txt"):
        (book / path).parent.mkdir(exist_ok=True)
        (book / path).write_text(said)
    (book / "files/photo.jpg").write_bytes(b"\xff\xd8\0\0" + said.encode())
    os.truncate(book / "files/huge.txt", 17_000_000)
    told = crm("privacy", "forget", "ada-lovelace", "-y", cwd=book).err
    for path in (*places, "contacts/.old.md"):
        assert f"{path}:1: " in told
    assert "files/huge.txt: too large to look through" in told
    assert "photo.jpg" not in told
    assert "not-duplicates" not in told  # plaincrm's own, and the pair is gone


def test_the_line_for_the_past_has_every_name_that_the_record_had(crm: Crm, book: Path) -> None:
    assert crm("rename", "ada-lovelace", "Ada King", cwd=book).code == 0
    (book / "contacts/old").mkdir()
    git(book, "mv", "contacts/ada-king.md", "contacts/old/ada-king.md")
    git(book, "commit", "-q", "-m", "Moved")
    said = crm("privacy", "forget", "ada-king", "-y", cwd=book).err
    words = " ".join(
        f"--path {path}" for path in ("contacts/old/ada-king.md", "contacts/ada-king.md", ADA)
    )
    assert f"git filter-repo --invert-paths {words}, then" in said
    assert "in 3 commits" in said


@pytest.mark.parametrize(
    "line",
    ["call: Ada Lovelace rang", "call with ada-lovelace: Hi", "note: write to ADA@x.example"],
)
def test_words_about_somebody_forgotten_are_found_again(crm: Crm, book: Path, line: str) -> None:
    crm("privacy", "forget", "ada-lovelace", "-y", cwd=book)
    assert "mention-forgotten" not in crm("check", cwd=book).out
    with (book / "contacts/ola.md").open("a") as file:
        file.write(f"- 2026-11-01 {line}\n")
    found = crm("check", "--json", cwd=book).json["results"]
    [told] = [each for each in found if each["code"] == "mention-forgotten"]
    assert (told["path"], told["line"]) == (
        "contacts/ola.md",
        len((book / "contacts/ola.md").read_text().splitlines()),
    )


def test_an_import_gives_nobody_the_id_of_somebody_forgotten(
    crm: Crm, book: Path, tmp_path: Path
) -> None:
    crm("privacy", "forget", "ada-lovelace", "-y", cwd=book)
    rows = tmp_path / "people.csv"
    rows.write_text("Name,Email\nAda Lovelace,another@x.example\n")
    done = crm("import", str(rows), "-y", "--json", cwd=book)
    assert done.json["created"] == 1, done.err
    assert not (book / ADA).exists()
    assert (book / "contacts/ada-lovelace-2.md").exists()
    rows.write_text("kind,id,name\ncontact,ada-lovelace,Ada\n")  # as an export of plaincrm has it
    words = ("import", str(rows), "-y", "--json")
    done = crm(*words, "--rejects", str(tmp_path / "r.csv"), cwd=book)
    assert (done.json["created"], done.json["rejected"]) == (0, 1), done.err
    assert crm(*words, "--again", cwd=book).json["created"] == 1


FORGOTTEN_FORMS = {
    "vcf": "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:A. L.\r\nEMAIL:ADDRESS\r\nEND:VCARD\r\n",
    "eml": (
        "From: A. L. <ADDRESS>\nTo: me@studio.example\nSubject: Hello\nMessage-ID: <1@x.example>\n"
        "Date: Fri, 20 Nov 2026 10:00:00 +0100\n\nHello\n"
    ),
    "ics": (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20261120T100000Z\r\n"
        "SUMMARY:Talk\r\nATTENDEE;CN=A. L.:mailto:ADDRESS\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    ),
    "csv": "Name,Email\nA. L.,ADDRESS\n",
    "json": '[{"Name": "A. L.", "Email": "ADDRESS"}]',
}


@pytest.mark.parametrize("form", FORGOTTEN_FORMS)
def test_no_form_brings_a_forgotten_address_back_unsaid(
    crm: Crm, book: Path, tmp_path: Path, form: str
) -> None:
    email = "ada@x.example"
    assert email in (book / ADA).read_text()
    crm("privacy", "forget", "ada-lovelace", "-y", cwd=book)
    file = tmp_path / f"back.{form}"
    file.write_text(FORGOTTEN_FORMS[form].replace("ADDRESS", email))
    crm("import", str(file), "-y", "--rejects", str(tmp_path / "rejects"), cwd=book)
    texts = [path.read_text() for path in (book / "contacts").rglob("*.md")]
    assert not [text for text in texts if email in text]
