"""The dashboard as a document: the same panels for a terminal, for JSON and for Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from plaincrm.core.text.counted import counted
from plaincrm.crm.reports.dashboard import Dashboard
from plaincrm.crm.reports.dashboard_data import DashboardPanel, PanelLine, period_name
from plaincrm.views import numbers
from plaincrm.views.doc import Block, Doc, DocSection
from plaincrm.views.rows import Rows, text_columns

MOST_RECORDS = 8  # named in a terminal; the command names all


def dashboard_doc(found: Dashboard) -> Doc:
    """A section a panel."""
    period = found.period
    more = {
        "asOf": found.as_of.isoformat(),
        "from": period.first.isoformat(),
        "to": period.last.isoformat(),
        "panels": [panel.name for panel in found.panels],
    }
    sections = tuple(DocSection(panel.title, tuple(_blocks(panel))) for panel in found.panels)
    title = f"{found.title}, {period_name(period)}"
    return Doc("dashboard", title, sections, found.records, more)


def _blocks(panel: DashboardPanel) -> Iterator[Block]:
    told = ". ".join(filter(None, (panel.remark, goal_text(panel))))
    if told:
        yield told
    yield from panel.figures
    if panel.table is not None:
        yield panel.table
    if panel.lines:
        yield _lines(panel)
    elif panel.form == "table" and panel.records:
        yield _records(panel)
    if panel.left_out:
        yield panel.left_out


def goal_text(panel: DashboardPanel) -> str:
    """`12,000 of 30,000 EUR, projected 21,000`; empty without a goal."""
    goal = panel.goal
    if goal is None:
        return ""
    won = goal.amount * goal.progress.attained
    projected = goal.progress.projected
    ends = f", projected {numbers.amount(projected)}" if projected is not None else ""
    return f"{numbers.amount(won)} of {numbers.amount(goal.amount)} {goal.currency}{ends}"


def _lines(panel: DashboardPanel) -> Rows:
    def cells(line: PanelLine) -> tuple[str, str, str]:
        return line.title, line.text, line.right

    def as_json(line: PanelLine) -> dict[str, str]:
        return {"title": line.title, "text": line.text, "right": line.right, "record": line.ref}

    columns = text_columns(("title", "about", "when"), cells, right=("when",), whole=("when",))
    return Rows(panel.name, len(panel.lines), panel.lines, columns, as_json, _ref, None)


def _ref(line: PanelLine) -> str:
    return line.ref


def _records(panel: DashboardPanel) -> str:
    """The first records by name, and the command that has them all."""
    names = [record.title for record in panel.records[:MOST_RECORDS]]
    rest = len(panel.records) - len(names)
    more = f", and {counted(rest, 'other')}: plaincrm {panel.command}" if rest else ""
    return ", ".join(names) + more
