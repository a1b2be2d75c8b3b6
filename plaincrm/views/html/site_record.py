"""A record as a page of the site: its fields, what it links to, what is open, its log."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from plaincrm.core.records.record import Record
from plaincrm.core.timeline.prose import prose
from plaincrm.core.value_class import value
from plaincrm.core.values import phones
from plaincrm.core.values.raw import RawItem
from plaincrm.crm.card import RecordCard
from plaincrm.views.html.element import NOTHING, Html, element, joined, url_part
from plaincrm.views.html.markdown_links import linked_html

LAST_ENTRIES = 30  # of a log; the file has them all
_WEB = ("http://", "https://")
# Keys of `private: fields:` that are no fields but parts of the file.
TEXT, LOG, TASKS = "text", "log", "tasks"


@value
class SiteRecords:
    """Where the record pages lie, and what they leave out. `page_of` gives the path of a record's
    page, empty for one that is private; `pages` the page of each folded id, for links in a text.
    """

    page_of: Callable[[Record], str]
    pages: dict[str, str]
    private: frozenset[str]
    country: str

    def link(self, record: Record, root: str = "../") -> Html | str:
        """The record's title, as a link to its page if it has one; nothing of a private one."""
        page = self.page_of(record)
        return element("a", record.title, href=f"{root}{page}") if page else ""

    def body(self, card: RecordCard) -> Html:
        """The page of a record, without its heading."""
        hidden = self.private
        text = "" if TEXT in hidden else prose(card.record.load())
        return joined(
            self._fields(card),
            element("div", linked_html(text, self.pages).html, class_="text") if text else NOTHING,
            self._lines("Open tasks", [] if TASKS in hidden else _tasks(card)),
            self._records("Open deals", card.deals),
            self._records("Open tickets", card.tickets),
            self._records("People", card.people),
            self._records("Won deals", card.won),
            self._backlinks(card),
            self._lines("Log", [] if LOG in hidden else _entries(card)),
        )

    def _fields(self, card: RecordCard) -> Html:
        rows = []
        for name, items in card.fields:
            if name not in self.private and name != card.record.kind.title:
                shown = [self._item(card, name, item) for item in items]
                if any(shown):
                    words = element("dt", name.replace("_", " "))
                    rows += [words, *(element("dd", each) for each in shown if each)]
        return element("dl", joined(*rows)) if rows else NOTHING

    def _item(self, card: RecordCard, name: str, item: RawItem) -> Html | str:
        """A value; addresses, numbers and links to records can be followed."""
        label = f" ({item.label})" if item.label else ""
        for link in card.links:
            if link.field == name and link.id == item.text and link.target is not None:
                found = self.link(link.target)
                return joined(found, label) if found else ""
        declared = card.record.kind.fields.get(name)
        href = self._href(str(declared.type) if declared else "", item.text)
        shown = element("a", item.text, href=href, rel="noreferrer") if href else item.text
        return joined(shown, label)

    def _href(self, kind: str, text: str) -> str:
        if "phone" in kind:
            return tel(text, self.country)
        if "email" in kind:
            return mailto(text)
        return text if text.startswith(_WEB) else ""

    def _records(self, heading: str, records: Sequence[Record]) -> Html:
        return self._lines(heading, [self.link(record) for record in records])

    def _backlinks(self, card: RecordCard) -> Html:
        shown = {record.ref for record in (*card.deals, *card.tickets, *card.people, *card.won)}
        found = (
            joined(self.link(record), f" ({field.replace('_', ' ')})")
            for record, field in card.backlinks
            if record.ref not in shown and self.page_of(record) and field not in self.private
        )
        return self._lines("Linked from", list(found))

    def _lines(self, heading: str, lines: Iterable[Html | str]) -> Html:
        entries = [element("li", line) for line in lines if line]
        if not entries:
            return NOTHING
        return element("section", element("h2", heading), element("ul", joined(*entries)))


def _tasks(card: RecordCard) -> Iterator[str]:
    for each in card.tasks:
        due = f", due {each.task.due}" if each.task.due else ""
        yield f"{each.task.text}{due}"


def _entries(card: RecordCard) -> Iterator[Html]:
    for entry in card.log[:LAST_ENTRIES]:
        way = f" {entry.direction}" if entry.direction else ""
        head = element("span", f"{entry.date} {entry.type}{way}", class_="soft")
        yield joined(head, " ", entry.text)
    rest = len(card.log) - LAST_ENTRIES
    if rest > 0:
        yield element("span", f"and {rest} before", class_="soft")


def tel(text: str, country: str) -> str:
    """`tel:+493023125077`; empty for what is no number."""
    number = phones.e164(text, country)
    return f"tel:{number}" if number else ""


def mailto(text: str) -> str:
    """`mailto:ada@studio.example`; empty for what is no address."""
    return f"mailto:{url_part(text, safe='@+')}" if "@" in text else ""
