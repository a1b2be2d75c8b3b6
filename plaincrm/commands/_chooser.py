"""What a terminal is asked about a word that may mean several records, or one that is not sure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import click

from plaincrm.errors import PlaincrmError

if TYPE_CHECKING:
    from plaincrm.crm.reference_match import Match, Sureness


class Chooser:
    """Asks on the terminal which record a word means; of one word it asks once."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._said: dict[tuple[str, tuple[str, ...]], Match] = {}

    def __call__(self, word: str, found: Sequence[Match], surely: Sureness) -> Match:
        """The one that is meant. Raises PlaincrmError where none is."""
        key = (word, tuple(match.record.ref for match in found))
        if key not in self._said:
            self._said[key] = self._asked(word, found, surely)
        return self._said[key]

    def _asked(self, word: str, found: Sequence[Match], surely: Sureness) -> Match:
        from plaincrm.commands._terminal import confirm, prompt
        from plaincrm.crm.reference_match import Sureness, ambiguous

        if len(found) == 1:
            only = found[0]
            begun = only.sureness is Sureness.PREFIX
            question = f"Do you mean {only.record.ref}  {only.record.title}?"
            if not self._is_enough(only, surely) and not confirm(question, default=begun):
                raise PlaincrmError("nothing done")
            return only
        error = ambiguous(word, found)
        self._say(error.message)
        for number, candidate in enumerate(error.candidates, 1):
            self._say(f"  {number}  {candidate}")
        chosen: int = prompt(
            f"Which, 1 to {len(found)}; Ctrl-C for none",
            type=click.IntRange(1, len(found)),
            err=True,
        )
        return found[chosen - 1]

    def _is_enough(self, only: Match, surely: Sureness) -> bool:
        """Whether nobody has to be asked: a whole name, or nothing is written, or `-y` says yes."""
        from plaincrm.crm.reference_match import Sureness

        context = click.get_current_context(silent=True)
        options = context.params if context is not None else {}
        reads = surely is Sureness.FUZZY or bool(options.get("dry_run"))
        if only.sureness is Sureness.EXACT or reads:
            return True
        return bool(options.get("yes")) and only.sureness <= surely
