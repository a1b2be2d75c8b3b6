"""Which files of two trees belong together, and where each of them goes.

A file that one side moved is where it was moved to; moved to two places, it is at the smaller path.
Modify beats delete. A record that was renamed is known by its aliases, so changes that the other
side made under the old name go to it: git's likeness alone would take one small record for another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from plaincrm.core.text.fold import fold


@dataclass(frozen=True, slots=True)
class Version:
    """A file of a tree: its path, its blob's id, its mode as git writes it."""

    path: str
    blob: str
    mode: str = "100644"

    @property
    def same(self) -> tuple[str, str]:
        """What it is, wherever it is."""
        return self.blob, self.mode


@dataclass(slots=True)
class SideChanges:
    """What one side did to the base: `changed` has the base's paths (None: deleted), `made` the new
    files.
    """

    changed: dict[str, Version | None] = field(default_factory=dict)
    made: dict[str, Version] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FileToMerge:
    """One file in three versions. `path` is where the result goes; None if both sides are rid of
    it.
    """

    path: str | None
    base: Version | None
    ours: Version | None
    theirs: Version | None

    @property
    def settled(self) -> Version | None:
        """The version that needs no merge: the one that a single side changed, or that both agree
        on.
        """
        if self.ours is None or self.theirs is None:
            return self.ours or self.theirs
        if self.base is not None and self.ours.same == self.base.same:
            return self.theirs
        same = self.base is not None and self.theirs.same == self.base.same
        return self.ours if same or self.ours.same == self.theirs.same else None

    @property
    def kept(self) -> bool:
        """Whether one side deleted it and the other's change brought it back."""
        return self.base is not None and self.path is not None and None in (self.ours, self.theirs)


def renamed(
    side: SideChanges, aliases: Mapping[str, Iterable[str]], base: Mapping[str, Version]
) -> SideChanges:
    """The side with deleted and new files joined where the new one carries the old one's id as an
    alias, or is the same to the byte.

    `aliases` has those of each new or changed file, by path.
    """
    known = {
        f"{_folder(path)}/{fold(name)}": path for path, names in aliases.items() for name in names
    }
    twins = {version.same: path for path, version in side.made.items()}
    changed, made = dict(side.changed), dict(side.made)
    for path, version in side.changed.items():
        if version is None:
            new = known.get(f"{_folder(path)}/{stem(path)}") or twins.get(base[path].same)
            if new in made:
                changed[path] = made.pop(new)
    return SideChanges(changed, made)


def files_to_merge(
    ours: SideChanges, theirs: SideChanges, base: Mapping[str, Version]
) -> Iterator[FileToMerge]:
    """Every file that a side changed. Files that both sides made under one id come as one case
    without base.
    """
    for path in sorted({*ours.changed, *theirs.changed}):
        yield _changed(
            base[path], ours.changed.get(path, base[path]), theirs.changed.get(path, base[path])
        )
    places = {_place(path): path for path in sorted(theirs.made, reverse=True)}
    met = set()
    for path, version in sorted(ours.made.items()):
        other = path if path in theirs.made else places.get(_place(path))
        if other is None or other in met:
            yield FileToMerge(path, None, version, None)
        else:
            met.add(other)
            yield FileToMerge(min(path, other), None, version, theirs.made[other])
    yield from (
        FileToMerge(path, None, None, each)
        for path, each in sorted(theirs.made.items())
        if path not in met
    )


def stem(path: str) -> str:
    """The id of a record's file, as ids are compared."""
    return fold(path.rpartition("/")[2].removesuffix(".md"))


def _changed(base: Version, ours: Version | None, theirs: Version | None) -> FileToMerge:
    if ours is None or theirs is None:
        other = ours or theirs
        gone = other is None or other == base
        return FileToMerge(None if gone or other is None else other.path, base, ours, theirs)
    moved = [each.path for each in (ours, theirs) if each.path != base.path]
    return FileToMerge(min(moved, default=base.path), base, ours, theirs)


def _folder(path: str) -> str:
    return path.partition("/")[0]


def _place(path: str) -> str:
    """What two new files share that would be one record: kind and id; for other files the path."""
    return f"{_folder(path)}/{stem(path)}" if path.endswith(".md") and "/" in path else path
