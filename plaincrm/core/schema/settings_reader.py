"""A YAML settings file read key by key; what is wrong becomes a `Problem` with its line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from plaincrm.core.values import types
from plaincrm.core.values.raw import Raw
from plaincrm.errors import Problem, did_you_mean

T = TypeVar("T")
Keys = tuple[str | int, ...]
Kept = tuple[dict[str, Raw], dict[Keys, tuple[int, int]]]


class SettingsReader:
    """The values of `text`, each asked for with the keys that lead to it.

    `kept`: its fields and their positions, where somebody has read it before and found nothing
    wrong.
    """

    def __init__(self, text: str, path: str, kept: Kept | None = None) -> None:
        self.path = path
        self.problems: list[Problem] = []
        if kept is None:
            from plaincrm.core.yaml.front_matter import read_mapping

            mapping = read_mapping(text, path)
            kept = mapping.fields, mapping.positions
            self.problems.extend(mapping.problems)
        self.fields, self.positions = kept

    def problem(self, keys: Keys, code: str, message: str, hint: str = "") -> None:
        line, column = next(
            (
                self.positions[keys[:n]]
                for n in range(len(keys), 0, -1)
                if keys[:n] in self.positions
            ),
            (1, 1),
        )
        self.problems.append(Problem(self.path, line, column, code, message, hint))

    def attempt(self, keys: Keys, read: Callable[[], T], default: T) -> T:
        """What `read` gives; its ValueError becomes a problem and `default` the value."""
        try:
            return read()
        except ValueError as error:
            self.problem(keys, "settings-value", str(error))
            return default

    def map(self, raw: Raw | None, keys: Keys) -> Mapping[str, Raw]:
        if raw is None or raw == "":
            return {}
        if isinstance(raw, dict):
            return raw
        self.problem(keys, "settings-shape", f'"{keys[-1]}" has to be a map of names to values')
        return {}

    def known(self, keys: Keys, found: Mapping[str, Raw], allowed: tuple[str, ...]) -> None:
        for key in found:
            if key not in allowed:
                hint = did_you_mean(key, allowed) or f"known here: {', '.join(allowed)}"
                self.problem((*keys, key), "settings-key", f'unknown setting "{key}"', hint)

    def text(self, key: str, default: str = "") -> str:
        raw = self.fields.get(key)
        if isinstance(raw, (list, dict)):
            self.problem((key,), "settings-shape", f'"{key}" has to be one value')
            return default
        return raw or default

    def optional(self, keys: Keys, raw: Raw | None, read: Callable[[str], T]) -> T | None:
        if raw is None or raw == "":
            return None
        return self.attempt(keys, lambda: read(scalar(raw)), None)

    def flag(self, keys: Keys, raw: Raw | None) -> bool:
        return bool(self.optional(keys, raw, lambda text: types.read("bool", text)))


def scalar(raw: Raw) -> str:
    """`raw` where it is one value. Raises ValueError."""
    if not isinstance(raw, str):
        raise ValueError("one value is wanted here, not a list or a map")
    return raw


def one_of(words: tuple[str, ...]) -> str:
    return f"one of {', '.join(words)}"
