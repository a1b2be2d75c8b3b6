"""Export and import again is the identity, whatever the fields hold; and other programs can read
the cards.
"""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaincrm.core.records.record import Record
from plaincrm.core.schema.builtin import schema
from plaincrm.core.values.raw import Raw, items
from plaincrm.interchange.csv.draft import Draft
from plaincrm.interchange.vcard.read import ContactFile
from plaincrm.interchange.vcard.write import Version, write

SCHEMA = schema()


def record(
    fields: dict[str, Raw], body: str = "", kind: str = "contact", id: str = "ada"
) -> Record:
    of = SCHEMA.kinds[kind]
    return Record(of, id, f"{of.folder}/{id}.md", fields, lambda: f"---\n---\n{body}")


def written(one: Record, version: Version = "3.0") -> str:
    return "".join(write([one], SCHEMA, lambda _, id: id.title(), version, log=True))


def read(text: str) -> Draft:
    (draft,) = ContactFile(io.BytesIO(text.encode()), SCHEMA).outcomes()
    assert isinstance(draft, Draft), draft
    return draft


def same(draft: Draft, one: Record) -> None:
    """The draft is the record: links to ids are hints, all else stands in the fields."""
    fields = {name: raw for name, raw in one.fields.items() if name not in draft.links}
    assert draft.fields == fields
    for name, hints in draft.links.items():
        assert [hint.value for hint in hints] == [item.text for item in items(one.fields.get(name))]
        assert {hint.by for hint in hints} <= {"id"}
    assert draft.body == one.body
    assert (draft.key, draft.key_field) == (one.id, "id")


ADA: dict[str, Raw] = {
    "name": "Ada Lovelace",
    "email": {"work": "ada@x.org", "boat house": "ada@y.org"},
    "phone": ["+44 20 1", "12 34"],
    "company": "analytical-engines",
    "job": "Countess; poet, mathematician",
    "birthday": "12-10",
    "tags": ["v", "a,b"],
    "address": "12 St James\\ Square",
    "zip": "02142",
    "country": "NO",
    "links": {"website": "https://x.org/?a=1;b=2"},
    "unsubscribed": "yes",
    "referred_by": ["charles"],
    "allergies": {"known": ["nuts", "=cmd()"]},
}


@pytest.mark.parametrize("version", ["3.0", "4.0"])
def test_a_contact_comes_back(version: Version) -> None:
    one = record(ADA, "Notes.\n\n## Log\n- 2026-11-20 call: *Hi*; there, you\\n\n")
    same(read(written(one, version)), one)


def test_without_the_log_a_card_has_the_notes_alone() -> None:
    body = "\nLikes tea.\n\n## Tasks\n- [ ] call\n\n## Log\n- 2026-11-20 call: owes me\n"
    text = "".join(write([record(ADA, body)], SCHEMA, lambda _, id: id.title()))
    assert "Likes tea." in text and "owes me" not in text and "[ ] call" not in text
    found = read(text)
    assert (found.body, found.key) == ("\nLikes tea.\n", "ada")
    silent = "".join(
        write([record(ADA, "\n## Log\n- 2026-11-20 call: hi\n")], SCHEMA, lambda *_: "")
    )
    assert "NOTE" not in silent and "call: hi" not in silent


RAW = st.recursive(
    st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
NAMES = st.sampled_from([*SCHEMA.kinds["contact"].fields, "own field", "vcard", "x:y", "ünï"])


@given(
    st.dictionaries(NAMES, RAW, max_size=6),
    st.text(),
    st.text(min_size=1),
    st.sampled_from(["3.0", "4.0"]),
)
def test_any_contact_comes_back(
    fields: dict[str, Raw], body: str, name: str, version: Version
) -> None:
    one = record({**fields, "name": name}, body)
    same(read(written(one, version)), one)


def test_naughty_strings_come_back(shared_data: Path) -> None:
    for naughty in json.loads((shared_data / "blns" / "blns.json").read_text("utf-8")):
        fields = {
            "name": naughty or "x",
            "job": naughty,
            "email": naughty,
            "tags": [naughty],
            "own": naughty,
        }
        one = record(fields, naughty)
        same(read(written(one)), one)


def test_real_cards_come_back(shared_data: Path) -> None:
    for path in sorted((shared_data / "vcard").glob("*.vcf")):
        with path.open("rb") as stream:
            for draft in ContactFile(stream, SCHEMA).outcomes():
                assert isinstance(draft, Draft)
                again = read(written(record(dict(draft.fields), draft.body)))
                assert (again.fields, again.body) == (draft.fields, draft.body)


def test_what_another_program_changed_counts() -> None:
    one = record({"name": "Ada Lovelace", "phone": {"boat": "123456", "car": "234567"}})
    text = written(one)
    assert read(text.replace("123456", "999999", 1)).fields["phone"] == {
        "boat": "999999",
        "car": "234567",
    }


def test_others_find_what_they_know() -> None:
    lines = written(record(ADA)).split("\r\n")
    assert lines[:4] == ["BEGIN:VCARD", "VERSION:3.0", "FN:Ada Lovelace", "N:Lovelace;Ada;;;"]
    assert "ORG:Analytical-Engines" in lines
    assert "EMAIL;TYPE=WORK:ada@x.org" in lines
    assert "BDAY;X-APPLE-OMIT-YEAR=1604:1604-12-10" in lines
    assert "TITLE:Countess\\; poet\\, mathematician" in lines
    assert "CATEGORIES:v,a\\,b" in lines
    assert "UID:urn:plaincrm:contact:ada" in lines
    assert "BDAY:--1210" in written(record(ADA), "4.0").split("\r\n")


def test_a_uid_of_elsewhere_stays() -> None:
    text = written(record({"name": "Ada", "vcard_uid": "urn:uuid:1;2"}))
    assert "UID:urn:uuid:1\\;2" in text.split("\r\n")
    draft = read(text)
    assert (draft.key_field, draft.key, draft.fields["vcard_uid"]) == ("id", "ada", "urn:uuid:1;2")


def test_companies_too_and_no_other_kind() -> None:
    one = record(
        {"name": "Fjord AS", "domain": ["fjord.no"], "email": "post@fjord.no"},
        kind="company",
        id="fjord-as",
    )
    draft = read(written(one))
    assert draft.kind == "company"
    same(draft, one)
    assert written(record({"name": "A deal"}, kind="deal")) == ""


@given(st.text(min_size=1), st.text())
def test_no_line_is_longer_than_75_octets_and_none_is_injected(name: str, note: str) -> None:
    text = written(record({"name": name}, note))
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    assert not re.search(r"\r(?!\n)|(?<!\r)\n", text)
    assert len(re.findall("(?m)^END:VCARD\r$", text)) == 1
