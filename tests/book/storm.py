"""A storm: clones of one book and a bare hub, random writes, partial syncs, deaths, and other
people's git.

Every write puts a word of its own into the book. At the end all clones sync to quiescence; then
each word must be in the tree, unless somebody who had it before their eyes overwrote or deleted it.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Set
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from plaincrm.core.yaml.front_matter import Raw, parse
from plaincrm.crm.actions.set import set_fields
from plaincrm.crm.actions.sync import sync
from plaincrm.crm.book import Book
from plaincrm.errors import Conflict

PEOPLE = ("ada", "bo", "cleo", "dag")
FIELDS = ("phone", "job", "city", "diet")
ROOT = Path(__file__).parents[2]


@dataclass
class Storm:
    """`run(n)` makes n writes; `calm()` syncs until nothing moves; `missing()` are the words that
    are lost.
    """

    folder: Path
    seed: int
    clones: int = 3
    kills: bool = True
    words: set[str] = field(default_factory=set)
    seen_off: set[str] = field(
        default_factory=set
    )  # overwritten or deleted by somebody who saw them
    count: int = 0
    log: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.git(self.folder, "init", "-q", "--bare", "-b", "main", "hub.git")
        first = self.folder / "clone0"
        (first / "contacts").mkdir(parents=True)
        self.git(first, "init", "-q", "-b", "main")
        (first / "plaincrm.yaml").write_text("currency: EUR\n")
        (first / ".gitattributes").write_text("* -text\n*.md merge=plaincrm\n")
        for name in PEOPLE:
            text = (
                f"---\nname: {name.title()}   # a comment\ntags: [vip]\n---\nAbout {name}.\n\n##"
                " Log\n"
            )
            (first / "contacts" / f"{name}.md").write_text(text)
        self.git(first, "add", "-A")
        self.git(first, "commit", "-q", "-m", "The book")
        sync(self.book(first), str(self.folder / "hub.git"))
        for number in range(1, self.clones):
            self.git(self.folder, "clone", "-q", "hub.git", f"clone{number}")
        self.places = [self.folder / f"clone{number}" for number in range(self.clones)]

    def run(self, writes: int) -> None:
        while self.count < writes:
            place = self.random.choice(self.places)
            if self.random.random() < 0.72:
                self.write(place)
            else:
                self.random.choice(self.meetings())(place)

    def meetings(self) -> list[Callable[[Path], None]]:
        deadly: list[Callable[[Path], None]] = [self.killed] if self.kills else []
        return [
            self.sync,
            self.sync,
            self.sync,
            self.sync,
            self.pull,
            self.pull_without_driver,
            *deadly,
        ]

    def write(self, place: Path) -> None:
        with suppress(Conflict):
            _ = self.book(
                place
            ).source  # completes a sync that was killed: what it brought is before their eyes
        names = self.names_in(place)
        kinds = (
            *[self.set] * 3,
            *[self.note] * 2,
            self.tag,
            self.prose,
            *[self.hand] * 2,
            self.new,
        )
        if self.random.random() < 0.04 and len(names) > 3:
            return self.delete(place, self.random.choice(names))
        if self.random.random() < 0.03 and names:
            return self.rename(place, self.random.choice(names))
        return (
            self.random.choice(kinds)(place, self.random.choice(names))
            if names
            else self.new(place, "")
        )

    def names_in(self, place: Path) -> list[str]:
        """The people whom this clone has."""
        return sorted(path.stem for path in (place / "contacts").glob("*.md"))

    def word(self, what: str) -> str:
        self.count += 1
        word = f"{what}{self.count:05}"
        self.words.add(word)
        return word

    def set(self, place: Path, name: str) -> None:
        """A field, by the program: what it showed, and what was contested in it, is knowingly
        overwritten.
        """
        field = self.random.choice(FIELDS)
        book = self.book(place)
        before = parse(self.path(place, name).read_text()).fields
        contests = before.get("_conflicts", {})
        assert isinstance(contests, dict)
        self.off(before.get(field), contests.get(field))
        record = book.store.get("contact", name)
        assert record is not None
        word = self.word("0" if field == "phone" else field)
        set_fields(book, [record], [(field, "=", word)], own=True).change.commit()

    def hand(self, place: Path, name: str) -> None:
        """A field, in an editor: only what it showed is overwritten."""
        field = self.random.choice(FIELDS[1:])
        path = self.path(place, name)
        text = path.read_text()
        old = parse(text).fields.get(field)
        if isinstance(old, str) and f"\n{field}: {old}\n" in text:
            self.off(old)
            path.write_text(
                text.replace(f"\n{field}: {old}\n", f"\n{field}: {self.word(field)}\n", 1)
            )
        elif old is None:
            path.write_text(text.replace("\ntags:", f"\n{field}: {self.word(field)}\ntags:", 1))

    def note(self, place: Path, name: str) -> None:
        path = self.path(place, name)
        text = path.read_text()
        line = f"- 2026-0{self.random.randint(1, 9)}-11 note: {self.word('entry')}\n"
        path.write_text(
            text + line
            if self.random.random() < 0.8
            else text.replace("## Log\n", f"## Log\n{line}", 1)
        )

    def tag(self, place: Path, name: str) -> None:
        book = self.book(place)
        record = book.store.get("contact", name)
        assert record is not None
        set_fields(book, [record], [("tags", "+=", self.word("tag"))]).change.commit()

    def prose(self, place: Path, name: str) -> None:
        path = self.path(place, name)
        path.write_text(path.read_text().replace("\n## Log", f"\n{self.word('para')}\n\n## Log", 1))

    def new(self, place: Path, name: str) -> None:
        word = self.word("person")
        (place / "contacts" / f"{word}.md").write_text(
            f"---\nname: {word}\ntags: [new]\n---\n\n## Log\n"
        )

    def delete(self, place: Path, name: str) -> None:
        path = self.path(place, name)
        text = path.read_text()
        self.seen_off.update(word for word in self.words if word in text or word == name)
        path.unlink()
        self.log.append(f"{place.name} deletes {name}")

    def rename(self, place: Path, name: str) -> None:
        book = self.book(place)
        record = book.store.get("contact", name)
        assert record is not None
        with book.change("Rename", "rename") as change:
            change.rename(record, self.word("renamed"))
        self.off(record.fields.get("name"))

    def off(self, *values: Raw | None) -> None:
        """These values were before somebody's eyes when they wrote over them."""
        said = repr(values)
        self.seen_off.update(word for word in self.words if word in said)

    def sync(self, place: Path) -> None:
        with suppress(
            Conflict
        ):  # told once where somebody's own git went on after a sync that was killed
            sync(self.book(place))

    def killed(self, place: Path) -> None:
        """A sync in a process of its own that dies somewhere on its way."""
        words = [sys.executable, "-m", "plaincrm", "-C", str(place), "sync"]
        env = {**os.environ, "PYTHONPATH": str(ROOT)}
        with subprocess.Popen(
            words, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            time.sleep(self.random.uniform(0.15, 0.6))
            process.send_signal(signal.SIGKILL)
        self.steady(place)

    def steady(self, place: Path) -> None:
        """Wait for git processes that outlived their parent."""
        for _ in range(100):
            if not list((place / ".git").glob("*.lock")):
                return
            time.sleep(0.05)
        for lock in (place / ".git").glob("*.lock"):
            lock.unlink()

    def pull(self, place: Path) -> None:
        """Somebody who types git pull, in a clone with the driver."""
        self.git(place, "add", "-A")
        self.git(place, "commit", "-q", "-m", "By hand", check=False)
        if self.git(place, "pull", "-q", "--no-rebase", "--no-edit", "origin", "main", check=False):
            self.git(place, "merge", "--abort", check=False)
        else:
            self.git(place, "push", "-q", "origin", "main", check=False)

    def pull_without_driver(self, place: Path) -> None:
        """Somebody whose git knows no driver; a merge that git leaves to them, or that breaks a
        file, they undo.
        """
        before = self.git_out(place, "rev-parse", "HEAD")
        if self.git_out(place, "status", "--porcelain"):
            return
        words = ["-c", "merge.plaincrm.driver=git merge-file --marker-size=%L %A %O %B"]
        if self.git(
            place, *words, "pull", "-q", "--no-rebase", "--no-edit", "origin", "main", check=False
        ):
            self.git(place, "merge", "--abort", check=False)
        elif any(parse(path.read_text()).problems for path in (place / "contacts").glob("*.md")):
            self.git(place, "reset", "-q", "--hard", before)

    def calm(self) -> None:
        for _ in range(3):
            for place in self.places:
                for _ in range(3):
                    try:
                        sync(self.book(place))
                        break
                    except Conflict:
                        continue

    def trees(self) -> Set[str]:
        return {
            self.git_out(place, "rev-parse", "HEAD^{tree}")
            for place in [*self.places, self.folder / "hub.git"]
        }

    def unclean(self) -> list[str]:
        return [place.name for place in self.places if self.git_out(place, "status", "--porcelain")]

    def texts(self) -> dict[str, str]:
        return {path.name: path.read_text() for path in (self.places[0] / "contacts").glob("*.md")}

    def missing(self) -> Set[str]:
        everything = "\n".join(f"{name}\n{text}" for name, text in self.texts().items())
        return {word for word in self.words - self.seen_off if word not in everything}

    def broken(self) -> list[str]:
        found = [name for name, text in self.texts().items() if parse(text).problems]
        return found + [
            name for name, text in self.texts().items() if "<<<<<<<" in text.partition("\n---\n")[0]
        ]

    def path(self, place: Path, name: str) -> Path:
        return place / "contacts" / f"{name}.md"

    def book(self, place: Path) -> Book:
        return Book.open(place, lambda zone: datetime(2026, 11, 21, 12, tzinfo=zone))

    def git(self, place: Path, *words: str, check: bool = True) -> int:
        identity = ["-c", "user.name=Test", "-c", "user.email=test@example.org"]
        done = subprocess.run(
            ["git", *identity, *words], cwd=place, capture_output=True, check=check
        )
        return done.returncode

    def git_out(self, place: Path, *words: str) -> str:
        return subprocess.run(
            ["git", *words], cwd=place, capture_output=True, check=True, text=True
        ).stdout.strip()
