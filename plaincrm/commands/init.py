"""`plaincrm init`: make a book."""

from __future__ import annotations

import os
import re
import shlex
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._terminal import prompt
from plaincrm.errors import NotFound

if TYPE_CHECKING:
    from plaincrm.book.create import Owner

EPILOG = """\b
Examples:
  plaincrm init
  plaincrm init ~/book --country DE --currency EUR --language de
  plaincrm init ~/example --demo
"""
_HISTORY = {
    "outer": "It lies in a git repo, so its history is kept there; sync wants a repo of its own.",
    "none": "git is not installed: the book works, without history, undo and sync.",
}
_PERSON = re.compile(r"(?P<name>[^<>]+?)\s*<(?P<email>[^<>\s]+@[^<>\s]+)>")
_COUNTRY, _CURRENCY = 2, 3  # letters of a code


class CodeWord(click.ParamType[str]):
    """A code of so many letters, such as a country's or a currency's, in capitals."""

    name = "code"

    def __init__(self, letters: int) -> None:
        self.letters = letters

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if value and not re.fullmatch(f"[A-Za-z]{{{self.letters}}}", value):
            self.fail(f'"{value}" is no code of {self.letters} letters', param, ctx)
        return value.upper()


@click.command("init", epilog=EPILOG)
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path), default=".")
@click.option("--name", metavar="NAME", default="", help="Whose book it is.")
@click.option("--email", metavar="ADDRESS", default="", help="Your address.")
@click.option("--country", type=CodeWord(2), default="", help="Of phone numbers and dates: DE.")
@click.option("--currency", type=CodeWord(3), default="", help="Of sums that name none: EUR.")
@click.option("--language", type=CodeWord(2), default="", help="Of e-mails, unless told: en.")
@click.option("-y", "--yes", is_flag=True, help="Don't ask; take what git and the locale say.")
@click.option("--demo", is_flag=True, help="Fill it with the example book.")
@pass_app
def command(app: App, /, folder: Path, yes: bool, demo: bool, **said: str) -> None:
    """Make a book in DIR, or here: plaincrm.yaml, folders for the records, a git repo.

    On a terminal it asks three questions: who you are, your country, your currency. Enter takes
    what git and the locale say; options answer for scripts. Files that are there stay as they are.
    """
    from plaincrm.book.config import here
    from plaincrm.book.create import Owner, start, start_example

    root = here() / folder.expanduser()
    if demo:
        started = start_example(root)
    else:
        given = Owner(**{**said, "language": said["language"].lower()})
        asking = app.interactive and not yes
        started = start(root, _asked(given) if asking else _completed(given))
    click.echo(app.shown(str(started.root)))
    if started.git in _HISTORY:
        app.say(_HISTORY[started.git])
    there = "" if started.root == here() else f" -C {shlex.quote(str(folder))}"
    app.tell(_example_next(there) if demo else _next(there))
    if not _found_from_anywhere(started.root):
        app.tell(_found_by(started.root))


def _example_next(there: str) -> list[str]:
    from plaincrm.book.create import EXAMPLE_DAY

    stops = f"The example's story stops on {EXAMPLE_DAY}"
    return [f"{stops}: plaincrm{there} --today {EXAMPLE_DAY} today"]


def _next(there: str) -> list[str]:
    return [
        f'Next: plaincrm{there} add contact "Ada Lovelace <ada@example.org>"',
        f'      plaincrm{there} add deal "Web site" contact=ada value=1500',
        f"      plaincrm{there} today",
    ]


def _found_by(root: Path) -> list[str]:
    """How the book is found by a command that is typed in another folder."""
    export = f"export PLAINCRM_BOOK={shlex.quote(str(root))}"
    return [
        "There plaincrm finds the book by itself; from anywhere, with one of these:",
        f"      echo {shlex.quote(export)} >> {_start_file()}",
        f"      a line `book: {root}` in ~/.config/plaincrm/config.yaml",
    ]


def _start_file() -> str:
    shell = Path(os.environ.get("SHELL", "")).name
    known = {"zsh": "~/.zshrc", "fish": "~/.config/fish/config.fish", "bash": "~/.bashrc"}
    return known.get(shell, "~/.profile")


def _found_from_anywhere(root: Path) -> bool:
    from plaincrm.book.config import find_book

    try:
        return find_book(None, os.environ, Path("/")) == root
    except NotFound:
        return False


def _completed(given: Owner) -> Owner:
    """What the options say; a currency left out is that of the country named."""
    from plaincrm.book.locale_settings import currency_of

    return replace(given, currency=given.currency or currency_of(given.country))


def _asked(given: Owner) -> Owner:
    """What the options leave open, asked in three questions; Enter takes what is offered."""
    from plaincrm.book.git.client import identity_here
    from plaincrm.book.locale_settings import currency_of, locale_of

    known_name, known_email = identity_here()
    at_home, language = locale_of(os.environ)
    name, email = given.name or known_name, given.email or known_email
    if not (given.name and given.email):
        name, email = _person(name, email)
    country = given.country or _code("Your country, two letters", at_home, _COUNTRY)
    currency = given.currency or _code("Your currency", currency_of(country) or "EUR", _CURRENCY)
    return replace(
        given,
        name=name,
        email=email,
        country=country,
        currency=currency,
        language=given.language or language,
    )


def _person(name: str, email: str) -> tuple[str, str]:
    """Who the user is, in one question; two empty texts for a dash."""

    def read(text: str) -> tuple[str, str]:
        found = _PERSON.fullmatch(text.strip())
        if found is None and text.strip() != "-":
            raise click.BadParameter("write it as Ada Example <ada@studio.example>, or - for none")
        return (found["name"], found["email"]) if found else ("", "")

    offered = f"{name} <{email}>" if name and email else "-"
    asked = "You, as Ada Example <ada@studio.example>"
    taken: tuple[str, str] = prompt(asked, offered, value_proc=read, err=True)
    return taken


def _code(question: str, offered: str, letters: int) -> str:
    def read(text: str) -> str:
        if text.strip() != "-" and not re.fullmatch(f"[A-Za-z]{{{letters}}}", text.strip()):
            raise click.BadParameter(f"write {letters} letters, or - for none")
        return text.strip(" -").upper()

    return str(prompt(question, offered or "-", value_proc=read, err=True))
