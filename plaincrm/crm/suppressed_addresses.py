"""Addresses that get no mail to many, whosever they are: the hashes of `.plaincrm/suppressed`.

A stranger who wants no more mail has no record that could say so, and whoever is deleted has none
any more. The list keeps an import, or somebody who adds them again, from mailing them all the same.
They come off it by `--again`, and by `set REF unsubscribed=false`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING

from plaincrm.core.records.erasure import lines
from plaincrm.core.records.file_names import SUPPRESSED
from plaincrm.core.values.raw import Raw, items
from plaincrm.marketing.consent import suppression_hash

if TYPE_CHECKING:
    from plaincrm.crm.staged_files import StagedFiles

BACK = "unsubscribed before, and gets no mail to many; if they came back on their own:"


def suppress(change: StagedFiles, addresses: Iterable[str]) -> bool:
    """Put addresses on the list; False where it has them all."""
    present = set(change.text(SUPPRESSED).split())
    wanted = present | {suppression_hash(each) for each in addresses}
    if wanted == present:
        return False
    change.write(SUPPRESSED, lines(wanted))
    return True


def suppressed(hashes: Collection[str], fields: Mapping[str, Raw]) -> list[str]:
    """The addresses of a record that are on the list."""
    found = (item.text for item in items(fields.get("email"))) if hashes else ()
    return [each for each in found if suppression_hash(each) in hashes]


def release(change: StagedFiles, fields: Mapping[str, Raw]) -> list[str]:
    """Take the addresses of a record off the list; gives those that were on it."""
    present = set(change.text(SUPPRESSED).split())
    back = suppressed(present, fields)
    if back:
        change.write(SUPPRESSED, lines(present - set(map(suppression_hash, back))))
    return back
