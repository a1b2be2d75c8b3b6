"""Reading `plaincrm.yaml`: text to `Settings`.

What is wrong with it becomes a `Problem` with its line, and the default holds in its place: a typo in the
settings must not stop anybody from seeing who to call.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from plaincrm.core import builtin, dates, duration, types
from plaincrm.core.frontmatter import Raw, read_mapping
from plaincrm.core.money import Rates
from plaincrm.core.record import items
from plaincrm.core.schema import TYPES, Field, Kind, Schema
from plaincrm.core.settings import DEFAULT_PIPELINE, ROLES, CadenceRule, Mail, Me, Pipeline, Settings, Stage
from plaincrm.errors import Problem, did_you_mean

SECTIONS = (
    "me", "currency", "rates", "timezone", "country", "language", "pipelines", "goals", "cadence", "fields",
    "kinds", "hours", "away", "sla", "score", "mail", "automations", "commit", "log_types",
)  # fmt: skip
_LATER = ("goals", "hours", "sla", "score", "automations")
_STAGE_KEYS = ("probability", "rots_after", "status")
_FIELD_KEYS = ("type", "values", "doc", "many", "required", "default", "to")
_KIND_KEYS = ("folder", "title", "plural", "fields", "doc")
_MAIL_KEYS = ("from", "signature", "unsubscribe", "smtp", "sendmail")
_NAME = re.compile(r"[^\W\d][\w-]*")
T = TypeVar("T")
Keys = tuple[str | int, ...]


def parse(text: str, path: str = "plaincrm.yaml") -> Settings:
    """The settings that `text` holds. Never raises; see `Settings.problems`."""
    return _Reader(text, path).settings()


class _Reader:
    def __init__(self, text: str, path: str) -> None:
        mapping = read_mapping(text, path)
        self.path = path
        self.fields = mapping.fields
        self.positions = mapping.positions
        self.problems = list(mapping.problems)

    def problem(self, keys: Keys, code: str, message: str, hint: str = "") -> None:
        line, column = next(
            (self.positions[keys[:n]] for n in range(len(keys), 0, -1) if keys[:n] in self.positions), (1, 1)
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

    def settings(self) -> Settings:
        self.known((), self.fields, SECTIONS)
        currency = self.currency()
        pipelines = self.pipelines()
        built: dict[str, Any] = {
            "me": self.me(), "currency": currency, "rates": Rates(currency, self.rates()),
            "timezone": self.timezone(), "country": self.text("country").upper(),
            "language": self.text("language", "en").casefold(), "pipelines": pipelines,
            "cadence": self.cadence(), "away": self.away(), "mail": self.mail(), "commit": self.commit(),
            "log_types": frozenset(item.text.casefold() for item in items(self.fields.get("log_types"))),
            "schema": self.schema(pipelines),
            "sections": {key: self.fields[key] for key in _LATER if key in self.fields},
        }  # fmt: skip
        return Settings(**built, problems=tuple(self.problems))

    def currency(self) -> str:
        code = self.text("currency", "EUR").upper()
        if not re.fullmatch(r"[A-Z]{3}", code):
            self.problem(("currency",), "settings-value", f'"{code}" is no currency code', "write it as EUR")
            return "EUR"
        return code

    def timezone(self) -> str:
        name = self.text("timezone", "UTC")
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            self.problem(("timezone",), "settings-value", f'unknown time zone "{name}"', "such as Europe/Berlin")
            return "UTC"
        return name

    def me(self) -> Me:
        found = self.map(self.fields.get("me"), ("me",))
        self.known(("me",), found, ("name", "email"))
        name = found.get("name", "")
        return Me(name if isinstance(name, str) else "", tuple(i.text for i in items(found.get("email"))))

    def rates(self) -> dict[str, dict[str, Decimal]]:
        rates: dict[str, dict[str, Decimal]] = {}
        for code, raw in self.map(self.fields.get("rates"), ("rates",)).items():
            months = raw if isinstance(raw, dict) else {"": raw}
            for month, rate in months.items():
                keys: Keys = ("rates", code, month)
                if month and not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", month):
                    self.problem(keys, "settings-value", f'"{month}" is no month', "write it as 2026-10")
                    continue
                number = self.attempt(keys, lambda rate=rate: _number(rate), None)  # type: ignore[misc]
                if number:
                    rates.setdefault(code.upper(), {})[month] = number
        return rates

    def pipelines(self) -> dict[str, Pipeline]:
        pipelines = {}
        for name, raw in self.map(self.fields.get("pipelines"), ("pipelines",)).items():
            stages = self.map(raw, ("pipelines", name))
            found = tuple(self.stage(name, stage, keys) for stage, keys in stages.items())
            if found:
                pipelines[name] = Pipeline(name, found)
        return pipelines or {"default": DEFAULT_PIPELINE}

    def stage(self, pipeline: str, name: str, raw: Raw) -> Stage:
        at: Keys = ("pipelines", pipeline, name)
        found = self.map(raw, at)
        self.known(at, found, _STAGE_KEYS)
        role = str(found.get("status") or "open")
        if role not in ROLES:
            self.problem((*at, "status"), "settings-value", f'"{role}" is no status of a stage', _one_of(ROLES))
            role = "open"
        chance = self.optional((*at, "probability"), found.get("probability"), _percent)
        if chance is None and role in ("won", "lost"):
            chance = Decimal(100 if role == "won" else 0)
        rots = self.optional((*at, "rots_after"), found.get("rots_after"), duration.parse)
        return Stage(name, chance, rots, role)  # type: ignore[arg-type]

    def optional(self, keys: Keys, raw: Raw | None, read: Callable[[str], T]) -> T | None:
        if raw is None or raw == "":
            return None
        return self.attempt(keys, lambda: read(_scalar(raw)), None)

    def cadence(self) -> tuple[CadenceRule, ...]:
        rules = []
        for query, raw in self.map(self.fields.get("cadence"), ("cadence",)).items():
            every = self.optional(("cadence", query), raw, duration.parse)
            if every:
                rules.append(CadenceRule(query, every))
        return tuple(rules)

    def away(self) -> tuple[tuple[date, date], ...]:
        raw = self.fields.get("away", [])
        spans = raw if isinstance(raw, list) else [raw]
        found = (self.optional(("away", n), span, _span) for n, span in enumerate(spans))
        return tuple(span for span in found if span)

    def mail(self) -> Mail:
        found = self.map(self.fields.get("mail"), ("mail",))
        self.known(("mail",), found, _MAIL_KEYS)
        return Mail(*(str(found.get(key) or "") for key in ("from", "signature", "unsubscribe")))

    def commit(self) -> str:
        word = self.text("commit", "each")
        if word not in ("each", "manual"):
            self.problem(("commit",), "settings-value", f'"{word}" is no way to commit', "each or manual")
            return "each"
        return word

    def schema(self, pipelines: Mapping[str, Pipeline]) -> Schema:
        schema = builtin.schema()
        stage = schema.kinds["deal"].fields["stage"]
        cases = {name: tuple(s.name for s in pipeline.stages) for name, pipeline in pipelines.items()}
        staged = _replace(stage, cases=cases)
        schema = schema.with_kinds([schema.kinds["deal"].with_fields([staged])])
        schema = schema.with_kinds(self.own_kinds(schema))
        return schema.with_kinds(self.own_fields(schema))

    def own_kinds(self, schema: Schema) -> list[Kind]:
        kinds = []
        for name, raw in self.map(self.fields.get("kinds"), ("kinds",)).items():
            at: Keys = ("kinds", name)
            found = self.map(raw, at)
            self.known(at, found, _KIND_KEYS)
            if not _NAME.fullmatch(name) or schema.find(name) or name in ("log", "task", "tasks"):
                self.problem(at, "settings-value", f'"{name}" can\'t be the name of a kind of your own')
                continue
            plural = str(found.get("plural") or f"{name}s")
            folder, title = str(found.get("folder") or plural), str(found.get("title") or "name")
            if not re.fullmatch(r"[\w-]+", folder) or folder in schema.folders.values():
                self.problem((*at, "folder"), "settings-value", f'"{folder}" can\'t be the folder of a kind')
                continue
            kind = Kind(name, plural, folder, title, {title: Field(title, required=True)}, str(found.get("doc") or ""))
            declared = self.declared(found.get("fields"), (*at, "fields"))
            kinds.append(kind.with_fields([*declared, *builtin.every_kind_fields()]))
        return kinds

    def own_fields(self, schema: Schema) -> list[Kind]:
        kinds = []
        for name, raw in self.map(self.fields.get("fields"), ("fields",)).items():
            kind = schema.find(name)
            if kind is None:
                hint = did_you_mean(name, schema.kinds) or _one_of(tuple(schema.kinds))
                self.problem(("fields", name), "settings-key", f'unknown kind "{name}"', hint)
                continue
            kinds.append(kind.with_fields(self.declared(raw, ("fields", name))))
        return kinds

    def declared(self, raw: Raw | None, at: Keys) -> list[Field]:
        found = self.map(raw, at)
        return [field for name, row in found.items() if (field := self.field(name, row, (*at, name)))]

    def field(self, name: str, raw: Raw, at: Keys) -> Field | None:
        row = {"type": raw} if isinstance(raw, str) else self.map(raw, at)
        self.known(at, row, _FIELD_KEYS)
        type_name = str(row.get("type") or "text")
        values = tuple(item.text for item in items(row.get("values")))
        if type_name not in TYPES or not _NAME.fullmatch(name) or name.startswith("_"):
            wrong = f'unknown type "{type_name}"' if type_name not in TYPES else f'"{name}" can\'t be a field name'
            self.problem(at, "settings-value", wrong, did_you_mean(type_name, TYPES) or _one_of(TYPES))
            return None
        if type_name == "enum" and not values:
            self.problem(at, "settings-value", f'the enum "{name}" lists no values', "values: [a, b]")
            type_name = "text"
        many, required = (self.attempt(at, lambda k=k: _flag(row.get(k)), False) for k in ("many", "required"))  # type: ignore[misc]
        return Field(
            name, type_name, str(row.get("doc") or ""), many, required, str(row.get("default") or ""), values,
            str(row.get("to") or ""),
        )  # fmt: skip


def _replace(field: Field, cases: Mapping[str, tuple[str, ...]]) -> Field:
    from dataclasses import replace

    return replace(field, cases=cases)


def _scalar(raw: Raw) -> str:
    if not isinstance(raw, str):
        raise ValueError("one value is wanted here, not a list or a map")
    return raw


def _number(raw: Raw) -> Decimal:
    value = types.read("number", _scalar(raw))
    if not isinstance(value, Decimal) or value <= 0:
        raise ValueError(f'"{raw}" is no rate')
    return value


def _percent(text: str) -> Decimal:
    value = types.read("percent", text)
    return value if isinstance(value, Decimal) else Decimal(0)


def _flag(raw: Raw | None) -> bool:
    return bool(types.read("bool", _scalar(raw))) if raw else False


def _span(text: str) -> tuple[date, date]:
    first, _, last = text.partition("..")
    days = [types.read("date", each.strip()) for each in (first, last or first)]
    if not all(isinstance(day, date) for day in days) or days[0] > days[1]:  # type: ignore[operator]
        raise ValueError(f'"{text}" is no span of days; write it as 2026-12-21..2027-01-06')
    return days[0], days[1]  # type: ignore[return-value]


def _one_of(words: tuple[str, ...]) -> str:
    return f"one of {', '.join(words)}"


__all__ = ["SECTIONS", "dates", "parse"]
