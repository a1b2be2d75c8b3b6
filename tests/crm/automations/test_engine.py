"""The book's own rules: what starts them, what they write, and that it happens once."""

from __future__ import annotations

import shutil
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from plaincrm.core.records.edits import AddItem, DeleteField, Edit, SetField
from plaincrm.core.records.record import Record
from plaincrm.crm.actions import automation
from plaincrm.crm.actions.log import log_entry
from plaincrm.crm.actions.set import set_fields
from plaincrm.crm.actions.sync import sync
from plaincrm.crm.book import Book
from plaincrm.crm.importing.run import InputFile, run
from tests.conftest import git

SETTINGS = """\
me: {name: Ada Example, email: ada@studio.example}
mail: {from: Ada Example <ada@studio.example>}
timezone: Europe/Berlin
automations:
  - name: invoice
    on: is:won
    when: value:1..
    do: {task: "Send the invoice to {name} due:+2d", tag: client, log: "A rule wrote this"}
  - {name: route, on: 'status:lead no:owner', do: {assign: [kim, lou]}}
  - {name: greet, on: +vip, do: {next: "+1w Greet {title}", set: {greeting: "Dear {name}"}}}
  - {name: chain, on: +client, do: {tag: chained}}
  - {name: onboard, on: is:won, do: {enrol: onboarding}}
"""
ADA = "---\nname: Ada Lovelace\nemail: ada@engines.example\nstatus: prospect\n---\n"
DEAL = "---\nname: Web site\ncontact: ada\nvalue: 1000 EUR\nstage: proposal\n---\n"


def opened(root: Path, day: int = 21) -> Book:
    return Book.open(root, lambda zone: datetime(2026, 11, day, 12, tzinfo=zone))


def made(root: Path, rules: str = SETTINGS) -> Path:
    for path, text in {
        "plaincrm.yaml": rules,
        "contacts/ada.md": ADA,
        "deals/web.md": DEAL,
        ".gitignore": "inbox/\noutbox/\n",
    }.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    git(root, "init", "-q", "-b", "main")
    git(root, "config", "user.name", "Test")
    git(root, "config", "user.email", "test@example.org")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "The book")
    return root


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return made(tmp_path / "book")


def found(root: Path, kind: str, id: str) -> Record:
    record = opened(root).store.get(kind, id)
    assert record is not None
    return record


def entries(record: Record, type: str = "rule") -> list[str]:
    return sorted(entry.text for entry in record.log if entry.type == type)


def change(root: Path, kind: str, id: str, *edits: Edit, day: int = 21) -> Record:
    book = opened(root, day)
    record = book.store.get(kind, id)
    assert record is not None
    with book.change("A script", "script") as done:
        return done.edit(record, edits)


def test_a_change_starts_a_rule_in_the_same_commit(root: Path) -> None:
    change(root, "deal", "web", SetField("stage", "won"))
    deal = found(root, "deal", "web")
    assert [(task.text, str(task.due)) for task in deal.tasks] == [
        ("Send the invoice to Web site", "2026-11-23")
    ]
    assert entries(deal) == ["invoice: is:won", "onboard: is:won"]
    assert entries(deal, "note") == ["A rule wrote this"]
    assert entries(deal, "stage") == ["proposal -> won"]
    assert entries(found(root, "contact", "ada"), "sequence") == [
        "onboarding: enrolled about deal/web"
    ]
    assert git(root, "rev-list", "--count", "HEAD").strip() == "2"
    assert git(root, "status", "--porcelain") == ""


def test_what_a_rule_writes_starts_no_rule(root: Path) -> None:
    change(root, "deal", "web", SetField("stage", "won"))
    assert found(root, "deal", "web").fields["tags"] == ["client"]
    change(root, "contact", "ada", AddItem("tags", "client"))
    assert found(root, "contact", "ada").fields["tags"] == ["client", "chained"]


def test_a_rule_whose_when_does_not_hold_stays_still(root: Path) -> None:
    change(root, "deal", "web", SetField("stage", "won"), DeleteField("value"))
    assert entries(found(root, "deal", "web")) == ["onboard: is:won"]


def test_a_query_that_held_before_starts_nothing(root: Path) -> None:
    change(root, "deal", "web", SetField("stage", "won"))
    change(root, "deal", "web", SetField("value", "2000 EUR"), day=22)
    assert len(entries(found(root, "deal", "web"))) == 2


def test_the_same_cause_on_the_same_day_fires_once_and_on_another_day_again(root: Path) -> None:
    for day, times in ((21, 1), (21, 1), (22, 2)):
        change(root, "deal", "web", SetField("stage", "won"), day=day)
        change(root, "deal", "web", SetField("stage", "lead"), day=day)
        told = [text for text in entries(found(root, "deal", "web")) if "invoice" in text]
        assert len(told) == times


def test_a_new_record_is_a_change_and_gets_its_owner_by_its_id(root: Path) -> None:
    book = opened(root)
    with book.change("x") as done:
        for name in ("Anna", "Bert", "Carl", "Dora", "Emil"):
            done.create(book.schema.kinds["contact"], {"name": name, "status": "lead"})
    owners = [found(root, "contact", id).text("owner") for id in ("anna", "bert", "carl", "dora")]
    assert set(owners) == {"kim", "lou"}
    assert entries(found(root, "contact", "anna")) == ["route: status=lead"]


def test_undo_takes_the_rule_back_with_its_cause(root: Path) -> None:
    before = (root / "deals/web.md").read_bytes()
    set_fields(opened(root), [found(root, "deal", "web")], [("stage", "=", "won")]).commit()
    from plaincrm.crm.history.undo import take_back

    take_back(opened(root), 1).commit()
    assert (root / "deals/web.md").read_bytes() == before


def test_an_action_tells_what_rules_did(root: Path) -> None:
    book = opened(root)
    staged = set_fields(book, [book.find("web")], [("stage", "=", "won")])
    assert staged.ruled == [
        "rule invoice: deal/web: tag, task, log (is:won)",
        "rule onboard: deal/web: enrol (is:won)",
    ]


def test_a_hand_edit_triggers_what_a_command_would(root: Path, tmp_path: Path) -> None:
    by_command = shutil.copytree(root, tmp_path / "other")
    set_fields(opened(by_command), [found(by_command, "deal", "web")], [("stage", "=", "won")])
    change(by_command, "deal", "web", SetField("stage", "won"))
    page = root / "deals/web.md"
    page.write_text(page.read_text().replace("stage: proposal", "stage: won"))
    git(tmp_path, "init", "-q", "--bare", "hub.git")
    sync(opened(root), str(tmp_path / "hub.git"))
    by_hand, done = found(root, "deal", "web"), found(by_command, "deal", "web")
    for type in ("rule", "stage", "note"):
        assert entries(by_hand, type) == entries(done, type)
    assert by_hand.fields["tags"] == ["client"]
    assert [task.text for task in by_hand.tasks] == [task.text for task in done.tasks]
    assert git(root, "status", "--porcelain") == ""
    log = git(root, "log", "--format=%s")
    assert log.splitlines()[0].startswith("Hand edits: 1 deal moved")


def test_a_command_on_a_file_edited_by_hand_lets_rules_see_both(root: Path) -> None:
    page = root / "deals/web.md"
    page.write_text(page.read_text().replace("stage: proposal", "stage: won"))
    book = opened(root)
    log_entry(book, [book.find("web")], "call", "Said yes").commit()
    assert entries(found(root, "deal", "web")) == ["invoice: is:won", "onboard: is:won"]
    book = opened(root)
    log_entry(book, [book.find("web")], "call", "Said thanks").commit()
    assert len(entries(found(root, "deal", "web"))) == 2


def test_a_file_that_was_only_moved_is_no_new_record(root: Path, tmp_path: Path) -> None:
    page = root / "contacts/ada.md"
    page.write_text(page.read_text().replace("prospect", "lead"))
    git(root, "commit", "-q", "-a", "-m", "A lead")
    (root / "contacts/a").mkdir()
    page.rename(root / "contacts/a/ada.md")
    git(tmp_path, "init", "-q", "--bare", "hub.git")
    sync(opened(root), str(tmp_path / "hub.git"))
    assert entries(found(root, "contact", "ada")) == []


def test_a_rule_that_can_not_be_followed_stops_no_command(tmp_path: Path) -> None:
    rules = "automations: [{name: odd, on: is:won, do: {set: {close_date: someday}}}]\n"
    root = made(tmp_path / "book", rules)
    book = opened(root)
    staged = set_fields(book, [book.find("web")], [("stage", "=", "won")])
    staged.commit()
    assert found(root, "deal", "web").text("stage") == "won"
    assert any("rule odd: deal/web:" in line for line in staged.ruled)


def test_a_book_without_rules_loads_nothing_of_them(tmp_path: Path) -> None:
    root = made(tmp_path / "book", "currency: EUR\n")
    book = opened(root)
    done = book.change("x")
    done.edit(book.find("web"), [SetField("stage", "won")])
    assert done.rules is None


def test_an_import_is_followed_as_one_change_and_writes_to_nobody(tmp_path: Path) -> None:
    rules = """automations:
      - {name: route, on: status:lead, do: {assign: [kim], draft: thank-you, enrol: onboarding}}
      - {name: heard, on: "log(type:email).count:1..", do: {tag: heard}}
    """
    root = made(tmp_path / "book", rules)
    rows = b"Name,Email,Status\nNora Neu,nora@neu.example,lead\n"
    mail = (
        b"From: ada@engines.example\nTo: me@x.example\nMessage-ID: <1@x.example>\n"
        b"Date: Fri, 20 Nov 2026 10:00:00 +0100\nSubject: Hello\n\nHi\n"
    )
    for name, data in (("people.csv", rows), ("one.eml", mail)):
        run(opened(root), [InputFile(name, BytesIO(data))]).change.commit()
    nora = found(root, "contact", "nora-neu")
    assert (nora.text("owner"), entries(nora)) == ("kim", ["route: status=lead"])
    assert entries(nora, "sequence") == [] and not (root / "outbox").exists()
    ada = found(root, "contact", "ada")
    assert ada.fields["tags"] == "heard" or ada.fields["tags"] == ["heard"]
    assert entries(ada)[0].startswith("heard: email in 2026-11-20")


# Rules that are asked by the day

TIMED = """\
automations:
  - {name: lapse, when: 'stage:proposal close_date:today..+3d', do: {task: "Ask {name} due:+1d"}}
  - {name: idle, when: 'is:open idle:30d..', do: {log: Quiet, tag: quiet}}
"""


def test_a_rule_by_the_day_fires_once_for_each_cause(tmp_path: Path) -> None:
    root = made(tmp_path / "book", TIMED)
    change(root, "deal", "web", SetField("close_date", "2026-11-25"))
    assert not automation.run(opened(root, 21)).files
    automation.run(opened(root, 23)).commit()
    deal = found(root, "deal", "web")
    # It began to hold on the 22nd, so that every machine writes that day.
    assert [str(entry.date) for entry in deal.log if entry.type == "rule"] == ["2026-11-22"]
    assert [str(task.due) for task in deal.tasks] == ["2026-11-23"]
    assert not automation.run(opened(root, 24)).files
    change(root, "deal", "web", SetField("close_date", "2026-11-26"), day=24)
    automation.run(opened(root, 24)).commit()
    assert len(entries(found(root, "deal", "web"))) == 2


def test_a_rule_by_the_day_on_what_is_idle_does_not_feed_itself(tmp_path: Path) -> None:
    root = made(tmp_path / "book", TIMED)
    page = root / "deals/web.md"
    page.write_text(page.read_text() + "\n## Log\n- 2026-09-01 call: Hello\n")
    git(root, "commit", "-q", "-a", "-m", "A call")
    automation.run(opened(root, 21)).commit()
    assert entries(found(root, "deal", "web")) == ["idle: since call 2026-09-01"]
    for day in (22, 28):
        assert not automation.run(opened(root, day)).files


def test_a_trial_writes_nothing_and_says_what_was_done(root: Path) -> None:
    change(root, "deal", "web", SetField("stage", "won"))
    book = opened(root)
    trials = automation.trial(book, book.find("web"), ["invoice"])
    assert [(each.fired.rule.name, each.done) for each in trials] == [("invoice", True)]
    assert git(root, "status", "--porcelain") == ""


# Two machines

STEPS: dict[str, tuple[str, str, Edit]] = {
    "win": ("deal", "web", SetField("stage", "won")),
    "vip": ("contact", "ada", AddItem("tags", "vip")),
    "lead": ("contact", "ada", SetField("status", "lead")),
    "client": ("deal", "web", AddItem("tags", "big")),
}


@settings(max_examples=5, phases=[Phase.generate])  # a case takes seconds: no shrinking
@given(first=st.permutations(sorted(STEPS)), second=st.permutations(sorted(STEPS)))
def test_the_same_changes_on_two_machines_happen_once(
    tmp_path_factory: pytest.TempPathFactory, first: list[str], second: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("two")
    one = made(folder / "one")
    git(folder, "init", "-q", "--bare", "-b", "main", "hub.git")
    sync(opened(one), str(folder / "hub.git"))
    git(folder, "clone", "-q", "hub.git", "two")
    two = folder / "two"
    for root, names in ((one, first), (two, second)):
        git(root, "config", "user.name", "Test")
        git(root, "config", "user.email", "test@example.org")
        for name in names:
            kind, id, edit = STEPS[name]
            change(root, kind, id, edit)
    for root in (one, two, one):
        sync(opened(root))
    assert git(one, "rev-parse", "HEAD^{tree}") == git(two, "rev-parse", "HEAD^{tree}")
    deal, ada = found(one, "deal", "web"), found(one, "contact", "ada")
    assert sorted(entries(deal)) == ["invoice: is:won", "onboard: is:won"]
    assert entries(deal, "note") == ["A rule wrote this"]
    assert len(deal.tasks) == 1
    assert sorted(entries(ada)) == ["greet: tags=vip", "route: status=lead"]
    assert entries(ada, "sequence") == ["onboarding: enrolled about deal/web"]
    assert ada.text("next") == "2026-11-28 Greet Ada Lovelace"
