"""What a query looks at: the names of fields, facts and lines of the record itself."""

from __future__ import annotations

from collections.abc import Iterator

from plaincrm.core.query import flags
from plaincrm.core.query.syntax import And, Compare, Exists, Node, Not, Or, QueryValue, SearchText

# Facts that rest on one field; of all others the field is not known.
_BEHIND = {
    "is:open": "stage",
    "is:won": "stage",
    "is:lost": "stage",
    "is:parked": "stage",
    "is:rotting": "stage",
    "is:solved": "status",
    "stage_status": "stage",
}


def watched(node: Node) -> list[str]:
    """The names in the order of the query, each once: `stage`, `tags`, `is:quiet`, `log`."""
    return list(dict.fromkeys(_names(node)))


def behind(name: str) -> str:
    """The field that a name rests on, as far as it is known; else the name."""
    return _BEHIND.get(name, name)


def _names(node: Node) -> Iterator[str]:
    if isinstance(node, And | Or):
        for part in node.parts:
            yield from _names(part)
    elif isinstance(node, Not):
        yield from _names(node.part)
    elif isinstance(node, Compare):
        yield from _compared(node)
    elif isinstance(node, Exists):
        yield node.path[0].name
    elif isinstance(node, SearchText):
        yield "text"


def _compared(term: Compare) -> Iterator[str]:
    """`is:won` is a fact by that name; `has:` and `no:` name a field behind their colon."""
    first = term.path[0].name
    if len(term.path) > 1 or first not in flags.SPECIAL:
        # A fact with dots, such as `sla.due`, is one name.
        dotted = all(not step.inner and not step.link for step in term.path)
        yield ".".join(step.name for step in term.path) if dotted else first
        return
    for each in term.values:
        word = each.text if isinstance(each, QueryValue) else ""
        if first == "is":
            yield f"is:{word}"
        elif first == "tag":
            yield "tags"
        else:
            yield word.partition(".")[0].partition("(")[0]
