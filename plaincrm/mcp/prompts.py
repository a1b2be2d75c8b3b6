"""Prompts that a person may choose in their program: a brief, a plan for the day."""

from __future__ import annotations

from plaincrm.mcp.protocol import BAD_PARAMS, Json, ProtocolError

_BRIEF = """\
Call the tool brief for {ref}. Tell me on half a page: who or what it is, where we stand, what was \
said last and when, what is open, and what I should ask. Name the day of each fact."""
_DAY = """\
Call the tools today and pipeline. Plan my day: what is overdue first, then what is due, then what \
is going quiet or at risk. Give each line its record and the command that today names for it. \
Write nothing."""
LISTED: list[Json] = [
    {
        "name": "brief_me",
        "title": "Brief me",
        "description": "Half a page before a call",
        "arguments": [{"name": "ref", "description": "A record", "required": True}],
    },
    {"name": "plan_my_day", "title": "Plan my day", "description": "What to do, in which order"},
]


def get(params: Json) -> Json:
    """The messages of a prompt. Raises ProtocolError."""
    given = params.get("arguments") or {}
    match params.get("name"):
        case "brief_me" if isinstance(given, dict) and isinstance(given.get("ref"), str):
            text = _BRIEF.format(ref=given["ref"])
        case "plan_my_day":
            text = _DAY
        case "brief_me":
            raise ProtocolError(BAD_PARAMS, "brief_me needs ref")
        case name:
            raise ProtocolError(BAD_PARAMS, f"there is no prompt {name}")
    return {"messages": [{"role": "user", "content": {"type": "text", "text": text}}]}
