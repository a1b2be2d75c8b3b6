"""Tasks from words, and what `done` and `snooze` do with the lines of `today`."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from plaincrm.core.records.edits import AddTask, Edit
from plaincrm.core.records.record import Record
from plaincrm.core.records.reminder import Reminder
from plaincrm.core.timeline import tasks
from plaincrm.core.timeline.tasks import Task
from plaincrm.core.value_class import changed
from plaincrm.core.values import typed_money
from plaincrm.crm.actions.log import next_step
from plaincrm.crm.date_values import DateValues
from plaincrm.crm.reference_match import Sureness
from plaincrm.crm.references import matches
from plaincrm.crm.reminders import act, index
from plaincrm.crm.reminders.handles import HandleKey
from plaincrm.crm.staged import Staged, staged
from plaincrm.errors import Refused

if TYPE_CHECKING:
    from plaincrm.crm.book import Book

_OPEN_KEY = re.compile(r"(?:due|rec)[:=]", re.IGNORECASE)
_LOOSE_KEY = re.compile(r"(?<!\S)(due|rec)(?:\s*=\s*|:\s*)(?=\S)", re.IGNORECASE)
_BILL = re.compile(r"(?P<begin>invoice\s+\S+\s+)(?P<rest>[€£$¥+-]?\d.*|[€£$¥].*)", re.IGNORECASE)
LONGEST_SUM = 5  # words of an amount: 1 234 567 EUR / month has more, and is none of an invoice
_KEY = re.compile(r"(?<!\S)(due|t|from):(\S+)")


def add_task(book: Book, records: Sequence[Record], words: Sequence[str]) -> Staged:
    """Stage a task for each record. A word such as `due:next fri` is one key; date words become
    ISO.

    Raises Refused for a key that can't be read.
    """
    dated = DateValues.of(book)
    task = _task(book, words, dated)
    ref = records[0].ref if len(records) == 1 else f"{len(records)} records"
    change = book.change("", "task")
    after = [change.edit(record, [AddTask(task)]) for record in records]
    return staged(change, f"Add task to {ref}: {task.text}", after, dated.echo)


def done(book: Book, words: Sequence[str], next: str = "") -> Staged:
    """Stage what `done` means for each handle; `next` goes to the records. Raises NotFound,
    Ambiguous, Refused.
    """
    dated = DateValues.of(book)
    found = act.resolve(words, book.context)
    dealt = _dealt_with(book, found, "Done", "done", lambda each: act.done(each, book.context))
    records = {each.ref: each.record for each in found if each.record} if next else {}
    for record in records.values():
        dealt.change.edit(record, next_step(record, next, dated))
    dealt.echo = dated.echo
    return dealt


def snooze(book: Book, words: Sequence[str], until: str) -> Staged:
    """Stage that the lines of these handles are hidden until a day; a line of `today` goes as a
    whole.
    """
    dated = DateValues.of(book)
    day = dated.day("until", until)
    found: dict[HandleKey, Reminder] = {}
    for each in act.resolve(words, book.context):
        found |= {index.key(e): e for e in (each, *act.beside(each, book.context))}
    dealt = _dealt_with(
        book,
        list(found.values()),
        f"Snooze until {day}",
        "snooze",
        lambda each: act.snooze(each, day, book.context),
    )
    dealt.echo = dated.echo
    return dealt


def _dealt_with(
    book: Book,
    found: Sequence[Reminder],
    said: str,
    word: str,
    edits: Callable[[Reminder], list[Edit]],
) -> Staged:
    """A record that has changed already is asked again when the next of its reminders comes:
    dealing with one may have settled another.
    """
    change = book.change("", word)
    after: dict[str, Record] = {}
    for each in found:
        known = after.get(each.ref)
        now = act.again(each, known, book.context) if known else each
        if now is not None and now.record is not None:
            after[each.ref] = change.edit(now.record, edits(now))
    told = "; ".join(dict.fromkeys(f"{each.ref}: {each.text}" for each in found))
    return staged(change, f"{said}: {told}", after.values())


def _task(book: Book, words: Sequence[str], dated: DateValues) -> Task:
    task = _read(" ".join(_spelled(book, word, dated) for word in _mended(words)))
    task = _billed(book, task, dated)
    if task.due or task.snoozed:
        return task
    for count in (2, 1):  # such as `next fri`, `fri`
        last, before = " ".join(words[-count:]), words[:-count]
        if before and (day := _phrase(book, "due", last, dated)):
            return _task(book, (*before, f"due:{day}"), dated)
    dated.echo.append("it has no date, so no day reminds of it; due:fri gives it one")
    return task


def _billed(book: Book, task: Task, dated: DateValues) -> Task:
    """An invoice's task with its sum as files hold it. Raises Refused for a sum that is not
    sure.
    """
    bill = _BILL.fullmatch(task.text)
    if bill is None:
        return task
    words = bill["rest"].split(" ")
    refused = ValueError("")
    for count in range(min(len(words), LONGEST_SUM), 0, -1):
        said = " ".join(words[:count])
        try:
            found = typed_money.written(said, book.settings.currency, book.settings.language)
        except ValueError as error:
            refused = error
            if isinstance(error, typed_money.UnsureAmount):
                break
            continue
        if found == said:
            return task
        dated.echo.append(f"{said} is {found}")
        return changed(task, text=" ".join([bill["begin"] + found, *words[count:]]))
    raise Refused(str(refused), 'plaincrm task add REF "invoice 2026-031 1200 EUR"')


def _read(spelled: str) -> Task:
    try:
        task = tasks.parse_text(spelled)
        if not task.text:
            raise ValueError("a task needs a text")
    except ValueError as error:
        raise Refused(
            str(error), 'plaincrm task add REF "Send the contract" due:fri rec:2w'
        ) from None
    return task


def _mended(words: Sequence[str]) -> list[str]:
    """The words with `Due:fri`, `due: fri` and `due=fri` as they are written in a file."""
    found: list[str] = []
    for word in words:
        if found and _OPEN_KEY.fullmatch(found[-1]):
            found[-1] += word
        else:
            found.append(word)
    return [_LOOSE_KEY.sub(lambda key: f"{key[1].casefold()}:", word) for word in found]


def _spelled(book: Book, word: str, dated: DateValues) -> str:
    whole = re.fullmatch(r"(due|t|from):(\S+\s.*)", word)
    if whole and (value := _phrase(book, whole[1], whole[2], dated)):
        return f"{whole[1]}:{value}"
    return _KEY.sub(lambda found: f"{found[1]}:{_value(book, found[1], found[2], dated)}", word)


def _phrase(book: Book, key: str, words: str, dated: DateValues) -> str:
    """The value of a key that is a shell word of its own, blanks and all: `due:next fri`; empty if
    it is none.
    """
    if key == "from":
        value = _value(book, key, words, dated)
        return "" if value == words else value
    try:
        return dated.day(key, words).isoformat()
    except Refused:
        return ""


def _value(book: Book, key: str, text: str, dated: DateValues) -> str:
    if key != "from":
        return dated.day(key, text).isoformat()
    found = matches(book, text, ["contact", "company"])
    if len(found) != 1 or found[0].sureness is Sureness.FUZZY or found[0].record.id == text:
        return text
    dated.echo.append(f"from: {text} is {found[0].record.ref}")
    return found[0].record.id
