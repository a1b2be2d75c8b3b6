"""The options that every reading command takes, and the way from a selection to the screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

import click

from plaincrm.commands._app import App
from plaincrm.errors import UsageError

F = TypeVar("F", bound=Callable[..., Any])
_FORMS = ("json", "jsonl", "csv", "tsv", "md", "ids", "paths", "count")


@dataclass(frozen=True, slots=True)
class How:
    """How a reading command answers: the form, and what the options say of columns, order and number."""

    form: str = "table"
    template: str = ""
    null: bool = False
    columns: tuple[str, ...] = ()
    sort: str = ""
    limit: int | None = None
    as_of: str = ""

    @property
    def words(self) -> list[str]:
        """The options that are words of the query language too: `sort:-value`, `limit:10`."""
        limited = [] if self.limit is None else [f"limit:{self.limit}"]
        return [*([f"sort:{self.sort}"] if self.sort else []), *limited]


def reading(function: F) -> F:
    """Add the reading options to a command; it gets them as one parameter, `how`."""

    @wraps(function)
    def command(*args: Any, **options: Any) -> Any:
        forms = [form for form in _FORMS if options.pop(form)]
        template, null = options.pop("template"), options.pop("null")
        if len(forms) + bool(template) > 1:
            raise UsageError("one form at a time: " + " or ".join(f"--{form}" for form in [*forms, "template"][:2]))
        form = forms[0] if forms else "template" if template else "ids" if null else "table"
        columns = tuple(name.strip() for name in (options.pop("columns") or "").split(",") if name.strip())
        how = How(
            form, template or "", null, columns, options.pop("sort") or "", options.pop("limit"),
            options.pop("as_of") or "",
        )  # fmt: skip
        return function(*args, how=how, **options)

    for option in reversed(_OPTIONS):
        command = option(command)
    return command  # type: ignore[return-value]


def _flag(name: str, help: str) -> Callable[[Any], Any]:
    return click.option(f"--{name}", name, is_flag=True, help=help)


_OPTIONS = [
    _flag("json", "One JSON object."),
    _flag("jsonl", "A JSON object a line."),
    _flag("csv", "Comma-separated values."),
    _flag("tsv", "Tab-separated values."),
    _flag("md", "A Markdown table."),
    _flag("ids", "kind/id, a line each."),
    _flag("paths", "File paths, a line each."),
    click.option("-0", "null", is_flag=True, help="End ids and paths with NUL, for xargs -0."),
    click.option("--template", metavar="JINJA", help="A line each, as this template says."),
    click.option("--columns", metavar="a,b,c", help="The fields to show; links too: company.country."),
    click.option("--sort", metavar="FIELD", help="Order by a field; -FIELD turns it round."),
    click.option("--limit", type=click.IntRange(0), metavar="N", help="At most N."),
    _flag("count", "Only how many."),
    click.option("--as-of", "as_of", metavar="DATE", help="Answer from the book as git has it of that day."),
]


def words_of(words: Sequence[str], how: How) -> list[str]:
    return [*words, *how.words]


def book_for(app: App, how: How) -> Any:
    """The book to read: as it is, or as git has it of a day (`--as-of`)."""
    return app.book_of(how.as_of) if how.as_of else app.book


def answer(app: App, text: str) -> None:
    """Data on stdout, and on stderr how many files could not be read whole."""
    if text:
        click.echo(text, nl=False)
    app.say_problems()
