"""Articles of the knowledge base: what they answered, which are stale, which are of no use."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from plaincrm.core.records.facts import Context, Fact, Needs
from plaincrm.core.records.record import Record
from plaincrm.core.text.fold import fold
from plaincrm.core.timeline.prose import prose
from plaincrm.core.value_class import value
from plaincrm.core.values.duration import Duration
from plaincrm.support.knowledge import ArticleText, FoundArticle, Knowledge
from plaincrm.support.themes import Theme, themes
from plaincrm.support.ticket_times import TicketTimes
from plaincrm.support.tickets import last_message

# An article that nobody looked at for a year may no longer be true.
STALE = Duration(1, "y")


def text_of(article: Record) -> ArticleText:
    """An article as it is searched."""
    return ArticleText(article.id, article.title, prose(article.load()))


def knowledge(articles: Iterable[Record]) -> Knowledge:
    """The articles, ready to be searched."""
    return Knowledge(text_of(article) for article in articles)


def solves(article: Record, ticket: Record) -> bool:
    """Whether the article says that it answered the ticket."""
    names = {fold(ticket.id), *(fold(alias) for alias in ticket.aliases())}
    return any(fold(item.text) in names for item in article.items("solves"))


def suggestions(ticket: Record, found: Knowledge, limit: int = 5) -> list[FoundArticle]:
    """The articles that may answer a ticket, by its subject and the customer's last message."""
    return found.suggest(ticket.title, last_message(ticket), limit=limit)


@value
class KnowledgeGap:
    """A word that several tickets have and no article is about."""

    theme: Theme


def gaps(tickets: Sequence[TicketTimes], articles: Sequence[Record]) -> list[KnowledgeGap]:
    """The themes of tickets without an article, those of most tickets first. A ticket that an
    article names under `solves` has one.
    """
    answered = {fold(item.text) for article in articles for item in article.items("solves")}
    open_ones = [each for each in tickets if fold(each.ticket.id) not in answered]
    found = knowledge(articles)
    return [
        KnowledgeGap(theme) for theme in themes(open_ones) if not found.search(theme.word, limit=1)
    ]


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
