"""What becomes of each row of an import: created, updated, unchanged, skipped or rejected."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from plaincrm.crm.importing.entry_rows import EntryRow
from plaincrm.crm.importing.report import Action, Import, RowResult
from plaincrm.crm.importing.source import Item, SourceFile, UnplacedText
from plaincrm.errors import Ambiguous, NotFound, Refused
from plaincrm.interchange.csv.draft import Draft, Reject


class RowResults:
    """Notes in `done` what each row of `sheets` ends as, and what of it found no place."""

    def __init__(self, done: Import, sheets: Sequence[SourceFile]) -> None:
        self.done, self.sheets = done, sheets

    def add(
        self,
        sheet: SourceFile,
        line: int,
        action: Action,
        kind: str = "",
        id: str = "",
        reason: str = "",
        waits: bool = False,
        matched: str = "",
    ) -> None:
        """One row's end. `waits`: a mail that waits for its person; `matched`: what its record was
        known by.
        """
        file = sheet.file_of(line)
        self.done.rows.append(RowResult(file, line, action, kind, id, reason, waits, matched))

    def reject(self, number: int, sheet: SourceFile, reject: Reject, kind: str = "") -> None:
        self.done.rejects.setdefault(number, []).append(reject)
        self.add(sheet, reject.line, "rejected", kind, reason=reject.reason)

    def guarded(
        self, number: int, sheet: SourceFile, item: Item, work: Callable[[], object]
    ) -> None:
        """A row that is refused is rejected, with the reason, and stops no other."""
        try:
            work()
        except (Refused, Ambiguous, NotFound) as error:
            reason = f"{error.message}; {error.hint}" if error.hint else error.message
            reject = Reject(item.line, reason, sheet.cells_of(item))
            self.reject(number, sheet, reject, item.kind if isinstance(item, Draft) else "log")

    def tell_left(self, sheet: SourceFile, draft: Draft) -> None:
        """What a row says that no entry has room for."""
        known = sheet.mapping.values.get("product", {}) if sheet.mapping else {}
        for name, text in EntryRow.of(draft.fields).left():
            if text.casefold() in known:  # the id of a product, whose name stands in its place
                continue
            where = UnplacedText(sheet.file_of(draft.line), draft.line)
            self.done.unplaced.append(where.at(name, text))

    def tell_key(self, sheet: SourceFile, draft: Draft) -> None:
        """A key that several rows have tells nobody apart."""
        self.done.warnings.append(
            f"{sheet.path}:{draft.line}: {draft.key_field} {draft.key} is that of somebody else"
            " too; it tells nobody apart and was left out"
        )
        unplaced = UnplacedText(sheet.path, draft.line, draft.key_field, draft.key)
        self.done.unplaced.append(unplaced)
