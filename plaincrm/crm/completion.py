"""What a half-typed word may become. In a query: flags, fields, their values, tags, segments; in
`set`: `field=`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from plaincrm.core.query.resolve import facts_of
from plaincrm.core.schema.kinds import Kind
from plaincrm.crm.book import Book


def query_words(book: Book, kinds: Sequence[Kind], incomplete: str) -> Iterator[tuple[str, str]]:
    """(word, help) of everything that could stand there; the caller keeps what fits."""
    if incomplete.startswith("@"):
        yield from ((f"@{name}", book.segments[name].doc) for name in book.segments)
        return
    for kind in kinds:
        if incomplete.startswith("+"):
            yield from ((f"+{tag}", "") for tag in tags(book, kind))
        elif ":" in incomplete:
            yield from _values(book, kind, incomplete.partition(":")[0])
        else:
            yield from _names(book, kind)


def assignment_words(
    book: Book, kinds: Sequence[Kind], incomplete: str
) -> Iterator[tuple[str, str]]:
    """(word, help) of the assignments that could stand there: `stage=`, then `stage=proposal`."""
    name, equals, _ = incomplete.partition("=")
    for kind in kinds:
        if equals:
            yield from (
                (word.replace(":", "=", 1), help) for word, help in _values(book, kind, name)
            )
        else:
            yield from ((f"{field.name}=", field.doc) for field in kind.fields.values())


def tags(book: Book, kind: Kind) -> list[str]:
    """Every tag that a record of the kind carries, sorted."""
    return sorted(
        {item.text for record in book.store.records(kind.name) for item in record.items("tags")}
    )


def _names(book: Book, kind: Kind) -> Iterator[tuple[str, str]]:
    for fact in facts_of(kind, book.context).values():
        if not fact.name.startswith("_"):
            yield (fact.name if fact.name.startswith("is:") else f"{fact.name}:"), fact.doc
    for field in kind.fields.values():
        yield f"{field.name}:", field.doc


def _values(book: Book, kind: Kind, name: str) -> Iterator[tuple[str, str]]:
    field = kind.fields.get(name)
    if name in ("has", "no"):
        yield from ((f"{name}:{each.name}", each.doc) for each in kind.fields.values())
    elif name == "is":
        yield from (
            (fact.name, fact.doc)
            for fact in facts_of(kind, book.context).values()
            if fact.name[:3] == "is:"
        )
    elif name in ("tag", "tags"):
        yield from ((f"{name}:{tag}", "") for tag in tags(book, kind))
    elif field:
        values = field.values or tuple(
            dict.fromkeys(value for case in field.cases.values() for value in case)
        )
        yield from ((f"{name}:{value}", field.doc) for value in values)
