"""What tickets are about: words that grew, customers who ask more than before, and themes without
an article.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from plaincrm.core.value_class import value
from plaincrm.core.values.figure import FigureColumn, FigureTable
from plaincrm.support.ticket_times import TicketTimes

# Below so many tickets a word or a customer is chance, not a theme.
LEAST = 3
# It has grown if it has half as many tickets again.
_GROWTH = 1.5
_SHOWN = 10


@value
class Theme:
    """A word of subjects, with the tickets that have it now, and how many had it before."""

    word: str
    tickets: tuple[TicketTimes, ...]
    before: int


def themes(tickets: Sequence[TicketTimes], before: Sequence[TicketTimes] = ()) -> list[Theme]:
    """The words of at least `LEAST` tickets, the most frequent first."""
    found: dict[str, list[TicketTimes]] = {}
    for each in tickets:
        for word in each.words:
            found.setdefault(word, []).append(each)
    former = Counter(word for each in before for word in each.words)
    kept = [Theme(w, tuple(group), former[w]) for w, group in found.items() if len(group) >= LEAST]
    return sorted(kept, key=lambda theme: (-len(theme.tickets), theme.word))


def grown(count: int, before: int) -> bool:
    """Whether so many tickets are more than chance, after so many before."""
    return count >= LEAST and count >= before * _GROWTH and count > before


def theme_table(tickets: Sequence[TicketTimes], before: Sequence[TicketTimes]) -> FigureTable:
    """The words that grew against the period before."""
    found = [t for t in themes(tickets, before) if grown(len(t.tickets), t.before)][:_SHOWN]
    return FigureTable(
        "themes that grew",
        _columns("theme"),
        tuple((theme.word, len(theme.tickets), theme.before) for theme in found),
        tuple(_refs(theme.tickets) for theme in found),
    )


def rising_table(
    tickets: Sequence[TicketTimes],
    before: Sequence[TicketTimes],
    customers: Callable[[TicketTimes], Iterable[str]],
) -> FigureTable:
    """The customers who wrote more than in the period before."""
    now: dict[str, list[TicketTimes]] = {}
    for each in tickets:
        for name in customers(each):
            now.setdefault(name, []).append(each)
    former = Counter(name for each in before for name in customers(each))
    rising = [(name, group) for name, group in now.items() if grown(len(group), former[name])]
    rising.sort(key=lambda pair: (former[pair[0]] - len(pair[1]), pair[0]))
    return FigureTable(
        "customers with more tickets",
        _columns("customer"),
        tuple((name, len(group), former[name]) for name, group in rising[:_SHOWN]),
        tuple(_refs(group) for _, group in rising[:_SHOWN]),
    )


def _columns(first: str) -> tuple[FigureColumn, ...]:
    return (FigureColumn(first), FigureColumn("tickets", "count"), FigureColumn("before", "count"))


def _refs(tickets: Iterable[TicketTimes]) -> tuple[str, ...]:
    return tuple(each.ref for each in tickets)
