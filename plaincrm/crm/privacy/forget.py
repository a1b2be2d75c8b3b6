"""Forgetting somebody: their record goes, links to it go, and mentions of them are blanked; totals
stay.

What counts in money, orders and invoices, is kept in a record without a name, which the links then
lead to. The hashes in `.plaincrm/erased` keep a machine that did not know from bringing them back.
Git's past is not rewritten.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import TYPE_CHECKING

from plaincrm.core.records import erasure, line_records
from plaincrm.core.records.edits import DeleteField, Edit, SetField
from plaincrm.core.records.record import Record
from plaincrm.core.text.fold import fold
from plaincrm.core.text.text_file import path_in
from plaincrm.core.timeline import log, tasks
from plaincrm.core.timeline.log import Entry
from plaincrm.core.timeline.tasks import Task
from plaincrm.core.value_class import value
from plaincrm.core.values import ids
from plaincrm.core.values.raw import Raw
from plaincrm.core.yaml.front_matter import parse
from plaincrm.crm.duplicates.exclusions import PATH as APART
from plaincrm.crm.privacy.held_data import Mention, held, mentions_beside
from plaincrm.crm.privacy.traces import BLANK, Traces
from plaincrm.crm.staged import Staged
from plaincrm.errors import Refused
from plaincrm.marketing.consent import suppression_hash

if TYPE_CHECKING:
    from plaincrm.crm.book import Book
    from plaincrm.crm.change import Change

_PLAIN = ("enum", "bool")  # the types of fields that tell nothing about who it is


@value
class Forgotten:
    """A staged change, and what it can't do: records that `stay` to be read over, mentions that are
    `left` or may be some (a first name), the `paths` that the record had, also under former names,
    and how many `commits` of git's past hold it there."""

    staged: Staged
    stay: tuple[Record, ...]
    left: tuple[Mention, ...]
    paths: tuple[str, ...]
    commits: int


def forget(book: Book, record: Record) -> Forgotten:
    """Stage it. Raises Refused where a file that mentions them can't be edited surely."""
    found, traces = held(book, record), Traces(record)
    change = book.change(f"Privacy: forget 1 {record.kind.name}", "privacy")
    books = _accounts(record)
    if books:
        kept = change.create(
            record.kind, _kept(record), books, ids.with_random("forgotten", secrets.randbelow)
        )
        change.merge(kept, record, [])
    else:
        change.remove(record)
    touched = {each.path: each for each in found.related}
    for path in {mention.path for mention in found.mentions} | touched.keys():
        if (other := _now(book, path)) is not None:
            touched[path] = _cleared(change, other, traces)
    _remember(change, record)
    left = [Mention(path, 0, "its name") for path in touched if traces.blanked(path) != path]
    left += mentions_beside(book, traces)
    left += (
        Mention(each.path, *hint)
        for each in book.store.all()
        for hint in traces.hints(change.text(each.path))
    )
    summary = f"forgotten, and {len(touched)} other records no longer name them"
    return Forgotten(Staged(change, summary, []), found.related, tuple(left), *_past(book, record))


def _now(book: Book, path: str) -> Record | None:
    """The record of a file as it is staged."""
    kind = book.schema.of_path(path)
    return book.store.get(kind.name, path.rpartition("/")[2].removesuffix(".md")) if kind else None


def _cleared(change: Change, record: Record, traces: Traces) -> Record:
    """A record that mentions them, without: text is blanked, and what can't be blanked goes."""
    for name, raw in list(record.fields.items()):
        field = record.kind.fields.get(name)
        if (field is not None and field.value_type.links) or (new := traces.cleared(raw)) == raw:
            continue
        record = _set(change, record, name, new, _emptied(new))
    text = change.text(record.path)
    body = parse(text).body
    change.write(record.path, text.removesuffix(body) + traces.blanked(body))
    return record


def _set(change: Change, record: Record, name: str, blanked: Raw, emptied: Raw | None) -> Record:
    """The field blanked; a type that takes no such word loses the value."""
    steps: list[Edit] = [
        SetField(name, blanked),
        SetField(name, emptied) if emptied else DeleteField(name),
    ]
    try:
        return change.edit(record, steps[:1])
    except Refused:
        return change.edit(record, steps[1:])


def _emptied(raw: Raw) -> Raw | None:
    """A value without its blanked parts; None where nothing is left."""
    if isinstance(raw, str):
        return None if BLANK in raw else raw
    if isinstance(raw, list):
        return [each for each in map(_emptied, raw) if each] or None
    return {key: new for key, each in raw.items() if (new := _emptied(each))} or None


def _kept(record: Record) -> dict[str, Raw]:
    """The fields of the record without a name that stands in for them."""
    fields = record.kind.fields
    plain = {
        name: raw
        for name, raw in record.fields.items()
        if name in fields and fields[name].type in _PLAIN
    }
    created = record.raw("created")
    return {record.kind.title: BLANK, **plain, **({"created": created} if created else {})}


def _accounts(record: Record) -> str:
    """The body with its orders and invoices, and nothing else of them; empty where there are
    none.
    """
    bills, orders = list(_bills(record)), list(_orders(record))
    parts = [
        *(["## Tasks", *bills, ""] if bills else []),
        *(["## Log", *orders, ""] if orders else []),
    ]
    return "\n" + "\n".join(parts) if parts else ""


def _bills(record: Record) -> Iterator[str]:
    for each in record.tasks:
        if each.invoice:
            text = f"invoice {each.invoice.number} {each.invoice.money}"
            yield tasks.format(Task(text, each.done, each.due, done_on=each.done_on))


def _orders(record: Record) -> Iterator[str]:
    for row, entry in zip(line_records.rows(record, "log"), record.log, strict=True):
        if entry.type == "order" and (amount := row.text("amount")):
            yield log.format(Entry(entry.date, "order", amount))


def _remember(change: Change, record: Record) -> None:
    """Their hashes go on the list, and off the list of duplicates they come."""
    folder = record.path.partition("/")[0]
    names = [record.id, *record.aliases()]
    hashes = [erasure.place_hash(folder, name) for name in names]
    hashes += (
        [suppression_hash(item.text) for item in record.items("email")]
        if "email" in record.kind.fields
        else []
    )
    change.write(erasure.PATH, erasure.lines([*change.text(erasure.PATH).split(), *hashes]))
    refs = {f"{record.kind.name}/{fold(name)}" for name in names}
    pairs = change.text(APART).splitlines()
    if rest := [pair for pair in pairs if not refs & set(fold(pair).split())]:
        change.write(APART, "".join(f"{pair}\n" for pair in rest))
    elif pairs:
        change.write(APART, None)


def _past(book: Book, record: Record) -> tuple[tuple[str, ...], int]:
    """The paths that the record had in git's past, its own first, and the commits that have them:
    where it was renamed or moved, and those of its aliases.
    """
    paths = dict.fromkeys([record.path])
    if book.git is None or not book.git.head():
        return tuple(paths), 0
    for commit in book.git.log([record.path], follow=True):
        paths |= dict.fromkeys(
            name for file in commit.files for name in (file.path, file.was) if name
        )
    folders = dict.fromkeys([record.path.rpartition("/")[0], record.kind.folder])
    named = [path_in(folder, f"{alias}.md") for alias in record.aliases() for folder in folders]
    every = book.git.run_or_none(
        "log", "--format=", "--name-only", "-z", "--relative", "HEAD", "--", *named
    )
    paths |= dict.fromkeys(filter(None, (every or "").split("\0"))) if named else {}
    count = book.git.run_or_none("rev-list", "--count", "HEAD", "--", *paths)
    return tuple(paths), int(count or 0)
