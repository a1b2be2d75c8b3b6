"""Tasks from words, and dealing with the lines of `today` by their handles."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from plaincrm.core.records.edits import AddTask, Edit
from plaincrm.core.records.record import Record
from plaincrm.core.timeline import tasks
from plaincrm.core.timeline.tasks import Task
from plaincrm.crm.actions.log import next_step
from plaincrm.crm.date_values import DateValues
from plaincrm.crm.references import Sureness, matches
from plaincrm.crm.reminders import act
from plaincrm.crm.reminders.reminder import FOLLOW_UP, Matter, matters
from plaincrm.crm.staged import Done, subject
from plaincrm.errors import Refused

if TYPE_CHECKING:
    from plaincrm.crm.book import Book

_KEY = re.compile(r"(?<!\S)(due|t|from):(\S+)")


def add_task(book: Book, records: Sequence[Record], words: Sequence[str]) -> Done:
    """Stage a task for each record. A word such as `due:next fri` is one key; date words become
    ISO.

    Raises Refused for a key that can't be read.
    """
    dated = DateValues.of(book)
    task = _task(book, words, dated)
    ref = records[0].ref if len(records) == 1 else f"{len(records)} records"
    summary = subject(f"Add task to {ref}: {task.text}")
    change = book.change(summary, "task")
    after = [change.edit(record, [AddTask(task)]) for record in records]
    return Done(change, summary, after, list(dict.fromkeys(dated.echo)))


def done(book: Book, words: Sequence[str], next: str = "") -> Done:
    """Stage what `done` means for each handle; `next` goes to the records. Raises NotFound,
    Ambiguous, Refused.
    """
    dated = DateValues.of(book)
    found = [act.resolve(word, book.context) for word in words]
    change = _deal(book, found, "Done", "done", lambda matter: act.done(matter, book.context))
    for record in {matter.record.ref: matter.record for matter in found}.values() if next else ():
        change.change.edit(record, next_step(record, next, dated))
    change.echo = dated.echo
    return change


def snooze(book: Book, words: Sequence[str], until: str) -> Done:
    """Stage that the lines of these handles are hidden until a day; a line of `today` goes as a
    whole.
    """
    dated = DateValues.of(book)
    day = dated.day("until", until)
    named = [act.resolve(word, book.context) for word in words]
    found = {each.key: each for matter in named for each in (matter, *_beside(matter, book))}
    said = f"Snooze until {day}"
    change = _deal(
        book,
        list(found.values()),
        said,
        "snooze",
        lambda matter: act.snooze(matter, day, book.context),
    )
    change.echo = dated.echo
    return change


def _deal(
    book: Book, found: Sequence[Matter], said: str, word: str, edits: Callable[[Matter], list[Edit]]
) -> Done:
    """Each matter is looked at again when its turn comes: dealing with one may have settled
    another.
    """
    change = book.change("", word)
    after: dict[str, Record] = {}
    for matter in found:
        now = next((each for each in matters(book.context) if each.key == matter.key), None)
        if now is not None:
            after[now.record.ref] = change.edit(now.record, edits(now))
    told = "; ".join(dict.fromkeys(f"{matter.record.ref}: {matter.text}" for matter in found))
    summary = subject(f"{said}: {told}")
    change.retitle(summary)
    return Done(change, summary, list(after.values()))


def _beside(matter: Matter, book: Book) -> list[Matter]:
    """The other reasons that share the matter's line of today."""
    if matter.reason not in FOLLOW_UP:
        return []
    today: date = book.context.today
    shown = (each for each in matters(book.context) if each.group == matter.group)
    return [each for each in shown if each.shows and each.shows <= today]


def _task(book: Book, words: Sequence[str], dated: DateValues) -> Task:
    spelled = " ".join(_spelled(book, word, dated) for word in words)
    try:
        task = tasks.parse_text(spelled)
        if not task.text:
            raise ValueError("a task needs a text")
    except ValueError as error:
        raise Refused(
            str(error), 'plaincrm task add REF "Send the contract" due:fri rec:2w'
        ) from None
    return task


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
