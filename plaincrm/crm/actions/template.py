"""Templates of one's own: copied from those at hand, or written anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from plaincrm.core.text.pattern import pattern
from plaincrm.crm.mailing.template_files import FOLDER, Templates, is_own
from plaincrm.crm.staged import Staged
from plaincrm.errors import NotFound, Refused

if TYPE_CHECKING:
    from plaincrm.crm.book import Book
    from plaincrm.marketing.templates.file import Template

_NAME = pattern(r"[^\W_][\w-]*")
NEW = """---
subject: What it is about
kind: personal
---
{{ greeting }}

…

{{ me.signature }}
"""


def copy(book: Book, name: str, new: str = "", language: str = "") -> Staged:
    """Stage a copy of a template in `templates/`, under its own name or a `new` one: all its forms,
    or that of a `language`. Raises NotFound, and Refused where a file of the book is in the way.
    """
    templates = Templates(book)
    forms = templates.find(name)
    chosen = dict(forms) if not language else {language: templates.exactly(name, language)}
    wanted = _checked(new or next(iter(forms.values())).name)
    change = book.change(f"Copy template {name}", "template copy")
    paths = []
    for key, form in chosen.items():
        path = path_of(wanted, key)
        if (book.source.file(path) or b"").strip():
            raise Refused(f"{path} is there already", f"plaincrm template edit {wanted}")
        change.write(path, templates.text(form))
        paths.append(path)
    return Staged(change, f"{', '.join(paths)}: yours now; it stands before the shipped one")


def path_of(name: str, language: str = "") -> str:
    """The file of a template of the book."""
    return f"{FOLDER}/{name}{f'.{language}' if language else ''}.md"


def to_edit(book: Book, name: str, language: str = "") -> tuple[str, str]:
    """The path and the text to begin with: the book's own file, else the shipped form that its
    language chooses, else an empty letter. Raises NotFound for a language that it has not.
    """
    templates = Templates(book)
    try:
        forms = templates.find(name)
    except NotFound:
        return path_of(_checked(name), language), NEW
    form = templates.exactly(name, language) if language else templates.form(name)
    if is_own(form):
        return form.path, templates.text(form)
    return path_of(form.name, _key(forms, form)), templates.text(form)


def _key(forms: Mapping[str, Template], form: Template) -> str:
    """The language in the name of the form's file."""
    return next(key for key, each in forms.items() if each is form)


def edited(book: Book, path: str, before: bytes | None, text: str) -> Staged:
    """Stage the text that somebody wrote for a template's file, which held `before`."""
    change = book.change(f"Edit {path}", "template edit")
    if book.source.file(path) != before:
        raise Refused(f"{path} has changed meanwhile", "edit it again")
    change.write(path, text)
    return Staged(change, f"{path} written")


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise Refused(f'"{name}" can\'t be the name of a template', "letters, digits and dashes")
    return name
