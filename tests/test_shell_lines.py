"""The lines of the docs that hand foreign words to a shell: nothing in them runs a command, is taken
for an option, or names another record.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from plaincrm.book.new_file import write_new
from tests.conftest import ROOT, Crm, git

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
TEXT = "\n".join(page.read_text("utf-8") for page in PAGES)
HOSTILE = [
    "x; touch pwned; true",
    "x|touch pwned|y",
    "$(touch pwned)",
    "`touch pwned`",
    "' ; touch pwned ; '",
    '" ; touch pwned ; "',
    "x\ntouch pwned\n",
    "x & touch pwned",
    "> pwned",
    "--help",
    "-0",
    "--template={{ 7 * 7 }}",
    "-C",
]


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on the PATH with the program in it."""
    bin = tmp_path / "bin"
    bin.mkdir()
    (bin / "plaincrm").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m plaincrm "$@"\n')
    (bin / "plaincrm").chmod(0o755)
    monkeypatch.setenv("PATH", str(bin), prepend=":")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    return bin


def shell(folder: Path, line: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        ["sh", "-c", line], cwd=folder, input=stdin, capture_output=True, check=False
    )


def query_command() -> str:
    [found] = set(re.findall(r'set query_command = "([^"]+)"', TEXT))
    return str(found)


@pytest.mark.usefixtures("path")
@pytest.mark.parametrize("words", HOSTILE)
def test_what_mutt_asks_for(studio: Path, words: str) -> None:
    """mutt puts single quotes around the words that stand for %s."""
    done = shell(studio, query_command().replace("%s", shlex.quote(words)))
    assert (done.returncode, done.stderr) == (0, b""), done
    assert not (studio / "pwned").exists()
    assert done.stdout.startswith(b"plaincrm: ")


def test_no_line_quotes_what_a_program_quotes_already() -> None:
    for found in re.finditer(r"""["'](%s|\{\}|%[a-z])["']""", TEXT):
        line = TEXT[TEXT.rfind("\n", 0, found.start()) + 1 : TEXT.find("\n", found.end())]
        raise AssertionError(f"the words stand outside of any quotes: {line}")


@pytest.mark.usefixtures("path")
def test_a_mail_that_is_piped_runs_nothing(studio: Path) -> None:
    lines = re.findall(r"plaincrm import -(?=<)", TEXT)
    assert len(lines) >= 2  # mutt's and aerc's
    name = '"x; touch pwned; $(touch pwned)" <ola.nordmann@fjordferries.example>'
    mail = f"From: {name}\nTo: me@x.example\nDate: 1 Nov 2026 09:00\nSubject: `touch pwned`\n\n; touch pwned\n"
    for line in set(lines):
        assert shell(studio, line, mail.encode()).returncode in (0, 1)
        assert not (studio / "pwned").exists()


@pytest.mark.usefixtures("path")
@pytest.mark.parametrize("end", ["", " -0"])
def test_names_in_a_pipe_name_no_other_record(studio: Path, end: str) -> None:
    """A file whose name has a line end: half of it is the name of somebody else."""
    hostile = "x\nkari-berg\n-y"
    write_new(studio / f"contacts/{hostile}.md", b"---\nname: Zed\ntags: [gone]\n---\n")
    git(studio, "add", "-A")
    git(studio, "commit", "-q", "-m", "What a sync brought")
    done = shell(studio, f"plaincrm list contacts tag:gone --ids{end} | plaincrm rm - -y")
    assert (studio / "contacts/kari-berg.md").is_file()
    assert (studio / f"contacts/{hostile}.md").exists() == (not end), done
    assert (done.returncode == 0) == bool(end), done


@pytest.mark.usefixtures("path")
def test_paths_for_xargs(crm: Crm, studio: Path) -> None:
    for name in ("a b.md", "-rf.md", "$(touch pwned).md", "q'uote\".md", "n\newline.md"):
        write_new(studio / "contacts" / name, b"---\nname: Zed\ntags: [gone]\n---\n")
    done = shell(studio, "plaincrm list contacts tag:gone --paths -0 | xargs -0 cat --")
    assert (done.returncode, done.stdout.count(b"name: Zed")) == (0, 5), done
    assert not (studio / "pwned").exists()
    assert len(crm("list", "contacts", "tag:gone", "--paths").out.splitlines()) == 5
