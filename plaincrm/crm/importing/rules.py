"""The book's rules after an import: each file that it makes or changes is one change."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from plaincrm.core.records.file_names import is_record
from plaincrm.core.records.record import Record
from plaincrm.core.text.text_file import decode

if TYPE_CHECKING:
    from plaincrm.crm.change import Change


def follow_files(change: Change, restored: Collection[str] = ()) -> None:
    """Let the rules follow all that an import has staged. Those files that an export `restored` as
    they were have been through the rules before, where they come from."""
    if change.rules is None:
        return
    schema, types = change.book.schema, change.book.settings.log_settings
    for file in change.files:
        if not is_record(file.path) or file.new is None:
            continue
        kind = schema.of_path(file.path, decode(file.new, file.path)[0])
        if kind is None:
            continue
        if file.path in restored:
            continue
        new = Record.of_file(kind, file.path, decode(file.new, file.path)[0], types)
        old = decode(file.old, file.path)[0] if file.old is not None else None
        before = Record.of_file(kind, file.path, old, types) if old is not None else None
        change.book.store.collection(kind.name)  # loaded, else it forgets what is put into it
        change.book.store.put(new)
        if not new.damaged:
            change.rules.follow(before, new)
