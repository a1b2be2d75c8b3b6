"""The example book as files: what it promises to hold, read with a small reader of this test's own.

The tests of the program use the book as a fixture, so they can't also be the judge of it.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from tests.example_reader import STUDIO, File, read, records

EMAILS = STUDIO.parents[1] / "templates" / "email"
TODAY = date(2026, 11, 21)

KINDS = {
    "contacts": 61,
    "companies": 20,
    "deals": 40,
    "tickets": 25,
    "articles": 10,
    "projects": 4,
    "products": 3,
}
BROKEN = "contacts/tomasz-wrona.md"
TWO_PHONES = "contacts/magnus-dahl.md"
DANGLING = ("contacts/gustavo-ferreira.md", "company", "papierwerk-nord")
IMPOSSIBLE_DATE = ("contacts/franziska-roth.md", "2026-11-31")
CRLF = {
    "companies/lumen-dental.md",
    "contacts/knut-oedegaard.md",
    "deals/lumen-signage.md",
    "tickets/headbadge-drawing-ys9x.md",
}
BOM = {"contacts/zofia-krol.md"}
NO_LAST_NEWLINE = {"contacts/wanda.md"}

LINKS = {
    "contacts": {"company": "companies", "referred_by": "contacts"},
    "deals": {"contact": "contacts", "company": "companies"},
    "tickets": {"contact": "contacts", "company": "companies", "deal": "deals"},
    "projects": {"client": "companies", "deal": "deals"},
}
STAGES = {
    "default": {
        "lead": "open",
        "contacted": "open",
        "proposal": "open",
        "negotiation": "open",
        "parked": "parked",
        "won": "won",
        "lost": "lost",
    },
    "workshops": {
        "enquiry": "open",
        "offered": "open",
        "booked": "open",
        "waitlist": "parked",
        "held": "won",
        "cancelled": "lost",
    },
}
LOG_TYPES = [
    "call",
    "email",
    "meeting",
    "message",
    "note",
    "reply",
    "stage",
    "status",
    "order",
    "task",
    "close_date",
    "csat",
    "nps",
]

MONEY = re.compile(r"[\d.,]+(?: (EUR|NOK|USD|CHF))?(/month)?")


@pytest.fixture(scope="module")
def files() -> dict[str, File]:
    return {file.path: file for folder in KINDS for file in map(read, records(folder))}


def of(files: dict[str, File], folder: str) -> list[File]:
    return [file for file in files.values() if file.folder == folder]


def role(deal: File) -> str:
    pipeline = STAGES[deal.one("pipeline", "default")]
    return pipeline[deal.one("stage", next(iter(pipeline)))]


def test_each_kind_has_its_number_of_records(files: dict[str, File]) -> None:
    assert Counter(file.folder for file in files.values()) == KINDS


def test_a_kind_has_no_id_twice_and_a_folder_inside_its_folder(files: dict[str, File]) -> None:
    ids = Counter((file.folder, Path(file.path).stem.casefold()) for file in files.values())
    assert set(ids.values()) == {1}
    assert [path for path in files if path.count("/") == 2] == [
        "deals/2024/bytebaeckerei-app-icons.md"
    ]
    assert (STUDIO / "contacts" / "_new-contact.md").is_file()


def test_every_record_but_the_broken_one_has_a_title(files: dict[str, File]) -> None:
    title = {"tickets": "subject", "articles": "title"}
    assert not [f.path for f in files.values() if not f.one(title.get(f.folder, "name"))]
    assert 'job: "Head of "Growth' in (STUDIO / BROKEN).read_text(encoding="utf-8").splitlines()


def test_one_file_only_has_a_key_twice(files: dict[str, File]) -> None:
    twice = {f.path: [k for k, n in Counter(f.keys).items() if n > 1] for f in files.values()}
    assert {path: keys for path, keys in twice.items() if keys} == {TWO_PHONES: ["phone"]}


def test_one_link_only_leads_nowhere(files: dict[str, File]) -> None:
    aliases = {
        f"{f.folder}/{alias}.md" for f in files.values() for alias in f.fields.get("aliases", [])
    }
    dangling = [
        (file.path, key, target)
        for file in files.values()
        for key, folder in LINKS.get(file.folder, {}).items()
        for target in file.fields.get(key, [])
        if f"{folder}/{target}.md" not in files.keys() | aliases
    ]
    assert dangling == [DANGLING]


def test_people_named_in_the_log_have_a_file(files: dict[str, File]) -> None:
    named = {who for f in files.values() for e in f.log() if e[4] for who in e[4].split(",")}
    assert len(named) >= 5
    assert not [who for who in named if f"contacts/{who}.md" not in files]


def test_people_of_a_deal_or_ticket_work_for_its_company(files: dict[str, File]) -> None:
    canonical = {
        alias: f.path for f in of(files, "companies") for alias in f.fields.get("aliases", [])
    }
    wrong = []
    for file in of(files, "deals") + of(files, "tickets"):
        company = file.one("company")
        for contact in file.fields.get("contact", []):
            employer = files[f"contacts/{contact}.md"].one("company")
            same = canonical.get(employer, f"companies/{employer}.md") == canonical.get(
                company, f"companies/{company}.md"
            )
            if company and not same:
                wrong.append(file.path)
    # the cook left the inn, the ticket stayed
    assert wrong == ["tickets/menu-cards-wrong-price-n7fe.md"]


def test_line_ends_and_byte_order_marks_are_as_typed() -> None:
    paths = [path for folder in KINDS for path in records(folder)]
    raw = {path.relative_to(STUDIO).as_posix(): path.read_bytes() for path in paths}
    assert {path for path, data in raw.items() if b"\r\n" in data} == CRLF
    assert not [path for path in CRLF if raw[path].count(b"\n") != raw[path].count(b"\r\n")]
    assert {path for path, data in raw.items() if data.startswith(b"\xef\xbb\xbf")} == BOM
    assert {path for path, data in raw.items() if not data.endswith(b"\n")} == NO_LAST_NEWLINE
    assert "* -text" in (STUDIO / ".gitattributes").read_text(encoding="utf-8").splitlines()


def test_values_that_yaml_would_guess_wrong_are_there_unquoted() -> None:
    lines = {
        line.split(" #")[0].rstrip() for folder in KINDS for line in all_text(folder).splitlines()
    }
    assert {"country: NO", "zip: 02142", "version: 1.10", "call_at: 12:30"} <= lines
    assert any("+4915112345678" in line for line in lines)


def all_text(folder: str) -> str:
    return "\n".join(
        p.read_text(encoding="utf-8-sig") for p in sorted((STUDIO / folder).rglob("*.*"))
    )


def test_every_address_and_site_is_fictional() -> None:
    everything = [p for p in [*STUDIO.rglob("*"), *EMAILS.rglob("*")] if p.is_file()]
    text = "\n".join(path.read_text(encoding="utf-8-sig") for path in everything)
    domains = re.findall(r"[\w.+-]+@([\w.-]*\w)", text) + re.findall(r"https?://([\w.-]*\w)", text)
    domains += re.findall(r"^domain: (\S+)", text, re.MULTILINE)
    assert len(domains) > 150
    real = [
        d
        for d in domains
        if not re.search(r"(\.(example|test)|(^|\.)example\.(com|org))$", d, re.IGNORECASE)
    ]
    assert real == []


def test_deals_come_in_three_currencies_and_two_pipelines(files: dict[str, File]) -> None:
    deals = of(files, "deals")
    money = [MONEY.fullmatch(deal.one("value")) for deal in deals if deal.one("value")]
    assert all(money)
    assert {found[1] or "EUR" for found in money if found} == {"EUR", "NOK", "USD"}
    assert sum(bool(found and found[2]) for found in money) == 2
    assert Counter(deal.one("pipeline", "default") for deal in deals) == {
        "default": 29,
        "workshops": 11,
    }
    assert Counter(map(role, deals)) == {"open": 25, "parked": 3, "won": 7, "lost": 5}


def test_stage_entries_lead_to_the_stage_of_the_deal(files: dict[str, File]) -> None:
    for deal in of(files, "deals"):
        pipeline = STAGES[deal.one("pipeline", "default")]
        stage = next(iter(pipeline))
        for entry in (e for e in deal.log() if e[2] == "stage"):
            before, after = re.split(r" (?:->|→) ", entry[5])
            assert (before, after in pipeline) == (stage, True), f"{deal.path}: {entry[0]}"
            stage = after
        assert stage == deal.one("stage", stage), deal.path


def test_won_and_lost_deals_are_closed_on_the_day_of_their_last_stage_entry(
    files: dict[str, File],
) -> None:
    for deal in of(files, "deals"):
        if role(deal) in ("won", "lost"):
            assert deal.one("closed") == [e[1] for e in deal.log() if e[2] == "stage"][-1], (
                deal.path
            )
        else:
            assert not deal.one("closed"), deal.path
        assert (role(deal) == "lost") == bool(deal.one("lost_reason")), deal.path


def test_status_entries_lead_to_the_status_of_the_ticket(files: dict[str, File]) -> None:
    for ticket in of(files, "tickets"):
        status = "new"
        for entry in (e for e in ticket.log() if e[2] == "status"):
            before, after = entry[5].split(" -> ")
            assert before == status, f"{ticket.path}: {entry[0]}"
            status = after
        assert status == ticket.one("status", "new"), ticket.path
        assert re.fullmatch(r".+-[0-9a-hjkmnp-tv-z]{4}", Path(ticket.path).stem)
        assert bool(ticket.one("solved")) == (status in ("solved", "closed")), ticket.path


def test_the_log_is_in_order_and_covers_three_years_up_to_the_demo_day(
    files: dict[str, File],
) -> None:
    years: Counter[str] = Counter()
    for file in files.values():
        days = [entry[1] for entry in file.log()]
        assert days == sorted(days), file.path
        assert all(date.fromisoformat(day) <= TODAY for day in days), file.path
        assert not days or not file.one("created") or file.one("created") <= days[0], file.path
        assert {entry[2] for entry in file.log()} <= set(LOG_TYPES), file.path
        years.update(day[:4] for day in days)
    assert list(sorted(years)) == ["2023", "2024", "2025", "2026"]
    assert sum(years.values()) > 350


def test_one_task_only_has_an_impossible_date(files: dict[str, File]) -> None:
    impossible = []
    for file in files.values():
        for _, text in re.findall(r"\b(due|done|t):(\d{4}-\d\d-\d\d)", file.body):
            try:
                date.fromisoformat(text)
            except ValueError:
                impossible.append((file.path, text))
    assert impossible == [IMPOSSIBLE_DATE]


def test_the_morning_of_the_demo_has_something_of_everything(files: dict[str, File]) -> None:
    open_tasks = [task for file in files.values() for task in file.open_tasks()]
    for wanted in (
        "due:2026-11-17",
        "due:2026-11-21 rec:",
        "from:hank",
        "t:2027-02-01",
        "invoice 2026-030",
    ):
        assert any(wanted in task for task in open_tasks), wanted
    birthdays = {f.one("birthday")[-5:] for f in of(files, "contacts")}
    assert {"11-21", "11-25"} <= birthdays
    going = [deal for deal in of(files, "deals") if role(deal) == "open"]
    assert [d.path for d in going if "" < d.one("close_date") < TODAY.isoformat()] == [
        "deals/oakfield-exhibition-guide.md",
        "deals/workshop-posters-stadtgruen.md",
    ]
    assert [d.path for d in going if not d.one("next") and "- [ ]" not in d.body] == [
        "deals/stadtgruen-campaign.md",
        "deals/tidewater-rebrand.md",
    ]
    assert Counter(t.one("status", "new") for t in of(files, "tickets")) == {
        "new": 1,
        "open": 3,
        "pending": 2,
        "hold": 1,
        "solved": 7,
        "closed": 11,
    }


def test_suppressed_people_of_each_sort_are_there(files: dict[str, File]) -> None:
    assert files["contacts/anneliese-bauer.md"].one("unsubscribed") == "yes"
    assert files["contacts/harald-streit.md"].one("do_not_email") == "true"
    aoife = files["contacts/aoife-brennan.md"]
    assert aoife.one("bounced") == aoife.one("email")
    assert files["contacts/lena-hoffmann.md"].keys == ["name"]


def test_each_shipped_template_has_a_german_form_and_a_line_of_doc() -> None:
    names = [
        "check-in",
        "follow-up",
        "invoice-reminder",
        "invoice-reminder-last",
        "invoice-reminder-second",
        "newsletter",
        "proposal",
        "proposal-last-question",
        "proposal-question",
        "thank-you",
        "ticket-answer",
        "ticket-article",
        "ticket-reply",
        "ticket-survey",
        "welcome",
        "win-back",
        "win-back-last",
    ]
    assert sorted(p.name for p in EMAILS.glob("*.md")) == sorted(
        f"{name}{form}.md" for name in names for form in ("", ".de")
    )
    for path in [*EMAILS.glob("*.md"), *(STUDIO / "templates").glob("*.md")]:
        front, body = path.read_text(encoding="utf-8").split("---\n", 2)[1:]
        keys = [line.split(":")[0] for line in front.splitlines()]
        assert {"subject", "kind", "doc"} <= set(keys), path.name
        assert body.startswith("{{ greeting }}"), path.name
        assert "{{ me.signature }}" in body, path.name
        assert ("unsubscribe" in body or "abmelden" in body) == ("kind: bulk" in front), path.name


def test_segments_name_their_kind_and_what_they_are_for() -> None:
    segments = sorted((STUDIO / "segments").glob("*.yaml"))
    assert len(segments) == 7
    for path in segments:
        text = path.read_text(encoding="utf-8")
        for key in ("kind", "query", "doc"):
            assert re.search(rf"^{key}: \S", text, re.MULTILINE), f"{path.name}: {key}"


def test_what_belongs_to_one_machine_is_not_in_the_book() -> None:
    assert (STUDIO / ".gitignore").read_text(encoding="utf-8").split() == ["inbox/", "outbox/"]
    assert not (STUDIO / "inbox").exists() and not (STUDIO / "outbox").exists()
