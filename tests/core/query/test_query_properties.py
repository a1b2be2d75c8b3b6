"""Laws of the language on arbitrary words and small random books, and a naive evaluator to compare
with.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaincrm.core.query import grammar
from plaincrm.errors import QueryError
from tests.core.query.book_of_text import book

FIELDS = ("stage", "value", "probability", "company", "tags", "own")
STAGES = ("lead", "proposal", "won")
NUMBERS = tuple(str(n) for n in range(0, 6))
VALUES = {
    "stage": STAGES,
    "value": NUMBERS,
    "probability": ("10", "20", "50"),
    "company": ("acme", "fjord"),
    "tags": ("vip", "old", "new"),
    "own": ("1", "2", "10", "x", "y"),
}
ALPHABET = st.sampled_from(
    [*"ab1.,:=<>!~()\"'@+-* \\", "or", "not", "name", "value", "deals", "..", "is", "count", "sum"]
)
WORDS = st.lists(st.lists(ALPHABET, max_size=12).map("".join) | st.text(max_size=12), max_size=5)


@dataclass(frozen=True)
class Term:
    """A comparison, in a form that the naive evaluator understands without parsing."""

    field: str
    op: str
    low: str
    high: str = ""

    @property
    def word(self) -> str:
        return (
            f"{self.field}:{self.low}..{self.high}"
            if self.op == ".."
            else f"{self.field}{self.op}{self.low}"
        )


def _ops(field: str) -> list[str]:
    return (
        [":", "!="]
        if field in ("stage", "company", "tags")
        else [":", "!=", "<", "<=", ">", ">=", ".."]
    )


@st.composite
def terms(draw: st.DrawFn) -> Term:
    field = draw(st.sampled_from(FIELDS))
    value = st.sampled_from(VALUES[field])
    op, low, high = draw(st.sampled_from(_ops(field))), draw(value), draw(value)
    if op == ".." and not _fits("<=", low, high):  # that would be an error
        low, high = high, low
    return Term(field, op, low, high)


Query = Term | tuple  # a term, or ("not", q), ("and", q, q), ("or", q, q)
QUERIES = st.recursive(
    terms(),
    lambda inner: (
        st.tuples(st.just("not"), inner) | st.tuples(st.sampled_from(["and", "or"]), inner, inner)
    ),
    max_leaves=6,
)
FRONT = st.fixed_dictionaries(
    {},
    optional={
        f: st.lists(st.sampled_from(VALUES[f]), min_size=1, max_size=2, unique=True) for f in FIELDS
    },
)
BOOKS = st.lists(FRONT, min_size=1, max_size=6)


def written(query: Query) -> str:
    """The query as a user types it."""
    if isinstance(query, Term):
        return query.word
    if query[0] == "not":
        return f"not ({written(query[1])})"
    return f"({written(query[1])}) {'or' if query[0] == 'or' else ''} ({written(query[2])})"


def naive(query: Query, front: dict[str, list[str]]) -> bool:
    """What the language means, as plainly as can be said."""
    if isinstance(query, Term):
        return _naive_term(query, front.get(query.field, []))
    if query[0] == "not":
        return not naive(query[1], front)
    both = [naive(query[1], front), naive(query[2], front)]
    return any(both) if query[0] == "or" else all(both)


def _naive_term(term: Term, values: list[str]) -> bool:
    if term.op == "!=":
        return bool(values) and not any(_fits(":", value, term.low) for value in values)
    if term.op == "..":
        return any(
            _fits(">=", value, term.low) and _fits("<=", value, term.high) for value in values
        )
    return any(_fits(term.op, value, term.low) for value in values)


def _fits(op: str, value: str, wanted: str) -> bool:
    left, right = (
        (Decimal(value), Decimal(wanted)) if (value + wanted).isdigit() else (value, wanted)
    )
    return {
        ":": left == right,
        "<": left < right,
        "<=": left <= right,
        ">": left > right,
        ">=": left >= right,
    }[op]


def _files(fronts: list[dict[str, list[str]]]) -> dict[str, str]:
    files = {
        "deal/all": "\n".join(["name: All", *(f"{field}: {VALUES[field][0]}" for field in FIELDS)])
    }
    for number, front in enumerate(fronts):
        lines = [f"{field}: [{', '.join(values)}]" for field, values in front.items()]
        files[f"deal/d{number}"] = "\n".join([f"name: D{number}", *lines])
    return files


def _fronts(fronts: list[dict[str, list[str]]]) -> dict[str, dict[str, list[str]]]:
    everything = {field: [VALUES[field][0]] for field in FIELDS}
    return {"all": everything} | {f"d{number}": front for number, front in enumerate(fronts)}


@given(BOOKS, QUERIES)
def test_compiled_equals_naive(fronts: list[dict[str, list[str]]], query: Query) -> None:
    expected = [id for id, front in _fronts(fronts).items() if naive(query, front)]
    assert book(_files(fronts), facts=()).ask("deals", written(query)) == expected


@given(BOOKS, QUERIES)
def test_the_mask_says_what_the_test_says(fronts: list[dict[str, list[str]]], query: Query) -> None:
    here = book(_files(fronts), facts=())
    term = here.query("deals", written(query)).selection.term
    mask = term.mask()
    passes = [term.test(record) for record in here.records("deals")]
    if mask is not None:
        assert all(fits or not passed for fits, passed in zip(mask, passes, strict=True))
    if mask is not None and term.exact:
        assert list(map(bool, mask)) == passes


@pytest.mark.parametrize(
    ("kind", "words", "exact"),
    [
        ("deals", ["stage:won"], True),
        ("contacts", ["status:customer,prospect"], True),
        ("contacts", ["+vip", "or", "status:prospect"], True),
        ("contacts", ["not", "+vip"], True),
        ("tickets", ["is:open"], True),
        ("contacts", ["deals(stage:won).count:1.."], False),
    ],
)
def test_what_has_a_mask(kind: str, words: list[str], exact: bool) -> None:
    here = book()
    term = here.query(kind, *words).selection.term
    mask = term.mask()
    assert mask is not None
    assert term.exact == exact
    passes = [term.test(record) for record in here.records(kind)]
    assert all(fits or not passed for fits, passed in zip(mask, passes, strict=True))
    if exact:
        assert list(map(bool, mask)) == passes


LINKED = st.sampled_from(
    [
        "deals",
        "deals(stage:won)",
        "deals@contact",
        "deals(is:won)",
        "deals(is:won stage:won,lead)",
        "deals(not stage:won)",
        "deals(name:ghost)",
    ]
)
ASKED = st.sampled_from(
    [
        "",
        ".count:0",
        ".count:1..",
        ".count:..1",
        ".count!=1",
        ".value.sum>5",
        ".value.sum:0",
        ".value.max:3..",
        ".stage:won",
        ".stage!=won",
        ".value.sum<=4",
        ".name~d",
    ]
)
OWNERS = st.lists(
    st.lists(st.sampled_from(["ann", "bea", "Bea", "once", "gone"]), max_size=2), max_size=5
)


STAGED = st.lists(st.sampled_from(STAGES), min_size=5, max_size=5)


@given(OWNERS, STAGED, st.lists(st.tuples(LINKED, ASKED), max_size=3))
def test_what_links_back_is_asked_alike_by_columns_and_by_records(
    owners: list[list[str]], stages: list[str], terms: list[tuple[str, str]]
) -> None:
    files = {
        "contact/ann": "name: Ann",
        "contact/bea": "name: Bea\naliases: once",
        "contact/cy": "name: Cy",
    }
    for number, (people, stage) in enumerate(zip(owners, stages, strict=False)):
        link = f"contact: [{', '.join(people)}]\n" if people else ""
        files[f"deal/d{number}"] = f"name: D{number}\n{link}stage: {stage}\nvalue: {number}"
    words = [f"{linked}{asked}" for linked, asked in terms]
    assert set(book(files).ask("contacts", *words)) <= {
        "ann",
        "bea",
        "cy",
    }  # `ask` compares both ways


@given(BOOKS, QUERIES)
def test_not_not_is_nothing_and_q_or_not_q_is_all(
    fronts: list[dict[str, list[str]]], query: Query
) -> None:
    here, text = book(_files(fronts), facts=()), written(query)
    assert here.ask("deals", "not", "not", f"({text})") == here.ask("deals", text)
    assert here.ask("deals", f"({text}) or not ({text})") == here.ask("deals")
    assert here.ask("deals", f"({text})", f"not ({text})") == []


@given(BOOKS, st.sampled_from(["value", "probability"]), st.integers(0, 60), st.integers(0, 60))
def test_a_range_is_two_comparisons(
    fronts: list[dict[str, list[str]]], field: str, low: int, high: int
) -> None:
    low, high = sorted((low, high))
    here = book(_files([{k: v[:1] for k, v in front.items()} for front in fronts]), facts=())
    both = here.ask("deals", f"{field}>={low}", f"{field}<={high}")
    assert here.ask("deals", f"{field}:{low}..{high}") == both
    assert here.ask("deals", f"{field}:{low}..") == here.ask("deals", f"{field}>={low}")
    assert here.ask("deals", f"{field}:..{high}") == here.ask("deals", f"{field}<={high}")


@given(WORDS)
def test_parsing_arbitrary_words_raises_nothing_but_a_query_error(words: list[str]) -> None:
    try:
        grammar.parse(words)
    except QueryError as error:
        assert error.message


HERE = book()


@given(WORDS, st.sampled_from(["contacts", "deals", "log", "tasks"]))
def test_asking_arbitrary_words_raises_nothing_but_a_query_error(
    words: list[str], kind: str
) -> None:
    try:
        HERE.ask(kind, *words)
    except QueryError as error:
        assert error.message


@given(st.text(alphabet="ab()|*+?{}[]^$\\1,.=!<>:P", max_size=20))
def test_any_pattern_is_searched_or_refused(pattern: str) -> None:
    if '"' in pattern or pattern.endswith("\\"):
        return
    try:
        HERE.ask("contacts", f'name~"{pattern}"')
    except QueryError as error:
        assert error.message
