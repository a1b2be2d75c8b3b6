"""`plaincrm today -i`: through the lines of the day, with a key for each thing to do about one."""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import click

from plaincrm.commands._app import App
from plaincrm.commands._terminal import prompt
from plaincrm.commands._writing import WritingOptions, write
from plaincrm.errors import PlaincrmError, UsageError

if TYPE_CHECKING:
    from plaincrm.core.records.reminder import Reminder

KEYS = {
    "d": "done",
    "s": "snooze",
    "l": "log",
    "w": "write",
    "e": "edit",
    "v": "show",
    "n": "skip",
    "u": "undo",
    "q": "quit",
}

_SEQUENCE = 0.05  # seconds within which the rest of an arrow key follows its Escape
_LEAVING = ("\x03", "\x04", "\x1b")  # Ctrl-C, Ctrl-D, Escape


def review(app: App, reminders: Sequence[Reminder]) -> None:
    """Ask about one reminder after the other. Raises UsageError where there is nobody to ask."""
    if not app.interactive:
        raise UsageError("today -i needs a terminal", "plaincrm today prints the lines")
    asked = [each for each in reminders if each.record is not None]
    if not asked:
        click.echo("Nothing is due.")
        return
    _Review(app, asked).run()


def _pressed() -> str:
    """The next key. What was typed ahead counts, unlike with click's own reader, which drops it."""
    import termios
    import tty

    terminal = sys.stdin.fileno()
    before = termios.tcgetattr(terminal)
    tty.setcbreak(terminal, termios.TCSADRAIN)
    try:
        key = os.read(terminal, 1).decode("ascii", "replace") or "\x04"
        if key == "\x1b" and select.select([terminal], [], [], _SEQUENCE)[0]:
            os.read(terminal, 16)  # an arrow key ends in a letter that must not count as one
            return ""
        return key
    except KeyboardInterrupt:
        return "\x03"
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)


class _Review:
    """The lines, the place among them, and the places where something was written."""

    def __init__(self, app: App, reminders: Sequence[Reminder]) -> None:
        self.app, self.reminders = app, reminders
        self.place = 0
        self.written: list[int] = []
        above = click.get_current_context().parent
        assert above is not None
        self.above = above

    def run(self) -> None:
        while self.place < len(self.reminders):
            now = self._now()
            if now is None:  # dealt with along with another
                self.place += 1
                continue
            key = self._key(now)
            if key == "q":
                break
            self._told(lambda now=now, key=key: self._act(key, now))  # type: ignore[misc]
            self.app.reopen()
        click.echo(f"{len(self.written)} dealt with")

    def _now(self) -> Reminder | None:
        """The reminder of this place as the book has it now; None where it is gone."""
        from plaincrm.crm.reminders import index

        before = self.reminders[self.place]
        word = self._handle(before)
        found = index.named([word], self.app.book.context)[word]
        return next((each for each in found if each.shown), None)

    def _handle(self, reminder: Reminder) -> str:
        """The whole code, which nothing else begins with."""
        from plaincrm.crm.reminders import handles, index

        return handles.code(index.key(reminder))

    def _key(self, now: Reminder) -> str:
        from plaincrm.views import layout
        from plaincrm.views.today import question

        paint = layout.ansi if self.app.color else layout.plain
        said = question(now, self.place + 1, len(self.reminders), KEYS, paint)
        click.echo(said, nl=False)
        while True:
            key = _pressed().casefold()
            if key in _LEAVING:
                key = "q"
            if key in KEYS:
                click.echo(KEYS[key])
                return key

    def _told(self, act: Callable[[], None]) -> None:
        """Errors are told, and the line stays; so does a question that was not answered."""
        try:
            act()
        except (PlaincrmError, click.UsageError) as error:
            said = error.message if isinstance(error, PlaincrmError) else error.format_message()
            hint = error.hint if isinstance(error, PlaincrmError) else ""
            self.app.say(f"plaincrm: {'; '.join(filter(None, (said, hint)))}")
        except click.Abort:
            self.app.say("nothing written")

    def _act(self, key: str, now: Reminder) -> None:
        assert now.record is not None
        ref = now.record.ref
        match key:
            case "d":
                self._done(now)
            case "s":
                self._snooze(now)
            case "l":
                self._log(now)
            case "w":
                template = prompt("Template", default="follow-up")
                self._command("email", template, ref, "--outbox")
            case "e" | "v":
                self._command(KEYS[key], ref)
            case "u":
                self._undo()
            case _:
                self.place += 1

    def _done(self, now: Reminder) -> None:
        from plaincrm.crm.actions.task import done

        self._wrote(write(self.app, done(self.app.book, [self._handle(now)]), WritingOptions()))

    def _snooze(self, now: Reminder) -> None:
        from plaincrm.crm.actions.task import snooze

        until = prompt("Until", default="+1w")
        staged = snooze(self.app.book, [self._handle(now)], until)
        self.app.tell(staged.echo)
        self._wrote(write(self.app, staged, WritingOptions()))

    def _log(self, now: Reminder) -> None:
        from plaincrm.crm.actions.log import log_entry

        assert now.record is not None
        type = prompt("call, email, meeting, message or note", default="call")
        text = prompt("Text")
        self._wrote(
            write(self.app, log_entry(self.app.book, [now.record], type, text), WritingOptions())
        )

    def _undo(self) -> None:
        if not self.written:
            raise UsageError("nothing was written here yet", "plaincrm undo takes back older work")
        from plaincrm.crm.history.undo import take_back

        if write(self.app, take_back(self.app.book, 1), WritingOptions()):
            self.place = self.written.pop()

    def _wrote(self, written: bool) -> None:
        if written:
            self.written.append(self.place)
            self.place += 1

    def _command(self, word: str, *words: str) -> None:
        """Another command of the program, as it is typed."""
        group = self.above.command
        assert isinstance(group, click.Group)
        command = group.get_command(self.above, word)
        assert command is not None
        with command.make_context(word, list(words), parent=self.above) as context:
            command.invoke(context)
