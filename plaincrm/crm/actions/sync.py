"""Sync in CRM terms: what was edited by hand, what came from the other end, and what is left to
decide.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from plaincrm.book.file_change import FileChange
from plaincrm.book.git.merge_driver import install
from plaincrm.book.git.sync import SyncResult, SyncRun
from plaincrm.book.index import cache
from plaincrm.book.last_sync import note_sync
from plaincrm.core.records import erasure
from plaincrm.crm.forgotten_mentions import ForgottenMentions
from plaincrm.crm.hand_edits import (
    Confirm,
    HandEdits,
    Tell,
    in_words,
    kind_of,
    nobody,
    record_of,
    unheard,
)
from plaincrm.crm.mailing.sending_lines import fold_sending
from plaincrm.errors import Conflict, GitFailed, PlaincrmError

if TYPE_CHECKING:
    from plaincrm.crm.book import Book


@dataclass(frozen=True, slots=True)
class Report:
    """What a sync did, counted: `came` says it in words, such as `3 deals moved, 2 contacts
    changed`.
    """

    done: SyncResult
    came: str
    pulled: int

    def as_json(self) -> dict[str, Any]:
        return {
            "committed": list(self.done.committed),
            "pulled": self.pulled,
            "merged": len(self.done.merged),
            "conflicts": [{"path": path, "field": name} for path, name in self.done.contested],
            "notes": list(self.done.said),
            "leftAlone": list(self.done.left_alone),
            "pushed": self.done.pushed,
            "summary": self.came,
        }


def sync(
    book: Book, to: str | None = None, confirm: Confirm = nobody, tell: Tell = unheard
) -> Report:
    """Sync the book; `to` is the address of its other end, the first time. Raises as `Syncing.run`
    does.

    `confirm` is told of many files that are gone, and answers whether that is meant; `tell` of what
    is published, before the first push.
    """
    if book.git is None:
        raise GitFailed(
            "the book is no git repo, so there is nothing to sync with",
            "git init, then sync --to URL",
        )
    _ = book.source  # completes what a killed command left
    with suppress(Conflict):  # who is sending now will write its own lines
        fold_sending(book)
    with suppress(OSError, PlaincrmError):  # a driver that is stale or gone is for `doctor` to tell
        install(book.git)
    review = HandEdits(book, confirm, tell)
    done = SyncRun(book.git, book.private, review).run(to)
    note_sync(book.private, book.now)
    learned = any(change.path == erasure.PATH for change in done.came)
    if learned:
        cache.clear(book.private)
    records = [change for change in done.came if kind_of(book, change.path)]
    told = (*_ruled(book, review), *_damage(book, records), *_forgotten(book, records, learned))
    return Report(
        replace(done, said=(*done.said, *told)),
        in_words(book, done.came),
        len(records),
    )


def _ruled(book: Book, review: HandEdits) -> Iterator[str]:
    """What the book's rules made of the edits by hand; the mails that they draft are written."""
    rules = review.editing.rules
    yield from rules.told if rules is not None else ()
    if rules is not None and any(each.drafts for each in rules.fired):
        from plaincrm.crm.mailing.rule_drafts import write_drafts

        yield from write_drafts(book, rules.fired)


def _forgotten(book: Book, came: Sequence[FileChange], learned: bool) -> Iterator[str]:
    """Words about somebody forgotten in what came; in all records, where this machine has `learned`
    of them just now."""
    here = type(book).open(book.root)
    mentions = ForgottenMentions.of(here)
    records = (record_of(here, each.path, each.new) for each in came)
    found = mentions.of_all(here.store.all() if learned else filter(None, records))
    if found:
        places = "1 line names" if len(found) == 1 else f"{len(found)} lines name"
        where = f"{found[0].path}:{found[0].line}"
        yield f"{places} somebody who was forgotten, such as {where}: plaincrm check"


def _damage(book: Book, came: Sequence[FileChange]) -> Iterator[str]:
    """What came that can't be read whole, such as what a merge by other means left broken."""
    found = [
        each.path
        for each in came
        if (record := record_of(book, each.path, each.new)) and record.damaged
    ]
    if found:
        count = (
            "1 record that came has" if len(found) == 1 else f"{len(found)} records that came have"
        )
        yield f"{count} problems, such as {found[0]}: plaincrm check"
