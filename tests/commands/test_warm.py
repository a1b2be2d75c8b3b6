"""What a warm command touches: the files it opens, the modules it imports, the programs it
starts.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import ROOT

WATCHED = """
import json, sys
seen = {"opened": [], "started": [], "folders": []}
names = {"open": "opened", "os.scandir": "folders", "subprocess.Popen": "started", "os.posix_spawn": "started"}
def hook(event, args):
    if event in names and seen is not None:
        seen[names[event]].append(str(args[0]))
sys.addaudithook(hook)
from plaincrm.cli import run
code = run(sys.argv[1:])
sys.stderr.write("\\n" + json.dumps({**seen, "code": code, "modules": sorted(sys.modules)}))
"""
READING = {  # which kinds each command may look at
    ("pipeline", "--json"): {"deals"},
    ("list", "deals", "stage:lead", "--ids"): {"deals"},
    ("list", "deals", "is:won", "--json"): {"deals"},
    ("list", "contacts", "+vip", "--json"): {"contacts"},
    ("today", "--json"): {
        "contacts",
        "companies",
        "deals",
        "tickets",
        "articles",
        "campaigns",
        "testimonials",
        "products",
        "projects",
        "inbox",
        "outbox",
    },
}
HEAVY = {
    "yaml",
    "jinja2",
    "tabulate",
    "rapidfuzz",
    "dateutil",
    "subprocess",
    "phonenumbers",
    "icalendar",
    "re2",
}
EDITING = {
    "splice",
    "emit",
    "scalar_edit",
    "timeline_edit",
    "edits",
    "frontmatter",
    "timeline",
    "outline",
}


@dataclass(frozen=True)
class Watched:
    opened: list[str]
    folders: list[str]
    started: list[str]
    modules: set[str]


def watched(book: Path, words: tuple[str, ...]) -> Watched:
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, *words],
        cwd=book,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    said = json.loads(done.stderr.splitlines()[-1])
    assert said["code"] == 0, done.stderr
    return Watched(said["opened"], said["folders"], said["started"], set(said["modules"]))


def ours(seen: Watched) -> set[str]:
    return {name for name in seen.modules if name.startswith("plaincrm.")}


@pytest.fixture
def warm(studio: Path) -> Path:
    time.sleep(0.05)  # a file that has just been saved is read once more
    for words in READING:
        watched(studio, words)
    return studio


@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_a_warm_command_opens_no_record_and_scans_only_what_it_needs(
    warm: Path, words: tuple[str, ...]
) -> None:
    seen = watched(warm, words)
    assert not [path for path in seen.opened if path.endswith(".md")]
    scanned = {
        Path(folder).relative_to(warm).parts[0]
        for folder in seen.folders
        if folder.startswith(str(warm))
    }
    assert scanned <= READING[words]
    assert seen.started == []


@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_a_warm_command_imports_nothing_heavy_and_nothing_that_edits(
    warm: Path, words: tuple[str, ...]
) -> None:
    modules = watched(warm, words).modules
    assert not HEAVY & modules
    assert not {f"plaincrm.core.{name}" for name in EDITING} & modules
    assert (
        not {
            "plaincrm.book.git.client",
            "plaincrm.book.transaction",
            "plaincrm.marketing.templates.sandbox",
        }
        & modules
    )


def test_a_list_of_deals_opens_only_the_cache_of_deals(warm: Path) -> None:
    opened = watched(warm, ("list", "deals", "stage:lead", "--ids")).opened
    kept = {Path(path).name for path in opened if "/plaincrm/cache/" in path}
    assert kept == {"deal", "plaincrm.yaml"}


def test_a_record_is_shown_by_reading_its_own_file_only(warm: Path) -> None:
    words = ("show", "contact/kari-berg", "--json")
    watched(warm, words)
    records = [Path(path).name for path in watched(warm, words).opened if path.endswith(".md")]
    assert set(records) == {"kari-berg.md"}


def test_help_and_version_import_click_and_the_table_of_commands_only(studio: Path) -> None:
    allowed = {"plaincrm.cli", "plaincrm.errors"}
    assert ours(watched(studio, ("--version",))) <= allowed
    allowed |= {"plaincrm.commands", "plaincrm.commands._aliases"}  # the help names them
    assert ours(watched(studio, ("--help",))) <= allowed


def test_setting_a_field_starts_git_twice_and_reads_no_log(warm: Path) -> None:
    settings = warm / "plaincrm.yaml"  # a rule that follows changes asks for edits by hand first
    text = settings.read_text("utf-8")
    settings.write_text(re.sub(r"(?m)^automations:\n([ #].*\n|\n)*", "", text), "utf-8")
    for name, value in (("user.name", "Test"), ("user.email", "test@example.org")):
        subprocess.run(["git", "config", name, value], cwd=warm, check=True)
    # Settings that somebody has edited go into a commit of their own first.
    subprocess.run(["git", "commit", "-qam", "No rules"], cwd=warm, check=True)
    watched(warm, ("today", "--json"))  # other settings, other caches
    seen = watched(warm, ("set", "contact/kari-berg", "job=Captain"))
    assert len(seen.started) == 2  # what is not committed yet, and the commit
    assert (
        not {
            "plaincrm.core.timeline.line_edit",
            "plaincrm.core.timeline.prose",
            "filelock",
            "jinja2",
            "secrets",
        }
        & seen.modules
    )
    assert {Path(path).name for path in seen.opened if path.endswith(".md")} == {"kari-berg.md"}


# How many modules of the program a warm command may import in the example book. Each costs a
# quarter of a millisecond. Who needs more asks first what can be imported later.
MOST = {
    ("list", "deals", "stage:lead", "--ids"): 90,
    ("list", "contacts", "+vip", "--json"): 100,
    ("pipeline", "--json"): 100,
    ("find", "vineyard", "--json"): 78,
    ("today", "--json"): 117,
    ("show", "contact/kari-berg", "--json"): 134,
}


@pytest.mark.parametrize("words", MOST, ids=" ".join)
def test_a_warm_command_imports_few_modules(warm: Path, words: tuple[str, ...]) -> None:
    watched(warm, words)
    assert len(ours(watched(warm, words))) <= MOST[words]


RECORDS_MADE = """
import sys
from plaincrm.core.records.record import Record
made = []
init = Record.__init__
def counted(self, *args, **named):
    made.append(self)
    init(self, *args, **named)
Record.__init__ = counted
from plaincrm.cli import run
code = run(sys.argv[1:])
sys.stderr.write(f"\\n{code} {len(made)}")
"""


RECORDS = {  # how many records a warm command makes
    ("list", "contacts", "--count"): 0,
    ("list", "contacts", "status:customer", "--ids"): 0,
    ("list", "deals", "is:open", "--count"): 0,
    ("list", "contacts", "--json", "--limit", "2"): 2,
}
NOTED = 2  # of a kind: contested, or not to be read whole; a line on stderr speaks of them


@pytest.mark.parametrize("words", RECORDS, ids=" ".join)
def test_records_are_made_of_what_is_shown_only(warm: Path, words: tuple[str, ...]) -> None:
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    for _ in range(2):  # the first may write the cache
        done = subprocess.run(
            [sys.executable, "-c", RECORDS_MADE, *words],
            cwd=warm,
            env=environ,
            capture_output=True,
            text=True,
            check=True,
        )
    code, made = map(int, done.stderr.splitlines()[-1].split())
    assert code == 0
    assert made <= RECORDS[words] + NOTED, made


def test_today_makes_no_handle_and_no_order_for_a_count(
    warm: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is only counted costs neither the handles of the whole book nor an order."""
    from plaincrm import Book
    from plaincrm.crm.reminders import index, today

    asked: list[str] = []
    monkeypatch.setattr(index, "all_handles", lambda _: asked.append("handles"))
    found = today.today(Book.open(warm).context)
    assert len(found.reminders) > 0
    assert asked == []
    assert "_sorted" not in vars(found.reminders)
