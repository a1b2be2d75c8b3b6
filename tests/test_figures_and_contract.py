"""Figures that were wrong once (F1 to F11) and answers that differed from the command contract (C1
to C13), each by its number in the list from which they were mended.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import TODAY, Crm, Ran, git, run_in

SETTINGS = "currency: EUR\ntimezone: Europe/Berlin\n"
DATED = {"GIT_AUTHOR_DATE": "2026-09-02T12:00+0200", "GIT_COMMITTER_DATE": "2026-09-02T12:00+0200"}


class Small:
    """A small book: files, a commit, and the program in it."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root, self.monkeypatch = root, monkeypatch
        root.mkdir()
        git(root, "init", "-q", "-b", "main")
        self.write("plaincrm.yaml", SETTINGS)

    def write(self, path: str, text: str) -> None:
        file = self.root / path
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, "utf-8")

    def record(self, path: str, fields: str, log: str = "") -> None:
        body = f"\n## Log\n\n{log}\n" if log else ""
        self.write(path, f"---\n{fields}\n---\n{body}")

    def commit(self, **env: str) -> None:
        with self.monkeypatch.context() as patched:
            for name, value in env.items():
                patched.setenv(name, value)
            git(self.root, "add", "-A")
            git(self.root, "commit", "-q", "-m", "As it was")

    def run(self, *words: str, today: str = TODAY) -> Ran:
        return run_in(self.monkeypatch, self.root, ["--today", today, *words])

    def column(self, kind: str, name: str, *query: str) -> list[str]:
        out = self.run("list", kind, *query, "--columns", name, "--tsv").out
        return out.splitlines()[1:]


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Small:
    return Small(tmp_path / "small", monkeypatch)


def _lines(ran: Ran, *starts: str) -> list[list[str]]:
    return [line.split() for line in ran.out.splitlines() if line.startswith(starts)]


def test_f1_the_table_of_the_bridge_adds_up(small: Small) -> None:
    small.record("deals/f.md", "name: F\nstage: lead\nvalue: 250 EUR\ncreated: 2026-08-01")
    small.commit(**DATED)
    small.record("deals/f.md", "name: F\nstage: proposal\nvalue: 250 EUR\ncreated: 2026-08-01")
    ran = small.run("pipeline", "--since", "2026-09-30")
    # 10 % of 250 are 25, 50 % are 125: what lies between is 100.
    assert _lines(ran, "opening") == [["opening", "2026-09-30", "1", "250", "EUR", "25", "EUR"]]
    assert _lines(ran, "advanced") == [["advanced", "1", "+100", "EUR"]]
    assert _lines(ran, "closing") == [["closing", TODAY, "1", "250", "EUR", "125", "EUR"]]


def test_f2_rows_by_a_path_are_the_groups(crm: Crm) -> None:
    rows = crm("pipeline", "--by", "company.country", "is:won", "--json").json["results"][0]
    counts = {row["company.country"]: row["count"] for row in rows["stages"]}
    assert counts == {"DE": 2, "GB": 1, "NO": 1, "US": 1}


def test_f3_the_solution_keeps_its_time(small: Small) -> None:
    fields = "subject: T\nstatus: solved\nopened: 2026-11-10 10:00"
    small.record("tickets/t.md", fields, "- 2026-11-10 12:00 status: new -> solved")
    assert small.column("tickets", "solved_at,sla.resolution") == ["2026-11-10 12:00:00\t120"]


def test_f4_times_with_a_zone_are_moments(small: Small) -> None:
    log = "- 2026-11-10 10:00 reply in: help\n- 2026-11-10 09:30Z reply out: done"
    small.record("tickets/t.md", "subject: T\nstatus: open\nopened: 2026-11-10 10:00", log)
    found = small.column("tickets", "first_reply,is:unanswered,sla.first_reply")
    assert found == ["2026-11-10 10:30:00\tno\t30"]
    assert "T" not in small.run("today").out.split()
    small.record("contacts/z.md", "name: Z", "- 2026-10-21 23:30Z call: late in Berlin")
    assert small.column("contacts", "last_touch,idle") == ["2026-10-22\t30d"]


def test_f5_a_solution_before_the_opening_is_told(small: Small) -> None:
    fields = "subject: T\nstatus: solved\nopened: 2026-11-10 10:00\nsolved: 2026-11-09 10:00"
    small.record("tickets/t.md", fields)
    said = small.run("check").out
    assert "tickets/t.md:5:1: warning: solved on 2026-11-09 10:00" in said
    assert small.column("tickets", "solved_at,sla.resolution") == ["\t"]


def test_f6_suppressed_knows_who_was_forgotten(crm: Crm, studio: Path) -> None:
    assert crm("privacy", "forget", "kari-berg", "-y").code == 0
    again = crm("add", "contact", "Kari Berg <regnskap@fjordferries.example>")
    assert again.code != 0, "nobody who was forgotten comes back without a word"
    card = "---\nname: Kari Again\nemail: regnskap@fjordferries.example\ntags: [newsletter]\n---\n"
    (studio / "contacts" / "kari-again.md").write_text(card, "utf-8")
    listed = crm("list", "contacts", "kari", "--columns", "id,is:suppressed", "--tsv").out
    assert "kari-again\tyes" in listed
    assert "erased" in crm("email", "newsletter", "kari-again").err


def test_f7_an_entry_of_a_day_to_come_is_no_touch(small: Small) -> None:
    fields = "name: F\ncadence: 2w\ncreated: 2026-10-01"
    small.record("contacts/f.md", fields, "- 2026-12-05 call: planned")
    assert small.column("contacts", "last_touch,idle") == ["\t51d"]
    assert "idle 51 days, every 2w" in small.run("today").out


def test_f8_exactly_one_is_one_per_cent_with_a_warning(small: Small) -> None:
    for name, text in (("a", "1"), ("b", "1.0")):
        small.record(f"deals/{name}.md", f"name: {name}\nvalue: 100 EUR\nprobability: {text}")
    assert small.column("deals", "weighted") == ["1 EUR", "1 EUR"]
    assert small.run("check").out.count("[probability-one]") == 2


def test_f9_only_what_was_sold_renews_and_recurs(small: Small) -> None:
    fields = "name: Never sold\nstage: lead\nvalue: 100 EUR/month\nends: 2026-12-20\nnotice: 4w"
    small.record("deals/lead.md", fields)
    over = "value: 300 EUR/month\nends: 2026-10-20"
    small.record("deals/over.md", f"name: Over\nstage: won\nclosed: 2025-10-01\n{over}")
    small.record("deals/runs.md", "name: Runs\nstage: won\nclosed: 2026-01-01\nvalue: 50 EUR/month")
    assert "renews" not in small.run("today", "--all").out
    figures = small.run("report", "money", "--json").json["results"]
    runs = [each for each in figures if each["figure"] == "recurring_per_month"]
    assert [(each["value"], each["currency"]) for each in runs] == [(50, "EUR/month")]


def test_f10_a_rate_of_a_later_month_is_told(small: Small) -> None:
    small.write("plaincrm.yaml", f"{SETTINGS}rates: {{USD: {{2026-01: 0.9}}}}\n")
    small.record("deals/a.md", "name: A\nstage: won\nclosed: 2025-06-02\nvalue: 100 USD")
    ran = small.run("pipeline")
    assert "90 EUR" in ran.out
    assert "USD before 2026-01 is counted at the rate of 2026-01, the first there is" in ran.err
    assert "USD before 2026-01" in small.run("report", "money", "--period", "2025").out
    small.record("deals/a.md", "name: A\nstage: won\nclosed: 2026-06-02\nvalue: 100 USD")
    assert "USD before" not in small.run("pipeline").err


def test_f11_an_alias_is_the_company_that_it_stands_for(crm: Crm, studio: Path) -> None:
    deal = "---\nname: By its alias\nstage: lead\ncompany: kestrel-books\n---\n"
    (studio / "deals" / "by-its-alias.md").write_text(deal, "utf-8")
    rows = crm("pipeline", "--by", "company", "--json").json["results"][0]["stages"]
    counts = {row["company"]: row["count"] for row in rows}
    assert "kestrel-books" not in counts
    assert counts["kestrel-and-daughters-books"] == 3


WORDS = "forecast campaign sequence kb report score dashboard"


@pytest.mark.parametrize("word", [*WORDS.split(), "outbox send"])
def test_c3_the_words_of_the_table_are_there(crm: Crm, word: str) -> None:
    assert crm(*word.split(), "--help").code == 0


READERS = {
    "today": "text",
    "agenda": "text",
    "find website": "title",
    "segment list": "name",
    "history": "at",
    "outbox list": "to",
    "template list": "template",
    "conflicts": "field",
    "dedupe": "keep",
}


@pytest.mark.parametrize("words", READERS)
def test_c4_every_reading_command_takes_every_reading_option(crm: Crm, words: str) -> None:
    for option in ("--ids", "--paths", "-0", "--json", "--jsonl", "--csv", "--tsv", "--md"):
        ran = crm(*words.split(), option)
        assert (ran.code, option) == (0, option), ran.err
    for option in (["--count"], ["--limit", "1"], ["--template", "{{ 1 }}"]):
        assert crm(*words.split(), *option).code == 0
    column = READERS[words]
    assert crm(*words.split(), "--sort", column, "--columns", column).code == 0


def test_c5_done_ticks_what_can_be_ticked_and_names_the_line_for_the_rest(crm: Crm) -> None:
    lines = crm("today", "--json").json["results"]
    first = {each["reason"]: each for each in reversed(lines)}
    for reason in ("task", "cadence", "birthday", "next", "rotting", "renewal", "invoice"):
        assert crm("done", first[reason]["handle"], "--dry-run").code == 0, reason
    for reason in ("close_date", "no_next_step", "unanswered", "ticket_due"):
        ran = crm("done", first[reason]["handle"])
        assert ran.code == 5
        assert first[reason]["command"] in ran.err


@pytest.mark.parametrize("word", ["tomorrow", "+3d"])
def test_c6_the_log_takes_no_day_to_come_unasked(crm: Crm, word: str) -> None:
    ran = crm("log", "ola-nordmann", "call", "hello", "--at", word)
    assert ran.code == 5
    assert "plaincrm task add contact/ola-nordmann" in ran.err


def test_c8_figures_on_contested_fields_are_marked(crm: Crm, studio: Path) -> None:
    deal = studio / "deals" / "fjord-website-2027.md"
    text = deal.read_text("utf-8")
    contest = '_conflicts: {value: {base: "170000 NOK", values: ["190000 NOK"]}}'
    deal.write_text(text.replace("\n---\n", f"\n{contest}\n---\n", 1), "utf-8")
    listed = crm("list", "deals", "fjord")
    assert "180,000 NOK ≠" in listed.out
    said = "1 record with contested fields, such as deal/fjord-website-2027"
    assert said in listed.err
    piped = crm("pipeline")
    assert said in piped.err
    warnings = crm("pipeline", "--json").json["results"][0]["warnings"]
    assert "1 deal with contested fields, counted as the files show them" in warnings
    for words in (["forecast"], ["report", "sales"]):
        assert said in crm(*words).err
    shown = crm("show", "fjord-website-2027").out
    assert "value: here 180000 NOK, elsewhere 190000 NOK" in shown
    assert "plaincrm resolve" in shown


def test_c9_the_docs_say_why_opens_and_clicks_are_not_measured(crm: Crm) -> None:
    assert "opens and clicks are not measured" in crm("help", "outreach").out


def test_c12_a_bridge_from_before_gits_first_day_reads_the_logs(small: Small) -> None:
    small.record(
        "deals/old.md",
        "name: Old\nstage: proposal\nvalue: 100 EUR\ncreated: 2023-01-01",
        "- 2026-11-01 stage: lead -> proposal",
    )
    small.record(
        "deals/won.md",
        "name: Won\nstage: won\nvalue: 40 EUR\ncreated: 2023-01-01\nclosed: 2026-10-20",
        "- 2026-10-20 stage: negotiation -> won",
    )
    small.record("deals/new.md", "name: New\nstage: lead\nvalue: 10 EUR\ncreated: 2026-10-05")
    small.commit()
    ran = small.run("pipeline", "--since", "2026-10-01")
    assert ran.code == 0
    assert "git has nothing of 2026-10-01" in ran.err
    # Old at 10 %, won at 75 %: 10 + 30; now old at 50 %, new at 10 %: 50 + 1.
    steps = {line.split()[0]: line.split()[-4:] for line in ran.out.splitlines()[1:]}
    assert steps["opening"] == ["140", "EUR", "40", "EUR"]
    assert steps["new"] == ["+10", "EUR", "+1", "EUR"]
    assert steps["advanced"][-2:] == ["+40", "EUR"]
    assert steps["won"] == ["-40", "EUR", "-30", "EUR"]
    assert steps["closing"] == ["110", "EUR", "51", "EUR"]


def test_c12_in_the_first_month_it_begins_with_an_empty_pipeline(small: Small) -> None:
    small.record("deals/new.md", "name: New\nstage: lead\nvalue: 10 EUR\ncreated: 2026-11-05")
    small.commit()
    ran = small.run("pipeline", "--since", "last-month")
    assert _lines(ran, "opening")[0][2:] == ["0"]
    assert _lines(ran, "new") == [["new", "1", "+10", "EUR", "+1", "EUR"]]


@pytest.mark.parametrize(("word", "meant"), [("delas", "deals"), ("taks", "tasks")])
def test_c13_a_misspelt_kind_is_named(crm: Crm, word: str, meant: str) -> None:
    ran = crm("list", word)
    assert f'did you mean "{meant}"?' in ran.err
