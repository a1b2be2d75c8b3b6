"""Notifications on the user's desktop, through the system's own program, never through a shell.

On Linux that is `notify-send`, on macOS `osascript`. The texts come from records, so they are
arguments and never part of a script, and the marks that some desktops read in them are escaped.
"""

from __future__ import annotations

import shutil
import subprocess

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


def _words(title: str, text: str) -> list[str]:
    if sender := shutil.which("notify-send"):
        return [sender, "--app-name=plaincrm", "--", title, _without_markup(text)]
    if runner := shutil.which("osascript"):
        lines = [word for line in _SCRIPT for word in ("-e", line)]
        return [runner, *lines, "--", title, text]
    return []


def _without_markup(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
