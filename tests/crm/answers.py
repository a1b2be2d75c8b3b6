"""All that a book says of its records, as the cache gives it and as a fresh reading of every file does."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from plaincrm.crm.book import Book

NOW = datetime(2026, 11, 21, 12)


def book(root: Path, *, cached: bool = True) -> Book:
    return Book(root, lambda zone: NOW.replace(tzinfo=zone), cached=cached)


def said(book: Book) -> dict[str, Any]:
    """Of every record its fields, facts and body; the problems; links both ways; what is due."""
    from plaincrm.crm import today

    world, store = book.world, book.store
    return {
        "records": [
            (r.path, r.fields, list(r.fields), r.damaged, r.title, r.body,
             {name: world.fact(r, name) for name in world.facts.every(r.kind.name)})
            for r in store.all()
        ],
        "unreadable": book.unreadable(),
        "problems": sorted(problem.path for problem in book.source.problems),
        "links": [(r.ref, sorted(source.ref for source, _ in store.links_to(r))) for r in store.all()],
        "names": {kind: sorted(store.stock(kind).names()) for kind in store.schema.kinds},
        "today": today.items(world),
    }  # fmt: skip


def same(root: Path) -> None:
    """The cache and the files say the same; twice, since a reader may have made the cache anew."""
    assert book(root).source  # what moved without plaincrm is told once, to the first who looks
    fresh = said(book(root, cached=False))
    assert said(book(root)) == fresh
    assert said(book(root)) == fresh
