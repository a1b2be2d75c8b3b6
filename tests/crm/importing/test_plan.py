"""Import as a library: pipelines in settings that people wrote, and who a row is about."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Sequence
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest

from plaincrm.core.schema import settings_file
from plaincrm.core.schema.settings import Pipeline, Stage
from plaincrm.core.timeline import parse
from plaincrm.core.yaml import front_matter
from plaincrm.crm.book import Book
from plaincrm.crm.importing.plan import Import, plan
from plaincrm.crm.importing.read import open_sheet
from plaincrm.crm.importing.settings_edit import with_pipelines
from plaincrm.crm.importing.source import SourceFile, SourceOptions
from plaincrm.errors import Refused
from plaincrm.interchange.foreign_text import quoted

NEW = Pipeline(
    "big: one", (Stage("Id. #1", Decimal("12.5")), Stage("no", Decimal(100), None, "won"))
)
SETTINGS = [
    "",
    "currency: EUR\n",
    "# only words",
    "pipelines:\n  default:\n    a: {probability: 10}\n",
    (
        "pipelines:\r\n    default:   # mine\r\n        a: {probability: 10}   # x\r\n\r\n#"
        " end\r\ncurrency: USD\r\n"
    ),
    (
        "pipelines:\n  default:\n    a: {}\n# between\n  second:\n    b: {}\n\n\n# tail\ncommit:"
        " manual"
    ),
    "me: {name: A}\npipelines:\n  default:\n    a: {}",
]


@pytest.mark.parametrize("text", SETTINGS)
def test_a_new_pipeline_leaves_every_other_byte(text: str) -> None:
    edited = with_pipelines(text, [NEW])
    before, after = settings_file.parse(text), settings_file.parse(edited)
    assert dict(after.pipelines) == {**before.pipelines, NEW.name: NEW}
    assert after.currency == before.currency and not after.problems
    kept = iter(edited)
    assert all(char in kept for char in text)  # in this order
    assert len(edited.splitlines()) > len(text.splitlines())


def test_a_new_pipeline_joins_those_of_one_line() -> None:
    text = "pipelines: {default: {a: {}}}  # ours\ncurrency: CHF\n"
    edited = with_pipelines(text, [NEW])
    assert edited.startswith("pipelines: {default: {a: {}}, ") and edited.endswith(
        "  # ours\ncurrency: CHF\n"
    )
    assert settings_file.parse(edited).pipelines[NEW.name] == NEW


def test_settings_that_cant_be_edited_surely_are_refused_with_the_yaml() -> None:
    with pytest.raises(Refused, match="surely") as refused:
        with_pipelines("pipelines: [a]\n", [NEW])
    assert "12.5" in refused.value.hint


OURS = [
    "## Log\n- 2026-01-01 call: x",
    "- [ ] do",
    "1. [x] done due:2026-01-01",
    "<<<<<<< ours\na\n=======\nb\n>>>>>>> x",
]


@pytest.mark.parametrize("text", OURS)
def test_foreign_text_is_words(text: str) -> None:
    body = quoted(text)
    assert parse.read(body, types=None) == parse.EMPTY
    assert not front_matter.parse(f"---\nname: x\n---\n{body}").problems
    assert body.replace("\\", "").replace("> ", "").strip() == text.replace("> ", "")


def sheet(book: Book, text: str, kind: str = "") -> SourceFile:
    return open_sheet(
        BytesIO(text.encode()), "t.csv", book, SourceOptions(kind=kind), lambda rows, _: rows
    )


def imported(root: Path, *texts: str) -> Import:
    book = Book.open(root)
    done = plan(book, [sheet(book, text) for text in texts])
    done.change.commit()
    return done


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "plaincrm.yaml").write_text("currency: EUR\n")
    return tmp_path


def test_two_people_of_one_name_stay_two(root: Path) -> None:
    text = "Name,E-Mail\nJan Smit,jan@a.example\nJan Smit,smit@b.example\n"
    assert imported(root, text).counts["created"] == 2
    assert imported(root, text).counts["unchanged"] == 2


def test_deals_of_one_name_stay_apart_and_are_found_again(root: Path) -> None:
    text = "Deal name,Stage,Value\nSite,lead,100\nSite,lead,200\nSite,lead,200\n"
    assert imported(root, text).counts["created"] == 3
    assert imported(root, text).counts["unchanged"] == 3


def test_a_name_that_fits_two_is_rejected_not_guessed(root: Path) -> None:
    imported(root, "Name,E-Mail\nJan Smit,jan@a.example\nJan Smit,smit@b.example\n")
    done = imported(root, "Name,City\nJan Smit,Oslo\n")
    assert done.counts["rejected"] == 1 and "jan-smit" in done.rows[0].reason


def test_an_external_id_outlives_a_new_name(root: Path) -> None:
    imported(root, "Contact ID,Name,E-Mail\n7,Ada,ada@x.example\n8,Ola,ola@x.example\n")
    done = imported(
        root, "Contact ID,Name,E-Mail\n7,Countess Ada,countess@x.example\n8,Ola,ola@x.example\n"
    )
    assert done.counts["unchanged"] == 2


def test_control_characters_are_no_end_of_an_import(root: Path) -> None:
    done = imported(root, "Name,E-Mail\nAda\x07,ada@x.example\nOla,ola@x.example\n")
    assert done.counts["rows"] == 2 and done.counts["created"] >= 1


def test_many_rows_go_to_folders_of_their_own_past_two_thousand(root: Path) -> None:
    rows = "".join(f"P {n},p{n}@x.example,Firm {n % 50}\n" for n in range(3000))
    done = imported(root, f"Name,E-Mail,Company\n{rows}")
    assert done.counts == {
        "rows": 3000,
        "created": 3000,
        "updated": 0,
        "unchanged": 0,
        "skipped": 0,
        "rejected": 0,
    }
    assert done.beside == 50
    assert len({path.parent for path in (root / "contacts").rglob("*.md")}) > 1


def test_rows_and_files_are_walked_and_put_aside_not_held(root: Path) -> None:
    """30 MiB of rows that become 30 MiB of files; memory holds who they are, and the first of what
    they say.
    """
    note = "Words. " * 3000
    file = root.parent / f"{root.name}.csv"
    with file.open("w") as stream:
        stream.write("Name,E-Mail,Notes\n")
        stream.writelines(f"Person {n},p{n}@x.example,{note}\n" for n in range(1500))
    book = Book.open(root)
    tracemalloc.start()
    with file.open("rb") as table:
        found = open_sheet(table, "t.csv", book, SourceOptions(), lambda rows, _: rows)
        done = plan(book, [found])
        done.change.commit()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert done.counts["created"] == len(list((root / "contacts").glob("*.md"))) == 1500
    assert most < 20 << 20


BYTES_A_ROW = 600  # 590 are those that 60 MB are for 100,000 rows; id and path are a third


def test_of_a_row_that_was_read_little_stays_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What each further row takes once all are planned, besides what lies in files."""
    kept: list[int] = []

    def measured(*_: object) -> str:
        gc.collect()
        kept.append(tracemalloc.get_traced_memory()[0])
        return "Import"

    monkeypatch.setattr("plaincrm.book.spool.IN_MEMORY", 0)
    monkeypatch.setattr("plaincrm.crm.importing.plan.message", measured)
    for count in (10, 1000, 3000):  # the first one imports and compiles
        (folder := tmp_path / str(count)).mkdir()
        book = Book.open(folder)
        lines = (f"Person N{n},p{n}@x.example,+49 30 {n:07},Note {n}\n" for n in range(count))
        rows = sheet(book, "Name,E-Mail,Phone,Notes\n" + "".join(lines))
        tracemalloc.start()
        assert plan(book, [rows]).counts["created"] == count
        tracemalloc.stop()
    assert (kept[2] - kept[1]) / 2000 < BYTES_A_ROW


def test_a_row_about_a_record_that_an_earlier_row_made_adds_to_it(root: Path) -> None:
    one = "Name,E-Mail,Phone,Company\nAda,ada@x.example,,\n"
    two = (
        "Name,E-Mail,City,Company\nAda,ada@x.example,London,Fjord AS\nAda,ada@x.example,Paris,Fjord"
        " AS\n"
    )
    done = imported(root, one, two)
    assert (done.counts["created"], done.counts["updated"], done.counts["unchanged"]) == (1, 1, 1)
    text = (root / "contacts" / "ada.md").read_text()
    said = "---\nname: Ada\nemail: ada@x.example\ncompany: fjord-as\ncity: London\n"
    assert text.startswith(said) and "created: " in text


def test_a_name_alone_is_a_question_where_somebody_is_there_to_ask(root: Path) -> None:
    imported(root, "Name,E-Mail\nAda,ada@x.example\nOla,ola@x.example\n")
    asked: list[tuple[str, list[str]]] = []

    def decide(name: str, found: Sequence[str]) -> str:
        asked.append((name, list(found)))
        return "contact/ada" if name == "Ada" else ""

    book = Book.open(root)
    rows = sheet(book, "Name,Phone\nAda,+49 30 111111\nOla,+49 30 222222\nNew,+49 30 333333\n")
    done = plan(book, [rows], match="ask", decide=decide)
    assert asked == [("Ada", ["contact/ada"]), ("Ola", ["contact/ola"])]
    assert [(row.action, row.id) for row in done.rows] == [
        ("updated", "ada"),
        ("created", "ola-2"),
        ("created", "new"),
    ]


def test_the_source_of_a_batch_is_that_of_new_records_without_one(root: Path) -> None:
    imported(root, "Name,E-Mail\nAda,ada@x.example\n")
    book = Book.open(root)
    text = "Name,E-Mail,Source\nAda,ada@x.example,\nOla,ola@x.example,\nLu,lu@x.example,web\n"
    done = plan(book, [sheet(book, text)], source="Fair 2026")
    done.change.commit()
    found = {each.id: each.text("source") for each in Book.open(root).store.records("contact")}
    assert found == {"ada": "", "ola": "Fair 2026", "lu": "web"}


def test_a_number_that_a_spreadsheet_rounded_is_no_phone_and_is_kept_whole(root: Path) -> None:
    text = "Name;Telefon\nAda;4,91717E+11\nOla;+49 30 111111, +49 30 222222\n"
    imported(root, text)
    ada, ola = Book.open(root).store.records("contact")
    assert ada.items("phone") == [] and ada.text("telefon") == "4,91717E+11"
    assert len(ola.items("phone")) == 2


def test_what_a_row_of_a_log_says_in_vain_is_told(root: Path) -> None:
    imported(root, "Name,E-Mail\nAda,ada@x.example\n")
    text = (
        "Task,Contact,Deal,Due date,Priority,Status\n"
        "Call,Ada,Roof,2026-12-01,sky-high,perhaps\nWrite,Ada,,2026-12-01,medium,open\n"
    )
    done = imported(root, text)
    assert [(each.line, each.what, each.text) for each in done.unplaced] == [
        (2, "deal", "Roof"),
        (2, "done", "perhaps"),
        (2, "priority", "sky-high"),
    ]
