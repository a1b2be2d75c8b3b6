"""The answers of a survey, as its service saves them, become ratings."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import Crm

ANSWERS = (
    "Date;E-mail;Score;Comment\r\n"
    "2026-11-12 09:30;regnskap@fjordferries.example;9;Quick, and friendly\r\n"
    "2026-11-13 10:00;ola@fjordferries.example;6;\r\n"
    "2026-11-14 11:00;nobody@nowhere.example;10;=cmd()\r\n"
)
MAP = """\
kind: log
columns: {Date: at, E-mail: contact@email, Score: text, Comment: text}
constants: {type: nps}
"""


def test_a_survey_comes_in_once_and_counts(crm: Crm, studio: Path) -> None:
    (studio / "inbox").mkdir(exist_ok=True)
    (studio / "inbox" / "survey.csv").write_text(ANSWERS, "utf-8")
    (studio / "inbox" / "map.yaml").write_text(MAP, "utf-8")
    words = ("import", "inbox/survey.csv", "--map", "inbox/map.yaml", "-y", "--json")
    first = crm(*words)
    assert first.json["rejected"] == 1  # nobody has the address
    kari = crm("show", "kari-berg", "--json").json["results"][0]
    told = [entry["text"] for entry in kari["log"] if entry["type"] == "nps"]
    assert [text.split()[0] for text in told] == ["9"]
    report = crm("report", "support", "--json").json["results"]
    nps = next(each for each in report if each["figure"] == "nps")
    assert nps["n"] == 6
    again = crm(*words)
    assert again.json["created"] == 0
    assert (
        len(
            [
                e
                for e in crm("show", "kari-berg", "--json").json["results"][0]["log"]
                if e["type"] == "nps"
            ]
        )
        == 1
    )
