"""The storm with the world in it: editors, file-sync programs, stray files, branches, a shallow clone,
links, modes, and clocks that show other hours in other zones.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from plaincrm.core.records.file_names import copies
from plaincrm.core.yaml.front_matter import parse
from plaincrm.crm.book import Book
from plaincrm.errors import Conflict, PlaincrmError
from tests.book.storm import PEOPLE, ROOT, Storm

ZONES = ("UTC", "America/Los_Angeles", "Asia/Kathmandu", "Pacific/Kiritimati", "Europe/Berlin")
OFFSETS = ("", "Z", "+09:00", "-08:00", "+05:45")
SHALLOW = 4  # the clone that has only the last commit of the past
SECRET = "secret"  # how every word begins that no other end may see
OWN = ("plaincrm.yaml", ".gitattributes", "photos", "moved")
COPIES = (
    "{}.sync-conflict-20261120-081500-ABCDEFG.md",
    "{} (conflicted copy 2026-11-20 081500).md",
)
LEFT = (".{}.md.swp", "{}.md~", "#{}.md#", ".#{}.md", ".syncthing.{}.md.tmp", "{}.md.orig")


@dataclass
class StormInTheWorld(Storm):
    """`leaked()` are words that went out though nobody gave them away, and paths that are none of
    the book's.
    """

    clones: int = 5
    branches: int = 0
    saves: int = 0
    secrets: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__post_init__()
        first = self.places[0]
        (first / "plaincrm.yaml").write_text("currency: EUR\ntimezone: Europe/Berlin\n")
        (first / "photos").symlink_to("contacts")
        (first / "moved").symlink_to("contacts/ada.md")
        self.git(first, "add", "-A")
        self.git(first, "commit", "-q", "-m", "The world")
        self.git(first, "push", "-q", "origin", "main")
        for place in self.places[1:]:
            self.git(place, "pull", "-q")
        if self.clones > SHALLOW:
            self.shallow(self.places[SHALLOW])

    def shallow(self, place: Path) -> None:
        self.git(self.folder, "clone", "-q", "--depth", "1", f"file://{self.folder}/hub.git", "cut")
        subprocess.run(["rm", "-rf", str(place)], check=True)
        (self.folder / "cut").rename(place)

    # What people write, and with what

    def write(self, place: Path) -> None:
        chance = self.random.random()
        if chance < 0.12:
            return self.litter(place)
        if chance < 0.15:
            return self.mode(place)
        if chance < 0.17:
            return self.link(place)
        return super().write(place)

    def names_in(self, place: Path) -> list[str]:
        found = (path for path in (place / "contacts").glob("*.md") if path.is_file())
        names = {path.name for path in found if path.name[0] not in ".#"}
        return sorted(name.removesuffix(".md") for name in names - copies(names).keys())

    def save(self, path: Path, text: str) -> None:
        """As editors save: by a new file and a rename, or over the old one, which is empty for a
        moment.
        """
        self.saves += 1
        if self.random.random() < 0.5:
            new = path.with_name(f".{path.name}.{self.saves}.swp")
            new.write_text(text)
            new.chmod(path.stat().st_mode & 0o777)
            new.replace(path)
        else:
            with path.open("w") as file:
                file.write(text[: len(text) // 2])
                file.flush()
                file.write(text[len(text) // 2 :])

    def note(self, place: Path, name: str) -> None:
        """An entry of the log, in whatever zone the writer is."""
        path = self.path(place, name)
        zone, day = self.random.choice(OFFSETS), self.random.randint(1, 28)
        clock = f" {self.random.randint(0, 23):02}:{self.random.randint(0, 59):02}{zone}"
        when = f"2026-0{self.random.randint(1, 9)}-{day:02}{clock if zone else ''}"
        self.save(path, path.read_text() + f"- {when} note: {self.word('entry')}\n")

    def litter(self, place: Path) -> None:
        """What programs leave beside a record, and people in the folder: none of it is the book's."""
        word = f"{SECRET}{len(self.secrets):05}"
        self.secrets.append(word)
        name = self.random.choice(self.names_in(place) or list(PEOPLE))
        form = self.random.choice((*COPIES, *LEFT, "draft.txt", "../rejects.csv", "../NOTES.md"))
        path = place / "contacts" / form.format(name)
        if path.is_symlink():
            return
        path.write_text(f"---\nname: {name}\ntags: [{word}]\n---\n{word}\n")

    def mode(self, place: Path) -> None:
        for name in self.names_in(place)[:1]:
            path = self.path(place, name)
            path.chmod(0o755 if path.stat().st_mode & 0o100 == 0 else 0o644)

    def link(self, place: Path) -> None:
        """A link that a person keeps in the book's repo, to another place each time. It is one
        person who does: a link that two have changed is for git, and a sync says so.
        """
        target = f"contacts/{self.random.choice(PEOPLE)}.md"
        if place != self.places[0]:
            return
        path = place / "moved"
        path.unlink(missing_ok=True)
        path.symlink_to(target)
        self.git(place, "commit", "-q", "-m", "A link", "--", "moved", check=False)

    # What happens between the clones

    def meetings(self) -> list[Callable[[Path], None]]:
        return [*super().meetings(), self.aside, self.saved_while_syncing]

    def aside(self, place: Path) -> None:
        """Something is tried on a branch, which goes to its own name, and is merged then."""
        self.sync(place)
        names = self.names_in(place)
        if self.tracked_changes(place) or not names:
            return
        self.branches += 1
        name = f"try{self.branches}"
        if self.git(place, "switch", "-q", "-c", name, check=False):
            return
        self.tag(place, self.random.choice(names))
        self.sync(place)
        self.git(place, "switch", "-q", "main")
        self.git(place, "merge", "-q", "--no-edit", name)

    def saved_while_syncing(self, place: Path) -> None:
        """Somebody saves while a sync runs. What came with it and is not in what they saved, they
        have written over: it stays in the commit, and they are asked for no more than that.
        """
        words = [sys.executable, "-m", "plaincrm", "-C", str(place), "sync"]
        environ = {**os.environ, "PYTHONPATH": str(ROOT)}
        saved: dict[Path, str] = {}
        with subprocess.Popen(
            words, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            for name in self.random.sample(self.names_in(place), 2):
                time.sleep(self.random.uniform(0.05, 0.3))
                path = self.path(place, name)
                with suppress(FileNotFoundError):
                    text = path.read_text()
                    if "\n## Log" in text:
                        saved[path] = text.replace(
                            "\n## Log", f"\n{self.word('late')}\n\n## Log", 1
                        )
                        self.save(path, saved[path])
            process.wait()
        self.steady(place)
        for path, text in saved.items():
            if path.is_file() and path.read_text() == text:
                there = self.git_text(place, f"HEAD:contacts/{path.name}")
                self.seen_off.update(w for w in self.words if w in there and w not in text)

    def pull(self, place: Path) -> None:
        """Somebody who types git pull, and commits what is theirs."""
        mine = [f"contacts/{name}.md" for name in self.names_in(place)]
        self.git(place, "add", "--", *mine, check=False)
        self.git(place, "commit", "-q", "-a", "-m", "By hand", check=False)
        words = ("pull", "-q", "--no-rebase", "--no-edit", "origin", "main")
        if self.git(place, *words, check=False):
            self.git(place, "merge", "--abort", check=False)
        else:
            self.git(place, "push", "-q", "origin", "main", check=False)

    def sync(self, place: Path) -> None:
        with suppress(PlaincrmError):  # a person's own git has left something to settle first
            super().sync(place)

    # What is asked in the end

    def leaked(self) -> list[str]:
        hub = self.folder / "hub.git"
        paths = set(self.git_out(hub, "log", "--all", "--format=", "--name-only", "-z").split("\0"))
        names = {path.partition("/")[2] for path in paths if path.startswith("contacts/")}
        strange = [path for path in paths if path not in OWN and not self.is_ours(path)]
        objects = self.git_bytes(hub, "cat-file", "--batch-all-objects", "--batch")
        words = [word for word in self.secrets if word.encode() in objects]
        return [*strange, *copies(names), *words]

    def is_ours(self, path: str) -> bool:
        folder, _, name = path.rpartition("/")
        known = name.removesuffix(".md")
        known_to_us = known in PEOPLE or any(known.startswith(word) for word in self.words)
        return not path or (folder == "contacts" and known_to_us) or folder == ".plaincrm"

    def unclean(self) -> list[str]:
        return [place.name for place in self.places if self.tracked_changes(place)]

    def tracked_changes(self, place: Path) -> str:
        return self.git_out(place, "status", "--porcelain", "-uno")

    def texts(self) -> dict[str, str]:
        place = self.places[0]
        return {f"{name}.md": self.path(place, name).read_text() for name in self.names_in(place)}

    def broken(self) -> list[str]:
        found = [name for name, text in self.texts().items() if parse(text).problems]
        marked = (name for name, text in self.texts().items() if "<<<<<<<" in text)
        return [
            *found,
            *(n for n in marked if "<<<<<<<" in self.texts()[n].partition("\n---\n")[0]),
        ]

    def book(self, place: Path) -> Book:
        """As this machine's clock and zone have it."""
        number = self.places.index(place) if hasattr(self, "places") else 0
        os.environ["TZ"] = ZONES[number % len(ZONES)]
        time.tzset()
        skew = timedelta(hours=7 * number - 14)
        return Book.open(place, lambda zone: datetime(2026, 11, 21, 12, tzinfo=zone) + skew)

    def calm(self) -> None:
        for _ in range(3):
            for place in self.places:
                self.git(place, "switch", "-q", "main", check=False)
                for _ in range(3):
                    try:
                        Storm.sync(self, place)
                        break
                    except Conflict:
                        continue

    def git_text(self, place: Path, name: str) -> str:
        found = subprocess.run(["git", "show", name], cwd=place, capture_output=True, check=False)
        return found.stdout.decode()

    def git_bytes(self, place: Path, *words: str) -> bytes:
        return subprocess.run(["git", *words], cwd=place, capture_output=True, check=True).stdout
