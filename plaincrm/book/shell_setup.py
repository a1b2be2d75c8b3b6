"""Where shells look for completion, and the one line that an rc file needs for it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

from plaincrm.book import atomic

SHELLS = ("bash", "zsh", "fish")
_MARK = "# plaincrm completion"
_LINES = {
    "bash": '[ -r "{script}" ] && . "{script}"  ' + _MARK,
    "zsh": (
        "(( $+functions[compdef] )) || {{ autoload -Uz compinit && compinit; }}; "
        '[ -r "{script}" ] && . "{script}"  ' + _MARK
    ),
}


@dataclass(frozen=True, slots=True)
class ShellSetup:
    """The files to write, with their old content (None: new) and their new one."""

    files: tuple[tuple[Path, bytes | None, bytes], ...]

    @property
    def diff(self) -> str:
        return "".join(_diff(path, old or b"", new) for path, old, new in self.files)

    def write(self) -> None:
        """Write them. Raises PlaincrmError, Conflict."""
        for path, old, new in self.files:
            atomic.replace(path, new, old)


def setup(shell: str, script: str, environ: Mapping[str, str]) -> ShellSetup:
    """What to write so that `shell` completes; nothing where it does already."""
    home = Path(environ.get("HOME") or Path.home())
    if shell == "fish":
        config = Path(environ.get("XDG_CONFIG_HOME") or home / ".config")
        return _differing([(config / "fish" / "completions" / "plaincrm.fish", script.encode())])
    data = Path(environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    place = data / "plaincrm" / f"complete.{shell}"
    folder = Path(environ.get("ZDOTDIR") or home) if shell == "zsh" else home
    # A dotfile is often a link into a repo of dotfiles; the file itself is what gets the line.
    rc = Path(os.path.realpath(folder / f".{shell}rc"))
    return _differing(
        [(place, script.encode()), (rc, _with_line(rc, _LINES[shell].format(script=place)))]
    )


def shell_of(environ: Mapping[str, str]) -> str:
    """The user's shell by its name; empty where it is none that we know."""
    name = environ.get("SHELL", "").rpartition("/")[2]
    return name if name in SHELLS else ""


def _with_line(rc: Path, line: str) -> bytes:
    old = atomic.present(rc) or b""
    kept = [each for each in old.split(b"\n") if not each.endswith(_MARK.encode())]
    if line.encode() in old.split(b"\n"):
        return old
    text = b"\n".join(kept)
    gap = b"" if not text or text.endswith(b"\n") else b"\n"
    return text + gap + line.encode() + b"\n"


def _differing(wanted: list[tuple[Path, bytes]]) -> ShellSetup:
    found = [(path, atomic.present(path), new) for path, new in wanted]
    return ShellSetup(tuple((path, old, new) for path, old, new in found if old != new))


def _diff(path: Path, old: bytes, new: bytes) -> str:
    before, after = (
        data.decode("utf-8", "replace").splitlines(keepends=True) for data in (old, new)
    )
    return "".join(unified_diff(before, after, str(path) if old else "/dev/null", str(path)))
