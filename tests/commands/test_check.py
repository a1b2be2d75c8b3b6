"""`plaincrm check` and `check --fix`."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.conftest import Crm, git

CONTACT = "contacts/ola-nordmann.md"


@pytest.fixture
def book(crm: Crm, tmp_path: Path) -> Path:
    """A new book without problems."""
    crm("init", "book", cwd=tmp_path)
    return tmp_path / "book"


def put(book: Path, path: str, text: str) -> None:
    (book / path).parent.mkdir(parents=True, exist_ok=True)
    (book / path).write_text(text, "utf-8")


def found(crm: Crm, book: Path, *words: str) -> set[tuple[str, int, int, str]]:
    results = crm("check", "--json", *words, cwd=book).json["results"]
    return {(r["path"], r["line"], r["column"], r["code"]) for r in results}


def test_finds_exactly_the_four_problems_of_the_example(crm: Crm) -> None:
    done = crm("check")
    assert done.code == 1
    lines = [line for line in done.out.splitlines() if not line.startswith(" ")]
    assert [(line.split(":")[0], line.rpartition("[")[2]) for line in lines] == [
        ("contacts/franziska-roth.md", "task-date]"),
        ("contacts/gustavo-ferreira.md", "link-dangling]"),
        ("contacts/magnus-dahl.md", "yaml-duplicate-key]"),
        ("contacts/tomasz-wrona.md", "yaml-syntax]"),
    ]
    assert "4 errors in 4 files" in done.err


def test_forms_for_people_compilers_and_github(crm: Crm, studio: Path) -> None:
    assert "    delete one of the two" in crm("check").out
    gcc = crm("check", "--format", "gcc").out
    assert "contacts/magnus-dahl.md:9:1: error: " in gcc
    assert len(gcc.splitlines()) == 4
    put(studio, "deals/50%, off.md", "---\nname: X\nstage: nowhere\n---\n")
    github = crm("check", "--format", "github").out
    assert "::error file=deals/50%25%2C off.md,line=3,col=8,title=field-enum::" in github


def test_json_has_the_keys_of_the_contract(crm: Crm) -> None:
    answer = crm("check", "--json").json
    assert (answer["schemaVersion"], answer["kind"], answer["total"]) == (1, "check", 4)
    keys = {"path", "line", "column", "level", "code", "message", "hint", "fixable"}
    assert all(set(result) == keys for result in answer["results"])
    assert crm("check", "--format", "json").json == answer


def test_a_clean_book_is_exit_code_0_and_so_are_warnings(crm: Crm, book: Path) -> None:
    assert crm("check", cwd=book).code == 0
    put(book, "contacts/a.md", "---\nname: A\nemails: a@x.example\n---\n")
    done = crm("check", cwd=book)
    assert done.code == 0
    assert 'did you mean "email"?' in done.out


@pytest.mark.parametrize(
    ("path", "text", "place"),
    [
        (
            "contacts/a.md",
            "---\nname: A\nemail: [a@x.example, nobody]\n---\n",
            (3, 22, "field-value"),
        ),
        (
            "contacts/a.md",
            "---\nname: A\nphone:\n  work: '+49 30 1'\n  home: none\n---\n",
            (5, 9, "field-value"),
        ),
        ("contacts/a.md", "---\nname: A\nbirthday: 13-40\n---\n", (3, 11, "field-value")),
        ("contacts/a.md", "---\nname: A\nstatus: vip\n---\n", (3, 9, "field-enum")),
        ("contacts/a.md", "---\nname: A\nname: B\n---\n", (3, 1, "yaml-duplicate-key")),
        ("contacts/a.md", "---\nemail: a@x.example\n---\n", (1, 1, "field-missing")),
        ("contacts/a.md", "---\nname: [A, B]\n---\n", (2, 1, "field-several")),
        ("contacts/a.md", "---\nname: A\nlast_touch: 2026-01-01\n---\n", (3, 1, "field-computed")),
        ("contacts/a.md", "---\nname: A\ncompany: nowhere\n---\n", (3, 10, "link-dangling")),
        ("contacts/a.md", "---\nname: A\n---\n- [ ] invoice 2026-031\n", (4, 1, "task-invoice")),
        ("contacts/a.md", "---\nname: A\n---\n- [ ] invoice 7 4.200 EUR\n", (4, 1, "task-invoice")),
        ("deals/d.md", "---\nname: D\nclose-date: 2026-12-01\n---\n", (3, 1, "field-name")),
        ("deals/d.md", "---\nname: D\nvalue: 4.200\n---\n", (3, 8, "field-value")),
        ("deals/d.md", "---\nname: D\nstage: hot\n---\n", (3, 8, "field-enum")),
        ("deals/d.md", "---\nname: D\npipeline: other\n---\n", (3, 11, "field-enum")),
        ("deals/d.md", "---\nname: D\nprobability: 1\n---\n", (3, 14, "probability-one")),
        (
            "deals/d.md",
            "---\nname: D\nstage: won\n---\n## Log\n- 2026-01-01 stage: lead -> proposal\n",
            (3, 8, "log-behind"),
        ),
        (
            "tickets/t.md",
            "---\nsubject: T\nopened: 2026-05-02\n---\n## Log\n- 2026-05-01 reply out: Hi\n",
            (6, 1, "log-before-opening"),
        ),
        ("segments/s.yaml", "kind: contact\nquery: nonsense:1\n", (2, 1, "segment-query")),
        ("segments/s.yaml", "kind: spaceship\nquery: +vip\n", (1, 1, "segment-kind")),
        (
            "templates/t.md",
            "---\nsubject: Hi\n---\nHello\n{{ contact.name\n",
            (5, 1, "template-syntax"),
        ),
        ("templates/t.md", "---\nsubject: Hi\nto: nonsense:1\n---\nHello\n", (3, 1, "template-to")),
    ],
)
def test_says_where_it_is(
    crm: Crm, book: Path, path: str, text: str, place: tuple[int, int, str]
) -> None:
    put(book, path, text)
    assert found(crm, book) == {(path, *place)}


def test_settings_with_their_lines(crm: Crm, book: Path) -> None:
    put(book, "plaincrm.yaml", "currency: EUR\ntimezone: Mars/Base\ncadence:\n  nonsense:1: 30d\n")
    assert found(crm, book) == {
        ("plaincrm.yaml", 2, 1, "settings-value"),
        ("plaincrm.yaml", 4, 3, "settings-query"),
    }


def test_twins_and_taken_aliases(crm: Crm, book: Path) -> None:
    put(book, "contacts/zoë.md", "---\nname: Zoë\n---\n")
    put(book, "contacts/more/ZOE\u0308.md", "---\nname: Zoë\n---\n")
    put(book, "contacts/b.md", "---\nname: B\naliases: [zoë]\n---\n")
    assert {code for _, _, _, code in found(crm, book)} == {"id-twin", "id-alias"}


def test_a_key_that_many_records_carry_is_no_slip(crm: Crm, book: Path) -> None:
    for n in range(3):
        put(book, f"contacts/c{n}.md", f"---\nname: C{n}\nemails: x\n---\n")
    assert {code for *_, code in found(crm, book)} == {"field-name"}
    put(book, "contacts/c4.md", "---\nname: C4\nemails: x\n---\n")
    assert found(crm, book) == set()


def test_bytes_that_are_no_text(crm: Crm, book: Path) -> None:
    (book / "contacts" / "latin.md").write_bytes(b"---\nname: J\xfcrgen\n---\n")
    assert found(crm, book) == {("contacts/latin.md", 2, 8, "invalid-utf8")}


def test_inbox_and_outbox_have_to_be_ignored(crm: Crm, book: Path) -> None:
    put(book, ".gitignore", "inbox/\n")
    assert found(crm, book) == {(".gitignore", 1, 1, "not-ignored")}
    assert crm("check", "--fix", cwd=book).code == 0
    assert (book / ".gitignore").read_text() == "inbox/\noutbox/\n"


def test_fix_mends_what_is_sure_and_leaves_the_rest(crm: Crm, book: Path) -> None:
    text = "---\n# hand-written\nname: A\nbirthday: '12-10'\ntags: [vip, VIP]  # double\n"
    text += "created: 1.12.2025\n---\nBody \n"
    put(book, "contacts/a.md", text)
    put(book, "contacts/b.md", "---\nname: B\ncreated: 01/12/2025\n---\n")
    git(book, "add", "-A")
    git(book, "commit", "-qm", "By hand")
    done = crm("check", "--fix", cwd=book)
    assert done.code == 1
    assert "+created: 2025-12-01" in done.err
    mended = text.replace("[vip, VIP]", "[vip]").replace("1.12.2025", "2025-12-01")
    assert (book / "contacts/a.md").read_text() == mended
    assert "01/12/2025" in (book / "contacts/b.md").read_text()
    assert git(book, "rev-list", "--count", "HEAD") == "3\n"
    assert "contacts/b.md" in done.out


def test_fix_of_several_files_asks_and_dry_run_writes_nothing(crm: Crm, book: Path) -> None:
    for name in "ab":
        put(book, f"contacts/{name}.md", f"---\nname: {name}\ntags: [x, x]\n---\n")
    head = git(book, "rev-parse", "HEAD")
    assert "-tags: [x, x]" in crm("check", "--fix", "-n", cwd=book).out
    assert crm("check", "--fix", cwd=book).code == 1
    assert "[x, x]" in (book / "contacts/a.md").read_text()
    assert git(book, "rev-parse", "HEAD") == head
    assert crm("check", "--fix", "-y", cwd=book).code == 0
    assert (
        "[x, x]" not in (book / "contacts/a.md").read_text() + (book / "contacts/b.md").read_text()
    )


@pytest.mark.parametrize("how", ["git mv", "git mv, committed", "mv"])
def test_fix_follows_a_plain_rename(crm: Crm, book: Path, how: str) -> None:
    put(
        book,
        "companies/old.md",
        "---\nname: The Company\nwebsite: https://company.example\n---\nText.\n",
    )
    put(book, "contacts/a.md", "---\nname: A\ncompany: old\n---\n")
    git(book, "add", "-A")
    git(book, "commit", "-qm", "By hand")
    if how == "mv":
        shutil.move(book / "companies/old.md", book / "companies/new.md")
    else:
        git(book, "mv", "companies/old.md", "companies/new.md")
    if "committed" in how:
        git(book, "commit", "-qm", "Renamed")
    assert found(crm, book) == {("contacts/a.md", 3, 10, "link-dangling")}
    assert crm("check", "--fix", cwd=book).code == 0
    assert "aliases" in (book / "companies/new.md").read_text()
    assert crm("list", "contacts", "company.name~Company", "--count", cwd=book).out == "1\n"


def test_fix_adds_the_stage_entry_with_the_day_from_git(crm: Crm, book: Path) -> None:
    put(
        book,
        "deals/d.md",
        "---\nname: D\nstage: lead\n---\n## Log\n- 2026-01-01 stage: lead -> contacted\n",
    )
    git(book, "add", "-A")
    git(book, "commit", "-qm", "By hand", "--date=2026-02-01T12:00:00Z")
    put(
        book,
        "deals/d.md",
        (book / "deals/d.md").read_text().replace("stage: lead\n", "stage: won\n"),
    )
    git(book, "commit", "-qam", "By hand", "--date=2026-03-05T12:00:00Z")
    assert crm("check", "--fix", cwd=book).code == 0
    assert "- 2026-03-05 stage: contacted -> won\n" in (book / "deals/d.md").read_text()


def by_hand(book: Path, stage: str, day: str, path: str = "deals/d.md") -> None:
    text = (book / path).read_text()
    put(book, path, re.sub(r"(?m)^(stage|status): .*", rf"\1: {stage}", text))
    git(book, "add", "-A")
    git(book, "commit", "-qm", "By hand", f"--date={day}T12:00:00Z")


def test_fix_adds_an_entry_for_each_change_by_hand_with_its_own_day(crm: Crm, book: Path) -> None:
    put(book, "deals/d.md", "---\nname: D\nstage: lead\n---\n## Log\n- 2026-01-01 call: Hello\n")
    put(book, "tickets/t-1.md", "---\nsubject: T\nstatus: new\n---\n")
    by_hand(book, "lead", "2026-01-02")
    by_hand(book, "contacted", "2026-02-01")
    by_hand(book, "proposel", "2026-02-02")  # a slip
    by_hand(book, "proposal", "2026-02-03")
    by_hand(book, "open", "2026-02-04", "tickets/t-1.md")
    assert crm("move", "d", "negotiation", cwd=book).code == 0
    put(
        book,
        "deals/d.md",
        (book / "deals/d.md").read_text().replace("stage: negotiation", "stage: won"),
    )
    assert crm("check", "--fix", "-y", cwd=book).code == 0
    log = [
        line
        for line in (book / "deals/d.md").read_text().splitlines()
        if "stage: " in line and line[0] == "-"
    ]
    assert log[:2] == [
        "- 2026-02-01 stage: lead -> contacted",
        "- 2026-02-03 stage: contacted -> proposal",
    ]
    assert [line.partition("stage: ")[2] for line in log[2:]] == [
        "proposal -> negotiation",
        "negotiation -> won",
    ]
    assert "- 2026-02-04 status: new -> open\n" in (book / "tickets/t-1.md").read_text()
    assert "nothing to change" in crm("check", "--fix", cwd=book).err


def test_fix_does_not_bring_back_what_was_undone(crm: Crm, book: Path) -> None:
    put(book, "deals/d.md", "---\nname: D\nstage: lead\n---\n")
    by_hand(book, "lead", "2026-01-02")
    crm("move", "d", "proposal", cwd=book)
    assert crm("undo", cwd=book).code == 0
    assert "nothing to change" in crm("check", "--fix", cwd=book).err


def test_fix_tells_how_often_a_deal_was_put_off(crm: Crm, book: Path) -> None:
    put(book, "deals/d.md", "---\nname: D\nstage: lead\nclose_date: 2026-01-31\n---\n")
    by_hand(book, "lead", "2026-01-02")
    text = (book / "deals/d.md").read_text()
    for day, date in (("2026-01-30", "2026-03-31"), ("2026-03-30", "2026-06-30")):
        text = text.replace(
            f"close_date: {text.partition('close_date: ')[2][:10]}", f"close_date: {date}"
        )
        put(book, "deals/d.md", text)
        by_hand(book, "lead", day)
    crm("set", "d", "close_date=2027-02-01", cwd=book)
    assert crm("undo", cwd=book).code == 0  # was never put off that far
    assert crm("check", "--fix", "-y", cwd=book).code == 0
    log = (book / "deals/d.md").read_text().partition("## Log\n")[2]
    assert log.splitlines() == [
        "- 2026-01-30 close_date: 2026-01-31 -> 2026-03-31",
        "- 2026-03-30 close_date: 2026-03-31 -> 2026-06-30",
    ]
    assert "nothing to change" in crm("check", "--fix", cwd=book).err


def test_style_is_asked_for(crm: Crm, book: Path) -> None:
    put(
        book,
        "contacts/a.md",
        "---\nname: A\nphone: 030 1234567\ncountry: Norway\nstatus: Lead\n---\n",
    )
    put(book, "contacts/b.md", "---\nname: B\ncountry: DE\n---\n")
    assert found(crm, book) == set()
    assert {line for _, line, _, code in found(crm, book, "--style") if code == "style"} == {
        3,
        4,
        5,
    }
    fixed = crm("check", "--style", "--fix", cwd=book)
    assert "-country: Norway" in fixed.err
    assert 'country: "NO"\nstatus: lead\n' in (book / "contacts/a.md").read_text()
    assert git(book, "log", "-1", "--format=%s") == "Check: mend 1 file\n"


def test_fix_with_nothing_to_do_says_so(crm: Crm, studio: Path) -> None:
    head = git(studio, "rev-parse", "HEAD")
    done = crm("check", "--fix")
    assert "nothing to change" in done.err
    assert git(studio, "rev-parse", "HEAD") == head


def test_fix_of_nothing_says_one_thing(crm: Crm) -> None:
    assert not crm("check", "--fix").err.startswith("\n")


def test_wrong_goals_scores_and_folders_are_told(crm: Crm, studio: Path) -> None:
    settings = studio / "plaincrm.yaml"
    text = settings.read_text(encoding="utf-8")
    text = text.replace("2026-Q3: 18000 EUR", "2026-Q9: 18000 EUR")
    text = text.replace("when: source:referral", "when: sauce:referral")
    assert "learned: {fields: [source," in text
    text = text.replace("learned: {fields: [source,", "learned: {fields: [sorce,")
    settings.write_text(text, encoding="utf-8")
    found = {(p["line"], p["code"]) for p in crm("check", "--json").json["results"]}
    lines = settings.read_text(encoding="utf-8").splitlines()
    words = {"2026-Q9": "value", "sauce": "query", "sorce": "value"}
    for n, line in enumerate(lines, 1):
        for word, code in words.items():
            assert word not in line or (n, f"settings-{code}") in found


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("kind: deel\n", "report-kind"),
        ("query: sorce:x\n", "report-query"),
        ("by: sorce\n", "report-query"),
        ("figures: [count, value.most]\n", "report-figure"),
        ("chart: pie\n", "report-chart"),
        ("querry: x\n", "settings-key"),
    ],
)
def test_wrong_reports_are_told(crm: Crm, studio: Path, text: str, code: str) -> None:
    (studio / "reports").mkdir(exist_ok=True)
    (studio / "reports" / "own.yaml").write_text(text, encoding="utf-8")
    found = crm("check", "--json").json["results"]
    assert [p["code"] for p in found if p["path"] == "reports/own.yaml"] == [code]


def test_a_name_with_a_colon_gets_its_quotes(crm: Crm, studio: Path) -> None:
    path = studio / "deals" / "ux.md"
    path.write_text("---\nname: Workshop: UX Writing\nstage: lead\n---\nNotes: mine\n")
    found = [p for p in crm("check", "--json").json["results"] if p["path"] == "deals/ux.md"]
    assert [(p["code"], p["fixable"]) for p in found] == [("yaml-syntax", True)]
    for words in (["set", "ux", "stage=proposal"], ["move", "ux", "proposal"]):
        assert "; plaincrm check --fix puts the value between quotes" in crm(*words).err
    crm("check", "--fix")
    assert path.read_text() == (
        '---\nname: "Workshop: UX Writing"\nstage: lead\n---\nNotes: mine\n'
    )


def test_a_file_deleted_by_hand_comes_back_with_git(crm: Crm, studio: Path) -> None:
    (studio / "companies" / "fjord-ferries.md").unlink()
    hints = {each["hint"] for each in crm("check", "--json").json["results"]}
    line = "git restore companies/fjord-ferries.md brings it back"
    assert f"its file was deleted by hand; {line}" in hints


def test_a_day_that_does_not_exist_is_told_as_one(crm: Crm, studio: Path) -> None:
    deal = studio / "deals" / "okra-menu-design.md"
    text = re.sub(r"(?m)^close_date:.*$", "close_date: 31.02.2027", deal.read_text("utf-8"))
    deal.write_text(text, "utf-8")
    said = crm("check", str(deal)).out
    assert "31.02.2027 does not exist: February 2027 has 28 days" in said
