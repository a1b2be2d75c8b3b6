"""Files of a book that were made to keep a command busy or to fill the memory: texts in Markdown, and
YAML of every kind. Each set runs in a process that the system stops after so many seconds of work.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from plaincrm.interchange.markdown import LONGEST, mail_fragment, to_html
from tests.conftest import ROOT, Crm

MANY = 10_000
SECONDS = 60  # of work, for all commands of a test; what is quadratic takes minutes
MEMORY = 1 << 30
MARKDOWN = {
    "brackets": "[" * MANY,
    "links": "[a](" * MANY,
    "pictures": "![[" * MANY,
    "quotes": ">" * MANY + " a",
    "lists": "- " * MANY + "a",
    "steps": "".join(" " * 2 * n + "- a\n" for n in range(150)),
    "stars": "*a **b " * MANY,
    "underscores": "_a" * MANY,
    "ticks": "".join("`" * (n % 300 + 1) + " " for n in range(MANY // 150)),
    "wide table": "|" * MANY + "\n" + "|-" * MANY + "|\n" + "|a" * MANY,
    "square table": "|a" * 5000 + "\n" + "|-" * 5000 + "\n" + "a|\n" * 5000,
    "long table": "a|b\n-|-\n" + "|\n" * MANY,
    "references": "".join(f"[{n}]: http://a\n" for n in range(MANY // 10)),
    "openings": "[\n" * MANY,
    "entities": "&#1;" * MANY,
    "tags": "<a " * MANY,
    "backslashes": "\\" * MANY,
    "headings": "a\n=\n" * MANY,
}
BOMBS = {
    "aliases": "a0: &a0 [x, x]\n"
    + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 40)),
    "merges": "a: &a {x: 1}\nb: {<<: *a, <<: *a}\n",
    "flow depth": "a: " + "[" * MANY + "]" * MANY + "\n",
    "map depth": "a: " + "{a: " * MANY + "1" + "}" * MANY + "\n",
    "block depth": "".join(" " * n + "a:\n" for n in range(1500)),
    "nodes": "a: [" + "x, " * MANY + "x]\n",
    "keys": "".join(f"k{n}: 1\n" for n in range(MANY)),
    "size": "a: " + "x" * 5_000_000 + "\n",
    "quotes": 'a: "' + "\\" * MANY + "\n",
    "folds": "a: >\n" + "  x\n" * MANY,
    "tags": "a: !!python/object/apply:os.system [touch ran]\n",
}
RUN = """
import sys
from plaincrm.cli import run
for line in sys.argv[1:]:
    code = run(line.split())
    print(line, code, flush=True)
    assert code != 70
"""


def bounded(book: Path, *lines: str) -> str:
    """What the commands say, run one after another with an end to their work and memory."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))

    done = subprocess.run(
        [sys.executable, "-c", RUN, *lines],
        cwd=book,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        preexec_fn=limit,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout[-300:]} {done.stderr[-2000:]}"
    return done.stdout + done.stderr


def test_no_article_keeps_a_page_busy(studio: Path, tmp_path: Path) -> None:
    for number, (name, text) in enumerate(MARKDOWN.items()):
        article = f"---\ntitle: A {name}\naudience: public\n---\n{text}\n"
        (studio / "articles" / f"a{number}.md").write_text(article)
    bounded(studio, f"kb portal {tmp_path}/portal", f"export site {tmp_path}/site")
    assert len(list((tmp_path / "portal").rglob("*.html"))) > len(MARKDOWN)


def test_an_article_that_is_a_book_is_searched_soon_and_no_page(
    studio: Path, tmp_path: Path
) -> None:
    text = "word *and* [link](x)\n" * (4 * LONGEST // 20)
    article = f"---\ntitle: A long one\naudience: public\n---\n{text}\n"
    (studio / "articles" / "long.md").write_text(article)
    said = bounded(studio, "kb search word", f"kb portal {tmp_path}/portal", "show article/long")
    assert "makes a page of more than 1 MB" in said


@pytest.mark.parametrize("render", [to_html, mail_fragment])
def test_the_rest_of_a_text_without_end_is_shown_as_it_stands(render: Any) -> None:
    html = render("*a*\n" * LONGEST + "<b>\n")
    assert html.count("<em>") == LONGEST // 4
    assert html.endswith("*a*\n&lt;b&gt;\n</pre>\n")


def test_no_yaml_keeps_a_command_busy(studio: Path) -> None:
    for number, (name, text) in enumerate(BOMBS.items()):
        files = {
            "contacts": f"---\nname: A {name}\n{text}---\n",
            "templates": f"---\nsubject: x\n{text}---\nHi\n",
            "campaigns": f"---\nname: A {name}\n{text}---\n",
        }
        for folder, whole in files.items():
            (studio / folder).mkdir(exist_ok=True)
            (studio / folder / f"b{number}.md").write_text(whole)
        for folder in ("segments", "sequences", "products"):
            (studio / folder).mkdir(exist_ok=True)
            (studio / folder / f"b{number}.yaml").write_text(f"kind: contact\n{text}")
    said = bounded(studio, "list contacts", "today", "segment list", "sequence list", "check")
    codes = ("alias", "merge-key", "too-deep", "too-many-nodes", "too-large", "tag")
    assert {f"[yaml-{code}]" for code in codes} <= set(said.split())
    assert not (studio / "ran").exists()


@pytest.mark.parametrize("name", BOMBS)
def test_no_settings_keep_a_command_busy(studio: Path, name: str) -> None:
    for file in ("plaincrm.yaml", "dashboard.yaml"):
        with (studio / file).open("a") as stream:
            stream.write(BOMBS[name])
    bounded(studio, "list contacts", "check", "dashboard -o -")
    assert not (studio / "ran").exists()


MONICA = {
    "version": "1.0",
    "app_version": "4.0.0",
    "account": {
        "instance": {"contact_field_types": [{"uuid": "t", "properties": {"type": "email"}}]},
        "data": [
            {
                "type": "contact",
                "values": [
                    {
                        "uuid": "u",
                        "created_at": "2026-01-01",
                        "properties": {
                            "first_name": "Ada",
                            "tags": ["a"],
                            "birthdate": {"date": "1990-01-02"},
                        },
                        "data": [
                            {
                                "type": "contact_field",
                                "values": [{"properties": {"type": "t", "data": "a@x.example"}}],
                            },
                            {"type": "call", "values": [{"properties": {"content": "Hi"}}]},
                            {"type": "activity", "values": ["v"]},
                            {"type": "gift", "values": [{}]},
                        ],
                    }
                ],
            },
            {"type": "activity", "values": [{"uuid": "v", "properties": {"summary": "S"}}]},
        ],
    },
}
WARRIOR = [
    {
        "uuid": "u",
        "status": "pending",
        "entry": "20261101T100000Z",
        "description": "Call",
        "due": "20261120T100000Z",
        "project": "a.b",
        "tags": ["x"],
        "recur": "weekly",
        "annotations": [{"entry": "20261101T100000Z", "description": "note"}],
    }
]
ODD: tuple[Any, ...] = (None, 7, "x", [], {}, [7], [[]], {"a": 7}, True, "9" * 400)


def bent(whole: Any) -> Iterator[Any]:
    """The export with something odd in the place of each of its values, in turn."""
    if isinstance(whole, dict | list):
        for key in whole if isinstance(whole, dict) else range(len(whole)):
            for inner in (*ODD, *bent(whole[key])):
                copy = whole.copy()
                copy[key] = inner
                yield copy


@pytest.mark.parametrize("export", [MONICA, WARRIOR], ids=["monica", "taskwarrior"])
def test_no_shape_of_another_programs_json_is_a_bug(export: Any) -> None:
    from plaincrm.crm.importing.readers import program_json
    from plaincrm.errors import Refused

    read = 0
    for odd in bent(export):
        try:
            found = program_json(json.dumps(odd, indent=0).encode(), "x.json")
        except Refused:
            continue
        read += found is not None
    assert read > 50


@pytest.mark.parametrize(
    "text",
    [
        '[{"uuid":1,"status":1,"description":1,"entry":' + "[" * 90_000,
        '[{"uuid":1,"status":1,"description":"d","entry":' + "[" * 500 + "]" * 500 + "}]",
        '{"app_version":1,"account":' + '{"a":' * 90_000 + "1" + "}" * 90_001,
        '{"app_version":1,"account":{"data":['
        + '{"type":"contact","values":[{}]},' * MANY
        + "{}]}}",
        '[{"uuid":1,"status":"pending","entry":"1","description":"d","project":"'
        + "a." * MANY
        + '"}]',
        '[{"uuid":1,"status":"pending","entry":"1","description":"d","tags":['
        + ",".join(f'"t{n}"' for n in range(MANY))
        + "]}]",
    ],
    ids=["open", "deep", "deep account", "many", "project", "tags"],
)
def test_no_export_of_another_program_keeps_import_busy(
    studio: Path, tmp_path: Path, text: str
) -> None:
    (tmp_path / "x.json").write_text(text)
    bounded(studio, f"import {tmp_path}/x.json -n -y")


def test_what_is_read_of_them_is_read(crm: Crm, tmp_path: Path) -> None:
    (tmp_path / "m.json").write_text(json.dumps(MONICA))
    done = crm("import", str(tmp_path / "m.json"), "-y", "--json")
    assert done.json["created"] >= 1, done.err
    assert "Ada" in crm("list", "contacts", "email:a@x.example").out
