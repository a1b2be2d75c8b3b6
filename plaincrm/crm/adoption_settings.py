"""The settings of a book that `plaincrm adopt` makes: the text of its `plaincrm.yaml`."""

from __future__ import annotations

from collections import Counter

from plaincrm.core.schema.kinds import Kind
from plaincrm.core.schema.settings import DEFAULT_PIPELINE
from plaincrm.core.values import money
from plaincrm.core.values.raw import Raw
from plaincrm.core.yaml import write
from plaincrm.crm.adoption import KindProposal, Proposal
from plaincrm.crm.adoption_words import role_of_stage, stage_rank

_HEAD = (
    "# Written by plaincrm adopt: which folder is which kind, which key is which field.\n"
    "# Change what is wrong; no note was touched. docs/settings.md has the rest.\n"
)


def settings_text(proposal: Proposal, zone: str) -> str:
    """The whole of `plaincrm.yaml`."""
    found: dict[str, Raw] = {"timezone": zone}
    if currency := _currency(proposal):
        found["currency"] = currency
    kinds = proposal.kinds
    found["kinds"] = {k.kind.name: _kind(k.kind) for k in kinds if k.kind.entry}
    found["folders"] = {k.kind.name: _one(_named(k)) for k in kinds if _elsewhere(k)}
    found["types"] = {k.kind.name: _one(k.told_by) for k in kinds if k.told_by}
    found["keys"] = {k.kind.name: _keys(k) for k in kinds if k.keys}
    found["fields"] = {k.kind.name: _fields(k) for k in kinds if k.loose}
    lines = [_HEAD]
    for name, raw in found.items():
        if isinstance(raw, str):
            lines.append(f"{name}: {write.scalar(raw)}\n")
        elif isinstance(raw, dict) and raw:
            lines.append(f"{name}:\n")
            lines += [f"  {key}: {write.flow(each)}\n" for key, each in raw.items()]
    return "".join([*lines, *_pipeline(proposal)])


def stages(proposal: Proposal) -> dict[str, int]:
    """The stages that the deals are in, in the order of a pipeline, with the number of deals."""
    deals = proposal.of("deal")
    counted = Counter(deals.values("stage") if deals else ())
    spelled: dict[str, str] = {}
    for name, _ in counted.most_common():
        spelled.setdefault(name.casefold(), name)
    found = Counter[str]()
    for name, count in counted.items():
        found[spelled[name.casefold()]] += count
    return {name: found[name] for name in sorted(found, key=stage_rank)}


def _keys(kind: KindProposal) -> dict[str, Raw]:
    return {name: _one(keys) for name, keys in kind.keys.items()}


def _one(words: tuple[str, ...]) -> Raw:
    return words[0] if len(words) == 1 else list(words)


def _elsewhere(kind: KindProposal) -> bool:
    return kind.folders != (kind.kind.folder,)


def _named(kind: KindProposal) -> tuple[str, ...]:
    """The folders of a kind as the settings have them: the book's own is `.`."""
    return tuple(folder or "." for folder in kind.folders)


def _kind(kind: Kind) -> Raw:
    """A kind of the book's own, whose notes are entries of logs."""
    fields: dict[str, Raw] = {}
    for field in kind.fields.values():
        if field.name != kind.title:
            many: dict[str, Raw] = {"to": field.to, "many": "true"} if field.to else {}
            fields[field.name] = {"type": field.type, **many}
    return {"plural": kind.plural, "entry": "true", "fields": fields}


def _fields(kind: KindProposal) -> dict[str, Raw]:
    found: dict[str, Raw] = {}
    for name, allowed in kind.loose.items():
        row: dict[str, Raw] = {"type": "enum", "values": list(allowed)} if allowed else {}
        many: dict[str, Raw] = {"many": "true"} if kind.kind.fields[name].many else {}
        found[name] = {"type": "text", **row, **many}
    return found


def _pipeline(proposal: Proposal) -> list[str]:
    found = list(stages(proposal))
    if not found or all(DEFAULT_PIPELINE.find(name) for name in found):
        return []
    if role_of_stage(found[0]) != "open":  # a new deal begins in the first stage
        found.insert(0, "lead")
    for role in ("won", "lost"):  # a deal can be won and lost, even if none was so far
        if not any(role_of_stage(name) == role for name in found):
            found.append(role)
    lines = [f"    {write.key(name)} {write.flow(_stage(name))}\n" for name in found]
    return ["pipelines:\n", "  default:\n", *lines]


def _stage(name: str) -> dict[str, Raw]:
    role = role_of_stage(name)
    if role != "open":
        return {"status": role}
    known = DEFAULT_PIPELINE.find(name)
    if known and known.probability is not None:
        return {"probability": str(known.probability)}
    return {"status": known.role if known else "open"}


def _currency(proposal: Proposal) -> str:
    """The currency that all deals name in a key of its own, if it is one; else empty."""
    deals = proposal.of("deal")
    found = {text.strip().upper() for text in (deals.values("currency") if deals else ())}
    code = found.pop() if len(found) == 1 else ""
    try:
        money.parse("1", code)
    except ValueError:
        return ""
    return code if len(code) == 3 and code.isalpha() else ""
