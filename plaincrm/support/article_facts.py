"""Facts of articles: what they answered, which are stale, which are of no use yet."""

from __future__ import annotations

from datetime import date

from plaincrm.core.records.facts import Context, Fact, Needs
from plaincrm.core.records.record import Record
from plaincrm.core.text.fold import fold
from plaincrm.core.values.duration import Duration

# An article that nobody looked at for a year may no longer be true.
STALE = Duration(1, "y")


def solves(article: Record, ticket: Record) -> bool:
    """Whether the article says that it answered the ticket."""
    names = {fold(ticket.id), *(fold(alias) for alias in ticket.aliases())}
    return any(fold(item.text) in names for item in article.items("solves"))


def reviewed(article: Record, context: Context) -> date | None:
    """The day somebody last said that it is true: the latest entry of its log, else when it was
    made.
    """
    day: date | None = context.fact(article, "last_entry") or context.fact(article, "began")
    return day


def stale(article: Record, context: Context) -> bool:
    day = reviewed(article, context)
    return day is not None and STALE.clamped(day) < context.today


def answered(article: Record, _: Context) -> int:
    """How many tickets it answered."""
    return len(article.items("solves"))


def unused(article: Record, context: Context) -> bool:
    return not answered(article, context)


FACTS = (
    Fact("article", "answered", "number", Needs.FILE, "How many tickets it answered", answered),
    Fact("article", "is:unused", "bool", Needs.FILE, "It answered no ticket yet", unused),
    Fact(
        "article",
        "is:stale",
        "bool",
        Needs.DAY,
        "Nobody looked at it for a year: no log entry, and older than that",
        stale,
    ),
)
