from __future__ import annotations

from tests.conftest import Crm


def test_the_days_ahead_in_order(crm: Crm) -> None:
    found = crm("agenda", "--days", "7", "--json").json
    days = [item["day"] for item in found["results"]]
    assert (found["kind"], found["asOf"]) == ("agenda", "2026-11-21")
    assert found["total"] == len(days) > 5 and days == sorted(days)
    assert days[0] >= "2026-11-21" and days[-1] <= "2026-11-28"


def test_each_day_has_a_heading_and_each_line_its_handle(crm: Crm) -> None:
    out = crm("agenda", "--days", "7").out
    assert "Mon 2026-11-23, in 2 days" in out
    for item in crm("agenda", "--days", "7", "--json").json["results"]:
        assert f"  {item['handle']}  " in out


def test_further_ahead_is_more(crm: Crm) -> None:
    week, month = (int(crm("agenda", "--days", days, "--count").out) for days in ("7", "60"))
    assert week < month
    assert crm("agenda", "--days", "-1").code == 2


def test_nothing_ahead(crm: Crm) -> None:
    ran = crm("--today", "2050-01-01", "agenda", "--days", "0")
    assert (ran.code, ran.out) == (0, "Nothing lies ahead.\n")
