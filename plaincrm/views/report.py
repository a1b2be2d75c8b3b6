"""Reports as documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from plaincrm.core.values.figure import FigureTable
from plaincrm.crm.reports.report import ReportKind, ReportResult
from plaincrm.views.doc import Block, Chart, Doc, DocSection
from plaincrm.views.figure_rows import cell_text
from plaincrm.views.rows import ListColumn, Rows


def report_doc(report: ReportResult, records: Rows | None, *, why: bool) -> Doc:
    """The figures, the tables, what to know; with `why`, the records behind each row."""
    blocks: list[Block] = [*report.figures, *report.notes]
    sections = [DocSection("", tuple(blocks))]
    sections += [DocSection(table.name, (_drawn(table, report),)) for table in report.tables]
    if why:
        sections += [
            DocSection(f"{table.name}: why", (_behind(table),))
            for table in report.tables
            if table.refs
        ]
    period = report.period
    more = {
        "name": report.name,
        "from": period.first.isoformat(),
        "to": period.last.isoformat(),
        "notes": list(report.notes),
    }
    since = "" if period.first == date.min else f"{period.first} "
    title = f"{report.name}, {since}to {period.last}"
    return Doc("report", title, tuple(sections), len(report.records), more, records)


def _drawn(table: FigureTable, report: ReportResult) -> Block:
    """The table, or the picture of it that the report asks for."""
    return Chart(table, report.chart) if report.chart else table


def _behind(table: FigureTable) -> Rows:
    """A line for each record behind each row, and the command that lists them."""
    found = list(_lines(table))
    columns = [
        ListColumn("row", lambda pair: pair[0]),
        ListColumn("record", lambda pair: pair[1]),
    ]

    def as_json(pair: tuple[str, str]) -> dict[str, str]:
        return {"row": pair[0], "record": pair[1]}

    return Rows("why", len(found), found, columns, as_json, lambda pair: pair[1], None)


def _lines(table: FigureTable) -> Iterator[tuple[str, str]]:
    for place, refs in enumerate(table.refs):
        name = cell_text(table.rows[place][0], table.columns[0].unit)
        if place < len(table.queries):
            yield from ((name, f"plaincrm {each}") for each in table.queries[place].splitlines())
        for ref in refs:
            yield name, ref


def report_list(kinds: Iterable[ReportKind]) -> Rows:
    """What each report tells."""
    found = list(kinds)
    columns = [
        ListColumn("name", lambda kind: kind.name),
        ListColumn("about", lambda kind: kind.kind),
        ListColumn("tells", lambda kind: kind.doc),
    ]

    def as_json(kind: ReportKind) -> dict[str, str]:
        return {"name": kind.name, "kind": kind.kind, "doc": kind.doc}

    return Rows("reports", len(found), found, columns, as_json, None, None)
