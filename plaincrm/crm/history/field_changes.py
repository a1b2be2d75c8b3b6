"""What changed when, and by whom: git's history of the records, told in terms of fields, log and
tasks.

Two git processes, whatever the length of the history: `git log --raw` names the blobs, `git
cat-file --batch` gives them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from typing import TypeAlias

from plaincrm.book.git.client import Git
from plaincrm.book.git.log import Commit, TouchedFile
from plaincrm.book.git.repo_state import CUT, DEEPEN
from plaincrm.book.workers import mapped
from plaincrm.core.records.file_names import is_record
from plaincrm.core.records.record import Record
from plaincrm.core.schema.kinds import Kind
from plaincrm.core.text.fold import fold
from plaincrm.core.text.text_file import decode, path_in
from plaincrm.core.timeline import log, tasks
from plaincrm.core.values.raw import Raw
from plaincrm.crm.book_data import BookData
from plaincrm.crm.history.differences import RecordState, differing
from plaincrm.crm.loading.load import no_collection
from plaincrm.errors import GitFailed


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One change of one record, `record` as `kind/id` of today.

    `at` is in the book's zone. `field` is a field's name; `log`, `task` or `text` for the body;
    `id` for a rename; empty where the record as a whole was made (`before` None) or removed
    (`after` None). `before` and `after`
    are None for what was not there. `operation` is the command of plaincrm that did it, None for
    what the user committed.
    """

    at: datetime
    author: str
    commit: str
    record: str
    field: str
    before: Raw | None
    after: Raw | None
    operation: str | None = None


_Row: TypeAlias = tuple[str, Raw | None, Raw | None]  # field, before, after
_RULE = "rule"  # the entry that tells what a rule of the book did, of a new record too
_SHARE = 60  # records whose changes are worth a process of their own


@dataclass(frozen=True, slots=True)
class _Step:
    """What a commit did to one record, `kind/id` of today."""

    commit: Commit
    ref: str
    file: TouchedFile

    def change(
        self, zone: tzinfo, field: str, before: Raw | None, after: Raw | None
    ) -> FieldChange:
        commit = self.commit
        at = commit.at.astimezone(zone)
        return FieldChange(
            at, commit.author, commit.id, self.ref, field, before, after, commit.operation
        )


def history(
    book: BookData,
    records: Sequence[Record] | None = None,
    *,
    refs: Iterable[str] | None = None,
    since: date | None = None,
) -> list[FieldChange]:
    """The changes of some records, or of the whole book, newest first; the user's own commits too.

    `refs` keeps those of these records; `since` those of that day or later. Raises GitFailed
    without git.
    """
    git = git_of(book)
    if records is not None:
        refs = [record.ref for record in records]
    wanted = None if refs is None else set(refs)
    paths, follow = _asked(book, records, wanted)
    zone = book.settings.zone
    options = [f"--since={int(_start(since, zone).timestamp())}"] if since else []
    commits = git.log(paths, follow=follow, options=options)
    with no_collection():
        reader = _Reader(book, git, commits)
        steps = [step for commit in commits for step in reader.steps(commit)]
        steps = [step for step in steps if wanted is None or step.ref in wanted]
        if since:
            steps = [step for step in steps if step.commit.at >= _start(since, zone)]
        return [
            step.change(zone, *row)
            for step, rows in zip(steps, reader.told(steps), strict=True)
            for row in rows
        ]


def cut(book: BookData) -> str:
    """What to say where history is cut, since the clone is shallow; empty where it is whole."""
    return f"{CUT}; {DEEPEN}" if book.git is not None and book.git.boundary else ""


def _start(day: date, zone: tzinfo) -> datetime:
    """When a day begins in the book's zone."""
    return datetime.combine(day, time(0), zone)


def git_of(book: BookData) -> Git:
    """The book's git. Raises GitFailed, and says what is missing."""
    if book.git is not None:
        return book.git
    if not Git.available():
        raise GitFailed("git is not installed, and without it a book has no history", "install git")
    raise GitFailed(
        "this book is not in git, so it has no history",
        "git init here, and plaincrm keeps it from now on",
    )


def _asked(
    book: BookData, records: Sequence[Record] | None, refs: set[str] | None
) -> tuple[list[str], bool]:
    """The paths to ask for, and whether git is to follow renames, which it can do for one file
    only.

    Former ids are aliases; a record without any may have been renamed by hand.
    """
    if records is None or len(records) != 1:
        kinds = None if refs is None else {ref.partition("/")[0] for ref in refs}
        return [
            place
            for each in book.schema.kinds.values()
            if kinds is None or each.name in kinds
            for place in each.places
        ], False
    folder = records[0].path.rpartition("/")[0]
    former = [path_in(folder, f"{alias}.md") for alias in records[0].aliases()]
    return [records[0].path, *former], not former


class _Reader:
    """Reads commits, newest first, and follows records back through their renames."""

    def __init__(self, book: BookData, git: Git, commits: Sequence[Commit]) -> None:
        self.book = book
        wanted = {
            blob
            for commit in commits
            for file in commit.files
            for blob in (file.old, file.new)
            if blob
        }
        listed = [blob for blob in wanted if blob]
        self.blobs = dict(zip(listed, git.blobs(listed), strict=True))
        self.now: dict[str, str] = {}  # a path of then -> the path that it has become
        self.states: dict[
            tuple[str, str], RecordState
        ] = {}  # each is the new one of a commit and the old of the next

    def steps(self, commit: Commit) -> Iterator[_Step]:
        """The records that a commit changed."""
        for file in self._paired(commit.files):
            kind = self._kind(file) if is_record(file.path) else None
            if kind is None:
                continue
            path = self.now.get(file.path, file.path)
            yield _Step(commit, f"{kind.name}/{_stem(path)}", file)
            if file.was:
                self.now[file.was] = path

    def told(self, steps: Sequence[_Step]) -> list[list[_Row]]:
        """What each step changed. A record's own steps are worked out together, since one's old is
        the next's new.
        """
        chains: dict[str, list[int]] = {}
        for number, step in enumerate(steps):
            chains.setdefault(step.ref, []).append(number)

        def chain(numbers: list[int]) -> list[list[_Row]]:
            return [list(self._rows(steps[number].file)) for number in numbers]

        found: list[list[_Row]] = [[] for _ in steps]
        for numbers, rows in zip(
            chains.values(), mapped(chain, list(chains.values()), _SHARE), strict=True
        ):
            for number, row in zip(numbers, rows, strict=True):
                found[number] = row
        return found

    def _rows(self, file: TouchedFile) -> Iterator[_Row]:
        return _told(self._state(file.was or file.path, file.old), self._state(file.path, file.new))

    def _paired(self, files: Sequence[TouchedFile]) -> Iterator[TouchedFile]:
        """A file that went and one that came are one where the new one has the old one's id as an
        alias.
        """
        gone = {
            fold(file.path.rpartition("/")[2][:-3]): file for file in files if file.state == "D"
        }
        paired: set[str] = set()
        for file in files:
            if file.state != "A" or not gone or (state := self._state(file.path, file.new)) is None:
                continue
            former = next(
                (gone[key] for alias in state.record.aliases() if (key := fold(alias)) in gone),
                None,
            )
            if former and former.path.partition("/")[0] == file.path.partition("/")[0]:
                paired |= {file.path, former.path}
                yield TouchedFile(file.path, "R", former.old, file.new, former.path)
        yield from (file for file in files if file.path not in paired)

    def _kind(self, file: TouchedFile) -> Kind | None:
        """What a file is a record of, as it was then."""
        data = self.blobs.get(file.new or file.old or "")
        text = decode(data, file.path)[0] if data is not None else ""
        return self.book.schema.of_path(file.path, text)

    def _state(self, path: str, blob: str | None) -> RecordState | None:
        data = self.blobs.get(blob) if blob else None
        text = decode(data, path)[0] if data is not None else ""
        kind = self.book.schema.of_path(path, text)
        if not blob or data is None or kind is None:
            return None
        found = self.states.get((path, blob))
        if found is None:
            record = Record.read(kind, _stem(path), path, text, self.book.settings.log_settings)
            found = self.states[path, blob] = RecordState(record)
        return found


def _told(before: RecordState | None, after: RecordState | None) -> Iterator[_Row]:
    if before is None or after is None:
        yield "", before.record.title if before else None, after.record.title if after else None
        entries = after.page.timeline.entries if before is None and after else ()
        yield from (("log", None, log.format(each)[2:]) for each in entries if each.type == _RULE)
        return
    if before.record.id != after.record.id:
        yield "id", before.record.id, after.record.id
    difference = differing(before, after)
    yield from ((name, old, new) for name, (old, new) in difference.fields.items())
    yield from (("log", log.format(entry)[2:], None) for entry in difference.removed)
    yield from (("log", None, log.format(entry)[2:]) for entry in difference.added)
    for one, other in difference.tasks:
        yield (
            "task",
            tasks.format(one)[2:] if one else None,
            tasks.format(other)[2:] if other else None,
        )
    if difference.text:
        yield "text", None, None


def _stem(path: str) -> str:
    return path.rpartition("/")[2].removesuffix(".md")
