"""The book's rules after an import: each file that it makes or changes is one change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plaincrm.core.records.file_names import is_record
from plaincrm.core.records.record import Record
from plaincrm.core.text.text_file import decode

if TYPE_CHECKING:
    from plaincrm.crm.change import Change


def follow_files(change: Change) -> None:
    """Let the rules follow all that an import has staged."""
    if change.rules is None:
        return
    schema, types = change.book.schema, change.book.settings.log_types
    for file in change.files:
        kind = schema.of_path(file.path)
        if kind is None or not is_record(file.path) or file.new is None:
            continue
        new = Record.of_file(kind, file.path, decode(file.new, file.path)[0], types)
        old = decode(file.old, file.path)[0] if file.old is not None else None
        before = Record.of_file(kind, file.path, old, types) if old is not None else None
        change.book.store.collection(kind.name)  # loaded, else it forgets what is put into it
        change.book.store.put(new)
        if not new.damaged:
            change.rules.follow(before, new)
