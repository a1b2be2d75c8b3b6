"""The speed of sales by hand: 40 × 25,000 × 0.25 ÷ 90 = 2,777.78 a day."""

from __future__ import annotations

from decimal import Decimal

from plaincrm.core.values.periods import period_of
from plaincrm.crm.reports.sales import deal_period, velocity
from plaincrm.sales.deal_rows import deal_rows
from tests.contexts import context

WON = "name: Won\nstage: won\nvalue: 25000\ncreated: 2026-03-01\nclosed: 2026-05-30"
LOST = "name: Lost\nstage: lost\nvalue: 900\ncreated: 2026-03-01\nclosed: 2026-05-02"
OPEN = "name: Open\nstage: contacted\nvalue: 10"
LEAD = "name: Lead\nstage: lead\nvalue: 10"


def test_the_worked_example() -> None:
    files = {"deals/won.md": WON} | {f"deals/lost{n}.md": LOST for n in range(3)}
    files |= {f"deals/open{n}.md": OPEN for n in range(40)}
    files |= {f"deals/lead{n}.md": LEAD for n in range(7)}  # not qualified yet
    here = context(files)
    found = velocity(deal_period(deal_rows(here), period_of("year", here.today)), here)
    assert isinstance(found.value, Decimal)
    assert round(found.value, 2) == Decimal("2777.78")
    assert [term.value for term in found.terms] == [40, 25000, Decimal("0.25"), 90]
    assert found.n == 4
