"""git, by its command line: what a book asks of it.

git runs as the user set it up (credentials, ssh, signing), but never the code of a strange repo:
see git_settings.py. All paths are relative to the book, with `/`, wherever in its repo the book
lies. Each call costs some milliseconds, so methods start git once where they can; `Git.calls`
counts.
"""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from plaincrm.book.git import refusals, repo_state
from plaincrm.book.git import settings as git_settings
from plaincrm.book.git.answers import (
    GitAnswer,
    commit_id,
    failure,
    listed,
    parse_batch,
    parse_status,
)
from plaincrm.book.git.git_process import run_program
from plaincrm.book.git.log import FORMAT, Commit, parse_log
from plaincrm.book.private_folder import Repo, find_repo
from plaincrm.errors import GitFailed

_MANY = 200  # paths beyond which a status without paths is the cheaper and safer question


class Git:
    """The git repo that the book at `root` lies in."""

    def __init__(self, root: Path, repo: Repo) -> None:
        self.root = Path(os.path.realpath(root))
        self.repo = repo
        self.calls = 0

    @staticmethod
    def available() -> bool:
        """Whether git is installed."""
        return shutil.which("git") is not None

    @classmethod
    def of(cls, root: Path) -> Git | None:
        """The git of the book, or None where git is missing or the book is in no repo. Starts
        nothing.
        """
        repo = find_repo(root)
        return cls(root, repo) if repo is not None and cls.available() else None

    @classmethod
    def init(cls, root: Path) -> Git:
        """Makes `root` a repo with the branch `main`. Raises GitFailed."""
        flags = [word for setting in git_settings.FIXED for word in ("-c", setting)]
        answer = _start([*flags, "-c", "init.templateDir=", "init", "-q", "-b", "main"], root, None)
        repo = find_repo(root)
        if answer.code or repo is None:
            raise failure("init", answer)
        return cls(root, repo)

    @classmethod
    def clone(cls, url: str, root: Path) -> Git:
        """Clones a repo into the new folder `root`, running no code of it. Raises GitFailed."""
        flags = [
            word
            for setting in (*git_settings.FIXED, git_settings.NO_HOOKS)
            for word in ("-c", setting)
        ]
        words = ["clone", "-q", "--no-recurse-submodules", "--template=", "--", url, str(root)]
        answer = _start([*flags, *words], root.parent, None)
        repo = find_repo(root) if not answer.code else None
        if repo is None:
            raise refusals.explained("clone", url, answer)
        return cls(root, repo)

    @property
    def below_root(self) -> bool:
        """Whether the book is only a part of its repo."""
        return self.root != self.repo.work_tree

    @property
    def prefix(self) -> str:
        """The book's path within the repo: empty, or ending in `/`."""
        inner = self.root.relative_to(self.repo.work_tree).as_posix()
        return "" if inner == "." else inner + "/"

    def version(self) -> tuple[int, ...]:
        """git's version, such as (2, 39, 5)."""
        return tuple(map(int, re.findall(r"\d+", self.run("version").decode())[:3]))

    def call(
        self,
        *args: str,
        input: bytes | None = None,
        settings: Sequence[str] = (),
        index: Path | None = None,
    ) -> GitAnswer:
        """Runs git with `args` in the book, under safe settings and `settings`. Never raises for an
        exit code.

        `index` is a file to use in place of the repo's own index.
        """
        self.calls += 1
        extra = (
            ["--no-ext-diff", "--no-textconv"]
            if args[0] in ("diff", "log", "show", "diff-tree")
            else []
        )
        extra += git_settings.far_end(self._settings, args[0])
        words = [
            *self._flags,
            *(word for setting in settings for word in ("-c", setting)),
            args[0],
            *extra,
            *args[1:],
        ]
        environ = {"GIT_INDEX_FILE": str(index)} if index else {}
        if git_settings.far_end(self._settings, "fetch"):
            environ["GIT_NO_LAZY_FETCH"] = "1"  # a missing object would be fetched by that program
        return _start(words, self.root, input, environ)

    def run(
        self,
        *args: str,
        input: bytes | None = None,
        settings: Sequence[str] = (),
        index: Path | None = None,
    ) -> bytes:
        """Like `call`, but gives the output, and raises GitFailed if git fails. Waits for a busy
        index.
        """
        answer = self.call(*args, input=input, settings=settings, index=index)
        for _ in range(20):
            if not answer.code or "index.lock': File exists" not in answer.err:
                break
            time.sleep(0.1)
            answer = self.call(*args, input=input, settings=settings, index=index)
        if answer.code:
            raise failure(args[0], answer)
        return answer.out

    def head(self) -> str | None:
        """The id of the current commit; None before the first one."""
        return self.run_or_none("rev-parse", "-q", "--verify", "HEAD^{commit}")

    def run_or_none(self, *args: str) -> str | None:
        """The output as stripped text, or None if git says no with exit code 1."""
        answer = self.call(*args)
        if answer.code > 1:
            raise failure(args[0], answer)
        return None if answer.code else _text(answer.out).strip()

    def status(self, paths: Sequence[str] = (), *, ignored: bool = False) -> dict[str, str]:
        """What differs from the last commit: path → the two letters of `git status --porcelain`.

        `paths` limits the question. With `ignored`, ignored files are told too, as `!!`.
        """
        words = ["status", "--porcelain=v1", "-z", "-uall", "--no-renames"]
        # git would start another git in each, which runs what that one's config names.
        words += ["--ignore-submodules=all"]
        words += ["--ignored=traditional"] if ignored else []
        wanted = set(paths)
        given = list(paths) if paths and len(paths) <= _MANY else ["."]
        found = parse_status(self.run(*words, "--", *given), self.prefix)
        return {path: state for path, state in found.items() if not wanted or path in wanted}

    def ignored(self, folders: Iterable[str]) -> frozenset[str]:
        """The ignored files and folders (these end in `/`) below `folders`."""
        words = ["ls-files", "-z", "-o", "-i", "--exclude-standard", "--directory", "--", *folders]
        return frozenset(filter(None, _text(self.run(*words)).split("\0")))

    def commit(
        self, paths: Sequence[str], message: str, *, new: Sequence[str] | None = None
    ) -> str | None:
        """Commits the present state of exactly `paths`, leaving alone what else is staged. The
        commit's id.

        Ignored paths and paths without a change are left out; None if nothing remains. `new` names
        those that git doesn't know yet, where the caller knows and the rest surely differ; else git
        is asked. Raises Conflict during a merge of the user's own, GitFailed.
        """
        repo_state.refuse_if_busy(self.repo)
        if len(paths) > _MANY:
            from plaincrm.book.git import bulk_commit

            return bulk_commit.commit(self, list(self.status(paths)), message)
        known, new = (list(paths), list(new)) if new is not None else self._differing(paths)
        if new and not self._begin_tracking(new):
            known, rest = self._differing(paths)
            known = [path for path in known if path not in rest]
        if not known:
            return None
        words = ["--only", "--pathspec-from-file=-", "--pathspec-file-nul"]
        return self.record(message, words, input=listed(known))

    def record(
        self,
        message: str,
        words: Sequence[str] = (),
        *,
        input: bytes | None = None,
        index: Path | None = None,
    ) -> str | None:
        """Runs `git commit` with `words`; where neither git nor the system knows a name, as
        `plaincrm`.
        """
        words = [
            "commit",
            "-m",
            message.replace("\0", ""),
            "--cleanup=verbatim",
            "--no-status",
            *words,
        ]
        try:
            return commit_id(self.run(*words, input=input, index=index))
        except GitFailed as refusal:
            if re.search(r"(nothing|no changes)( added)? to commit", refusal.message):
                return None
            if not re.search(r"auto-detect name|empty ident name", refusal.message):
                raise
            self._flags.extend(["-c", "user.name=plaincrm"])
            return commit_id(self.run(*words, input=input, index=index))

    def log(
        self,
        paths: Sequence[str] = (),
        *,
        limit: int = 0,
        follow: bool = False,
        rev: str = "HEAD",
        options: Sequence[str] = (),
    ) -> list[Commit]:
        """Commits that touched the book (or `paths`), newest first, each with its changed files and
        blob ids.

        `follow` goes through renames of the one path. `options` are further words for `git log`,
        never a user's (`--since=…`, `--first-parent`). Empty before the first commit.
        """
        words = [
            "log",
            "-z",
            "--raw",
            "--no-abbrev",
            "-M",
            "--relative",
            "--encoding=UTF-8",
            FORMAT,
        ]
        words += [f"-{limit}"] if limit else []
        words += ["--follow"] if follow else []
        words += [*options, "--end-of-options", rev, "--", *(paths or ["."] * self.below_root)]
        answer = self.call(*words)
        if answer.code and re.search(
            r"does not have any commits yet|bad revision 'HEAD'", answer.err
        ):
            return []
        if answer.code:
            raise failure("log", answer)
        return [self._without_guesses(commit) for commit in parse_log(answer.out)]

    def _without_guesses(self, commit: Commit) -> Commit:
        """Of a commit whose parents are not here, git says that it made every file."""
        cut = commit.id in self.boundary
        return replace(commit, files=(), cut=True) if cut else commit

    @cached_property
    def boundary(self) -> frozenset[str]:
        """The commits at which a shallow clone's history is cut."""
        return repo_state.boundary(self.repo)

    def show(self, rev: str, path: str) -> bytes | None:
        """The content of `path` in the commit `rev`; None if it isn't there."""
        answer = self.call("cat-file", "blob", f"{_plain(rev)}:./{path}")
        if answer.code and re.search(r"does not exist|exists on disk|not in|path '", answer.err):
            return None
        if answer.code:
            raise failure("show", answer)
        return answer.out

    def tree(self, rev: str, folders: Sequence[str] = ()) -> dict[str, str]:
        """The book's regular files in the commit `rev`: path → blob id."""
        out = _text(self.run("ls-tree", "-r", "-z", _plain(rev), "--", *folders))
        rows = [line.partition("\t") for line in out.split("\0") if line]
        return {path: facts.split()[2] for facts, _, path in rows if facts.startswith("100")}

    def blobs(self, ids: Sequence[str]) -> list[bytes | None]:
        """The contents of many objects, in order, by one process; None for one that isn't there."""
        if not ids:
            return []
        out = self.run("cat-file", "--batch", input="".join(f"{id}\n" for id in ids).encode())
        return parse_batch(out)

    @cached_property
    def _flags(self) -> list[str]:
        """The `-c` words of every call."""
        fixed = [*git_settings.FIXED, *git_settings.overrides(self._settings)]
        fixed += [] if git_settings.hooks_wanted(self._settings) else [git_settings.NO_HOOKS]
        return [word for setting in fixed for word in ("-c", setting)]

    def users_own(self, pattern: str) -> dict[str, str]:
        """The keys that match in the user's own configuration, not in the repo's."""
        own = (
            (key, value)
            for scope, key, value in self._all_settings
            if scope not in git_settings.OF_REPO
        )
        return {key: value for key, value in own if re.fullmatch(pattern, key, re.IGNORECASE)}

    @cached_property
    def _settings(self) -> list[git_settings.Setting]:
        """git's own configuration, asked for where a look at the files won't do; else nothing of
        note.
        """
        return self._all_settings if git_settings.need_look(self.repo) else []

    @cached_property
    def _all_settings(self) -> list[git_settings.Setting]:
        self.calls += 1
        answer = _start(["config", "--list", "--show-scope", "--includes", "-z"], self.root, None)
        if answer.code:
            raise failure("config", answer)
        return list(git_settings.parse_settings(answer.out))

    def _differing(self, paths: Sequence[str]) -> tuple[list[str], list[str]]:
        """Those of `paths` that differ from the last commit, and those of them that git doesn't
        know.
        """
        states = self.status(paths) if paths else {}
        return list(states), [path for path, state in states.items() if state == "??"]

    def _begin_tracking(self, new: Sequence[str]) -> bool:
        """Tells git of new paths without staging their content. False if some of them are
        ignored.
        """
        words = ["add", "-N", "--pathspec-from-file=-", "--pathspec-file-nul"]
        answer = self.call(*words, input=listed(new))
        if answer.code == 1 and "ignored by one of your" in answer.err:
            return False
        if answer.code:
            self.run(*words, input=listed(new))
        return True


def identity_here() -> tuple[str, str]:
    """Name and e-mail of the user as git knows them, in no repo; empty where it does not."""
    if not Git.available():
        return "", ""
    asked = (
        _start(["config", "--global", "--get", f"user.{key}"], Path.home(), None)
        for key in ("name", "email")
    )
    name, email = (
        "" if each.code else each.out.decode("utf-8", "replace").strip() for each in asked
    )
    return name, email


def _start(
    args: Sequence[str], folder: Path, input: bytes | None, environ: Mapping[str, str] | None = None
) -> GitAnswer:
    program = shutil.which("git")
    if program is None:
        raise GitFailed(
            "git is not installed", "install git, or use the book without history, undo and sync"
        )
    words = [program, "--no-optional-locks", *args]
    return run_program(words, folder, {**git_settings.environment(), **(environ or {})}, input)


def _text(out: bytes) -> str:
    return out.decode("utf-8", "surrogateescape")


def _plain(rev: str) -> str:
    """A revision that can't be taken for an option."""
    if rev.startswith("-"):
        raise GitFailed(f"{rev!r} is no revision")
    return rev
