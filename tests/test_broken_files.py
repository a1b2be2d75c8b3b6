"""Every file of the YAML test suite and 500 mutated example records in one book: nothing stops a
command.

`check` names the line of each defect that was put in, and all other reading commands work on the
rest.
"""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT, Crm, Ran, run_in
from tests.core.yaml.test_random_edits import suite_snippets

MUTATIONS = 500
SICK = ("franziska-roth", "gustavo-ferreira", "magnus-dahl", "tomasz-wrona")
# What the front matter gets as its last line, and the problem that this is.
LINES = {
    'spare: "not closed': "yaml-syntax",
    "spare: [a, b": "yaml-syntax",
    "spare: *alias": "yaml-alias",
    "spare: &anchor x": "yaml-anchor",
    "spare: !tag x": "yaml-tag",
    "<<: {a: b}": "yaml-merge-key",
    "snoozed: 2026-02-31": "field-value",
    "created2: 2026-01-01\ncreated2: 2026-01-02": "yaml-duplicate-key",
    "spare: \x07": "control-character",
}
# What the body gets as its last line.
ENDS = {
    "- [ ] Send it due:2026-02-30": "task-date",
    "- [ ] Send it rec:often": "task-rec",
    "## Log\n- 2026-02-30 call: Impossible": "log-date",
    "## Log\n- yesterday: Talked": "log-date",
    "<<<<<<< HEAD\na\n=======\nb\n>>>>>>> theirs": "conflict-marker",
}
Put = tuple[str, int, str]  # path, line, code


def healthy_records() -> list[Path]:
    """The example's records that have nothing wrong, with plain line ends."""
    studio = ROOT / "examples" / "studio"
    kinds = ("contacts", "companies", "deals", "tickets", "articles", "projects")
    found = (
        path
        for kind in kinds
        for path in sorted((studio / kind).rglob("*.md"))
        if path.name[0] != "_"
    )
    return [path for path in found if path.stem not in SICK and b"\r" not in path.read_bytes()]


def with_line(text: str, line: str) -> tuple[str, int]:
    """`text` with `line` at the end of its front matter, and the file line where the last of it
    stands.
    """
    end = text.index("\n---", 4) + 1
    return text[:end] + line + "\n" + text[end:], text[:end].count("\n") + 1 + line.count("\n")


def with_end(text: str, end: str) -> tuple[str, int]:
    """`text` with `end` below it, and the line of its last line; of its first for a conflict."""
    whole = text.rstrip("\n") + "\n\n" + end + "\n"
    offset = 0 if end.startswith("<") else end.count("\n")
    return whole, text.rstrip("\n").count("\n") + 3 + offset


def wild(text: str, chance: random.Random) -> bytes:
    """The record's bytes, cut, doubled, shuffled or sprinkled."""
    data = bytearray(text.encode())
    a, b = sorted(chance.randrange(len(data) + 1) for _ in range(2))
    how = chance.randrange(5)
    if how == 0:
        del data[a:b]
    elif how == 1:
        data[a:a] = data[a:b] * 2
    elif how == 2:
        for _ in range(8):
            data[chance.randrange(len(data))] = chance.randrange(256)
    elif how == 3:
        lines = bytes(data).split(b"\n")
        chance.shuffle(lines)
        data = bytearray(b"\n".join(lines))
    else:
        data[a:a] = chance.choice(
            [b"\0", b"---\n", b"\xff\xfe", b"\t", b"{", b"? ", b"|\n", b"\r", "\u202e".encode()]
        )
    return bytes(data)


def mutants(book: Path) -> Iterator[Put]:
    """Write the mutated records; of those with a known defect, where it is."""
    chance = random.Random(20261121)
    healthy = healthy_records()
    surgical: list[tuple[Callable[[str, str], tuple[str, int]], str, str]] = []
    surgical += ((with_line, line, code) for line, code in LINES.items())
    surgical += ((with_end, end, code) for end, code in ENDS.items())
    for n in range(MUTATIONS):
        source = chance.choice(healthy)
        kind = source.relative_to(ROOT / "examples" / "studio").parts[0]
        path = f"{kind}/mutated/m{n:03}.md"
        (book / path).parent.mkdir(exist_ok=True)
        text = source.read_text("utf-8-sig")
        if n % 2:
            (book / path).write_bytes(wild(text, chance))
            continue
        change, what, code = surgical[n // 2 % len(surgical)]
        changed, line = change(text, what)
        (book / path).write_text(changed, "utf-8")
        yield path, line, code


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory, studio_repo: Path) -> tuple[Path, list[Put]]:
    """The example book with the mutants."""
    book = tmp_path_factory.mktemp("broken") / "studio"
    shutil.copytree(studio_repo, book)
    return book, list(mutants(book))


@pytest.fixture
def run(broken: tuple[Path, list[Put]], monkeypatch: pytest.MonkeyPatch) -> Crm:
    return lambda *words, **_: run_in(monkeypatch, broken[0], list(words))


def test_check_names_the_line_of_every_defect(run: Crm, broken: tuple[Path, list[Put]]) -> None:
    done = run("check", "--json")
    found = {(r["path"], r["line"], r["code"]) for r in done.json["results"]}
    put = set(broken[1])
    assert len(put) == MUTATIONS // 2
    assert put - found == set()
    assert done.code == 1


def test_every_problem_of_wild_mutants_lies_in_its_file(
    run: Crm, broken: tuple[Path, list[Put]]
) -> None:
    book = broken[0]
    for problem in run("check", "--json").json["results"]:
        lines = re.split(rb"\r\n|\r|\n", (book / problem["path"]).read_bytes())
        assert 1 <= problem["line"] <= len(lines), problem
        assert problem["column"] >= 1


READING = [
    ["list", "contacts"],
    ["list", "companies", "--json"],
    ["list", "deals", "is:open", "--csv"],
    ["list", "tickets", "--sort", "-opened"],
    ["list", "articles"],
    ["list", "projects", "--ids"],
    ["list", "tasks"],
    ["list", "log", "type:call"],
    ["list", "contacts", "+vip", "no:phone", "--count"],
    ["list", "deals", "--columns", "name,weighted,idle,company.country"],
    ["find", "website"],
    ["today"],
    ["today", "--json"],
    ["agenda"],
    ["pipeline"],
    ["pipeline", "--board"],
    ["pipeline", "--json"],
    ["show", "ola-nordmann"],
    ["show", "m001"],
    ["show", "deal/fjord-identity", "--json"],
    ["segment", "list"],
    ["segment", "show", "warm-leads"],
    ["template", "list"],
    ["template", "check"],
    ["email", "follow-up", "marisol-vega"],
    ["outbox", "list"],
    ["ticket", "list"],
    ["history", "ola-nordmann"],
    ["export", "json"],
    ["export", "csv"],
    ["export", "jsonl"],
    ["schema", "contact"],
    ["doctor"],
    ["check", "--style"],
    ["check", "--fix", "-n"],
    ["set", "contacts", "--where", "status:lead", "tags+=x", "-n"],
]


@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_all_other_commands_work_on_the_rest(run: Crm, words: list[str]) -> None:
    done: Ran = run(*words)
    assert done.code != 70, done.err
    assert "Traceback" not in done.err
    # A bulk change refuses as a whole where a file can't be edited surely.
    assert done.code in {"check": (1,), "set": (5,)}.get(words[0], (0,)), done.err


def test_every_file_of_the_yaml_test_suite(
    studio: Path, shared_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (studio / "contacts" / "suite").mkdir()
    total = 0
    for n, snippet in enumerate(suite_snippets(shared_data / "yaml-test-suite" / "src")):
        (studio / "contacts" / "suite" / f"case{n:03}.md").write_text(snippet, "utf-8", newline="")
        total += 1
    assert total > 350
    assert run_in(monkeypatch, studio, ["list", "contacts", "--count"]).out == f"{61 + total}\n"
    results = run_in(monkeypatch, studio, ["check", "--json"]).json["results"]
    assert {result["path"] for result in results if "/suite/" not in result["path"]} == {
        f"contacts/{name}.md" for name in SICK
    }
    for words in (
        ["list", "contacts", "--json"],
        ["list", "log"],
        ["today"],
        ["export", "json"],
        ["find", "foo"],
    ):
        done = run_in(monkeypatch, studio, words)
        assert done.code == 0, done.err
