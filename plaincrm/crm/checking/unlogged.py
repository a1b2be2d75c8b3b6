"""Stages and statuses that were changed by hand, close dates that were put off, and that the log
does not tell of: found in git, with their days.

What plaincrm changed, or took back, told of itself. A change of the user's own counts as told where
its commit or the next brought an entry, or one stands in the log that leads there, of a day between
the changes before and after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from itertools import pairwise

from plaincrm.core.records.edits import logged
from plaincrm.core.records.record import Record
from plaincrm.core.records.timeline_facts import PUT_OFF
from plaincrm.core.schema.kinds import refusal
from plaincrm.core.text.fold import fold
from plaincrm.core.timeline import log
from plaincrm.core.timeline.log import Entry
from plaincrm.core.values.raw import Raw
from plaincrm.crm.book_data import BookData
from plaincrm.crm.effects import HISTORIED, last_change
from plaincrm.crm.history.field_changes import FieldChange, history
from plaincrm.sales.close_dates import is_later


@dataclass(frozen=True, slots=True)
class Move:
    """A change of stage or status as git has it; `told` where it needs no entry any more."""

    at: datetime
    before: str
    after: str
    told: bool


class Unlogged:
    """What the logs of a book's deals and tickets lack. Git is asked once, when the first answer is
    wanted.
    """

    def __init__(self, book: BookData) -> None:
        self.book = book

    @cached_property
    def moves(self) -> dict[str, list[Move]]:
        """By ref, every change of stage or status in git, oldest first."""
        return {
            ref: moves
            for ref, commits in self._steps.items()
            if (moves := list(self._moves(list(commits.values()))))
        }

    @cached_property
    def pushes(self) -> dict[str, list[FieldChange]]:
        """By ref, every close date that moved later in git, oldest first. One that was taken back
        next is none.
        """
        found = {ref: _pushes(commits) for ref, commits in self._steps.items()}
        return {ref: pushes for ref, pushes in found.items() if pushes}

    @cached_property
    def _steps(self) -> dict[str, dict[str, list[FieldChange]]]:
        """By ref and commit, oldest first, every change in git of what has a history."""
        if self.book.git is None:
            return {}
        kinds = [kind for kind in HISTORIED if kind in self.book.schema.kinds]
        changes = history(
            self.book, refs=[each.ref for kind in kinds for each in self.book.store.records(kind)]
        )
        steps: dict[str, dict[str, list[FieldChange]]] = {}
        for each in reversed(changes):
            steps.setdefault(each.record, {}).setdefault(each.commit, []).append(each)
        return steps

    def _moves(self, commits: list[list[FieldChange]]) -> Iterator[Move]:
        """Those of one record. The entry may have come a commit later: plaincrm commits what it
        finds on its own.
        """
        for commit, following in pairwise([*commits, []]):
            for each in commit:
                if each.field == HISTORIED[each.record.partition("/")[0]]:
                    at, after = each.at.astimezone(self.book.settings.zone), _text(each.after)
                    told = each.operation is not None or _leads([*commit, *following], after)
                    yield Move(at.replace(tzinfo=None), _text(each.before), after, told)

    def entries(self, record: Record) -> list[Entry]:
        """The entries that the log of a record lacks, oldest first; what is not committed yet is of
        today.
        """
        found = [*self._entries(record), *self._put_off(record)]
        return sorted(found, key=lambda entry: entry.at)

    def _put_off(self, record: Record) -> Iterator[Entry]:
        told = {entry.change for entry in record.log if entry.type == PUT_OFF}
        for each in self.pushes.get(record.ref, ()):
            old, new = _text(each.before), _text(each.after)
            if (old, new) not in told:
                told.add((old, new))
                at = each.at.astimezone(self.book.settings.zone)
                timed = any(entry.time for entry in record.log if entry.date == at.date())
                clock = at.time().replace(second=0, microsecond=0) if timed else None
                yield Entry(at.date(), PUT_OFF, f"{old} -> {new}", clock)

    def _entries(self, record: Record) -> list[Entry]:
        name = HISTORIED.get(record.kind.name)
        if name is None:
            return []
        timed = {each.date for each in record.log if each.time}
        there = sorted(
            (each.at, each.change[1]) for each in record.log if each.type == name and each.change
        )
        reached, found = list(there), list[Entry]()
        for move in self._lacking(record, name, there):
            at = move.at if move.at.date() in timed else datetime.combine(move.at.date(), time.min)
            before = next((stage for when, stage in reversed(reached) if when <= at), move.before)
            clock = at.time().replace(second=0, microsecond=0) if move.at.date() in timed else None
            found.append(Entry(at.date(), name, f"{before} -> {move.after}", clock))
            reached = sorted([*reached, (at, move.after)], key=lambda each: each[0])
        behind, now = last_change(record), record.text(name)
        if (behind or not there) and reached and fold(reached[-1][1]) != fold(now):
            found.append(logged(self.book.now, name, f"{reached[-1][1]} -> {now}").entry)
        return found

    def _lacking(
        self, record: Record, name: str, there: list[tuple[datetime, str]]
    ) -> Iterator[Move]:
        moves = self.moves.get(record.ref, [])
        field, before = record.kind.fields[name], ""
        for n, move in enumerate(moves):
            since = moves[n - 1].at.date() if n else date.min
            until = moves[n + 1].at.date() if n + 1 < len(moves) else date.max
            if not move.after or refusal(
                field, move.after, record.text(field.by) if field.by else ""
            ):
                before = before or move.before  # a slip that was mended later
                continue
            before = before or move.before or record.default(name)
            passed = any(
                since <= at.date() <= until and fold(stage) == fold(move.after)
                for at, stage in there
            )
            if not (move.told or passed or fold(before) == fold(move.after)):
                yield Move(move.at, before, move.after, told=False)
            before = ""


def _pushes(commits: dict[str, list[FieldChange]]) -> list[FieldChange]:
    every = [each for commit in commits.values() for each in commit if each.field == "close_date"]
    return [
        each
        for each, following in pairwise([*every, None])
        if each is not None
        and is_later(_text(each.before), _text(each.after))
        and not (following and following.after == each.before)
    ]


def _leads(changes: Iterable[FieldChange], after: str) -> bool:
    entries = [
        log.parse(each.after, None)
        for each in changes
        if each.field == "log" and isinstance(each.after, str)
    ]
    return any(
        entry.change is not None and fold(entry.change[1]) == fold(after) for entry in entries
    )


def _text(raw: Raw | None) -> str:
    return raw if isinstance(raw, str) else ""
