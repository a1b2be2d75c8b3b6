"""The user's desktop: notifications, and files opened by the program that they belong to. Through
the system's own programs, never through a shell.

On Linux that is `notify-send`, on macOS `osascript`. The texts come from records, so they are
arguments and never part of a script, and the marks that some desktops read in them are escaped.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from plaincrm.errors import PlaincrmError

_SCRIPT = (
    "on run argv",
    "display notification (item 2 of argv) with title (item 1 of argv)",
    "end run",
)
_TIMEOUT = 10  # seconds; a desktop that does not answer must not hold up cron


def notify(title: str, text: str) -> None:
    """Show a notification. Raises PlaincrmError where there is no desktop to show it on."""
    words = _words(title, text)
    if not words:
        raise PlaincrmError(
            "this machine has neither notify-send nor osascript",
            "install libnotify (Debian: libnotify-bin), or use plaincrm today --quiet in cron",
        )
    try:
        done = subprocess.run(
            words, stdin=subprocess.DEVNULL, capture_output=True, timeout=_TIMEOUT, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PlaincrmError(f"the notification was not shown: {error}") from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise PlaincrmError(f"the notification was not shown: {said[-1] if said else words[0]}")


def open_file(path: Path) -> None:
    """Open a file in the program that the desktop has for it. Raises PlaincrmError."""
    opener = shutil.which("xdg-open") or shutil.which("open")
    if opener is None:
        raise PlaincrmError(
            "this machine has neither xdg-open nor open",
            f"open it yourself: {path} (Debian: xdg-utils)",
        )
    try:
        done = subprocess.run(
            [opener, str(path)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_TIMEOUT,
            check=False,
        )
    except subprocess.TimeoutExpired:  # some openers stay while the program runs
        return
    except OSError as error:
        raise PlaincrmError(f"{path.name} was not opened: {error}") from None
    if done.returncode:
        raise PlaincrmError(f"no program opens {path.name}", f"open it yourself: {path}")


def _words(title: str, text: str) -> list[str]:
    if sender := shutil.which("notify-send"):
        return [sender, "--app-name=plaincrm", "--", title, _without_markup(text)]
    if runner := shutil.which("osascript"):
        lines = [word for line in _SCRIPT for word in ("-e", line)]
        return [runner, *lines, "--", title, text]
    return []


def _without_markup(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
