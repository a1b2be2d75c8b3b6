"""The index of the portal's search, as a text that its script reads.

The ranking is BM25, as `kb search` has it; its part that needs the text is reckoned here and kept
as one letter.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from plaincrm.support.portal import PortalArticle
from plaincrm.support.portal_words import words_of

TITLE_WEIGHT = 10
_K1, _B = 1.2, 0.75  # SQLite's own constants of BM25
_STEPS = 26  # weights are the letters A to Z
_MOST_TERMS = 90  # of one article, the rarest; 500 long articles then stay under 300 KB
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def index_lines(articles: Sequence[PortalArticle]) -> str:
    """A line a term, `print 3B1A`: the articles that have it, each as the distance to the one
    before in base 36, followed by its weight as a letter.
    """
    counts = [_counts(article) for article in articles]
    lengths = [sum(count.values()) for count in counts]
    mean = sum(lengths) / max(len(lengths), 1) or 1
    having: Counter[str] = Counter(term for count in counts for term in count)
    kept: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for place, count in enumerate(counts):
        titles = set(words_of(articles[place].title))
        rarest = sorted(count, key=lambda term: (term not in titles, having[term], term))
        for term in rarest[:_MOST_TERMS]:
            kept[term].append((place, _letter(count[term], lengths[place] / mean)))
    return "\n".join(f"{term} {_places(kept[term])}" for term in sorted(kept))


def _counts(article: PortalArticle) -> Counter[str]:
    found = Counter(words_of(article.text))
    for word in words_of(f"{article.title} {' '.join(article.tags)}"):
        found[word] += TITLE_WEIGHT
    return found


def _letter(often: int, length: float) -> str:
    weight = often * (_K1 + 1) / (often + _K1 * (1 - _B + _B * length))
    step = round(weight / (_K1 + 1) * _STEPS)
    return chr(ord("A") + min(max(step, 1), _STEPS) - 1)


def _places(having: Sequence[tuple[int, str]]) -> str:
    before, found = 0, []
    for place, letter in having:
        found.append(f"{_base36(place - before)}{letter}")
        before = place
    return "".join(found)


def _base36(number: int) -> str:
    text = ""
    while number >= 36:
        number, rest = divmod(number, 36)
        text = _DIGITS[rest] + text
    return _DIGITS[number] + text
