"""A template as a file: front matter that says how the e-mail goes out, and a Jinja2 body in
Markdown.

    ---
    subject: Following up on {{ deal.name }}
    kind: personal                   # bulk, personal (the default) or reply
    cc: [partner@studio.example]
    attachments: [attachments/terms.pdf]
    next: +7d Ask again              # the next step, written when the mail is sent
    to: status:lead idle:30d..       # who may get it
    html: true                       # also as HTML; bulk mail is, personal mail is plain text
    placeholder: Write here.         # a text of the body that must not go out, or several
    doc: A friendly nudge
    ---
    {{ contact.greeting }}
    …

The stem is the template's name; `follow-up.de.md` is the German form of `follow-up.md`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from plaincrm.core.text.pattern import pattern
from plaincrm.core.values.raw import Raw
from plaincrm.core.yaml import front_matter
from plaincrm.errors import Problem, did_you_mean

Kind = Literal["bulk", "personal", "reply"]
KINDS: tuple[Kind, ...] = ("bulk", "personal", "reply")
FIELDS = (
    "subject",
    "kind",
    "language",
    "cc",
    "attachments",
    "next",
    "to",
    "html",
    "placeholder",
    "doc",
)
_YES = ("true", "yes", "on", "1")
_STEM = pattern(r"(?P<name>.+?)(?:\.(?P<language>[a-z]{2,3}(?:-[A-Za-z]{2,4})?))?")

_NOTE_PLACES = pattern(r"\{\{\s*(?:title|date|time)\b[^}|]*\}\}|<%")
_SUBJECT = pattern(r"^subject:", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Template:
    """One language form of an e-mail template; `language` is empty for the plain form that names
    none.
    """

    name: str
    subject: str
    body: str
    language: str = ""
    cc: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    kind: Kind = "personal"
    next: str = ""
    to: str = ""
    html: str = ""
    placeholders: tuple[str, ...] = ()
    doc: str = ""
    path: str = ""
    body_line: int = 1
    problems: tuple[Problem, ...] = ()

    @property
    def unwritten(self) -> str:
        """The first text of its body that stands there to be written over; empty if none does."""
        return next((text for text in self.placeholders if text in self.body), "")

    @property
    def with_html(self) -> bool:
        """Whether the mail has an HTML part: people edit drafts of personal mail, and the part
        would keep the old words.
        """
        return self.html.casefold() in _YES if self.html else self.kind == "bulk"


def split_stem(stem: str) -> tuple[str, str]:
    """The template's name and language: `follow-up.de` -> (`follow-up`, `de`)."""
    found = _STEM.fullmatch(stem)
    return (found["name"], found["language"] or "") if found else (stem, "")


def of_notes(text: str) -> bool:
    """Whether a file under templates/ is a form for notes, as Obsidian keeps them there too, and no
    e-mail: it has places for a title, a day or a time, and no subject.
    """
    return bool(_NOTE_PLACES.search(text)) and not _SUBJECT.search(text)


def parse(stem: str, text: str, path: str) -> Template:
    """Read one template file; `stem` is the file's name without `.md`. Its defects are in
    `problems`.
    """
    document = front_matter.parse(text, path)
    fields: Mapping[str, Raw] = document.fields
    lines: Mapping[str, int] = document.lines
    name, language = split_stem(stem)
    kind, kind_problems = _kind(_text(fields.get("kind", "")), lines.get("kind", 1), path)
    problems = [*document.problems, *kind_problems, *_strange_keys(fields, lines, path)]
    return Template(
        name=name,
        language=_text(fields.get("language", "")) or language,
        subject=_text(fields.get("subject", "")),
        body=document.body.lstrip("\r\n").rstrip() + "\n",
        body_line=document.body_line + _blank_lines(document.body),
        cc=_texts(fields.get("cc", "")),
        attachments=_texts(fields.get("attachments", "")),
        kind=kind,
        next=_text(fields.get("next", "")),
        to=_text(fields.get("to", "")),
        html=_text(fields.get("html", "")),
        placeholders=_texts(fields.get("placeholder", "")),
        doc=_text(fields.get("doc", "")),
        path=path,
        problems=(*problems, *_no_subject(fields, path)),
    )


def choose(forms: Mapping[str, Template], language: str, default: str) -> Template:
    """The form in the contact's `language`, else the English one, else that in the book's
    (`default`), else the plain one. A contact without a language reads the book's.

    `forms` maps languages (empty for the plain form) to templates; a plain form that names its own
    language in its front matter stands for that language too. `de-AT` and `de_AT` fall back to
    `de`. `forms` isn't empty.
    """
    known = {tag(form.language): form for form in forms.values() if form.language}
    known |= {tag(key): form for key, form in forms.items() if key}
    # Who reads another language than the book's reads English rather than that.
    wanted = (language, "en", default) if language else (default,)
    for each in wanted:
        for candidate in (tag(each), tag(each).partition("-")[0]):
            if candidate in known:
                return known[candidate]
    return forms[""] if "" in forms else forms[min(forms)]


def tag(language: str) -> str:
    """A language tag in the one form that is compared: `de_AT` -> `de-at`."""
    return language.strip().replace("_", "-").casefold()


def _text(raw: Raw) -> str:
    return raw.strip() if isinstance(raw, str) else ""


def _texts(raw: Raw) -> tuple[str, ...]:
    parts: list[Raw] = raw if isinstance(raw, list) else [raw]
    if isinstance(raw, dict):
        parts = list(raw.values())
    return tuple(text for text in map(_text, parts) if text)


def _blank_lines(body: str) -> int:
    lead = body[: len(body) - len(body.lstrip("\r\n"))]
    return len(lead.splitlines())


def _kind(word: str, line: int, path: str) -> tuple[Kind, list[Problem]]:
    for kind in KINDS:
        if word.casefold() in (kind, "" if kind == "personal" else kind):
            return kind, []
    message = f'kind "{word}" is none of {", ".join(KINDS)}'
    # The strictest kind stands in, so that a slip of the pen never mails somebody who unsubscribed.
    return "bulk", [Problem(path, line, 1, "template-kind", message, did_you_mean(word, KINDS))]


def _strange_keys(fields: Mapping[str, Raw], lines: Mapping[str, int], path: str) -> list[Problem]:
    def problem(key: str) -> Problem:
        message, hint = f'a template has no "{key}"', did_you_mean(key, FIELDS)
        return Problem(path, lines.get(key, 1), 1, "template-key", message, hint, "warning")

    return [problem(key) for key in fields if key not in FIELDS]


def _no_subject(fields: Mapping[str, Raw], path: str) -> list[Problem]:
    if _text(fields.get("subject", "")):
        return []
    return [
        Problem(
            path, 1, 1, "template-subject", "the template has no subject", "add a line `subject: …`"
        )
    ]
