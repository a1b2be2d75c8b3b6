"""Two commits merged into a third by what their files mean, in git's objects alone: no file on the
disk moves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from plaincrm.book import workers
from plaincrm.book.git.client import Git
from plaincrm.book.git.special_files import is_plain
from plaincrm.book.git.trees import File, JoinedTree, TreeRow, differing, side
from plaincrm.core.merge import forgotten, merge
from plaincrm.core.merge.audit import lost
from plaincrm.core.merge.files import (
    FileToMerge,
    SideChanges,
    Version,
    files_to_merge,
    renamed,
    stem,
)
from plaincrm.core.merge.identity import moved_apart, same_record
from plaincrm.core.records import erasure
from plaincrm.core.schema import builtin
from plaincrm.core.text.fold import fold
from plaincrm.core.text.text_file import decode, encode, path_in
from plaincrm.core.values.raw import Raw, items
from plaincrm.core.values.record_link import leading_elsewhere, link_key
from plaincrm.core.yaml import field_edit, front_matter
from plaincrm.errors import Conflict, Refused

Question = tuple[str, str | None, str, str]  # path, base, ours, theirs
Answer = tuple[
    str, tuple[str, ...], tuple[str, ...], tuple[tuple[str, str], ...], list[str]
]  # a Merged, what it lost
SHARE = 100  # merges that are worth a process of their own


def join(git: Git, bases: Sequence[str], ours: str, theirs: str) -> JoinedTree:
    """Merge the commit `theirs` into `ours`. Raises Conflict where that would lose something."""
    return _Joiner(git, bases, ours, theirs).join()


class _Joiner:
    def __init__(self, git: Git, bases: Sequence[str], ours: str, theirs: str) -> None:
        self.git = git
        self.bases = bases
        rows = [differing(git, bases[0], commit) for commit in (ours, theirs)]
        self.joined = JoinedTree()
        self.forgotten: dict[str, list[str]] = {}
        self.aliases: list[dict[str, list[str]]] = []  # of each side's new and changed records
        self.texts = dict[str, str]()
        shared = {row.path for row in rows[0]} & {row.path for row in rows[1]}
        self._read(
            [
                v.blob
                for each in rows
                for row in each
                if row.path in shared
                for v in (row.old, row.new)
                if v
            ]
        )
        self.base = {row.path: row.old for each in rows for row in each if row.old is not None}
        self.unknown = forgotten.unknown(*self._lists(rows))
        self.sides = [
            self._side(each, hashes) for each, hashes in zip(rows, self.unknown, strict=True)
        ]
        self.final: dict[str, File] = {}
        self.apart: list[tuple[str, str, int]] = []

    def join(self) -> JoinedTree:
        ours, theirs = self.sides
        found = list(files_to_merge(ours, theirs, self.base))
        older = self._other_bases(found)
        asked = [
            question
            for case in found
            if case.settled is None and (question := self._both(case, older))
        ]
        for question, answer in zip(asked, workers.mapped(_answered, asked, SHARE), strict=True):
            self._take(question[0], answer)
        joined = self._merged_away(found)
        for case in found:
            if case not in joined:
                self._settle(case)
        for case, keeper in joined.items():
            self._bring_home(case, keeper)
        for old, new, whose in self.apart:
            self._relink(old, new, self.sides[whose])
        for whose, hashes in enumerate(self.unknown):
            for place in sorted(self._ids(self.sides[1 - whose], hashes)):
                self._relink(place, "", self.sides[whose])
        self._account(found)
        return self.joined

    def _account(self, found: Iterable[FileToMerge]) -> None:
        """The final files as changes of our tree."""
        there = {case.ours.path: case.ours for case in found if case.ours is not None}
        for path in (*there, *self.forgotten):
            if path not in self.final:
                self.joined.files[path] = None
        for path, file in self.final.items():
            if file != there.get(path):
                self.joined.files[path] = file

    def _settle(self, case: FileToMerge) -> None:
        if case.path is None:
            return
        if case.kept:
            self.joined.said.append(
                f"{case.path} was deleted on one side and changed on the other; it stays"
            )
        settled = case.settled
        if settled is None:
            return
        whose = 0 if settled is case.ours else 1
        file: File = replace(settled, path=case.path)
        if _renamed_apart(case) and is_plain(settled):
            assert case.ours is not None and case.theirs is not None
            text = self._text(settled)
            both = _aliased(text, case.ours, case.theirs, case)
            file = encode(both) if both != text else file
        self._put(case.path, file, whose)

    def _merged_away(self, found: Iterable[FileToMerge]) -> dict[FileToMerge, str]:
        """Of records that one side merged into another and the other side changed, the path of
        the one that has its id as an alias.
        """
        homes: dict[FileToMerge, str] = {}
        for case in found:
            if not case.kept or case.base is None:
                continue
            folder = case.base.path.partition("/")[0]
            for path, names in self.aliases[0 if case.ours is None else 1].items():
                known = stem(case.base.path) in map(fold, names)
                if known and path.partition("/")[0] == folder and path != case.path:
                    homes[case] = path
        return homes

    def _bring_home(self, case: FileToMerge, keeper: str) -> None:
        """Changes to a record that is part of another now go to that one."""
        changed = case.ours or case.theirs
        present = self.final.get(keeper)
        if changed is None or present is None or case.base is None:
            self._settle(case)
            return
        question = (keeper, self._text(case.base), self._text(present), self._text(changed))
        result = merge(question[1], question[2], question[3], keeper)
        self.final[keeper] = encode(result.text)
        self.joined.merged.append(keeper)
        self.joined.contested += [(keeper, name) for name in result.contested]
        said = f"{case.base.path} was merged into {keeper} on one side; what the other changed, too"
        self.joined.said.append(said)

    def _both(self, case: FileToMerge, older: Mapping[str, Sequence[str]]) -> Question | None:
        """What is to be merged of a file that both sides have changed; None where they are two
        records.
        """
        ours, theirs, path = case.ours, case.theirs, case.path
        if ours is None or theirs is None or path is None:
            return None
        if not (ours.mode.startswith("100") and theirs.mode.startswith("100")):
            raise Conflict(
                f"{path} is no regular file on both sides", "merge with git, then sync again"
            )
        a, b = self._text(ours), self._text(theirs)
        if case.base is None and not same_record(a, b, path):
            self._part(path, a, b)
            return None
        base = self._base(case.base, older)
        return path, base, _aliased(a, ours, theirs, case), _aliased(b, theirs, ours, case)

    def _take(self, path: str, answer: Answer) -> None:
        text, contested, report, beside, missing = answer
        if missing:
            raise Conflict(
                f"{path}: merging it would lose {missing[0]!r}",
                "this is a bug; nothing was changed",
            )
        self.final[path] = encode(text)
        self.joined.merged.append(path)
        self.joined.contested += [(path, name) for name in contested]
        self.joined.said += [
            f"{path}: {words}" for words in report if "set differently" not in words
        ]
        self.final.update((place, encode(other)) for place, other in beside)

    def _part(self, path: str, ours: str, theirs: str) -> None:
        """Two records in one place: one of them moves."""
        folder, _, name = path.rpartition("/")
        stays, moves, id = moved_apart(ours, theirs, name.removesuffix(".md"))
        self.final[path] = encode(stays)
        moved = path_in(folder, f"{id}.md")
        self.final[moved] = encode(moves)
        self.apart.append((path, id, 0 if moves == ours else 1))
        self.joined.said.append(f"{path} was made twice, for two; one is {moved} now")

    def _put(self, path: str, file: File, whose: int) -> None:
        present = self.final.get(path)
        if present is None or present == file:
            self.final[path] = file
        elif same_record(self._text(present), self._text(file), path):
            self._take(path, _answered((path, None, self._text(present), self._text(file))))
        elif whose == 0:
            self._part(path, self._text(file), self._text(present))
        else:
            self._part(path, self._text(present), self._text(file))

    def _text(self, file: File) -> str:
        if isinstance(file, bytes):
            return decode(file)[0]
        if file.blob not in self.texts:
            self._read([file.blob])
        return self.texts[file.blob]

    def _read(self, blobs: Iterable[str]) -> None:
        ids = [id for id in dict.fromkeys(blobs) if id not in self.texts]
        for id, data in zip(ids, self.git.blobs(ids), strict=True):
            if data is not None:
                self.joined.read[id] = data
                self.texts[id] = decode(data)[0]

    def _base(self, base: Version | None, older: Mapping[str, Sequence[str]]) -> str | None:
        """The version that both came from; of several, all that any of them holds."""
        if base is None:
            return None
        text = self.texts[base.blob]
        for other in older.get(base.path, ()):
            text = merge(None, text, other, base.path).text
        return text

    def _lists(self, rows: Sequence[Sequence[TreeRow]]) -> tuple[str, str]:
        """Both sides' lists of who was forgotten; empty where neither changed its own."""
        found = [next((row for row in each if row.path == erasure.PATH), None) for each in rows]
        base = next((row.old for row in found if row is not None), None)
        lists = [base if row is None else row.new for row in found]
        return self._text(lists[0]) if lists[0] else "", self._text(lists[1]) if lists[1] else ""

    def _side(self, rows: Sequence[TreeRow], hashes: frozenset[str]) -> SideChanges:
        """What a side did, less what it wrote of people that were forgotten without its knowing."""
        moved: dict[str, list[str]] = {}  # by content, the ids of what is gone from its place
        for row in rows if hashes else ():
            if row.old is not None and row.new is None:
                moved.setdefault(row.old.blob, []).append(stem(row.path))

        def names(version: Version) -> list[str]:
            return [*self._former(version), *moved.get(version.blob, ())]

        found, gone = forgotten.without(side(rows), hashes, names)
        self.forgotten |= {each.path: names(each) for each in gone}
        said = "was forgotten on the other side; what was written to it since goes too"
        self.joined.said += [f"{path} {said}" for path in sorted(each.path for each in gone)]
        self.aliases.append(self._aliases(rows))
        return renamed(found, self.aliases[-1], self.base)

    def _ids(self, knowing: SideChanges, hashes: frozenset[str]) -> set[str]:
        """The places of whoever the knowing side forgot, `contacts/ada.md`, under all names, for
        links to go.
        """
        deleted = [
            path
            for path, version in knowing.changed.items()
            if version is None and path.endswith(".md")
        ]
        known = (
            {path: self._former(self.base[path]) for path in deleted} | self.forgotten
            if hashes
            else {}
        )
        found = (
            (path, names) for path, names in known.items() if erasure.is_erased(path, names, hashes)
        )
        return {
            f"{path.partition('/')[0]}/{name}.md"
            for path, names in found
            for name in (stem(path), *names)
        }

    def _former(self, version: Version) -> list[str]:
        return [
            item.text
            for item in items(front_matter.parse(self._text(version)).fields.get("aliases"))
        ]

    def _other_bases(self, found: Iterable[FileToMerge]) -> dict[str, list[str]]:
        """Of criss-cross histories: what files that must be merged were in the further merge
        bases.
        """
        paths = [case.base.path for case in found if case.base is not None and case.settled is None]
        texts: dict[str, list[str]] = {}
        for base in self.bases[1:]:
            for path, data in zip(
                paths, self.git.blobs([f"{base}:{path}" for path in paths]), strict=True
            ):
                if data is not None:
                    texts.setdefault(path, []).append(decode(data)[0])
        return texts

    def _aliases(self, rows: Sequence[TreeRow]) -> dict[str, list[str]]:
        """Those of each new or changed record, where something was deleted that may have been
        renamed.
        """
        if all(row.new is not None for row in rows):
            return {}
        new = [row.new for row in rows if row.new is not None and row.path.endswith(".md")]
        self._read(each.blob for each in new)
        return {each.path: self._former(each) for each in new}

    def _relink(self, path: str, id: str, side: SideChanges) -> None:
        """Links to a record that moved apart, made on its side, lead to its new id; where that is
        empty, they go.
        """
        kind = builtin.schema().of_path(path)
        if kind is None:
            return
        for place, version in [
            *side.made.items(),
            *((v.path, v) for v in side.changed.values() if v is not None),
        ]:
            owner = builtin.schema().of_path(place)
            if owner is None or place == path or place not in self.final:
                continue
            before = next(
                (self.base[old] for old, new in side.changed.items() if new == version), None
            )
            known = front_matter.parse(self._text(before)).fields if before else {}
            text = self._text(self.final[place])
            for link in owner.refs:
                raw = front_matter.parse(text).fields.get(link.name)
                was_there = bool(id) and _leads(known.get(link.name), path)
                if raw and link.to == kind.name and not was_there and _leads(raw, path):
                    led = _led(raw, path, id)
                    text = (
                        field_edit.set_field(text, link.name, led)
                        if led
                        else field_edit.delete_field(text, link.name)
                    )
                    self.final[place] = encode(text)


def _answered(question: Question) -> Answer:
    """A merge, and what it would lose: the last look, in the same breath, while the texts are
    read.
    """
    path, base, a, b = question
    result = merge(base, a, b, path)
    missing = (
        lost(base or "", a, b, result.text) if path.endswith(".md") and not result.beside else []
    )
    return result.text, result.contested, result.report, result.beside, missing


def _renamed_apart(case: FileToMerge) -> bool:
    """Whether both sides gave a record another place, each its own."""
    if case.base is None or case.ours is None or case.theirs is None:
        return False
    return len({case.base.path, case.ours.path, case.theirs.path}) == 3


def _aliased(text: str, own: Version, other: Version, case: FileToMerge) -> str:
    """The text with the id that the other side gave the record as an alias, where both sides gave
    it one.
    """
    if case.base is None or own.path == other.path or case.base.path in (own.path, other.path):
        return text
    lost_id = max(own.path, other.path).rpartition("/")[2].removesuffix(".md")
    try:
        return field_edit.add_item(text, "aliases", lost_id)
    except Refused:
        return text


def _leads(raw: Raw | None, path: str) -> bool:
    return any(link_key(item.text) == stem(path) for item in items(raw))


def _led(raw: Raw, path: str, id: str) -> Raw:
    if isinstance(raw, str):
        return leading_elsewhere(raw, id) if link_key(raw) == stem(path) else raw
    if isinstance(raw, list):
        return [led for each in raw if (led := _led(each, path, id))]
    return {label: led for label, each in raw.items() if (led := _led(each, path, id))}
