"""The state of the book: what is stale, incomplete or was never touched, each with its query."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from plaincrm.core.query.grammar import all_of
from plaincrm.core.records.record import Record
from plaincrm.core.value_class import value
from plaincrm.core.values.figure import Figure, FigureTable
from plaincrm.crm.reports.report import ReportRequest, ReportResult, columns, unique

if TYPE_CHECKING:
    from plaincrm.crm.book import Book


@value
class HygieneQuery:
    """Records of a kind that a query selects, and what is wrong with them."""

    text: str
    kind: str
    words: tuple[str, ...]


FINDINGS = (
    HygieneQuery("contacts without any way to reach them", "contact", ("no:email", "no:phone")),
    HygieneQuery("contacts never touched", "contact", ("no:last_touch",)),
    HygieneQuery("customers not touched for a year", "contact", ("status:customer", "idle:365d..")),
    HygieneQuery("contacts without a status", "contact", ("no:status",)),
    HygieneQuery("companies without a domain or web site", "company", ("no:domain", "no:website")),
    HygieneQuery("open deals without a value", "deal", ("is:open", "no:value")),
    HygieneQuery("open deals without a close date", "deal", ("is:open", "no:close_date")),
    HygieneQuery("open deals whose close date has passed", "deal", ("is:open", "is:overdue")),
    HygieneQuery("open deals with nobody", "deal", ("is:open", "no:contact", "no:company")),
    HygieneQuery("open deals without a next step", "deal", ("is:open", "is:no_next")),
    HygieneQuery("open deals that are rotting", "deal", ("is:open", "is:rotting")),
    HygieneQuery("lost deals without a reason", "deal", ("is:lost", "no:lost_reason")),
    HygieneQuery("won deals without a day", "deal", ("is:won", "no:ended")),
    HygieneQuery("open tickets without a contact", "ticket", ("is:open", "no:contact")),
)


def report(book: Book, request: ReportRequest) -> ReportResult:
    """Every finding with its count and the command that lists the records. A query narrows the
    records of each kind.
    """
    rows, refs, queries = [], [], []
    records: dict[str, Record] = {}
    for finding in FINDINGS:
        found = book.select(finding.kind, all_of(finding.words, request.words)).records
        if not found:
            continue
        records |= {record.ref: record for record in found}
        plural = book.kind(finding.kind).plural
        command = shlex.join(["list", plural, *finding.words, *request.words])
        rows.append((finding.text, len(found), command))
        refs.append(tuple(record.ref for record in found))
        queries.append(command)
    names = columns("finding", "records:count", "plaincrm")
    table = FigureTable("hygiene", names, tuple(rows), tuple(refs), tuple(queries))
    figures = (
        Figure("findings", len(rows), "count"),
        Figure("records", len(unique(records)), "count"),
    )
    note = "findings are those of today, whatever the period"
    return ReportResult(
        "hygiene", request.period, figures, (table,), (note,), "contact", tuple(records.values())
    )
