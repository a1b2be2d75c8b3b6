"""`plaincrm check --fix`: mends what is surely right, and nothing else.

Values in a form that leaves no doubt, what stands twice in a list, records renamed with `git mv`
(the old id becomes an alias), copies of records that other programs left (they are merged into
them), entries of stage, status and close date that the log lacks (dated by git), folders that git
should ignore; with `--style` also what is not in the one form of its field. All of it is one
change, one commit, one undo.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from plaincrm.book.index.ignores import UNTRACKED
from plaincrm.core.records.edits import AddEntry, AddItem, Edit, SetField
from plaincrm.core.records.record import Record
from plaincrm.core.schema.kinds import Field, refusal
from plaincrm.core.text.counted import counted
from plaincrm.core.text.fold import fold
from plaincrm.core.values.raw import Raw, items
from plaincrm.core.values.record_link import link_id, link_key
from plaincrm.core.yaml import guessed_values
from plaincrm.core.yaml.unquoted import quoted
from plaincrm.crm.book import Book
from plaincrm.crm.change import Change
from plaincrm.crm.checking.copies import merge_copies
from plaincrm.crm.checking.problems import check
from plaincrm.crm.checking.renames import Renames
from plaincrm.crm.checking.spelling import sure_spelling
from plaincrm.crm.checking.style import Style
from plaincrm.crm.checking.unlogged import Unlogged
from plaincrm.crm.staged import Staged, staged
from plaincrm.errors import Problem, Refused


def fix(book: Book, *, style: bool = False) -> Staged:
    """Stage all sure fixes. A file that can't be edited surely is left alone, and its problem
    stays.
    """
    found = [problem for problem in check(book, style=style) if problem.fixable]
    change = book.change("", "check")
    records = {record.path: record for record in book.store.all()}
    paths = {problem.path for problem in found} & records.keys()
    forms, unlogged = Style(book) if style else None, Unlogged(book)
    told_by_git = unlogged.moves.keys() | unlogged.pushes.keys()
    paths |= {path for path, record in records.items() if record.ref in told_by_git}
    edits = {
        path: [*_entries(records[path], unlogged), *_edits(records[path], forms)]
        for path in sorted(paths)
    }
    for record, edit in _aliases(book, found, records):
        edits.setdefault(record.path, []).append([edit])
    guessed = {each.path for each in found if each.code in ("style-bom", "style-guess")}
    copied = list(merge_copies(book, change, found))
    echo = [said for _, said in copied]
    after = [records[path] for path, _ in copied if path in records.keys() - edits.keys()]
    after += list(_quoted(change, records, edits, echo))
    after += [_edited(change, records[path], steps, echo) for path, steps in edits.items() if steps]
    after += [records[path] for path in _quote(change, guessed, echo) if not edits.get(path)]
    _ignore(change, found)
    done = Staged(change, "", after, echo)
    return staged(change, _summary(done.count), after, echo)


def _edited(change: Change, record: Record, steps: list[list[Edit]], echo: list[str]) -> Record:
    for edits in steps:
        try:
            record = change.edit(record, edits)
        except Refused as refused:
            echo.append(f"{record.path} is left as it is: {refused.message}")
    return record


def _quote(change: Change, paths: Iterable[str], echo: list[str]) -> list[str]:
    """Put the values between quotes that other programs would guess wrong; the files changed."""
    done = []
    for path in sorted(paths):
        try:
            change.write(path, guessed_values.quoted(change.text(path)))
            done.append(path)
        except Refused as refused:
            echo.append(f"{path} is left as it is: {refused.message}")
    return done


def _quoted(
    change: Change,
    records: Mapping[str, Record],
    edits: dict[str, list[list[Edit]]],
    echo: list[str],
) -> Iterator[Record]:
    """The records whose front matter only lacks quotes get them; all else of them waits."""
    for path in [path for path in edits if records[path].damaged]:
        edits[path] = []
        text = quoted(records[path].load())
        if text is None:
            continue
        try:
            yield change.rewrite(records[path], change.book.source.file(path) or b"", text)
        except Refused as refused:
            echo.append(f"{path} is left as it is: {refused.message}")


def _entries(record: Record, unlogged: Unlogged) -> Iterator[list[Edit]]:
    """All entries in one step, and the first: an edit of any other kind tells of a stage changed by
    hand.
    """
    if entries := unlogged.entries(record):
        yield [AddEntry(entry) for entry in entries]


def _edits(record: Record, style: Style | None) -> Iterator[list[Edit]]:
    for each in sure_values(record, style):
        yield [each]


def sure_values(record: Record, style: Style | None = None) -> Iterator[SetField]:
    """Each field whose value is surely meant otherwise than it is written, as it is meant."""
    for field in record.kind.fields.values():
        raw = record.fields.get(field.name)
        if raw is None:
            continue
        mended = _mended(record, field, raw, style)
        if mended != raw or (field.name == "tags" and record.comma_tags):
            yield SetField(field.name, mended)


def _mended(record: Record, field: Field, raw: Raw, style: Style | None) -> Raw:
    if isinstance(raw, dict):
        return {key: _mended(record, field, each, style) for key, each in raw.items()}
    if isinstance(raw, list):
        each = [_mended(record, field, item, style) for item in raw]
        return _once(each) if field.name in ("tags", "aliases") else each
    text = raw
    if raw and refusal(field, raw, record.text(field.by) if field.by else ""):
        text = sure_spelling(field, raw) or raw
    return style.form(record, field, text)[0] or text if style and text else text


def _once(texts: Iterable[Raw]) -> list[Raw]:
    seen: dict[str, Raw] = {}
    for text in texts:
        seen.setdefault(fold(text) if isinstance(text, str) else repr(text), text)
    return list(seen.values())


def _aliases(
    book: Book, found: Iterable[Problem], records: dict[str, Record]
) -> Iterator[tuple[Record, Edit]]:
    """An alias for each record that links still know by an id from before a `git mv`."""
    renames, given = Renames(book), set[tuple[str, str]]()
    for path in sorted({problem.path for problem in found if problem.code == "link-dangling"}):
        record = records[path]
        for field in record.kind.refs:
            for item in items(record.fields.get(field.name)):
                if field.to not in book.schema.kinds or book.store.get(field.to, item.text):
                    continue
                target = renames.target(field.to, item.text)
                if target is not None and (target.ref, link_key(item.text)) not in given:
                    given.add((target.ref, link_key(item.text)))
                    yield target, AddItem("aliases", link_id(item.text))


def _ignore(change: Change, found: Iterable[Problem]) -> None:
    missing = [problem.message for problem in found if problem.code == "not-ignored"]
    if not missing:
        return
    text = change.text(".gitignore")
    lines = [f"{name}/" for name in UNTRACKED if any(f"{name}/" in message for message in missing)]
    gap = "" if not text or text.endswith("\n") else "\n"
    change.write(".gitignore", text + gap + "".join(f"{line}\n" for line in lines))


def _summary(count: int) -> str:
    return f"Check: mend {counted(count, 'file')}"
