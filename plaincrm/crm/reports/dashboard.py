"""The dashboard as values: what each panel shows. Terminal and page are made of the same.

Its figures are those of the reports, of `forecast`, `pipeline`, `today` and `ticket list`: the same
functions, so that no panel says another number than its command.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from plaincrm.core.value_class import value
from plaincrm.core.values.periods import Period
from plaincrm.crm.reports.dashboard_data import DashboardData, DashboardPanel
from plaincrm.crm.reports.dashboard_file import DashboardFile, dashboard_file
from plaincrm.crm.reports.dashboard_panels import PANELS

if TYPE_CHECKING:
    from plaincrm.crm.book import Book


@value
class Dashboard:
    """All panels, in order. `records`: how many the book has."""

    title: str
    period: Period
    as_of: date
    panels: tuple[DashboardPanel, ...]
    records: int


def dashboard(book: Book, period: Period, file: DashboardFile | None = None) -> Dashboard:
    """The panels of the book for a period. Those that have nothing to say are left out."""
    found = file or dashboard_file(book)
    data = DashboardData(book, period)
    made = [PANELS[wish.name](data, wish) for wish in found.panels]
    panels = tuple(panel for panel in made if panel is not None)
    kinds = book.store.loaded
    records = sum(len(book.store.collection(kind)) for kind in kinds)
    title = found.title or book.settings.me.name or book.root.name
    return Dashboard(title, period, book.context.today, panels, records)
