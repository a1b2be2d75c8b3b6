"""The inbox while a view is watched: what is dropped there goes in, as `plaincrm import` would take
it.
"""

from __future__ import annotations

import time
from contextlib import suppress

from plaincrm.commands._app import App
from plaincrm.errors import PlaincrmError

AT_REST = 0.9  # seconds since the last write after which nobody writes a file any more
_TOLD = ("created", "updated", "rejected")


class InboxImport:
    """Imports what waits in the inbox, each file once until it changes; what can't go in stays
    there.
    """

    def __init__(self, app: App) -> None:
        self._app = app
        self._tried: dict[str, int] = {}

    def take(self) -> None:
        """Import, if something new waits and is at rest; say in one line what came of it."""
        waiting = self._waiting()
        if not waiting.items() - self._tried.items() or not self._rests(waiting):
            return
        self._tried = waiting
        self._app.reopen()
        try:
            self._app.say(f"inbox/: {self._imported()}")
        except PlaincrmError as error:
            self._app.say(f"inbox/: {error.message}")

    def _waiting(self) -> dict[str, int]:
        """The files, and when each was last written, in nanoseconds."""
        from plaincrm.book.inbox import Inbox

        found = {}
        for path in Inbox(self._app.root).waiting():
            with suppress(OSError):
                found[path] = (self._app.root / path).stat().st_mtime_ns
        return found

    def _rests(self, waiting: dict[str, int]) -> bool:
        return time.time() - max(waiting.values()) / 1e9 > AT_REST

    def _imported(self) -> str:
        from plaincrm.crm.importing.inbox import take

        counts = take(self._app.book).counts
        told = [f"{counts[name]} {name}" for name in _TOLD if counts[name]]
        return ", ".join(told) or "nothing new"
