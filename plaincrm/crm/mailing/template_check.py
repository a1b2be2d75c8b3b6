"""What is wrong with e-mail templates: defects of the files, and people they can't be written
to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from plaincrm.crm.mailing import template_fields
from plaincrm.crm.mailing.render import Letter, LetterWriter, recipients, to_query
from plaincrm.crm.mailing.template_files import Templates
from plaincrm.crm.mailing.write import built
from plaincrm.errors import PlaincrmError, Problem, Refused
from plaincrm.interchange.mail.classify import names_way_out
from plaincrm.marketing.templates.file import Template

if TYPE_CHECKING:
    from plaincrm.crm.book_data import BookData

_INCLUDE = re.compile(r"{%[-+]?\s*(?:include|extends)\s+[\"']([^\"']+)[\"']")
_AT_LINE = re.compile(r"[^:]+:(\d+): (.*)", re.DOTALL)


def problems(book: BookData, templates: Templates, name: str) -> Iterator[Problem]:
    """Everything that is wrong with the forms of a template."""
    broken = False
    for form in templates.find(name).values():
        found = [*of_file(book, form, templates.text(form))]
        broken = broken or len(found) > len(form.problems)
        yield from found
    if not broken:
        yield from _unwritable(book, templates, name)


def of_file(book: BookData, form: Template, text: str) -> Iterator[Problem]:
    """What is wrong with one form by itself, rendered for nobody yet; `text` is its whole file."""
    yield from form.problems
    yield from _unreadable(form)
    yield from template_fields.problems(book, form, text)
    yield from _unaskable(book, form)
    yield from _without_way_out(book, form)


def _without_way_out(book: BookData, form: Template) -> Iterator[Problem]:
    """A bulk mail says how to hear no more; the header alone is not seen by every reader."""
    meant = not any(problem.code == "template-kind" for problem in form.problems)
    if form.kind != "bulk" or not meant or not form.body.strip():
        return
    bodies = [form.body, *_included(book, form.body)]
    if any("me.unsubscribe" in body or names_way_out(body) for body in bodies):
        return
    said = "nothing in this mail to many says how to hear no more"
    hint = 'a last line such as: To stop it, reply "unsubscribe" to {{ me.unsubscribe }}'
    line = form.body_line + max(0, form.body.rstrip().count("\n"))
    yield Problem(form.path, line, 1, "template-way-out", said, hint, "warning")


def _included(book: BookData, body: str) -> list[str]:
    """The texts that a body takes in, each once."""
    known = dict(Templates(book).bodies)
    found: list[str] = []
    waiting = [body]
    while waiting:
        named = set(_INCLUDE.findall(waiting.pop())) & known.keys()
        taken = [known.pop(name) for name in named]
        found += taken
        waiting += taken
    return found


def _unreadable(form: Template) -> Iterator[Problem]:
    from plaincrm.marketing.templates.sandbox import variables

    try:
        variables(form)
    except PlaincrmError as error:
        yield _problem(form, "template-syntax", error)


def _unaskable(book: BookData, form: Template) -> Iterator[Problem]:
    try:
        to_query(book, form)
    except PlaincrmError as error:
        yield Problem(form.path, 1, 1, "template-to", f"to: {error.message}", error.hint)


def _unwritable(book: BookData, templates: Templates, name: str) -> Iterator[Problem]:
    """Renders for everybody whom `to:` selects; a template without one is written for a deal or a
    ticket.
    """
    if not any(form.to for form in templates.find(name).values()):
        return
    everybody = recipients(book, book.store.records("contact"))
    try:
        letters = LetterWriter(book, templates, name, again=True).letters(everybody)
        _build(book, letters)
    except PlaincrmError as error:
        yield _problem(templates.form(name), "template-render", error)
        return
    failed = [letter for letter in letters if letter.status == "failed"]
    for letter in failed:
        if any(template_fields.unknown(book, name) is None for name in letter.missing):
            path, line = _where(templates, letter)
            said = f"{letter.ref}: {letter.reason}"
            yield Problem(path, line, 1, "template-missing", said)
    yield from _once(templates, [letter for letter in failed if not letter.missing])


def _where(templates: Templates, letter: Letter) -> tuple[str, int]:
    """The file and line that asks for what somebody lacks: of the template, or of one that it takes
    in.
    """
    form = letter.template
    beside = (source for source in templates.sources.values() if source[0] != form.path)
    for path, text in ((form.path, templates.text(form)), *beside):
        lines = enumerate(text.splitlines(), 1)
        line = next((n for n, each in lines if any(name in each for name in letter.missing)), 0)
        if line:
            return path, line
    return form.path, 1


def _once(templates: Templates, failed: Sequence[Letter]) -> Iterator[Problem]:
    """What is wrong with the template itself: told once, at its line."""
    told: set[tuple[str, str]] = set()
    for letter in failed:
        key = (letter.template.path, letter.reason)
        if key in told:
            continue
        told.add(key)
        field = letter.reason.partition(":")[0]
        lines = templates.text(letter.template).splitlines()
        line = next((n for n, each in enumerate(lines, 1) if each.startswith(f"{field}:")), 1)
        yield Problem(letter.template.path, line, 1, f"template-{field}", letter.reason)


def _build(book: BookData, letters: list[Letter]) -> None:
    """Builds what can be rendered, so that a missing attachment shows; failures are noted in the
    letters.
    """
    if not any(letter.status == "failed" for letter in letters):
        try:
            built(book, letters)
        except Refused:
            if not any(letter.status == "failed" for letter in letters):
                raise


def _problem(form: Template, code: str, error: PlaincrmError) -> Problem:
    found = _AT_LINE.fullmatch(error.message)
    problem = Problem(form.path, 1, 1, code, error.message, error.hint)
    return problem.at(int(found[1]), found[2]) if found else problem
