"""`plaincrm check`: every problem in every file of the book, as values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from plaincrm.core.records import erasure
from plaincrm.core.records.record import Record
from plaincrm.core.schema.kinds import Kind
from plaincrm.core.text.fold import fold
from plaincrm.core.text.text_file import decode
from plaincrm.core.values.ids import slug
from plaincrm.core.values.raw import items
from plaincrm.crm.book import Book
from plaincrm.crm.checking import files as check_files
from plaincrm.crm.checking import invoice_numbers
from plaincrm.crm.checking import settings as check_settings
from plaincrm.crm.checking import style_problems as check_style
from plaincrm.crm.checking.records import RecordCheck
from plaincrm.crm.checking.renames import Renames
from plaincrm.crm.forgotten_mentions import ForgottenMentions
from plaincrm.crm.privacy.traces import BLANK
from plaincrm.errors import Problem, did_you_mean

_PERSON = "contact"
_OWN = 4  # records that carry a key make it a field of the book's own, not a slip of the pen


def check(book: Book, *, style: bool = False) -> list[Problem]:
    """All problems, by path and line. `style`: also what is right but not in the one form of its
    field.
    """
    found = set(check_settings.problems(book))
    for kind in book.schema.kinds.values():
        found.update(_kind(book, kind))
        found.update(_ids(book, kind))
    found.update(_links(book))
    found.update(invoice_numbers.problems(book))
    found.update(_forgotten_mentions(book))
    found.update(check_files.problems(book))
    found.update(book.source.problems)
    if style:
        found.update(check_style.problems(book))
    return sorted(found)


def _kind(book: Book, kind: Kind) -> Iterator[Problem]:
    records = book.store.records(kind.name)
    carried = Counter(key for record in records for key in record.fields if key not in kind.fields)
    own_keys = {key for key, times in carried.items() if times >= _OWN}
    for record in records:
        yield from _encoding(book, record)
        yield from RecordCheck(record, book.context, own_keys).problems()


def _encoding(book: Book, record: Record) -> tuple[Problem, ...]:
    text = record.load()
    if text.isascii() and "\0" not in text:
        return ()
    return decode(book.source.file(record.path) or b"", record.path)[1]


def _ids(book: Book, kind: Kind) -> Iterator[Problem]:
    """Two files that share an id, and aliases that another record has."""
    first: dict[str, Record] = {}
    for record in book.store.records(kind.name):
        other = first.setdefault(fold(record.id), record)
        if other is not record:
            message = f"the {kind.name} {other.path} has the same id"
            yield Problem(
                record.path, 1, 1, "id-twin", message, "give one of the two files another name"
            )
    yield from _forgotten(book, kind)
    owners: dict[str, Record] = {}
    for record in book.store.records(kind.name):
        for n, alias in enumerate(record.aliases()):
            taken = first.get(fold(alias)) or owners.setdefault(fold(alias), record)
            if taken is not record:
                line, column = record.places.value("aliases", n)
                message = f'the alias "{alias}" is taken by {taken.path}'
                yield Problem(
                    record.path, line, column, "id-alias", message, "delete it in one of the two"
                )


def _forgotten(book: Book, kind: Kind) -> Iterator[Problem]:
    """Records of an id that somebody had who was forgotten."""
    hashes = (book.source.file(erasure.PATH) or b"").decode("ascii", "replace").split()
    for record in book.store.records(kind.name) if hashes else ():
        if erasure.is_erased(record.path, record.aliases(), hashes):
            hint = f"plaincrm privacy forget {record.ref}, or give another person another id"
            yield Problem(
                record.path,
                1,
                1,
                "id-forgotten",
                "somebody of this id was forgotten",
                hint,
                "warning",
            )


def _forgotten_mentions(book: Book) -> Iterator[Problem]:
    """What somebody wrote of a person who was forgotten, on a machine that did not know."""
    for each in ForgottenMentions.of(book).of_all(book.store.all()):
        message = "the line names somebody who was forgotten"
        hint = "take the words out, if they are about that person"
        yield Problem(each.path, each.line, 1, "mention-forgotten", message, hint, "warning")


def _links(book: Book) -> Iterator[Problem]:
    renames = Renames(book)
    for record in book.store.all():
        for field in record.kind.refs:
            if field.to not in book.schema.kinds:
                continue
            for n, item in enumerate(items(record.fields.get(field.name))):
                if book.store.get(field.to, item.text) is None:
                    yield _dangling(book, renames, record, field.name, n, item.text)
        yield from _strangers(book, renames, record)


def _strangers(book: Book, renames: Renames, record: Record) -> Iterator[Problem]:
    """People of log entries who are nobody: a slip there leaves somebody without a touch."""
    for entry in record.log:
        for person in entry.people:
            if person == BLANK or book.store.get(_PERSON, person) is not None:
                continue
            ids = [each.id for each in book.store.records(_PERSON)]
            renamed = renames.target(_PERSON, person)
            hint = f"it is {renamed.id} now" if renamed else did_you_mean(slug(person), ids)
            message = f'with: there is no contact "{person}"'
            yield Problem(record.path, entry.line, 1, "link-dangling", message, hint, "warning")


def _dangling(book: Book, renames: Renames, record: Record, name: str, n: int, id: str) -> Problem:
    target = record.kind.fields[name].to
    renamed = renames.target(target, id)
    ids = [each.id for each in book.store.records(target)]
    hint = did_you_mean(id, ids) or f"plaincrm add {target} …, or take the link out"
    back = renames.deleted(target, id) if renamed is None and target else ""
    if back:
        hint = f"its file was deleted by hand; {back} brings it back"
    if renamed is not None:
        hint = f"it is {renamed.id} now; plaincrm check --fix gives that one the alias {id}"
    line, column = record.places.value(name, n)
    message = f'{name}: there is no {target} "{id}"'
    return Problem(
        record.path, line, column, "link-dangling", message, hint, fixable=renamed is not None
    )


def files_checked(book: Book) -> int:
    """How many record files a check has looked at."""
    return sum(1 for _ in book.store.all())
