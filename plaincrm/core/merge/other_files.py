"""Files that are no records: YAML files, templates, and the sorted lines of `.plaincrm/`."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from plaincrm.core.merge import document
from plaincrm.core.merge.document import MergeResult
from plaincrm.core.merge.weave import larger, pick
from plaincrm.core.text.text_file import BOM, LINE_END


def merge_yaml(versions: Sequence[str], path: str) -> MergeResult:
    """Settings and segments merge like front matter. What can't be read in pieces stays beside."""
    eol = "\r\n" if all("\r\n" in text for text in versions if text) else "\n"
    fence = f"---{eol}"
    prefix = pick((_prefix(text, fence) for text in versions), max)
    merged = document.merge([_fenced(text, eol, fence) for text in versions], {})
    text = merged.text
    if text.count(fence) != 2 or not (text.startswith(fence) and text.endswith(fence)):
        return keep_beside(versions[1], versions[2], path)
    return MergeResult(prefix + text[len(fence) : -len(fence)], merged.contested, merged.report)


def merge_lines(left: str, right: str) -> MergeResult:
    """The lines of both, sorted: nothing that is on these lists ever leaves them by a merge."""
    lines = {line for text in (left, right) for line in LINE_END.split(text) if line}
    return MergeResult("".join(f"{line}\n" for line in sorted(lines)))


def keep_beside(left: str, right: str, path: str) -> MergeResult:
    """The larger version; the other beside it, under a name made of its content."""
    shown = larger(left, right) or ""
    other = left if shown == right else right
    hash8 = sha256(other.encode("utf-8", "surrogateescape")).hexdigest()[:8]
    folder, slash, name = path.rpartition("/")
    stem, dot, ending = name.rpartition(".")
    beside = f"{folder}{slash}{stem if dot else name}.conflict-{hash8}{dot}{ending if dot else ''}"
    return MergeResult(
        shown,
        report=(f"both sides changed it; the other version is {beside}",),
        beside=((beside, other),),
    )


def _prefix(text: str, fence: str) -> str:
    """The byte order mark and the first line `---` that a YAML file may have."""
    mark = BOM if text.startswith(BOM) else ""
    return mark + (fence if text.startswith(mark + fence) else "")


def _fenced(text: str, eol: str, fence: str) -> str:
    """The YAML file as if it were front matter."""
    text = text[len(_prefix(text, fence)) :]
    end = eol if text and text[-1] not in "\r\n" else ""
    return f"{fence}{text}{end}{fence}"
