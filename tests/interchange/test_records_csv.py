"""Whatever a record holds: written as CSV or JSON and read back it is the same."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from plaincrm.core.records.record import Record
from plaincrm.core.schema import builtin
from plaincrm.core.values.raw import Raw
from plaincrm.interchange import records_csv, records_json
from plaincrm.interchange.csv.draft import Draft

SCHEMA = builtin.schema()
CONTACT = SCHEMA.kinds["contact"]
PIECES = [
    "=1+1",
    "+49 30",
    "-5",
    "@SUM",
    "'",
    '"',
    ",",
    ";",
    "; ",
    "\n",
    "\r\n",
    "\t",
    "[",
    "{",
    '["a"]',
    '"a"',
    "{}",
    "\\",
    "ü",
    "日本",
    "\u2028",
    "a",
    " ",
    "0",
    "NO",
    "\ufeff",
    "---",
    "\x00",
    "\x07",
]
ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=4)
TEXTS = st.lists(st.sampled_from(PIECES) | ANY, min_size=1, max_size=6).map("".join).filter(bool)
LABELS = st.dictionaries(st.sampled_from(["work", "home", "x y"]), TEXTS, min_size=1)
VALUES = TEXTS | st.lists(TEXTS, min_size=1, max_size=3) | LABELS
NAMES = st.sampled_from(
    ["name", "tags", "email", "links", "greeting", "own", "kind", "id", "body", "_line", ".id"]
)


def through_csv(record: Record) -> Draft:
    data = "".join(records_csv.write([record], [record.kind])).encode("utf-8", "surrogateescape")
    assert records_csv.recognise(data)
    _, ((draft, _),) = records_csv.read(io.BytesIO(data), SCHEMA)
    assert isinstance(draft, Draft), draft
    return draft


def contact(fields: dict[str, Raw], body: str) -> Record:
    return Record(CONTACT, "ada", "contacts/ada.md", fields, lambda: f"---\n---\n{body}")


@given(fields=st.dictionaries(NAMES, VALUES, max_size=5), body=TEXTS | st.just(""))
def test_csv_gives_back_every_field_and_the_body(fields: dict[str, Raw], body: str) -> None:
    draft = through_csv(contact(fields, body))
    assert (draft.kind, draft.key, draft.fields, draft.body) == ("contact", "ada", fields, body)


AMOUNTS = st.sampled_from(
    ["1200 EUR", "-5.50 USD", "90 EUR/month", "1.200,00 €", "1200", "EUR 5", "ask", "5 EUR EUR"]
)


@given(
    fields=st.fixed_dictionaries(
        {"name": TEXTS},
        optional={"value": AMOUNTS | TEXTS, "value_currency": TEXTS, "own_currency": TEXTS},
    )
)
def test_csv_gives_back_money_as_it_was_written(fields: dict[str, Raw]) -> None:
    kind = SCHEMA.kinds["deal"]
    draft = through_csv(Record(kind, "a", "deals/a.md", fields, lambda: "---\n---\n"))
    assert draft.fields == fields


def test_money_is_a_number_and_a_currency() -> None:
    fields: dict[str, Raw] = {"value": "-1200.50 EUR/month"}
    one = Record(SCHEMA.kinds["deal"], "a", "deals/a.md", fields, lambda: "---\n---\n")
    rows = list(csv.DictReader(records_csv.write([one], [one.kind])))
    assert (rows[0]["value"], rows[0]["value_currency"]) == ("-1200.50", "EUR/month")


@given(value=VALUES)
def test_json_gives_back_own_fields_as_they_are(value: Raw) -> None:
    assert records_json.raw(json.loads(json.dumps(value))) == value


@given(
    values=st.lists(st.tuples(st.sampled_from(["", "work", "home"]), TEXTS), min_size=1, max_size=4)
)
def test_json_gives_back_addresses_with_their_labels(values: list[tuple[str, str]]) -> None:
    as_json = [{"label": label or None, "value": text} for label, text in values]
    raw = records_json.raw(as_json, CONTACT.fields["email"])
    found = contact({"email": raw}, "").items("email")
    lone = len(values) == 1 and not values[0][0]
    assert [(item.label, item.text) for item in found] == values or lone


def test_the_naughty_strings_through_a_csv(shared_data: Path) -> None:
    naughty = [
        text for text in json.loads((shared_data / "blns" / "blns.json").read_text("utf-8")) if text
    ]
    for text in naughty:
        draft = through_csv(contact({"name": text, "own": [text, text]}, text))
        assert (draft.fields, draft.body) == ({"name": text, "own": [text, text]}, text)


def test_a_spreadsheet_may_save_it_with_semicolons_and_a_byte_order_mark() -> None:
    data = "\ufeffkind;id;name;tags;body\ncontact;ada;Ada;vip; \n".encode()
    assert records_csv.recognise(data)
    _, ((draft, _),) = records_csv.read(io.BytesIO(data), SCHEMA)
    assert isinstance(draft, Draft) and draft.fields == {"name": "Ada", "tags": "vip"}


def test_a_listing_is_no_export() -> None:
    assert not records_csv.recognise(b"kind,id,name\ncontact,ada,Ada\n")
