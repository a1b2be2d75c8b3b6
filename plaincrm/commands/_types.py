"""Words of the command line that mean something in a book: kinds, references, dates, with their
completion.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import click

from plaincrm.commands._app import App
from plaincrm.errors import Ambiguous, NotFound, PlaincrmError, UsageError

if TYPE_CHECKING:
    from datetime import date

    from click.shell_completion import CompletionItem

    from plaincrm.core.records.record import Record
    from plaincrm.core.schema.kinds import Kind
    from plaincrm.core.values.periods import Period
    from plaincrm.crm.book import Book
    from plaincrm.crm.reference_match import Match, Sureness
    from plaincrm.crm.references import Narrow

COMPLETIONS = 200


class BookWord(click.ParamType[str]):
    """A word that completes from the book."""

    def candidates(self, app: App, incomplete: str) -> Iterable[tuple[str, str]]:
        raise AssertionError("each kind of word says what it completes to")

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        from plaincrm.views.safe import line, safe

        app = ctx.find_object(App) or App(None, None, "never", ctx.find_root().obj)
        try:
            with ctx.scope(cleanup=False):
                found = {
                    word: help
                    for word, help in self.candidates(app, incomplete)
                    # What a shell would put on its line has to be what it says.
                    if word.startswith(incomplete) and safe(word) == word
                }
        except PlaincrmError:
            return []
        first = list(found.items())[:COMPLETIONS]
        return [CompletionItem(word, help=line(help)) for word, help in first]


class KindWord(BookWord):
    """A kind of record, singular or plural; `also` are words beside them (`tasks`, `log`). `one`:
    it completes to the singular.
    """

    name = "KIND"

    def __init__(self, also: Sequence[str] = (), *, one: bool = False) -> None:
        self.also = also
        self.one = one

    def candidates(self, app: App, incomplete: str) -> Iterable[tuple[str, str]]:
        for kind in app.book.schema.kinds.values():
            yield (kind.name if self.one else kind.plural), kind.doc
        yield from ((word, "") for word in self.also)


class QueryWord(BookWord):
    """A word of a query; completes flags, fields, stages, tags and segments of `kind`, or the kind
    named before.
    """

    name = "QUERY"

    def __init__(self, kind: str = "") -> None:
        self.kind = kind

    def candidates(self, app: App, incomplete: str) -> Iterable[tuple[str, str]]:
        from plaincrm.crm.completion import query_words

        ctx = click.get_current_context(silent=True)
        named = self.kind or (str(ctx.params.get("kind") or "") if ctx else "")
        kind = app.book.schema.find(named)
        return query_words(
            app.book, [kind] if kind else list(app.book.schema.kinds.values()), incomplete
        )


class SegmentWord(BookWord):
    """The name of a segment."""

    name = "NAME"

    def candidates(self, app: App, incomplete: str) -> Iterable[tuple[str, str]]:
        return ((name, segment.doc) for name, segment in app.book.segments.items())


class RefWord(BookWord):
    """A reference to a record; a string until the command resolves it."""

    name = "REF"

    def __init__(self, *kinds: str) -> None:
        self.kinds = kinds

    def candidates(self, app: App, incomplete: str) -> Iterable[tuple[str, str]]:
        prefix, slash, rest = incomplete.partition("/")
        named = app.book.schema.find(prefix) if slash else None
        kinds = [named.name] if named else self.kinds or list(app.book.schema.kinds)
        for id, kind, title in app.book.identities(kinds, rest if slash else incomplete):
            yield (f"{prefix}/{id}" if slash else id), f"{kind}: {title}"


def find(
    app: App, word: str, kinds: Sequence[str] = (), *, writes: bool = False, surely: bool = False
) -> Record:
    """The record that `word` means; asks on a terminal where that is not sure enough, and says what
    a fuzzy hit took.

    `writes`: a fuzzy hit is not enough unasked; `surely`: a prefix neither (rm, merge, email).
    """
    return find_in(app, app.book, word, kinds, _wanted(writes, surely))


def find_in(
    app: App,
    book: Book,
    word: str,
    kinds: Sequence[str] = (),
    wanted: Sureness | None = None,
    narrow: Narrow | None = None,
) -> Record:
    """`find` in another book than the command's, such as that of a past day; `wanted` None takes a
    fuzzy hit. `narrow` leaves of several hits those that count.
    """
    from plaincrm.crm.reference_match import Sureness
    from plaincrm.crm.references import match

    if _is_several(word):
        return _only(word, _find_several(app, book, word, kinds, wanted))
    book.choose = app.choose
    every = list(kinds) or list(book.schema.kinds)
    found = match(book, word, every, Sureness.FUZZY if wanted is None else wanted, narrow)
    if found.sureness is Sureness.FUZZY:
        app.say(f'"{word}" is taken for {found.record.ref}  {found.record.title}')
    return found.record


def find_all(
    app: App,
    words: Sequence[str],
    kinds: Sequence[str] = (),
    *,
    writes: bool = False,
    surely: bool = False,
) -> list[Record]:
    """The records that words mean: references, `@segment`, and `-` for references on standard
    input.
    """
    return find_all_in(app, app.book, words, kinds, _wanted(writes, surely))


def find_all_in(
    app: App,
    book: Book,
    words: Sequence[str],
    kinds: Sequence[str] = (),
    wanted: Sureness | None = None,
) -> list[Record]:
    """`find_all` in another book than the command's."""
    found: dict[str, Record] = {}
    for word in words:
        several = _is_several(word)
        each = (
            _find_several(app, book, word, kinds, wanted)
            if several
            else [find_in(app, book, word, kinds, wanted)]
        )
        found.update({record.ref: record for record in each})
    return list(found.values())


def _wanted(writes: bool, surely: bool) -> Sureness | None:
    from plaincrm.crm.reference_match import Sureness

    if surely:
        return Sureness.EXACT
    return Sureness.PREFIX if writes else None


def _is_several(word: str) -> bool:
    return word == "-" or word.startswith("@")


def _find_several(
    app: App, book: Book, word: str, kinds: Sequence[str], wanted: Sureness | None
) -> list[Record]:
    """The records of `@segment`, or those whose references stand on standard input."""
    if word != "-":
        return segment_records(book, word[1:])
    return find_all_in(app, book, _names_in(sys.stdin.read()), kinds, wanted)


def _names_in(text: str) -> list[str]:
    """The references in a text, a line each; ended by NUL where there is one, as `-0` ends them."""
    lines = text.split("\0") if "\0" in text else [line.strip() for line in text.split("\n")]
    return [line for line in lines if line not in ("", "-")]


def _only(word: str, records: Sequence[Record]) -> Record:
    """The one record of a segment, or of standard input, where only one can be meant."""
    what = "standard input" if word == "-" else word
    if not records:
        raise NotFound(f"{what} holds no record")
    if len(records) > 1:
        names = [f"{record.ref}  {record.title}" for record in records[:5]]
        raise Ambiguous(
            f"{what} holds {len(records)} records, and this takes one:", names, "name it by kind/id"
        )
    return records[0]


def segment_records(book: Book, name: str) -> list[Record]:
    from plaincrm.errors import did_you_mean

    segment = book.segments.get(name)
    if segment is None:
        near = did_you_mean(name, book.segments)
        raise NotFound(f'no segment "{name}"', near or "plaincrm segment list shows them")
    return book.select(segment.kind, [f"@{name}"]).records


def people_of(app: App, words: Sequence[str], **sure: bool) -> list[str]:
    """The ids of the contacts that words mean; a deal or a ticket stands for its contact."""
    from plaincrm.crm.mailing.render import recipient

    found: list[str] = []
    for word in words:
        try:
            named = find_all(app, [word], ("contact",), **sure)
        except NotFound:
            named = find_all(app, [word], ("contact", "deal", "ticket"), **sure)
        for record in named:
            person = recipient(app.book, record).contact
            if person is None:
                raise NotFound(f"{record.ref} has no contact", "name the person")
            found.append(person.id)
    return list(dict.fromkeys(found))


def open_one(app: App, word: str, kind: str, **sure: bool) -> Record:
    """A deal (or ticket), named itself, or by a contact or company that has exactly one open
    one.
    """
    wanted = _wanted(sure.get("writes", False), sure.get("surely", False))
    kinds = (kind, "contact", "company")
    record = find_in(app, app.book, word, kinds, wanted, lambda found: _all_mean(app, found, kind))
    if record.kind.name == kind:
        return record
    flagged = [r for r in _of(app, record, kind) if app.book.context.fact(r, "is:open")]
    if len(flagged) == 1:
        return flagged[0]
    if not flagged:
        raise NotFound(
            f"{record.ref} has no open {kind}",
            f"plaincrm list {kind}s {record.kind.name}:{record.id}",
        )
    names = [f"{r.ref}  {r.title}" for r in flagged]
    raise Ambiguous(f"{record.ref} has {len(flagged)} open {kind}s:", names, f"name the {kind}")


def _all_mean(app: App, found: Sequence[Match], kind: str) -> Sequence[Match]:
    """The one deal (or ticket) for which all of several hits stand; none where they do not."""
    from plaincrm.crm.reference_match import Match

    stood: dict[str, Match] = {}
    for match in found:
        record = match.record
        flagged = [r for r in _of(app, record, kind) if app.book.context.fact(r, "is:open")]
        for meant in [record] if record.kind.name == kind else flagged:
            stood[meant.ref] = Match(meant, match.sureness)
    return list(stood.values()) if len(stood) == 1 else ()


def _of(app: App, record: Record, kind: str) -> list[Record]:
    links = app.book.store.links_to(record)
    return list({source.ref: source for source, _ in links if source.kind.name == kind}.values())


def period(app: App, word: str) -> Period:
    """The days in the past that a date word stands for; what it means is echoed. Raises UsageError
    (exit 2).
    """
    from plaincrm.core.schema.days_off import days_off
    from plaincrm.core.values import dates

    today, off = app.book.now.date(), days_off(app.book.settings)
    try:
        found = dates.parse_period(word, today, dates.Leaning.PAST, off)
    except dates.DateError as error:
        raise UsageError(str(error), error.hint) from None
    if found.first.isoformat() != word:
        last = f" to {dates.describe(found.last, today)}" if found.unit != "day" else ""
        app.say(f"{word} is {dates.describe(found.first, today)}{last}")
    return found


def day(app: App, word: str, *, past: bool = False, future: bool = False) -> date:
    """The day that a date word means; the word's meaning is echoed. Raises UsageError (exit 2)."""
    from plaincrm.core.schema.days_off import days_off
    from plaincrm.core.values import dates

    today, off = app.book.now.date(), days_off(app.book.settings)
    leaning = dates.Leaning.FUTURE if future else dates.Leaning.NEAREST
    if past:
        leaning = dates.Leaning.PAST
    try:
        found = dates.parse_date(word, today, leaning, off)
    except dates.DateError as error:
        raise UsageError(str(error), error.hint) from None
    if found.isoformat() != word:
        app.say(f"{word} is {dates.describe(found, today)}")
    return found


# Commands that show records of one kind, without a word that says so.
_KINDS = {"pipeline": "deal", "forecast": "deal", "ticket": "ticket", "score": "deal"}


class ColumnWord(BookWord):
    """A field or a fact: `name`, `-value` to sort by, several with commas between them."""

    name = "FIELD"

    def candidates(self, app: App, incomplete: str) -> Iterable[tuple[str, str]]:
        from plaincrm.crm.completion import column_names

        before, comma, last = incomplete.rpartition(",")
        sign = "-" if last.startswith("-") else ""
        for name, help in column_names(app.book, _shown(app)):
            yield f"{before}{comma}{sign}{name}", help


class PipelineWord(BookWord):
    """A pipeline of the book."""

    name = "NAME"

    def candidates(self, app: App, incomplete: str) -> Iterable[tuple[str, str]]:
        return ((name, "") for name in app.book.settings.pipelines)


def _shown(app: App) -> list[Kind]:
    """The kinds whose columns are meant: that of the command, or that which is named before."""
    context = click.get_current_context(silent=True)
    path = context.command_path.split()[1:] if context else []
    named = str(context.params.get("kind") or "") if context else ""
    kind = app.book.schema.find(named) or app.book.schema.find(_KINDS.get("".join(path[:1]), ""))
    if kind is None and path[:1] == ["list"]:
        kind = app.book.schema.find("contact")
    return [kind] if kind is not None else list(app.book.schema.kinds.values())
