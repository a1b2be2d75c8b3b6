"""`plaincrm automation`: rules listed, tried, run; their history; what check says of them."""

from __future__ import annotations

from pathlib import Path

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
