"""Regular expressions: what they find, and which forms the subset without re2 refuses."""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaincrm.core.query import linear_regex, regex
from plaincrm.core.query.linear_regex import LinearRegex
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


ATOMS = [
    *"ab1 \n",
    "ß",
    ".",
    "[ab]",
    "[^a]",
    "[]a]",
    r"\d",
    r"\w",
    r"\b",
    r"\B",
    "^",
    "$",
    r"\A",
    r"\Z",
]


def repeated(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    runs = st.lists(inner, max_size=4).map("".join)
    ways = st.lists(runs, min_size=1, max_size=3).map(lambda found: f"(?:{'|'.join(found)})")
    counts = ["*", "+", "?", "{2}", "{,2}", "{1,}", "*?", "{0,3}?"]
    counted = st.tuples(inner.filter(is_countable), st.sampled_from(counts)).map("".join)
    return runs | ways | counted


def is_countable(text: str) -> bool:
    """Whether a count may follow: after one leaf, or a group."""
    return (text in ATOMS[:13] and text not in (r"\b", r"\B")) or text.startswith("(?:")


@given(
    st.recursive(st.sampled_from(ATOMS), repeated, max_leaves=8),
    st.sampled_from(["", "(?m)", "(?s)", "(?im)"]),
    st.text("aAbB1 \nſß", max_size=8),
)
def test_our_own_matcher_finds_what_re_finds(pattern: str, flags: str, text: str) -> None:
    expected = re.compile(flags + pattern, re.IGNORECASE).search(text) is not None
    assert LinearRegex(flags + pattern).found_in(text) is expected


ENDLESS = [
    "a+a+b",
    "a{0,99}a{0,99}b",
    "[^b]*[^b]*b!",
    ".*.*=x",
    "a?" * 60 + "a" * 60 + "b",
    "a{90}a*b",
    "(?:a|b)(?:a|ab)(?:a|ab)(?:a|ab)(?:a|ab)(?:a|ab)a*c",
]


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("pattern", ENDLESS)
def test_no_pattern_that_is_taken_runs_without_end(pattern: str) -> None:
    """Each took `re` minutes, and more for a text twice as long: it would stop the whole run."""
    assert regex.searcher(pattern)("a" * 60_000) is False
    assert regex.searcher(pattern)("a" * 60) is False


def test_counts_that_are_too_high_and_texts_that_never_repeat_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "re2", None)
    regex.searcher.cache_clear()
    with pytest.raises(QueryError, match="too large"):
        regex.searcher("a{0,400}a{0,400}b")
    monkeypatch.setattr(linear_regex, "MOST_WORK", 100_000)
    search = regex.searcher("a.{290}c")
    text = "".join(random.Random(1).choices("ab", k=60_000))
    with pytest.raises(QueryError, match="too long"):
        search(text)
    regex.searcher.cache_clear()
