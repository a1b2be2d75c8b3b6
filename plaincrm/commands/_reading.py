"""The options that every reading command takes, and the way from a selection to the screen."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

import click

from plaincrm.commands._app import App
from plaincrm.commands._types import ColumnWord
from plaincrm.errors import Refused, UsageError

if TYPE_CHECKING:
    from plaincrm.crm.book import Book, Selection
    from plaincrm.views.doc import Doc
    from plaincrm.views.layout import Layout
    from plaincrm.views.rows import Rows

F = TypeVar("F", bound=Callable[..., Any])
TABLE = "table"


class ReadingOptions:
    """How a reading command answers: the format, and what the options say of columns, order and
    number.
    """

    def __init__(
        self,
        form: str = TABLE,
        argument: str = "",
        null: bool = False,
        columns: tuple[str, ...] = (),
        sort: str = "",
        limit: int | None = None,
        as_of: str = "",
        why: bool = False,
    ) -> None:
        self.form, self.argument, self.null, self.why = form, argument, null, why
        self.columns, self.sort, self.limit, self.as_of = columns, sort, limit, as_of

    @property
    def words(self) -> list[str]:
        """The options that are words of the query language too: `sort:-value`, `limit:10`."""
        limited = [] if self.limit is None else [f"limit:{self.limit}"]
        return [*([f"sort:{self.sort}"] if self.sort else []), *limited]


def reading(function: F) -> F:
    """Add the reading options to a command; it gets them as one parameter, `options`."""
    return _with_options(function, ())


def reading_without(*names: str) -> Callable[[F], F]:
    """The reading options without those that mean nothing to a command: `reading_without("as_of")`
    where nothing of what it reads lies in git.
    """
    return lambda function: _with_options(function, names)


def explaining(function: F) -> F:
    """The reading options, and `--why`: figures with the terms that they are made of."""
    return _with_options(function, (), {"why": _flag("why", "The terms of each figure.")})


def _with_options(
    function: F, without: Collection[str], more: dict[str, Callable[[Any], Any]] | None = None
) -> F:
    found = {**_format_options(), **_OPTIONS, **(more or {})}
    options = {name: option for name, option in found.items() if name not in without}

    @wraps(function)
    def command(*args: Any, **given: Any) -> Any:
        said = {name: given.pop(name) for name in options}
        return function(*args, options=_chosen(said), **given)

    for option in reversed(list(options.values())):
        command = option(command)
    return command  # type: ignore[return-value]  # click keeps what it wraps


def _format_options() -> dict[str, Callable[[Any], Any]]:
    """An option for each format that is registered."""
    from plaincrm.views.formats import options

    found: dict[str, Callable[[Any], Any]] = {}
    for each in options():
        if each.takes:
            found[each.name] = click.option(
                f"--{each.name}", each.name, metavar=each.takes, help=each.help
            )
        else:
            found[each.name] = _flag(each.name, each.help)
    return found


def _chosen(said: dict[str, Any]) -> ReadingOptions:
    from plaincrm.views.formats import FORMATS

    chosen = [name for name in FORMATS if said.get(name) not in (None, False)]
    if len(chosen) > 1:
        raise UsageError("one form at a time: " + " or ".join(f"--{name}" for name in chosen[:2]))
    null = bool(said.get("null"))
    if null and not all(FORMATS[name].names for name in chosen):
        raise UsageError(f"-0 goes with --ids or --paths, not with --{chosen[0]}")
    form = chosen[0] if chosen else TABLE
    return ReadingOptions(
        "ids" if null and not chosen else form,
        said[form] if form != TABLE and FORMATS[form].takes else "",
        null,
        names_in(said.get("columns") or ""),
        said.get("sort") or "",
        said.get("limit"),
        said.get("as_of") or "",
        bool(said.get("why")),
    )


def names_in(text: str) -> tuple[str, ...]:
    """The names of a list `a,b,deals(is:won,is:open).count`; a comma inside parentheses belongs to
    a name.
    """
    names, depth = [""], 0
    for char in text:
        depth += (char == "(") - (char == ")")
        if char == "," and depth <= 0:
            names.append("")
        else:
            names[-1] += char
    return tuple(name.strip() for name in names if name.strip())


def _flag(name: str, help: str) -> Callable[[Any], Any]:
    return click.option(f"--{name}", name, is_flag=True, help=help)


_OPTIONS: dict[str, Callable[[Any], Any]] = {
    "null": click.option(
        "-0", "null", is_flag=True, help="End ids and paths with NUL, for xargs -0."
    ),
    "columns": click.option(
        "--columns",
        metavar="a,b,c",
        type=ColumnWord(),
        help="The fields to show; links too: company.country.",
    ),
    "sort": click.option(
        "--sort",
        metavar="FIELD",
        type=ColumnWord(),
        help="Order by a field; -FIELD turns it round.",
    ),
    "limit": click.option("--limit", type=click.IntRange(0), metavar="N", help="At most N."),
    "as_of": click.option(
        "--as-of", "as_of", metavar="DATE", help="Answer from the book as git has it of that day."
    ),
}


def words_of(words: Sequence[str], options: ReadingOptions) -> list[str]:
    return [*words, *options.words]


def book_for(app: App, options: ReadingOptions) -> Book:
    """The book to read: as it is, or as git has it of a day (`--as-of`)."""
    if not options.as_of:
        return app.book
    book = app.book_of(options.as_of)
    app.say(f"plaincrm: the book as of {book.now.date().isoformat()}")
    return book


def select(
    app: App, book: Book, kind: str, words: Sequence[str], options: ReadingOptions
) -> Selection:
    """What a query finds; the dates that were understood are echoed."""
    found = book.select(kind, words_of(words, options))
    app.tell(found.query.echo)
    return found


def layout_of(app: App, options: ReadingOptions) -> Layout:
    from plaincrm.views import layout

    paint = layout.ansi if app.color else layout.plain
    return layout.Layout(
        app.width, app.height, paint, options.argument, options.null, options.why, app.from_here
    )


def show(app: App, shown: Rows | Doc, options: ReadingOptions, book: Book | None = None) -> None:
    """A listing or a document on stdout, in the format asked for; of `book`, on stderr, how many
    files could not be read whole.
    """
    from plaincrm.views.formats import write

    text = write(shown, options.form, layout_of(app, options))
    if options.form != TABLE:
        text = app.shown(text)
    answer(app, text, book)


Shown = TypeVar("Shown", "Rows", "Doc")


def arranged(shown: Shown, options: ReadingOptions) -> Shown:
    """A listing or document whose columns, order and number no query decides, as the options
    say. Raises UsageError for a column that it does not have.
    """
    from plaincrm.views.rows import Rows, arranged

    if isinstance(shown, Rows):
        return arranged(shown, options.columns, options.sort, options.limit)
    from plaincrm.views.doc import arranged_doc

    return arranged_doc(shown, options.columns, options.sort, options.limit)


def answer(app: App, text: str, book: Book | None = None) -> None:
    """Data on stdout, and on stderr how many files of `book` could not be read whole."""
    if text:
        page(app, text)
    if book is not None:
        app.say_problems(book)


def page(app: App, text: str) -> None:
    """Text on stdout; through the pager of the terminal (`PAGER`) where it is longer than that."""
    import os
    import sys

    long = app.height is not None and text.count("\n") >= app.height
    if not long or not sys.stdin.isatty() or not os.environ.get("PAGER", "less"):
        return click.echo(text, nl=False)
    from plaincrm.commands._page import HeldPage
    from plaincrm.commands._terminal import cleaned

    if isinstance(sys.stdout, HeldPage):
        return click.echo(text, nl=False)
    # As git does: leave a short text on the screen, keep colours, don't clear.
    os.environ.setdefault("LESS", "FRX")
    return click.echo_via_pager(cleaned(text), color=app.color)


def page_output(function: F) -> F:
    """The option `-o FILE.html` of a command that answers with a document."""
    option = click.option(
        "-o",
        "--output",
        metavar="FILE.html",
        type=click.Path(allow_dash=True),
        help="As a page for a browser, in a file of its own.",
    )
    return option(function)


def is_page(path: str) -> bool:
    """Whether a file is named as a page of HTML."""
    return path.casefold().endswith((".html", ".htm"))


def save_page(app: App, book: Book, doc: Doc, path: str) -> None:
    """Write a document as a page. Raises UsageError, Refused."""
    from plaincrm.views.html.doc_page import doc_page
    from plaincrm.views.html.page_source import source_of

    write_page(path, doc_page(doc, source_of(book)))
    if path != "-":
        app.say(f"written to {path}")
    app.say_problems(book)


def write_page(path: str, text: str) -> None:
    """Write an HTML page that the user named; one that is there is replaced only if it is ours.
    Raises UsageError for a file that a browser would not open as a page, Refused.
    """
    from plaincrm.views.html.page import MADE

    if path != "-" and not is_page(path):
        raise UsageError(f"{path} is no name of a page", "write it as FILE.html")
    write_out(path, text.encode("utf-8", "backslashreplace"), MADE.encode())


def write_out(path: str, data: bytes, start: bytes) -> None:
    """Write a file that the user named, `-` for stdout; one that is there is replaced only if it
    begins with `start`, and so was written by such a command before. Raises Refused."""
    from pathlib import Path

    from plaincrm.book import atomic
    from plaincrm.commands._terminal import put

    if path == "-":
        return put(data)
    place = Path(path).expanduser()
    before = atomic.present(place, largest=atomic.ANY_SIZE)
    if before and not before.startswith(start):
        raise Refused(f"{path} holds something else; nothing written", "name another file")
    return atomic.replace(place, data, before)
