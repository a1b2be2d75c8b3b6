from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from plaincrm.crm.reminders import handles
from plaincrm.crm.reminders.handles import HandleKey

_keys = st.lists(
    st.builds(
        HandleKey,
        st.sampled_from(["task", "next"]),
        st.just("contact"),
        st.text(max_size=5),
        st.text(),
    ),
    unique=True,
    max_size=80,
)


@given(_keys)
def test_handles_are_unique_and_find_what_they_stand_for(keys: list[HandleKey]) -> None:
    found = handles.Handles(keys)
    assert len(set(found.values())) == len(keys)
    for key, handle in found.items():
        assert len(handle) >= handles.SHORTEST
        assert found.starting(handle) == [handles.number(key)]
        assert found.starting(handle.upper()) == [handles.number(key)]


def test_handles_of_ten_thousand_matters_are_short_and_none_begins_another() -> None:
    keys = [HandleKey("task", "contact", f"c{n}", "Call") for n in range(10_000)]
    found = sorted(handles.Handles(keys).values())
    assert max(map(len, found)) <= 8
    assert not any(b.startswith(a) for a, b in pairwise(found))


def test_a_handle_stays_when_other_matters_come_and_go() -> None:
    key = HandleKey("task", "contact", "ada", "Call")
    others = [HandleKey("task", "contact", f"c{n}", "Call") for n in range(50)]
    assert handles.Handles([key])[key] == handles.code(key)[:3]
    assert handles.code(key).startswith(handles.Handles([key, *others])[key])


def test_less_than_three_characters_mean_nothing() -> None:
    key = HandleKey("task", "contact", "ada", "Call")
    assert handles.Handles([key]).starting(handles.code(key)[:2]) == []


def test_look_alikes_are_forgiven() -> None:
    keys = [HandleKey("task", "contact", f"c{n}", "Call") for n in range(3000)]
    key = next(key for key in keys if {"0", "1"} & set(handles.code(key)[:5]))
    typed = handles.code(key).replace("0", "o").replace("1", "l")
    assert handles.Handles(keys).starting(typed) == [handles.number(key)]
