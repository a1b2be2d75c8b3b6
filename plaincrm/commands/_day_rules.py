"""The rules of the book that are asked by the day, while a view is watched: once when it begins,
and once on each new day, as `plaincrm automation run -y` would run them.
"""

from __future__ import annotations

from datetime import date

from plaincrm.commands._app import App
from plaincrm.errors import PlaincrmError


class DayRules:
    """Runs the rules of a day once; what stands in their way is told, and tried on the next
    look.
    """

    def __init__(self, app: App) -> None:
        self._app = app
        self._ran: date | None = None
        self._told = ""

    def run(self) -> None:
        """Run them, if they have not run today; say what they did."""
        today = self._app.now(self._app.book.settings.zone).date()
        if self._ran == today:
            return
        try:
            self._run()
        except PlaincrmError as error:
            if error.message != self._told:
                self._told = error.message
                self._app.say(f"rules: {error.message}")
            return
        self._ran = today

    def _run(self) -> None:
        from plaincrm.crm.actions.automation import run

        self._app.reopen()
        staged = run(self._app.book)
        if staged.files:
            staged.commit()
            self._app.tell([*staged.ruled, staged.summary, *staged.after])
            self._app.reopen()
