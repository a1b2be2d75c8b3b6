"""The rules of a book: those of its settings, its `automations/*.yaml`, and of those shipped the
ones that the settings name.

automations: [thank-you, {name: invoice, on: stage:won, do: {task: Send the invoice}}]
"""

from __future__ import annotations

from collections.abc import Mapping

from plaincrm.book.source import Source
from plaincrm.core.schema.kinds import Schema
from plaincrm.core.schema.settings import Settings, SettingsSection
from plaincrm.core.schema.settings_reader import SettingsReader
from plaincrm.core.text.text_file import decode
from plaincrm.core.value_class import value
from plaincrm.core.values.raw import Raw
from plaincrm.crm.automations.rule import Rule, read_rule
from plaincrm.errors import Problem, did_you_mean

FOLDER = "automations"
SHIPPED = "templates/automation"


@value
class Rules:
    """All rules of a book by name, in the order in which they run, and what is wrong with them."""

    rules: tuple[Rule, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def by_name(self) -> Mapping[str, Rule]:
        return {rule.name: rule for rule in self.rules}


def has_rules(settings: Settings, source: Source) -> bool:
    """Whether there may be a rule; a look at the settings and at one folder."""
    return bool(settings.kept[0].get(FOLDER)) or bool(source.names(FOLDER, ".yaml"))


def rules_of(settings: Settings, source: Source) -> Rules:
    """The rules of the settings, then those of the folder. A name that stands twice is a
    problem.
    """
    own = [_file(source, name, settings.schema) for name in sorted(source.names(FOLDER, ".yaml"))]
    named = settings.section(SECTION)
    found: dict[str, Rule] = {}
    problems = [problem for each in own for problem in each.problems]
    for rule in (*named, *(rule for each in own for rule in each.rules)):
        if rule.name in found:
            said = f'there are two rules "{rule.name}"; the first one holds'
            problems.append(Problem(rule.path, 1, 1, "settings-value", said, "rename one"))
        else:
            found[rule.name] = rule
    return Rules(tuple(found.values()), tuple(problems))


def _file(source: Source, name: str, schema: Schema) -> Rules:
    path = f"{FOLDER}/{name}.yaml"
    text, problems = decode(source.file(path) or b"", path)
    reader = SettingsReader(text, path)
    rule = read_rule(reader, dict(reader.fields), (), schema, name)
    return Rules((rule,) if rule else (), (*problems, *reader.problems))


def shipped_rules(schema: Schema) -> dict[str, Rule]:
    """The rules that come with plaincrm, by name."""
    from plaincrm.book.shipped import shipped_names, shipped_text

    found = {}
    for name in shipped_names(SHIPPED, ".yaml"):
        path = f"{SHIPPED}/{name}.yaml"
        reader = SettingsReader(shipped_text(SHIPPED, f"{name}.yaml") or "", path)
        rule = read_rule(reader, dict(reader.fields), (), schema, name)
        if rule is not None:
            found[rule.name] = rule
    return found


def _read(reader: SettingsReader, raw: Raw | None, settings: Settings) -> tuple[Rule, ...]:
    one = [raw] if raw else []
    rows = raw if isinstance(raw, list) else one
    found = []
    known: dict[str, Rule] = {}
    for place, row in enumerate(rows):
        keys = (FOLDER, place)
        rule: Rule | None
        if isinstance(row, str):
            known = known or shipped_rules(settings.schema)
            rule = known.get(row)
            if rule is None:
                hint = did_you_mean(row, known) or f"shipped: {', '.join(known)}"
                reader.problem(keys, "settings-value", f'no rule "{row}" is shipped', hint)
        else:
            rule = read_rule(reader, row, keys, settings.schema)
        if rule is not None:
            found.append(rule)
    return tuple(found)


SECTION = SettingsSection(FOLDER, _read)
