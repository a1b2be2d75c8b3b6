"""E-mails from a template: who gets it, and the letters. `crm.mailing.write` writes them to files.

`templates` are those of the book, where somebody has read them already.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from plaincrm.core.query import split_words
from plaincrm.core.records.record import Record
from plaincrm.crm.mailing import template_fields
from plaincrm.crm.mailing.render import Letter, LetterWriter, recipients
from plaincrm.crm.mailing.template_files import Templates
from plaincrm.errors import Refused, UsageError

if TYPE_CHECKING:
    from plaincrm.crm.book import Book, Selection

KINDS = ("contact", "deal", "ticket")  # what leads to one contact to write to


def audience(
    book: Book,
    template: str,
    where: str = "",
    kind: str = "contact",
    *,
    templates: Templates | None = None,
) -> Selection:
    """Whom a template is for: the records of a kind that `where` selects, else the contacts whom
    the template's own `to:` selects.

    Raises NotFound for a template that there is not, QueryError, UsageError where nobody is named
    or the kind has no contact.
    """
    words = where or (templates or Templates(book)).form(template).to
    if not words:
        raise UsageError(
            "say whom to write to", f"plaincrm email {template} ada-lovelace, or --where QUERY"
        )
    if book.kind(kind).name not in KINDS:
        raise UsageError(
            f"{kind} have no one contact to write to", "--kind contacts, deals or tickets"
        )
    if where:
        return book.select(kind, [where])
    return book.select("contact", list(split_words(words)))


def render(
    book: Book,
    template: str,
    records: Iterable[Record],
    *,
    again: bool = False,
    by_mail: bool = False,
    templates: Templates | None = None,
) -> list[Letter]:
    """The template rendered for each record's contact; a letter says why somebody gets none.

    `again`: also for those who got it before. `by_mail`: also for those who prefer another way.
    Nothing is written. Raises NotFound, Refused for a
    template that can't be read.
    """
    found = templates or Templates(book)
    refuse_broken(book, found, template)
    writer = LetterWriter(book, found, template, again, by_mail=by_mail)
    return writer.letters(recipients(book, records))


def refuse_broken(book: Book, templates: Templates, name: str) -> None:
    """Raises Refused that names the first form which can't be read, or names what there is not."""
    for form in templates.find(name).values():
        wrong = [*form.problems, *template_fields.problems(book, form, templates.text(form))]
        for problem in wrong:
            if problem.level == "error":
                said = f"{problem.path}:{problem.line}: {problem.message}"
                raise Refused(said, problem.hint or f"plaincrm template edit {name}")
