"""Regular expressions: what they find, and which forms the subset without re2 refuses."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

import pytest

from plaincrm.core.query import regex
from plaincrm.errors import QueryError

UNSAFE = [
    r"(a+)+",
    r"(a*)*b",
    r"(?:a+)+$",
    r"(a|aa)+",
    r"(a|b)*",
    r"((ab)*)*",
    r"(a{1,9})+",
    r"(x(y+)z)*",
    r"(a+){2,}",
    r"(a)\1",
    r"(?P<n>a)(?P=n)",
    r"(?=a)b",
    r"(?!a)b",
    r"(?<=a)b",
    r"(?<!a)b",
    r"(?>a+)",
    r"(?(1)a|b)",
    r"a*a*a*",
    r".*x.*y.*z",
]
SAFE = [
    "^Ada",
    "ada|eve",
    "(ada|eve) l",
    "a.*b",
    "[a-z]+@[a-z.]+",
    r"\d{3,5}",
    r"(?:ab)+",
    r"(abc)?",
    "(a+b)?",
    r"[(+*)]+",
    r"\(a+\)+",
    "a{2}b{3}",
    r"x\.y",
    "[]a]+",
    "ä+",
]


@pytest.fixture(params=["re2", "re"])
def library(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """With google-re2, and as if it were not installed."""
    if request.param == "re2":
        pytest.importorskip("re2")
    else:
        monkeypatch.setitem(sys.modules, "re2", None)
    regex.searcher.cache_clear()
    yield
    regex.searcher.cache_clear()


@pytest.mark.parametrize("pattern", UNSAFE)
def test_the_subset_refuses_what_may_backtrack(pattern: str) -> None:
    assert regex.unsafe(pattern)


@pytest.mark.parametrize("pattern", SAFE)
def test_the_subset_takes_the_rest(pattern: str) -> None:
    assert not regex.unsafe(pattern)
    re.compile(pattern)


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("pattern", [r"(a)\1", "(?=a)b", "(?<!a)b", "(", "[a", "*"])
def test_both_ways_refuse_what_is_no_regular_expression(pattern: str) -> None:
    with pytest.raises(QueryError):
        regex.searcher(pattern)


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("^ada", "Ada Lovelace", True),
        ("lace$", "Ada Lovelace", True),
        ("^love", "Ada Lovelace", False),
        ("ü", "MÜLLER", True),
        (r"\d{3}", "ab 123", True),
        ("", "", True),
    ],
)
def test_search_is_anywhere_and_without_case(pattern: str, text: str, found: bool) -> None:
    assert regex.searcher(pattern)(text) is found
