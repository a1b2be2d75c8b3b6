"""Articles of the knowledge base: which may answer a ticket, and what none of them is about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from plaincrm.core.records.record import Record
from plaincrm.core.text.fold import fold
from plaincrm.core.timeline.prose import prose
from plaincrm.core.value_class import value
from plaincrm.support.knowledge import ArticleText, FoundArticle, Knowledge
from plaincrm.support.themes import Theme, themes
from plaincrm.support.ticket_times import TicketTimes
from plaincrm.support.tickets import last_message


def text_of(article: Record) -> ArticleText:
    """An article as it is searched: its tags are words of the text."""
    tags = " ".join(item.text for item in article.items("tags"))
    return ArticleText(article.id, article.title, prose(article.load()), tags)


def knowledge(articles: Iterable[Record]) -> Knowledge:
    """The articles, ready to be searched."""
    return Knowledge(text_of(article) for article in articles)


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
    open_ones = [each for each in tickets if fold(each.id) not in answered]
    found = knowledge(articles)
    return [
        KnowledgeGap(theme) for theme in themes(open_ones) if not found.search(theme.word, limit=1)
    ]
