"""The ledger: lines of two machines join in any order, and a try without an end is in doubt."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from plaincrm.marketing.ledger import Ledger, LedgerLine, moment, read, recipient_hash, written

ID, ADA = "<1.a.plaincrm@studio.example>", recipient_hash("Ada@X.org")
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
STEPS = st.sampled_from(["sending", "sent", "refused", "unsent"])
LINES = st.lists(
    st.builds(
        LedgerLine,
        st.integers(0, 3).map(lambda n: moment(NOON.replace(second=n))),
        STEPS,
        st.sampled_from([ID, "<2@x.example>"]),
        st.just(ADA),
        st.just(moment(NOON)),
        st.sampled_from(["", "250 ok", "550 no such user"]),
    )
)


def line(step: str, second: int = 0) -> LedgerLine:
    return next(read(f"{moment(NOON.replace(second=second))} {step} {ID} {ADA}"))


def test_an_address_is_written_the_same_whatever_its_case_and_never_in_the_clear() -> None:
    assert recipient_hash("ada@x.org") == ADA
    assert "ada" not in written([line("sent")])


@given(LINES)
def test_what_is_written_reads_back(lines: list[LedgerLine]) -> None:
    assert set(read(written(lines))) == set(lines)


@given(LINES, LINES)
def test_two_machines_join_in_any_order(ours: list[LedgerLine], theirs: list[LedgerLine]) -> None:
    assert written([*ours, *theirs]) == written([*theirs, *ours])
    one, other = Ledger([*ours, *theirs]), Ledger([*theirs, *ours])
    assert one.in_doubt() == other.in_doubt()
    assert one.state(ID, ADA) == other.state(ID, ADA)


@given(LINES)
def test_what_was_sent_once_stays_sent(lines: list[LedgerLine]) -> None:
    assert Ledger([*lines, line("sent")]).state(ID, ADA) == "sent"


def test_the_life_of_a_mail() -> None:
    assert Ledger([]).state(ID, ADA) == "new"
    assert Ledger([line("sending")]).state(ID, ADA) == "doubt"
    assert Ledger([line("sending"), line("refused")]).state(ID, ADA) == "refused"
    again = [line("sending"), line("refused"), line("sending", 1)]
    assert Ledger(again).state(ID, ADA) == "doubt"
    assert Ledger([*again, line("unsent", 1)]).state(ID, ADA) == "refused"
    assert Ledger([*again, line("sent", 1)]).state(ID, ADA) == "sent"


def test_two_tries_of_one_moment_are_told_apart() -> None:
    first = Ledger([]).begin(ID, ADA, NOON)
    ended = LedgerLine(first.began, "refused", ID, ADA)
    second = Ledger([first, ended]).begin(ID, ADA, NOON)
    assert second.began > first.began
    assert Ledger([first, ended, second]).state(ID, ADA) == "doubt"


def test_lines_that_are_none_are_passed_over() -> None:
    assert list(read("nonsense\n\n2026 flying <x> y\n")) == []
