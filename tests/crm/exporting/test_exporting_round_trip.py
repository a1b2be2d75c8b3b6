"""import(export(book)) = book, over random books: naughty strings, formulas, links, logs,
half-filled records.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plaincrm import Book
from plaincrm.core.schema.builtin import schema
from plaincrm.core.values.raw import Raw
from plaincrm.core.yaml import write
from tests.conftest import SHARED_DATA, run_in

KINDS = schema().kinds
PIECES = [
    "=1+1",
    "+1",
    "-2",
    "@SUM(A1)",
    "'",
    '"',
    ",",
    ";",
    " ::: ",
    "|",
    "\n",
    "\r\n",
    "\t",
    "[",
    "{",
    "\\",
    "\\n",
    "#",
    ": ",
    "- ",
    "ü",
    "ß",
    "é",
    "日本",
    "😀",
    "\u2028",
    "\ufeff",
    "\u200b",
    "NO",
    "007",
    "1.10",
    "~",
    "null",
    "---",
    "```",
    "%",
    "BEGIN:VCARD",
    "END:VCARD",
    "<b>",
    "a",
    "b c",
    " ",
]
BLNS = SHARED_DATA / "blns" / "blns.json"
NAUGHTY = (
    [text for text in json.loads(BLNS.read_text("utf-8")) if text]
    if BLNS.is_file()
    else ["naughty"]
)
CHARACTERS = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
TEXTS = st.one_of(
    st.lists(st.sampled_from(PIECES) | CHARACTERS, min_size=1, max_size=5).map("".join),
    st.sampled_from(NAUGHTY),
).filter(bool)
TITLES = TEXTS.filter(lambda text: bool(text.strip()))
LINES = st.sampled_from(
    [
        "Some prose.",
        "",
        "- [ ] Call back due:2026-12-01",
        "- [x] Done due:2026-10-01 done:2026-10-02",
        "* a list",
        "## Notes",
        "## Log",
        "- 2026-11-20 14:30 call: Talked",
        "  on two lines",
        "- 2026-11-21 email out: Sent <a@b.example>",
        "- 2026-11-22 stage: lead -> won",
        "=1+1",
        "> quoted",
        "```",
        "+49 30 1234",
    ]
)
BODIES = st.one_of(st.just(""), st.lists(LINES | TEXTS, max_size=8).map("\n".join))
BY_TYPE: dict[str, st.SearchStrategy[str]] = {
    "email": st.sampled_from(["ada@x.example", "=cmd@x.example", "Ö@ü.example"]),
    "phone": st.sampled_from(["+49 30 1234567", "030/1234", "(0)171 99 88 77 x 5"]),
    "url": st.sampled_from(["https://x.example/?a=b;c,d", "x.example"]),
    "date": st.sampled_from(["2026-12-01", "1984-02-29"]),
    "datetime": st.sampled_from(["2026-12-01", "2026-12-01 14:30", "2026-12-01 14:30+01:00"]),
    "monthday": st.sampled_from(["12-10", "1815-12-10"]),
    "duration": st.just("30d"),
    "number": st.sampled_from(["5", "-3.5", "0.10"]),
    "percent": st.sampled_from(["50", "12.5%"]),
    "money": st.sampled_from(["4200", "4200.50 EUR", "-1 USD", "99 EUR/month"]),
    "bool": st.sampled_from(["true", "no", "1"]),
    "action": st.sampled_from(["2026-12-01 Send it; then, call", "2026-12-01"]),
}


def value(name: str, kind: str, ids: Mapping[str, list[str]]) -> st.SearchStrategy[Raw]:
    """Values of one field: of its type, mostly; now and then what its type would refuse, as people
    type it.
    """
    field = KINDS[kind].fields[name]
    if field.type == "ref":
        one: st.SearchStrategy[Any] = st.sampled_from([*ids[field.to], "nobody-here"])
    elif field.values:
        one = st.sampled_from(field.values)
    else:
        one = BY_TYPE.get(field.type, TEXTS)
    if not field.many:
        return one
    labels = st.dictionaries(
        st.sampled_from(["work", "home", "billing", "x y"]), one, min_size=1, max_size=3
    )
    return one | st.lists(one, min_size=2, max_size=3) | labels


@st.composite
def books(draw: st.DrawFn, kinds: tuple[str, ...] = tuple(KINDS)) -> dict[str, str]:
    """The files of a book: path to text. Ids are made first, so that links can lead to them."""
    ids = {kind: [f"{kind}-{n}" for n in range(draw(st.integers(1, 2)))] for kind in KINDS}
    files = {}
    for kind in kinds:
        names = [name for name in KINDS[kind].fields if name not in (KINDS[kind].title, "aliases")]
        for id in ids[kind]:
            fields: dict[str, Raw] = {KINDS[kind].title: draw(TITLES)}
            for name in draw(st.lists(st.sampled_from(names), max_size=6, unique=True)):
                fields[name] = draw(value(name, kind, ids))
            own = st.sampled_from(
                ["own", "Own Key", "grüße", "n1", "_line", ".dot", "kind", "id", "body"]
            )
            for name in draw(st.lists(own, max_size=2, unique=True)):
                fields.setdefault(name, draw(TEXTS | st.lists(TEXTS, min_size=1, max_size=2)))
            files[f"{KINDS[kind].folder}/{id}.md"] = write.new_file(fields, draw(BODIES))
    return files


def made(root: Path, files: Mapping[str, str]) -> Path:
    """A book without git, since what is exported does not depend on it."""
    root.mkdir()
    (root / "plaincrm.yaml").write_text(
        "currency: EUR\nme: {email: [me@studio.example]}\n", "utf-8"
    )
    for path, text in files.items():
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_bytes(text.encode("utf-8"))
    return root


def content(root: Path) -> dict[str, tuple[dict[str, Raw], str]]:
    """What the records of a book hold, by kind and id."""
    return {
        record.ref: (dict(record.fields), record.body) for record in Book.open(root).store.all()
    }


def round_trip(
    monkeypatch: pytest.MonkeyPatch, files: Mapping[str, str], form: str, *words: str
) -> None:
    with TemporaryDirectory() as folder:
        here, there = made(Path(folder) / "here", files), made(Path(folder) / "there", {})
        export = Path(folder) / f"all.{form}"
        ran = run_in(monkeypatch, here, ["export", form, *words, "-o", str(export)])
        assert ran.code == 0, ran.err
        into_empty = run_in(monkeypatch, there, ["import", str(export), "-y", "--json"])
        assert into_empty.json["created"] == into_empty.json["rows"] == len(files), into_empty
        if form in (
            "json",
            "jsonl",
        ):  # JSON has values, not their spelling: 4200 and 4200 EUR are one
            assert exported(monkeypatch, there) == exported(monkeypatch, here)
        else:
            assert content(there) == content(here)
        for update in ("fill", "overwrite"):
            again = run_in(
                monkeypatch, here, ["import", str(export), "-y", "--update", update, "--json"]
            )
            assert again.json["unchanged"] == len(files), again
        assert {path: (here / path).read_bytes().decode() for path in files} == files


def exported(monkeypatch: pytest.MonkeyPatch, root: Path) -> Any:
    found = run_in(monkeypatch, root, ["export", "json"]).json["results"]
    return {(each["kind"], each["id"]): (each["fields"], each["body"]) for each in found}


@pytest.mark.parametrize("form", ["csv", "json", "jsonl"])
@given(files=books())
@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
def test_any_book_comes_back_as_it_was(
    monkeypatch: pytest.MonkeyPatch, form: str, files: dict[str, str]
) -> None:
    round_trip(monkeypatch, files, form)


@given(files=books(kinds=("contact",)))
@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
def test_any_contacts_come_back_from_vcards(
    monkeypatch: pytest.MonkeyPatch, files: dict[str, str]
) -> None:
    round_trip(monkeypatch, files, "vcf", "contacts", "--log")  # without it, notes alone
