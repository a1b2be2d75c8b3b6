"""The drafts of an import as records, before there are any: what a query selects of them, and their
defaults.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from plaincrm.core import query
from plaincrm.core.records.arrangement import arranged
from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.records.store import Store
from plaincrm.core.schema.kinds import Kind
from plaincrm.core.values.raw import Raw
from plaincrm.core.yaml import write
from plaincrm.crm.importing.source import SourceFile
from plaincrm.interchange.csv.draft import Draft
from plaincrm.interchange.foreign_text import quoted

if TYPE_CHECKING:
    from plaincrm.crm.book import Book


def without_defaults(kind: Kind, fields: dict[str, Raw]) -> dict[str, Raw]:
    """JSON shows defaults as values; a file need not say them."""
    record = Record(kind, "", "", fields, str)
    shown = {
        field.name
        for field in kind.defaulted
        if fields.get(field.name) == record.default(field.name)
    }
    return {name: raw for name, raw in fields.items() if name not in shown}


def selection(
    book: Book, sheets: Sequence[SourceFile], where: Sequence[str]
) -> set[tuple[int, int]]:
    """The drafts that the query selects, as if they were the only records: the numbers of their
    file and in it.
    """
    drafts = {
        (number, at): draft
        for number, sheet in enumerate(sheets)
        for at, draft in enumerate(sheet.outcomes)
        if isinstance(draft, Draft) and draft.kind in book.schema.kinds
    }
    places = list(drafts)
    records = [_provisional(book, number, drafts[place]) for number, place in enumerate(places)]
    store = Store(
        book.schema, lambda kind: [record for record in records if record.kind.name == kind]
    )
    context = Context(store, book.settings, book.now, book.context.facts, book.segments)
    selected: set[tuple[int, int]] = set()
    for kind in {draft.kind: book.schema.kinds[draft.kind] for draft in drafts.values()}.values():
        compiled = query.compile(where, kind, context)
        selected |= {places[int(r.id)] for r in store.records(kind.name) if compiled.matches(r)}
    return selected


def _provisional(book: Book, number: int, draft: Draft) -> Record:
    fields = dict(draft.fields) | {name: hints[0].value for name, hints in draft.links.items()}
    text = f"---\n---\n{quoted(draft.body)}"
    return Record(book.schema.kinds[draft.kind], str(number), f"{number}.md", fields, lambda: text)


def file_text(sheet: SourceFile, draft: Draft, kind: Kind, fields: Mapping[str, Raw]) -> str:
    """The file of a new record. An export is taken as it is: what its book had, `check` tells of.
    JSON keeps the order of the fields, too; a table and a card have none."""
    own = sheet.owns(draft)
    if own and sheet.form in ("json", "jsonl"):
        return write.new_file(fields, draft.body)
    return arranged(kind, fields, draft.body if own else quoted(draft.body))
