"""Copies that other programs left beside a record, brought home: each is merged into its record by
the law of every sync, and its file goes.

The version both came from is one that git has of the record: the one to which the copy is nearest.
Between equally near ones it is the oldest, so that what differs is merged rather than taken over.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from plaincrm.book import inside
from plaincrm.core.merge import merge
from plaincrm.core.merge.identity import same_record
from plaincrm.core.records.file_names import copies
from plaincrm.core.text.text_file import decode, path_in
from plaincrm.errors import Problem

if TYPE_CHECKING:
    from plaincrm.crm.book_data import BookData
    from plaincrm.crm.change import Change

_VERSIONS = 100  # of a record, newest first, among which the common one is looked for


def merge_copies(
    book: BookData, change: Change, found: Iterable[Problem]
) -> Iterator[tuple[str, str]]:
    """Stage that copies go into their records. For each the record's path, empty where the copy
    stays, and what happened to it in words.
    """
    for path in sorted({problem.path for problem in found if problem.code == "copy"}):
        folder, _, name = path.rpartition("/")
        names = [entry.name for entry in inside.listed(book.root, folder)]
        of = copies(names).get(name)
        if of is None or of not in names:
            yield "", f"{path} is left: the record that it is a copy of is not there"
            continue
        yield _merge(book, change, path, path_in(folder, of))


def _merge(book: BookData, change: Change, path: str, record: str) -> tuple[str, str]:
    present, copied = change.text(record), change.text(path)
    if not copied.strip() or copied == present:
        change.write(path, None)
        return record, f"{path} held nothing new, and goes"
    if not same_record(present, copied, record):
        return "", f"{path} is left: it is about somebody else; give it a name of its own"
    base = nearest(_versions(book, record), copied)
    merged = merge(base, present, copied, record)
    change.write(record, merged.text)
    change.write(path, None)
    contested = f"; contested: {', '.join(merged.contested)}" if merged.contested else ""
    return record, f"{path} is merged into {record}{contested}"


def nearest(versions: Iterable[str], text: str) -> str | None:
    """Of the versions, the newest first, the one that a text most likely comes from."""
    lines = text.splitlines()
    best: tuple[float, str] | None = None
    for version in versions:
        likeness = SequenceMatcher(None, version.splitlines(), lines, autojunk=False).ratio()
        if best is None or likeness >= best[0]:
            best = (likeness, version)
    return best[1] if best else None


def _versions(book: BookData, path: str) -> Iterator[str]:
    """What git has of a record, newest first; nothing without git."""
    if book.git is None:
        return
    touched = [file for commit in book.git.log([path], limit=_VERSIONS) for file in commit.files]
    blobs = dict.fromkeys(file.new for file in touched if file.new and file.path == path)
    for data in book.git.blobs([blob for blob in blobs if blob]):
        yield decode(data or b"")[0]
