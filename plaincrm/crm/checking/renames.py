"""Records that were renamed with plain `git mv` or `mv`, so that links to the old id lead nowhere.

git is asked once, and only where a dangling link gives a reason to.
"""

from __future__ import annotations

from functools import cached_property

from plaincrm.core.records.record import Record
from plaincrm.core.text.fold import fold
from plaincrm.core.values.record_link import link_key
from plaincrm.crm.book_data import BookData
from plaincrm.errors import GitFailed

_LOOKED_BACK = 2000  # commits with renames


class Renames:
    """Where records went, as git saw it."""

    def __init__(self, book: BookData) -> None:
        self.book = book

    def target(self, kind: str, id: str) -> Record | None:
        """The record that once had this id, and has another now; None where git knows of none."""
        seen: set[str] = set()
        key = link_key(id)
        while key not in seen:
            seen.add(key)
            found = self.book.store.get(kind, key)
            if found is not None:
                return found
            key = self._moves.get((kind, key), key)
        return None

    def deleted(self, kind: str, id: str) -> str:
        """What brings a record back whose file was deleted by hand since the last commit; empty
        for none.
        """
        wanted = link_key(id)
        schema = self.book.schema
        gone = (path for path in self._gone if _id(path) == wanted)
        path = next((path for path in gone if schema.of_path(path) is schema.kinds[kind]), "")
        return f"git restore {path}" if path else ""

    @cached_property
    def _gone(self) -> list[str]:
        git = self.book.git
        if git is None or git.head() is None:
            return []
        try:
            return [path for path, state in git.status().items() if "D" in state]
        except GitFailed:
            return []

    @cached_property
    def _moves(self) -> dict[tuple[str, str], str]:
        """(kind, old id) to new id, later renames over earlier ones."""
        git = self.book.git
        if git is None or git.head() is None:
            return {}
        moves: dict[tuple[str, str], str] = {}
        try:
            commits = git.log(limit=_LOOKED_BACK, options=["--diff-filter=R"])
            touched = [each for commit in reversed(commits) for each in reversed(commit.files)]
            pairs = [(each.was, each.path) for each in touched if each.was]
            pairs += self._uncommitted()
        except GitFailed:
            return {}
        for old, new in pairs:
            kind = self.book.schema.of_path(new)
            if kind is not None and self.book.schema.of_path(old) is kind:
                moves[kind.name, _id(old)] = _id(new)
        return moves

    def _uncommitted(self) -> list[tuple[str, str]]:
        """Files that lie elsewhere now, with the very content that the last commit has at the old
        place.
        """
        git = self.book.git
        assert git is not None
        states = git.status()
        gone = [path for path, state in states.items() if "D" in state]
        new = {path for path, state in states.items() if state[0] == "?" or "A" in state}
        contents = {self.book.source.file(path): path for path in sorted(new)}
        return [
            (path, contents[data]) for path in gone if (data := git.show("HEAD", path)) in contents
        ]


def _id(path: str) -> str:
    return fold(path.rpartition("/")[2].removesuffix(".md"))
