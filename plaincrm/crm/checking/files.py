"""What is wrong outside the records and the settings: segments, sequences, templates, reports, the
dashboard, git's ignore rules.
"""

from __future__ import annotations

from collections.abc import Iterator

from plaincrm.book.index.ignores import UNTRACKED
from plaincrm.core.text.fold import fold
from plaincrm.core.text.text_file import decode
from plaincrm.core.yaml import front_matter
from plaincrm.core.yaml.front_matter import read_mapping
from plaincrm.crm.book import Book
from plaincrm.crm.checking import sequences
from plaincrm.crm.checking.settings import broken_query
from plaincrm.crm.reports import own as own_reports
from plaincrm.crm.reports.dashboard_file import dashboard_file
from plaincrm.errors import Problem, did_you_mean

TEMPLATES = "templates"
_FOLDERS = (
    *(*UNTRACKED, "inbox/done", "outbox/sent"),
    *(TEMPLATES, "segments", "sequences", ".plaincrm"),
)


def problems(book: Book) -> Iterator[Problem]:
    """The problems of all files that are no records."""
    for name in book.segments:
        yield from _segment(book, name)
    yield from sequences.problems(book)
    for name in book.source.names(TEMPLATES, ".md"):
        yield from _template(book, name)
    for name in own_reports.names(book):
        yield from own_reports.read(book, name)[1]
    yield from dashboard_file(book).problems
    yield from _ignored(book)
    yield from _linked(book)
    yield from _twins(book)


def _segment(book: Book, name: str) -> Iterator[Problem]:
    segment = book.segments[name]
    yield from book.segments.problems[name]
    path = f"segments/{name}.yaml"
    positions = read_mapping(decode(book.source.file(path) or b"")[0]).positions
    kind = book.schema.find(segment.kind)
    if kind is None:
        hint = (
            did_you_mean(segment.kind, book.schema.kinds)
            or f"kinds: {', '.join(book.schema.kinds)}"
        )
        yield Problem(
            path,
            *positions.get(("kind",), (1, 1)),
            "segment-kind",
            f'unknown kind "{segment.kind}"',
            hint,
        )
    elif wrong := broken_query(book, segment.query, kind.name):
        yield Problem(
            path, *positions.get(("query",), (1, 1)), "segment-query", wrong.message, wrong.hint
        )


def _template(book: Book, stem: str) -> Iterator[Problem]:
    from plaincrm.crm.mailing.template_check import of_file
    from plaincrm.marketing.templates.file import of_notes, parse

    path = f"{TEMPLATES}/{stem}.md"
    text, undecoded = decode(book.source.file(path) or b"", path)
    yield from undecoded
    if of_notes(text):
        return
    to_line = front_matter.parse(text).lines.get("to", 1)
    for problem in of_file(book, parse(stem, text, path), text):
        yield problem.at(to_line) if problem.code == "template-to" else problem


def _ignored(book: Book) -> Iterator[Problem]:
    """inbox/ and outbox/ hold other people's files and unsent mail, which are not for git."""
    if book.git is None:
        return
    # check-ignore refuses the literal paths that all our calls ask for; these have nothing to take
    # literally.
    words = ("--no-literal-pathspecs", "check-ignore", *(f"{name}/any" for name in UNTRACKED))
    answer = book.git.call(*words)
    hidden = answer.out.decode().splitlines()
    for name in UNTRACKED:
        if f"{name}/any" not in hidden and answer.code in (0, 1):
            hint = f"plaincrm check --fix adds the line {name}/"
            message = f"git does not ignore {name}/"
            yield Problem(".gitignore", 1, 1, "not-ignored", message, hint, "warning", fixable=True)


def _linked(book: Book) -> Iterator[Problem]:
    """Folders of ours that are links: nothing is read there, written or moved."""
    for folder in _FOLDERS:
        if (book.root / folder).is_symlink():
            why = "left out: a symbolic link; nothing is read or written there"
            hint = f"rm {folder} takes the link away, not what it leads to"
            yield Problem(folder, 1, 1, "symlink", why, hint, "warning")


def _twins(book: Book) -> Iterator[Problem]:
    """Segments and templates of which a disk that takes A for a can hold only one."""
    for folder, ending in (("segments", ".yaml"), (TEMPLATES, ".md")):
        first: dict[str, str] = {}
        for name in book.source.names(folder, ending):
            other = first.setdefault(fold(name), name)
            if other != name:
                said = f"{folder}/{other}{ending} differs from it in case only; many disks hold one"
                hint = "give one of the two another name"
                yield Problem(f"{folder}/{name}{ending}", 1, 1, "name-twin", said, hint)
