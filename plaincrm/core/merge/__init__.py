"""Merging two versions of a file by what it means: three texts in, one text out, the same on every
machine.

    merge(base, ours, theirs, "deals/website.md").text

Pure: the shipped schema and YAML's shape decide; never the book's settings, the clock, or which
side is ours. No addition is lost: what does not fit goes to `_conflicts`, or under `## Conflict
HASH8`, and the file stays valid. SEMANTICS: docs/sync.md.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from plaincrm.core.schema import builtin
from plaincrm.core.schema.kinds import Schema

if TYPE_CHECKING:
    from plaincrm.core.merge.document import MergeResult


def merge(base: str | None, ours: str, theirs: str, path: str) -> MergeResult:
    """The file at `path` (relative to the book, with `/`) out of two versions and the one both came
    from.

    `base` is None where both sides made the file. `ours` and `theirs` may change places. Takes any
    text.
    """
    # here, since whoever asks which files belong together merges none
    from plaincrm.core.merge import (
        document,
        other_files,
    )

    if theirs in (base, ours):
        return document.MergeResult(ours)
    if ours == base:
        return document.MergeResult(theirs)
    left, right = sorted((ours, theirs))  # from here on nobody can tell whose is whose
    if path.startswith(".plaincrm/"):
        return other_files.merge_lines(left, right)
    if path.endswith((".yaml", ".yml")):
        return other_files.merge_yaml((base or "", left, right), path)
    kind = _schema().of_path(path)
    if not path.endswith(".md") or path.startswith("templates/"):
        return other_files.keep_beside(left, right, path)
    return document.merge((base or "", left, right), kind.fields if kind else {})


@cache
def _schema() -> Schema:
    return builtin.schema()
