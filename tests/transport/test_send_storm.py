"""The short form of `python -m benchmarks.send_storm`: no mail twice, none lost, each doubt named."""

from __future__ import annotations

import pytest

from tests.transport.send_storm import KILLS, SERVERS, SendStorm


@pytest.fixture(scope="module")
def storm(tmp_path_factory: pytest.TempPathFactory) -> SendStorm:
    patch = pytest.MonkeyPatch()
    patch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    patch.setenv("PLAINCRM_TODAY", "2026-11-21")
    made = SendStorm(tmp_path_factory.mktemp("storm"))
    patch.undo()
    return made


@pytest.mark.parametrize("kill", KILLS)
def test_a_sender_that_dies_sends_nothing_twice_and_loses_nothing(
    storm: SendStorm, kill: str
) -> None:
    # These come once in a run, not once for each mail.
    once = ("", "after connect", "before the log", "before the commit", "after the commit")
    done = storm.run("works", kill, number=1 if kill in once else 2)
    assert not done.faults


@pytest.mark.parametrize("kill", ["after the 250", "before the log", "after the commit"])
def test_of_three_one_is_refused_and_the_sender_dies(storm: SendStorm, kill: str) -> None:
    assert not storm.run("refuses one of three", kill).faults


@pytest.mark.parametrize("server", SERVERS)
def test_a_server_that_fails_gets_nothing_twice_and_loses_nothing(
    storm: SendStorm, server: str
) -> None:
    done = storm.run(server, "")
    assert not done.faults
    # A text as short as this one is on the wire, dot and all, before the drop in it is seen.
    doubtful = {
        *("keeps it and dies", "dies with it", "answers after the time-out", "drops in the body")
    }
    assert (done.doubts > 0) is (server in doubtful)
