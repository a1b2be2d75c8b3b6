"""Which files of a book are records, told by their paths: one rule for every way of finding them.

A record's name ends in `.md` and begins with neither `.` nor `_`; no folder above it is hidden. Two
programs that meet over one file leave copies beside it, which look like records of their own and
are none: `copies` knows them. Some names say it themselves (`ada.sync-conflict-20261120-….md`);
others (`ada 2.md`) only beside the file that they are a copy of.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable

from plaincrm.core.text.pattern import pattern
from plaincrm.core.text.text_file import path_in

# The book's lists of addresses, as hashes: who was forgotten, and who wants no bulk mail.
ERASED = ".plaincrm/erased"
SUPPRESSED = ".plaincrm/suppressed"
ENDING = ".md"

# What file-sync tools, merge tools and editors put behind the name of the file that they copied.
_MARKS = r"""
    \.sync-conflict-\d{8}-\d{6}(?:-[A-Z0-9]{7})?            # Syncthing
  | ~\d{8}-\d{6}                                            # an old version that Syncthing keeps
  | [ ]?[(\[][^()\[\]]*(?:[CcKk]onfli|競合)[^()\[\]]*[)\]]  # Dropbox, Nextcloud, Seafile, pCloud
  | _conflict-\d{8}-\d{6}                                   # ownCloud
  | _conf\(\d+\)                                            # Google Drive
  | [._](?:BACKUP|BASE|LOCAL|REMOTE)(?:[._]\d+)?            # git mergetool
  | \.(?:orig|rej|bak)                                      # patch, mergetool, editors
"""
# What is a copy only where the file of the name before it lies beside.
_BESIDE = r"""
    [ ]\d{1,2}                                              # iCloud
  | [ ]\(\d{1,3}\)                                          # Google Drive, Windows
  | [ ]copy(?:[ ]\d+)?                                      # macOS
  | [ ]-[ ](?:Copy|Kopie|Copie|Copia|Kopia)(?:[ ]\(\d+\))?  # Windows
  | -(?=[A-Z0-9-]*[A-Z])[A-Z0-9-]{3,15}(?:-\d+)?            # OneDrive: the computer's name
  | -[^-/]*(?:MacBook|iMac|Mac[ ])[^/]*                     # OneDrive on a Mac
"""
_BEFORE = r"(?:Copy[ ]of|Kopie[ ]von|Copie[ ]de|Copia[ ](?:di|de))[ ]"
_CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"  # `string`, which has them, compiles a pattern
# How the name of every copy ends or begins: cheap to see, since most names are no copy's.
_ENDS = tuple(
    f"{last}{ENDING}"
    for last in (*"0123456789)]", *_CAPITALS, *("opy", "opie", "opia", "orig", "rej", "bak"))
)
_BEGINNINGS = ("Cop", "Kopie ")
_SURE = pattern(rf"(?P<of>.+?)(?:{_MARKS})", re.VERBOSE)
_LIKELY = pattern(rf"(?:{_BEFORE}(?P<that>.+)|(?P<of>.+?)(?:{_BESIDE}))", re.VERBOSE)


def is_record(path: str) -> bool:
    """Whether a regular file of this path, below a kind's folder, is a record.

    `path` is relative to the book, with `/`. What only its neighbours tell: see `records_among`.
    """
    *folders, name = path.split("/")
    hidden = any(folder.startswith(".") for folder in folders)
    return not hidden and has_record_name(name) and _surely_of(name) is None


def has_record_name(name: str) -> bool:
    """Whether a file's name may be a record's, copies included."""
    return name.endswith(ENDING) and name[0] not in "._"


def copies(names: Collection[str]) -> dict[str, str]:
    """The copies among the file names of one folder, each with the name of what it is a copy of."""
    if not _odd("\n".join(names), len(names)):
        return {}
    there = names if isinstance(names, set) else set(names)
    found = {name: _copied(name, there) for name in names if _may_be_copy(name)}
    return {name: of for name, of in found.items() if of is not None}


def records_among(paths: Iterable[str]) -> list[str]:
    """Those of the paths that are records, sorted; the copies among them are left out."""
    folders: dict[str, list[str]] = defaultdict(list)
    for path in paths:
        if is_record(path):
            folder, _, name = path.rpartition("/")
            folders[folder].append(name)
    return sorted(
        path_in(folder, name)
        for folder, names in folders.items()
        for name in set(names) - copies(names).keys()
    )


def _odd(names: str, count: int) -> bool:
    """Whether any of the names, one a line, has a letter that plaincrm's own ids never have.

    Looking at each of 100,000 names would take longer than to list them.
    """
    plain = names.islower() and names.count(".") == count
    return bool(names) and not (plain and not any(sign in names for sign in " _(~["))


def _may_be_copy(name: str) -> bool:
    return name.endswith(_ENDS) or name.startswith(_BEGINNINGS) or "Mac" in name


def _copied(name: str, there: Collection[str]) -> str | None:
    sure = _surely_of(name)
    if sure is not None:
        return sure
    found = _LIKELY.fullmatch(name.removesuffix(ENDING))
    if found is None:
        return None
    of = f"{found['of'] or found['that']}{ENDING}"
    return of if of in there else None


def _surely_of(name: str) -> str | None:
    found = _SURE.fullmatch(name.removesuffix(ENDING))
    return f"{found['of']}{ENDING}" if found else None
