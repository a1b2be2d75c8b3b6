"""Search texts in pieces: what is joined is what would have been packed at once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from plaincrm.core.records import search_text
from plaincrm.core.records.search_text import joined, packed, unpacked, with_rows

TEXTS = st.lists(st.text(st.characters(exclude_characters="\0")), max_size=9)


def all_of(pieces: list[tuple[int, bytes]]) -> list[str]:
    return [text for piece in pieces for text in unpacked(piece)] if pieces else []


@given(st.lists(TEXTS, min_size=1, max_size=4), st.integers(1, 4), st.randoms())
def test_parts_joined_have_the_texts_of_their_rows(parts, size, random) -> None:  # type: ignore[no-untyped-def]
    before, search_text.PART = search_text.PART, size
    try:
        pieces = [packed(part) for part in parts]
        rows = [(number, row) for number, part in enumerate(parts) for row in range(len(part))]
        kept = [row for row in rows if random.random() < 0.8]
        if random.random() < 0.5:
            random.shuffle(kept)
        found = joined(pieces, kept)
        assert all_of(found) == [parts[number][row] for number, row in kept]
        assert [row for row, _ in with_rows(found)] == [
            sum(count for count, _ in found[:n]) for n in range(len(found))
        ]
    finally:
        search_text.PART = before


def test_a_piece_that_stays_together_is_taken_as_it_is() -> None:
    texts = [f"text {n}" for n in range(3 * search_text.PART)]
    pieces = packed(texts)
    rows = [(0, row) for row in range(len(texts)) if row != search_text.PART + 1]
    found = joined([pieces], rows)
    assert found[0] is pieces[0] and found[-1] is pieces[2]
    assert all_of(found) == [text for n, text in enumerate(texts) if n != search_text.PART + 1]
