"""The morning screen: one line a reminder, in groups by urgency, cut to the terminal.

On a terminal a line is never longer than the screen is wide, and what does not fit its height is
counted. In a pipe nothing is cut, and each line ends in its command.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby

from plaincrm.core.records.reminder import Reminder
from plaincrm.core.value_class import value
from plaincrm.crm.reminders.today import Today
from plaincrm.views.layout import Paint
from plaincrm.views.safe import line
from plaincrm.views.table import NAME, columns, cut, padded

_STYLES = {"overdue": "bad", "today": "warn", "soon": "good"}
_NOTHING = "Nothing is due. plaincrm agenda shows what lies ahead."
_HELP = "plaincrm done HANDLE ticks off, plaincrm snooze HANDLE DATE puts off"
_WHEN = len("99 days ago")
_NOTICED = 5  # lines that a notification shows before desktops cut it
_PROMPT = 2  # lines that the shell's prompt needs, so that the first line stays on the screen


@value
class Screen:
    """How the lines are laid out: `width` and `height` of the terminal, None in a pipe; `commands`:
    each command stands under its line; `singly`: no reminders share a line, and none is left out.
    """

    paint: Paint
    width: int | None = None
    height: int | None = None
    commands: bool = False
    singly: bool = False


@value
class TodayLine:
    """Some reminders that are one line of the screen; `shared` is what is said of several."""

    reminders: tuple[Reminder, ...]
    shared: str = ""

    @property
    def first(self) -> Reminder:
        return self.reminders[0]

    @property
    def text(self) -> str:
        if len(self.reminders) == 1:
            return _said(self.first)
        titles = ", ".join(each.title for each in self.reminders)
        return line(f"{len(self.reminders)} {self.shared}: {titles}")


def today(found: Today, day: date, screen: Screen, total: int | None = None) -> str:
    """The lines by urgency, and what is to be said of the rest; `total`: how many reminders there
    are, shown or not.
    """
    foot = list(_foot(found, total or len(found.reminders), screen))
    lines = _lines(found.reminders, screen)
    kept = lines[: _room(lines, len(foot), screen)]
    left = sum(len(each.reminders) for each in lines[len(kept) :])
    if left:
        foot.insert(0, f"{left} more below the edge: plaincrm today --all")
    head = [screen.paint(f"{day:%A} {day.day} {day:%B %Y}", "head"), ""]
    return "\n".join([*head, *_grouped(kept, screen), *foot]) + "\n"


def _lines(reminders: Sequence[Reminder], screen: Screen) -> list[TodayLine]:
    """A line each; those that a rule tells together share the last line of their level."""
    found: list[TodayLine] = []
    for _, level in groupby(reminders, key=lambda each: each.level):
        together: dict[str, list[Reminder]] = {}
        for each in level:
            if each.rule.together and not each.also and not screen.singly:
                together.setdefault(each.rule.together, []).append(each)
            else:
                found.append(TodayLine((each,)))
        found += (TodayLine(tuple(some), said) for said, some in together.items())
    return found


def _said(reminder: Reminder) -> str:
    return line(f"{reminder.title}: {reminder.text}")


def _room(lines: Sequence[TodayLine], foot: int, screen: Screen) -> int:
    """How many lines fit the height; at least one."""
    if screen.height is None or screen.singly:
        return len(lines)
    each = 2 if screen.commands else 1
    used, fit, level = foot + 2 + _PROMPT, 0, ""
    for one in lines:
        used += each + (2 if one.first.level != level else 0)
        level = one.first.level
        last = fit == len(lines) - 1
        if used + (0 if last else 1) > screen.height:
            break
        fit += 1
    return max(fit, 1)


def _grouped(lines: Sequence[TodayLine], screen: Screen) -> Iterator[str]:
    handles = max((len(each.first.handle) for each in lines), default=0)
    for level, group in groupby(lines, key=lambda each: each.first.level):
        yield screen.paint(level.capitalize(), _STYLES[level])
        for each in group:
            yield from _laid(each, handles, screen)
        yield ""


def _laid(each: TodayLine, handles: int, screen: Screen) -> Iterator[str]:
    """A line, and its command behind it where there is room, or under it where that is wanted."""
    single = len(each.reminders) == 1
    handle = each.first.handle if single else "…"
    when = relative(each.first.days) if single else ""
    lead = f"  {padded(handle, handles)}  {padded(when, _WHEN)}  "
    command = line(each.first.command) if single else "plaincrm today --all"
    if screen.width is None:
        under = not screen.commands
        yield (
            screen.paint(lead, "quiet")
            + _titled(each, each.text, screen)
            + (f"  {command}" if under else "")
        )
    else:
        text = _cut(each, screen.width - columns(lead))
        space = screen.width - columns(lead) - columns(text) - columns(command)
        fits = space >= 2 and bool(each.first.own_command or not single) and not screen.commands
        behind = " " * space + screen.paint(command, "quiet") if fits else ""
        yield screen.paint(lead, "quiet") + _titled(each, text, screen) + behind
    if screen.commands:
        yield " " * columns(f"  {' ' * handles}  ") + screen.paint(command, "quiet")


def _cut(each: TodayLine, width: int) -> str:
    """The line in at most `width` columns: the name gives way, what is to be done stays."""
    over = columns(each.text) - width
    title = line(each.first.title)
    if over <= 0 or len(each.reminders) > 1:
        return cut(each.text, width)
    name = cut(title, max(columns(title) - over, NAME))
    return cut(name + each.text.removeprefix(title), width)


def _titled(each: TodayLine, text: str, screen: Screen) -> str:
    title, mark, rest = text.partition(": ")
    if len(each.reminders) > 1 or not mark:
        return text
    return screen.paint(title, "head") + mark + rest


def question(
    reminder: Reminder, place: int, total: int, keys: Mapping[str, str], paint: Paint
) -> str:
    """One reminder with all that can be done about it, for a screen that waits for a key."""
    where = f"{place} of {total}, {relative(reminder.days)}"
    choices = "  ".join(f"{paint(key, 'head')} {word}" for key, word in keys.items())
    said = line(f"{reminder.title}: {reminder.text}")
    own = f"\n  {paint(line(reminder.own_command), 'quiet')}" if reminder.own_command else ""
    return f"\n{paint(where, _STYLES[reminder.level])}\n  {said}{own}\n{choices}  > "


def relative(days: int) -> str:
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}
    return near.get(days) or (f"in {days} days" if days > 0 else f"{-days} days ago")


def _foot(found: Today, total: int, screen: Screen) -> Iterator[str]:
    yield _count(found.reminders, total)
    if found.undated:
        tasks = "1 task has" if found.undated == 1 else f"{found.undated} tasks have"
        yield f"{tasks} no date: plaincrm list tasks is:open no:due no:snoozed"
    if found.away is not None:
        lines = "1 line waits" if found.hidden == 1 else f"{found.hidden} lines wait"
        until = f"{found.away.day} {found.away:%B %Y}"
        yield f"Away until {until}; {lines} until then: plaincrm today --all"
    if found.reminders:
        yield screen.paint(_HELP, "quiet")


def _count(reminders: Sequence[Reminder], total: int) -> str:
    if not reminders and not total:
        return _NOTHING
    if len(reminders) < total:
        return f"{len(reminders)} of {total} shown"
    levels: list[str] = [each.level for each in reminders]
    parts = [f"{levels.count(level)} {level}" for level in _STYLES if level in levels]
    return f"{len(reminders)} in all: {', '.join(parts)}"


def notice(found: Today) -> tuple[str, str] | None:
    """Title and text of a notification: what is overdue and due today. None where nothing is."""
    due = [each for each in found.reminders if each.level != "soon"]
    if not due:
        return None
    lines = [_said(each) for each in due[:_NOTICED]]
    if len(due) > _NOTICED:
        lines.append(f"and {len(due) - _NOTICED} more: plaincrm today")
    return f"{len(due)} due", "\n".join(lines)


def letter(found: Today, day: date) -> tuple[str, str] | None:
    """Subject and text of a mail that says what is due, with the command of each line. None where
    nothing is.
    """
    if not found.reminders:
        return None
    levels = [each.level for each in found.reminders]
    heads = [f"{levels.count(level)} {level}" for level in _STYLES if level in levels]
    lines = []
    for level, run in groupby(found.reminders, lambda each: each.level):
        lines += ["", level.capitalize()]
        lines += [f"  {_said(each)}\n      {line(each.command)}" for each in run]
    return f"{day}: {', '.join(heads)}", "\n".join(lines).strip("\n") + "\n"


def counts(found: Today) -> str:
    """The day for prompts and status bars: a word and a number a line, then the most urgent line.

    New words may be added; none changes.
    """
    levels: list[str] = [each.level for each in found.reminders]
    lines = [f"{level} {levels.count(level)}" for level in _STYLES]
    lines += [f"undated {found.undated}", f"hidden {found.hidden}"]
    first = found.reminders[0] if found.reminders else None
    lines += [f"first {first.handle or '-'} {_said(first)}"] if first else []
    return "\n".join(lines) + "\n"
