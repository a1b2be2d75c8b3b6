"""What endangers an open deal, and what to do next about it: the top risk with its action."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from plaincrm.core.records.facts import Context, Fact, Needs
from plaincrm.core.records.record import Record
from plaincrm.core.records.reminder import shell_ref
from plaincrm.core.value_class import value
from plaincrm.sales.close_dates import TWICE
from plaincrm.sales.deals import QUIET, next_of, stage_of, value_of

LATE_STAGE = 50  # per cent of chance, from which a deal without a value is odd


@value
class DealRisk:
    """A risk in words, and the command that meets it."""

    text: str
    command: str


def risks(deal: Record, context: Context) -> Iterator[DealRisk]:
    """The risks of an open deal, the gravest first."""
    if not context.fact(deal, "is:open"):
        return
    ref = shell_ref(deal)
    if context.fact(deal, "is:overdue"):
        day = deal.text("close_date")
        yield DealRisk(f"expected to close on {day}", f"plaincrm set {ref} close_date=+2w")
    if context.fact(deal, "is:rotting"):
        idle = context.fact(deal, "idle")
        stage = stage_of(deal, context).name
        yield DealRisk(f"rotting: idle {idle} in {stage}", f"plaincrm log {ref} call")
    if context.fact(deal, "is:no_next"):
        yield DealRisk("no next step", f'plaincrm task add {ref} "Follow up" due:+3d')
    if not deal.text("contact"):
        yield DealRisk("no contact in the deal", f'plaincrm set {ref} contact="…"')
    pushed = context.fact(deal, "pushed")
    if pushed >= TWICE:
        command = f'plaincrm task add {ref} "Agree on a day to decide" due:+3d'
        yield DealRisk(f"put off {pushed} times", command)
    silent = _silence(deal, context)
    if silent is not None and silent > QUIET:
        yield DealRisk(f"the buyer is quiet for {silent}d", f"plaincrm email follow-up {ref}")
    chance = context.fact(deal, "chance")
    if value_of(deal, context) is None and chance is not None and chance >= LATE_STAGE:
        yield DealRisk("no value, though it is far on", f"plaincrm set {ref} value=…")


def _silence(deal: Record, context: Context) -> int | None:
    """Days since the last touch of the deal; None of one that was never touched."""
    last: date | None = context.fact(deal, "own_touch")
    return (context.today - last).days if last else None


def _top(deal: Record, context: Context) -> str | None:
    found = next(risks(deal, context), None)
    return found.text if found else None


def _next_best(deal: Record, context: Context) -> str | None:
    """The next step that is due, else the action against the top risk; in brackets why."""
    action, top = next_of(deal), next(risks(deal, context), None)
    if action is not None and action.due <= context.today:
        reasons = [f"due {action.due}", *([top.text] if top else [])]
        return f"{action.text or 'next step'} ({'; '.join(reasons)})"
    if top is not None:
        return f"{top.command}  ({top.text})"
    return str(action) if action else None


FACTS = (
    Fact("deal", "risk", "text", Needs.DAY, "What endangers it most", _top),
    Fact("deal", "next_best", "text", Needs.DAY, "What to do next about it, and why", _next_best),
)
