from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from plaincrm.book import workers
from plaincrm.commands import find as find_command
from plaincrm.crm import find
from tests.commands.test_warm import watched
from tests.conftest import Crm


def test_the_title_comes_before_the_text(crm: Crm) -> None:
    hits = crm("find", "ola", "--json").json["results"]
    assert (hits[0]["id"], hits[0]["where"]) == ("ola-nordmann", "name")
    assert [hit["score"] for hit in hits] == sorted((hit["score"] for hit in hits), reverse=True)
    assert "body" in {hit["where"] for hit in hits}


def test_accents_and_case_do_not_matter_and_all_words_must_be_there(crm: Crm) -> None:
    assert crm("find", "MULLER", "--ids").out.split()[0] == "contact/claudia-mueller"
    one, both = (
        set(crm("find", *words, "--ids").out.split())
        for words in (["proposal"], ["proposal", "instalments"])
    )
    assert both and both < one


def test_the_line_that_has_the_words_is_shown(crm: Crm) -> None:
    ran = crm("find", "08:20 boat")
    assert (
        ran.out.startswith("contact/ola-nordmann  Ola Nordmann\n")
        and "never before the 08:20 boat" in ran.out
    )
    assert "line " in ran.out
    assert "\x1b" not in ran.out
    assert "\x1b[1;33m08:20 boat\x1b[0m" in crm("--color", "always", "find", "08:20 boat").out


def test_of_equal_hits_the_latest_stands_first(crm: Crm, studio: Path) -> None:
    for name, day in (("aa", "2020-01-01"), ("bb", "2026-01-01")):
        (studio / "contacts" / f"{name}.md").write_text(
            f"---\nname: Xylophone {name}\ncreated: {day}\n---\n"
        )
    assert crm("find", "xylophone", "--ids").out.split() == ["contact/bb", "contact/aa"]


def test_kinds_and_limit(crm: Crm) -> None:
    ran = crm("find", "norway", "--kind", "companies", "--limit", "1", "--json").json
    assert [hit["kind"] for hit in ran["results"]] == ["company"] and ran["total"] >= 1
    assert crm("find", "x", "--kind", "log").code == 2
    ran = crm("find", "qqqq")
    assert (ran.code, ran.out) == (0, "") and "qqqq" in ran.err


def test_parsable_is_what_mail_programs_read(crm: Crm) -> None:
    status, *lines = crm("find", "beatrice", "--parsable").out.splitlines()
    assert "\t" not in status
    assert [line.split("\t")[:2] for line in lines] == [
        ["beatrice@kestrelbooks.example", "Beatrice Finch"],
        ["bea.finch@example.com", "Beatrice Finch"],
    ]
    assert len(crm("find", "qqqq", "--parsable").out.splitlines()) == 1


def test_without_the_first_line_all_are_addresses(crm: Crm) -> None:
    headed = crm("find", "ola", "--parsable").out.splitlines()
    assert crm("find", "ola", "--parsable", "--remove-first-line").out.splitlines() == headed[1:]
    assert all(line.split("\t")[0].count("@") == 1 for line in headed[1:])


ODD = {  # what a search for `müller` in a book must find, and what it must not
    "nfd.md": ("---\nname: Mu\u0308ller\n---\n".encode(), True),
    "crlf.md": (b"---\r\nname: X\r\n---\r\nfor\r\nM\xc3\x9cLLER\r\n", True),
    "bom.md": ("\ufeff---\nname: X\n---\nMULLER\n".encode(), True),
    "broken.md": (b"---\nname: Br\xf6k\n---\nmuller \xff\n", True),
    "bare.md": (b"no front matter, but muller\n", True),
    "unclosed.md": (b"---\nname: Muller\n", True),
    "sub/deep/muller-the-file.md": (b"---\nname: X\n---\n", True),
    "escaped.md": (b'---\nname: "M\\u00fcller"\n---\n', True),
    "other.md": (b"---\nname: X\n---\nMill\n", False),
    "_draft.md": (b"---\nname: Muller\n---\n", False),
    ".hidden.md": (b"---\nname: Muller\n---\n", False),
    "muller.txt": (b"Muller", False),
    "ignored.md": (b"---\nname: Muller\n---\n", False),
}


@pytest.fixture(params=["git", "no git"])
def odd(request: pytest.FixtureRequest, studio: Path) -> Path:
    (studio / ".gitignore").write_text("contacts/ignored.md\n")
    for name, (data, _) in ODD.items():
        path = studio / "contacts" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    if request.param == "no git":
        shutil.rmtree(studio / ".git")
        (studio / "contacts" / "ignored.md").unlink()
    return studio


@pytest.mark.parametrize("cores", [1, 3])
@pytest.mark.usefixtures("odd")
def test_whatever_the_file_is_like_it_is_found(
    crm: Crm, monkeypatch: pytest.MonkeyPatch, cores: int
) -> None:
    monkeypatch.setattr(workers, "_cores", lambda: cores)
    monkeypatch.setattr(find, "FILES", 1)
    monkeypatch.setattr(find, "LEAST", 1)
    for _ in range(2):  # cold, and from the cache
        found = set(crm("find", "müller", "--paths").out.split())
        assert {name for name, (_, there) in ODD.items() if there} == {
            name for name in ODD if f"contacts/{name}" in found
        }


def test_it_is_the_same_in_shares(crm: Crm, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ("the", "o", "no", "winter timetable", "ola e")
    alone = [crm("find", *word.split("|"), "--json").out for word in words]
    monkeypatch.setattr(workers, "_cores", lambda: 4)
    monkeypatch.setattr(find, "FILES", 1)
    monkeypatch.setattr(find, "LEAST", 1)
    assert [crm("find", *word.split("|"), "--json").out for word in words] == alone


def test_an_address_is_found_without_opening_a_record(studio: Path) -> None:
    words = ("find", "beatrice", "--parsable")
    watched(studio, words)
    seen = watched(studio, words)
    assert not [path for path in seen.opened if path.endswith(".md")]
    assert {Path(folder).name for folder in seen.folders if folder.startswith(str(studio))} >= {
        "contacts",
        "companies",
    }


def test_only_what_is_shown_is_read_and_none_is_parsed(studio: Path, crm: Crm) -> None:
    words = ("find", "font", "--json")
    found = [hit["path"] for hit in crm(*words).json["results"]]
    watched(studio, words)
    seen = watched(studio, words)
    read = [str(Path(path).relative_to(studio)) for path in seen.opened if path.endswith(".md")]
    assert found and sorted(read) == sorted(found)
    assert seen.started == []
    assert (
        not {"plaincrm.core.yaml.front_matter", "plaincrm.core.timeline.parse", "yaml"}
        & seen.modules
    )


def test_of_many_hits_the_best_are_shown_and_the_rest_is_counted(crm: Crm, studio: Path) -> None:
    for number in range(find_command.SHOWN + 5):
        path = studio / "contacts" / f"x-{number}.md"
        path.write_text(f"---\nname: Person {number}\n---\nLikes xylophones.\n")
    (studio / "contacts" / "z.md").write_text("---\nname: Xylophones\n---\n")
    total = find_command.SHOWN + 6
    ran = crm("find", "xylophones")
    assert ran.out.startswith("contact/z  Xylophones\n")
    assert f"{total} in all, the best {find_command.SHOWN} are shown; --limit {total}" in ran.err
    found = crm("find", "xylophones", "--json").json
    assert (found["total"], len(found["results"])) == (total, total)
    few = crm("find", "xylophones", "--json", "--limit", "3").json
    assert few["results"] == found["results"][:3] and few["total"] == total
    last = crm("find", "xylophones", "--json", "--sort", "title", "--limit", "1").json
    assert last["results"][0]["title"] == "Person 0"
