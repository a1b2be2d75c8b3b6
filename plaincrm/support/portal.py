"""The self-service site as values: public articles, their categories, and which are related.

Nothing of a private article gets here, and of a public one only what is written freely: no task, no
log, no ticket that it answered.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.text.pattern import pattern
from plaincrm.core.timeline.prose import prose
from plaincrm.core.value_class import value
from plaincrm.support.article_facts import answered, reviewed
from plaincrm.support.knowledge import plain_passage
from plaincrm.support.portal_words import words_of

MOST_RELATED = 3
MOST_READ = 6
# What begins the lines of a list, which a passage on one line must not show.
_MARKER = pattern(r"(?m)^\s*(?:[-*+]|\d{1,9}[.)])\s+")
_LEAD = 120  # characters of an article that a list and the search show
_TAG = 3  # a tag or a category weighs as much as so many words in common
_USUAL = 0.4  # a word in so large a share of the articles relates nothing


@value
class PortalArticle:
    """A public article. `text` is Markdown; `answered` the number of tickets that it answered;
    `lead` its first words, plain.
    """

    id: str
    title: str
    category: str
    language: str
    text: str
    lead: str
    changed: date | None
    answered: int
    tags: tuple[str, ...] = ()


@value
class Portal:
    """The articles by title; `related` by id."""

    articles: tuple[PortalArticle, ...]
    related: Mapping[str, tuple[PortalArticle, ...]]

    @property
    def categories(self) -> dict[str, list[PortalArticle]]:
        """Category to its articles, by name; those without one last, under an empty name."""
        found: dict[str, list[PortalArticle]] = defaultdict(list)
        for article in self.articles:
            found[article.category].append(article)
        return {name: found[name] for name in sorted(found, key=lambda name: (not name, name))}

    @property
    def most_read(self) -> list[PortalArticle]:
        """Those that answered most tickets, then the newest."""
        newest = sorted(self.articles, key=lambda each: each.changed or date.min, reverse=True)
        return sorted(newest, key=lambda each: -each.answered)[:MOST_READ]

    @property
    def languages(self) -> list[str]:
        return sorted({article.language for article in self.articles})


def portal(articles: Iterable[Record], context: Context) -> Portal:
    """The site of the public ones among `articles`."""
    public = [each for each in articles if _is_public(each)]
    found = [_article(each, context) for each in public]
    found.sort(key=lambda each: (each.title.casefold(), each.id))
    return Portal(tuple(found), related(found))


def _is_public(article: Record) -> bool:
    """Only what says so: an article without an audience is private."""
    return article.text("audience").strip().casefold() == "public"


def _article(article: Record, context: Context) -> PortalArticle:
    text = prose(article.load())
    lead = plain_passage(_MARKER.sub("", text))
    shown = lead if len(lead) <= _LEAD else lead[:_LEAD].rpartition(" ")[0] + " …"
    language = article.text("language") or context.settings.language
    return PortalArticle(
        article.id,
        article.title,
        article.text("category").strip(),
        language.strip(),
        text,
        shown,
        reviewed(article, context),
        answered(article, context),
        tuple(item.text for item in article.items("tags")),
    )


def related(articles: Sequence[PortalArticle]) -> dict[str, tuple[PortalArticle, ...]]:
    """For each article those that have most in common with it: category, tags, rare words; of the
    same language.
    """
    having: dict[str, list[int]] = defaultdict(list)
    for place, article in enumerate(articles):
        for mark in _marks(article):
            having[mark].append(place)
    found = {}
    for place, article in enumerate(articles):
        scores: Counter[int] = Counter()
        for mark, weight in _marks(article).items():
            others = having[mark]
            if len(others) > 1 and (weight > 1 or len(others) <= _USUAL * len(articles)):
                rare = math.log(1 + len(articles) / len(others))
                for other in others:
                    scores[other] += weight * rare  # type: ignore[assignment]
        ranked = sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))
        near = [articles[other] for other, _ in ranked if other != place]
        same = [each for each in near if each.language == article.language]
        found[article.id] = tuple(same[:MOST_RELATED])
    return found


def _marks(article: PortalArticle) -> dict[str, int]:
    """What an article has in common with others, each with its weight."""
    words = dict.fromkeys(words_of(f"{article.title} {article.text}"), 1)
    marks = {f"#{tag.casefold()}": _TAG for tag in article.tags}
    if article.category:
        marks[f"/{article.category.casefold()}"] = _TAG
    return {**words, **marks}
