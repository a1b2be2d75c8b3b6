"""Names that people give to columns, in eight languages, and the targets they mean."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache

from plaincrm.interchange.csv import column_words

LINE_COLUMN = "_line"
REASON_COLUMN = "_reason"
IGNORED = frozenset({LINE_COLUMN, REASON_COLUMN})

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")

_TABLES = {
    "contact": column_words.PERSON + column_words.PLACE + column_words.EVERY,
    "company": column_words.COMPANY + column_words.PLACE + column_words.EVERY,
    "deal": column_words.DEAL + column_words.EVERY,
    "ticket": column_words.TICKET + column_words.EVERY,
    "article": column_words.ARTICLE + column_words.EVERY,
    "product": column_words.PRODUCT + column_words.EVERY,
    "campaign": column_words.CAMPAIGN + column_words.EVERY,
    "log": column_words.ENTRY,
    "order": column_words.ENTRY,
    "task": column_words.ENTRY,
}
MARKS = {
    "contact": {
        "name.given",
        "name.family",
        "job",
        "birthday",
        "phone.mobile",
        "email",
        "greeting",
        "unsubscribed",
    },
    "company": {"domain", "website", "industry", "vat_id"},
    "deal": {"value", "stage", "close_date", "probability", "pipeline", "lost_reason"},
    "ticket": {"subject", "priority", "solved", "csat", "channel"},
    "article": {"audience"},
    "product": {"price", "unit"},
    "campaign": {"segment", "template"},
}
"""The targets that speak for a kind: a sheet with an amount and a stage holds deals."""


def fold(header: str) -> str:
    """The form in which headers are compared: `E-mail 1 - Value*` is `e mail 1 value`."""
    text = unicodedata.normalize("NFKC", header).casefold()
    return " ".join(re.sub(r"[\W_]+", " ", text).split())


def parted(header: str) -> str:
    """As `fold`, words that are only parted by capitals too: `AccountName` is `account name`."""
    return fold(_CAMEL.sub(" ", header))


@lru_cache(maxsize=8192)
def key_of(header: str) -> str:
    """The name of an own field for a column that means none of ours: `Annual Revenue` →
    `annual_revenue`."""
    text = unicodedata.normalize("NFKC", header.removesuffix("__C").removesuffix("__c")).lower()
    key = re.sub(r"\W+", "_", text).strip("_")
    return f"n{key}" if key[:1].isdigit() else key or "column"


@cache
def aliases(kind: str) -> Mapping[str, str]:
    """Folded header to target, for a kind. Empty for kinds of the book's own."""
    found: dict[str, str] = {}
    for line in _TABLES.get(kind, "").replace("\n    ", " ").split("\n"):
        target, _, words = line.partition(": ")
        for word in filter(None, words.split(",")):
            found.setdefault(fold(word), target)
    return found


@cache
def _ranks(kind: str) -> Mapping[str, int]:
    ranks: dict[str, int] = {}
    for line in _TABLES.get(kind, "").replace("\n    ", " ").split("\n"):
        for rank, word in enumerate(filter(None, line.partition(": ")[2].split(","))):
            ranks.setdefault(fold(word), rank)
    return ranks


def rank(kind: str, folded: str) -> int:
    """How far back in its row a word stands: of two that mean the same, the first goes before."""
    return _ranks(kind).get(folded, 0)


@cache
def every() -> frozenset[str]:
    """All folded headers that mean something for some kind."""
    return frozenset(name for kind in _TABLES for name in aliases(kind))
