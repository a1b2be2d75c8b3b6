"""A month of a freelancer's book: 25 contacts, 8 companies, 12 deals, invoices, a retainer, a
pipeline of workshops, tickets, a newsletter, and mistakes. Each question that one asks on the last
day is answered by one command; the right figure is worked out by hand beside it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Ran, git, run_in

LAST = "2026-12-31"
SETTINGS = """\
me: {name: Jo Weber, email: [jo@weber.example]}
currency: EUR
timezone: Europe/Berlin
country: DE
rates: {USD: 0.9}
cadence: {status:customer: 30d}
pipelines:
  default:
    lead: {probability: 10, rots_after: 14d}
    contacted: {probability: 20}
    proposal: {probability: 50, rots_after: 10d}
    negotiation: {probability: 75}
    won: {status: won}
    lost: {status: lost}
  workshops:
    enquiry: {probability: 20}
    booked: {probability: 90}
    held: {status: won}
    cancelled: {status: lost}
goals: {2026-12: 10000 EUR}
"""
COMPANIES = ["nord", "sued", "ost", "west", "alpha", "beta", "gamma", "delta"]
# The customers, who pays what, and where they came from.
CUSTOMERS = {
    "ada": ("nord", "referral"),
    "ben": ("nord", "web"),
    "clara": ("sued", "web"),
    "dora": ("ost", "fair"),
}
DEALS = {
    # won in December: 6200 + 1100 + 900 USD (810 EUR) = 8110, the retainer 750 a month apart
    "site": "stage: won\ncontact: ada\nvalue: 6200 EUR\nclosed: 2026-12-04\nsource: referral",
    "cards": "stage: won\ncontact: ben\nvalue: 1100 EUR\nclosed: 2026-12-11\nsource: web",
    "labels": "stage: won\ncontact: clara\nvalue: 900 USD\nclosed: 2026-12-18\nsource: web",
    "care": "stage: won\ncontact: dora\nvalue: 750 EUR/month\nclosed: 2026-12-01\nsource: fair",
    # won in November
    "old": "stage: won\ncontact: ada\nvalue: 3000 EUR\nclosed: 2026-11-20\nsource: referral",
    "gone": "stage: lost\ncontact: ben\nvalue: 2000 EUR\nclosed: 2026-12-20\nsource: web",
    # open: 4000 at 50 %, 1200 at 10 %, 3000 at 75 %, one without an amount
    "shop": "stage: proposal\ncontact: clara\nvalue: 4000 EUR\nclose_date: 2027-01-15",
    "book": "stage: lead\ncontact: eva\nvalue: 1200 EUR\nclose_date: 2027-03-31",
    "fair": "stage: negotiation\ncontact: dora\nvalue: 3000 EUR\nclose_date: 2027-02-10",
    "idea": "stage: lead\ncontact: fred",
    # workshops: 500 held in December, 800 booked for January
    "ws-dec": "pipeline: workshops\nstage: held\ncontact: gina\nvalue: 500 EUR\n"
    "closed: 2026-12-09\nsource: web",
    "ws-jan": "pipeline: workshops\nstage: booked\ncontact: hans\nvalue: 800 EUR\n"
    "close_date: 2027-01-20",
}
# Paid in December: 1200 + 1100 + 750 = 3050; open: 5000 not due yet, 300 overdue.
BILLS = {
    "site": "- [x] invoice 2026-101 1200 EUR due:2026-12-10 done:2026-12-09\n"
    "- [ ] invoice 2026-104 5000 EUR due:2027-01-10",
    "cards": "- [x] invoice 2026-102 1100 EUR due:2026-12-20 done:2026-12-19",
    "care": "- [x] invoice 2026-103 750 EUR due:2026-12-15 done:2026-12-15",
    "old": "- [ ] invoice 2026-100 300 EUR due:2026-12-05",
}
TICKETS = {
    "login": "status: solved\nopened: 2026-12-02 10:00\nsolved: 2026-12-02 12:00\ncontact: ada",
    "slow": "status: open\nopened: 2026-12-28 09:00\ncontact: clara\npriority: high",
    "print": "status: solved\nopened: 2026-12-10 09:00\nsolved: 2026-12-11 09:00\ncontact: ben",
}
OTHERS = (
    "eva fred gina hans ida jan kim lea max nele otto paul rosa sven tina uwe vera wim xenia yara"
    " zoe"
)


def _fields(name: str, more: str) -> str:
    return f"name: {name.capitalize()}\ncreated: 2026-11-01\n{more}"


def _log(*lines: str) -> str:
    return "\n## Log\n\n" + "".join(f"- {line}\n" for line in lines)


def _contacts() -> dict[str, str]:
    found = {}
    for name, (company, source) in CUSTOMERS.items():
        fields = f"email: {name}@{company}.example\ncompany: {company}\nstatus: customer\n"
        found[name] = _fields(name, f"{fields}tags: [newsletter]\nsource: {source}")
    for name in OTHERS.split():
        found[name] = _fields(name, f"email: {name}@x.example\nstatus: lead")
    return found


def _book(root: Path) -> None:
    kinds: dict[str, dict[str, tuple[str, str]]] = {
        "companies": {name: (f"name: {name.capitalize()}\ncountry: DE", "") for name in COMPANIES},
        "contacts": {name: (fields, LOGS.get(name, "")) for name, fields in _contacts().items()},
        "deals": {
            name: (
                f"name: {name.capitalize()}\ncreated: 2026-11-15\n{fields}",
                f"\n## Tasks\n\n{BILLS[name]}\n" if name in BILLS else "",
            )
            for name, fields in DEALS.items()
        },
        "tickets": {
            name: (f"subject: {name.capitalize()}\n{fields}", "")
            for name, fields in TICKETS.items()
        },
    }
    (root / "plaincrm.yaml").write_text(SETTINGS, "utf-8")
    for folder, records in kinds.items():
        (root / folder).mkdir()
        for name, (fields, body) in records.items():
            (root / folder / f"{name}.md").write_text(f"---\n{fields}\n---\n{body}", "utf-8")


# Dora was last spoken to 41 days before; the newsletter that she had is no touch.
LOGS = {
    "ada": _log("2026-12-22 call: Talked about January"),
    "ben": _log("2026-12-15 email out: The cards are at the printer"),
    "clara": _log("2026-12-18 meeting: Labels approved"),
    "dora": _log(
        "2026-11-20 call: The care plan",
        "2026-12-03 email out: News in December <ab12.newsletter.bulk.plaincrm@weber.example>",
    ),
}

Crm = Callable[..., Ran]


@pytest.fixture(scope="module")
def month_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("month")
    _book(root)
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "The month")
    return root


@pytest.fixture
def crm(month_book: Path, monkeypatch: pytest.MonkeyPatch) -> Crm:
    return lambda *words: run_in(monkeypatch, month_book, ["--today", LAST, *words])


def _figures(ran: Ran) -> dict[str, Any]:
    """The figures of a report in the book's currency, and those a month by `name/month`."""
    found = {}
    for each in ran.json["results"]:
        per = "/month" if "/month" in (each["currency"] or "") else ""
        found[each["figure"] + per] = each["value"]
    return found


def test_there_is_a_month_of_work(crm: Crm) -> None:
    counts = {
        kind: crm("list", kind, "--count").out.strip()
        for kind in ("contacts", "companies", "deals", "tickets")
    }
    assert counts == {"contacts": "25", "companies": "8", "deals": "12", "tickets": "3"}
    assert crm("check").code == 0


def test_what_did_i_earn(crm: Crm) -> None:
    found = _figures(crm("report", "money", "--period", "2026-12", "--json"))
    # 6200 + 1100 + 900 USD at 0.9 + the workshop of 500
    assert found["won_value"] == 6200 + 1100 + 810 + 500
    assert found["paid"] == 1200 + 1100 + 750
    # Earned is what was paid, and of what was won only that on which no invoice stands.
    assert found["revenue"] == 1200 + 1100 + 750 + 810 + 500
    assert found["recurring_per_month/month"] == 750


def test_what_is_open(crm: Crm) -> None:
    found = _figures(crm("report", "money", "--period", "2026-12", "--json"))
    assert found["outstanding"] == 5000 + 300
    assert found["overdue"] == 300
    unpaid = crm("invoice", "list", "--csv").out
    assert "2026-104" in unpaid and "2026-100" in unpaid
    pipeline = crm("pipeline", "--json").json["results"]
    assert [each["open"]["value"] for each in pipeline] == [{"EUR": 8200}, {"EUR": 800}]
    # 4000 at 50 % + 1200 at 10 % + 3000 at 75 %, and 800 at 90 %
    assert [each["open"]["weighted"] for each in pipeline] == [{"EUR": 4370}, {"EUR": 720}]


def test_what_was_won_and_is_not_invoiced(crm: Crm) -> None:
    found = _figures(crm("report", "money", "--period", "2026-12", "--json"))
    # Of the site 6200 are invoiced, of the cards 1100; the labels and the workshop are not.
    assert found["uninvoiced"] == 810 + 500


def test_who_is_neglected(crm: Crm) -> None:
    quiet = crm(
        "list", "contacts", "status:customer", "idle:31d..", "--columns", "id,idle", "--tsv"
    )
    assert quiet.out.splitlines()[1:] == ["dora\t41d"]
    assert "Dora: idle 41 days, every 30d" in crm("today", "--all").out
    # Those whom nobody has spoken to yet: all but the four customers.
    assert crm("list", "contacts", "no:last_touch", "--count").out == "21\n"


def test_which_source_brings_money(crm: Crm) -> None:
    tables = crm("report", "sources", "--period", "2026-12", "--json").json["tables"]
    names = [column["name"] for column in tables[0]["columns"]]
    rows = {row[0]: dict(zip(names, row, strict=True)) for row in tables[0]["rows"]}
    assert rows["web"]["won"] == 3 and rows["web"]["win_rate"] == 0.75  # three of four
    assert rows["referral"]["won"] == 1
    by_source = crm("pipeline", "--by", "contact.source", "is:won", "--json").json["results"][0]
    won = {row["contact.source"]: row["value"] for row in by_source["stages"]}
    # Ada 6200 + 3000, Ben 1100 and Clara 810, Dora's retainer a month
    assert won == {
        "referral": {"EUR": 9200},
        "web": {"EUR": 1910},
        "fair": {"EUR/month": 750},
    }


def test_the_forecast_of_the_next_quarter(crm: Crm) -> None:
    ran = crm("forecast", "--by", "quarter", "--from", "2027-01-01", "--json").json
    quarter = next(row for row in ran["results"] if row["period"] == "2027-Q1")
    assert quarter["open"] == {"EUR": 4000 + 1200 + 3000 + 800}
    # At 75 % and more: the fair and the workshop; at 50 % the shop too.
    assert quarter["commit"] == {"EUR": 3000 + 800}
    assert quarter["best"] == {"EUR": 3000 + 800 + 4000}
    assert quarter["weighted"] == {"EUR": 2000 + 120 + 2250 + 720}
    assert ran["undated"]["deals"] == 1


def test_how_the_month_stands_against_its_goal(crm: Crm) -> None:
    ran = crm("forecast", "--from", "2026-12-01", "--to", "2026-12-31", "--json").json
    month = ran["results"][0]
    assert month["won"]["EUR"] == 8610
    assert month["goal"] == {"EUR": 10000}
    assert month["attained"] == pytest.approx(0.861)


def test_the_companies_and_what_they_bought(crm: Crm) -> None:
    shown = crm("show", "nord").out
    assert "Won deals  3 deals: 10,300 EUR" in shown  # 6200 + 3000 + 1100
    assert "Ada" in shown and "Ben" in shown
    assert "last touch  2026-12-22" in shown


def test_the_tickets_of_the_month(crm: Crm) -> None:
    found = _figures(crm("report", "support", "--period", "2026-12", "--json"))
    assert (found["opened"], found["solved"], found["backlog"]) == (3, 2, 1)
    assert "Slow" in crm("ticket", "list").out


def test_a_newsletter_reaches_those_who_asked_for_it(crm: Crm) -> None:
    ran = crm("email", "newsletter", "--where", "+newsletter", "--json").json
    ready = [each["contact"] for each in ran["results"] if each["status"] != "skipped"]
    assert sorted(ready) == ["ada", "ben", "clara", "dora"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["move", "shop", "proposl"], 5, 'did you mean "proposal"?'),
        (["set", "shop", "close_date=31.02.2027"], 5, "February"),
        (["set", "shop", "vaule=3"], 2, 'did you mean "value"?'),
        (["list", "deals", "value:5000..1000"], 2, ""),
        (["lose", "nord"], 3, "has no open deal"),
    ],
)
def test_mistakes_are_refused_with_the_line_to_type(
    crm: Crm, words: list[str], code: int, said: str
) -> None:
    ran = crm(*words)
    assert (ran.code, said in ran.err) == (code, True), ran.err


def test_a_second_invoice_of_the_same_number_is_a_problem(month_book: Path, crm: Crm) -> None:
    deal = month_book / "deals" / "shop.md"
    text = deal.read_text("utf-8")
    deal.write_text(f"{text}\n- [ ] invoice 2026-100 5 EUR due:2027-01-01\n", "utf-8")
    try:
        ran = crm("check")
        assert ran.code == 1
        assert re.search(
            r"deals/shop\.md:\d+:1: error: the number 2026-100 stands on deals/old", ran.out
        )
    finally:
        deal.write_text(text, "utf-8")
