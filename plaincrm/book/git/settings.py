"""Which settings git runs under: those of the user, never the code of a repo that somebody else
wrote.

A repo's own config can name programs (filters, hooks, signing, ssh), and git runs them on commands
as plain as `status`. Cloning carries no config, but a copied, unzipped or synced `.git` does. So:
fixed settings on each call, and where the repo's config holds more than the tame lines that every
repo has, its dangerous keys are set back to what the user's own config says, or to nothing. A
filter that the repo *requires* (git-crypt) then makes git refuse, which is right: its plain text
must not be committed. The global config may allow it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from plaincrm.book import atomic
from plaincrm.book.private_folder import Repo
from plaincrm.core.text.pattern import pattern
from plaincrm.errors import GitFailed

FIXED = (
    "core.fsmonitor=false",
    "core.pager=cat",
    "core.abbrev=40",
    "core.fsync=all",
    "core.fsyncMethod=batch",
    "core.safecrlf=false",
    "core.alternateRefsCommand=",
    "protocol.ext.allow=never",
    "safe.bareRepository=explicit",
    "submodule.recurse=false",
    "fetch.recurseSubmodules=false",
    "log.showSignature=false",
    "i18n.commitEncoding=UTF-8",
    "advice.addIgnoredFile=false",
)
NO_HOOKS = "core.hooksPath=/dev/null"

# What git passes on to a hook would make our git work on another index or tree; the user's own
# choices stay.
_KEPT = pattern(
    r"GIT_(CONFIG_(GLOBAL|SYSTEM|NOSYSTEM|COUNT|KEY_\d+|VALUE_\d+)|SSH|SSH_COMMAND|SSH_VARIANT|ASKPASS"
    r"|(AUTHOR|COMMITTER)_\w+|TRACE\w*|CEILING_DIRECTORIES|DISCOVERY_ACROSS_FILESYSTEM|SSL_\w+|HTTP_\w+|PROXY_\w+)"
)

# Keys that every repo may have and that run nothing; any other line makes us ask git for the whole
# config.
_TAME = {
    "core": {
        "repositoryformatversion",
        "filemode",
        "bare",
        "logallrefupdates",
        "ignorecase",
        "precomposeunicode",
        "autocrlf",
        "symlinks",
        "quotepath",
    },
    "remote": {"url", "fetch", "pushurl"},
    "branch": {"remote", "merge", "rebase"},
    "user": {"name", "email"},
    "pull": {"rebase", "ff"},
    "push": {"default", "autosetupremote"},
    'merge "plaincrm"': {
        "name",
        "driver",
        "recursive",
    },  # whoever merges says himself which driver he means
}

_DANGEROUS = (
    (r"filter\..*\.(clean|smudge|process)", ""),
    (r"(commit|tag|push)\.gpgsign", "false"),
    (r"gpg\.format", "openpgp"),
    (r"gpg\.(openpgp\.)?program", "gpg"),
    (r"gpg\.x509\.program", "gpgsm"),
    (r"gpg\.ssh\.program", "ssh-keygen"),
    (r"gpg\.ssh\.defaultkeycommand", ""),
    (r"core\.sshcommand", "ssh"),
    (r"core\.askpass", ""),
    (r"gc\.recentobjectshook", ""),
    (r"hook\..*\.command", ""),
    (r"merge\.(?!plaincrm\.).*\.driver", "git merge-file --marker-size=%L %A %O %B"),
)

# Of these keys git takes the first value that it reads, so that no `-c` can set them back: the
# commands' own words can.
_FAR_ENDS = {
    "fetch": ("uploadpack", "--upload-pack", "git-upload-pack"),
    "ls-remote": ("uploadpack", "--upload-pack", "git-upload-pack"),
    "push": ("receivepack", "--receive-pack", "git-receive-pack"),
}

OF_REPO = ("local", "worktree")  # the scopes that somebody else may have written
Setting = tuple[str, str, str]  # scope (system, global, local, worktree, command), key, value


def environment() -> dict[str, str]:
    """The environment of every git call: no prompt, editor or translation, nothing inherited from a
    hook.
    """
    kept = {k: v for k, v in os.environ.items() if not k.startswith("GIT_") or _KEPT.fullmatch(k)}
    # git falls back to EMAIL where no user.email is set, so a machine without identity commits all
    # the same.
    kept.setdefault("EMAIL", "plaincrm@localhost")
    fixed = {
        "LC_ALL": "C",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_EDITOR": ":",
        "GIT_SEQUENCE_EDITOR": ":",
    }
    return (
        kept | fixed | {"GIT_PAGER": "cat", "GIT_OPTIONAL_LOCKS": "0", "GIT_LITERAL_PATHSPECS": "1"}
    )


def need_look(repo: Repo) -> bool:
    """Whether the configs hold anything that decides about code, so that git must be asked for
    them.
    """
    if not all(map(_tame, _texts([repo.common / "config", repo.folder / "config.worktree"]))):
        return True
    return any(re.search(r"plaincrm|\[\s*include", text, re.I) for text in _texts(global_files()))


def overrides(settings: Iterable[Setting]) -> list[str]:
    """`key=value` for each dangerous key of the repo's own config: the user's value, else a
    harmless one.
    """
    settings = list(settings)
    own = [(key, value) for scope, key, value in settings if scope not in OF_REPO]
    local = dict.fromkeys(key for scope, key, _ in settings if scope in OF_REPO)
    pairs = [
        (key, dict(own).get(key, neutral))
        for key in local
        if (neutral := _neutral(key)) is not None
    ]
    if any(re.fullmatch(r"credential\..*helper", key) for key in local):
        pairs += [
            ("credential.helper", ""),
            *(pair for pair in own if pair[0].startswith("credential.")),
        ]
    if "core.gitproxy" in local and "core.gitproxy" not in dict(own):
        pairs.append(("protocol.git.allow", "never"))  # the first value counts here too
    if bad := [key for key, _ in pairs if "=" in key]:
        raise GitFailed(
            f"the repo's own git config has the odd key {bad[0]!r}", "look at .git/config"
        )
    return [f"{key}={value}" for key, value in pairs]


def far_end(settings: Iterable[Setting], command: str) -> list[str]:
    """The words by which a command runs no program that the repo's own config names for the other
    end.
    """
    name, option, plain = _FAR_ENDS.get(command, ("", "", ""))
    settings = list(settings) if name else []
    named = [
        key
        for scope, key, _ in settings
        if scope in OF_REPO and re.fullmatch(rf"remote\..*\.{name}", key, re.I)
    ]
    own = {key: value for scope, key, value in settings if scope not in OF_REPO}
    return [f"{option}={own.get(named[0], plain)}"] if named else []


def hooks_wanted(settings: Iterable[Setting]) -> bool:
    """Whether the user's own config (not the repo's) says `plaincrm.hooks = true`."""
    own = [
        value for scope, key, value in settings if key == "plaincrm.hooks" and scope not in OF_REPO
    ]
    return bool(own) and own[-1].lower() in ("true", "yes", "on", "1")


def parse_settings(output: bytes) -> Iterator[Setting]:
    """Reads `git config --list --show-scope -z`."""
    words = iter(output.decode("utf-8", "surrogateescape").split("\0"))
    for scope, pair in zip(words, words, strict=False):
        key, has_value, value = pair.partition("\n")
        yield scope, key, value if has_value else "true"


def global_files() -> list[Path]:
    """The files that git reads the user's own config from."""
    if named := os.environ.get("GIT_CONFIG_GLOBAL"):
        return [Path(named)]
    return [Path.home() / ".gitconfig", user_folder() / "config"]


def user_folder() -> Path:
    """The folder of git's files in the user's own config folder."""
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "git"


def _neutral(key: str) -> str | None:
    return next(
        (neutral for pattern, neutral in _DANGEROUS if re.fullmatch(pattern, key, re.I | re.S)),
        None,
    )


def _tame(text: str) -> bool:
    """Whether a config file has only tame lines, each in the plain form that git itself writes."""
    keys: set[str] = set()
    for line in map(str.strip, text.split("\n")):
        if header := re.fullmatch(r'\[(([A-Za-z0-9]+)(?: "[^"\\]*")?)\]', line):
            keys = _TAME.get(header[2].lower()) or _TAME.get(header[1], set())
        elif line and not line.startswith(("#", ";")):
            pair = re.fullmatch(r"([A-Za-z0-9-]+)\s*=.*(?<!\\)", line)
            if pair is None or pair[1].lower() not in keys:
                return False
    return True


def _texts(paths: Iterable[Path]) -> Iterator[str]:
    for path in paths:
        try:
            yield path.read_bytes().decode("utf-8", "surrogateescape")
        except OSError:
            continue


_RULES_OF_THE_TREE = (".gitignore", ".gitattributes")


def rules_in(path: Path) -> bytes:
    """What a file of ignore rules or attributes says; nothing where it can't be read. As git does,
    a link in the work tree is not followed; the user's own files may be links.
    """
    try:
        return atomic.read(path) if path.name in _RULES_OF_THE_TREE else path.read_bytes()
    except OSError:
        return b""
