"""Keys kept as hashes find whom a plain dictionary of lists finds, in the same order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from plaincrm.crm.importing.key_table import NOBODY, HashTable, KeyTable


class Person:
    def __init__(self, *keys: str) -> None:
        self.keys = keys


KEYS = st.sampled_from([f"k{number}" for number in range(12)])
OWN = st.lists(KEYS, unique=True, max_size=3)
MORE = st.lists(st.tuples(st.integers(0, 20), KEYS), max_size=4)


@given(st.lists(st.tuples(OWN, MORE), max_size=20), st.sampled_from([1, 3, 1 << 60]))
def test_it_finds_whom_a_dictionary_finds_even_where_hashes_are_the_same(
    steps: list[tuple[list[str], list[tuple[int, str]]]], hashes: int
) -> None:
    people: list[Person] = []
    table = KeyTable(people, lambda one: one.keys, lambda key: hash(key) % hashes)
    plain: dict[str, list[Person]] = {}
    for own, more in steps:
        people.append(Person(*own))
        for key in own:
            table.enter_own(key, len(people) - 1)
            plain.setdefault(key, []).append(people[-1])
        for number, key in more:
            one = people[number % len(people)]
            table.enter(key, one)
            if one not in plain.setdefault(key, []):
                plain[key].append(one)
    for number in range(13):
        assert table.find(f"k{number}") == plain.get(f"k{number}", [])


@given(st.sets(st.integers(-(2**63), 2**63 - 1), max_size=300))
def test_hashes_of_any_kind_are_kept_while_the_table_grows(hashes: set[int]) -> None:
    table = HashTable()
    for number, hashed in enumerate(sorted(hashes)):
        assert table.get(hashed) == NOBODY
        table.put(hashed, number)
    assert [table.get(hashed) for hashed in sorted(hashes)] == list(range(len(hashes)))
    assert len(table) == len(hashes)
