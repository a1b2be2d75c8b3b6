"""Values come back as somebody typed them, whatever YAML would make of them: by every way out, and
in again.
"""

from __future__ import annotations

import csv
import io
import json
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from tests.conftest import Crm

TYPED = {
    "country": "NO",
    "zip": "02142",
    "phone": "+4915112345678",
    "version": "1.10",
    "call_at": "12:30",
    "flag": "yes",
    "code": "0x1F",
    "million": "1_000",
    "nothing": "null",
    "tilde": "~",
    "exp": "1e3",
    "day": "2026-1-2",
}
NAMES = ",".join(TYPED)
FORMS = (
    ["--csv"],
    ["--tsv"],
    ["--md"],
    ["--template", " ".join(f"{{{{ {name} }}}}" for name in TYPED)],
    [],
)


@pytest.fixture
def ada(studio: Path) -> Path:
    """A contact typed by hand, nothing in quotes."""
    path = studio / "contacts" / "ada.md"
    lines = "".join(f"{name}: {value}\n" for name, value in TYPED.items())
    path.write_text(f"---\nname: Ada Typed\nemail: ada@typed.example\n{lines}---\n", "utf-8")
    return path


@pytest.mark.usefixtures("ada")
@pytest.mark.parametrize("form", FORMS, ids=lambda form: form[0] if form else "table")
def test_through_every_list(crm: Crm, form: list[str]) -> None:
    columns = [] if form[:1] == ["--template"] else ["--columns", NAMES]
    out = crm("list", "contacts", "id:ada", *columns, *form).out
    row = out.splitlines()[-1]
    cells = next(csv.reader([row])) if form == ["--csv"] else row.replace("|", " ").split()
    assert cells == list(TYPED.values())


@pytest.mark.usefixtures("ada")
@pytest.mark.parametrize("words", [["list", "contacts", "id:ada"], ["show", "ada"]], ids=" ".join)
def test_through_json(crm: Crm, words: list[str]) -> None:
    assert_typed(crm(*words, "--json").json["results"][0]["fields"])


@pytest.mark.usefixtures("ada")
@pytest.mark.parametrize("form", ["json", "jsonl"])
def test_through_exports(crm: Crm, form: str) -> None:
    out = crm("export", form, "contacts", "id:ada").out
    data = json.loads(out)
    assert_typed((data["results"][0] if form == "json" else data)["fields"])


def assert_typed(fields: dict[str, object]) -> None:
    assert fields["phone"] == [{"label": None, "value": TYPED["phone"]}]
    assert {name: fields[name] for name in TYPED if name != "phone"} == {
        k: v for k, v in TYPED.items() if k != "phone"
    }


@pytest.mark.usefixtures("ada")
def test_through_an_e_mail_and_a_mail_merge(crm: Crm, studio: Path, tmp_path: Path) -> None:
    body = " | ".join(f"{{{{ contact.{name} }}}}" for name in TYPED)
    (studio / "templates" / "typed.md").write_text(
        f"---\nsubject: All {{{{ contact.zip }}}}\n---\n{body}\n", "utf-8"
    )
    words = " | ".join(TYPED.values())
    assert words in crm("email", "typed", "ada").out
    assert crm("email", "typed", "ada", "--outbox").code == 0
    mail = message_from_bytes(
        next((studio / "outbox").glob("*.eml")).read_bytes(), policy=policy.default
    )
    assert mail["subject"] == "All 02142"
    text = mail.get_body(("plain",))
    assert text is not None and words in " ".join(text.get_content().split())
    assert crm("email", "typed", "ada", "--again", "--csv", str(tmp_path / "merge.csv")).code == 0
    assert words in " ".join((tmp_path / "merge.csv").read_text("utf-8").split())


def test_set_and_add_write_what_was_typed_and_it_reads_the_same(crm: Crm, studio: Path) -> None:
    fields = [f"{name}={value}" for name, value in TYPED.items()]
    assert crm("add", "contact", "Set Typed", "--own", "--new", *fields).code == 0
    assert_typed(crm("show", "set-typed", "--json").json["results"][0]["fields"])
    written = (studio / "contacts/set-typed.md").read_text("utf-8")
    assert 'zip: "02142"\n' in written, "so that other programs read it right, too"


def test_a_table_imported_and_exported_is_the_same(crm: Crm, tmp_path: Path) -> None:
    table = io.StringIO()
    csv.writer(table).writerows([["name", *TYPED], ["Csv Typed", *TYPED.values()]])
    (tmp_path / "people.csv").write_text(table.getvalue(), "utf-8")
    assert crm("import", str(tmp_path / "people.csv"), "-y").code == 0
    assert_typed(crm("show", "csv-typed", "--json").json["results"][0]["fields"])


@pytest.mark.usefixtures("ada")
@pytest.mark.parametrize(
    "query",
    [
        "country:NO",
        "country:no",
        "zip:02142",
        "phone:+4915112345678",
        "version:1.10",
        "call_at:12:30",
    ],
)
def test_queries_find_what_was_typed(crm: Crm, query: str) -> None:
    assert "contact/ada" in crm("list", "contacts", query, "--ids").out.split()
