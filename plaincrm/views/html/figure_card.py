"""A figure as a card: its value, its cases, the period before, and its terms one click away."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Decimal

from plaincrm.core.value_class import changed
from plaincrm.core.values.figure import Figure, Term, Unit
from plaincrm.core.values.proportion import wilson
from plaincrm.views import numbers
from plaincrm.views.figure_rows import figure_text
from plaincrm.views.html.element import NOTHING, Html, element, joined
from plaincrm.views.html.page import Panel, big_figure, details, table
from plaincrm.views.html.page_source import PageSource

FEW_CASES = 5  # of fewer a rate says nothing
MANY_CASES = 100  # of so many an interval is narrow enough to be left out
_NEARLY = Decimal("0.000001")  # a rate of cases is a whole number of them
_MOST_TERMS = 200  # rows of a table of terms; a list of records has the rest
_HOVER = 8  # terms of the text that shows on hover
_SPELLED = {
    "rfm": "RFM",
    "csat": "CSAT",
    "nps": "NPS",
    "p90": "90th percentile",
    "velocity": "velocity a day",
}


def card(figure: Figure, source: PageSource, shown: Collection[str] = ()) -> Panel:
    """The card of a figure. `shown`: the records that the page lists, which terms link to."""
    body = element("div", big_figure(value_text(figure, source), remark(figure, source)))
    if figure.terms:
        hover = element("div", body, title=_hover(figure, source))
        body = joined(hover, terms(figure, source, shown))
    return Panel(spelled(figure.name), body, span=3)


def spelled(name: str) -> str:
    """`win_rate` as `Win rate`."""
    words = [_SPELLED.get(word, word) for word in name.replace("_", " ").split()]
    text = " ".join(words)
    return text[:1].upper() + text[1:]


def value_text(figure: Figure, source: PageSource) -> str:
    """The value; of a rate with few cases, that they are too few."""
    if figure.unit == "percent" and figure.n is not None and figure.n < FEW_CASES:
        return "n too small" if figure.n else numbers.NONE
    return source.number(figure_text(figure))


def remark(figure: Figure, source: PageSource) -> str:
    """The cases, how sure a rate is, and the value of the period before."""
    return " · ".join(filter(None, (*_cases(figure), _before(figure, source))))


def cases_text(figure: Figure) -> str:
    """`n = 34 · 39% to 71%`; empty where it rests on no sample."""
    return " · ".join(_cases(figure))


def _cases(figure: Figure) -> Sequence[str]:
    if figure.n is None:
        return ()
    said = f"n = {figure.n:,}"
    if figure.unit != "percent" or not isinstance(figure.value, Decimal):
        return (said,)
    if not FEW_CASES <= figure.n < MANY_CASES or not 0 <= figure.value <= 1:
        return (said,)
    hits = figure.value * figure.n
    if abs(hits - round(hits)) > _NEARLY:
        return (said,)  # a share of an amount: no sample, and no interval
    bounds = wilson(round(hits), figure.n)
    return (said, f"{bounds.low:.0%} to {bounds.high:.0%}") if bounds else (said,)


def _before(figure: Figure, source: PageSource) -> str:
    if figure.previous is None:
        return ""
    before = source.number(figure_text(changed(figure, value=figure.previous)))
    return f"before: {before}"


def term_text(term: Term, figure: Figure, source: PageSource) -> str:
    """What a term is worth, in its own unit or the figure's; those of a rate are counts."""
    if isinstance(term.value, str):
        return term.value
    usual: Unit = "count" if figure.unit == "percent" else figure.unit
    unit = getattr(term, "unit", None) or usual
    currency = figure.currency if unit == "money" else ""
    return source.number(numbers.in_unit(term.value, unit, currency))


def _hover(figure: Figure, source: PageSource) -> str:
    lines = [f"{term.name}: {term_text(term, figure, source)}" for term in figure.terms[:_HOVER]]
    rest = len(figure.terms) - _HOVER
    return "\n".join([*lines, f"and {rest} more"] if rest > 0 else lines)


def terms(figure: Figure, source: PageSource, shown: Collection[str] = ()) -> Html:
    """The terms as a table, behind a click."""
    rows = [
        [link(term.ref, term.name, shown), term_text(term, figure, source)]
        for term in figure.terms[:_MOST_TERMS]
    ]
    rest = len(figure.terms) - _MOST_TERMS
    more = element("p", f"and {rest} more", class_="remark") if rest > 0 else NOTHING
    heads = (f"Terms of {spelled(figure.name).casefold()}", "Value")
    return details("Terms", joined(table(heads, rows, right=[1]), more))


def anchor(ref: str) -> str:
    """The id of a record's line in the page: `deal/website` is `deal-website`."""
    return ref.replace("/", "-")


def link(ref: str, text: str, shown: Collection[str]) -> Html | str:
    """A link to the record's line, if the page has one."""
    return element("a", text, href=f"#{anchor(ref)}") if ref and ref in shown else text
