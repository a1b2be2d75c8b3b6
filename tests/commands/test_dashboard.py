"""`plaincrm dashboard`: the panels are those of the file, their numbers those of the commands."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, TODAY, Crm


@pytest.fixture
def page(crm: Crm, tmp_path: Path) -> str:
    assert crm("dashboard", str(tmp_path / "d.html"), "--period", "2026-Q4").code == 0
    return (tmp_path / "d.html").read_text("utf-8")


def _figures(found: Any) -> dict[tuple[str, str | None], float]:
    return {(each["figure"], each["currency"]): each["value"] for each in found["results"]}


def test_its_figures_are_those_of_the_commands(crm: Crm) -> None:
    shown = _figures(crm("dashboard", "--period", "2026-Q4", "--json").json)
    sales = _figures(crm("report", "sales", "--period", "2026-Q4", "--json").json)
    money = _figures(crm("report", "money", "--period", "2026-Q4", "--json").json)
    assert shown["won_value", "EUR"] == sales["won_value", "EUR"]
    assert shown["outstanding", "EUR"] == money["outstanding", "EUR"]
    assert shown["overdue", "EUR"] == money["overdue", "EUR"]
    views = crm("pipeline", "--json").json["results"]
    open_sums = sum(view["open"]["value"].get("EUR", 0) for view in views)
    assert shown["open", "EUR"] == pytest.approx(open_sums)
    quarter = crm("forecast", "--by", "quarter", "--json").json["results"][0]
    assert shown["attained", "EUR"] == pytest.approx(quarter["attained"])


def test_its_forecast_is_that_of_the_command(crm: Crm) -> None:
    tables = {each["name"]: each for each in crm("dashboard", "--json").json["tables"]}
    rows = {row[0]: row for row in tables["forecast"]["rows"]}
    for period in crm("forecast", "--json").json["results"]:
        if period["period"] in rows:
            names = ("won", "commit", "best", "open")
            assert [period[name] for name in names] == rows[period["period"]][1:]


def test_the_text_has_the_same_panels_as_the_page(crm: Crm, page: str) -> None:
    text = crm("dashboard", "--period", "2026-Q4").out
    headings = re.findall(r"<h2>([^<]*)</h2>", page)
    assert len(headings) > 10
    for heading in headings:
        assert heading in text or heading == "Lists", heading


def test_each_figure_leads_to_its_list(page: str) -> None:
    ids = set(re.findall(r'id="([^"]+)"', page))
    links = set(re.findall(r'href="#([^"]+)"', page))
    assert links and links <= ids
    assert "plaincrm list deals is:open" in page


def test_the_file_says_which_panels(crm: Crm, studio: Path) -> None:
    text = "title: Mine\npanels:\n- today\n- {list: contacts, query: '+vip', title: VIPs}\n"
    (studio / "dashboard.yaml").write_text(text, "utf-8")
    found = crm("dashboard", "--json").json
    assert found["panels"] == ["today", "VIPs"]
    out = crm("dashboard").out
    assert out.startswith("Mine, November 2026") and "\nVIPs\n4 records" in out


def test_without_a_file_there_are_the_shipped_panels(crm: Crm, studio: Path) -> None:
    (studio / "dashboard.yaml").unlink()
    found = crm("dashboard", "--json").json
    assert found["panels"][:4] == ["won", "goal", "pipeline", "outstanding"]
    assert found["from"] == "2026-11-01"


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("panels:\n- wonn\n", ":2:3", 'there is no panel "wonn"'),
        ("period: week\n", ":1:1", '"week"'),
        ("panels:\n- {report: sails}\n", ":2:", 'there is no report "sails"'),
        ("panels:\n- {list: dealz}\n", ":2:", 'unknown kind "dealz"'),
        ("panels:\n- {list: deals, query: 'stagge:lead'}\n", ":2:", "stagge"),
        ("panels:\n- {panel: won, span: 13}\n", ":2:", "no width"),
        ("panel: won\n", ":1:1", 'unknown setting "panel"'),
    ],
)
def test_check_says_what_is_wrong_with_it(
    crm: Crm, studio: Path, text: str, place: str, said: str
) -> None:
    (studio / "dashboard.yaml").write_text(text, "utf-8")
    lines = [line for line in crm("check").out.splitlines() if line.startswith("dashboard.yaml")]
    assert len(lines) == 1
    assert lines[0].startswith(f"dashboard.yaml{place}") and said in lines[0]
    assert crm("dashboard").code == 0


def test_an_empty_book_has_a_dashboard(crm: Crm, tmp_path: Path) -> None:
    crm("init", str(tmp_path / "new"))
    ran = crm("-C", str(tmp_path / "new"), "dashboard", str(tmp_path / "new.html"))
    assert ran.code == 0, ran.err
    assert "Nothing" in (tmp_path / "new.html").read_text("utf-8")


def test_a_page_of_somebody_else_is_not_replaced(crm: Crm, tmp_path: Path) -> None:
    place = tmp_path / "d.html"
    place.write_text("<!doctype html>\n<p>mine</p>", "utf-8")
    assert crm("dashboard", str(place)).code == 5
    assert "mine" in place.read_text("utf-8")
    assert crm("dashboard", str(tmp_path / "d.txt")).code == 2
    assert crm("dashboard", "--open").code == 2


def test_names_in_it_are_text(crm: Crm, tmp_path: Path) -> None:
    crm("add", "deal", "<script>alert(1)</script>", "value=99999999", "close_date=2026-12-01")
    assert crm("dashboard", str(tmp_path / "d.html")).code == 0
    text = (tmp_path / "d.html").read_text("utf-8")
    assert "<script" not in text and "&lt;script&gt;" in text


def test_watch_writes_it_again_on_a_save(studio: Path, tmp_path: Path) -> None:
    place = tmp_path / "d.html"
    words = ["-C", str(studio), "--today", TODAY, "dashboard", str(place), "--watch"]
    command = [sys.executable, "-m", "plaincrm", *words]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert _until(
                lambda: place.exists() and 'http-equiv="refresh"' in place.read_text("utf-8")
            )
            assert process.stderr is not None
            while "watching" not in process.stderr.readline():
                assert process.poll() is None
            time.sleep(0.5)
            deal = studio / "deals" / "new.md"
            deal.write_text(
                "---\nname: Brand new\nvalue: 1 EUR\ncreated: 2026-11-20\n---\n", "utf-8"
            )
            assert _until(lambda: "Brand new" in place.read_text("utf-8"))
        finally:
            process.terminate()


def _until(holds: Any) -> bool:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        if holds():
            return True
        time.sleep(0.1)
    return False
