"""What `plaincrm adopt` proposes, for a reader and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from plaincrm.core.records.field_keys import FILE_NAME
from plaincrm.crm.adoption import KindProposal, Proposal
from plaincrm.crm.adoption_settings import stages
from plaincrm.crm.adoption_words import role_of_stage


def lines(proposal: Proposal) -> Iterator[str]:
    """The proposal, a thought a line."""
    for kind in proposal.kinds:
        where = ", ".join(f"{folder or '.'}/" for folder in kind.folders)
        meaning = ", entries of the log of those they name" if kind.kind.entry else ""
        yield f"{where} → {kind.kind.plural}: {_notes(len(kind.notes))}{meaning}"
        if kind.told_by:
            yield f"  those that say {' or '.join(kind.told_by)} in type: or a tag"
        yield f"  such as {', '.join(kind.samples)}"
        for name, keys in kind.keys.items():
            yield f"  {name} ← {_source(keys)}{_sample(kind, name)}"
        for name, allowed in kind.loose.items():
            yield f"  {name} takes {', '.join(allowed) if allowed else 'any text'}"
    found = stages(proposal)
    if found:
        counted = (f"{name} {count}{_meaning(name)}" for name, count in found.items())
        yield f"stages: {', '.join(counted)}"
    for folder, count in proposal.left.items():
        yield f"{folder + '/' if folder else './'} stays as it is: {_notes(count)}"
    yield from proposal.told


def as_json(proposal: Proposal, text: str, *, dry_run: bool) -> dict[str, Any]:
    """`settings` is the text of plaincrm.yaml."""
    return {
        "dry_run": dry_run,
        "kinds": [
            {
                "kind": each.kind.name,
                "folder": each.folder or ".",
                "folders": [folder or "." for folder in each.folders],
                "types": list(each.told_by),
                "count": len(each.notes),
                "samples": each.samples,
                "keys": {name: list(keys) for name, keys in each.keys.items()},
                "values": {name: list(found) for name, found in each.loose.items()},
            }
            for each in proposal.kinds
        ],
        "stages": [
            {"name": name, "count": count, "status": role_of_stage(name)}
            for name, count in stages(proposal).items()
        ],
        "left": dict(proposal.left),
        "told": list(proposal.told),
        "settings": text,
    }


def _notes(count: int) -> str:
    return "1 note" if count == 1 else f"{count} notes"


def _source(keys: tuple[str, ...]) -> str:
    named = " and ".join(key for key in keys if key != FILE_NAME)
    others = ["the name of the file"] if FILE_NAME in keys else []
    return ", else ".join([*([named] if named else []), *others])


def _sample(kind: KindProposal, name: str) -> str:
    value = next(iter(kind.values(name)), "")
    return f" ({value[:40]})" if value else ""


def _meaning(name: str) -> str:
    role = role_of_stage(name)
    return "" if role == "open" else f" ({role})"
