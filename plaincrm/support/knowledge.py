"""Searching the knowledge base: articles ranked by how well they answer some words.

The ranking is BM25 of SQLite's full text search (`porter unicode61`), the title ten times as heavy
as the body. A word that stands in half of the articles gets next to nothing there, so a small
collection is weighed by another measure of how rare a word is: ln(1 + (N - n + 0.5) / (n + 0.5)),
for N articles of which n have the word.
"""

from __future__ import annotations

import math
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property

from plaincrm.core.text.pattern import pattern
from plaincrm.core.value_class import value
from plaincrm.support.common_words import COMMON_WORDS

TITLE_WEIGHT = 10.0
# Below so many articles SQLite's own measure of rarity says too little.
FEW = 20
# SQLite's own constants of BM25.
_K1, _B = 1.2, 0.75
# Words of a passage around what was found.
_PASSAGE = 24
# Characters of an article that are searched. SQLite looks for the best passage in the square of the
# hits, and this many of one word take it a second.
LONGEST_BODY = 200_000
# A long mail is asked with its most telling words; the rest costs time and finds the same.
_MOST_WORDS = 40
_WORD = pattern(r"[^\W_]+(?:['’-][^\W_]+)*")
_SPACES = pattern(r"\s+")
# What stands in brackets and where a link leads have an end, or a text of brackets would have none.
_MARKUP = pattern(r"!?\[([^\[\]]{0,500})\]\([^)\n]{0,200}\)|[*_`#>|]+")


@value
class ArticleText:
    """An article as it is searched: the text without front matter, tasks and log. `tags` are found
    as words of the text are.
    """

    id: str
    title: str
    body: str
    tags: str = ""


@value
class FoundArticle:
    """An article that fits, with its score (more is better) and a passage with the words."""

    id: str
    score: float
    passage: str


class Knowledge:
    """The articles, ready to be searched."""

    def __init__(self, articles: Iterable[ArticleText]) -> None:
        self.articles = list(articles)

    def search(self, words: str, *, any_word: bool = False, limit: int = 10) -> list[FoundArticle]:
        """The articles that have all the words, best first; or any of them, but for those that
        stand in any question.
        """
        wanted = _WORD.findall(words)
        if any_word:
            wanted = telling_words(wanted)
        if not wanted or not self.articles:
            return []
        asked = _match(wanted, any_word)
        if len(self.articles) < FEW:
            found = self._by_own_measure(wanted, asked)
        else:
            found = self._by_sqlite(asked)
        best = sorted(found, key=lambda pair: (-pair[1], pair[0]))[:limit]
        return [self._found(row, score, asked) for row, score in best]

    def suggest(self, subject: str, text: str, *, limit: int = 5) -> list[FoundArticle]:
        """The articles that may answer a message, by its rarest words; those of the subject count
        twice as much.
        """
        words = Counter(word.casefold() for word in telling_words(_WORD.findall(text)))
        for word in telling_words(_WORD.findall(subject)):
            words[word.casefold()] += 2
        known = {word: self._share(word) for word in words if len(word) > 1}
        telling = [word for word, share in known.items() if 0 < share < _USUAL]
        telling.sort(key=lambda word: (known[word], -words[word], word))
        if not telling:
            return []
        scores: Counter[int] = Counter()
        for word in telling[:_MOST_WORDS]:
            for row, score in self._by_own_measure([word], _match([word], True)):
                scores[row] += score * min(words[word], 3)  # type: ignore[assignment]
        best = sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))[:limit]
        asked = _match(telling[:_MOST_WORDS], True)
        return [self._found(row, score, asked) for row, score in best]

    def _share(self, word: str) -> float:
        """The share of the articles that have the word."""
        terms = self._terms([word])
        rows = [self._rows_of.get(term, {}) for term in terms]
        return max((len(each) for each in rows), default=0) / len(self.articles)

    @cached_property
    def _table(self) -> sqlite3.Connection:
        table = sqlite3.connect(":memory:")
        stems = "tokenize='porter unicode61'"
        table.execute(f"create virtual table article using fts5(title, body, tags, {stems})")
        table.execute(f"create virtual table word using fts5(text, {stems})")
        table.execute("create virtual table place using fts5vocab(article, instance)")
        table.execute("create virtual table asked using fts5vocab(word, instance)")
        rows = (
            (n, each.title, each.body[:LONGEST_BODY], each.tags)
            for n, each in enumerate(self.articles)
        )
        table.executemany("insert into article(rowid, title, body, tags) values (?, ?, ?, ?)", rows)
        return table

    def _by_sqlite(self, asked: str) -> list[tuple[int, float]]:
        ranked = "select rowid, -bm25(article, ?, 1.0, 1.0) from article where article match ?"
        return list(self._table.execute(ranked, (TITLE_WEIGHT, asked)))

    def _by_own_measure(self, wanted: Sequence[str], asked: str) -> list[tuple[int, float]]:
        rows = [
            row
            for (row,) in self._table.execute(
                "select rowid from article where article match ?", (asked,)
            )
        ]
        terms = self._terms(wanted)
        return [(row, sum(self._weight(term, row) for term in terms)) for row in rows]

    def _weight(self, term: str, row: int) -> float:
        """BM25 of one term in one article."""
        rows = self._rows_of.get(term, {})
        if row not in rows:
            return 0.0
        count, having, often = len(self.articles), len(rows), rows[row]
        rare = math.log(1 + (count - having + 0.5) / (having + 0.5))
        length = self._lengths[row] / self._mean_length
        return rare * often * (_K1 + 1) / (often + _K1 * (1 - _B + _B * length))

    def _terms(self, words: Sequence[str]) -> list[str]:
        """The words as the index has them, cut to their stems."""
        table = self._table
        table.execute("delete from word")
        table.executemany("insert into word(text) values (?)", ((word,) for word in words))
        return [term for (term,) in table.execute("select distinct term from asked")]

    @cached_property
    def _rows_of(self) -> dict[str, dict[int, float]]:
        """Each term, with its weighted count in every article that has it."""
        found: dict[str, dict[int, float]] = {}
        counted = "select term, doc, col, count(*) from place group by term, doc, col"
        for term, row, column, count in self._table.execute(counted):
            weight = count * (TITLE_WEIGHT if column == "title" else 1.0)
            rows = found.setdefault(term, {})
            rows[row] = rows.get(row, 0.0) + weight
        return found

    @cached_property
    def _lengths(self) -> dict[int, int]:
        """The number of terms of every article."""
        return dict(self._table.execute("select doc, count(*) from place group by doc"))

    @cached_property
    def _mean_length(self) -> float:
        return sum(self._lengths.values()) / len(self.articles)

    def _found(self, row: int, score: float, asked: str) -> FoundArticle:
        cut = (
            "select snippet(article, 1, '', '', '…', ?) from article"
            " where article match ? and rowid = ?"
        )
        passage = self._table.execute(cut, (_PASSAGE, asked, row)).fetchone()
        text = passage[0] if passage else self.articles[row].body
        return FoundArticle(self.articles[row].id, score, plain_passage(text))


# A word that stands in so large a share of the articles tells nothing of what a message is about.
_USUAL = 0.5


def telling_words(words: Sequence[str]) -> list[str]:
    """The words without those that stand in any question; all of them where none is left."""
    kept = [word for word in words if word.casefold() not in COMMON_WORDS]
    return kept or list(words)


def _match(words: Sequence[str], any_word: bool) -> str:
    """Words as a query of FTS5: each in quotes, so that none is read as an operator."""
    quoted = ('"' + word.replace('"', '""') + '"' for word in words)
    return (" OR " if any_word else " ").join(quoted)


def plain_passage(text: str) -> str:
    """Markdown as one line of plain text."""
    bare = _MARKUP.sub(lambda match: match[1] or "", text)
    return _SPACES.sub(" ", bare).strip()
