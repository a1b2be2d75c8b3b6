"""`plaincrm schedule`: recipes written, shown and taken out; the system's programs are stand-ins."""

from __future__ import annotations

import os
import plistlib
import shlex
import shutil
from pathlib import Path

import pytest

from plaincrm.book.schedule import recipe
from tests.conftest import Crm

STAND_IN = '#!/bin/sh\necho "$0 $*" >> "{log}"\n'
CRONTAB = '#!/bin/sh\nif [ "$1" = -l ]; then cat "{tab}" 2>/dev/null; else cat > "{tab}"; fi\n'


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine whose systemctl and crontab write down what they are asked."""
    bin = tmp_path / "bin"
    bin.mkdir()
    programs = {"systemctl": STAND_IN, "launchctl": STAND_IN, "crontab": CRONTAB}
    for name, text in programs.items():
        place = bin / name
        place.write_text(text.format(log=tmp_path / "log", tab=tmp_path / "tab"))
        place.chmod(0o755)
    monkeypatch.setenv("PATH", f"{bin}{os.pathsep}{os.environ['PATH']}")
    return tmp_path


def test_systemd_gets_a_timer_and_loses_it_again(crm: Crm, system: Path, studio: Path) -> None:
    assert "nothing is scheduled" in crm("schedule", "show", "--by", "systemd").err
    assert crm("schedule", "install", "--by", "systemd", "--at", "07:30").code == 0
    folder = Path.home() / ".config/systemd/user"
    service, timer = sorted(folder.iterdir())
    assert "OnCalendar=*-*-* 07:30:00" in timer.read_text()
    text = service.read_text()
    assert f'"-C" "{studio.resolve()}" "today" "--notify"' in text
    assert '"automation" "run" "-y"' in text
    assert f"enable --now {timer.name}" in (system / "log").read_text()
    assert "OnCalendar" in crm("schedule", "show", "--by", "systemd").out
    assert "taken out" in crm("schedule", "remove", "--by", "systemd").err
    assert list(folder.iterdir()) == []


def test_cron_keeps_the_lines_of_others(crm: Crm, system: Path) -> None:
    other = "5 4 * * 0 backup\n"
    (system / "tab").write_text(other)
    for _ in range(2):
        assert crm("schedule", "install", "--by", "cron", "--job", "notify").code == 0
    lines = (system / "tab").read_text().splitlines()
    assert len(lines) == 2 and lines[1].startswith("0 8 * * * ")
    assert "--notify" in crm("schedule", "show", "--by", "cron").out
    assert crm("schedule", "remove", "--by", "cron").code == 0
    assert (system / "tab").read_text() == other


def test_a_dry_run_writes_nothing(crm: Crm, system: Path) -> None:
    for by in ("systemd", "launchd", "cron"):
        assert "today" in crm("schedule", "install", "--by", by, "-n").out
    assert not (system / "log").exists() and not (Path.home() / ".config").exists()
    assert crm("schedule", "install", "--at", "25:00").code == 2


@pytest.mark.parametrize("name", ['a "b" $(c) %h', "it's ; rm -rf ~", "\\x"])
def test_an_odd_path_is_one_word_everywhere(tmp_path: Path, name: str) -> None:
    from datetime import time

    book = tmp_path / name
    cron = recipe("cron", book, time(8), ["sync"]).lines[0]
    command = cron.partition("* * * ")[2].rpartition(" # plaincrm")[0].replace("\\%", "%")
    assert str(book) in shlex.split(command)
    agent = plistlib.loads(recipe("launchd", book, time(8), ["sync"]).files[0][1].encode())
    assert str(book) in agent["ProgramArguments"]
    unit = recipe("systemd", book, time(8), ["sync"]).files[0][1]
    start = next(line for line in unit.splitlines() if line.startswith("ExecStart"))
    plain = start.replace("%%", "%").replace("$$", "$").replace("\\\\", "\\").replace('\\"', '"')
    assert str(book) in plain


def findings(crm: Crm) -> list[tuple[str, str]]:
    """What doctor says of schedules."""
    results = crm("doctor", "--json").json["results"]
    return [(each["level"], each["text"]) for each in results if each["topic"] == "schedule"]


@pytest.fixture
def program(system: Path) -> str:
    """A program called plaincrm in an odd place that the path names."""
    place = system / "bin" / "plaincrm"
    place.write_text("#!/bin/sh\n")
    place.chmod(0o755)
    return str(place)


@pytest.mark.parametrize("by", ["systemd", "cron", "launchd"])
def test_doctor_tells_of_a_schedule_and_of_a_program_that_is_gone(
    crm: Crm, program: str, by: str
) -> None:
    assert findings(crm) == []
    assert crm("schedule", "install", "--by", by).code == 0
    assert findings(crm) == [("good", f"{by} starts plaincrm every day")]
    Path(program).unlink()
    assert findings(crm) == [("warning", f"{by}: {program} is no program any more")]
    assert crm("schedule", "remove", "--by", by).code == 0
    assert findings(crm) == []


@pytest.mark.usefixtures("program")
@pytest.mark.parametrize("by", ["systemd", "cron", "launchd"])
def test_doctor_tells_of_a_recipe_that_a_moved_book_left_behind(
    crm: Crm, studio: Path, tmp_path: Path, by: str
) -> None:
    old = tmp_path / 'old "book" 100%'
    shutil.copytree(studio, old)
    assert crm("-C", str(old), "schedule", "install", "--by", by).code == 0
    assert findings(crm) == []
    old.rename(tmp_path / "new")
    said = f"{by} starts plaincrm in {old}, which is no book any more"
    assert findings(crm) == [("warning", said)]


@pytest.mark.usefixtures("program")
def test_doctor_tells_of_half_a_recipe_and_of_one_that_starts_nothing(crm: Crm) -> None:
    assert crm("schedule", "install", "--by", "systemd").code == 0
    service, timer = sorted((Path.home() / ".config/systemd/user").iterdir())
    whole = service.read_text()
    service.write_text("[Service]\n")
    assert findings(crm) == [("warning", "systemd: it starts nothing")]
    service.write_text(whole)
    timer.unlink()
    assert findings(crm) == [("warning", f"systemd: {timer.name} is gone")]


@pytest.mark.parametrize("name", ['a "b" $(c) %h', "it's ; rm", "back\\slash"])
def test_doctor_finds_a_program_in_an_odd_place(
    crm: Crm, system: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    place = system / name / "plaincrm"
    place.parent.mkdir()
    place.write_text("#!/bin/sh\n")
    place.chmod(0o755)
    monkeypatch.setattr("plaincrm.book.schedule._program", lambda: [str(place)])
    for by in ("systemd", "cron"):
        assert crm("schedule", "install", "--by", by).code == 0
    assert {level for level, _ in findings(crm)} == {"good"} and len(findings(crm)) == 2
