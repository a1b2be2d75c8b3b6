"""What an import found and did, as text and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from plaincrm.core.text.counted import counted
from plaincrm.crm.importing.report import ACTIONS, Import, RowResult
from plaincrm.crm.importing.source import SourceFile, UnplacedText
from plaincrm.views.table import table

_SAMPLES = 2
_SHOWN = 10
_WIDE = 40
_FORMS = {
    "vcf": ("vCards", "card"),
    "ics": ("a calendar", "meeting"),
    "eml": ("mail", "mail"),
    "mbox": ("mail", "mail"),
    "txt": ("lines of the log", "line"),
    "todo": ("a todo.txt", "line"),
    "org": ("people of an Org file", "heading"),
}


def mapping(sheet: SourceFile, width: int | None) -> str:
    """Which column goes where, with what the first rows hold there."""
    if sheet.mapping is None:
        other = f"an export of {sheet.program or 'plaincrm'}"
        what, noun = _FORMS.get(sheet.form, (other, "row"))
        return "\n".join([f"{sheet.path}: {what}, {counted(sheet.rows, noun)}", *_notes(sheet)])
    chosen = sheet.mapping
    if sheet.plan and not any(chosen.columns.values()):
        return f"{sheet.path}: {sheet.plan}, {counted(sheet.rows, 'row')}"
    head = (
        f"{sheet.path}: {chosen.kind}, {counted(sheet.rows, 'row')}, read as"
        f" {chosen.preset or 'a table'}"
    )
    at = {name: number for number, name in enumerate(sheet.header)}
    rows = [
        [
            name,
            word or "(left out)",
            *(_cell(row.cells, at[name]) for row in sheet.sample[:_SAMPLES]),
        ]
        for name, word in chosen.columns.items()
    ]
    head += f"\n  {sheet.plan}" if sheet.plan else ""
    titles = ["COLUMN", "FIELD", *(f"ROW {n + 1}" for n in range(len(sheet.sample[:_SAMPLES])))]
    return "\n".join([head, *_notes(sheet), table(titles, rows, width, ())])


def _notes(sheet: SourceFile) -> Iterator[str]:
    return (f"  {note}" for note in sheet.notes)


def _cell(cells: Sequence[str], at: int) -> str:
    text = " ".join(cells[at].split()) if at < len(cells) else ""
    return text if len(text) <= _WIDE else text[: _WIDE - 1] + "…"


def summary(done: Import) -> str:
    """The counts, and what was made beside the rows."""
    counts = done.counts
    kinds = Counter(row.kind for row in done.rows if row.action == "created")
    made = ", ".join(f"{count} {kind}" for kind, count in kinds.items())
    lines = [
        f"{counted(counts['rows'], 'row')}: "
        + ", ".join(f"{counts[action]} {action}" for action in ACTIONS)
    ]
    lines += [f"created: {made}"] if made else []
    by = Counter(row.matched for row in done.matched)
    known = ", ".join(f"{count} by {what}" for what, count in by.items())
    lines += [f"known: {known}"] if known else []
    lines += (
        [f"{counted(done.beside, 'record')} made beside them, because rows name them"]
        if done.beside
        else []
    )
    lines += _unsubscribed(done)
    strangers = counted(len(done.strangers), "sender")
    lines += [f"{strangers} not here; --new-senders makes them contacts"] if done.strangers else []
    lines += [
        f"new pipeline {p.name}: {', '.join(s.name for s in p.stages)}" for p in done.pipelines
    ]
    return "\n".join(lines)


def _unsubscribed(done: Import) -> list[str]:
    """Strangers who want no more mail, by address: nowhere else are they named."""
    return [f"unsubscribed, and not here: {who}; gets no mail to many" for who in done.suppressed]


def troubles(done: Import) -> Iterator[str]:
    """The first rejects, skipped ones, strangers and warnings, and how many more there are."""
    rejects = [
        f"{row.file}:{row.line}: rejected: {row.reason}"
        for row in done.rows
        if row.action == "rejected"
    ]
    known = Counter(row.reason for row in done.rows if row.action == "skipped" and not row.waits)
    skipped = [
        f"skipped: {reason}" + (f" ({count} times)" if count > 1 else "")
        for reason, count in known.items()
    ]
    strangers = [
        f"not here: {who} ({counted(count, 'mail')})" for who, count in done.strangers.most_common()
    ]
    empty = [f"{path}: nothing in it can be imported" for path in done.empty]
    for lines in (empty, rejects, skipped, strangers, _names(done), done.warnings, _unplaced(done)):
        yield from lines[:_SHOWN]
        if len(lines) > _SHOWN:
            yield f"… and {len(lines) - _SHOWN} more"


def _names(done: Import) -> list[str]:
    """The rows that were known by a name alone, and new ones whose name somebody has."""
    known = [
        f"{row.file}:{row.line}: taken for {row.kind}/{row.id} by its name"
        for row in done.matched
        if row.matched == "name"
    ]
    new = [
        f"{row.file}:{row.line}: {row.kind}/{row.id} is new, {row.reason}"
        for row in done.rows
        if row.action == "created" and row.reason
    ]
    return [*known, *new]


def _unplaced(done: Import) -> list[str]:
    """What was read and is nowhere in the book, by file and sort."""
    counts: Counter[tuple[str, str]] = Counter()
    for each in done.unplaced:
        counts[each.file, each.what] += each.count
    return [
        f"{file}: {counted(count, 'value')} of {what} found no place; --json lists them"
        for (file, what), count in counts.items()
    ]


def as_json(done: Import, rejects: Mapping[int, str], *, dry_run: bool) -> Any:
    """`rejects` are the paths of the files with what was rejected, by the number of the sheet."""
    paths = list(rejects.values())
    return {
        "schemaVersion": 1,
        "kind": "import",
        **done.counts,
        "beside": done.beside,
        "rejects": paths[0] if paths else None,
        "dryRun": dry_run,
        "pipelines": [pipeline.name for pipeline in done.pipelines],
        "warnings": done.warnings,
        "unplaced": [_unplaced_value(each) for each in done.unplaced],
        "newSenders": [
            {"name": who.name or None, "email": who.address, "mails": count}
            for who, count in done.strangers.most_common()
        ],
        "suppressed": [who.address for who in done.suppressed],
        "files": [_file(sheet, rejects.get(number)) for number, sheet in enumerate(done.sheets)],
        "total": len(done.rows),
        "results": [_result(row) for row in done.rows],
    }


def _unplaced_value(each: UnplacedText) -> Any:
    return {
        "file": each.file,
        "line": each.line or None,
        "what": each.what,
        "text": each.text or None,
        "count": each.count,
    }


def _result(row: RowResult) -> Any:
    return {
        "file": row.file,
        "line": row.line,
        "action": row.action,
        "kind": row.kind or None,
        "id": row.id or None,
        "reason": row.reason or None,
        "matched": row.matched or None,
    }


def _file(sheet: SourceFile, rejects: str | None) -> Any:
    chosen, own = sheet.mapping, "plaincrm" if sheet.own else None
    return {
        "file": sheet.path,
        "kind": chosen.kind if chosen else None,
        "preset": chosen.preset if chosen else own,
        "form": sheet.form,
        "columns": dict(chosen.columns) if chosen else None,
        "notes": list(sheet.notes),
        "plan": sheet.plan or None,
        "rejects": rejects,
    }
