"""The lines of docs/editors.md, in the editors themselves; a test skips where its editor is not
installed.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, Crm
from tests.node_programs import node_program

PAGE = (ROOT / "docs/editors.md").read_text("utf-8")
BROKEN = "contacts/franziska-roth.md"
LINE, COLUMN = 15, 41


def section(title: str) -> list[str]:
    """The indented blocks of a section of the page, one after the other."""
    text = PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    return [
        textwrap.dedent(each).lstrip("\n")
        for each in re.findall(r"(?m)(?:^    .*\n|^\n(?=    ))+", text)
    ]


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """The program on the PATH, as an editor finds it."""
    folder = tmp_path / "bin"
    folder.mkdir()
    start = folder / "plaincrm"
    start.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m plaincrm "$@"\n')
    start.chmod(0o755)
    return {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}", "HOME": str(tmp_path)}


def editor(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def run(words: list[str], studio: Path, env: dict[str, str]) -> str:
    done = subprocess.run(
        words,
        cwd=studio,
        env=env,
        capture_output=True,
        text=True,
        timeout=120,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    return done.stdout + done.stderr


@pytest.mark.parametrize("name", ["vim", "nvim"])
def test_make_jump_and_a_new_record(
    studio: Path, tmp_path: Path, env: dict[str, str], name: str
) -> None:
    path = editor(name)
    (tmp_path / "markdown.vim").write_text(section("vim")[0])
    out = tmp_path / "out"
    (tmp_path / "script.vim").write_text(
        f"""edit {BROKEN}
source {tmp_path}/markdown.vim
silent make!
let found = map(getqflist(), '[bufname(v:val.bufnr), v:val.lnum, v:val.col, v:val.type]')
call writefile([json_encode(found)], '{out}')
edit contacts/ola-nordmann.md
source {tmp_path}/markdown.vim
call search('^company: ')
normal! $
normal! gf
call writefile([expand('%:.')], '{out}', 'a')
enew
source {tmp_path}/markdown.vim
silent Record deal
call writefile(getline(1, 3), '{out}', 'a')
qall!
"""
    )
    quiet = ["--headless"] if name == "nvim" else ["-es", "-N"]
    said = run([path, *quiet, "-u", "NONE", "-S", str(tmp_path / "script.vim")], studio, env)
    assert out.exists(), said
    found, opened, *form = out.read_text().splitlines()
    assert [BROKEN, LINE, COLUMN, "e"] in json.loads(found)
    assert opened == "companies/fjord-ferries.md"
    assert form == ["---", "name:", "contact:"]


def test_neovim_shows_diagnostics(studio: Path, tmp_path: Path, env: dict[str, str]) -> None:
    path, out = editor("nvim"), tmp_path / "out"
    (tmp_path / "markdown.lua").write_text(section("neovim")[0])
    (tmp_path / "script.vim").write_text(
        f"edit {BROKEN}\nluafile {tmp_path}/markdown.lua\n"
        f"call writefile([luaeval('vim.json.encode(vim.diagnostic.get(0))')], '{out}')\nqall!\n"
    )
    said = run([path, "--headless", "-u", "NONE", "-S", str(tmp_path / "script.vim")], studio, env)
    assert out.exists(), said
    (found,) = json.loads(out.read_text())
    assert (found["lnum"], found["col"], found["severity"]) == (LINE - 1, COLUMN - 1, 1)
    assert "2026-11-31" in found["message"]


def test_emacs_flymake_and_compile(studio: Path, tmp_path: Path, env: dict[str, str]) -> None:
    path, out = editor("emacs"), tmp_path / "out"
    (tmp_path / "plaincrm.el").write_text(section("Emacs")[0])
    (tmp_path / "script.el").write_text(
        f"""(require 'flymake) (require 'compile)
(load "{tmp_path}/plaincrm.el")
(find-file "{BROKEN}")
(let (found (done nil))
  (plaincrm-flymake (lambda (all) (setq found all done t)))
  (with-timeout (60) (while (not done) (accept-process-output nil 0.1)))
  (with-temp-file "{out}"
    (dolist (each found)
      (insert (format "%d %s %s\\n" (with-current-buffer (flymake-diagnostic-buffer each)
                                      (line-number-at-pos (flymake-diagnostic-beg each)))
                      (flymake-diagnostic-type each) (flymake-diagnostic-text each))))))
(with-current-buffer (compilation-start "plaincrm check --format gcc")
  (with-timeout (60)
    (while (get-buffer-process (current-buffer)) (accept-process-output nil 0.1))))
(setq next-error-last-buffer (get-buffer "*compilation*"))
(next-error 1 t)
(append-to-file (format "at %s %d\\n" (file-name-nondirectory (buffer-file-name)) (line-number-at-pos)) nil "{out}")
"""
    )
    said = run([path, "--batch", "-Q", "-l", str(tmp_path / "script.el")], studio, env)
    assert out.exists(), said
    flymake, at = out.read_text().splitlines()
    assert flymake.startswith(f"{LINE} :error due:2026-11-31 is not a date"), flymake
    assert at == f"at franziska-roth.md {LINE}", said


def test_the_pattern_of_vs_code_reads_what_check_says(crm: Crm) -> None:
    task = json.loads(section("VS Code")[1])["tasks"][0]
    pattern = task["problemMatcher"]["pattern"]
    lines = crm("check", "--format", "gcc").out.splitlines()
    read = [re.fullmatch(pattern["regexp"], line) for line in lines]
    assert lines and all(read)
    assert [BROKEN, str(LINE), str(COLUMN), "error"] in [
        list(found.groups()[:4]) for found in read if found
    ]


def test_the_task_of_vs_code_runs_and_its_settings_name_a_schema(
    studio: Path, env: dict[str, str]
) -> None:
    settings, tasks, snippets = (each.strip() for each in code("VS Code"))
    (place,) = json.loads(settings)["yaml.schemas"]
    assert place.endswith("settings.json") and place in PAGE.partition("## Schemas")[2]
    told = json.loads(tasks)["tasks"][0]
    assert told["type"] == "shell"
    said = run(["sh", "-c", told["command"]], studio, env)
    assert f"{BROKEN}:{LINE}:{COLUMN}: error" in said
    (studio / ".vscode").mkdir()
    run(["sh", "-c", snippets.replace("Snippets: ", "")], studio, env)
    assert "plaincrm deal" in json.loads((studio / ".vscode/plaincrm.code-snippets").read_text())


def test_the_lines_for_helix_parse_and_run(studio: Path, env: dict[str, str]) -> None:
    """Helix itself is in no registry that the tests can reach."""
    (block,) = section("Helix")
    server = tomllib.loads(block)["language-server"]["yaml-language-server"]
    (place,) = server["config"]["yaml"]["schemas"]
    assert place in PAGE.partition("## Schemas")[2]
    text = PAGE.partition("## Helix")[2].partition("\n## ")[0]
    checked, added = re.findall(r"`:(?:sh|insert-output) (plaincrm [^`]+)`", text)
    line = f"{checked.replace('%{buffer_name}', BROKEN)} --format gcc"
    assert f"{BROKEN}:{LINE}:{COLUMN}: error" in run(["sh", "-c", line], studio, env)
    assert run(["sh", "-c", added], studio, env).startswith("---\nname:")


def code(title: str) -> list[str]:
    """The JSON of a section, and the command line of its snippets."""
    text = PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    line = re.search(r"^Snippets: `(.+)`\.$", text, re.MULTILINE)
    assert line is not None
    return [*section(title), line[1]]


def test_a_snippet_for_each_kind(crm: Crm) -> None:
    found = crm("schema", "--snippets").json
    assert found["plaincrm deal"]["prefix"] == "deal" and "plaincrm project" in found
    assert any("${5|lead,prospect" in line for line in found["plaincrm contact"]["body"])


def test_check_of_one_file_and_of_an_unsaved_text(crm: Crm, studio: Path) -> None:
    done = crm("check", BROKEN, "--json")
    assert done.code == 1
    assert [each["path"] for each in done.json["results"]] == [BROKEN]
    assert crm("check", "contacts/ola-nordmann.md").code == 0
    text = (studio / "contacts/ola-nordmann.md").read_text("utf-8")
    draft = text.replace("company: fjord-ferries", "company: nowhere")
    words = ("check", "-", "--path", "contacts/ola-nordmann.md", "--format", "gcc")
    done = crm(*words, input=draft)
    assert done.code == 1 and 'there is no company "nowhere"' in done.out
    assert (studio / "contacts/ola-nordmann.md").read_text("utf-8") == text
    assert crm(*words, input=text).code == 0
    done = crm("check", "franziska-roth.md", "--format", "gcc", cwd=studio / "contacts")
    assert done.out.startswith(f"franziska-roth.md:{LINE}:{COLUMN}: error:")
    assert crm("check", "/etc/passwd").code == 3 and crm("check", "-").code == 2


class LanguageServer:
    """yaml-language-server over standard streams."""

    def __init__(self, path: str, folder: Path, schema: Any) -> None:
        self.process = subprocess.Popen(
            [path, "--stdio"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self.schema, self.number = schema, 0
        root = folder.as_uri()
        self.ask(
            "initialize",
            {
                "processId": None,
                "rootUri": root,
                "capabilities": {
                    "textDocument": {"completion": {"completionItem": {"snippetSupport": True}}},
                    "workspace": {"configuration": True},
                },
            },
        )
        self.tell("initialized", {})

    def send(self, message: dict[str, Any]) -> None:
        data = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(data) + data)
        self.process.stdin.flush()

    def tell(self, method: str, params: Any) -> None:
        self.send({"method": method, "params": params})

    def read(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        length = 0
        while (line := self.process.stdout.readline()) != b"\r\n":
            assert line, "the server has gone"
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        found: dict[str, Any] = json.loads(self.process.stdout.read(length))
        return found

    def until(self, wanted: Any) -> dict[str, Any]:
        while True:
            found = self.read()
            if "id" in found and "method" in found:
                self.answer(found)
            elif wanted(found):
                return found

    def answer(self, asked: dict[str, Any]) -> None:
        settings = {
            "yaml": {
                "schemas": self.schema,
                "validate": True,
                "completion": True,
                "schemaStore": {"enable": False},
            }
        }
        items = asked.get("params", {}).get("items", [])
        held = [settings.get(each.get("section", ""), {}) for each in items]
        self.send({"id": asked["id"], "result": held if items else None})

    def ask(self, method: str, params: Any) -> Any:
        self.number += 1
        self.send({"id": self.number, "method": method, "params": params})
        return self.until(lambda each: each.get("id") == self.number)["result"]

    def opened(self, uri: str, text: str) -> list[dict[str, Any]]:
        """The diagnostics of a text."""
        self.tell(
            "textDocument/didOpen",
            {"textDocument": {"uri": uri, "languageId": "yaml", "version": 1, "text": text}},
        )
        found = self.until(
            lambda each: (
                each.get("method") == "textDocument/publishDiagnostics"
                and each["params"]["uri"] == uri
            )
        )
        diagnostics: list[dict[str, Any]] = found["params"]["diagnostics"]
        return diagnostics


def test_the_yaml_language_server_checks_and_completes(crm: Crm, tmp_path: Path) -> None:
    path = node_program("yaml-language-server")
    files = {"settings": ("--settings",), "deal": ("deal",)}
    for name, words in files.items():
        (tmp_path / f"{name}.json").write_text(crm("schema", "--json-schema", *words).out)
    schemas = {
        (tmp_path / "settings.json").as_uri(): "plaincrm.yaml",
        (tmp_path / "deal.json").as_uri(): ["deal.yaml", "deals/*.md"],
    }
    server = LanguageServer(path, tmp_path, schemas)
    try:
        uri = (tmp_path / "plaincrm.yaml").as_uri()
        text = "currency: EUR\ncommit: sometimes\ntimezon: UTC\nmail:\n  smtp: {tls: perhaps}\n"
        lines = {each["range"]["start"]["line"] for each in server.opened(uri, text)}
        assert lines == {1, 2, 4}
        deal = (tmp_path / "deal.yaml").as_uri()
        assert server.opened(deal, "name: Web\nstage: \n") == []
        at = {"textDocument": {"uri": deal}, "position": {"line": 1, "character": 7}}
        found = server.ask("textDocument/completion", at)
        labels = {each["label"] for each in found["items"]}
        assert {"lead", "proposal", "won"} <= labels
        bad = (tmp_path / "sub").as_uri() + "/deal.yaml"
        (wrong,) = server.opened(bad, "name: Web\nforecast: perhaps\n")
        assert wrong["range"]["start"]["line"] == 1
        more = {"textDocument": {"uri": deal}, "position": {"line": 2, "character": 0}}
        fields = {each["label"] for each in server.ask("textDocument/completion", more)["items"]}
        assert {"value", "close_date", "contact"} <= fields
        # The front matter of a record, handed over as YAML while the rest of the file is not.
        note = (tmp_path / "deals/web.md").as_uri()
        assert server.opened(note, "---\nname: Web\nstage: \nforecast: perhaps\n---\n") != []
        at = {"textDocument": {"uri": note}, "position": {"line": 2, "character": 7}}
        found = server.ask("textDocument/completion", at)
        assert {"lead", "proposal"} <= {each["label"] for each in found["items"]}
    finally:
        server.process.terminate()
        server.process.communicate()


def test_the_settings_of_the_example_fit_their_schema(crm: Crm, studio: Path) -> None:
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    import yaml

    schema = crm("schema", "--json-schema", "--settings").json
    held = yaml.load((studio / "plaincrm.yaml").read_text("utf-8"), yaml.BaseLoader)
    jsonschema.validate(held, schema)
