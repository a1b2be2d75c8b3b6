"""A document as a page: figures as cards, tables, charts, and the list of what was counted.

A figure's terms and a table's rows link to the lines of that list, inside the page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import count

from plaincrm.core.text.counted import counted
from plaincrm.core.values.figure import Figure, FigureTable
from plaincrm.views.doc import Chart, Doc
from plaincrm.views.figure_rows import cell_text
from plaincrm.views.html import figure_card, table_cells
from plaincrm.views.html.element import NOTHING, Html, element, joined
from plaincrm.views.html.figure_card import anchor, link, spelled
from plaincrm.views.html.page import Panel, WebPage, details, render, table
from plaincrm.views.html.page_source import PageSource
from plaincrm.views.html.table_chart import chart_of
from plaincrm.views.rows import Rows

MOST_ROWS = 1000  # of a list; a page of 100,000 lines opens on no phone
_MOST_REFS = 24  # named behind one row of a table
_NARROW_COLUMNS = 3  # a table of so many columns needs half of the page


def doc_page(doc: Doc, source: PageSource) -> str:
    """The whole file."""
    title, _, period = doc.title.partition(", ")
    name = spelled(title or doc.kind)
    return render(
        WebPage(
            name,
            list(_panels(doc, source)),
            source.subtitle(source.owner, period),
            source.footer(counted(doc.total, "record")),
        )
    )


def _panels(doc: Doc, source: PageSource) -> Iterator[Panel]:
    numbered, shown = count(1), _listed(doc.records)
    for section in doc.sections:
        notes = [block for block in section.blocks if isinstance(block, str)]
        for block in section.blocks:
            if not isinstance(block, str):
                yield _panel(block, section.title, source, shown, numbered)
        if notes:
            paragraphs = (element("p", note) for note in notes)
            yield Panel(section.title or "To know", joined(*paragraphs))
    if doc.records is not None:
        heading = f"The {counted(doc.records.total, 'record')} that were counted"
        yield listing_panel(doc.records, heading, source)


def _panel(
    block: Figure | FigureTable | Rows | Chart,
    title: str,
    source: PageSource,
    shown: frozenset[str],
    numbered: Iterator[int],
) -> Panel:
    if isinstance(block, Figure):
        return figure_card.card(block, source, shown)
    if isinstance(block, Rows):
        return listing_panel(block, spelled(title or block.kind), source, anchored=False)
    if isinstance(block, Chart):
        return table_panel(block.table, source, shown, next(numbered), block.form)
    return table_panel(block, source, shown, next(numbered))


def _listed(records: Rows | None) -> frozenset[str]:
    """The records that the page has a line of."""
    if records is None or records.ref is None:
        return frozenset()
    return frozenset(map(records.ref, records.records[:MOST_ROWS]))


def listing_panel(
    rows: Rows, heading: str, source: PageSource, *, anchored: bool = True, span: int = 12
) -> Panel:
    """A listing as a table; with `anchored` each line is the place that links lead to."""
    lines = [list(_cells(rows, row, source, anchored)) for row in rows.records[:MOST_ROWS]]
    rest = len(rows.records) - MOST_ROWS
    more = f"and {rest:,} more, which plaincrm list names" if rest > 0 else rows.foot
    names = [spelled(name) for name in rows.names]
    body = table(names, lines, right=rows.right, whole=rows.whole) if lines else _none()
    remark = element("p", more, class_="remark") if more else NOTHING
    return Panel(heading, joined(body, remark), span=span)


def _none() -> Html:
    """In place of a table without rows."""
    return element("p", "None", class_="remark")


def _cells(rows: Rows, row: object, source: PageSource, anchored: bool) -> Iterator[Html | str]:
    for place, column in enumerate(rows.columns):
        text = column.text(row)
        shown = source.number(text) if column.right else text
        # A line that goes on with the record above it has no text here, and is no place of its own.
        ref = rows.ref(row) if anchored and place == 0 and text and rows.ref else ""
        yield element("span", shown, id=anchor(ref)) if ref else shown


def table_panel(
    found: FigureTable,
    source: PageSource,
    shown: frozenset[str],
    number: int,
    form: str = "",
    *,
    heading: str = "",
) -> Panel:
    """A table of figures: a chart, where it tells one; the table; what is behind each row."""
    chart = chart_of(found, source, form)
    numbers = [place for place, column in enumerate(found.columns) if column.unit != "text"]
    names = [spelled(column.name) for column in found.columns]
    behind = [bool(refs) for refs in found.refs]
    lines = list(_figure_lines(found, source, number, behind))
    body = _none()
    if lines:
        body = table(names, lines, right=numbers, caption=heading and spelled(found.name))
    narrow = not chart and len(found.columns) <= _NARROW_COLUMNS
    return Panel(
        heading or spelled(found.name),
        joined(chart, body),
        more=_behind(found, shown, number),
        span=6 if narrow else 12,
    )


def _figure_lines(
    found: FigureTable, source: PageSource, number: int, behind: Sequence[bool]
) -> Iterator[list[Html | str]]:
    for place, row in enumerate(found.rows):
        cells = table_cells.cells(found, row, source)
        if cells and place < len(behind) and behind[place]:
            cells[0] = element("a", cells[0], href=f"#t{number}-{place + 1}")
        yield cells


def _behind(found: FigureTable, shown: frozenset[str], number: int) -> Html:
    """The records behind each row, and the command that lists them."""
    if not any(found.refs):
        return NOTHING
    lines = []
    queries: Callable[[int], str] = _query_of(found)
    for place, refs in enumerate(found.refs):
        if refs:
            name = cell_text(found.rows[place][0], found.columns[0].unit)
            target = element("span", name, id=f"t{number}-{place + 1}")
            lines.append([target, _refs(refs, shown), queries(place)])
    heads = [spelled(found.columns[0].name), "Records", "The command"]
    keep = 3 if any(getattr(found, "queries", ())) else 2
    return details("Behind each row", table(heads[:keep], [line[:keep] for line in lines]))


def _query_of(found: FigureTable) -> Callable[[int], str]:
    queries = getattr(found, "queries", ())
    return lambda place: f"plaincrm {queries[place]}" if place < len(queries) else ""


def _refs(refs: Sequence[str], shown: frozenset[str]) -> Html:
    names = [link(ref, ref.partition("/")[2] or ref, shown) for ref in refs[:_MOST_REFS]]
    rest = len(refs) - _MOST_REFS
    parts: list[Html | str] = []
    for name in names:
        parts += [", ", name] if parts else [name]
    return joined(*parts, f" and {rest:,} more" if rest > 0 else "")
