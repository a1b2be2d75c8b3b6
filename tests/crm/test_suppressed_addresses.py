"""A stranger who wants no more mail gets none to many, whoever adds or imports them later."""

from __future__ import annotations

from pathlib import Path

import pytest

from plaincrm.core.merge import merge
from plaincrm.marketing.consent import suppression_hash
from tests.conftest import Crm, git

STRANGER = "nora@elsewhere.example"
LIST = ".plaincrm/suppressed"
NEWS = '---\nsubject: News\nkind: bulk\n---\nNews. To stop it, reply "unsubscribe".\n'
CSV = f"Name,Email,Unsubscribed\nNora Stranger,{STRANGER},no\n"


def mail(folder: Path, text: str = "unsubscribe", subject: str = "unsubscribe") -> str:
    heads = [
        f"From: Nora Stranger <{STRANGER.upper()}>",
        "To: Ada Example <ada@studio.example>",
        f"Subject: {subject}",
        "Date: Sat, 21 Nov 2026 10:15:00 +0100",
        "Message-ID: <bye@elsewhere.example>",
    ]
    path = folder / "bye.eml"
    path.write_text("\n".join([*heads, "", text, ""]))
    return str(path)


@pytest.fixture
def left(crm: Crm, studio: Path, tmp_path: Path) -> Path:
    """The book after a stranger unsubscribed."""
    (studio / "templates" / "news.md").write_text(NEWS, "utf-8")
    ran = crm("import", mail(tmp_path), "-y")
    assert ran.code == 0 and STRANGER in ran.err.casefold() + ran.out.casefold()
    return studio


def status(crm: Crm, template: str = "news") -> tuple[str, str]:
    (row,) = crm("email", template, "nora-stranger", "--outbox", "--json").json["results"]
    return row["status"], row["reason"] or ""


def test_the_list_has_the_hash_and_no_address(crm: Crm, left: Path, tmp_path: Path) -> None:
    assert (left / LIST).read_text() == suppression_hash(STRANGER) + "\n"
    assert LIST in git(left, "show", "--name-only", "--format=")
    before = (left / LIST).stat().st_mtime_ns
    ran = crm("import", mail(tmp_path), "-y", "--json").json
    assert (ran["unchanged"], ran["suppressed"]) == (1, [])
    assert (left / LIST).stat().st_mtime_ns == before


def test_the_report_names_the_address(crm: Crm, studio: Path, tmp_path: Path) -> None:
    ran = crm("import", mail(tmp_path), "-y", "--json").json
    assert [each.casefold() for each in ran["suppressed"]] == [STRANGER]
    assert ran["updated"] == 1 and ran["rows"] == 1
    assert not (studio / "contacts" / "nora-stranger.md").exists()


def test_a_dry_run_writes_no_list(crm: Crm, studio: Path, tmp_path: Path) -> None:
    assert crm("import", mail(tmp_path), "--dry-run").code == 0
    assert not (studio / LIST).exists()


def test_a_mail_that_only_talks_of_it_puts_nobody_on_the_list(
    crm: Crm, studio: Path, tmp_path: Path
) -> None:
    crm("import", mail(tmp_path, "How do I unsubscribe a reader of mine?", "A question"), "-y")
    assert not (studio / LIST).exists()


@pytest.mark.usefixtures("left")
@pytest.mark.parametrize("way", ["add", "import"])
def test_whoever_comes_later_is_told_and_gets_no_mail_to_many(
    crm: Crm, tmp_path: Path, way: str
) -> None:
    (tmp_path / "new.csv").write_text(CSV)
    adds = ["add", "contact", f"Nora Stranger <{STRANGER}>", "unsubscribed=false"]
    words = adds if way == "add" else ["import", str(tmp_path / "new.csv"), "-y"]
    ran = crm(*words)
    assert ran.code == 0 and "unsubscribed before" in ran.err and "--again" in ran.err
    assert status(crm) == ("skipped", "address unsubscribed")
    assert status(crm, "check-in")[0] == "written"  # a mail of one's own to one person may go
    assert crm("list", "contacts", "nora", "is:suppressed", "--count").out.strip() == "1"


@pytest.mark.parametrize("way", ["add", "import"])
def test_again_takes_them_off_the_list(crm: Crm, left: Path, tmp_path: Path, way: str) -> None:
    (tmp_path / "new.csv").write_text(CSV)
    adds = ["add", "contact", f"Nora Stranger <{STRANGER}>", "--again"]
    words = adds if way == "add" else ["import", str(tmp_path / "new.csv"), "-y", "--again"]
    ran = crm(*words)
    assert ran.code == 0 and "unsubscribed before" not in ran.err
    assert (left / LIST).read_text() == ""
    assert status(crm)[0] == "written"


def test_saying_so_takes_them_off_and_the_log_keeps_account(crm: Crm, left: Path) -> None:
    crm("add", "contact", f"Nora Stranger <{STRANGER}>")
    crm("set", "nora-stranger", "job=Baker")
    assert status(crm)[0] == "skipped"
    assert crm("set", "nora-stranger", "unsubscribed=false").code == 0
    assert "consent: subscribed again" in (left / "contacts" / "nora-stranger.md").read_text()
    assert status(crm)[0] == "written"
    crm("undo")
    assert suppression_hash(STRANGER) in (left / LIST).read_text()


@pytest.mark.parametrize("field", ["unsubscribed=true", "do_not_email=true", "consent=withdrawn"])
def test_a_deleted_record_leaves_the_wish_behind(crm: Crm, studio: Path, field: str) -> None:
    (studio / "templates" / "news.md").write_text(NEWS, "utf-8")
    crm("add", "contact", f"Nora Stranger <{STRANGER}>", "email+=nora@home.example")
    crm("set", "nora-stranger", field)
    assert crm("rm", "nora-stranger", "-y").code == 0
    crm("add", "contact", "Nora Stranger <nora@home.example>")
    assert status(crm) == ("skipped", "address unsubscribed")


def test_two_machines_have_the_union() -> None:
    ours, theirs = (f"{suppression_hash(one)}\n" for one in ("a@x.example", "b@x.example"))
    merged = merge("", ours, theirs, LIST)
    assert sorted((merged.text or "").split()) == sorted([ours.strip(), theirs.strip()])
