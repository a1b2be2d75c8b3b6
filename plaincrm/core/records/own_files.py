"""Which files of a folder are a book's own: what `sync` commits by itself, and nothing else.

A folder gathers more than a book: swap files, exports, a scan of a contract, a file made by a slip
of the shell. None of it is for the other end unless somebody says so.
"""

from __future__ import annotations

from plaincrm.core.records.file_names import is_record

ROOT_FILES = frozenset({"plaincrm.yaml", "dashboard.yaml", ".gitignore", ".gitattributes"})
# What is committed and small: the lists of who was forgotten and who wants no mail.
LISTS = ".plaincrm"
_PAGES = (".md", ".html", ".txt", ".css", ".svg")
_RULES = (".yaml", ".yml")
FOLDERS = {
    "templates": _PAGES,
    "segments": _RULES,
    "sequences": _RULES,
    "automations": _RULES,
    "reports": (*_PAGES, *_RULES),
    "campaigns": (".md",),
    "products": (".md",),
}


def is_own(path: str) -> bool:
    """Whether a file, which is no record of a kind, belongs to the book. `path` has `/`."""
    folder, _, rest = path.partition("/")
    if not rest:
        return path in ROOT_FILES
    if folder == LISTS:
        return not rest.endswith(".tmp")
    name = rest.rpartition("/")[2]
    hidden = any(part.startswith(".") for part in rest.split("/"))
    if hidden or not name.endswith(FOLDERS.get(folder, ())):
        return False
    return not name.endswith(".md") or name.startswith("_") or is_record(path)
