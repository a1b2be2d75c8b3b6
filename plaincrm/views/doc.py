"""A document as a value: a title and sections of text, figures and tables.

What a report, a forecast or a score shows is a `Doc`. A terminal, Markdown, CSV, JSON and a page
of HTML are written from the same value (`views/formats.py`). A renderer walks `sections` and meets
five sorts of block:

- `str`: a paragraph of plain text, hostile until it is escaped;
- `Figure`: a number with its unit, cases and terms (`--why` shows the terms);
- `FigureTable`: a table of numbers;
- `Rows`: a listing, as other views return it;
- `Chart`: a `FigureTable` to be drawn; where nothing is drawn, its table stands for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal

from plaincrm.core.value_class import changed, fresh, value
from plaincrm.core.values.figure import Figure, FigureTable
from plaincrm.errors import UsageError
from plaincrm.views import figure_rows
from plaincrm.views.json_text import envelope
from plaincrm.views.layout import Layout
from plaincrm.views.rows import Rows, arranged


@value
class Chart:
    """A table of figures to be drawn: the first column names the points, each further one is a
    series.
    """

    table: FigureTable
    form: Literal["bars", "line"] = "bars"


Block = str | Figure | FigureTable | Rows | Chart


@value
class DocSection:
    """A part of a document; without a title it follows what stands before it."""

    title: str
    blocks: tuple[Block, ...]


@value
class Doc:
    """A titled sequence of sections.

    `kind`: what JSON calls it. `more`: further keys of its JSON (`name`, `from`, `to`). `total`:
    how many records it counts. `records`: those, as a listing, for `--ids` and `--paths`.
    `results`: the JSON results, where they are not the figures of the sections. `screen`: the
    view's own text for a terminal, where that is more than the sections.
    """

    kind: str
    title: str
    sections: tuple[DocSection, ...]
    total: int = 0
    more: Mapping[str, Any] = fresh(factory=dict)
    records: Rows | None = None
    results: Sequence[Any] | None = None
    screen: Callable[[Layout], str] | None = None

    @property
    def blocks(self) -> Iterator[Block]:
        for section in self.sections:
            yield from section.blocks

    @property
    def figures(self) -> list[Figure]:
        return [block for block in self.blocks if isinstance(block, Figure)]

    @property
    def figure_tables(self) -> list[FigureTable]:
        """Those of the sections, and those behind its charts."""
        charted = (block.table if isinstance(block, Chart) else block for block in self.blocks)
        return [block for block in charted if isinstance(block, FigureTable)]

    @property
    def tables(self) -> list[Rows]:
        """All tables in order, for formats that know tables only; the figures are the first."""
        found = [figure_rows.of_figures(self.figures)] if self.figures else []
        for block in self.blocks:
            if isinstance(block, Rows):
                found.append(block)
            elif isinstance(block, FigureTable | Chart):
                table = block.table if isinstance(block, Chart) else block
                found.append(figure_rows.of_table(table))
        return found

    def behind(self, option: str) -> Rows:
        """The records that it counts. Raises UsageError where it has none to name."""
        if self.records is None:
            raise UsageError(f"--{option}: {self.title or self.kind} is about no single records")
        return self.records

    def as_json(self) -> dict[str, Any]:
        """The envelope with the figures as results, and `tables`; or with `results`."""
        if self.results is not None:
            return envelope(self.kind, self.total, list(self.results), **self.more)
        results = [figure_rows.figure_json(figure) for figure in self.figures]
        tables = [figure_rows.table_json(table) for table in self.figure_tables]
        return envelope(self.kind, self.total, results, **self.more) | {"tables": tables}


def arranged_doc(doc: Doc, columns: Sequence[str], sort: str, limit: int | None) -> Doc:
    """A document whose listings have the columns, order and number that the reading options ask
    for. Raises UsageError where it has no listing, or none with such a column.
    """
    if not columns and not sort and limit is None:
        return doc
    asked = {*columns, *([sort.removeprefix("-")] if sort else [])}
    listings = [block for block in doc.blocks if isinstance(block, Rows)]
    fitting = [rows for rows in listings if asked <= {*rows.names}]
    if not fitting:
        names = list(dict.fromkeys(name for rows in listings for name in rows.names))
        hint = f"columns: {', '.join(names)}" if names else ""
        raise UsageError(f"{doc.kind} has no table with {', '.join(sorted(asked))}", hint)

    def block_of(block: Block) -> Block:
        if not isinstance(block, Rows) or not any(block is rows for rows in fitting):
            return block
        return arranged(block, columns, sort, limit)

    sections = tuple(
        DocSection(section.title, tuple(map(block_of, section.blocks))) for section in doc.sections
    )
    return changed(doc, sections=sections, screen=None)
