"""The options that every reading command takes, and the way from a selection to the screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

import click

from plaincrm.commands._app import App
from plaincrm.errors import Refused, UsageError, did_you_mean

if TYPE_CHECKING:
    from plaincrm.crm.book import Book, Selection
    from plaincrm.views.colour import Paint
    from plaincrm.views.rows import Rows

F = TypeVar("F", bound=Callable[..., Any])
_FORMS = ("json", "jsonl", "csv", "tsv", "md", "ids", "paths", "count")


class How:
    """How a reading command answers: the form, and what the options say of columns, order and
    number.
    """

    def __init__(
        self,
        form: str = "table",
        template: str = "",
        null: bool = False,
        columns: tuple[str, ...] = (),
        sort: str = "",
        limit: int | None = None,
        as_of: str = "",
    ) -> None:
        self.form, self.template, self.null = form, template, null
        self.columns, self.sort, self.limit, self.as_of = columns, sort, limit, as_of

    @property
    def words(self) -> list[str]:
        """The options that are words of the query language too: `sort:-value`, `limit:10`."""
        limited = [] if self.limit is None else [f"limit:{self.limit}"]
        return [*([f"sort:{self.sort}"] if self.sort else []), *limited]


def reading(function: F) -> F:
    """Add the reading options to a command; it gets them as one parameter, `how`."""
    return _with(OPTIONS, function)


def answering(*names: str) -> Callable[[F], F]:
    """Add those reading options only that make sense for a command: `answering("json", "limit",
    "as_of")`.
    """
    return lambda function: _with({name: OPTIONS[name] for name in names}, function)


def _with(options: Mapping[str, Callable[[Any], Any]], function: F) -> F:
    @wraps(function)
    def command(*args: Any, **given: Any) -> Any:
        said = {name: given.pop(name) for name in options}
        return function(*args, how=_how(said), **given)

    for option in reversed(list(options.values())):
        command = option(command)
    return command  # type: ignore[return-value]


def _how(said: Mapping[str, Any]) -> How:
    forms = [form for form in (*_FORMS, "template") if said.get(form)]
    if len(forms) > 1:
        raise UsageError("one form at a time: " + " or ".join(f"--{form}" for form in forms[:2]))
    null = bool(said.get("null"))
    if null and forms not in ([], ["ids"], ["paths"]):
        raise UsageError(f"-0 goes with --ids or --paths, not with --{forms[0]}")
    form = forms[0] if forms else "ids" if null else "table"
    return How(
        form,
        said.get("template") or "",
        null,
        names_in(said.get("columns") or ""),
        said.get("sort") or "",
        said.get("limit"),
        said.get("as_of") or "",
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


OPTIONS: dict[str, Callable[[Any], Any]] = {
    "json": _flag("json", "One JSON object."),
    "jsonl": _flag("jsonl", "A JSON object a line."),
    "csv": _flag("csv", "Comma-separated values."),
    "tsv": _flag("tsv", "Tab-separated values."),
    "md": _flag("md", "A Markdown table."),
    "ids": _flag("ids", "kind/id, a line each."),
    "paths": _flag("paths", "File paths, a line each."),
    "null": click.option(
        "-0", "null", is_flag=True, help="End ids and paths with NUL, for xargs -0."
    ),
    "template": click.option(
        "--template", metavar="JINJA", help="A line each, as this template says."
    ),
    "columns": click.option(
        "--columns", metavar="a,b,c", help="The fields to show; links too: company.country."
    ),
    "sort": click.option(
        "--sort", metavar="FIELD", help="Order by a field; -FIELD turns it round."
    ),
    "limit": click.option("--limit", type=click.IntRange(0), metavar="N", help="At most N."),
    "count": _flag("count", "Only how many."),
    "as_of": click.option(
        "--as-of", "as_of", metavar="DATE", help="Answer from the book as git has it of that day."
    ),
}


def words_of(words: Sequence[str], how: How) -> list[str]:
    return [*words, *how.words]


def book_for(app: App, how: How) -> Book:
    """The book to read: as it is, or as git has it of a day (`--as-of`)."""
    if not how.as_of:
        return app.book
    book = app.book_of(how.as_of)
    app.say(f"plaincrm: the book as of {book.now.date().isoformat()}")
    return book


def select(app: App, book: Book, kind: str, words: Sequence[str], how: How) -> Selection:
    """What a query finds; the dates that were understood are echoed."""
    found = book.select(kind, words_of(words, how))
    app.tell(found.query.echo)
    return found


def paint_of(app: App) -> Paint:
    from plaincrm.views import colour

    return colour.ansi if app.color else colour.plain


def show_rows(
    app: App, book: Book, rows: Rows, how: How, table: Callable[[], str] | None = None
) -> None:
    """Rows on stdout in the form asked for; `table` is the view's own text where that is more than
    a table.
    """
    from plaincrm.views.rows import render

    if how.form == "table":
        own = table() if table else render(rows, "table", width=app.width, paint=paint_of(app))
        return answer(app, own, book)
    return answer(
        app, app.shown(render(rows, how.form, template=how.template, null=how.null)), book
    )


def picked(rows: Rows, how: How) -> Rows:
    """Rows that are no records with `--columns` and `--limit` applied. Raises UsageError."""
    from plaincrm.core.value_class import changed

    for name in how.columns:
        if name not in rows.columns:
            hint = did_you_mean(name, rows.columns) or f"columns: {', '.join(rows.columns)}"
            raise UsageError(f'there is no column "{name}" here', hint)
    places = [rows.columns.index(name) for name in how.columns or rows.columns]
    return changed(
        rows,
        records=rows.records[: how.limit],
        columns=[rows.columns[n] for n in places],
        cells=lambda row: [rows.cells(row)[n] for n in places],
        values=lambda row: [(rows.values or rows.cells)(row)[n] for n in places],
        right=[new for new, old in enumerate(places) if old in rows.right],
    )


def answer(app: App, text: str, book: Book | None = None) -> None:
    """Data on stdout, and on stderr how many files could not be read whole."""
    if text:
        click.echo(text, nl=False)
    app.say_problems(book)


def write_out(path: str, data: bytes, start: bytes) -> None:
    """Write a file that the user named, `-` for stdout; one that is there is replaced only if it
    begins with `start`, and so was written by such a command before. Raises Refused."""
    from pathlib import Path

    from plaincrm.book import atomic

    if path == "-":
        return click.echo(data, nl=False)
    place = Path(path).expanduser()
    before = atomic.present(place)
    if before and not before.startswith(start):
        raise Refused(f"{path} holds something else; nothing written", "name another file")
    return atomic.replace(place, data, before)
