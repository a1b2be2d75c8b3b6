"""What formatters and note programs rewrite when they save means the same to us: list marks,
escapes, wrapping, quotes. The whole example book goes through each.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any, ClassVar

import pytest
import yaml

from tests.conftest import Crm, git
from tests.node_programs import node_program

FOLDERS = ("articles", "companies", "contacts", "deals", "products", "projects", "tickets")
# Beside the example, what a formatter touches: signs that it escapes, long lines, marks of lists.
AWKWARD = r"""---
name: Formatted Person
email: person@formatted.example
company: fjord-ferries
zip: "02142"
---
Snake_case, *emphasis* and [brackets] in a text that is longer than a line should be.

## Tasks
* [ ] Send the very long contract with all of its appendices and the price list to them due:2026-12-01 pri:high
* [ ] Ask about \_file\_ and file_name [sic] and 2 * 3 * 4 due:2026-12-02 rec:2w
* [x] Look up <b> & `a\_b` done:2026-11-01

## Log
* 2026-10-01 note: A very long entry about _config_ and [x] in brackets, 3 * 4 * 5, which every formatter will wrap.
  It goes on in a second line with snake_case_words and a star * in it.
* 2026-10-02 email out: Sent the offer, number 7 of the year, with two attachments. <a.b/c=d@formatted.example>
* 2026-10-03 call with ola-nordmann,kari-berg: Both were there; they want the blue one and a date before Christmas.
"""


@pytest.fixture
def book(studio: Path) -> Path:
    (studio / "contacts/formatted-person.md").write_text(AWKWARD, "utf-8")
    commit(studio)
    return studio


def commit(studio: Path) -> None:
    git(studio, "add", "-A")
    git(studio, "commit", "-q", "-m", "As it is")


def meaning(crm: Crm) -> tuple[dict[str, Any], list[tuple[str, str, str]]]:
    """Every value, task and entry of the book, and every problem, wherever the lines are broken."""
    results = crm("export", "json").json["results"]
    records = {f"{each['kind']}/{each['id']}": _folded(each) for each in results}
    found = crm("check", "--json").json["results"]
    return records, sorted((each["path"], each["code"], each["message"]) for each in found)


def _folded(value: Any) -> Any:
    if isinstance(value, str):
        return " ".join(value.split())
    if isinstance(value, list):
        return [_folded(each) for each in value]
    if isinstance(value, dict):
        return {name: _folded(each) for name, each in value.items() if name not in ("body", "line")}
    return value


def same_after(crm: Crm, studio: Path, format: Any) -> None:
    before, problems = meaning(crm)
    assert len(before["contact/formatted-person"]["log"]) == 3
    assert len(before["contact/formatted-person"]["tasks"]) == 3
    format(studio)
    assert len(git(studio, "diff", "--name-only").splitlines()) > 5
    after, new = meaning(crm)
    for ref in before.keys() | after.keys():
        assert after.get(ref) == before.get(ref), ref
    assert [each for each in new if each not in problems] == []


def without_emphasis(studio: Path) -> None:
    """Prettier writes `_so_` for `*so*`: that is another text, and means the same in Markdown."""
    path = studio / "contacts/formatted-person.md"
    path.write_text(path.read_text("utf-8").replace("*emphasis*", "_emphasis_"), "utf-8")


@pytest.mark.parametrize("wrap", ["preserve", "always", "never"])
def test_prettier(crm: Crm, book: Path, wrap: str) -> None:
    program = node_program("prettier")

    def run(studio: Path) -> None:
        subprocess.run(
            [program, "--write", f"--prose-wrap={wrap}", *FOLDERS, "--log-level=silent"],
            cwd=studio,
            check=False,  # one file of the example is no YAML, which is an error to prettier
        )

    same_after(crm, book, run)


@pytest.mark.parametrize("wrap", ["keep", "60", "no"])
def test_mdformat(crm: Crm, book: Path, wrap: str) -> None:
    """It writes the front matter anew by YAML's rules, so the values stand between quotes first."""
    pytest.importorskip("mdformat_frontmatter", reason="mdformat-frontmatter is not installed")
    crm("check", "--style", "--fix", "-y")

    def run(studio: Path) -> None:
        paths = [path for folder in FOLDERS for path in sorted((studio / folder).rglob("*.md"))]
        for path in paths:
            # A file that is no YAML ends the run, so each gets its own; in this process, for time.
            _mdformat(path, wrap)

    same_after(crm, book, run)


def _mdformat(path: Path, wrap: str) -> None:
    import mdformat

    try:
        mdformat.file(
            path,
            options={"wrap": int(wrap) if wrap.isdigit() else wrap},
            extensions={"frontmatter", "gfm"},
        )
    except Exception as error:
        assert path.name in ("tomasz-wrona.md", "magnus-dahl.md"), (path, error)


@pytest.mark.parametrize("mark", ["*", "+", "-"])
def test_list_marks_and_needless_escapes(crm: Crm, book: Path, mark: str) -> None:
    """As remark and editors of rich text write: other marks, `\\_` for `_`, and `\\[ \\]` for boxes."""

    def run(studio: Path) -> None:
        for folder in FOLDERS:
            for path in (studio / folder).rglob("*.md"):
                text = path.read_bytes().decode("utf-8")
                head, fence, body = text.rpartition("\n---")
                body = re.sub(r"(?m)^( *)[-*+] ", rf"\1{mark} ", body)
                body = re.sub(r"(?m)^( *[-*+] )\[([ x])\]", r"\1\\[\2\\]", body)
                body = re.sub(r"(?<![\\`])_(?![^\n]*`)", r"\\_", body)
                path.write_bytes((head + fence + body).encode("utf-8"))

    same_after(crm, book, run)


class Core(yaml.SafeLoader):
    """YAML 1.2's types, as JavaScript's programs read them."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}


Core.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("true|false"), list("tf"))
Core.add_implicit_resolver("tag:yaml.org,2002:null", re.compile("null|~|$"), ["n", "~", ""])
Core.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile("[-+]?[0-9]+$"), list("+-0123456789")
)
Core.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"[-+]?[0-9]+\.[0-9]*$"), list("+-0123456789")
)
Core.add_constructor("tag:yaml.org,2002:int", lambda _, node: int(node.value))


def test_the_properties_of_obsidian(crm: Crm, book: Path) -> None:
    """It reads the front matter by YAML's types, and writes it anew: lists as lines, other quotes."""
    crm("check", "--style", "--fix", "-y")

    def run(studio: Path) -> None:
        for folder in FOLDERS:
            for path in (studio / folder).rglob("*.md"):
                text = path.read_bytes().decode("utf-8").replace("\r\n", "\n")
                found = re.match(r"---\n(.*?)\n---", text, re.DOTALL)
                assert found is not None
                try:
                    held = yaml.load(found[1], Core)
                except yaml.YAMLError:
                    continue
                if path.name == "magnus-dahl.md":  # a key twice, which Obsidian refuses
                    continue
                new = yaml.safe_dump(held, allow_unicode=True, sort_keys=False, width=10_000)
                path.write_bytes(f"---\n{new}---{text[found.end() :]}".encode())

    same_after(crm, book, run)


def test_a_wrapped_book_is_written_like_any_other(crm: Crm, book: Path) -> None:
    """A task over three lines is ticked, moved on and undone; a wrapped entry is no new one."""
    path = book / "contacts/formatted-person.md"
    text = path.read_text("utf-8")
    wrapped = text.replace(
        "to them due:2026-12-01 pri:high", "to\n  them due:2026-12-01\n  pri:high"
    )
    wrapped = wrapped.replace("which every", "which\n  every")
    path.write_text(wrapped, "utf-8")
    task = next(
        each
        for each in crm("list", "tasks", "--json", "--limit", "500").json["results"]
        if "very long contract" in each["text"]
    )
    assert task["due"] == "2026-12-01"
    assert crm("done", task["handle"]).code == 0
    after = path.read_text("utf-8")
    assert "* [x] Send the very long contract" in after and "done:2026-11-21\n" in after
    assert "  them due:2026-12-01\n  pri:high\n" in after
    assert crm("undo").code == 0
    assert path.read_text("utf-8") == wrapped
