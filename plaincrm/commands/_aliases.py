"""Other words for commands: those that people type by nature, and the user's own.

An alias stands for a line: `$1`, `$2` are its words, `$@` is all that is left. Where a word alone
does not say enough, `LINES` has the line to type instead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

ALIASES = {
    "ls": "list $@",
    "search": "find $@",
    "grep": "find $@",
    "new": "add $@",
    "create": "add $@",
    "delete": "rm $@",
    "remove": "rm $@",
    "view": "show $@",
    "status": "today $@",
    "due": "today $@",
    "calendar": "agenda $@",
    "mail": "email $@",
    "pull": "sync $@",
    "push": "sync $@",
    "log-book": "history $@",
    "settings": "config $@",
    "note": "log $1 note $@",
    "call": "log $1 call $@",
    "meeting": "log $1 meeting $@",
    "board": "pipeline --board $@",
    "won": "win $@",
    "lost": "lose $@",
    "stage": "move $@",
    "remind": "task add $@",
    "reminder": "task add $@",
    "todo": "task add $@",
    "month": "report money --period this-month $@",
    "stats": "report list $@",
}
LINES = {
    "tag": "plaincrm set REF tags+=WORD",
    "untag": "plaincrm set REF tags-=WORD",
    "follow-up": 'plaincrm set REF next="fri Ask again"',
    "send": "plaincrm outbox send --all --dry-run",
    "revenue": "plaincrm report money",
    "update": "plaincrm set REF field=value",
    "open": "plaincrm show REF, or plaincrm ticket open",
}
# The kinds that every book has, and what each is called in the plural.
KINDS = {
    "contact": "contacts",
    "company": "companies",
    "deal": "deals",
    "ticket": "tickets",
    "article": "articles",
    "product": "products",
    "campaign": "campaigns",
}
_WITH_KIND = ("add", "list")
_WITHOUT_KIND = ("show", "edit", "rm", "set", "rename", "merge", "find")


def also(command: str) -> list[str]:
    """The aliases that stand for a command with the words as they are typed."""
    return [word for word, line in ALIASES.items() if line == f"{command} $@"]


def expanded(
    words: Sequence[str], commands: Mapping[str, str], own: Mapping[str, str]
) -> list[str] | None:
    """The words that a line means whose first word is no command; None where it means nothing.

    `own` are the user's aliases, which stand before ours, but never before a command.
    """
    first, rest = words[0], list(words[1:])
    if first in commands:
        return None
    line = own.get(first) or ALIASES.get(first)
    if line is not None:
        return _filled(line, rest)
    return _about_kind(first, rest, commands)


def _filled(line: str, rest: list[str]) -> list[str]:
    """An alias with its words put in; without a `$` they follow it."""
    pattern = line if "$" in line else f"{line} $@"
    numbers = [int(word[1:]) for word in pattern.split() if _is_place(word)]
    taken = max(numbers, default=0)
    found: list[str] = []
    for word in pattern.split():
        if word == "$@":
            found += rest[taken:]
        elif _is_place(word):
            found += rest[int(word[1:]) - 1 : int(word[1:])]
        else:
            found.append(word)
    return found


def _is_place(word: str) -> bool:
    return word[:1] == "$" and word[1:].isdecimal()


def _about_kind(first: str, rest: list[str], commands: Mapping[str, str]) -> list[str] | None:
    """`deals is:open` lists, `contact add Ada` adds, `contact ada` shows."""
    kind = first if first in KINDS else next((k for k, many in KINDS.items() if many == first), "")
    if not kind:
        return None
    verb = rest[0] if rest else ""
    verb = ALIASES.get(verb, verb).removesuffix(" $@")
    if verb in _WITH_KIND:
        return [verb, kind, *rest[1:]]
    if verb in _WITHOUT_KIND and verb in commands:
        return [verb, *rest[1:]]
    if first in KINDS and len(rest) == 1:
        return ["show", *rest]
    return ["list", KINDS[kind], *rest]
