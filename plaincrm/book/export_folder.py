"""A folder that plaincrm fills: static pages. Only files that it wrote itself are ever replaced.

A list in the folder names what was written, with checksums. What is not on the list, or was changed
since, belongs to somebody else: nothing is written at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path

from plaincrm.book import atomic
from plaincrm.core.value_class import value
from plaincrm.errors import Refused

LIST = ".plaincrm-files"
_HEAD = "# Written by plaincrm, which replaces these files and no others.\n"


@value
class FolderWritten:
    """What a writing did: how many files were written anew, were the same, and went."""

    written: int
    same: int
    removed: int


def write_folder(folder: Path, files: Mapping[str, bytes]) -> FolderWritten:
    """Make `folder` hold `files` (path below it to content). Raises Refused, with nothing written,
    where a file is in the way that plaincrm did not write.
    """
    refuse_links(folder, files)
    ours = _listed(folder)
    before = {
        path: atomic.present(folder / path, largest=atomic.ANY_SIZE) for path in {*files, *ours}
    }
    strange = [
        path
        for path, data in sorted(before.items())
        if data is not None and data != files.get(path) and _sum(data) != ours.get(path)
    ]
    if strange:
        said = f"{folder / strange[0]} was not written by plaincrm, or was changed since"
        raise Refused(f"{said}; nothing written", "name another folder, or move the file away")
    for parent in sorted({(folder / path).parent for path in files}):
        atomic.make_folder(parent, durable=False)
    # The list first: a run that is cut off must know its files again. It names old and new.
    sums = {path: _sum(data) for path, data in files.items()}
    _write_list(folder, [*ours.items(), *sums.items()])
    written = [path for path, data in files.items() if before[path] != data]
    for path in written:
        _put(folder / path, files[path], before[path])
    gone = [path for path in ours if path not in files and before[path] is not None]
    for path in gone:
        atomic.remove(folder / path, before[path] or b"")
    _write_list(folder, sums.items())
    return FolderWritten(len(written), len(files) - len(written), len(gone))


def _put(place: Path, data: bytes, expected: bytes | None) -> None:
    """What can be made again at any time need not outlive a power cut, which takes long for each
    of a thousand files.
    """
    staged = atomic.stage(place, data, durable=False)
    with atomic.gone_on_error(staged):
        atomic.swap_in(staged, place, expected)


def refuse_links(folder: Path, files: Iterable[str]) -> None:
    """Raises Refused where a folder on the way to a file, below `folder`, is a link."""
    for parent in {parent for path in files for parent in Path(path).parents}:
        if (folder / parent).is_symlink() and parent != Path():
            raise Refused(f"{folder / parent} is a symbolic link; plaincrm follows none")


def _listed(folder: Path) -> dict[str, str]:
    """The files that were written before, with their checksums, the last one of a name."""
    text = (atomic.present(folder / LIST) or b"").decode("utf-8", "replace")
    found: dict[str, str] = {}
    for line in text.splitlines():
        checksum, _, path = line.partition("  ")
        if len(checksum) == 64 and path and ".." not in Path(path).parts and path[0] != "/":
            found[path] = checksum
    return found


def _write_list(folder: Path, sums: Iterable[tuple[str, str]]) -> None:
    place = folder / LIST
    lines = (f"{checksum}  {path}\n" for path, checksum in sums)
    data = (_HEAD + "".join(lines)).encode()
    before = atomic.present(place, largest=atomic.ANY_SIZE)
    if before != data:
        atomic.replace(place, data, before)


def _sum(data: bytes) -> str:
    return sha256(data).hexdigest()
