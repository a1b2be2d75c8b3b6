"""The lines of sales, a table of their own beside the sales: items of one order, or of a deal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from plaincrm.core.records.edits import SetField
from plaincrm.core.values import sold_item
from plaincrm.core.values.raw import Raw
from plaincrm.crm.importing.entry_rows import EntryRow
from plaincrm.crm.importing.identity_map import KnownRecord
from plaincrm.crm.importing.links import Linker
from plaincrm.crm.importing.record_writer import RecordWriter
from plaincrm.errors import Refused
from plaincrm.interchange.csv.draft import Draft, first

ITEM = "item"


@dataclass(frozen=True, slots=True)
class SaleLine:
    """A line, from the `sheet`-th file: what is sold, and the number of its order."""

    sheet: int
    draft: Draft
    text: str
    order: str

    @property
    def line(self) -> int:
        return self.draft.line


def is_line(draft: Draft) -> bool:
    """Whether a draft is a line of a sale."""
    return draft.fields.get("type") == ITEM


@dataclass
class SaleLines:
    """Keeps the lines of an import until their orders and deals are known."""

    linker: Linker
    writer: RecordWriter
    currency: str
    _orders: dict[str, list[SaleLine]] = field(default_factory=dict)
    _loose: list[SaleLine] = field(default_factory=list)

    def take(self, sheet: int, draft: Draft) -> None:
        """Keep a line. Raises Refused for one that names nothing that is sold."""
        row = EntryRow.of(draft.fields, self.currency)
        text = row.item()
        if not text:
            raise Refused("the line names no product", "name what was sold")
        kept = SaleLine(sheet, draft, text, row.get("number"))
        if kept.order:
            self._orders.setdefault(kept.order, []).append(kept)
        else:
            self._loose.append(kept)

    def of_order(self, draft: Draft) -> Sequence[SaleLine]:
        """The lines of an order, which are taken with it."""
        number = first(draft.fields.get("number", ""))
        return self._orders.pop(number, ()) if number else ()

    def back(self, lines: Sequence[SaleLine]) -> None:
        """Lines whose order was refused: they are left over."""
        self._loose += lines

    def on_deals(self) -> Iterator[tuple[SaleLine, KnownRecord | None, bool]]:
        """The lines that no order took: each with the deal whose item it is now (None for a line
        without one), and whether that is new there."""
        left = [*self._loose, *(line for lines in self._orders.values() for line in lines)]
        by_deal: dict[KnownRecord, list[SaleLine]] = {}
        for line in left:
            deal = self._deal(line.draft)
            if deal is None:
                yield line, None, False
            else:
                by_deal.setdefault(deal, []).append(line)
        for deal, lines in by_deal.items():
            new = self._add(deal, [line.text for line in lines])
            yield from ((line, deal, new) for line in lines)

    def _deal(self, draft: Draft) -> KnownRecord | None:
        kind = self.linker.schema.kinds["deal"]
        for hint in draft.links.get("deal", ()):
            found = self.linker.index.find(kind, hint.by, hint.value)
            if len(found) == 1:
                return found[0]
        return None

    def _add(self, deal: KnownRecord, texts: Sequence[str]) -> bool:
        """Items that the deal does not have yet; of two equal ones both."""
        there = Counter(_same(text) for text in deal.texts("items"))
        new = []
        for text in texts:
            if there[_same(text)]:
                there[_same(text)] -= 1
            else:
                new.append(text)
        if new:
            items: list[Raw] = [*deal.texts("items"), *new]
            self.writer.edit(deal, [SetField("items", items)])
        return bool(new)


def _same(text: str) -> str:
    try:
        return str(sold_item.parse(text))
    except ValueError:
        return text
