"""E-mail templates on the screen and as JSON."""

from __future__ import annotations

from collections.abc import Sequence

from plaincrm.book.shipped import shipped
from plaincrm.crm.mailing.template_files import Forms, Templates, is_own, languages
from plaincrm.errors import PlaincrmError
from plaincrm.marketing.templates.file import Template
from plaincrm.marketing.templates.rendered import Variables
from plaincrm.views.json_text import Json
from plaincrm.views.rows import Rows, text_columns

COLUMNS = ("template", "kind", "languages", "from", "to", "needs", "what")
_SPARE = ("languages", "from", "to", "needs")
_ALWAYS = ("greeting", "me.", "contact.first_name", "contact.name", "today")


def rows(templates: Templates, names: Sequence[str]) -> Rows:
    """A row a template: its forms, whose it is, who may get it, what it needs."""
    return Rows(
        "templates",
        len(names),
        names,
        text_columns(COLUMNS, lambda name: _cells(templates, name), spare=_SPARE),
        lambda name: _json(templates, name),
        lambda name: name,
        lambda name: _path(templates.form(name)),
    )


def _path(form: Template) -> str:
    """A shipped one is no file of the book."""
    return form.path if is_own(form) else str(shipped("templates").parent / form.path)


def _cells(templates: Templates, name: str) -> list[str]:
    form, forms = templates.form(name), templates[name]
    found = variables(form)
    needs = [each for each in found.needed if not each.startswith(_ALWAYS)] if found else ["?"]
    spoken, source = " ".join(languages(forms)), _source(forms)
    return [name, form.kind, spoken, source, form.to, " ".join(needs), form.doc]


def _json(templates: Templates, name: str) -> Json:
    form, forms = templates.form(name), templates[name]
    return {
        "name": name,
        "kind": form.kind,
        "source": _source(forms),
        "doc": form.doc or None,
        "to": form.to or None,
        "forms": [_form(templates, each) for each in forms.values()],
    }


def _form(templates: Templates, form: Template) -> Json:
    found = variables(form)
    return {
        "language": form.language or None,
        "path": form.path,
        "subject": form.subject,
        "cc": list(form.cc),
        "attachments": list(form.attachments),
        "next": form.next or None,
        "needed": list(found.needed) if found else None,
        "optional": list(found.optional) if found else None,
        "text": templates.text(form),
    }


def show(templates: Templates, form: Template) -> str:
    """The file as it is, under a line that says where it is and what it needs."""
    found = variables(form)
    needs = ", ".join(found.needed) if found else "it can't be read: plaincrm template check"
    optional = f"\nMay use: {', '.join(found.optional)}" if found and found.optional else ""
    return f"File:    {form.path}\nNeeds:   {needs}{optional}\n\n{templates.text(form)}"


def variables(form: Template) -> Variables | None:
    """The names that a form uses; None where it can't be read."""
    from plaincrm.marketing.templates import sandbox as templates

    try:
        return templates.variables(form)
    except PlaincrmError:
        return None


def _source(forms: Forms) -> str:
    own = {is_own(form) for form in forms.values()}
    if own == {True, False}:
        return "own, shipped"
    return "own" if own == {True} else "shipped"
