"""Visits by campaign, as the counters of web sites export them."""

from __future__ import annotations

from io import BytesIO

import pytest

from plaincrm.errors import Refused
from plaincrm.interchange.csv.analytics import visits
from plaincrm.interchange.csv.table import read


def read_visits(text: str) -> dict[str, int]:
    table = read(BytesIO(text.encode()))
    return visits(table.header, table.rows)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "utm_campaign,visitors,pageviews\nautumn,41,77\nwinter,3,4\n",
            {"autumn": 41, "winter": 3},
        ),
        ("Campaign;Visits\nautumn;1.234\nAutumn;6\n", {"autumn": 1240}),
        ("Session campaign,Sessions,Users\n(not set),9,9\nautumn,12,7\n", {"autumn": 12}),
        (
            'date,utm_campaign,visitors\n2026-11-01,autumn,"1,000"\n2026-11-02,autumn,1\n',
            {"autumn": 1001},
        ),
        ("utm_campaign,visitors\nautumn,\n", {"autumn": 0}),
    ],
)
def test_the_rows_of_a_campaign_are_added_up(text: str, found: dict[str, int]) -> None:
    assert read_visits(text) == found


@pytest.mark.parametrize(
    "text",
    ["page,visitors\n/a,4\n", "utm_campaign,bounce\nautumn,4\n", "utm_campaign,visitors\na,many\n"],
)
def test_another_table_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        read_visits(text)
