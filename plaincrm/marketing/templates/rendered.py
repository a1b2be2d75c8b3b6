"""What comes out of rendering a template, or keeps it from coming out. Loads no template engine."""

from __future__ import annotations

from dataclasses import dataclass

from plaincrm.errors import Refused, UsageError


class MissingVariables(Refused):
    """The context lacks values that the template needs; `names` are all of them, in dotted form,
    sorted.
    """

    code = "missing_variables"

    def __init__(self, template: str, names: tuple[str, ...]) -> None:
        hint = 'fill them in, or give the template a fallback: {{ x | default("…") }}'
        super().__init__(f"template {template}: no value for {', '.join(names)}", hint)
        self.names = names


@dataclass(frozen=True, slots=True)
class Rendered:
    """One e-mail's words: `text` is the plain part, `markdown` (values escaped) the source of the
    HTML part.

    `next` is the next step that is written when the mail is sent, as `+7d Ask again`.
    """

    subject: str
    text: str
    markdown: str
    cc: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    next: str = ""


@dataclass(frozen=True, slots=True)
class Variables:
    """The names a template uses: `needed`, and `optional` (tested by `is defined`, or with a
    default).
    """

    needed: tuple[str, ...]
    optional: tuple[str, ...]


def stay_inside(attachments: tuple[str, ...], where: str) -> None:
    """Raise UsageError where a path, made of a record's values, leads out of the book."""
    for one in attachments:
        if (
            one.startswith(("/", "~"))
            or ".." in one.split("/")
            or not one.isprintable()
            or "\\" in one
        ):
            said = f"{where}: the attachment {one!r} lies outside the book"
            raise UsageError(said, "name it by its path in the book, as files/terms.pdf")
