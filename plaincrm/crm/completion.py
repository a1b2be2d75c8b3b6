"""What a half-typed word may become. In a query: flags, fields, their values, tags, segments; in
`set`: `field=`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from plaincrm.core.query.resolve import facts_of
from plaincrm.core.schema.kinds import Field, Kind
from plaincrm.crm.book import Book

_FEW = 50  # different values, above which a text is nobody's choice among few


def query_words(book: Book, kinds: Sequence[Kind], incomplete: str) -> Iterator[tuple[str, str]]:
    """(word, help) of everything that could stand there; the caller keeps what fits."""
    if incomplete.startswith("@"):
        yield from ((f"@{name}", book.segments[name].doc) for name in book.segments)
        return
    for kind in kinds:
        if incomplete.startswith("+"):
            yield from ((f"+{tag}", "") for tag in tags(book, kind))
        elif ":" in incomplete:
            name, _, begun = incomplete.partition(":")
            yield from _values(book, kind, name, begun)
        else:
            yield from _names(book, kind)


def assignment_words(
    book: Book, kinds: Sequence[Kind], incomplete: str
) -> Iterator[tuple[str, str]]:
    """(word, help) of the assignments that could stand there: `stage=`, then `stage=proposal`."""
    name, equals, begun = incomplete.partition("=")
    field, sign = (name[:-1], name[-1]) if name[-1:] in ("+", "-") else (name, "")
    for kind in kinds:
        if equals:
            yield from (
                (f"{field}{sign}={word.partition(':')[2]}", help)
                for word, help in _values(book, kind, field, begun)
            )
        else:
            yield from ((f"{field.name}=", field.doc) for field in kind.fields.values())


def column_names(book: Book, kinds: Sequence[Kind]) -> Iterator[tuple[str, str]]:
    """(name, help) of what a column may show, or a list be sorted by."""
    for kind in kinds:
        for field in kind.fields.values():
            yield field.name, field.doc
        for fact in facts_of(kind, book.context).values():
            if not fact.name.startswith("_"):
                yield fact.name, fact.doc


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


def _values(book: Book, kind: Kind, name: str, begun: str) -> Iterator[tuple[str, str]]:
    """What may follow `name:`, of which `begun` is typed already."""
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
    elif field and field.to in book.schema.kinds:
        for id, _, title in book.identities([field.to], begun):
            yield f"{name}:{id}", title
    elif field:
        yield from ((f"{name}:{value}", field.doc) for value in _known(book, kind, field))


def _known(book: Book, kind: Kind, field: Field) -> Sequence[str]:
    """The values of an enum; of short texts those that records have."""
    by_case = (value for case in field.cases.values() for value in case)
    fixed = field.values or tuple(dict.fromkeys(by_case))
    if fixed or not field.value_type.textual or field.many:
        return fixed
    column = book.store.collection(kind.name).column(field.name)
    words = {raw for raw in column if isinstance(raw, str) and raw and " " not in raw}
    return sorted(words) if len(words) <= _FEW else ()
