"""`plaincrm sync`: two machines and a hub between them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from plaincrm.core.yaml.front_matter import parse
from tests.conftest import Ran, git, run_in

ADA, DEAL = "contacts/ada.md", "deals/website.md"
FILES = {
    "plaincrm.yaml": "currency: EUR\ntimezone: Europe/Berlin\n",
    ".gitattributes": "* -text\n",
    ADA: (
        "---\nname: Ada\nemail: ada@x.example   # hers\n---\nA note.\n\n## Log\n- 2026-01-01 call:"
        " Hello\n"
    ),
    DEAL: "---\nname: Website\ncontact: ada\nstage: lead\nvalue: 100 EUR\n---\n",
    "templates/hi.md": "---\nsubject: Hi\n---\nHi\n",
}


class World:
    """A hub and two clones of one book, `a` and `b`, in step with each other."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.monkeypatch = monkeypatch
        self.hub, self.a, self.b = folder / "hub.git", folder / "a", folder / "b"
        git(folder, "init", "-q", "--bare", "-b", "main", "hub.git")
        self.a.mkdir()
        git(self.a, "init", "-q", "-b", "main")
        for path, text in FILES.items():
            self.put(self.a, path, text)
        git(self.a, "add", "-A")
        git(self.a, "commit", "-q", "-m", "The book")
        assert self.sync(self.a, "--to", str(self.hub)).code == 0
        assert self.crm(folder, "clone", str(self.hub), "b").code == 0

    def crm(self, folder: Path, *words: str) -> Ran:
        return run_in(self.monkeypatch, folder, list(words))

    def sync(self, folder: Path, *words: str) -> Ran:
        return self.crm(folder, "sync", *words)

    def put(self, folder: Path, path: str, text: str) -> None:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text.encode())

    def edit(self, folder: Path, path: str, old: str, new: str) -> None:
        text = (folder / path).read_bytes().decode()
        assert old in text
        self.put(folder, path, text.replace(old, new, 1))

    def read(self, path: str) -> str:
        """The file, which must be the same on both machines."""
        one, other = ((folder / path).read_bytes() for folder in (self.a, self.b))
        assert one == other
        return one.decode()

    def settle(self) -> None:
        """Sync until nothing is new, and see that both have one tree and nothing is left lying
        about.
        """
        for folder in (self.a, self.b, self.a, self.b):
            done = self.sync(folder)
            assert done.code == 0, done.err
        assert tree(self.a) == tree(self.b) == tree(self.hub, "main")
        for folder in (self.a, self.b):
            assert git(folder, "status", "--porcelain") == ""
            assert git(folder, "for-each-ref", "refs/plaincrm") == ""
            assert not (folder / ".git" / "plaincrm" / "journal").exists()


def tree(folder: Path, rev: str = "HEAD") -> str:
    return git(folder, "rev-parse", f"{rev}^{{tree}}")


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    return World(tmp_path, monkeypatch)


def test_different_fields_of_one_record_meet(world: World) -> None:
    assert world.crm(world.a, "set", "ada", "phone=+49 30 1").code == 0
    world.edit(world.b, ADA, "# hers", "# her own")
    assert "committed your edits of 1 file" in world.sync(world.b).err
    done = world.sync(world.a)
    assert (done.code, done.out) == (0, "1 contact changed\n")
    world.settle()
    assert "email: ada@x.example   # her own\nphone: +49 30 1\n" in world.read(ADA).replace('"', "")


def test_what_both_set_is_kept_as_data_and_resolved_once(world: World) -> None:
    for folder, value in ((world.a, "200 EUR"), (world.b, "300 EUR")):
        assert world.crm(folder, "set", "website", f"value={value}").code == 0
    world.sync(world.a)
    done = world.sync(world.b)
    assert "1 contested field: plaincrm conflicts" in done.err
    world.settle()
    assert world.crm(world.a, "resolve", "website", "value", "--value", "250 EUR").code == 0
    world.settle()
    fields = parse(world.read(DEAL)).fields
    assert fields["value"] == "250 EUR"
    assert "_conflicts" not in fields


def test_a_stage_changed_by_hand_gets_its_log_entry(world: World) -> None:
    world.edit(world.a, DEAL, "stage: lead", "stage: proposal")
    world.settle()
    assert "stage: lead -> proposal" in world.read(DEAL)
    assert "Hand edits: 1 deal moved" in git(world.a, "log", "--format=%s")


def test_the_day_that_is_written_with_a_stage_by_hand_stays(world: World) -> None:
    world.edit(world.a, DEAL, "stage: lead", "stage: won\nclosed: 2026-11-02")
    world.settle()
    text = world.read(DEAL)
    assert "closed: 2026-11-02\n" in text
    assert "stage: lead -> won" in text


def test_json(world: World) -> None:
    world.edit(world.a, ADA, "Hello", "Hello!")
    answer = world.sync(world.a, "--json").json
    assert (answer["kind"], answer["committed"], answer["pushed"]) == ("sync", [ADA], True)
    answer = world.sync(world.b, "--json").json
    assert (answer["pulled"], answer["pushed"], answer["summary"]) == (
        1,
        False,
        "1 contact changed",
    )
    assert world.sync(world.b, "--json").json["summary"] == ""


def test_modify_beats_delete_loudly(world: World) -> None:
    (world.a / ADA).unlink()
    world.edit(world.b, ADA, "A note.", "A better note.")
    world.sync(world.a)
    assert "it stays" in world.sync(world.b).err
    world.settle()
    assert "A better note." in world.read(ADA)


def forget(world: World) -> None:
    """Ada, forgotten on `a`."""
    assert world.crm(world.a, "privacy", "forget", "ada", "-y").code == 0


def test_whoever_was_forgotten_stays_so_whatever_a_machine_wrote_that_did_not_know(
    world: World,
) -> None:
    forget(world)
    world.sync(world.a)
    assert world.crm(world.b, "set", "ada", "job=Boss").code == 0
    assert "was forgotten on the other side" in world.sync(world.b).err
    world.settle()
    assert not (world.b / ADA).exists()
    assert not (world.a / ADA).exists()


def test_neither_a_new_name_nor_a_copy_of_the_file_brings_them_back(world: World) -> None:
    forget(world)
    assert world.crm(world.b, "rename", "ada", "Countess Lovelace").code == 0
    world.put(world.b, "contacts/old/ada.md", "---\nname: Ada\njob: Boss\n---\n")
    world.sync(world.b)
    assert "was forgotten" in world.sync(world.a).err
    world.settle()
    assert git(world.a, "ls-files", "contacts") == ""
    assert "contact:" not in world.read(DEAL)


def test_links_to_somebody_forgotten_that_were_made_elsewhere_go(world: World) -> None:
    world.put(world.a, "contacts/ola.md", "---\nname: Ola\n---\n")
    world.settle()
    forget(world)
    assert world.crm(world.b, "add", "deal", "Shop", "contact=ada").code == 0
    world.edit(world.b, DEAL, "contact: ada", "contact: {main: ada, billing: ola}")
    world.settle()
    assert "contact:" not in world.read("deals/shop.md")
    assert parse(world.read(DEAL)).fields["contact"] == {"billing": "ola"}


def test_whoever_knows_of_it_may_have_another_of_that_name(world: World) -> None:
    forget(world)
    world.settle()
    world.put(world.b, ADA, "---\nname: Ada Byron\n---\n")
    world.edit(world.a, DEAL, "100 EUR", "200 EUR")
    world.settle()
    assert "Ada Byron" in world.read(ADA)


def test_a_deleted_record_is_gone_on_both(world: World) -> None:
    (world.a / DEAL).unlink()
    world.settle()
    assert not (world.b / DEAL).exists()


def test_changes_follow_a_rename(world: World) -> None:
    assert world.crm(world.a, "rename", "ada", "Ada Lovelace").code == 0
    world.edit(world.b, ADA, "A note.", "A better note.")
    world.settle()
    assert not (world.b / ADA).exists()
    assert "A better note." in world.read("contacts/ada-lovelace.md")
    assert "contact: ada-lovelace" in world.read(DEAL)


def test_renamed_on_both_sides_has_one_file_and_all_names(world: World) -> None:
    world.crm(world.a, "rename", "ada", "Ada Byron")
    world.crm(world.b, "rename", "ada", "Ada Lovelace")
    world.settle()
    fields = parse(world.read("contacts/ada-byron.md")).fields
    assert set(fields["aliases"]) == {"ada", "ada-lovelace"}
    assert [path.name for path in (world.a / "contacts").iterdir()] == ["ada-byron.md"]


def test_two_people_of_one_name_both_stay_and_links_follow(world: World) -> None:
    for folder, site in ((world.a, "x"), (world.b, "y")):
        world.put(folder, "contacts/bo.md", f"---\nname: Bo\nemail: bo@{site}.example\n---\n")
        world.put(folder, f"deals/{site}.md", "---\nname: D\ncontact: bo\n---\n")
    world.settle()
    found = {
        parse(path.read_text()).fields["email"]: path.stem
        for path in (world.a / "contacts").glob("bo*")
    }
    assert len(found) == 2
    for site in "xy":
        assert (
            parse(world.read(f"deals/{site}.md")).fields["contact"] == found[f"bo@{site}.example"]
        )


def test_one_person_made_twice_is_one(world: World) -> None:
    world.put(world.a, "contacts/bo.md", "---\nname: Bo\nemail: bo@x.example\n---\n")
    world.put(world.b, "contacts/friends/bo.md", "---\nname: Bo\nphone: 1\n---\n")
    world.settle()
    assert parse(world.read("contacts/bo.md")).fields == {
        "name": "Bo",
        "email": "bo@x.example",
        "phone": "1",
    }
    assert not (world.b / "contacts/friends/bo.md").exists()


def test_templates_settings_links_and_modes(world: World) -> None:
    world.edit(world.a, "templates/hi.md", "\nHi\n", "\nHi there\n")
    world.edit(world.b, "templates/hi.md", "\nHi\n", "\nHello\n")
    world.edit(world.a, "plaincrm.yaml", "EUR", "CHF")
    world.edit(world.b, "plaincrm.yaml", "Berlin", "Zurich")
    (world.a / "notes").symlink_to("contacts")
    script = world.b / "tool.sh"
    script.write_text("#!/bin/sh\n")
    script.chmod(0o755)
    git(world.a, "add", "notes")  # neither is the book's own, so somebody has to say so
    git(world.b, "add", "tool.sh")
    world.settle()
    assert world.read("plaincrm.yaml") == "currency: CHF\ntimezone: Europe/Zurich\n"
    assert len(list((world.b / "templates").glob("hi.conflict-*.md"))) == 1
    assert (world.b / "notes").is_symlink()
    assert (world.a / "tool.sh").stat().st_mode & 0o100


def test_umlauts_in_names_and_odd_paths(world: World) -> None:
    for number, name in enumerate(("jürgen", "ju\u0308rgen", 'a "b" c', "Ada")):
        world.put(world.a, f"contacts/{name}.md", f"---\nname: N{number}\n---\n")
    world.edit(world.b, ADA, "A note.", "A better note.")
    world.settle()
    assert "A better note." in world.read(ADA)
    assert "N1" in world.read("contacts/ju\u0308rgen.md")


def test_a_push_that_loses_the_race_begins_again(world: World) -> None:
    """The other machine pushes between our fetch and our push."""
    from plaincrm.book.git import sync as engine

    world.edit(world.a, ADA, "A note.", "A note of a.")
    world.edit(world.b, DEAL, "100 EUR", "150 EUR")
    push, races = engine.remote.push, [0]

    def late(*words: object) -> bool:
        races[0] += 1
        if races[0] == 1:
            assert world.sync(world.b).code == 0
        return push(*words)  # type: ignore[arg-type]

    with world.monkeypatch.context() as patched:
        patched.setattr(engine.remote, "push", late)
        assert world.sync(world.a).code == 0
    assert races[0] == 3
    world.settle()


def test_what_came_broken_is_told(world: World) -> None:
    world.put(world.b, ADA, "---\nname: Ada\nphone: 1\nphone: 2\n---\n")
    world.sync(world.b)
    assert (
        f"1 record that came has problems, such as {ADA}: plaincrm check" in world.sync(world.a).err
    )


@pytest.mark.parametrize("url", ["/nowhere/hub.git", "../other.git", "ext::sh -c true"])
def test_an_address_that_was_a_slip_is_not_kept(world: World, url: str) -> None:
    git(world.folder, "init", "-q", "--bare", "-b", "main", "other.git")
    git(world.folder, "init", "-q", "-b", "main", "else")
    git(world.folder / "else", "commit", "-q", "--allow-empty", "-m", "Another book")
    git(world.folder / "else", "push", "-q", str(world.folder / "other.git"), "main")
    git(world.a, "remote", "remove", "origin")
    assert world.sync(world.a, "--to", url).code in (6, 7)
    assert git(world.a, "remote") == ""
    assert world.sync(world.a, "--to", str(world.hub)).code == 0


def test_an_address_is_taken_back_without_the_hooks_of_a_strange_repo(world: World) -> None:
    """`git remote remove` runs them whatever core.hooksPath it is told."""
    git(world.a, "remote", "remove", "origin")
    git(world.folder, "init", "-q", "-b", "main", "other")
    world.put(world.folder / "other", ADA, "---\nname: Another Ada\n---\n")
    git(world.folder / "other", "add", "-A")
    git(world.folder / "other", "commit", "-q", "-m", "Another book")
    hook = world.a / ".git" / "hooks" / "reference-transaction"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\necho ran >> {world.folder}/ran\n")
    hook.chmod(0o755)
    assert world.sync(world.a, "--to", str(world.folder / "other")).code == 6
    assert not (world.folder / "ran").exists()
    assert git(world.a, "remote") == git(world.a, "for-each-ref", "refs/remotes") == ""


def test_sync_puts_a_stale_driver_right(world: World) -> None:
    git(world.a, "config", "merge.plaincrm.driver", "/old/plaincrm %O %A %B")
    assert "not this plaincrm's" in world.crm(world.a, "doctor").out
    world.sync(world.a)
    assert "merge driver         installed" in world.crm(world.a, "doctor").out
    git(world.a, "config", "--unset", "merge.plaincrm.driver")
    assert "no merge driver" in world.crm(world.a, "doctor").out


def test_the_branch_of_the_other_end_may_have_another_name(world: World) -> None:
    git(world.hub, "branch", "-m", "main", "trunk")
    git(world.b, "branch", "-m", "main", "mine")
    git(world.b, "config", "--remove-section", "branch.mine")
    world.edit(world.b, ADA, "A note.", "x")
    assert world.sync(world.b).code == 0
    assert git(world.hub, "for-each-ref", "--format=%(refname)") == "refs/heads/trunk\n"
    assert git(world.b, "config", "branch.mine.merge") == "refs/heads/trunk\n"


class TestRefusals:
    """What can't be synced: a clear word, and nothing changed."""

    def refused(self, world: World, code: int, said: str) -> None:
        before = git(world.a, "rev-parse", "HEAD"), git(world.a, "status", "--porcelain")
        done = world.sync(world.a)
        assert (done.code, said in done.err) == (code, True), done.err
        assert (git(world.a, "rev-parse", "HEAD"), git(world.a, "status", "--porcelain")) == before

    def test_no_remote(self, world: World) -> None:
        git(world.a, "remote", "remove", "origin")
        self.refused(world, 1, "plaincrm sync --to URL")

    def test_no_network(self, world: World) -> None:
        world.hub.rename(world.folder / "gone.git")
        self.refused(world, 7, "origin has no repo at that address")

    def test_detached_head(self, world: World) -> None:
        git(world.a, "checkout", "-q", "--detach")
        self.refused(world, 6, "git switch")

    def test_a_merge_of_the_user_s_own(self, world: World) -> None:
        (world.a / ".git" / "MERGE_HEAD").write_text(git(world.a, "rev-parse", "HEAD"))
        self.refused(world, 6, "a merge of your own is under way")

    def test_a_remote_that_was_rewound(self, world: World) -> None:
        world.edit(world.b, ADA, "A note.", "x")
        world.settle()
        git(world.hub, "update-ref", "refs/heads/main", "main~1")
        self.refused(world, 6, "was rewound")

    @pytest.mark.parametrize("met", [True, False])
    def test_another_book(self, world: World, met: bool) -> None:
        git(world.folder, "clone", "-q", "--bare", str(world.hub), "other.git")
        shutil.rmtree(world.hub)
        git(world.folder, "init", "-q", "--bare", "-b", "main", "hub.git")
        stranger = world.folder / "stranger"
        git(world.folder, "init", "-q", "-b", "main", "stranger")
        world.put(stranger, "plaincrm.yaml", "currency: USD\n")
        git(stranger, "add", "-A")
        git(stranger, "commit", "-q", "-m", "Another")
        git(stranger, "push", "-q", str(world.hub), "main")
        if not met:
            git(world.a, "update-ref", "-d", "refs/remotes/origin/main")
        self.refused(world, 6, "no history in common")
        assert git(world.a, "for-each-ref", "refs/plaincrm") == ""

    def test_markers_of_a_merge_that_nobody_finished(self, world: World) -> None:
        world.put(world.a, ADA, "---\n<<<<<<< HEAD\nname: A\n=======\nname: B\n>>>>>>> x\n---\n")
        self.refused(world, 6, "unsolved merge")

    def test_files_that_git_keeps_in_another_form(self, world: World) -> None:
        world.edit(world.b, ADA, "A note.", "x")
        world.sync(world.b)
        git(world.a, "fetch", "-q")
        (world.a / ".git" / "info").mkdir(exist_ok=True)
        (world.a / ".git" / "info" / "attributes").write_text("*.md filter=git-crypt\n")
        self.refused(world, 1, "git-crypt")

    def test_a_book_in_a_larger_repo(self, world: World) -> None:
        git(world.folder, "init", "-q")
        inner = world.folder / "inner"
        inner.mkdir()
        world.put(inner, "plaincrm.yaml", "")
        assert "larger git repo" in world.sync(inner).err

    def test_without_git(self, world: World) -> None:
        shutil.rmtree(world.a / ".git")
        assert world.sync(world.a).code == 7

    def test_another_address(self, world: World) -> None:
        assert "origin is" in world.sync(world.a, "--to", "elsewhere").err


def test_what_a_first_sync_publishes_is_said(world: World) -> None:
    git(world.folder, "init", "-q", "--bare", "-b", "main", "new.git")
    git(world.a, "remote", "remove", "origin")
    said = world.sync(world.a, "--to", str(world.folder / "new.git")).err
    told = "origin gets for the first time: 1 contact, 1 deal, 3 other files, and their past"
    assert told in said
    assert said.index(told) < said.index("pushed")
    assert "for the first time" not in world.sync(world.a).err


def test_a_contest_about_contests_stops_no_sync(world: World) -> None:
    """`_conflicts` is no field, so what somebody wrote about one of that name is text like any."""
    odd = "name: Ada\n_conflicts: {_conflicts: {values: [Q]}}"
    world.edit(world.a, ADA, "name: Ada", odd)
    world.edit(world.b, ADA, "A note.", "A better note.")
    world.settle()
    text = world.read(ADA)
    assert "A better note." in text
    assert "Q" in text


def test_a_name_that_comes_from_a_machine_that_did_not_know_is_told(world: World) -> None:
    world.put(world.a, "contacts/bob.md", "---\nname: Bob\n---\n")
    world.settle()
    assert world.crm(world.a, "privacy", "forget", "contact/ada", "-y").code == 0
    assert world.sync(world.a).code == 0
    assert world.crm(world.b, "log", "bob", "call", "ada@x.example says hello").code == 0
    said = world.sync(world.b).err + world.sync(world.a).err
    assert "contacts/bob.md" in said and "forgotten" in said, said
