"""Reading `plaincrm.yaml`: text to `Settings`.

What is wrong with it becomes a `Problem` with its line, and the default holds in its place: a typo
in the settings must not stop anybody from seeing who to call.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from plaincrm.core.schema.kinds import Schema
from plaincrm.core.schema.settings import (
    DEFAULT_PIPELINE,
    ROLES,
    TLS,
    CadenceRule,
    Mail,
    Me,
    Pipeline,
    PrivateSettings,
    Settings,
    Smtp,
    Stage,
)
from plaincrm.core.schema.settings_reader import Kept, Keys, SettingsReader, one_of, scalar
from plaincrm.core.schema.settings_schema import schema
from plaincrm.core.values import duration, types
from plaincrm.core.values.money import Rates
from plaincrm.core.values.raw import Raw, items
from plaincrm.errors import did_you_mean

if TYPE_CHECKING:
    from plaincrm.core.values.hours import Week

CORE_SECTIONS = (
    "me",
    "currency",
    "rates",
    "timezone",
    "country",
    "language",
    "pipelines",
    "cadence",
    "fields",
    "kinds",
    "folders",
    "types",
    "keys",
    "away",
    "mail",
    "private",
    "commit",
    "log_types",
)
_STAGE_KEYS = ("probability", "rots_after", "status")
_MAIL_TEXTS = ("from", "signature", "sendmail", "copy")
_MAIL_KEYS = (*_MAIL_TEXTS, "unsubscribe", "smtp", "rate", "window")
_SMTP_KEYS = ("host", "port", "tls", "user", "password_command")
_PAGE = re.compile(r"https://[A-Za-z0-9.-]+(?::[0-9]+)?(?:/[A-Za-z0-9._~:/?#@!$&*+=%{}-]*)?")
_MAIL_PORTS = {"starttls": 587, "tls": 465, "none": 25}  # the usual ports of each way


def parse(
    text: str,
    path: str = "plaincrm.yaml",
    kept: Kept | None = None,
    pillars: tuple[str, ...] = (),
) -> Settings:
    """The settings that `text` holds. Never raises; see `Settings.problems`. `kept`: see
    `SettingsReader`.

    `pillars`: the names of the sections that others read: see `Settings.section`.
    """
    return _SettingsReader(text, path, kept).settings(pillars)


class _SettingsReader(SettingsReader):
    def settings(self, pillars: tuple[str, ...]) -> Settings:
        self.known((), self.fields, (*CORE_SECTIONS, *pillars))
        currency = self.currency()
        pipelines = self.pipelines()
        built: dict[str, Any] = {
            "me": self.me(),
            "currency": currency,
            "rates": Rates(currency, self.rates()),
            "timezone": self.timezone(),
            "country": self.text("country").upper(),
            "language": self.text("language", "en").casefold(),
            "pipelines": pipelines,
            "cadence": self.cadence(),
            "away": self.away(),
            "mail": self.mail(),
            "commit": self.commit(),
            "log_types": frozenset(
                item.text.casefold() for item in items(self.fields.get("log_types"))
            ),
            "schema": (found := schema(self, pipelines)),
            "private": self.private(found),
            "kept": (self.fields, self.positions),
            "path": self.path,
        }
        return Settings(**built, problems=tuple(self.problems))

    def currency(self) -> str:
        typed = self.text("currency", "EUR")
        if not re.fullmatch(r"[A-Za-z]{3}", typed):
            self.problem(
                ("currency",), "settings-value", f'"{typed}" is no currency code', "write it as EUR"
            )
            return "EUR"
        return typed.upper()

    def timezone(self) -> str:
        name = self.text("timezone", "UTC")
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            self.problem(
                ("timezone",),
                "settings-value",
                f'unknown time zone "{name}"',
                "such as Europe/Berlin",
            )
            return "UTC"
        return name

    def me(self) -> Me:
        found = self.map(self.fields.get("me"), ("me",))
        self.known(("me",), found, ("name", "email"))
        name = found.get("name", "")
        return Me(
            name if isinstance(name, str) else "", tuple(i.text for i in items(found.get("email")))
        )

    def rates(self) -> dict[str, dict[str, Decimal]]:
        rates: dict[str, dict[str, Decimal]] = {}
        for code, raw in self.map(self.fields.get("rates"), ("rates",)).items():
            months = raw if isinstance(raw, dict) else {"": raw}
            for month, rate in months.items():
                keys: Keys = ("rates", code, month)
                if month and not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", month):
                    self.problem(
                        keys, "settings-value", f'"{month}" is no month', "write it as 2026-10"
                    )
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
            self.problem(
                (*at, "status"),
                "settings-value",
                f'"{role}" is no status of a stage',
                one_of(ROLES),
            )
            role = "open"
        chance = self.optional((*at, "probability"), found.get("probability"), _percent)
        if chance is None and role in ("won", "lost"):
            chance = Decimal(100 if role == "won" else 0)
        rots = self.optional((*at, "rots_after"), found.get("rots_after"), duration.parse)
        return Stage(name, chance, rots, role)  # type: ignore[arg-type]

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
        found = (self.optional(("away", n), span, days_span) for n, span in enumerate(spans))
        return tuple(span for span in found if span)

    def mail(self) -> Mail:
        found = self.map(self.fields.get("mail"), ("mail",))
        self.known(("mail",), found, _MAIL_KEYS)
        sender, signature, sendmail, copy = (str(found.get(key) or "") for key in _MAIL_TEXTS)
        if sendmail and found.get("smtp"):
            self.problem(
                ("mail", "sendmail"),
                "settings-value",
                "mail can leave by smtp or by sendmail, not by both",
                "take one of them out",
            )
        address, url = self.unsubscribe(found.get("unsubscribe"))
        rate = self.optional(("mail", "rate"), found.get("rate"), _hourly) or 0
        window = self.window(found.get("window"))
        smtp = self.smtp(found.get("smtp"))
        return Mail(sender, signature, address, url, rate, window, copy, smtp, sendmail)

    def window(self, raw: Raw | None) -> Week:
        if not raw:
            return ()
        from plaincrm.core.values.week_text import parse_week  # few books name hours

        return self.optional(("mail", "window"), raw, parse_week) or ()

    def unsubscribe(self, raw: Raw | None) -> tuple[str, str]:
        """The address and the page that take people off; either may be missing."""
        address, url = "", ""
        for each in items(raw):
            text = each.text.strip()
            if "://" not in text:
                address = text.removeprefix("mailto:")
            elif _PAGE.fullmatch(text):
                url = text
            else:
                said = f'"{text}" is no https page'
                hint = "https://studio.example/out?mail={id}, or an address"
                self.problem(("mail", "unsubscribe"), "settings-value", said, hint)
        return address, url

    def smtp(self, raw: Raw | None) -> Smtp | None:
        at: Keys = ("mail", "smtp")
        found = self.map(raw, at)
        if not found:
            return None
        self.known(at, found, _SMTP_KEYS)
        host = self.optional((*at, "host"), found.get("host"), str) or ""
        if not host:
            self.problem(at, "settings-value", "smtp needs a host", "host: mail.example.org")
            return None
        tls = str(found.get("tls") or "starttls")
        if tls not in TLS:
            self.problem((*at, "tls"), "settings-value", f'"{tls}" is no kind of tls', one_of(TLS))
            tls = "starttls"
        port = self.optional((*at, "port"), found.get("port"), _port) or _MAIL_PORTS[tls]
        user, command = (
            self.optional((*at, key), found.get(key), str) or ""
            for key in ("user", "password_command")
        )
        return Smtp(host, port, tls, user, command)  # type: ignore[arg-type]

    def private(self, schema: Schema) -> PrivateSettings:
        found = self.map(self.fields.get("private"), ("private",))
        self.known(("private",), found, ("fields", "kinds"))
        kinds = set()
        for n, item in enumerate(items(found.get("kinds"))):
            kind = schema.find(item.text)
            if kind is None:
                hint = did_you_mean(item.text, schema.kinds) or one_of(tuple(schema.kinds))
                at: Keys = ("private", "kinds", n)
                self.problem(at, "settings-value", f'unknown kind "{item.text}"', hint)
            else:
                kinds.add(kind.name)
        fields = frozenset(item.text for item in items(found.get("fields")))
        return PrivateSettings(fields, frozenset(kinds))

    def commit(self) -> str:
        word = self.text("commit", "each")
        if word not in ("each", "manual"):
            self.problem(
                ("commit",), "settings-value", f'"{word}" is no way to commit', "each or manual"
            )
            return "each"
        return word


def _number(raw: Raw) -> Decimal:
    value = types.read("number", scalar(raw))
    if not isinstance(value, Decimal) or value <= 0:
        raise ValueError(f'"{raw}" is no rate')
    return value


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise ValueError(f'"{text}" is no port; it is a number such as 587')
    return int(text)


def _hourly(text: str) -> int:
    """`60/hour`, or the number alone."""
    number, _, per = text.partition("/")
    if not number.strip().isdecimal() or per.strip() not in ("", "hour", "h"):
        raise ValueError(f'"{text}" is no rate; write it as 60/hour')
    return int(number)


def _percent(text: str) -> Decimal:
    value = types.read("percent", text)
    return value if isinstance(value, Decimal) else Decimal(0)


def days_span(text: str) -> tuple[date, date]:
    first, _, last = text.partition("..")
    days = [types.read("date", each.strip()) for each in (first, last or first)]
    if not all(isinstance(day, date) for day in days) or days[0] > days[1]:
        raise ValueError(f'"{text}" is no span of days; write it as 2026-12-21..2027-01-06')
    return days[0], days[1]
