"""All that a book says of its records, as the cache gives it and as a fresh reading of every file
does.
"""

from __future__ import annotations

import warnings
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from plaincrm.book import private_folder
from plaincrm.book.index import cache, prefetch
from plaincrm.core.records.reminder import Reminder
from plaincrm.crm.book import Book

NOW = datetime(2026, 11, 21, 12)


def book(root: Path, *, cached: bool = True) -> Book:
    return Book(root, lambda zone: NOW.replace(tzinfo=zone), cached=cached)


def scouted(root: Path, children: int) -> Book:
    """The book with so many children of this process looking at its files already."""
    here = book(root)
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", DeprecationWarning
        )  # Python would rather have no fork beside threads
        patch.setattr(prefetch, "SMALL", 1)
        patch.setattr(prefetch, "MANY", 0 if children == 2 else 1 << 60)
        here.prefetch_jobs = prefetch.send(
            root, private_folder.find_repo(root), here.private, cache.kinds(here.private)
        )
    return here


def said(book: Book) -> dict[str, Any]:
    """Of every record its fields, facts and body; the problems; links both ways; what is due."""
    from plaincrm.crm.reminders import index
    from plaincrm.crm.reminders.today import today

    context, store = book.context, book.store
    asked = [each for record in store.all() for each in index.of_record(record, context)]
    assert Counter(map(_told, asked)) == Counter(map(_told, index.reminders(context)))
    for days in (0, 30, 400):  # the index leaves nothing out
        day = context.today + timedelta(days)
        shown = [each for each in asked if each.shows <= day]
        assert Counter(map(_told, shown)) == Counter(map(_told, index.reminders(context, day)))
    return {
        "records": [
            (
                r.path,
                r.fields,
                list(r.fields),
                r.damaged,
                r.title,
                r.body,
                {name: context.fact(r, name) for name in context.facts.every(r.kind.name)},
            )
            for r in store.all()
        ],
        "unreadable": book.unreadable(),
        "problems": sorted(problem.path for problem in book.source.problems),
        "links": [
            (r.ref, sorted(source.ref for source, _ in store.links_to(r))) for r in store.all()
        ],
        "names": {kind: sorted(store.collection(kind).names()) for kind in store.schema.kinds},
        "today": [(each.handle, *_told(each)) for each in today(context).reminders],
    }


def _told(reminder: Reminder) -> tuple[Any, ...]:
    from plaincrm.crm.reminders.index import key

    return (
        reminder.record and reminder.record.path,
        key(reminder),
        reminder.reason,
        reminder.due,
        reminder.shows,
        reminder.text,
        reminder.own_command,
        reminder.urgent,
    )


def same(root: Path) -> None:
    """The cache and the files say the same; again, since a reader may have made the cache anew, and
    whoever has had the files looked at by others."""
    assert book(root).source  # what moved without plaincrm is told once, to the first who looks
    fresh = said(book(root, cached=False))
    assert said(book(root)) == fresh
    assert said(scouted(root, 1)) == fresh
    assert said(scouted(root, 2)) == fresh
