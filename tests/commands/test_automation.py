"""`plaincrm automation`: rules listed, tried, run; their history; what check says of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Crm, git

RULES = """
automations:
  - {name: invoice, doc: After a sale, on: is:won, do: {task: "Invoice {title} due:+2d", tag: client}}
  - {name: lapse, when: 'stage:proposal close_date:today..+30d', do: {task: "Ask {title} due:+1d"}}
"""


def with_rules(studio: Path, text: str = RULES) -> None:
    settings = studio / "plaincrm.yaml"
    kept = settings.read_text().partition("automations:")[0]
    settings.write_text(kept + text.strip() + "\n")
    git(studio, "commit", "-q", "-a", "-m", "Rules")


def test_list_tells_rules_and_what_they_did(crm: Crm, studio: Path) -> None:
    with_rules(studio)
    assert crm("win", "fjord-website-2027").code == 0
    found = crm("automation", "list", "--json").json
    assert found["kind"] == "automations" and found["total"] == 2
    invoice = found["results"][0]
    assert (invoice["rule"], invoice["kinds"], invoice["on"]) == ("invoice", ["deals"], "is:won")
    assert (invoice["times"], invoice["last"], invoice["does"]) == (
        1,
        "2026-11-21",
        ["tag", "task"],
    )
    assert "invoice" in crm("automation", "list").out


def test_a_command_says_what_a_rule_did_and_the_commit_holds_it(crm: Crm, studio: Path) -> None:
    with_rules(studio)
    ran = crm("win", "fjord-website-2027")
    assert "rule invoice: deal/fjord-website-2027: tag, task (is:won)" in ran.err
    assert "rule: invoice: is:won" in git(studio, "show", "HEAD")
    assert crm("undo").code == 0
    assert "rule: invoice" not in (studio / "deals/fjord-website-2027.md").read_text()


def test_test_shows_the_diff_and_writes_nothing(crm: Crm, studio: Path) -> None:
    with_rules(studio)
    won = crm("list", "deals", "is:won", "--ids").out.split()[0]
    found = crm("automation", "test", won, "--json").json["results"]
    assert [each["rule"] for each in found] == ["invoice"]
    assert set(found[0]) >= {"rule", "record", "cause", "edits", "diff"}
    assert "+- [ ] Invoice" in found[0]["diff"]
    assert "Invoice" in crm("automation", "test", won, "--rule", "invoice").out
    assert git(studio, "status", "--porcelain") == ""
    assert crm("automation", "test", won, "--rule", "invoce").code == 3


def test_run_asks_before_many_and_runs_once(crm: Crm, studio: Path) -> None:
    with_rules(studio)
    assert "rule: lapse" in crm("automation", "run", "--dry-run").out
    assert crm("automation", "run").code == 1
    assert crm("automation", "run", "-y").code == 0
    assert git(studio, "log", "-1", "--format=%s").strip() == "Run rules: lapse"
    assert "nothing to change" in crm("automation", "run", "-y").err
    told = crm("history", "--rule", "lapse", "--json").json
    assert told["total"] > 1
    assert all(each["field"] == "log" for each in told["results"])


def test_shipped_rules_are_switched_on_by_name(crm: Crm, studio: Path) -> None:
    names = "feedback, lead-routing, milestones, onboarding, quote-lapses, renewal, thank-you"
    with_rules(studio, f"automations: [{names}]")
    listed = crm("automation", "list", "--json").json["results"]
    assert [each["rule"] for each in listed] == names.split(", ")
    assert all(each["kinds"] for each in listed)
    ran = crm("win", "fjord-website-2027")
    assert "rule thank-you" in ran.err and "waits for you" in ran.err
    assert list((studio / "outbox").glob("*thank-you.eml"))
    assert "settings" not in crm("check", "--format", "gcc").out.partition("plaincrm.yaml")[2][:200]


def test_a_file_is_a_rule_too_and_check_tells_of_circles(crm: Crm, studio: Path) -> None:
    (studio / "automations").mkdir()
    (studio / "automations/again.yaml").write_text("on: +client\ndo: {tag: client}\n")
    (studio / "automations/ping.yaml").write_text("on: +pong\ndo: {tag: ping}\n")
    (studio / "automations/odd.yaml").write_text("on: nosuchfield:1\ndo: {tag: x, send: y}\n")
    told = crm("check").out
    assert 'the rule "again" sets tags, which it watches itself' in told
    assert '"ping"' in told and "settings-loop" in told
    assert "its queries can't be asked of any kind" in told
    assert 'unknown setting "send"' in told


def test_a_rule_enrols_and_takes_out_again(crm: Crm, studio: Path) -> None:
    rules = """
automations:
  - {name: begin, kind: contact, on: +trial, do: {enrol: onboarding}}
  - {name: stop, kind: deal, on: is:lost, do: {leave: onboarding}}
"""
    with_rules(studio, rules)
    assert crm("set", "ola-nordmann", "tags+=trial").code == 0
    text = (studio / "contacts" / "ola-nordmann.md").read_text("utf-8")
    assert "sequence: onboarding: enrolled" in text
    assert crm("lose", "fjord-website-2027").code == 0
    text = (studio / "contacts" / "ola-nordmann.md").read_text("utf-8")
    assert text.count("sequence: onboarding: left, rule stop") == 1
    assert crm("undo").code == 0
    assert "rule stop" not in (studio / "contacts" / "ola-nordmann.md").read_text("utf-8")


def fresh(crm: Crm, tmp_path: Path, rule: str) -> Path:
    """A new book with one shipped rule switched on, a customer, two deals and a ticket."""
    assert crm("init", "book", cwd=tmp_path).code == 0
    root = tmp_path / "book"
    settings = "me: {name: Ada, email: [ada@studio.example]}\ncurrency: EUR\n"
    (root / "plaincrm.yaml").write_text(settings)
    write(
        root,
        "contacts/kim.md",
        "name: Kim",
        "email: kim@x.example",
        "status: customer",
        "created: 2025-11-11",
    )
    web = ("name: Web", "contact: kim", "stage: proposal", "value: 900", "close_date: 2026-11-23")
    write(root, "deals/web.md", *web)
    care = ("name: Care", "contact: kim", "stage: won", "value: 50/month", "closed: 2026-01-02")
    write(root, "deals/care.md", *care, "ends: 2026-12-31")
    write(
        root, "tickets/ink.md", "subject: Ink", "contact: kim", "status: open", "opened: 2026-11-20"
    )
    assert crm("commit", cwd=root).code == 0  # what was won before starts no rule
    (root / "plaincrm.yaml").write_text(f"{settings}automations: [{rule}]\n")
    assert crm("commit", cwd=root).code == 0
    return root


def write(root: Path, path: str, *fields: str) -> None:
    (root / path).parent.mkdir(exist_ok=True)
    (root / path).write_text("\n".join(["---", *fields, "---", ""]), "utf-8")


DAY = ("automation", "run", "-y")
SHIPPED = {  # what starts each rule, the file that it writes to, what it says there, a draft
    "lead-routing": (
        ("add", "contact", "Lou Lead", "status=lead"),
        "contacts/lou-lead.md",
        ("owner: me", "- [ ] Answer Lou Lead due:2026-11-22"),
        "",
    ),
    "thank-you": (
        ("win", "web"),
        "deals/web.md",
        ("- [ ] Ask Web how it went due:2026-12-05", "rule: thank-you"),
        "*thank-you*.eml",
    ),
    "onboarding": (
        ("win", "web"),
        "contacts/kim.md",
        ("sequence: onboarding: enrolled about deal/web",),
        "",
    ),
    "renewal": (
        DAY,
        "deals/care-renewal.md",
        ("name: Care, renewal", "contact: kim", "close_date: 2026-12-31"),
        "",
    ),
    "quote-lapses": (
        DAY,
        "deals/web.md",
        ("- [ ] Ask whether Web goes ahead, the quote lapses on 2026-11-23 due:2026-11-21",),
        "",
    ),
    "milestones": (
        DAY,
        "contacts/kim.md",
        ("- [ ] A year with Kim, say thanks due:2026-11-14",),
        "",
    ),
    "feedback": (
        ("ticket", "solve", "ink"),
        "tickets/ink.md",
        ("rule: feedback",),
        "*ticket-survey*.eml",
    ),
}


@pytest.mark.parametrize("rule", SHIPPED)
def test_each_shipped_rule_does_its_work_in_a_fresh_book(
    crm: Crm, tmp_path: Path, rule: str
) -> None:
    words, path, said, draft = SHIPPED[rule]
    root = fresh(crm, tmp_path, rule)
    assert crm("check", cwd=root).code == 0
    ran = crm(*words, cwd=root)
    assert ran.code == 0, ran.err
    text = (root / path).read_text("utf-8")
    assert [each for each in said if each not in text] == []
    assert bool(draft) == bool(list((root / "outbox").glob(draft or "*.eml")))
    assert crm("history", "--rule", rule, "--json", cwd=root).json["total"] >= 1
    assert crm("undo", cwd=root).code == 0
    gone = (root / path).read_text("utf-8") if (root / path).exists() else ""
    assert [each for each in said if each in gone] == []
