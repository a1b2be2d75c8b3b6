"""The rules of the book as listings: what there is, and what they would do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from plaincrm.core.records.edits import Edit
from plaincrm.crm.actions.automation import RuleState, RuleTrial
from plaincrm.views.layout import Layout
from plaincrm.views.rows import Rows, text_columns
from plaincrm.views.safe import line, safe


def rule_rows(states: Sequence[RuleState]) -> Rows:
    """A row a rule: when it starts, what it does, how often it did and when last."""
    columns = ("rule", "kinds", "starts", "does", "times", "last", "doc")
    return Rows(
        "automations",
        len(states),
        states,
        text_columns(columns, _state, right=("times",), whole=("rule", "last"), spare=("doc",)),
        _state_json,
        None,
        None,
    )


def _state(state: RuleState) -> list[str]:
    rule = state.rule
    return [
        rule.name,
        ", ".join(state.kinds) or "none",
        _starts(state),
        ", ".join(rule.actions.words),
        str(state.times),
        str(state.last or ""),
        rule.doc,
    ]


def _starts(state: RuleState) -> str:
    rule = state.rule
    on = f"on {' '.join(rule.on)}" if rule.on else "by the day"
    return f"{on}, when {' '.join(rule.when)}" if rule.when else on


def _state_json(state: RuleState) -> Any:
    rule = state.rule
    return {
        "rule": rule.name,
        "kinds": list(state.kinds),
        "on": " ".join(rule.on) or None,
        "when": " ".join(rule.when) or None,
        "does": rule.actions.words,
        "times": state.times,
        "last": state.last.isoformat() if state.last else None,
        "doc": rule.doc or None,
        "path": rule.path,
    }


def trial_rows(trials: Sequence[RuleTrial]) -> Rows:
    """A row a rule that holds of a record; on a terminal with the diff of what it would write."""

    def screen(rows: Rows, _: Layout) -> str:
        return "".join(map(_trial_text, rows.records))

    columns = ("rule", "record", "cause", "done", "does")
    return Rows(
        "automation-test",
        len(trials),
        trials,
        text_columns(columns, _trial),
        _trial_json,
        lambda trial: trial.fired.record.ref,
        lambda trial: trial.fired.record.path,
        screen=screen,
    )


def _trial(trial: RuleTrial) -> list[str]:
    fired = trial.fired
    did = ", ".join(fired.rule.actions.words)
    return [fired.rule.name, fired.record.ref, fired.cause, "yes" if trial.done else "", did]


def _trial_text(trial: RuleTrial) -> str:
    fired = trial.fired
    done = "; it has done so already" if trial.done else ""
    drafts = "".join(f"  a draft of {line(name)} in the outbox\n" for name in fired.drafts)
    head = line(f"{fired.rule.name}: {fired.cause}{done}")
    return f"{head}\n{safe(trial.diff)}{drafts}"


def _trial_json(trial: RuleTrial) -> Any:
    fired = trial.fired
    return {
        "rule": fired.rule.name,
        "record": fired.record.ref,
        "cause": fired.cause,
        "done": trial.done,
        "edits": [edit_json(edit) for edit in fired.edits],
        "drafts": list(fired.drafts),
        "diff": trial.diff,
    }


def edit_json(edit: Edit) -> Any:
    """`{"edit": "SetField", …}`: the edit's name, and its values as text."""
    values = {name: str(each) for name, each in vars(edit).items() if isinstance(each, str | int)}
    inner = getattr(edit, "entry", None) or getattr(edit, "task", None)
    if inner is not None:
        values["text"] = inner.text
    return {"edit": type(edit).__name__, **values}
