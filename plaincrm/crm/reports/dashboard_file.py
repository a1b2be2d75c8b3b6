"""The book's `dashboard.yaml`: which panels, in which order; the shipped ones where there is none.

title: Studio Ada
period: month                     # what "this period" is: month, quarter or year
panels:
- won
- pipeline
- forecast
- {report: workshops, title: Workshops, span: 6}
- {list: deals, query: 'is:open +vip', columns: 'name, stage, value'}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from plaincrm.core.query.scanner import split_words
from plaincrm.core.schema.settings_reader import Keys, SettingsReader, one_of
from plaincrm.core.text.text_file import decode
from plaincrm.core.value_class import value
from plaincrm.core.values.periods import PeriodUnit
from plaincrm.core.values.raw import Raw, items
from plaincrm.crm.reports import registry
from plaincrm.errors import Problem, did_you_mean

if TYPE_CHECKING:
    from plaincrm.crm.book import Book

FILE = "dashboard.yaml"
PERIODS: tuple[PeriodUnit, ...] = ("month", "quarter", "year")
SHIPPED = (
    *("won", "goal", "pipeline", "outstanding", "forecast", "today", "stages", "sources"),
    *("tickets", "stale", "win_rate"),
)
WIDEST = 12  # columns of the page
_KEYS = ("title", "period", "panels")
_PANEL_KEYS = ("panel", "report", "list", "query", "columns", "by", "title", "span")


@value
class PanelRequest:
    """A panel as it is asked for: a shipped one by `name`, a `report`, or a list of a `kind`.

    `span` is how many of twelve columns it takes, 0 for its own measure.
    """

    name: str
    title: str = ""
    report: str = ""
    by: str = ""
    kind: str = ""
    words: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    span: int = 0


@value
class DashboardFile:
    """What the file says, and what is wrong with it."""

    title: str = ""
    period: PeriodUnit = "month"
    panels: tuple[PanelRequest, ...] = tuple(PanelRequest(name) for name in SHIPPED)
    problems: tuple[Problem, ...] = ()


def dashboard_file(book: Book) -> DashboardFile:
    """The book's own, or the shipped panels; a panel that can't be read is left out."""
    data = book.source.file(FILE)
    if data is None:
        return DashboardFile()
    text, problems = decode(data, FILE)
    reader = SettingsReader(text, FILE)
    reader.known((), reader.fields, _KEYS)
    period = reader.text("period", "month")
    unit: PeriodUnit = next((each for each in PERIODS if each == period), "month")
    if unit != period:
        reader.problem(
            ("period",), "dashboard-value", f'there is no period "{period}"', one_of(PERIODS)
        )
    panels = tuple(_panels(book, reader)) or DashboardFile().panels
    return DashboardFile(reader.text("title"), unit, panels, (*problems, *reader.problems))


def _panels(book: Book, reader: SettingsReader) -> list[PanelRequest]:
    raw = reader.fields.get("panels")
    if raw is not None and not isinstance(raw, list):
        reader.problem(("panels",), "dashboard-value", '"panels" has to be a list')
        return []
    found = []
    for place, each in enumerate(raw or []):
        wish = _panel(book, reader, ("panels", place), each)
        if wish is not None:
            found.append(wish)
    return found


def _panel(book: Book, reader: SettingsReader, at: Keys, raw: Raw) -> PanelRequest | None:
    if isinstance(raw, str):
        return _shipped(reader, at, raw)
    found = reader.map(raw, at)
    reader.known(at, found, _PANEL_KEYS)
    texts = {key: each for key, each in found.items() if isinstance(each, str)}
    title, span = texts.get("title", ""), _span(reader, at, texts.get("span", ""))
    if "report" in texts:
        return _report(book, reader, at, texts, span)
    if "list" in texts:
        return _list(book, reader, at, found, span)
    wish = _shipped(reader, at, texts.get("panel", ""))
    return wish and PanelRequest(wish.name, title, by=texts.get("by", ""), span=span)


def _shipped(reader: SettingsReader, at: Keys, name: str) -> PanelRequest | None:
    if name in SHIPPED:
        return PanelRequest(name)
    hint = did_you_mean(name, SHIPPED) or one_of(SHIPPED)
    reader.problem(at, "dashboard-panel", f'there is no panel "{name}"', hint)
    return None


def _report(
    book: Book, reader: SettingsReader, at: Keys, texts: dict[str, str], span: int
) -> PanelRequest | None:
    name = texts["report"]
    known = registry.names(book)
    if name not in known:
        hint = did_you_mean(name, known) or "plaincrm report list names them"
        reader.problem((*at, "report"), "dashboard-panel", f'there is no report "{name}"', hint)
        return None
    words = tuple(split_words(texts.get("query", "")))
    title, by = texts.get("title", ""), texts.get("by", "")
    return PanelRequest("report", title, name, by, words=words, span=span)


def _list(
    book: Book, reader: SettingsReader, at: Keys, found: object, span: int
) -> PanelRequest | None:
    from plaincrm.core import query
    from plaincrm.errors import QueryError

    assert isinstance(found, dict)
    kind = book.schema.find(str(found["list"]))
    if kind is None:
        hint = did_you_mean(str(found["list"]), book.schema.kinds) or one_of(
            tuple(book.schema.kinds)
        )
        reader.problem((*at, "list"), "dashboard-panel", f'unknown kind "{found["list"]}"', hint)
        return None
    words = tuple(split_words(str(found.get("query", ""))))
    names = tuple(
        part.strip() for item in items(found.get("columns")) for part in item.text.split(",")
    )
    try:
        query.compile(words, kind, book.context)
        for name in names:
            query.column(name, kind, book.context)
    except QueryError as error:
        reader.problem((*at, "query"), "dashboard-panel", error.message, error.hint)
        return None
    title = str(found.get("title", "")) or kind.plural.capitalize()
    return PanelRequest("list", title, kind=kind.name, words=words, columns=names, span=span)


def _span(reader: SettingsReader, at: Keys, text: str) -> int:
    if not text:
        return 0
    if not text.isdecimal() or not 3 <= int(text) <= WIDEST:
        said = f'"{text}" is no width; a page has {WIDEST} columns'
        reader.problem((*at, "span"), "dashboard-value", said, "write a number from 3 to 12")
        return 0
    return int(text)
