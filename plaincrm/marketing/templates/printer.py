"""How values enter a template's output: as they are in the text part, escaped in the HTML part's
Markdown.

`Markup` marks what is Markdown already (what macros and set-blocks return), so that nothing is
escaped twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from markupsafe import Markup

from plaincrm.marketing.templates import data, wording
from plaincrm.marketing.templates import filters as own
from plaincrm.marketing.templates.limits import STEP, MissingValue, RenderingState


class Printer:
    """Prints for one of the two parts; `run` is exchanged for each rendering."""

    def __init__(self, *, markdown: bool) -> None:
        self.markdown = markdown
        self.run = RenderingState()

    def filters(self) -> dict[str, Callable[..., Any]]:
        """The filters of this program's own, by name."""
        return {
            "_each": self.each,
            "date": lambda value, form="": own.date_(value, form, language=self.run.language),
            "money": lambda value: own.money_(value, language=self.run.language),
            "first_name": lambda value: wording.first_name(self.plain(value)),
            "markdown": lambda value: (
                Markup(self.plain(value)) if self.markdown else self.plain(value)
            ),
            "listed": self.listed,
            "salutation": lambda value: own.salutation_(
                self.plain(value), language=self.run.language
            ),
            "plural": own.plural,
            "round": own.round_,
            "join": self.join,
            "replace": lambda value, old, new: self._changed(value, own.replaced, old, new),
            "indent": lambda value, width=4: self._changed(value, own.indented, width),
            "wordwrap": lambda value, width=72: self._changed(value, own.wrapped, width),
        }

    def shown(self, value: Any) -> str:
        """A value as it enters the output: plain, or escaped unless it is markup already."""
        text = self.plain(value)
        self.run.spend(len(text))
        if not self.markdown or isinstance(value, Markup):
            return text
        return Markup(data.escaped(text))

    def plain(self, value: Any) -> str:
        """A value as text."""
        if isinstance(value, str):
            return value
        return (
            str(value)
            if isinstance(value, MissingValue)
            else data.printed(value, self.run.language)
        )

    def join(self, values: Any, separator: str = "") -> str:
        """Values in one text; where one is markup the others are escaped."""
        parts = [values] if isinstance(values, str) else list(values)
        if any(isinstance(one, Markup) for one in parts):
            return Markup(own.joined(map(self.shown, parts), self.shown(separator)))
        return own.joined(map(self.plain, parts), separator)

    def listed(self, values: Any) -> str:
        """Values in one phrase: `Ada, Bo and Cy`."""
        return own.listed(map(self.plain, values), language=self.run.language)

    def each(self, values: Any, weight: int) -> Iterator[Any]:
        """The values of a loop, each paid for with a step and the loop's own text."""
        for one in values:
            self.run.spend(STEP + weight)
            yield one

    def _changed(self, value: Any, change: Callable[..., str], *args: Any) -> str:
        if not isinstance(value, Markup):
            return change(self.plain(value), *args)
        return Markup(
            change(str(value), *(self.shown(one) if isinstance(one, str) else one for one in args))
        )
