"""Whatever is done to a book, by the program, by hand or by git: the cached answer is that of a
fresh reading.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from plaincrm.cli import run
from tests.conftest import git
from tests.crm.answers import same

IDS = st.sampled_from(["ada", "bo", "cy", "x/dee", "x/y/ada"])
FOLDERS = st.sampled_from(["contacts", "deals", "tickets"])
STAGES = ("lead", "won", "lost", "open")
TEXTS = st.builds(
    "---\nname: {0}\nstage: {1}\ncontact: {2}\n---\n"
    "- [ ] {0} due:2026-11-{3:02}\n\n## Log\n- 2026-11-{3:02} call: {0}\n".format,
    st.sampled_from("ABC"),
    st.sampled_from(STAGES),
    st.sampled_from(["ada", "bo", "nobody"]),
    st.integers(1, 28),
)
ODD = st.sampled_from(
    [
        "",
        "---\n",
        "---\nname: [\n---\n",
        "no fence\n",
        "---\nname: \ntags: []\n---\n",
        "\ufeff---\nname: B\n---\n",
    ]
)
KINDS = ("contacts", "deals", "tickets")


class AnyLife(RuleBasedStateMachine):
    """One small book, and all that happens to it."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp()) / "book"
        self.root.mkdir()
        (self.root / "plaincrm.yaml").write_text("currency: EUR\ncadence: {status:customer: 30d}\n")
        self.write("contacts", "ada", "---\nname: Ada\n---\n")
        git(self.root, "init", "-q", "-b", "main")
        self.commit()

    def teardown(self) -> None:
        shutil.rmtree(self.root.parent)

    @property
    def records(self) -> list[Path]:
        return sorted(path for folder in KINDS for path in (self.root / folder).rglob("*.md"))

    def write(self, folder: str, id: str, text: str) -> None:
        path = self.root / folder / f"{id}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def commit(self) -> None:
        git(self.root, "add", "-A")
        git(self.root, "commit", "-qm", "State", "--allow-empty")

    @rule(folder=FOLDERS, id=IDS, text=TEXTS | ODD)
    def save(self, folder: str, id: str, text: str) -> None:
        self.write(folder, id, text)

    @rule(folder=FOLDERS, id=IDS, text=TEXTS)
    def save_by_rename(self, folder: str, id: str, text: str) -> None:
        self.write(folder, "_new", text)
        target = self.root / folder / f"{id}.md"
        target.parent.mkdir(parents=True, exist_ok=True)
        (self.root / folder / "_new.md").replace(target)

    @precondition(lambda self: self.records)
    @rule(data=st.data(), letters=st.text("XYZ", min_size=1, max_size=3))
    def change_in_place_within_a_tick(self, data: st.DataObject, letters: str) -> None:
        path = data.draw(st.sampled_from(self.records))
        for letter in letters:
            same(self.root)
            path.write_text(path.read_text().replace("A", letter, 1))

    @precondition(lambda self: self.records)
    @rule(data=st.data(), hours=st.integers(-50, 50))
    def jump_in_time(self, data: st.DataObject, hours: int) -> None:
        path = data.draw(st.sampled_from(self.records))
        os.utime(path, ns=(0, path.stat().st_mtime_ns + hours * 3_600 * 10**9))

    @precondition(lambda self: self.records)
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        data.draw(st.sampled_from(self.records)).unlink()

    @precondition(lambda self: self.records)
    @rule(data=st.data(), folder=FOLDERS, id=IDS)
    def move(self, data: st.DataObject, folder: str, id: str) -> None:
        target = self.root / folder / f"{id}.md"
        target.parent.mkdir(parents=True, exist_ok=True)
        data.draw(st.sampled_from(self.records)).replace(target)

    @rule(folder=FOLDERS)
    def drop_a_folder(self, folder: str) -> None:
        shutil.rmtree(self.root / folder / "x", ignore_errors=True)

    @rule(many=st.integers(17, 40))
    def many_at_once(self, many: int) -> None:
        for n in range(many):
            self.write("deals", f"deal-{n}", f"---\nname: {n}\nvalue: {many}\n---\n")

    @rule(
        words=st.sampled_from(
            [
                ("set", "contact/ada", "job=Painter"),
                ("set", "contact/ada", "tags+=vip"),
                ("list", "deals", "is:won"),
                ("list", "contacts", "name:A"),
                ("today",),
                ("rename", "contact/ada", "Ada Bee"),
                ("list", "tickets"),
            ]
        )
    )
    def run_the_program(self, words: tuple[str, ...]) -> None:
        run(["-C", str(self.root), *words])

    @rule()
    def commit_all(self) -> None:
        self.commit()

    @rule()
    def put_aside_and_back(self) -> None:
        git(self.root, "stash", "-qu")
        same(self.root)
        if git(self.root, "stash", "list"):
            git(self.root, "stash", "pop", "-q")

    @rule(back=st.integers(0, 2))
    def go_back(self, back: int) -> None:
        count = int(git(self.root, "rev-list", "--count", "HEAD"))
        git(self.root, "reset", "-q", "--hard", f"HEAD~{min(back, count - 1)}")

    @rule(line=st.sampled_from(["ada.md\n", "x/\n", "*.tmp\n", ""]))
    def ignore(self, line: str) -> None:
        (self.root / ".gitignore").write_text(line)

    @rule(
        line=st.sampled_from(
            ["currency: USD\n", "pipelines: {default: {open: {}, lead: {status: won}}}\n"]
        )
    )
    def change_the_settings(self, line: str) -> None:
        (self.root / "plaincrm.yaml").write_text(line)

    @rule(cut=st.integers(0, 400))
    def damage_the_cache(self, cut: int) -> None:
        for path in (self.root / ".git" / "plaincrm" / "cache").glob("*"):
            path.write_bytes(path.read_bytes()[: -cut or None])

    @invariant()
    def the_cache_says_what_the_files_say(self) -> None:
        same(self.root)


TestAnyLife = AnyLife.TestCase
TestAnyLife.settings = settings(max_examples=15, stateful_step_count=12, deadline=None)
