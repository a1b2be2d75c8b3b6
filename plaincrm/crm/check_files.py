"""What is wrong outside the records: segments, templates, the queries of the settings, git's ignore rules."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from plaincrm.book.config import SETTINGS
from plaincrm.core import query
from plaincrm.core.frontmatter import decode, parse, read_mapping
from plaincrm.core.query import split_words
from plaincrm.crm.book import Book
from plaincrm.errors import PlaincrmError, Problem, QueryError, did_you_mean

UNTRACKED = ("inbox", "outbox")
TEMPLATES = "templates"


def problems(book: Book) -> Iterator[Problem]:
    """The problems of all files that are no records."""
    yield from _cadence(book)
    for name in book.segments:
        yield from _segment(book, name)
    for name in book.source.names(TEMPLATES, ".md"):
        yield from _template(book, name)
    yield from _ignored(book)


def _cadence(book: Book) -> Iterator[Problem]:
    broken = [(rule.query, wrong) for rule in book.settings.cadence if (wrong := _wrong(book, [rule.query], "contact"))]
    if not broken:
        return
    positions = read_mapping(decode(book.source.file(SETTINGS) or b"")[0]).positions
    for words, wrong in broken:
        line, column = positions.get(("cadence", words), (1, 1))
        yield Problem(SETTINGS, line, column, "settings-query", f"cadence: {wrong.message}", wrong.hint)


def _wrong(book: Book, words: Sequence[str], kind: str) -> QueryError | None:
    try:
        query.compile(words, book.schema.kinds[kind], book.world)
    except QueryError as error:
        return error
    return None


def _segment(book: Book, name: str) -> Iterator[Problem]:
    segment = book.segments[name]
    yield from book.segments.problems[name]
    path = f"segments/{name}.yaml"
    positions = read_mapping(decode(book.source.file(path) or b"")[0]).positions
    kind = book.schema.find(segment.kind)
    if kind is None:
        hint = did_you_mean(segment.kind, book.schema.kinds) or f"kinds: {', '.join(book.schema.kinds)}"
        yield Problem(path, *positions.get(("kind",), (1, 1)), "segment-kind", f'unknown kind "{segment.kind}"', hint)
    elif wrong := _wrong(book, segment.query, kind.name):
        yield Problem(path, *positions.get(("query",), (1, 1)), "segment-query", wrong.message, wrong.hint)


def _template(book: Book, stem: str) -> Iterator[Problem]:
    from plaincrm.marketing import template_file, templates

    path = f"{TEMPLATES}/{stem}.md"
    text, undecoded = decode(book.source.file(path) or b"", path)
    template = template_file.parse(stem, text, path)
    yield from undecoded
    yield from template.problems
    try:
        templates.variables(template)
    except PlaincrmError as error:
        # The message begins with the place: `templates/x.md:7: …`, or `templates/x.md: subject: …`.
        found = re.match(r".*?\.md(?::(\d+))?: (.*)", error.message, re.DOTALL)
        line, said = (int(found[1] or 1), found[2]) if found else (1, error.message)
        yield Problem(path, line, 1, "template-syntax", said, error.hint)
    if template.to and (wrong := _wrong(book, split_words(template.to), "contact")):
        line = parse(text).lines.get("to", 1)
        yield Problem(path, line, 1, "template-query", f"to: {wrong.message}", wrong.hint)


def _ignored(book: Book) -> Iterator[Problem]:
    """inbox/ and outbox/ hold other people's files and unsent mail, which are not for git."""
    if book.git is None:
        return
    # check-ignore refuses the literal paths that all our calls ask for; these have nothing to take literally.
    words = ("--no-literal-pathspecs", "check-ignore", *(f"{name}/any" for name in UNTRACKED))
    answer = book.git.call(*words)
    hidden = answer.out.decode().splitlines()
    for name in UNTRACKED:
        if f"{name}/any" not in hidden and answer.code in (0, 1):
            hint = f"plaincrm check --fix adds the line {name}/"
            message = f"git does not ignore {name}/"
            yield Problem(".gitignore", 1, 1, "not-ignored", message, hint, "warning", fixable=True)
