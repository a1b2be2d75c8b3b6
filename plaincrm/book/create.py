"""A new book: its settings, its folders, its git repo; or a copy of the example book."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from plaincrm.book import atomic
from plaincrm.book.config import SETTINGS
from plaincrm.book.git import merge_driver
from plaincrm.book.git.client import Git
from plaincrm.book.private_folder import find_repo
from plaincrm.book.shipped import shipped
from plaincrm.core.schema import builtin
from plaincrm.core.yaml import write
from plaincrm.errors import PlaincrmError

EXAMPLE = "studio"
EXAMPLE_DAY = "2026-11-21"  # the day on which the story of the example stops
FOLDERS = (*builtin.schema().folders.values(), "templates", "segments")
_ATTRIBUTES = (
    "# Every byte stays as it was typed: no line-ending magic.\n* -text\n"
    "# Where git merges, plaincrm does it field by field: docs/sync.md.\n"
    + "".join(f"{line}\n" for line in merge_driver.ATTRIBUTES)
)
_IGNORE = {
    "For this machine alone: what came in, what waits to be sent, what an import refused.": (
        *("inbox/", "outbox/", "/rejects*.csv", "/rejects*.jsonl", "/rejects*.vcf"),
        *("/rejects*.txt", "/rejects*.mbox", "/rejects*.ics", "/rejects*.map.yaml"),
    ),
    "What editors leave.": (
        *(".*.swp", ".*.swo", "*~", ".#*", "\\#*#", "4913", "*.bak", "*.orig", "*.rej"),
        *(".obsidian/", ".vscode/", ".idea/"),
    ),
    "What systems and file-sync tools leave.": (
        *(".DS_Store", "._*", "Thumbs.db", "desktop.ini", ".Trash-*/", ".trash/", ".directory"),
        *(".stfolder*/", ".stversions/", ".stignore", ".syncthing.*", "~syncthing~*.tmp"),
        *(".dropbox", ".dropbox.attr", ".dropbox.cache/", ".sync_*.db*", "._sync_*.db*"),
        *(".owncloudsync.log*", ".nextcloudsync.log*", ".csync_journal.db*", ".~lock.*#"),
        *("*.icloud", "*.tmp", "*.part"),
    ),
}
_ZONES = "/zoneinfo/"


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose book it is: `country` ISO in two letters, `currency` in three, `language` in two."""

    name: str = ""
    email: str = ""
    country: str = ""
    currency: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class CreatedBook:
    """A book that was just made. `git` tells where its history is kept: new, outer (a repo above),
    none.
    """

    root: Path
    paths: tuple[str, ...]
    git: str


def start(root: Path, owner: Owner | None = None) -> CreatedBook:
    """Make a book in `root`, which may hold files already; none of them is changed but
    `.gitignore`, which gets lines. `owner`: whose book it is, and where; None takes what git says
    of its user. Raises PlaincrmError where a book is there, or the disk refuses.
    """
    root = free_place(root)
    git, kept = _repo(root)
    for folder in FOLDERS:
        with atomic.told("make", root / folder):
            (root / folder).mkdir(exist_ok=True)
    written = [
        *_put(root, SETTINGS, settings(_with_identity(owner or Owner(), git))),
        *_put(root, ".gitattributes", _ATTRIBUTES),
        *_ignore(root),
    ]
    return _committed(root, git, kept, written, "Start the book")


def start_example(root: Path) -> CreatedBook:
    """Make a copy of the example book in `root`, an empty folder or a new one. Raises
    PlaincrmError.
    """
    root = free_place(root)
    if any(entry.name != ".git" for entry in root.iterdir()):
        message = f"{root} is not empty; the example wants a folder of its own"
        raise PlaincrmError(message, "plaincrm init NEWDIR --demo")
    git, kept = _repo(root)
    source = shipped("examples") / EXAMPLE
    with atomic.told("write", root):
        shutil.copytree(source, root, dirs_exist_ok=True, copy_function=shutil.copyfile)
    for folder in FOLDERS:
        (root / folder).mkdir(exist_ok=True)
    written = [path.relative_to(root).as_posix() for path in source_files(root)]
    return _committed(root, git, kept, written, "Start with the example book")


def adopt(root: Path, text: str, *, with_git: bool = False) -> None:
    """Make a book of the folder `root` where it lies, with `text` as its settings; no other file is
    touched. `with_git` begins a repo where there is none, and commits the settings.
    """
    git = _repo(root)[0] if with_git else None
    with atomic.told("write", root / SETTINGS):
        atomic.replace(root / SETTINGS, text.encode(), None)
    if git is not None:
        git.commit([SETTINGS], "Make a book of these notes")


def source_files(root: Path) -> Iterable[Path]:
    """The files below `root`, sorted, git's own left out."""
    found = (Path(folder) / name for folder, _, names in os.walk(root) for name in names)
    return sorted(path for path in found if ".git" not in path.relative_to(root).parts)


def settings(owner: Owner) -> str:
    """The text of a new plaincrm.yaml, with what is known of its owner filled in."""
    me = "# me: {name: Ada Example, email: [ada@studio.example]}"
    if owner.name and owner.email:
        name, email = (write.scalar(each, flow=True) for each in (owner.name, owner.email))
        me = f"me: {{name: {name}, email: [{email}]}}"
    known = (
        (f"currency: {owner.currency or 'EUR'}", "for sums that name none"),
        (f"timezone: {zone()}", "of the times in the log"),
        (_country(owner.country), "of phone numbers without +, and the order of 12/11"),
        (f"language: {owner.language or 'en'}", "of e-mails to who has none of their own"),
    )
    lines = (f"{setting:<{_COLUMN}} # {said}\n" for setting, said in known)
    return f"{_HEAD}{me}     # tells your mails from theirs\n{''.join(lines)}{_REST}"


def _country(code: str) -> str:
    """The line of the country; Norway in quotes, since other readers of YAML take NO for no."""
    return f"country: {write.scalar(code)}" if code else "# country: DE"


def _with_identity(owner: Owner, git: Git | None) -> Owner:
    """The owner, with the name and e-mail that git knows where they are not told."""
    return replace(
        owner,
        name=owner.name or _git_says(git, "user.name"),
        email=owner.email or _git_says(git, "user.email"),
    )


def zone() -> str:
    """This machine's time zone by its name, such as Europe/Berlin; UTC where it can't be told."""
    named = os.environ.get("TZ", "").lstrip(":")
    if not re.fullmatch(r"[A-Z]\w+/[\w/+-]+", named):
        named = os.path.realpath("/etc/localtime").partition(_ZONES)[2]
    return named if re.fullmatch(r"[A-Z]\w*(?:/[\w+-]+)*", named) else "UTC"


def free_place(root: Path) -> Path:
    """The folder `root`, made if it is not there. Raises PlaincrmError where a book is."""
    root = Path(os.path.realpath(root))
    if (root / SETTINGS).exists():
        raise PlaincrmError(f"{root} is a book already", f"plaincrm -C {root} today")
    if root.exists() and not root.is_dir():
        raise PlaincrmError(f"{root} is a file, not a folder")
    with atomic.told("make", root):
        root.mkdir(parents=True, exist_ok=True)
    return root


def _repo(root: Path) -> tuple[Git | None, str]:
    """The git of the new book, and where its history is kept."""
    if not Git.available():
        return None, "none"
    above = find_repo(root)
    if above is None:
        return Git.init(root), "new"
    return Git.of(root), "new" if above.work_tree == root else "outer"


def _put(root: Path, path: str, text: str) -> Sequence[str]:
    if (root / path).exists():
        return ()
    atomic.replace(root / path, text.encode(), None)
    return (path,)


def _ignore(root: Path) -> Sequence[str]:
    path = root / ".gitignore"
    old = atomic.present(path)
    text = (old or b"").decode("utf-8", "surrogateescape")
    there = text.split()
    new = text + ("\n" if text and not text.endswith("\n") else "")
    for title, lines in _IGNORE.items():
        missing = [line for line in lines if line not in there]
        if missing:
            new += f"# {title}\n" + "".join(f"{line}\n" for line in missing)
    if new == text:
        return ()
    atomic.replace(path, new.encode("utf-8", "surrogateescape"), old)
    return (".gitignore",)


def _committed(
    root: Path, git: Git | None, kept: str, written: Sequence[str], message: str
) -> CreatedBook:
    if git is not None and written:
        git.commit(written, message)
        merge_driver.install(git)
    return CreatedBook(root, tuple(written), kept)


def _git_says(git: Git | None, key: str) -> str:
    return (git.run_or_none("config", "--get", key) or "") if git is not None else ""


_COLUMN = 32  # where the comments of the first settings begin
_HEAD = (
    "# The settings of this book. All of them may stay as they are; plaincrm help settings has"
    " the rest.\n"
)
_REST = """
pipelines:
  default:
    lead:        {probability: 10, rots_after: 14d}
    contacted:   {probability: 20, rots_after: 14d}
    proposal:    {probability: 50, rots_after: 10d}
    negotiation: {probability: 75, rots_after: 7d}
    parked:      {status: parked}          # asleep until the date of its `next`
    won:         {status: won}
    lost:        {status: lost}

# How often to be in touch, by query; a record's own `cadence:` wins.
# cadence:
#   +vip: 30d
#   status:customer: 90d

# Fields and kinds of your own.
# fields:
#   contact:
#     diet: {type: enum, values: [vegan, any], doc: For the lunch}
# kinds:
#   project: {folder: projects, title: name, fields: {client: {type: ref, to: company}}}

# mail:
#   from: Ada Example <ada@studio.example>
#   signature: |
#     Ada Example
"""
