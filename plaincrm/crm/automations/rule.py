"""A rule of the book, as `automations:` or a file in `automations/` has it.

name: invoice
doc: After a sale
kind: deal               # else every kind whose fields the queries know
on: stage:won            # a query that holds after a change and did not before it
when: value:1..          # a query that holds now; without `on:` it is asked by the day
do:
  task: Send the invoice to {title} due:+2d
  tag: client

A rule writes into the record that it is about, enrols its contact, adds a record, or drafts a
mail. It never sends and never deletes.
"""

from __future__ import annotations

from collections.abc import Mapping

from plaincrm.core.query import split_words
from plaincrm.core.schema.kinds import Schema
from plaincrm.core.schema.settings_reader import Keys, SettingsReader
from plaincrm.core.value_class import value
from plaincrm.core.values.raw import Raw, items

KEYS = ("name", "doc", "kind", "on", "when", "do")
ACTIONS = ("set", "tag", "task", "log", "next", "enrol", "leave", "draft", "assign", "add")
_ONE_TEXT = ("log", "next", "enrol", "leave", "draft")
Texts = tuple[str, ...]
Fields = tuple[tuple[str, str], ...]


@value
class RuleActions:
    """What a rule does. Texts may hold `{field}`, which becomes the record's value.

    `set` maps fields to values; `assign` are owners, of whom each record gets one; `add` is a kind
    and the fields of its new record.
    """

    set: Fields = ()
    tag: Texts = ()
    task: Texts = ()
    log: str = ""
    next: str = ""
    enrol: str = ""
    leave: str = ""
    draft: str = ""
    assign: Texts = ()
    add: tuple[tuple[str, Fields], ...] = ()

    @property
    def words(self) -> list[str]:
        """The names of the actions that it has, in the order in which they are documented."""
        return [name for name in ACTIONS if getattr(self, name)]


@value
class Rule:
    """One rule. `path` and `keys` say where it stands; a rule without `on` is asked by the day."""

    name: str
    on: Texts
    when: Texts
    actions: RuleActions
    kind: str = ""
    doc: str = ""
    path: str = ""
    keys: Keys = ()

    @property
    def timed(self) -> bool:
        return not self.on


def read_rule(
    reader: SettingsReader, raw: Raw, keys: Keys, schema: Schema, name: str = ""
) -> Rule | None:
    """The rule that a map of the settings or a whole file is; None where it is none. What is wrong
    is a problem of the reader.
    """
    row = reader.map(raw, keys)
    if not row:
        return None
    reader.known(keys, row, KEYS)
    found = Rule(
        _name(row, name),
        _query(reader, row, keys, "on"),
        _query(reader, row, keys, "when"),
        read_actions(reader, row.get("do"), (*keys, "do"), schema),
        _kind(reader, row, keys, schema),
        _text(reader, row, keys, "doc"),
        reader.path,
        keys,
    )
    missing = _missing(found)
    if missing:
        reader.problem(keys, "settings-value", f"a rule {missing}", _SHAPE)
        return None
    return found


_SHAPE = "{name: invoice, on: stage:won, do: {task: Send the invoice due:+2d}}"


def _missing(rule: Rule) -> str:
    if not rule.name or ":" in rule.name or "\n" in rule.name:
        return "needs a `name:` without a colon, by which the log tells of it"
    if not (rule.on or rule.when):
        return "needs `on:` or `when:`"
    return "" if rule.actions.words else "needs something to `do:`"


def _name(row: Mapping[str, Raw], name: str) -> str:
    own = row.get("name")
    return " ".join(own.split()) if isinstance(own, str) and own else name


def _text(reader: SettingsReader, row: Mapping[str, Raw], keys: Keys, key: str) -> str:
    return reader.optional((*keys, key), row.get(key), str) or ""


def _query(reader: SettingsReader, row: Mapping[str, Raw], keys: Keys, key: str) -> Texts:
    return tuple(split_words(_text(reader, row, keys, key)))


def _kind(reader: SettingsReader, row: Mapping[str, Raw], keys: Keys, schema: Schema) -> str:
    word = _text(reader, row, keys, "kind")
    kind = schema.find(word) if word else None
    if word and kind is None:
        reader.problem((*keys, "kind"), "settings-value", f'unknown kind "{word}"')
    return kind.name if kind else ""


def read_actions(
    reader: SettingsReader, raw: Raw | None, keys: Keys, schema: Schema
) -> RuleActions:
    """What stands under `do:`."""
    row = reader.map(raw, keys)
    reader.known(keys, row, ACTIONS)
    one = {name: _text(reader, row, keys, name).strip() for name in _ONE_TEXT}
    return RuleActions(
        set=_fields(reader, row.get("set"), (*keys, "set")),
        tag=_texts(row.get("tag")),
        task=_texts(row.get("task")),
        assign=_texts(row.get("assign")),
        add=_added(reader, row.get("add"), (*keys, "add"), schema),
        **one,
    )


def _texts(raw: Raw | None) -> Texts:
    return tuple(item.text for item in items(raw) if item.text)


def _fields(reader: SettingsReader, raw: Raw | None, keys: Keys) -> Fields:
    found = []
    for name, each in reader.map(raw, keys).items():
        if isinstance(each, str):
            found.append((name, each))
        else:
            reader.problem((*keys, name), "settings-value", "a rule sets one value")
    return tuple(found)


def _added(
    reader: SettingsReader, raw: Raw | None, keys: Keys, schema: Schema
) -> tuple[tuple[str, Fields], ...]:
    found = []
    for word, fields in reader.map(raw, keys).items():
        kind = schema.find(word)
        if kind is None:
            reader.problem((*keys, word), "settings-value", f'unknown kind "{word}"')
        else:
            found.append((kind.name, _fields(reader, fields, (*keys, word))))
    return tuple(found)
