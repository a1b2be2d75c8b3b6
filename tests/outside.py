"""Whatever lies in a book, no command reads, writes, moves or deletes anything outside of it.

    python -m tests.outside --seed 1 --rounds 200

Each round takes a small book with a foreign folder beside it, puts links, folders, files, modes, git
repos and odd names where the book's own things are, by hand or by a sync, and runs every command.
An audit hook sees each file that the program itself touches. What git touches shows in the folder,
which must stay as it was, and in the words that lie there, which may come out nowhere.
"""

from __future__ import annotations

import io
import os
import random
import shlex
import shutil
import stat
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from importlib import import_module
from pathlib import Path
from typing import Any
from unittest.mock import patch

import click

from plaincrm.cli import COMMANDS, run

CANARY = "canary7f3a"  # stands in every file outside
MAIL = f"From: Eve <eve@x.example>\nTo: me@x.example\nSubject: {CANARY}\nDate: 1 Nov 2026 09:00\n\n{CANARY}\n"
BOOK = {
    "plaincrm.yaml": "me: {name: Me, email: me@x.example}\ncurrency: EUR\ntimezone: Europe/Berlin\n",
    ".gitattributes": "* -text\n",
    ".gitignore": "inbox/\noutbox/\n",
    "dashboard.yaml": "panels: []\n",
    "contacts/ada.md": (
        "---\nname: Ada Keel\nemail: ada@x.example\ncompany: acme\ntags: [vip]\nnext: 2026-11-20 Call\n"
        "---\n\n## Tasks\n- [ ] Send it due:2026-11-20\n\n## Log\n- 2026-11-01 call: Hi\n"
    ),
    "contacts/bo.md": "---\nname: Bo\nemail: bo@x.example\n---\n",
    "companies/acme.md": "---\nname: Acme\n---\n",
    "deals/site.md": "---\ntitle: Site\ncontact: ada\nstage: lead\nvalue: 100 EUR\n---\n",
    "deals/logo.md": "---\ntitle: Logo\ncontact: bo\nstage: proposal\n---\n",
    "tickets/t-k7m2.md": "---\nsubject: Help\ncontact: ada\nstatus: open\n---\n",
    "articles/reset.md": "---\ntitle: Reset\naudience: public\n---\nSo.\n",
    "templates/hi.md": "---\nsubject: Hi\nattachments: [files/a.txt]\n---\nHi {{ contact.name }}\n",
    "files/a.txt": "attached\n",
    "segments/warm.yaml": "kind: contact\nquery: +vip\n",
    "sequences/hello.yaml": "steps: [{template: hi, after: 1d}]\n",
    "campaigns/autumn.md": "---\nname: Autumn\ntemplate: hi\nsegment: warm\n---\n",
    "products/logo.md": "---\nname: Logo\nprice: 10 EUR\n---\n",
    ".plaincrm/suppressed": "",
    "inbox/mail.eml": MAIL.replace(CANARY, "Hello"),
    "inbox/people.csv": "Name,Email\nCy,cy@x.example\n",
    "outbox/old.eml": MAIL.replace(CANARY, "Waiting"),
    "outbox/sent/done.eml": MAIL.replace(CANARY, "Sent"),
}
OUTSIDE = (
    "ada.md",
    "secret.txt",
    "contacts/eve.md",
    "mail/m.eml",
    "outbox/sent/x.eml",
    "rejects.csv",
    "templates/evil.md",
    "segments/s.yaml",
    "a/b/c.md",
    "plaincrm.yaml",
    "hooks/pre-commit",
)
RUNS: dict[str, tuple[str, ...]] = {
    "today": ("", "--all", "--json"),
    "agenda": ("", "--ics -"),
    "add": ("contact New --new", "deal More contact=ada", "ticket Late contact=bo"),
    "show": ("ada", "site --history", "t-k7m2"),
    "list": ("contacts", "deals --json", "log", "tasks", "contacts --as-of 2026-11-20"),
    "find": ("hello", CANARY),
    "edit": ("ada",),
    "set": ("ada city=Rome", "contacts --where has:email city=Oslo -y"),
    "log": ("ada call Rang", "site note Hm"),
    "task": ("add ada Later due:fri",),
    "done": ("ada", "-y ada"),
    "snooze": ("ada fri",),
    "pipeline": ("", "--board"),
    "dashboard": ("-o -",),
    "move": ("site proposal",),
    "win": ("site",),
    "lose": ("logo --reason price",),
    "forecast": ("",),
    "score": ("deals",),
    "invoice": ("site 100", "list", "add site 50", "paid 2026-1"),
    "document": ("quote site -o -",),
    "report": ("sales", "list"),
    "segment": ("list", "show warm", "save new contacts has:name", "rm warm -y", "snapshot warm"),
    "email": ("hi ada --outbox", "hi --where has:email --csv -"),
    "outbox": (
        "list",
        "open old",
        "send --all -n",
        "send --all -y",
        "sent --all -y",
        "drop --all -y",
        "show old",
    ),
    "template": ("list", "edit hi", "check", "copy follow-up", "show hi"),
    "sequence": (
        "list",
        "show hello",
        "leave hello ada",
        "results hello",
        "check",
        "enrol hello ada",
        "due hello --outbox",
    ),
    "campaign": (
        "list",
        "show autumn",
        "visits autumn inbox/people.csv",
        "new spring template=hi",
        "write autumn -y",
        "results autumn",
    ),
    "ticket": (
        "assign t-k7m2 me",
        "link t-k7m2 article/reset",
        "merge t-k7m2 t-k7m2 -y",
        "note t-k7m2 Hm",
        "reopen t-k7m2",
        "split t-k7m2 1",
        "list",
        "reply t-k7m2 So",
        "solve t-k7m2",
        "open --email inbox/mail.eml",
    ),
    "sla": ("", "explain t-k7m2"),
    "kb": ("search so", "suggest t-k7m2", "portal ../results/portal", "gaps"),
    "init": (".",),
    "adopt": (". -n",),
    "demo": (),
    "check": ("", "--fix -y", "--style"),
    "rename": ("bo Bob", "acme Acme-Ltd"),
    "dedupe": ("",),
    "merge": ("ada bo -y",),
    "rm": ("logo -y", "bo -y"),
    "privacy": ("export ada", "forget bo -y"),
    "history": ("", "ada"),
    "blame": ("ada",),
    "commit": ("",),
    "undo": ("",),
    "redo": ("",),
    "sync": ("", "-y"),
    "clone": ("../hub.git ../results/clone",),
    "backup": ("../results/backup",),
    "conflicts": ("",),
    "resolve": ("ada",),
    "import": ("-y", "inbox/people.csv -y", "inbox/mail.eml -y"),
    "export": ("csv contacts", "vcf", "site ../results/site", "json -o ../results/x.json"),
    "sql": ("select(1)",),
    "automation": ("list", "test ada", "run -y"),
    "mcp": ("",),
    "schedule": ("show",),
    "watch": (),
    "schema": ("",),
    "config": ("", "language=de"),
    "doctor": ("",),
    "completion": ("bash",),
    "help": ("set",),
}
assert RUNS.keys() == COMMANDS.keys(), "every command runs here, or says that it does not"
OF_THE_SYSTEM = {"schedule install", "schedule remove"}  # they write the user's own timers


def missing() -> set[str]:
    """The second words of commands that run nowhere here."""
    found = set()
    for word in COMMANDS:
        command = import_module(f"plaincrm.commands.{word}").command
        if isinstance(command, click.Group):
            run = {line.split()[0] for line in RUNS[word] if line}
            every = command.list_commands(click.Context(command))
            found |= {f"{word} {second}" for second in every if second not in run}
    return found - OF_THE_SYSTEM


class Watched:
    """What the audit hook saw below `tree` while it was on: what each event names, as it is found
    through all links.
    """

    def __init__(self) -> None:
        self.tree = ""
        self.seen: list[str] = []
        sys.addaudithook(self.hook)

    def hook(self, event: str, args: tuple[Any, ...]) -> None:
        if not self.tree or not (event == "open" or event.startswith(("os.", "shutil."))):
            return
        tree, self.tree = self.tree, ""  # what follows is no deed of the program
        try:
            for path in _places(event, args):
                if path == tree or path.startswith(f"{tree}/"):
                    self.seen.append(f"{event} {path}")
        finally:
            self.tree = tree


# Those that deal with a link itself.
_NOT_THROUGH = ("os.remove", "os.rename", "os.symlink", "os.link", "os.rmdir", "os.mkdir")


def _places(event: str, args: tuple[Any, ...]) -> Iterator[str]:
    flags = args[2] if event == "open" and len(args) > 2 and isinstance(args[2], int) else 0
    named = args[1:2] if event == "os.symlink" else args[:1]  # what a link says, nobody opens
    for arg in args[:2] if event in ("os.rename", "os.link") else named:
        if not isinstance(arg, str | bytes | os.PathLike):
            continue
        path = str(Path.cwd() / os.fsdecode(arg))
        folder, name = os.path.split(path)
        through = event not in _NOT_THROUGH and not flags & os.O_NOFOLLOW
        yield os.path.realpath(path) if through else f"{os.path.realpath(folder)}/{name}"


class Round:
    """One book, bent."""

    def __init__(self, folder: Path, seed: int, watched: Watched) -> None:
        self.folder, self.random, self.watched = folder, random.Random(seed), watched
        self.book, self.outside = folder / "book", folder / "outside"
        self.bends: list[str] = []
        for path in OUTSIDE:
            place = self.outside / path
            place.parent.mkdir(parents=True, exist_ok=True)
            text = MAIL if path.endswith(".eml") else f"---\nname: {CANARY}\n---\n{CANARY}\n"
            place.write_text(text)
        (folder / "results").mkdir()
        for path, text in BOOK.items():
            place = self.book / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text)
        self.git(folder, "init", "-q", "--bare", "-b", "main", "hub.git")
        self.git(self.book, "init", "-q", "-b", "main")
        self.commit(self.book, force=False)
        self.git(self.book, "remote", "add", "origin", "../hub.git")
        self.git(self.book, "push", "-q", "-u", "origin", "main")

    def play(self) -> None:
        """Bend it, and run some commands. Raises AssertionError where something got out."""
        if self.random.random() < 0.4:
            peer = self.folder / "peer"
            self.git(self.folder, "clone", "-q", "hub.git", "peer")
            self.bend(peer)
            self.commit(peer, force=True)
            self.git(peer, "push", "-q", "origin", "main", check=False)
            self.run(["sync", "-y"])
        else:
            self.bend(self.book)
            if self.random.random() < 0.5:
                self.commit(self.book, force=True)
        lines = [f"{word} {rest}".split() for word, every in RUNS.items() for rest in every]
        for words in self.random.sample(lines, 25):
            self.run(words)

    def run(self, words: list[str]) -> None:
        before = _facts(self.outside)
        out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="surrogateescape")
        empty = io.TextIOWrapper(io.BytesIO(b""), encoding="utf-8")
        os.chdir(self.book)
        self.watched.seen.clear()
        self.watched.tree = str(self.outside)
        try:
            with redirect_stdout(out), redirect_stderr(out), patch.object(sys, "stdin", empty):
                code = run(words)
        finally:
            self.watched.tree = ""
        out.flush()
        said = out.buffer.getvalue().decode("utf-8", "replace")  # type: ignore[attr-defined]
        what = f"{' '.join(words)} in {self.bends}: "
        assert not self.watched.seen, f"{what}{self.watched.seen}"
        assert _facts(self.outside) == before, f"{what}the folder outside was changed"
        assert CANARY in words or CANARY not in said, f"{what}{said}"
        assert code != 70, f"{what}{said}"
        for path in _files(self.book):
            assert CANARY.encode() not in path.read_bytes(), f"{what}{path}"

    def bend(self, root: Path) -> None:
        for _ in range(self.random.randint(1, 4)):
            every = sorted(path for path in root.rglob("*") if ".git" not in path.parts)
            every = [path for path in every if not path.is_symlink()]
            how = self.random.choice([self.linked, self.linked, self.swapped, self.odd, self.repo])
            place = self.random.choice(every)
            self.bends.append(f"{how.__name__} {place.relative_to(root)}")
            how(place)

    def linked(self, place: Path) -> None:
        """A link in its place: to a file or a folder outside, by either way, or to nothing."""
        folders = [path for path in self.outside.rglob("*") if path.is_dir()]
        files = [path for path in self.outside.rglob("*") if path.is_file()]
        same = folders if place.is_dir() else files
        target = self.random.choice([*same, self.random.choice([*files, *folders]), self.outside])
        _remove(place)
        away = os.path.relpath(target, place.parent)
        place.symlink_to(self.random.choice([str(target), away, f"{target}.nowhere"]))

    def swapped(self, place: Path) -> None:
        """A folder for a file, a file for a folder; or a mode."""
        if self.random.random() < 0.3:
            place.chmod(self.random.choice([0o000, 0o755, 0o444]))
        elif place.is_dir():
            _remove(place)
            place.write_text("a file\n")
        else:
            place.unlink()
            place.mkdir()
            (place / "in.md").write_text("---\nname: In\n---\n")

    def odd(self, place: Path) -> None:
        """Files with names that mean something to somebody, and a pipe that nobody writes to."""
        folder = place if place.is_dir() else place.parent
        names = ["-rf", "$(id).md", "a\nb.md", "..md", "*.md", "git~1.md", "bad\udcff.md", " .md"]
        name = self.random.choice([*names, "pipe.md"])
        if name == "pipe.md":
            os.mkfifo(folder / name)
        else:
            (folder / name).write_text("---\nname: Odd\n---\n")

    def repo(self, place: Path) -> None:
        """A git repo in the book: of its own, a submodule, or a worktree whose git folder lies
        outside.
        """
        folder = place if place.is_dir() else place.parent
        kind = self.random.choice(["worktree", "own", "submodule"])
        if kind == "submodule":
            self.submodule(folder)
        elif (folder / ".git").exists():
            return
        elif kind == "worktree":
            (folder / ".git").write_text(f"gitdir: {self.outside}\n")
        else:
            self.git(folder, "init", "-q", "sub")
            (folder / "sub" / "x.md").write_text("---\nname: Sub\n---\n")

    def submodule(self, folder: Path) -> None:
        """A submodule, with a filter in its own configuration that writes outside when it runs."""
        allowed = ["-c", "protocol.file.allow=always"]
        hub = str(self.folder / "hub.git")
        self.git(folder, *allowed, "submodule", "--quiet", "add", "-f", hub, "sub", check=False)
        if not (folder / "sub" / ".git").is_file():
            return  # git takes none there
        marks = shlex.quote(str(self.outside / "ran"))
        self.git(folder / "sub", "config", "filter.f.clean", f"touch {marks}; cat")
        (folder / "sub" / ".gitattributes").write_text("*.md filter=f\n")
        (folder / "sub" / "new.md").write_text("---\nname: Sub\n---\n")

    def commit(self, root: Path, *, force: bool) -> None:
        self.git(root, "add", "-A", *(["-f"] if force else []), check=False)
        self.git(root, "commit", "-q", "-m", "As it is", check=False)

    def git(self, root: Path, *words: str, check: bool = True) -> None:
        who = ("-c", "user.name=T", "-c", "user.email=t@x.example")
        subprocess.run(["git", *who, *words], cwd=root, check=check, capture_output=True)


def _remove(place: Path) -> None:
    if place.is_dir():
        shutil.rmtree(place)
    else:
        place.unlink()


def _files(root: Path) -> list[Path]:
    """The regular files of the book; those of git are compressed, and looked at for their names."""
    return [
        path
        for folder, _, names in os.walk(root)
        for path in (Path(folder, name) for name in names)
        if stat.S_ISREG(path.lstat().st_mode)
    ]


def _facts(root: Path) -> list[tuple[str, int, int, int, bytes]]:
    """All that is to be seen of a folder: names, modes, sizes, times, contents."""
    found = []
    for path in sorted(root.rglob("*")):
        seen = path.lstat()
        data = path.read_bytes() if path.is_file() else b""
        found.append((str(path), seen.st_mode, seen.st_size, seen.st_mtime_ns, data))
    return found


def main() -> None:
    parser = ArgumentParser(prog="python -m tests.outside", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="of the first round; each has the next")
    parser.add_argument("--rounds", type=int, default=20)
    options = parser.parse_args()
    watched = Watched()
    with tempfile.TemporaryDirectory(prefix="plaincrm-outside-") as folder:
        home = Path(folder, "home")
        home.mkdir()
        os.environ |= {
            "HOME": str(home),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "PLAINCRM_TODAY": "2026-11-21",
            "EDITOR": "true",
            "EMAIL": "t@x.example",
        }
        for seed in range(options.seed, options.seed + options.rounds):
            place = Path(os.path.realpath(folder), str(seed))
            place.mkdir()
            Round(place, seed, watched).play()
            os.chdir(folder)
            shutil.rmtree(place)
    print(f"{options.rounds} rounds, nothing got out")


if __name__ == "__main__":
    main()
