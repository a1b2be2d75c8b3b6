"""Laws of reports on random books: totals are the sums of their rows, and one sum is one sum."""

from __future__ import annotations

import re
import shlex
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plaincrm.core.values.figure import FigureTable
from plaincrm.core.values.money import Money, Sums
from plaincrm.core.values.periods import Period
from plaincrm.crm.book import Book
from plaincrm.crm.exporting.accounting import to_journal
from plaincrm.crm.reports import registry
from plaincrm.crm.reports.outlook import outlook
from plaincrm.crm.reports.report import ReportRequest, ReportResult
from plaincrm.sales.forecast import words_of
from plaincrm.sales.goals import named_period
from plaincrm.sales.revenue import of_record

NAMES = ("sales", "money", "funnel", "sources", "campaigns", "customers", "products", "health")
DAYS = st.dates(date(2025, 6, 1), date(2027, 3, 1)).map(str)
MONEY = st.sampled_from(
    ["", "100", "1200.50 EUR", "70 USD", "9.99 GBP", "300 EUR/month", "1200 EUR/year", "x"]
)
STAGES = st.sampled_from(["", "lead", "proposal", "negotiation", "parked", "won", "lost", "odd"])


@st.composite
def deals(draw: st.DrawFn, number: int) -> str:
    fields = {
        "stage": draw(STAGES),
        "value": draw(MONEY),
        "created": draw(st.just("") | DAYS),
        "closed": draw(st.just("") | DAYS),
        "close_date": draw(st.just("") | DAYS),
        "source": draw(st.sampled_from(["", "web", "referral"])),
        "tags": draw(st.sampled_from(["", "[a]", "[a, b]"])),
        "campaign": draw(st.sampled_from(["", "autumn"])),
        "contact": draw(st.sampled_from(["", "ada", "bo"])),
        "forecast": draw(st.sampled_from(["", "", "commit", "omitted"])),
        "items": draw(st.sampled_from(["", "", "[2 x logo 50 EUR cost:9]"])),
    }
    lines = "".join(f"{name}: {text}\n" for name, text in fields.items() if text)
    body = draw(
        st.sampled_from(
            ["", "- [x] invoice I-NR 100 EUR done:DAY\n", "- [ ] invoice I-NR 70 USD due:DAY\n"]
        )
    )
    body += draw(
        st.sampled_from(
            ["", "\n## Log\n- DAY order: 100 EUR\n", "\n## Log\n- DAY order: 3 x card 5 EUR\n"]
        )
    )
    body = body.replace("NR", str(number)).replace("DAY", draw(DAYS))
    return f"---\nname: Deal {number}\n{lines}---\n{body}"


@st.composite
def tickets(draw: st.DrawFn, number: int) -> str:
    fields = {
        "status": draw(st.sampled_from(["", "open", "pending", "solved"])),
        "opened": draw(st.just("") | DAYS),
        "contact": draw(st.sampled_from(["", "ada", "bo"])),
        "category": draw(st.sampled_from(["", "print", "web"])),
    }
    lines = "".join(f"{name}: {text}\n" for name, text in fields.items() if text)
    log = draw(
        st.sampled_from(["", "- DAY 10:00 reply out: x\n- DAY 11:00 status: open -> solved\n"])
    )
    return f"---\nsubject: T{number}\n{lines}---\n## Log\n{log.replace('DAY', draw(DAYS))}"


@st.composite
def books(draw: st.DrawFn) -> dict[str, str]:
    count = draw(st.integers(0, 8))
    files = {f"deals/d{n}.md": draw(deals(n)) for n in range(count)}
    for n in range(draw(st.integers(0, 3))):
        files[f"tickets/t{n}.md"] = draw(tickets(n))
    files["contacts/ada.md"] = (
        "---\nname: Ada\nsource: web\nstatus: customer\ncreated: 2026-02-01\n---\n"
    )
    files["contacts/bo.md"] = (
        "---\nname: Bo\ncompany: firm\n---\n## Log\n- 2026-05-05 order: 44 EUR\n"
    )
    files["companies/firm.md"] = (
        "---\nname: Firm\n---\n- [x] invoice X1 12.34 EUR done:2026-08-08\n"
    )
    files["campaigns/autumn.md"] = "---\nname: Autumn\ncost: 100 EUR\n---\n"
    files["plaincrm.yaml"] = "rates: {USD: {2025-01: 0.9, 2026-06: 0.8}}\ngoals: {2026: 1000}\n"
    return files


def opened(files: dict[str, str], folder: str) -> Book:
    for path, text in files.items():
        place = Path(folder) / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    return Book(Path(folder), lambda zone: datetime(2026, 11, 21, tzinfo=zone), cached=False)


def made(book: Book, name: str, period: str = "2026", by: str = "") -> ReportResult:
    kind = registry.find(book, name)
    return registry.make(book, kind, ReportRequest(named_period(period), (), by, True))


def sums_of(result: ReportResult, name: str) -> dict[str, Decimal]:
    found = ((f.currency, f.value) for f in result.figures if f.name == name)
    return {unit: amount for unit, amount in found if isinstance(amount, Decimal) and amount}


def column(table: FigureTable, name: str) -> list[Any]:
    place = [each.name for each in table.columns].index(name)
    return [row[place] for row in table.rows]


def added(cells: list[dict[str, Decimal]]) -> dict[str, Decimal]:
    sums = Sums().merge(cells)
    return {unit: amount for unit, amount in sums.items() if amount}


def figure(result: ReportResult, name: str) -> Any:
    return next(f.value for f in result.figures if f.name == name)


LAW = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@LAW
@given(books())
def test_totals_are_the_sums_of_their_rows(files: dict[str, str]) -> None:
    with TemporaryDirectory() as folder:
        book = opened(files, folder)
        for by in ("month", "source", "tags", "weekday"):
            sales = made(book, "sales", by=by)
            (table,) = sales.tables
            for name, whole in (("new", "new_deals"), ("won", "won_count"), ("lost", "lost_count")):
                assert sum(column(table, name)) == figure(sales, whole)
            assert added(column(table, "won_value")) == sums_of(sales, "won_value")
        money = made(book, "money")
        by_month = money.tables[1]
        for name, whole in (("won", "won_value"), ("revenue", "revenue"), ("paid", "paid")):
            assert added(column(by_month, name)) == sums_of(money, whole)
        assert added(column(money.tables[0], "amount")) == sums_of(money, "outstanding")
        for name in ("sources", "campaigns"):
            result = made(book, name)
            assert added(column(result.tables[0], "revenue")) == sums_of(money, "revenue")
            assert sum(column(result.tables[0], "leads")) == figure(result, "leads")
        customers = made(book, "customers")
        assert sum(column(customers.tables[0], "customers")) == figure(customers, "customers")


# Of each table the columns whose sum is a figure of the report.
TOTALS = {
    "sources": {"sources": {"leads": "leads", "won": "won_count"}},
    "campaigns": {"campaigns": {"leads": "leads", "won": "won_count"}},
    "products": {"products": {"revenue": "revenue", "cost": "cost"}},
    "support": {
        f"by {by}": {name: name for name in ("opened", "solved", "reopens")}
        for by in ("category", "customer", "month")
    },
    "activity": {
        "by owner": {"entries": "entries", "reply": "replies"}
        | {name: f"{name}s" for name in ("call", "email", "meeting", "message", "note")}
    },
    "customers": {"segments": {"customers": "customers"}},
}


@LAW
@given(books())
def test_every_total_of_every_report_is_the_sum_of_its_rows(files: dict[str, str]) -> None:
    with TemporaryDirectory() as folder:
        book = opened(files, folder)
        for name, tables in TOTALS.items():
            result = made(book, name)
            shown = {table.name: table for table in result.tables}
            assert shown.keys() & tables.keys() or not any(_counts(result)), name
            for table, sums in tables.items():
                for each, total in sums.items() if table in shown else ():
                    cells = column(shown[table], each)
                    if any(isinstance(cell, dict) for cell in cells):
                        assert added([cell or {} for cell in cells]) == sums_of(result, total)
                    else:
                        assert sum(cell or 0 for cell in cells) == (figure(result, total) or 0), (
                            each
                        )
        for name, total in (
            ("closing", "deals"),
            ("customers", "customers"),
            ("hygiene", "findings"),
        ):
            result = made(book, name)
            assert len(result.tables[-1].rows) == figure(result, total)
        hygiene = made(book, "hygiene")
        assert len({ref for refs in hygiene.tables[0].refs for ref in refs}) == figure(
            hygiene, "records"
        )
        health = made(book, "health")
        assert sum(1 for risk in column(health.tables[0], "at_risk") if risk) == figure(
            health, "at_risk"
        )
        funnel = made(book, "funnel")
        begun = sum(table.rows[0][1] for table in funnel.tables if table.rows)  # type: ignore[misc]
        assert begun == figure(funnel, "deals")


def _counts(result: ReportResult) -> Iterator[Any]:
    return (each.value for each in result.figures if each.unit == "count")


@LAW
@given(books())
def test_money_is_one_sum_in_every_report_the_forecast_and_the_ledger(
    files: dict[str, str],
) -> None:
    with TemporaryDirectory() as folder:
        book = opened(files, folder)
        for year in ("2025", "2026", "2027"):
            sales, money = made(book, "sales", year), made(book, "money", year)
            period = named_period(year)
            found = outlook(book, (), "year", period.first, period.last)
            won = {u: a for u, a in found.forecast.rows[0].sums("won").items() if a}
            assert sums_of(sales, "won_value") == sums_of(money, "won_value")
            assert _cents(won) == sums_of(sales, "won_value")
            ledger = Sums()
            for record in book.store.all():
                for sale in of_record(record, book.context):
                    if sale.day in period:
                        ledger.add(sale.converted(book.context))
            assert _cents(ledger) == sums_of(sales, "revenue") == sums_of(money, "revenue")
            assert _cents(_booked(book, period)) == sums_of(money, "revenue")


def _booked(book: Book, period: Period) -> Sums:
    """What `export ledger` books as sold in a period, in the book's currency where it has a rate."""
    found = Sums()
    text = "".join(to_journal(book, list(book.store.all()), "ledger"))
    for entry in text.split("\n\n"):
        lines = [line.strip() for line in entry.splitlines()]
        booked = next((line for line in lines if re.match(r"Income:Sales  ", line)), "")
        if not booked:
            continue
        day = date.fromisoformat(lines[0][:10])
        per = next((line[7:] for line in lines if line.startswith("; per: ")), "")
        amount, currency = booked.split()[1:]
        money = Money(-Decimal(amount), currency, per)
        if day in period:
            found.add(book.settings.rates.convert(money, day) or money)
    return found


def _cents(sums: dict[str, Decimal]) -> dict[str, Decimal]:
    rounded = {unit: amount.quantize(Decimal("0.01")) for unit, amount in sums.items()}
    return {unit: amount for unit, amount in rounded.items() if amount}


@LAW
@given(books())
def test_no_rate_without_cases_and_every_row_is_about_records(files: dict[str, str]) -> None:
    with TemporaryDirectory() as folder:
        book = opened(files, folder)
        for name in NAMES:
            result = made(book, name)
            for each in result.figures:
                if each.unit == "percent":
                    assert each.n is not None and (each.n > 0) == (each.value is not None)
            known = {record.ref for record in book.store.all()}
            for table in result.tables:
                assert not table.refs or len(table.refs) == len(table.rows)
                assert known.issuperset(ref for refs in table.refs for ref in refs)


@LAW
@given(books())
def test_no_column_of_rates_without_the_cases_beside_it(files: dict[str, str]) -> None:
    """A rate in a table stands beside a column of its cases, and has no value where there are
    none.
    """
    with TemporaryDirectory() as folder:
        book = opened(files, folder)
        for name in _plain(book):
            for table in made(book, name).tables:
                for place, each in enumerate(table.columns):
                    if each.unit == "percent" and each.name not in RATIOS:
                        assert _cases(table) or not table.rows, (name, table.name, each.name)
                        for row, cases in zip(table.rows, _cases(table), strict=True):
                            assert cases or row[place] is None


# Of one amount to another: they rest on no sample.
RATIOS = ("roi", "share", "error")


def _cases(table: FigureTable) -> list[Any]:
    """The column of cases: `n`, of a funnel how many reached the stage."""
    names = [each.name for each in table.columns]
    return next((column(table, name) for name in ("n", "reached") if name in names), [])


@settings(LAW, max_examples=12)
@given(books(), st.sampled_from(["", "source:web", "is:won"]))
def test_the_printed_query_of_a_row_lists_its_records(files: dict[str, str], words: str) -> None:
    with TemporaryDirectory() as folder:
        book = opened(files, folder)
        for name in _plain(book):
            kind = registry.find(book, name)
            query = tuple(words.split()) if kind.kind == "deal" else ()
            request = ReportRequest(named_period("2026"), query, "", True)
            for table in registry.make(book, kind, request, queries=True).tables:
                assert len(table.queries) == len(table.refs)
                for refs, told in zip(table.refs, table.queries, strict=True):
                    assert _listed(book, told) == set(refs), (name, table.name, told)


def _listed(book: Book, told: str) -> set[str]:
    """The records that the commands of a row list."""
    found: set[str] = set()
    for line in told.splitlines():
        word, kind, *words = shlex.split(line)
        assert word == "list"
        found |= {record.ref for record in book.select(kind, words).records}
    return found


@LAW
@given(books())
def test_the_deals_of_a_forecast_are_what_its_queries_select(files: dict[str, str]) -> None:
    with TemporaryDirectory() as folder:
        book = opened(files, folder)
        found = outlook(book, (), "month", date(2026, 1, 1)).forecast
        rows = [(row, False) for row in (*found.rows, found.undated)] + [(found.overdue, True)]
        for row, overdue in rows:
            words = words_of(row, book.context.today, overdue)
            listed = {record.id for record in book.select("deal", words).records}
            assert listed == {deal.id for deal in row.deals}, words
        counted = Counter(deal.id for row, _ in rows for deal in row.deals)
        assert set(counted.values()) <= {1}


@LAW
@given(books())
def test_each_stage_of_a_funnel_is_reached_by_fewer(files: dict[str, str]) -> None:
    with TemporaryDirectory() as folder:
        result = made(opened(files, folder), "funnel")
        for table in result.tables:
            reached = column(table, "reached")
            assert reached == sorted(reached, reverse=True)


def test_every_report_stands_an_empty_book(tmp_path: Path) -> None:
    book = opened({"plaincrm.yaml": ""}, str(tmp_path))
    for name in _plain(book):
        rates = [each for each in made(book, name).figures if each.unit == "percent"]
        assert all(each.value is None for each in rates)


def _plain(book: Book) -> Iterator[str]:
    yield from (name for name in registry.names(book) if name != "compare")


def test_what_will_close_is_told_by_deals_with_the_same_past(tmp_path: Path) -> None:
    files = {"plaincrm.yaml": ""}
    ends = [("won", 5), ("won", 20), ("lost", 30), ("lost", 2), ("won", 60), ("won", 12)]
    for n, (end, days) in enumerate(ends):
        day = date(2026, 3, 1).toordinal() + days
        files[f"deals/d{n}.md"] = (
            f"---\nname: D{n}\nstage: {end}\ncreated: 2026-02-01\n---\n## Log\n"
            f"- 2026-03-01 stage: lead -> proposal\n"
            f"- {date.fromordinal(day)} stage: proposal -> {end}\n"
        )
    files["deals/open.md"] = (
        "---\nname: Open\nstage: proposal\ncreated: 2026-11-01\n---\n## Log\n"
        "- 2026-11-17 stage: lead -> proposal\n"
    )
    result = made(opened(files, str(tmp_path)), "closing", "2026-11")
    # Four days in the stage, nine left: of the five undecided after four days, won by day 13: 5, 12.
    assert result.tables[0].rows == (("open", "proposal", 4, Decimal("0.4"), 5, None),)
    assert figure(result, "likely") == 0
    later = made(opened(files, str(tmp_path)), "closing", "2027-01")  # days left for day 60 as well
    assert later.tables[0].rows[0][3:5] == (Decimal("0.8"), 5)
    assert [term.ref for each in later.figures for term in each.terms] == ["deal/open"]
