"""`find` reads as little as it can, and finds what the plain way finds: every line of every record,
each by itself.
"""

from __future__ import annotations

import re
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from plaincrm.core.records.fulltext import BODY, FIELD, ID, TITLE, WHOLE, Found, SearchWords, bare
from plaincrm.core.records.record import Record
from plaincrm.core.records.search_text import search_text
from plaincrm.core.schema.builtin import schema
from plaincrm.core.text.text_file import LINE_END, decode
from plaincrm.core.values.raw import items

CONTACT = schema().kinds["contact"]
PIECES = [
    "Müller",
    "mu\u0308ller",
    "MULLER",
    "ﬁn",
    "fin",
    "Straße",
    "strasse",
    "ł",
    "Ada",
    "ada",
    "lovelace",
    " ",
    "  ",
    "\u00a0",
    "\u2028",
    "\x0c",
    "\n",
    "\r\n",
    "\r",
    "\n\n",
    "---\n",
    "- ",
    "#",
    "# c\n",
    ": ",
    ":",
    "''",
    "\\",
    '"',
    "tags: [ada, x y]\n",
    "email: {work: ada@x.example}\n",
    'job: "a \\u0061da"\n',
    "note: 'O''Brien ada'\n",
    "'",
    "city: |\n  Ada\n  Lovelace\n",
    "city: Ada\n  Lovelace\n",
    "name: Ada Lovelace\n",
    "\ud800",
    "\udcff",
    "京",
    "İ",
    "_x: ada\n",
    "ʼn",
    "\t",
]
WORDS = [
    "ada",
    "ADA",
    "müller",
    "muller",
    "mu\u0308",
    "strasse",
    "fin",
    "o'brien",
    "ada lovelace",
    "ada  x",
    "work: ada",
    "a",
    "l",
    "x y",
    "京",
    "i",
    "#",
    "c",
    "\\",
    "ada-lovelace",
    "lovelace\u00a0ada",
    "",
    " ",
    ":",
    "n",
]
TEXTS = st.builds(
    lambda bom, head, end, body: f"{bom}---\n{head}{end}{body}",
    st.sampled_from(["", "\ufeff", "x"]),
    st.lists(st.sampled_from(PIECES), max_size=8).map("".join),
    st.sampled_from(["---\n", "\n---\r\n", "", "\n"]),
    st.lists(st.sampled_from(PIECES), max_size=16).map("".join),
)


def plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text)
    return "".join(char for char in apart if not unicodedata.combining(char)).casefold()


def slowly(record: Record, words: list[str]) -> Found | None:
    """Every line, and of each every word."""
    wanted = [folded for word in words if (folded := " ".join(plain(word).split()))]
    lines: list[tuple[int, str, str, int | None]] = []
    lines += [(TITLE, CONTACT.title, record.title, None), (ID, "id", record.id, None)]
    for name, raw in record.fields.items():
        if name != CONTACT.title and not name.startswith("_"):
            texts = [
                f"{item.label}: {item.text}" if item.label else item.text for item in items(raw)
            ]
            lines += [(FIELD, name, text, None) for text in texts]
    body = enumerate(LINE_END.split(record.body), record.document.body_line)
    lines += [(BODY, "body", line.strip(), number) for number, line in body]
    best: dict[str, int] = {}
    tops = []
    for weight, where, text, number in lines:
        folded = " ".join(plain(text).split())
        points = {
            word: weight * (WHOLE if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", folded) else 1)
            for word in wanted
            if word in folded
        }
        best |= {word: max(best.get(word, 0), count) for word, count in points.items()}
        tops += [(sum(points.values()) + len(points), where, text, number)] if points else []
    if not wanted or len(best) < len(set(wanted)):
        return None
    _, where, text, number = max(tops, key=lambda top: top[0])
    return sum(best.values()), where, text, number


@given(TEXTS, st.lists(st.sampled_from(WORDS), max_size=3))
def test_the_short_way_finds_what_the_plain_way_finds(text: str, words: list[str]) -> None:
    record, wanted = (
        Record.read(CONTACT, "ada-lovelace", "contacts/ada-lovelace.md", text),
        SearchWords(words),
    )
    assert (wanted.in_file(record) if wanted else None) == slowly(record, words)


@given(TEXTS, st.lists(st.sampled_from(WORDS), max_size=3))
def test_in_fields_is_the_same_without_the_body(text: str, words: list[str]) -> None:
    record, wanted = (
        Record.read(CONTACT, "ada-lovelace", "contacts/ada-lovelace.md", text),
        SearchWords(words),
    )
    bodiless = Record(CONTACT, record.id, record.path, record.fields, lambda: "")
    assert (wanted.in_fields(record) if wanted else None) == slowly(bodiless, words)


@given(
    st.one_of(
        st.text(),
        st.lists(st.sampled_from(PIECES)).map("".join),
        st.binary().map(lambda b: decode(b)[0]),
    )
)
def test_folding_run_by_run_is_folding_the_whole(text: str) -> None:
    assert bare(text) == plain(text)
    assert bare(text[: len(text) // 2] + "\n") + bare(text[len(text) // 2 :]) == plain(
        text[: len(text) // 2] + "\n" + text[len(text) // 2 :]
    )


def test_a_value_in_other_letters_than_its_own_is_found() -> None:
    text = "---\nname: \"M\\u00fcller\"\njob: 'O''Brien'\n---\n"
    record = Record.read(CONTACT, "x", "contacts/x.md", text)
    for word, where in (("muller", "name"), ("o'brien", "job")):
        found = SearchWords([word]).in_file(record)
        assert found is not None and found[1] == where


@given(TEXTS, st.lists(st.sampled_from(WORDS), max_size=3))
def test_the_search_text_has_the_same_score(text: str, words: list[str]) -> None:
    record, wanted = (
        Record.read(CONTACT, "ada-lovelace", "contacts/ada-lovelace.md", text),
        SearchWords(words),
    )
    found = slowly(record, words)
    assert (wanted.score(search_text(record)) if wanted else 0) == (found[0] if found else 0)
