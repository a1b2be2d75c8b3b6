"""What every command is given: the book, opened when first asked for, and the clock, read once."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from datetime import date, datetime, time, tzinfo
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from plaincrm.errors import NotFound, UsageError

if TYPE_CHECKING:
    from plaincrm.book.index.prefetch import PrefetchJobs
    from plaincrm.crm.book import Book
    from plaincrm.crm.reference_match import Choose


class App:
    """The state of one run of the program."""

    def __init__(
        self,
        book: str | None,
        today: str | None,
        color: str,
        prefetch_jobs: PrefetchJobs | None = None,
    ) -> None:
        self._where = book
        self._today = today or os.environ.get("PLAINCRM_TODAY")
        self._color = color
        self._prefetch_jobs = prefetch_jobs

    @property
    def color(self) -> bool:
        """Whether stdout takes colour."""
        if self._color != "auto":
            return self._color == "always"
        return _takes_colour(sys.stdout)

    @property
    def error_color(self) -> bool:
        """Whether stderr takes colour."""
        if self._color != "auto":
            return self._color == "always"
        return _takes_colour(sys.stderr)

    @property
    def interactive(self) -> bool:
        """Whether there is somebody to ask."""
        return sys.stdin.isatty() and sys.stderr.isatty()

    @property
    def width(self) -> int | None:
        """Columns to fit a table into; None where stdout is no terminal, and nothing is cut."""
        if not sys.stdout.isatty():
            return None
        import shutil

        return shutil.get_terminal_size().columns

    @property
    def height(self) -> int | None:
        """Lines of the terminal; None where stdout is none."""
        if not sys.stdout.isatty():
            return None
        import shutil

        return shutil.get_terminal_size().lines

    def from_here(self, path: str) -> str:
        """A path of the book, from the folder that the user is in."""
        from plaincrm.book.standing import from_here

        return from_here(self.root, path)

    @cached_property
    def root(self) -> Path:
        from plaincrm.book.config import find_book, here

        return find_book(self._where, os.environ, here())

    @cached_property
    def book(self) -> Book:
        _find_zones()
        from plaincrm.crm.book import Book

        book = Book.open(self.root, self.now)
        book.choose = self.choose
        if self._prefetch_jobs is not None and self._prefetch_jobs.root == self.root:
            book.prefetch_jobs = self._prefetch_jobs
        # While a shell completes a line, nothing else belongs on the screen.
        if sys.stderr.isatty() and "_PLAINCRM_COMPLETE" not in os.environ:
            from plaincrm.commands._progress import on_terminal

            book.progress = on_terminal()
        return book

    @cached_property
    def choose(self) -> Choose | None:
        """Asks which record a word means; None where there is nobody to ask."""
        if not self.interactive:
            return None
        from plaincrm.commands._chooser import Chooser

        return Chooser(self.say)

    @property
    def any_book(self) -> Book:
        """The book; where there is none, one without records or settings of its own."""
        from plaincrm.book.config import here
        from plaincrm.crm.book import Book

        try:
            return self.book
        except NotFound:
            if self._where:
                raise
            return Book.open(here(), self.now)

    def reopen(self) -> None:
        """Forget what was read, so that the next look is at the files as they are now."""
        self.__dict__.pop("book", None)

    def now(self, zone: tzinfo) -> datetime:
        """The moment that this run takes for now, in `zone`; the only place that reads the
        clock.
        """
        if not self._today:
            return datetime.now(zone)
        with suppress(
            ValueError
        ):  # as tests and scripts write it, without the reader of date words
            return datetime.combine(date.fromisoformat(self._today), time(12), zone)
        from plaincrm.core.values import dates

        try:
            moment = dates.parse_moment(self._today, datetime.now(zone).replace(tzinfo=None))
        except ValueError as error:
            raise UsageError(
                f"--today: {error}", "write it as 2026-11-21 or 2026-11-21T09:30"
            ) from None
        if not isinstance(moment, datetime):
            moment = datetime.combine(moment, time(12))
        return moment.replace(tzinfo=zone)

    def book_of(self, word: str) -> Book:
        """The book as git has it of the end of a day in the past, for reading."""
        from plaincrm.core.values import dates
        from plaincrm.crm.history.as_of import as_of

        try:
            day = dates.parse_period(word, self.book.now.date(), dates.Leaning.PAST).last
        except dates.DateError as error:
            raise UsageError(f"--as-of: {error}", error.hint) from None
        return as_of(self.book, day)

    def tell(self, lines: Iterable[str]) -> None:
        """What was understood of date words and references, a line each."""
        for line in lines:
            self.say(line)

    def say_problems(self, book: Book | None = None) -> None:
        """On stderr: how many files of those read have problems that may change an answer, and how
        many records have fields that a sync could not decide on.
        """
        read = book or self.book
        self._say_contested(read)
        count, first = read.unreadable()
        if count:
            from plaincrm.core.text.counted import counted
            from plaincrm.views.safe import line

            said = f"{counted(count, 'file')} can't be read whole, such as {first}"
            self._warn(line(f"{said}; plaincrm check says why"))

    def _say_contested(self, book: Book) -> None:
        contested = book.contested()
        if contested:
            from plaincrm.core.text.counted import counted

            said = f"{counted(len(contested), 'record')} with contested fields, such as"
            said += f" {contested[0].ref}; figures rest on what the files show; plaincrm conflicts"
            self._warn(said)

    def _warn(self, said: str) -> None:
        from plaincrm.views.safe import safe

        lead = "plaincrm: "
        click.echo(f"{self.warned(lead.rstrip())} {_fitted(safe(said), lead)}", err=True)

    def warned(self, text: str, style: str = "warn") -> str:
        """A piece of talk in the colour of warnings, or of errors (`bad`), if stderr takes it."""
        from plaincrm.views.layout import ansi

        return ansi(text, style) if self.error_color else text

    def shown(self, text: str) -> str:
        """Text for stdout, made safe where that is a terminal."""
        from plaincrm.views.safe import safe

        return safe(text) if sys.stdout.isatty() else text

    def say(self, text: str) -> None:
        """Talk, not data: a line on stderr."""
        from plaincrm.views.safe import safe

        click.echo(_fitted(safe(text)), err=True)


def _fitted(text: str, lead: str = "") -> str:
    """Talk as the terminal has room for it; whole where stderr is none."""
    if not sys.stderr.isatty():
        return text
    from plaincrm.commands._terminal import fitted

    return fitted(text, lead)


def _takes_colour(stream: TextIO) -> bool:
    """A terminal that is not `dumb`, unless `NO_COLOR` is set."""
    plain = "NO_COLOR" in os.environ or os.environ.get("TERM") == "dumb"
    return stream.isatty() and not plain


def _find_zones() -> None:
    """Tells Python where time zones are, or that they are in the package `tzdata`.

    It would find them by itself, but by machinery that takes as long to import as all the rest.
    """
    if "zoneinfo" not in sys.modules and "PYTHONTZPATH" not in os.environ:
        places = [place for place in _ZONES if Path(place).is_dir()]
        if not places and (found := find_spec("tzdata")) and found.origin:
            places = [str(Path(found.origin).with_name("zoneinfo"))]
        os.environ["PYTHONTZPATH"] = os.pathsep.join(places)
        import zoneinfo  # noqa: F401 (it looks at the variable once)

        del os.environ["PYTHONTZPATH"]


_ZONES = ("/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/usr/share/lib/zoneinfo", "/etc/zoneinfo")
pass_app = click.make_pass_decorator(App)
