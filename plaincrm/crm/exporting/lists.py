"""Open tasks for other programs, and addresses for a mail program."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from plaincrm.core.records.record import Record
from plaincrm.core.values.dated import MonthDay
from plaincrm.interchange import task_export
from plaincrm.interchange.task_export import ListedTask

_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\"\\<>`$;#|(),]")
_ADDRESS = re.compile(r"[^\s<>\"\\`$;#|(),:]+@[^\s<>\"\\`$;#|(),:]+")
FORMS: dict[str, Callable[..., Iterator[str]]] = {
    "todotxt": task_export.todo_txt,
    "taskwarrior": task_export.taskwarrior,
}


def tasks(records: Sequence[Record]) -> Iterator[ListedTask]:
    """Every open task of these records."""
    for record in records:
        tags = tuple(item.text for item in record.items("tags"))
        for task in record.tasks:
            if not task.done:
                yield ListedTask(
                    record.ref,
                    record.title,
                    task.text,
                    f"{task.text}\0{task.ordinal}",
                    task.due,
                    task.rec,
                    task.snoozed,
                    task.pri,
                    tags,
                )


def remind(records: Sequence[Record]) -> Iterator[str]:
    """Tasks with a day, and birthdays."""
    yield from task_export.remind(tasks(records))
    days = ((each.title, each.value("birthday")) for each in records)
    found = ((title, day.month, day.day) for title, day in days if isinstance(day, MonthDay))
    yield from task_export.remind_birthdays(found)


def mutt_aliases(records: Sequence[Record]) -> Iterator[str]:
    """`alias ada-lovelace Ada Lovelace <ada@x.example>`, one for each address of a record; what
    mutt would run or read as syntax is left out of names, and odd addresses altogether.
    """
    for record in records:
        name = " ".join(_UNSAFE.sub(" ", record.title).split())
        for number, item in enumerate(record.items("email")):
            label = re.sub(r"[^\w-]", "", item.label) or str(number + 1)
            key = record.id if number == 0 else f"{record.id}-{label}"
            if _ADDRESS.fullmatch(item.text):
                word = re.sub(r"[^\w.-]", "_", key)
                yield f"alias {word} {name} <{item.text}>\n"


def written(form: str, records: Sequence[Record]) -> bytes:
    """A form of FORMS, `remind` or `mutt`, as bytes."""
    if form == "remind":
        lines = remind(records)
    elif form == "mutt":
        lines = mutt_aliases(records)
    else:
        lines = FORMS[form](tasks(records))
    return "".join(lines).encode("utf-8", "replace")
