"""A document for a terminal, and as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from plaincrm.core.value_class import changed
from plaincrm.core.values.figure import Figure
from plaincrm.views import figure_rows
from plaincrm.views.doc import Block, Chart, Doc, DocSection
from plaincrm.views.layout import WIDTH, Layout
from plaincrm.views.narrow import listing_table
from plaincrm.views.rows import Rows
from plaincrm.views.safe import line
from plaincrm.views.table import escaped, markdown, table, wrapped

INDENT = "  "


def doc_text(doc: Doc, layout: Layout) -> str:
    """Title, sections and their blocks, a blank line between each; the terms of the figures
    beneath them with `why`.
    """
    parts = [layout.paint(line(doc.title), "head") + "\n"] if doc.title else []
    for section in doc.sections:
        parts += _section(section, layout)
    return "\n".join(parts)


def _section(section: DocSection, layout: Layout) -> Iterator[str]:
    title = layout.paint(line(section.title), "head") + "\n" if section.title else ""
    for text in _blocks(section.blocks, layout):
        yield title + text
        title = ""


def _blocks(blocks: Sequence[Block], layout: Layout) -> Iterator[str]:
    """Figures in a row stand in one table."""
    for is_figure, group in groupby(blocks, key=lambda block: isinstance(block, Figure)):
        if is_figure:
            yield _figures([block for block in group if isinstance(block, Figure)], layout)
        else:
            yield from filter(None, (_block(block, layout) for block in group))


def _block(block: Block, layout: Layout) -> str:
    if isinstance(block, str):
        return "".join(f"{each}\n" for each in _paragraph(block, layout))
    rows = _rows(block)
    return rows.screen(rows, layout) if rows.screen else listing_table(rows, layout)


def _rows(block: Block) -> Rows:
    """The block as a listing; a chart stands as the table behind it."""
    if isinstance(block, Rows):
        return block
    if isinstance(block, Chart):
        return figure_rows.of_table(block.table)
    assert not isinstance(block, str | Figure)
    return figure_rows.of_table(block)


def _paragraph(text: str, layout: Layout) -> Iterator[str]:
    for each in text.split("\n"):
        yield from wrapped(each, layout.width or WIDTH) or [""]


def _figures(figures: Sequence[Figure], layout: Layout) -> str:
    """A line a figure: its name, its value, its cases, what it was before; its terms with `why`."""
    cells = [_figure(figure) for figure in figures]
    lines = table((), cells, layout.width, right=(1,), whole=(1,)).split("\n")
    out = []
    for figure, text in zip(figures, lines, strict=True):
        out.append(text + "\n")
        if layout.why and figure.terms:
            out.append(_terms(figure, layout))
    return "".join(out)


def _figure(figure: Figure) -> list[str]:
    name = figure.name.replace("_", " ")
    cases = "" if figure.n is None else f"n={figure.n:,}"
    before = ""
    if figure.previous is not None:
        before = f"before: {figure_rows.figure_text(changed(figure, value=figure.previous))}"
    return [name, figure_rows.figure_text(figure), cases, before]


def _terms(figure: Figure, layout: Layout) -> str:
    """The terms as an indented table."""
    rows = figure_rows.of_terms(figure)
    cells = [[column.text(term) for column in rows.columns] for term in figure.terms]
    room = None if layout.width is None else layout.width - len(INDENT) * 2
    text = table((), cells, room, rows.right, whole=rows.whole)
    return "".join(f"{INDENT * 2}{layout.paint(each, 'quiet')}\n" for each in text.split("\n"))


def doc_markdown(doc: Doc, layout: Layout) -> str:
    """Headings, paragraphs and Markdown tables."""
    parts = [f"# {escaped(doc.title)}\n"] if doc.title else []
    for section in doc.sections:
        parts += [f"## {escaped(section.title)}\n"] if section.title else []
        parts += _markdown_blocks(section.blocks, layout)
    return "\n".join(parts)


def _markdown_blocks(blocks: Sequence[Block], layout: Layout) -> Iterator[str]:
    for is_figure, group in groupby(blocks, key=lambda block: isinstance(block, Figure)):
        if is_figure:
            yield from _markdown_figures(
                [block for block in group if isinstance(block, Figure)], layout
            )
            continue
        for block in group:
            yield escaped(block) + "\n" if isinstance(block, str) else _markdown_rows(_rows(block))


def _markdown_figures(figures: Sequence[Figure], layout: Layout) -> Iterator[str]:
    cells = [_figure(figure) for figure in figures]
    yield markdown(("figure", "value", "n", "before"), cells, (1,)) + "\n"
    for figure in figures if layout.why else ():
        if figure.terms:
            yield f"**{escaped(figure.name.replace('_', ' '))}**\n"
            yield _markdown_rows(figure_rows.of_terms(figure))


def _markdown_rows(rows: Rows) -> str:
    cells = [[column.text(row) for column in rows.columns] for row in rows.records]
    return markdown(rows.names, cells, rows.right) + "\n"
