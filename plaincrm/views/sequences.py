"""Sequences on the screen: the list of them, their steps, and where everybody stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from plaincrm.crm.named_files import Sequences
from plaincrm.crm.sequence_standings import ContactStanding
from plaincrm.marketing import sequence_file
from plaincrm.views import numbers
from plaincrm.views.json_text import Json
from plaincrm.views.rows import Rows, text_columns

if TYPE_CHECKING:  # `sequence due` enrols nobody, and the action knows all about letters
    from plaincrm.crm.actions.sequence import EnrolmentChange
    from plaincrm.crm.sequence_results import StepResult

COLUMNS = ("sequence", "steps", "in", "due", "left", "done", "from", "what")
DUE_COLUMNS = ("status", "due", "sequence", "step", "contact", "what", "reason")
RESULT_COLUMNS = (
    *("step", "what", "sent", "returned", "replied", "rate"),
    *("unsubscribed", "meetings", "away"),
)
ORDER = ("late", "due", "waiting", "left", "done")
_IN = ("late", "due", "waiting")


def rows(sequences: Sequences, standings: Iterable[ContactStanding]) -> Rows:
    """A row a sequence: how many steps it has, how many people are in it, what is due."""
    counts = Counter((each.name, each.standing.state) for each in standings)
    results = [_row(sequences, name, counts) for name in sequences]
    right = ("steps", "in", "due", "left", "done")
    return Rows(
        "sequences",
        len(results),
        results,
        text_columns(COLUMNS, _cells, right, ("sequence",), ("from", "left", "done")),
        lambda row: row,
        None,
        lambda row: row["path"],
    )


def _row(sequences: Sequences, name: str, counts: Counter[tuple[str, Any]]) -> dict[str, Any]:
    sequence = sequences[name]
    return {
        "name": name,
        "steps": [_step(step) for step in sequence.steps],
        "enrolled": sum(counts[name, state] for state in _IN),
        "due": counts[name, "due"] + counts[name, "late"],
        "left": counts[name, "left"],
        "done": counts[name, "done"],
        "source": "own" if sequences.is_own(name) else "shipped",
        "doc": sequence.doc or None,
        "path": sequences.paths[name],
    }


def _step(step: sequence_file.SequenceStep) -> Json:
    return {
        "step": step.number,
        "type": step.type,
        "template": step.what if step.type == "mail" else None,
        "task": step.what if step.type == "task" else None,
        "after": str(step.after) if step.after.amount else None,
        "when": " ".join(step.when) or None,
    }


def _cells(row: dict[str, Any]) -> list[str]:
    figures = (len(row["steps"]), row["enrolled"], row["due"], row["left"], row["done"])
    return [row["name"], *map(str, figures), row["source"], row["doc"] or ""]


def described(sequence: sequence_file.Sequence) -> list[str]:
    """The sequence in lines: what it is for, and its steps."""
    head = [f"{sequence.name}: {sequence.doc}" if sequence.doc else sequence.name]
    return head + [f"  {step.number}  {_when(step)}{_what(step)}" for step in sequence.steps]


def _when(step: sequence_file.SequenceStep) -> str:
    delay = f"after {step.after}" if step.after.amount else "at once"
    return f"{delay:<10}  "


def _what(step: sequence_file.SequenceStep) -> str:
    only = f", only for {' '.join(step.when)}" if step.when else ""
    return f"{step.type} {step.what}{only}"


def due_rows(standings: Sequence[ContactStanding]) -> Rows:
    """A row a contact and sequence: the step that comes next, and how it stands."""
    ordered = sorted(standings, key=lambda each: (ORDER.index(each.standing.state), each.sort_key))
    return Rows(
        "sequence due",
        len(ordered),
        ordered,
        text_columns(DUE_COLUMNS, _due_cells, ("step",), ("status", "due", "contact")),
        _due_json,
        lambda each: each.contact.ref,
        lambda each: each.contact.path,
    )


def _due_cells(each: ContactStanding) -> list[str]:
    found, step = each.standing, each.standing.step
    due = f"{found.due:%Y-%m-%d %H:%M}" if found.due else numbers.NONE
    number = str(step.number) if step else numbers.NONE
    what = f"{step.type} {step.what}" if step else ""
    return [found.state, due, each.name, number, each.contact.id, what, found.reason]


def _due_json(each: ContactStanding) -> Json:
    found, step = each.standing, each.standing.step
    return {
        "sequence": each.name,
        "step": step.number if step else None,
        "type": step.type if step else None,
        "contact": each.contact.id,
        "due": found.due.isoformat() if found.due else None,
        "template": step.what if step and step.type == "mail" else None,
        "task": step.what if step and step.type == "task" else None,
        "status": found.state,
        "reason": found.reason or None,
        "about": found.enrolment.about or None,
        "enrolled": found.enrolment.at.isoformat(),
    }


def result_rows(name: str, results: Sequence[StepResult]) -> Rows:
    """A row a step: what became of it."""
    right = ("step", *RESULT_COLUMNS[2:])
    return Rows(
        "sequence results",
        len(results),
        results,
        text_columns(RESULT_COLUMNS, _result_cells, right, ("what", "rate")),
        _result_json,
        None,
        None,
        more={"sequence": name},
    )


def _result_cells(each: StepResult) -> list[str]:
    what = f"{each.step.type} {each.step.what}"
    if each.step.type == "task":
        return [str(each.step.number), what, str(each.sent), *[numbers.NONE] * 6]
    rest = (each.unsubscribed, each.meetings, each.away)
    figures = (each.sent, each.bounced, each.replied)
    rate = numbers.rate(each.rate, each.delivered)
    return [str(each.step.number), what, *map(str, figures), rate, *map(str, rest)]


def _result_json(each: StepResult) -> Json:
    rate = each.rate
    return {
        "step": each.step.number,
        "type": each.step.type,
        "template": each.step.what if each.step.type == "mail" else None,
        "task": each.step.what if each.step.type == "task" else None,
        "sent": each.sent,
        "bounced": each.bounced,
        "softBounced": each.soft,
        "delivered": each.delivered,
        "replied": each.replied,
        "unsubscribed": each.unsubscribed,
        "meetings": each.meetings,
        "outOfOffice": each.away,
        "rate": {
            "value": rate.value if rate else None,
            "n": each.delivered,
            "low": rate.low if rate else None,
            "high": rate.high if rate else None,
        },
    }


def told(changes: Sequence[EnrolmentChange]) -> list[str]:
    """Who was skipped, and why."""
    return [f"  skipped {each.ref}: {each.reason}" for each in changes if each.outcome == "skipped"]


def summary(standings: Sequence[ContactStanding]) -> str:
    """How many are due, late, waiting, left and done, in words."""
    counts: Counter[str] = Counter(each.standing.state for each in standings)
    return ", ".join(f"{counts[state]} {state}" for state in ORDER if counts[state])
