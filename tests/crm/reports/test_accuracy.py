"""How good the forecasts were, of a book with a real past in git."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Crm, git

DEAL = "---\nname: Shop\nstage: {stage}\nvalue: {value}\n{more}created: 2026-07-01\n---\n"


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A deal that was half sure in August, and won in September for more."""
    root = tmp_path / "book"
    (root / "deals").mkdir(parents=True)
    (root / "plaincrm.yaml").write_text("currency: EUR\n", "utf-8")
    git(root, "init", "-q", "-b", "main")
    for day, stage, value, more in (
        ("2026-08-15", "proposal", "1000", "close_date: 2026-09-15\n"),
        ("2026-09-20", "won", "1200", "closed: 2026-09-18\nclose_date: 2026-09-15\n"),
    ):
        text = DEAL.format(stage=stage, value=value, more=more)
        (root / "deals" / "shop.md").write_text(text, "utf-8")
        monkeypatch.setenv("GIT_COMMITTER_DATE", f"{day}T12:00:00+0000")
        git(root, "add", "-A")
        git(root, "commit", "-q", "-m", day)
    monkeypatch.delenv("GIT_COMMITTER_DATE")
    return root


def test_what_was_forecast_on_the_eve_beside_what_came(crm: Crm, book: Path) -> None:
    ran = crm("report", "forecast-accuracy", "--period", "2026-09", "--json", cwd=book)
    (table,) = ran.json["tables"]
    names = [column["name"] for column in table["columns"]]
    (row,) = [dict(zip(names, row, strict=True)) for row in table["rows"]]
    assert row["period"] == "2026-09"
    assert (row["commit"], row["best"]) == ({}, {"EUR": 1000.0})
    assert (row["weighted"], row["won"]) == ({"EUR": 500.0}, {"EUR": 1200.0})
    assert row["error"] == pytest.approx((500 - 1200) / 1200)
    (mean,) = ran.json["results"]
    assert (mean["figure"], mean["n"]) == ("mean_error", 1)


def test_the_row_is_what_the_forecast_of_that_day_says(crm: Crm, book: Path) -> None:
    asked = ("--from", "2026-09", "--to", "2026-09", "--json")
    then = crm("forecast", *asked, "--as-of", "2026-08-31", cwd=book).json["results"][0]
    assert (then["best"], then["weighted"]) == ({"EUR": 1000.0}, {"EUR": 500.0})


def test_days_before_the_first_commit_have_no_row(crm: Crm, book: Path) -> None:
    ran = crm("report", "forecast-accuracy", "--period", "2026-07", "--json", cwd=book)
    assert ran.json["tables"][0]["rows"] == []
    assert "git has no book" in str(ran.json)
