"""The dashboard as one self-contained page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

from plaincrm.core import query
from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.text.counted import counted
from plaincrm.core.value_class import changed
from plaincrm.core.values.figure import Figure, FigureTable
from plaincrm.core.values.money import rounded
from plaincrm.crm.reports.dashboard import Dashboard
from plaincrm.crm.reports.dashboard_data import DashboardPanel, PanelLine, period_name
from plaincrm.views import numbers
from plaincrm.views.html import figure_card, table_cells
from plaincrm.views.html.bars import Bar, bar_chart, sparkline
from plaincrm.views.html.doc_page import listing_panel
from plaincrm.views.html.element import NOTHING, Html, element, joined
from plaincrm.views.html.figure_card import spelled
from plaincrm.views.html.number_marks import in_language
from plaincrm.views.html.page import COLUMNS, Panel, WebPage, details, render, table
from plaincrm.views.html.page_source import MONTHS, PageSource
from plaincrm.views.html.plot import Series, column_chart
from plaincrm.views.html.scale import short
from plaincrm.views.html.svg import HALF, WIDE
from plaincrm.views.listing import listing
from plaincrm.views.rows import Rows

_MOST_SHOWN = 8  # records of a panel that is a list; the list below has more
_MOST_LISTED = 200  # records of that list; a page of thousands of lines opens slowly on a phone
RELOAD = 5  # seconds after which a page that is being watched reloads itself
_WHOLE_FROM = 1000  # an amount as large is shown without cents beside others; its terms have them
_WIDE_SPAN = 7  # from so many columns on a picture is drawn wide


def dashboard_page(
    found: Dashboard, source: PageSource, context: Context, *, watched: bool = False
) -> str:
    """The whole file; `watched`: it reloads itself."""
    panels = list(_filled([_Card(each, source, context).panel() for each in found.panels]))
    lists = [_list(each, source, context) for each in found.panels if each.records]
    if lists:
        told = "What the figures above counted"
        panels.append(Panel("Lists", joined(*lists), told))
    return render(
        WebPage(
            found.title,
            panels,
            source.subtitle(period_name(found.period)),
            source.footer(counted(found.records, "record")),
            reload=RELOAD if watched else 0,
        )
    )


def _filled(panels: Sequence[Panel]) -> Iterator[Panel]:
    """The panels with the last one of each row as wide as the row has room."""
    row: list[Panel] = []
    for panel in panels:
        if sum(each.span for each in row) + panel.span > COLUMNS:
            yield from _stretched(row)
            row = []
        row.append(panel)
    yield from _stretched(row)


def _stretched(row: list[Panel]) -> list[Panel]:
    """What is left of a row goes to its panels, a column each in turn."""
    spans = [panel.span for panel in row]
    place = len(spans) - 1
    while spans and sum(spans) < COLUMNS:
        spans[place] += 1
        place = (place - 1) % len(spans)
    return [changed(panel, span=span) for panel, span in zip(row, spans, strict=True)]


def _list_name(panel: DashboardPanel) -> str:
    return f"list-{panel.name.replace(' ', '-')}"


def _list(panel: DashboardPanel, source: PageSource, context: Context) -> Html:
    """What a figure counted, as a list inside the page."""
    kind = context.store.schema.kinds[panel.kind]
    rows = _listing(panel, panel.records[:_MOST_LISTED], context)
    made = listing_panel(rows, panel.title, source, anchored=False)
    rest = len(panel.records) - _MOST_LISTED
    more = f"and {rest:,} more: " if rest > 0 else ""
    code = element("code", f"plaincrm {panel.command}")
    command = element("p", more, code, class_="remark")
    # The link leads into what is closed; the browser then opens it.
    body = element("div", made.body, command, id=_list_name(panel))
    return details(f"{panel.title}: {counted(len(panel.records), kind.name)}", body)


def _listing(panel: DashboardPanel, shown: Sequence[Record], context: Context) -> Rows:
    kind = context.store.schema.kinds[panel.kind]
    compiled = query.compile([], kind, context)
    return listing(kind, compiled, shown, len(panel.records), context, panel.columns)


class _Card:
    """A panel of the dashboard as a panel of the page."""

    def __init__(self, panel: DashboardPanel, source: PageSource, context: Context) -> None:
        self.of, self.source, self.context = panel, source, context

    def panel(self) -> Panel:
        of = self.of
        if of.table is None and not of.lines and of.figures:
            return Panel(of.title, self._figure(), span=of.span)
        body = joined(self._rates(), self._picture(), self._lines())
        nothing = element("p", "Nothing at the moment.", class_="remark")
        return Panel(of.title, body or nothing, of.remark, self._left_out(), span=of.span)

    def _figure(self) -> Html:
        """The first figure large, the others and what it counts below."""
        of, first = self.of, self.of.figures[0]
        shown = element("p", self._linked(self._value(first)), class_="figure")
        hover = " · ".join(f"{term.name}: {self._term(term, first)}" for term in first.terms[:8])
        remark = joined(*self._remarks(first))
        parts = [
            element("div", shown, title=hover or None),
            element("p", remark, class_="remark"),
        ]
        if len(of.trend) > 1:
            parts.append(sparkline(f"{of.title}: the last {len(of.trend)} months", of.trend))
        if of.goal is not None:
            parts.append(_share(of.goal.progress.attained))
        if first.terms:
            parts.append(figure_card.terms(first, self.source))
        return joined(*parts)

    def _term(self, term: Any, figure: Figure) -> str:
        return figure_card.term_text(term, figure, self.source)

    def _value(self, figure: Figure) -> str:
        return figure_card.value_text(figure, self.source)

    def _linked(self, text: str) -> Html | str:
        """A figure leads to its list inside the page."""
        if not self.of.records:
            return text
        return element("a", text, href=f"#{_list_name(self.of)}", class_="plain")

    def _remarks(self, first: Figure) -> Iterator[Html | str]:
        """What it counts, its goal, the period before, and the other figures."""
        told = (self.of.remark, self._goal(), figure_card.cases_text(first), self._before(first))
        found: list[Html | str] = [each for each in told if each]
        found += [self._further(each, first) for each in self.of.figures[1:] if each.value]
        for place, each in enumerate(found):
            yield joined(" · ", each) if place else each

    def _further(self, other: Figure, first: Figure) -> Html:
        """A further figure, in a word: the same one in another currency needs no name."""
        name = "" if other.name == first.name else other.name.replace("_", " ")
        text = f"{self._amount_text(other.value, other.currency)} {name}".strip()
        return element("span", text, class_="bad" if other.name == "overdue" else None)

    def _amount_text(self, value: Any, currency: str) -> str:
        """An amount beside others: whole, where cents say nothing."""
        amount = Decimal(value)
        whole = rounded(amount, Decimal(1)) if abs(amount) >= _WHOLE_FROM else amount
        return self.source.number(numbers.in_unit(whole, "money", currency))

    def _goal(self) -> str:
        goal = self.of.goal
        if goal is None:
            return ""
        won = self._amount_text(goal.amount * goal.progress.attained, goal.currency)
        told = f"{won} of {self._amount_text(goal.amount, goal.currency)}"
        projected = goal.progress.projected
        if projected is None:
            return told
        return f"{told}, {self._amount_text(projected, goal.currency)} projected"

    def _before(self, figure: Figure) -> str:
        if figure.previous is None or not self.of.before:
            return ""
        return f"{self._amount_text(figure.previous, figure.currency)} in {self.of.before}"

    def _rates(self) -> Html:
        """A figure above a list, on one line."""
        if self.of.table is not None and self.of.form == "table" and self.of.name != "tickets":
            return NOTHING
        lines = []
        for each in self.of.figures:
            text = ", ".join(
                filter(None, (self._value(each), figure_card.remark(each, self.source)))
            )
            lines.append(element("p", f"{spelled(each.name)}: {text}", class_="remark"))
        return joined(*lines)

    def _picture(self) -> Html:
        found = self.of.table
        if found is None and self.of.form == "table" and self.of.records:
            rows = _listing(self.of, self.of.records[:_MOST_SHOWN], self.context)
            return listing_panel(rows, "", self.source, anchored=False).body
        if found is None or not found.rows:
            return NOTHING
        if self.of.form == "columns":
            return self._columns(found)
        if self.of.form == "bars":
            return self._bars(found)
        return self._table(found)

    def _columns(self, found: FigureTable) -> Html:
        """Months as columns: won, what commit adds to it, what the best case adds to that."""
        months = [_month(str(row[0])) for row in found.rows]
        steps = [[self._amount(row[place]) for row in found.rows] for place in (1, 2, 3)]
        parts = [
            steps[0],
            *([b - a for a, b in zip(x, y, strict=True)] for x, y in pairwise(steps)),
        ]
        names = ("Won", "Commit", "Best case")
        series = [Series(name, part) for name, part in zip(names, parts, strict=True)]
        best = max(range(len(months)), key=lambda place: steps[2][place])
        told = f"Most in {months[best]}: {self._short(steps[2][best])} in the best case."
        picture = column_chart(
            self.of.title,
            told,
            months,
            series,
            shown=self._short,
            width=self._width,
            values=False,
        )
        return joined(picture, details("Values", self._table(found)))

    def _bars(self, found: FigureTable) -> Html:
        """Stages as bars: the amount, its likely part darker."""
        bars = []
        for row in found.rows:
            rotting = f", {row[4]} rotting" if row[4] else ""
            note = f"{counted(int(str(row[1])), 'deal')}{rotting}"
            bars.append(Bar(str(row[0]), self._amount(row[2]), note, self._amount(row[3])))
        told = "; ".join(f"{bar.label} {self._short(bar.value)}" for bar in bars)
        picture = bar_chart(
            self.of.title, told, bars, shown=self._short, width=self._width, values=False
        )
        return joined(picture, details("Values", self._table(found)))

    def _table(self, found: FigureTable) -> Html:
        lines = [table_cells.cells(found, row, self.source) for row in found.rows]
        right = [place for place, column in enumerate(found.columns) if column.unit != "text"]
        names = [spelled(column.name) for column in found.columns]
        return table(names, lines, right=right)

    @property
    def _width(self) -> int:
        return WIDE if self.of.span >= _WIDE_SPAN else HALF

    def _amount(self, cell: Any) -> Decimal:
        """A cell as it is drawn: what is in the book's currency."""
        return (
            Decimal(cell.get(self.source.currency, 0)) if isinstance(cell, Mapping) else Decimal(0)
        )

    def _short(self, amount: Decimal) -> str:
        return in_language(short(amount), self.source.language)

    def _lines(self) -> Html:
        lines = (_line(each) for each in self.of.lines)
        return element("ul", joined(*lines), class_="lines") if self.of.lines else NOTHING

    def _left_out(self) -> Html:
        """What is not shown, with the way to all of it."""
        parts: list[Html] = []
        if self.of.left_out:
            parts.append(element("p", self.of.left_out, class_="remark"))
        if self.of.records:
            count = len(self.of.records)
            name = f"All {count}" if count > 1 else "The list"
            link = element("a", name, href=f"#{_list_name(self.of)}")
            parts.append(element("p", link, class_="remark"))
        return joined(*parts)


def _added(low: Sequence[Decimal], high: Sequence[Decimal]) -> list[Decimal]:
    """What each column of a cumulative forecast adds to the one before."""
    return [more - less for less, more in zip(low, high, strict=True)]


def _month(text: str) -> str:
    """`2026-12` as `Dec`."""
    _, _, number = text.partition("-")
    return MONTHS[int(number) - 1][:3] if number.isdecimal() else text


def _line(line: PanelLine) -> Html:
    look = "bad" if line.is_bad else None
    about = element("span", line.text, class_="remark more") if line.text else NOTHING
    right = element("span", line.right, class_=look) if line.right else NOTHING
    return element("li", element("span", line.title, about), right)


def _share(share: Decimal | None) -> Html:
    """How much of a goal is reached, as a bar."""
    if share is None:
        return NOTHING
    done = float(min(max(share, Decimal(0)), Decimal(1))) * 100
    return element(
        "svg",
        element("rect", width=100, height=8, class_="track"),
        element("rect", width=done, height=8, class_="s1"),
        viewBox="0 0 100 8",
        preserveAspectRatio="none",
        class_="share",
        aria_hidden="true",
    )
