"""The types whose values are numbers: number, percent, money, duration; and bool."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any

from plaincrm.core.values import duration, money
from plaincrm.core.values.duration import Duration
from plaincrm.core.values.money import Money
from plaincrm.core.values.value_type import (
    NUMBER_RANK,
    SCALAR,
    Cell,
    CellReader,
    Json,
    Question,
    Span,
    Type,
)

TRUE = frozenset({"true", "yes", "on", "1"})
FALSE = frozenset({"false", "no", "off", "0"})


class NumberType(Type):
    """A decimal number: `1234.56`, without exponent or separators."""

    name = "number"
    spoken = "a number"
    values = Decimal
    textual = False
    ordered = True
    rank = NUMBER_RANK
    summable = True
    sized = True
    figure = True
    json_typed = True
    sql_columns = (("", "REAL"),)

    def read(self, text: str, currency: str = "") -> Decimal:
        try:
            value = Decimal(text.strip())
        except InvalidOperation:
            value = Decimal("nan")
        if not value.is_finite() or not re.fullmatch(r"[+-]?\d*\.?\d*", text.strip()):
            raise ValueError(f'"{text}" is no number; write it as 1234.56')
        return value

    def place(self, value: Any, zone: tzinfo) -> Decimal | None:
        return value if isinstance(value, Decimal) else None

    def span(self, text: str, question: Question) -> Span:
        edge = self.read(text)
        return Span(edge, edge, lambda value, _: self.place(value, question.zone))

    def cell(self, value: Decimal) -> str:
        return f"{value:f}" if isinstance(value, Decimal) else str(value)

    def json(self, value: Decimal) -> Json:
        return exact_or_float(value) if isinstance(value, Decimal) else value

    def json_schema(self, values: Iterable[str] = ()) -> dict[str, Any]:
        return {"type": ["number", "string", "null"], "pattern": r"^[+-]?\d*\.?\d*$"}

    def sql(self, value: Any) -> tuple[Cell, ...]:
        return (None,) if value is None else (float(value),)

    def from_cell(self, text: str, cells: CellReader) -> str:
        return cells.number(text)


class PercentType(NumberType):
    """`50`, `50%` and `0.5` mean fifty per cent; exactly `1` is one per cent (Salesforce's scale,
    not HubSpot's).
    """

    name = "percent"
    spoken = "a percent"

    def read(self, text: str, currency: str = "") -> Decimal:
        stripped = text.strip()
        value = super().read(stripped.removesuffix("%").rstrip())
        if not stripped.endswith("%") and Decimal(0) < value < Decimal(1):
            value *= 100
        if not 0 <= value <= 100:
            raise ValueError(f'"{text}" is no percentage from 0 to 100')
        return value

    def json_schema(self, values: Iterable[str] = ()) -> dict[str, Any]:
        return {"type": list(SCALAR), "pattern": r"^\d+(\.\d+)? *%?$"}

    def from_cell(self, text: str, cells: CellReader) -> str:
        return cells.percent(text)


class MoneyType(Type):
    """An amount with its currency, once or each period. Amounts compare at the day of their
    record.
    """

    name = "money"
    spoken = "money"
    values = Money
    textual = False
    ordered = True
    rank = NUMBER_RANK
    summable = True
    monetary = True
    sized = True
    figure = True
    json_typed = True
    sql_columns = (("", "REAL"), ("_currency", "TEXT"), ("_per", "TEXT"))

    def read(self, text: str, currency: str = "") -> Money:
        return money.parse(text, currency)

    def place(self, value: Any, zone: tzinfo) -> Decimal | None:
        return value.amount if isinstance(value, Money) else None

    def span(self, text: str, question: Question) -> Span:
        """The amount as written; with a period (`1000/month`) only what recurs, each per month."""
        wanted = money.parse(text, question.currency)
        amount = wanted.monthly() if wanted.per else wanted.amount

        def key(value: Any, record: Any) -> Decimal | None:
            if not isinstance(value, Money) or (wanted.per and not value.per):
                return None
            own = value.monthly() if wanted.per else value.amount
            return question.exchange(own, value.currency, wanted.currency, record)

        return Span(amount, amount, key)

    def cell(self, value: Money) -> str:
        return f"{money.grouped(value.amount)} {value.unit}"

    def plain(self, value: Money) -> str:
        return str(value)

    def json(self, value: Money) -> Json:
        return {
            "amount": exact_or_float(value.amount),
            "currency": value.currency,
            "per": value.per or None,
        }

    def from_json(self, value: Json) -> str | None:
        if not isinstance(value, dict):
            return None
        amount = value.get("amount")
        plain = "" if amount is None else str(amount)
        said = format(amount, "f") if isinstance(amount, Decimal) else plain
        parts = (str(value.get("currency") or ""), str(value.get("per") or ""))
        return f"{said} {'/'.join(filter(None, parts))}".strip()

    def json_schema(self, values: Iterable[str] = ()) -> dict[str, Any]:
        form = r"^[+-]?[\d.,' ’]*\d *([A-Za-z]{3})? *(/ *(month|quarter|year))?$"
        return {"type": list(SCALAR), "pattern": form}

    def sql(self, value: Any) -> tuple[Cell, ...]:
        if value is None:
            return (None, None, None)
        return float(value.amount), value.currency, value.per

    def from_cell(self, text: str, cells: CellReader) -> str:
        return cells.money(text)


class DurationType(Type):
    """A length of time, compared in approximate days: see `Duration`."""

    name = "duration"
    spoken = "a duration"
    values = Duration
    textual = False
    ordered = True
    rank = NUMBER_RANK
    summable = True
    figure = True

    def read(self, text: str, currency: str = "") -> Duration:
        return duration.parse(text)

    def place(self, value: Any, zone: tzinfo) -> Decimal | None:
        """In days."""
        if isinstance(value, Duration):
            return Decimal(str(value.days))
        if isinstance(value, timedelta):
            return Decimal(str(value / timedelta(days=1)))
        return value if isinstance(value, Decimal) else None

    def span(self, text: str, question: Question) -> Span:
        """A bare number is one of days."""
        try:
            days = self.place(duration.parse(text), question.zone)
        except ValueError:
            if not text.strip().replace(".", "", 1).isdigit():
                raise
            days = Decimal(text.strip())
        return Span(days, days, lambda value, _: self.place(value, question.zone))

    def json_schema(self, values: Iterable[str] = ()) -> dict[str, Any]:
        return {"type": list(SCALAR), "pattern": r"^\d+ ?(min|h|d|bd|w|m|y)$"}


class BoolType(Type):
    name = "bool"
    spoken = "true or false"
    values = bool
    textual = False
    rank = NUMBER_RANK
    flag = True
    json_typed = True
    sql_columns = (("", "INTEGER"),)

    def read(self, text: str, currency: str = "") -> bool:
        word = text.strip().casefold()
        if word in TRUE:
            return True
        if word in FALSE:
            return False
        raise ValueError(f'"{text}" is neither true nor false')

    def place(self, value: Any, zone: tzinfo) -> Any:
        return value

    def span(self, text: str, question: Question) -> Span:
        edge = self.read(text)
        return Span(edge, edge, lambda value, _: value)

    def cell(self, value: bool) -> str:
        return "yes" if value else "no"

    def json(self, value: bool) -> Json:
        return value

    def json_schema(self, values: Iterable[str] = ()) -> dict[str, Any]:
        words = sorted(TRUE | FALSE)
        return {"anyOf": [{"type": ["boolean", "null"]}, {"enum": words}, {"enum": [0, 1]}]}

    def sql(self, value: Any) -> tuple[Cell, ...]:
        return (None,) if value is None else (int(value),)

    def from_cell(self, text: str, cells: CellReader) -> str:
        return cells.flag(text)


def exact_or_float(value: Decimal) -> float | int:
    """A number for JSON: whole ones without a point."""
    whole = value == value.to_integral_value() and value.as_tuple().exponent == 0
    return int(value) if whole else float(value)
