"""Figures and tables of figures as listings, and as JSON."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from plaincrm.core.values.figure import Figure, FigureTable, Term, Unit
from plaincrm.views import numbers
from plaincrm.views.json_text import plain
from plaincrm.views.rows import ListColumn, Rows

_PERIODS = frozenset({"period", "month", "quarter", "year", "stage"})
# What a table can spare beside a name.
_REFS = frozenset({"kind", "customer"})
_NAMES = frozenset({"id", "name"})


def of_figures(figures: Sequence[Figure]) -> Rows:
    """A row a figure, for programs: percent as a fraction, money without grouping."""
    columns = [
        ListColumn("figure", lambda each: each.name),
        ListColumn("value", figure_text, lambda each: bare(each.value), right=True, whole=True),
        ListColumn("unit", lambda each: each.unit),
        ListColumn("currency", lambda each: each.currency),
        ListColumn("n", lambda each: bare(each.n), right=True),
        ListColumn("previous", _previous, lambda each: bare(each.previous), right=True),
    ]
    return Rows("figures", len(figures), figures, columns, figure_json, None, None)


def figure_text(figure: Figure) -> str:
    return numbers.in_unit(figure.value, figure.unit, figure.currency)


def _previous(figure: Figure) -> str:
    if figure.previous is None:
        return ""
    return numbers.in_unit(figure.previous, figure.unit, figure.currency)


def of_terms(figure: Figure) -> Rows:
    """The terms of a figure: what each is called, what it is worth, and where it comes from."""
    columns = [
        ListColumn("term", lambda term: term.name),
        ListColumn("value", lambda term: _term(term, figure), right=True, whole=True),
        ListColumn("record", _source),
    ]
    return Rows("terms", len(figure.terms), figure.terms, columns, _term_json, _ref, None)


def _term(term: Term, figure: Figure) -> str:
    """Terms of a sum are in its unit; those of a rate are counts."""
    if isinstance(term.value, str):
        return term.value
    usual: Unit = "count" if figure.unit == "percent" else figure.unit
    unit = term.unit or usual
    return numbers.in_unit(term.value, unit, figure.currency)


def _ref(term: Term) -> str:
    return term.ref


def of_table(table: FigureTable) -> Rows:
    """The table as a listing; its JSON objects have the columns' names as keys."""
    names = [column.name for column in table.columns]
    columns = [
        ListColumn(
            column.name,
            _reader(place, column.unit),
            _bare_reader(place),
            right=column.unit != "text",
            whole=column.unit != "text" or column.name in _PERIODS,
            spare=column.name in _REFS and bool(_NAMES & set(names)),
        )
        for place, column in enumerate(table.columns)
    ]

    def as_json(row: Sequence[Any]) -> Any:
        return {name: plain(cell) for name, cell in zip(names, row, strict=True)}

    return Rows(table.name, len(table.rows), table.rows, columns, as_json, None, None)


def _reader(place: int, unit: Unit) -> Callable[[Sequence[Any]], str]:
    return lambda row: cell_text(row[place], unit)


def _bare_reader(place: int) -> Callable[[Sequence[Any]], str]:
    return lambda row: bare(row[place])


def cell_text(cell: Any, unit: Unit) -> str:
    """A cell for people: a number in its unit, a text, or a map of currencies to amounts."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, dict):
        return numbers.sums(cell, ", ")
    return numbers.in_unit(cell, unit)


def bare(cell: Any) -> str:
    """A cell for programs: no grouping, nothing for what is not known."""
    if cell is None:
        return ""
    if isinstance(cell, dict):
        return ", ".join(f"{amount:f} {unit}" for unit, amount in cell.items())
    return f"{cell:f}" if isinstance(cell, Decimal) else str(cell)


def figure_json(figure: Figure) -> dict[str, Any]:
    """`{"figure", "value", "unit", "currency", "n", "previous", "terms"}`; percent is a
    fraction.
    """
    return {
        "figure": figure.name,
        "value": plain(figure.value),
        "unit": figure.unit,
        "currency": figure.currency or None,
        "n": figure.n,
        "previous": plain(figure.previous),
        "terms": [_term_json(term) for term in figure.terms],
    }


def _source(term: Term) -> str:
    """The record that a term comes from, or the command that lists its records."""
    return f"plaincrm {term.query}" if term.query else term.ref


def _term_json(term: Term) -> dict[str, Any]:
    found = {"name": term.name, "value": plain(term.value)}
    sources = {"ref": term.ref, "query": term.query}
    return found | {key: text for key, text in sources.items() if text}


def table_json(table: FigureTable) -> dict[str, Any]:
    """`{"name", "columns": [{"name", "unit"}], "rows": [[…]]}`; with `--why` also `queries`: the
    words after `plaincrm` that list the records of each row.
    """
    queries = {"queries": list(table.queries)} if table.queries else {}
    return {
        "name": table.name,
        "columns": [{"name": column.name, "unit": column.unit} for column in table.columns],
        "rows": [[plain(cell) for cell in row] for row in table.rows],
    } | queries
