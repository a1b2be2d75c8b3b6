"""What a run of the program loads: help, version and completion next to nothing, a list as JSON no
templates.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {"yaml", "jinja2", "tabulate", "watchdog"}
PROBE = """
import json, sys, atexit
atexit.register(lambda: print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules}
    | {name for name in sys.modules if name.startswith("plaincrm")})), file=sys.stderr))
from plaincrm.cli import main
main()
"""


def loaded(book: Path, *words: str, **environ: str) -> set[str]:
    """The modules that are loaded when the program ends."""
    run = [sys.executable, "-c", PROBE, *words]
    done = subprocess.run(
        run, cwd=book, env=os.environ | environ, capture_output=True, text=True, check=True
    )
    return set(json.loads(done.stderr.splitlines()[-1]))


@pytest.mark.parametrize(
    "words", [["--help"], ["--version"], ["list", "--help"], ["set", "-h"], ["check", "--help"]]
)
def test_help_and_version_load_nothing_heavy(studio: Path, words: list[str]) -> None:
    found = loaded(studio, *words)
    assert "click" in found
    assert found & HEAVY == set()


@pytest.mark.parametrize("typed", ["plaincrm ", "plaincrm li", "plaincrm list --js"])
def test_completion_of_words_loads_nothing_heavy(studio: Path, typed: str) -> None:
    at = str(typed.count(" "))
    found = loaded(studio, _PLAINCRM_COMPLETE="bash_complete", COMP_WORDS=typed, COMP_CWORD=at)
    assert found & HEAVY == set()


def test_completion_of_command_words_imports_no_command(studio: Path) -> None:
    found = loaded(
        studio, _PLAINCRM_COMPLETE="bash_complete", COMP_WORDS="plaincrm l", COMP_CWORD="1"
    )
    assert not {name for name in found if name.startswith("plaincrm.commands.")}


def test_a_prompt_loads_no_more_than_it_shows(studio: Path) -> None:
    """`today --porcelain` stands in prompts and bars: it costs a start, and a look at the cache."""
    loaded(studio, "today", "--porcelain")  # the cache is filled
    found = loaded(studio, "today", "--porcelain")
    heavy = {"jinja2", "tabulate", "watchdog", "icalendar", "phonenumbers", "markdown_it"}
    assert found & heavy == set()
    assert not {name for name in found if name.startswith("plaincrm.transport.")}


def test_list_as_json_loads_no_templates_and_no_tables(studio: Path) -> None:
    found = loaded(studio, "list", "deals", "stage:lead", "--json")
    assert "plaincrm.commands.list" in found
    assert found & {"jinja2", "tabulate", "watchdog"} == set()
