"""`Book`: the library's face. What the command line does, a script does with this class.

from plaincrm import Book
book = Book.open("~/crm")
for deal in book.select("deals", ["stage:lead", "value:1000.."]).records:
    print(deal.title, book.context.fact(deal, "weighted"))
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, tzinfo
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from plaincrm.book import private_folder
from plaincrm.book.config import SETTINGS
from plaincrm.book.git import head
from plaincrm.book.source import Source, WorkTree
from plaincrm.core.records import line_records
from plaincrm.core.records.collection import Collection
from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.records.store import Store
from plaincrm.core.schema.kinds import Kind, Schema
from plaincrm.core.schema.settings import Settings
from plaincrm.core.schema.settings_file import parse
from plaincrm.core.text.text_file import decode, encode
from plaincrm.core.value_class import changed, value
from plaincrm.crm import settings_sections
from plaincrm.crm.facts import all_facts
from plaincrm.crm.named_files import AddressLists, Segments, Sequences
from plaincrm.errors import Problem, UsageError, did_you_mean

if TYPE_CHECKING:
    from plaincrm.book.git.client import Git
    from plaincrm.book.index.prefetch import PrefetchJobs
    from plaincrm.core.query import Query
    from plaincrm.crm.change import Change
    from plaincrm.crm.loading.cache_home import CacheHome
    from plaincrm.crm.reference_match import Choose


@value
class Selection:
    """What a query found: what is `shown` after sort and limit, and how many there were before the
    limit.
    """

    kind: Kind
    query: Query
    shown: Sequence[Record]
    total: int

    @property
    def records(self) -> list[Record]:
        """What is shown; who only counts or names it asks `shown`, which makes no record."""
        return list(self.shown)


class Book:
    """A folder of records. Nothing is read before it is asked for."""

    def __init__(
        self,
        root: Path,
        clock: Callable[[tzinfo], datetime],
        source: Source | None = None,
        *,
        cached: bool = True,
    ) -> None:
        self.root = root
        self.cached = cached
        self.prefetch_jobs: PrefetchJobs | None = None  # whoever looks already which files changed
        self.progress: Callable[[str, int, int], None] | None = (
            None  # told of long reading: plural, done, of all
        )
        self.choose: Choose | None = None  # asks which record a word means
        self._clock = clock
        self._source = source

    @cached_property
    def source(self) -> Source:
        if self._source is not None:
            return self._source
        self._recover()
        repo = private_folder.find_repo(self.root)
        found = WorkTree(self.root, repo)
        if repo is not None and (moved := head.moved(repo, self.private)) and self.git is not None:
            found.problems.extend(head.damage(self.git, *moved))
        return found

    @classmethod
    def open(cls, root: str | Path, clock: Callable[[tzinfo], datetime] = datetime.now) -> Book:
        """The book in the folder `root`; `clock(zone)` gives the moment that counts as now."""
        return cls(Path(root).expanduser().resolve(), clock)

    @cached_property
    def settings(self) -> Settings:
        from plaincrm.crm.loading.cache_home import kept_mapping

        mapping = kept_mapping(self._home, self.settings_text)
        settings = parse(self.settings_text, SETTINGS, mapping, settings_sections.NAMES)
        problems = decode(encode(self.settings_text), SETTINGS)[1]
        return settings if not problems else _with_problems(settings, problems)

    @cached_property
    def settings_text(self) -> str:
        return decode(self.source.file(SETTINGS) or b"", SETTINGS)[0]

    @property
    def schema(self) -> Schema:
        return self.settings.schema

    @cached_property
    def now(self) -> datetime:
        return self._clock(self.settings.zone)

    @cached_property
    def private(self) -> Path:
        """The folder for what belongs to this machine only."""
        return private_folder.private_folder(self.root)

    @cached_property
    def git(self) -> Git | None:
        """The book's git, or None where git is not installed or the book is no repo."""
        from plaincrm.book.git.client import Git

        return Git.of(self.root)

    @cached_property
    def segments(self) -> Segments:
        return Segments(self.source)

    @cached_property
    def sequences(self) -> Sequences:
        def drafts() -> frozenset[str]:
            from plaincrm.crm.mailing.waiting import step_hashes

            return step_hashes(self.root)

        return Sequences(self.source, self.settings.language, drafts)

    @cached_property
    def store(self) -> Store:
        return Store(self.schema, self._load)

    @cached_property
    def context(self) -> Context:
        return Context(
            self.store,
            self.settings,
            self.now,
            all_facts(),
            self.segments,
            self.sequences,
            AddressLists(self.source),
            keep=self._home,
        )

    def _load(self, kind: str) -> Collection:
        from plaincrm.crm.loading.load import load

        return load(
            self.schema.kinds[kind],
            self.source,
            self.context,
            self._home,
            self.prefetch_jobs,
            self.progress,
        )

    @property
    def _home(self) -> CacheHome | None:
        """Where its caches lie; None where none is to be asked."""
        from plaincrm.crm.loading.cache_home import CacheHome

        return CacheHome(self.root, self.private, self.settings_text) if self.cached else None

    def _recover(self) -> None:
        """Complete what a killed command left half done, and meet a new clone; else two looks for a
        file.
        """
        if private_folder.pending(self.private):
            from plaincrm.book.transaction import recover

            recover(self.root, self.private, self.git, wait=False)
        if not private_folder.holds(self.private, "driver") and self.git is not None:
            from plaincrm.book.git.merge_driver import arrive

            arrive(self.git, self.private)

    def find_kind(self, word: str) -> Kind | None:
        """The kind of that singular or plural name, those of lines (`tasks`, `log`) too; None where
        there is none.
        """
        return self.schema.find(word) or line_records.find(word)

    def resettle(self, text: str) -> None:
        """Go on with `text` as the settings, before they are written; records are typed anew."""
        for name in ("store", "context"):
            self.__dict__.pop(name, None)
        self.__dict__["settings"] = parse(text, SETTINGS, pillars=settings_sections.NAMES)
        self.__dict__["settings_text"] = text

    def kind(self, word: str) -> Kind:
        """The kind of that singular or plural name. Raises UsageError."""
        kind = self.find_kind(word)
        if kind is None:
            raise UsageError(f'unknown kind "{word}"', self.kinds_hint(word))
        return kind

    def record_kind(self, word: str) -> Kind:
        """Like `kind`, of records only. Raises UsageError."""
        kind = self.kind(word)
        if kind.name not in self.schema.kinds:
            kinds = ", ".join(each.plural for each in self.schema.kinds.values())
            raise UsageError(
                f'"{word}" are lines of records, not a kind of record', f"kinds: {kinds}"
            )
        return kind

    def kinds_hint(self, word: str) -> str:
        """What kind may have been meant, or which there are."""
        words = [*(k.plural for k in self.schema.kinds.values()), *line_records.KINDS]
        return did_you_mean(word, words) or f"kinds: {', '.join(words)}"

    def find(self, ref: str, *kinds: str) -> Record:
        """The record that a reference means: an id, an e-mail, a number, or a name that is told
        whole or begun. Without `kinds` of any kind. Raises NotFound, Ambiguous.
        """
        from plaincrm.crm.reference_match import Sureness
        from plaincrm.crm.references import one

        wanted = [self.record_kind(kind).name for kind in kinds] or list(self.schema.kinds)
        return one(self, ref, wanted, Sureness.PREFIX)

    def select(self, kind: str | Kind, words: Sequence[str] = ()) -> Selection:
        """The records of a kind that a query selects; of `tasks` and `log`, the lines. Raises
        QueryError.
        """
        from plaincrm.core import query  # not every command asks one

        found = self.kind(kind) if isinstance(kind, str) else kind
        compiled = query.compile(words, found, self.context)
        if found.name in self.schema.kinds:
            matching: Sequence[Record] = compiled.all()
        else:
            matching = [row for row in self.rows(found) if compiled.matches(row)]
        return Selection(found, compiled, compiled.arrange(matching), len(matching))

    def rows(self, kind: Kind) -> Iterable[Record]:
        """All that a query over `kind` runs through: its records, or the tasks or log entries of
        all records.
        """
        line = line_records.find(kind.name)
        return (
            line_records.every(self.store, line.plural)
            if line is kind
            else self.store.records(kind.name)
        )

    def text(self, record: Record) -> str:
        """The file of `record` as it is on disk now."""
        return decode(self.source.file(record.path) or b"", record.path)[0]

    def identities(
        self, kinds: Iterable[str], beginning: str = ""
    ) -> Iterable[tuple[str, str, str]]:
        """(id, kind, title) of every record of the kinds whose id begins so, for completion."""
        for kind in kinds:
            collection = self.store.collection(kind)
            for record in collection.chosen(id.startswith(beginning) for id in collection.ids()):
                yield record.id, kind, record.title

    def unreadable(self) -> tuple[int, str]:
        """How many files of the kinds read so far can't be read whole, and the first of them."""
        loaded = [
            record for kind in self.store.loaded for record in self.store.collection(kind).damaged
        ]
        found = [p.path for p in (*self.settings.problems_of(), *self.source.problems)] + [
            r.path for r in loaded
        ]
        paths = list(dict.fromkeys(found))
        return len(paths), paths[0] if paths else ""

    def contested(self) -> list[Record]:
        """The records of the kinds read so far with fields that a sync could not decide on."""
        found = []
        for kind in self.store.loaded:
            flags = self.context.column(kind, "is:contested")
            if any(flags):
                collection = self.store.collection(kind)
                found += [collection[n] for n, flag in enumerate(flags) if flag]
        return found

    def change(self, message: str, command: str = "") -> Change:
        """The unit of work: edits collected, then one write and one commit with `message`."""
        from plaincrm.crm.change import Change

        return Change(self, message, command)


def _with_problems(settings: Settings, problems: Iterable[Problem]) -> Settings:
    return changed(settings, problems=(*problems, *settings.problems))
