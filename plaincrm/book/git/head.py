"""Whether the branch moved without plaincrm: a pull, a merge, a rebase of the user's own, perhaps
without driver.

The private folder notes the commit that the last command left. Where HEAD is another by now, the
records that moved are read once: git's own merge can leave markers in them, or one key twice,
without a word.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from plaincrm.book.private_folder import Repo, make_private
from plaincrm.errors import PlaincrmError, Problem, Refused

if TYPE_CHECKING:
    from plaincrm.book.git.client import Git

_NOTE = "head"
_HARMLESS = "yaml-missing-fence"  # a file that is no record


def note(private: Path, commit: str) -> None:
    """The branch is at this commit, and plaincrm knows."""
    with suppress(OSError, PlaincrmError):  # where nothing can be noted, the look is taken again
        (make_private(private) / _NOTE).write_text(commit, "ascii")


def moved(repo: Repo, private: Path) -> tuple[str, str] | None:
    """The commits between which the branch moved since plaincrm's last command: a look at three
    files, and told once. None where it stands still, and in a new clone."""
    now, then = head(repo), _text(private / _NOTE)
    if now == then or not now:
        return None
    note(private, now)
    return (then, now) if then else None


def head(repo: Repo) -> str:
    """The id of the current commit, without git; empty before the first one."""
    said = _text(repo.folder / "HEAD")
    if not said.startswith("ref: "):
        return said
    ref = said.removeprefix("ref: ")
    loose = _text(repo.common / ref)
    if loose:
        return loose
    packed = (line.split(" ") for line in _text(repo.common / "packed-refs").splitlines())
    return next((words[0] for words in packed if words[1:] == [ref]), "")


def damage(git: Git, then: str, now: str) -> Iterator[Problem]:
    """The problems of the records that differ between two commits, as they are on the disk."""
    from plaincrm.core.records.file_names import is_record
    from plaincrm.core.text.text_file import decode
    from plaincrm.core.yaml.front_matter import parse

    words = ["-r", "-z", "--name-only", "--no-renames", "--diff-filter=AM", "--relative"]
    answer = git.call("diff-tree", *words, then, now)
    for path in answer.out.decode("utf-8", "surrogateescape").split("\0"):
        folder = path.partition("/")[0]
        if folder not in ("templates", path) and not answer.code and is_record(path):
            data = _present(git.root, path)
            found = parse(decode(data, path)[0], path).problems if data else ()
            yield from (each for each in found if each.code != _HARMLESS)


def _present(root: Path, path: str) -> bytes | None:
    from plaincrm.book import inside

    try:
        return inside.read(root, path)
    except (OSError, Refused):  # a link, or no file: the scan tells of it
        return None


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", "surrogateescape").strip()
    except OSError:
        return ""
