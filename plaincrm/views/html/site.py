"""The book as static pages for a phone: every file of the site.

A page a record; lists of contacts and of the other kinds; open deals by stage, open tickets by
deadline, today and agenda. Private fields and kinds (`private:` of the settings) are on none of
them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from plaincrm.book.shipped import shipped_text
from plaincrm.core.records.record import Record
from plaincrm.core.records.reminder import Reminder
from plaincrm.core.schema.kinds import Kind
from plaincrm.core.text.counted import counted
from plaincrm.core.text.fold import fold
from plaincrm.core.values import phones
from plaincrm.crm.card import card
from plaincrm.crm.reminders.agenda import agenda
from plaincrm.crm.reminders.today import today
from plaincrm.crm.ticket_queue import by_time_left, deadline
from plaincrm.views import numbers
from plaincrm.views.html.element import NOTHING, Html, element, joined, url_part
from plaincrm.views.html.page import stylesheet
from plaincrm.views.html.page_source import PageSource, long_day, source_of
from plaincrm.views.html.site_page import INDEX, SCRIPT, STYLE, SiteFrame, SiteLink
from plaincrm.views.html.site_record import SiteRecords

if TYPE_CHECKING:
    from plaincrm.crm.book import Book

PER_PAGE = 500  # names on a page of a list; a phone shows no more at once
_AHEAD = 14  # days of the agenda
_FOUND_BY = ("city", "email", "domain", "zip", "country", "stage", "status", "subject", "tags")


class Site:
    """The pages of a book."""

    def __init__(self, book: Book) -> None:
        self.book, self.context = book, book.context
        self.private = book.settings.private

    def files(self) -> dict[str, bytes]:
        """Path to content."""
        css = f"{stylesheet()}\n{_page_file('site.css')}"
        home = self.frame.page("index.html", self.source.owner, self._home(), search=True)
        found = {
            STYLE: css.encode(),
            SCRIPT: _page_file("site-search.js").encode(),
            INDEX: self._index(),
            "index.html": home,
            "today.html": self.frame.page("today.html", "Today", self._today()),
            "agenda.html": self.frame.page("agenda.html", "Agenda", self._agenda()),
        }
        for kind in self.kinds:
            found |= self._lists(kind)
            for record in self.records(kind):
                page = self.page_of(record)
                body = joined(
                    element("p", self._about(record), class_="soft"),
                    self.pages.body(card(record, self.context)),
                )
                found[page] = self.frame.page(page, record.title, body)
        return found

    @cached_property
    def source(self) -> PageSource:
        """Whose book it is, and how many of its files could not be read."""
        for kind in self.kinds:
            self.records(kind)
        return source_of(self.book)

    @cached_property
    def kinds(self) -> list[Kind]:
        schema = self.context.store.schema
        found = [kind for kind in schema.kinds.values() if kind.name not in self.private.kinds]
        return [kind for kind in found if self.records(kind)]

    def records(self, kind: Kind) -> list[Record]:
        return sorted(self.context.store.records(kind.name), key=lambda each: fold(each.title))

    @cached_property
    def frame(self) -> SiteFrame:
        counts = {kind.name: len(self.records(kind)) for kind in self.kinds}
        lists = [
            SiteLink(f"{kind.plural}.html", kind.plural.capitalize(), counts[kind.name])
            for kind in self.kinds
        ]
        links = [
            SiteLink("index.html", "Search"),
            SiteLink("today.html", "Today"),
            SiteLink("agenda.html", "Agenda"),
            *lists,
        ]
        made_of = counted(sum(counts.values()), "record")
        as_of = f"As of {long_day(self.source.as_of)}. "
        return SiteFrame(self.source.owner, links, as_of + self.source.footer(made_of))

    def page_of(self, record: Record) -> str:
        """Where the page of a record lies; empty for one of a private kind."""
        if record.kind.name in self.private.kinds:
            return ""
        return f"{url_part(record.kind.plural)}/{url_part(record.id)}.html"

    @cached_property
    def pages(self) -> SiteRecords:
        ids = {
            fold(record.id): f"../{self.page_of(record)}"
            for kind in self.kinds
            for record in self.records(kind)
        }
        country = self.book.settings.country
        return SiteRecords(self.page_of, ids, self.private.fields, country)

    def _about(self, record: Record) -> str:
        """The kind, and what one wants to know at once."""
        words = [record.kind.name]
        for name in ("status", "stage", "value", "priority"):
            if name in record.kind.fields and name not in self.private.fields:
                words.append(", ".join(map(numbers.cell, record.values(name))))
        return " · ".join(filter(None, words))

    def _index(self) -> bytes:
        """The search index as a classic script: browsers load no other data from the disk."""
        entries = [self._entry(record) for kind in self.kinds for record in self.records(kind)]
        text = json.dumps(entries, ensure_ascii=False, separators=(",", ":"))
        safe = text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
        return f"window.siteIndex={safe};\n".encode("utf-8", "backslashreplace")

    def _entry(self, record: Record) -> list[str]:
        """Page, name, kind, what it is found by, what is shown of that."""
        shown = [word for name in _FOUND_BY for word in self._texts(record, name)]
        numbers_of = self._texts(record, "phone")
        country = record.text("country") or self.book.settings.country
        digits = [phones.e164(text, country).lstrip("+") or text for text in numbers_of]
        company = self._company(record)
        more = " ".join([*shown, *digits, company])
        seen = [*([company] if company else []), *self._texts(record, "city"), *numbers_of[:1]]
        return [self.page_of(record), record.title, record.kind.name, more, " · ".join(seen)]

    def _texts(self, record: Record, name: str) -> list[str]:
        if name in self.private.fields or name not in record.kind.fields:
            return []
        return [item.text for item in record.items(name)]

    def _company(self, record: Record) -> str:
        if "company" in self.private.fields or "company" not in record.kind.fields:
            return ""
        target = self.context.store.get("company", record.text("company"))
        return target.title if target is not None and self.page_of(target) else ""

    def _home(self) -> Html:
        box = element(
            "form",
            element("label", "Name, phone, city", for_="q"),
            element("input", id="q", type="search", autocomplete="off", aria_describedby="status"),
            element("p", id="status", class_="soft", role="status"),
            element("ol", id="results"),
            role="search",
            class_="search",
            hidden=True,
        )
        no_script = element("p", "The search needs JavaScript; the lists do not.", class_="soft")
        links = (
            element("li", element("a", link.name, href=link.page), f" {link.count:,}")
            for link in self.frame.links
            if link.count is not None
        )
        return joined(
            box,
            element("noscript", no_script),
            element("section", element("h2", "Lists"), element("ul", joined(*links))),
        )

    def _today(self) -> Html:
        found = [each for each in today(self.context).reminders if self._may_show(each)]
        lines = [self._line(each, days=True) for each in found]
        return _list(lines) if lines else element("p", "Nothing is due.")

    def _agenda(self) -> Html:
        parts = []
        for day in agenda(self.context, _AHEAD):
            found = [each for each in day.reminders if self._may_show(each)]
            if found:
                lines = _list([self._line(each, days=False) for each in found])
                parts.append(element("section", element("h2", long_day(day.day)), lines))
        return joined(*parts) if parts else element("p", f"Nothing in {_AHEAD} days.")

    def _may_show(self, reminder: Reminder) -> bool:
        """A birthday is not told where the field is private; a task not where tasks are."""
        record = reminder.record
        if record is None or not self.page_of(record):
            return False
        told = (reminder, *reminder.also)
        reasons = {each.reason for each in told} | {"tasks" for each in told if each.task}
        return not reasons & self.private.fields

    def _line(self, reminder: Reminder, *, days: bool) -> Html:
        assert reminder.record is not None
        when = reminder.level if reminder.level != "overdue" else f"overdue {-reminder.days} d"
        return joined(
            self.pages.link(reminder.record, ""),
            element(
                "span", f"{reminder.text} · {when}" if days else reminder.text, class_="soft more"
            ),
        )

    def _lists(self, kind: Kind) -> dict[str, bytes]:
        """The pages of a kind's list: open deals by stage, tickets by deadline, else by name."""
        records = self.records(kind)
        if kind.name == "ticket":
            records = by_time_left(records, self.context)
        if kind.name == "deal":
            return {"deals.html": self.frame.page("deals.html", "Deals", self._deals(records))}
        found = {}
        starts = range(0, max(len(records), 1), PER_PAGE)
        for number, start in enumerate(starts, 1):
            page = _list_page(kind, number)
            lines = [self._list_line(record) for record in records[start : start + PER_PAGE]]
            turn = _turn(kind, number, len(starts))
            body = joined(_list(lines), turn)
            found[page] = self.frame.page(page, kind.plural.capitalize(), body)
        return found

    def _list_line(self, record: Record) -> Html:
        entry = self._entry(record)
        words = [entry[4]]
        if record.kind.name == "ticket":
            words = [*self._texts(record, "status"), deadline(record, self.context).text]
        about = " · ".join(filter(None, words))
        more = element("span", about, class_="soft more") if about else NOTHING
        return joined(self.pages.link(record, ""), more)

    def _deals(self, records: Sequence[Record]) -> Html:
        """Deals by stage, those that are open first."""
        groups: dict[tuple[bool, str], list[Record]] = {}
        for record in records:
            is_over = not self.context.fact(record, "is:open")
            groups.setdefault((is_over, record.text("stage")), []).append(record)
        parts = []
        for (is_over, stage), found in sorted(groups.items(), key=self._stage_order):
            heading = f"{stage} ({len(found)})"
            lines = _list([self._deal_line(each) for each in found])
            if is_over:
                parts.append(element("details", element("summary", heading), lines))
            else:
                parts.append(element("section", element("h2", heading), lines))
        return joined(*parts)

    def _stage_order(self, group: tuple[tuple[bool, str], list[Record]]) -> tuple[bool, int]:
        """Open stages first, each pipeline's in its own order."""
        pipelines = self.book.settings.pipelines.values()
        stages = [fold(stage.name) for pipeline in pipelines for stage in pipeline.stages]
        is_over, stage = group[0]
        known = fold(stage) in stages
        return is_over, stages.index(fold(stage)) if known else len(stages)

    def _deal_line(self, record: Record) -> Html:
        words = [", ".join(map(numbers.cell, self._values(record, "value"))), self._company(record)]
        about = " · ".join(filter(None, words))
        return joined(self.pages.link(record, ""), element("span", about, class_="soft more"))

    def _values(self, record: Record, name: str) -> list[Any]:
        return [] if name in self.private.fields else record.values(name)


def _list(lines: Sequence[Html]) -> Html:
    return element("ul", joined(*(element("li", line) for line in lines)))


def _list_page(kind: Kind, number: int) -> str:
    return f"{kind.plural}.html" if number == 1 else f"{kind.plural}-{number}.html"


def _turn(kind: Kind, number: int, last: int) -> Html:
    """Links to the pages before and after."""

    def links() -> Iterator[Html]:
        if number > 1:
            yield element("a", "Page before", href=_list_page(kind, number - 1))
        if number < last:
            yield element("a", "Next page", href=_list_page(kind, number + 1))

    return element("p", joined(*links())) if last > 1 else NOTHING


def _page_file(name: str) -> str:
    return shipped_text("templates/page", name) or ""
