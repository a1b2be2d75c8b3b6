"""Lead scores by the book's own rules (`score:` of the settings): a query and the points that it
gives, with decay, groups and their limits.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from plaincrm.core.schema.settings import Settings, SettingsSection
from plaincrm.core.schema.settings_reader import Keys, SettingsReader
from plaincrm.core.value_class import fresh, value
from plaincrm.core.values import duration, types
from plaincrm.core.values.duration import Duration
from plaincrm.core.values.raw import Raw

_RULE_KEYS = ("when", "points", "half_life", "within", "group", "kind", "name")
_SCORE_KEYS = ("rules", "limits", "hot")
_HOT = Decimal(60)  # a record that fits two or three good rules, of the 100 there are at most


@value
class ScoreRule:
    """Records of `kind` that the query `when` selects get `points`.

    The points halve every `half_life` after the day of the entry that matches, or count only while
    that day lies `within` the last days. `group`: rules whose sum has a limit. `place` is its place
    in the list, from 0.
    """

    when: str
    points: Decimal
    place: int
    kind: str = "contact"
    group: str = ""
    half_life: Duration | None = None
    within: Duration | None = None
    name: str = ""


@value
class ScoreSettings:
    """All rules, the most that the rules of a group may give together, and the score from which a
    record is hot.
    """

    rules: tuple[ScoreRule, ...] = ()
    limits: Mapping[str, Decimal] = fresh(factory=dict)
    hot: Decimal = _HOT


def _read(reader: SettingsReader, raw: Raw | None, settings: Settings) -> ScoreSettings:
    """`score:` is a list of rules, or a map of `rules:`, `limits:` and `hot:`; an entry `{limits:
    …}` may stand in the list too.
    """
    at: Keys = ("score",)
    hot = None
    limits: dict[str, Decimal] = {}
    if isinstance(raw, dict):
        reader.known(at, raw, _SCORE_KEYS)
        limits.update(_limits(reader, raw.get("limits"), (*at, "limits")))
        hot = reader.optional((*at, "hot"), raw.get("hot"), _points)
        raw, at = raw.get("rules"), ("score", "rules")
    rules = []
    for place, row in enumerate(_list(reader, raw, at)):
        if isinstance(row, dict) and set(row) == {"limits"}:
            limits.update(_limits(reader, row["limits"], (*at, place, "limits")))
        elif rule := _rule(reader, row, (*at, place), place, settings):
            rules.append(rule)
    return ScoreSettings(tuple(rules), limits, _HOT if hot is None else hot)


def _list(reader: SettingsReader, raw: Raw | None, at: Keys) -> list[Raw]:
    if raw is None or raw == "":
        return []
    if isinstance(raw, list):
        return raw
    reader.problem(at, "settings-shape", '"score" has to be a list of rules')
    return []


def _limits(reader: SettingsReader, raw: Raw | None, at: Keys) -> dict[str, Decimal]:
    limits = {}
    for group, text in reader.map(raw, at).items():
        limit = reader.optional((*at, group), text, _points)
        if limit is not None:
            limits[group] = limit
    return limits


def _rule(
    reader: SettingsReader, raw: Raw, at: Keys, place: int, settings: Settings
) -> ScoreRule | None:
    row = reader.map(raw, at)
    reader.known(at, row, _RULE_KEYS)
    when = reader.optional((*at, "when"), row.get("when"), str)
    points = reader.optional((*at, "points"), row.get("points"), _points)
    if not when or points is None:
        if row and not reader.problems:
            missing = "points" if when else "when"
            reader.problem(at, "settings-value", f"a rule of score needs `{missing}:`")
        return None
    half_life, within = (
        reader.optional((*at, key), row.get(key), _days) for key in ("half_life", "within")
    )
    if half_life and within:
        wrong = "a rule fades by `half_life:` or ends by `within:`, never both"
        reader.problem((*at, "within"), "settings-value", wrong)
        within = None
    kind = settings.schema.find(str(row.get("kind") or "contact"))
    if kind is None:
        reader.problem((*at, "kind"), "settings-value", f'unknown kind "{row["kind"]}"')
        return None
    texts = [str(row.get(key) or "") for key in ("group", "name")]
    return ScoreRule(when, points, place, kind.name, texts[0], half_life, within, texts[1])


def _points(text: str) -> Decimal:
    value = types.read("number", text)
    assert isinstance(value, Decimal)
    return value


def _days(text: str) -> Duration:
    found = duration.parse(text)
    if found.amount <= 0:
        raise ValueError(f'"{text}" is no span of time; write it as 30d')
    return found


SECTION = SettingsSection("score", _read)
