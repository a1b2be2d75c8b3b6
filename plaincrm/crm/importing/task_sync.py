"""`import DIR --sync` of calendar entries: a task that the phone ticked is done, a day that it
moved is moved, other words are taken.

A new task goes to the record that its words name: `Ada Lovelace: call her`. Other entries come from
what the book says, and are written anew.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

from plaincrm.book.kept_folder import KeptFile, KeptFolder
from plaincrm.core.records.edits import AddTask, ChangeTask, Edit, TickTask
from plaincrm.core.records.record import Record
from plaincrm.core.schema.days_off import days_off
from plaincrm.core.text.counted import counted
from plaincrm.core.text.fold import fold
from plaincrm.core.timeline.tasks import Task, parse_text
from plaincrm.core.value_class import changed
from plaincrm.crm.exporting.calendars import SUFFIX, task_about
from plaincrm.crm.staged import Staged, staged
from plaincrm.errors import Refused
from plaincrm.interchange.calendar import kept_entry
from plaincrm.interchange.calendar.kept_entry import TodoChange

if TYPE_CHECKING:
    from plaincrm.crm.book import Book
    from plaincrm.crm.change import Change


@dataclass
class TaskSync:
    """What is staged: `lines` say what came from the folder."""

    book: Book
    change: Change
    folder: KeptFolder
    records: list[Record] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    @property
    def staged(self) -> Staged:
        said = f"Take {counted(len(self.records), 'task')} from {self.folder.place.name}"
        return staged(self.change, said, self.records)

    def finish(self) -> None:
        """Remember that both sides agree; call it once the change is written."""
        self.folder.save({}, self.folder.kept)


def sync_tasks(book: Book, folder: str) -> TaskSync:
    """Stage what the entries of a folder say."""
    kept = KeptFolder(Path(folder).expanduser().absolute(), SUFFIX)
    done = TaskSync(book, book.change("", "import"), kept)
    gone = 0
    for name, each in sorted(kept.kept.items()):
        data = kept.files.get(name)
        if data is None:
            gone += each.about.startswith("task ")
        elif kept_entry.said(data) != kept_entry.said(each.base.encode("utf-8", "surrogateescape")):
            _take(done, name, each, data)
    for name in [name for name in kept.files if name not in kept.kept]:
        _take_new(done, name, kept.files[name])
    if gone:
        done.lines.append(f"{counted(gone, 'task')} deleted over there; here they stay open")
    return done


def _take(done: TaskSync, name: str, kept: KeptFile, data: bytes) -> None:
    new = kept_entry.todo(data, _zone(done), done.book.context.today)
    found = _task(done, kept.about)
    about = kept.about
    if kept.about.startswith("task ") and new is not None and found is not None:
        record, task = found
        old = kept_entry.todo(
            kept.base.encode("utf-8", "surrogateescape"), _zone(done), done.book.context.today
        )
        about = _apply(done, record, task, old or TodoChange(""), new)
    done.folder.kept[name] = KeptFile(about, data.decode("utf-8", "surrogateescape"))


def _apply(done: TaskSync, record: Record, task: Task, old: TodoChange, new: TodoChange) -> str:
    """Stage what differs between `old` and `new`; what the task is about afterwards. Of a day that
    both sides moved the later counts, as in a sync.
    """
    due = task.due
    if new.due != old.due and new.due != task.due:
        moved = task.due != old.due
        due = max(filter(None, (new.due, task.due)), default=None) if moved else new.due
    text = task.text
    if new.summary != old.summary:
        text = new.summary.removeprefix(f"{record.title}: ") or text
    edits: list[Edit] = []
    if (text, due) != (task.text, task.due):
        edits.append(ChangeTask(task, text, due))
    if new.done_on is not None:
        off = days_off(done.book.settings)
        edits.append(TickTask(changed(task, text=text), new.done_on, off=off))
    if edits:
        try:
            done.records.append(done.change.edit(record, edits))
            done.lines.append(f"{record.title}: {text}{' (done)' if new.done_on else ''}")
        except Refused as refused:
            done.lines.append(f"{record.title}: {text}: {refused.message}")
            return task_about(record, task)
    return task_about(record, changed(task, text=text))


def _task(done: TaskSync, about: str) -> tuple[Record, Task] | None:
    parts = about.split(" ", 3)
    if len(parts) != 4 or parts[0] != "task":
        return None
    kind, _, id = parts[1].partition("/")
    record = done.book.store.get(kind, id) if kind in done.book.schema.kinds else None
    tasks = record.tasks if record else ()
    for task in tasks:
        if not task.done and (str(task.ordinal), task.text) == (parts[2], parts[3]):
            return (record, task) if record else None
    return None


def _take_new(done: TaskSync, name: str, data: bytes) -> None:
    """A task that was made over there, for the one record whose title its words begin with."""
    new = kept_entry.todo(data, _zone(done), done.book.context.today)
    if new is None or new.done_on is not None:
        return
    title, colon, text = new.summary.partition(":")
    every = done.book.store.all() if colon else ()
    records = [each for each in every if fold(each.title) == fold(title.strip())]
    if len(records) != 1 or not text.strip():
        hint = "begin it with a name and a colon, such as Ada Lovelace: call her"
        done.lines.append(f"{new.summary}: a task of nobody here, and left; {hint}")
        return
    try:
        task = changed(parse_text(text), due=new.due)
    except ValueError as error:
        done.lines.append(f"{new.summary}: left: {error}")
        return
    record = done.change.edit(records[0], [AddTask(task)])
    same = [each for each in record.tasks if each.text == task.text and not each.done]
    done.records.append(record)
    done.lines.append(f"{record.title}: {task.text} (new)")
    about = task_about(record, same[-1])
    done.folder.kept[name] = KeptFile(about, data.decode("utf-8", "surrogateescape"))


def _zone(done: TaskSync) -> tzinfo:
    return done.book.settings.zone
