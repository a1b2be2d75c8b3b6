"""`--template`: a line of text for each row, written in Jinja2, in a sandbox and over plain data.

The names are those of the row's JSON; a record's fields also stand by themselves: `{{ id }} {{ name
}}`. `\\t` and `\\n` in the template are a tab and a line end.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from plaincrm.errors import UsageError, did_you_mean


def lines(template: str, rows: Iterable[Any]) -> str:
    """The rows, each as the template says and with a line end. Raises UsageError with what is wrong
    with it.
    """
    from jinja2 import StrictUndefined, TemplateError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, finalize=_shown)
    known: dict[str, Any] = {}
    try:
        compiled = environment.from_string(template.replace("\\t", "\t").replace("\\n", "\n"))
        return "".join(compiled.render(known := _names(row)) + "\n" for row in rows)
    except TemplateError as error:
        raise UsageError(f"--template: {error.message}", _hint(str(error.message), known)) from None
    except (
        TypeError,
        ValueError,
        ArithmeticError,
        LookupError,
        AttributeError,
        MemoryError,
    ) as error:
        raise UsageError(
            f"--template: {error}", "plaincrm list deals --limit 1 --json shows the names"
        ) from None


def _names(row: Any) -> dict[str, Any]:
    return {**row.get("fields", {}), **row}


def _shown(value: Any) -> Any:
    """Nothing for a missing value, `a, b` for a list, an amount with its currency."""
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(str(_shown(each)) for each in value)
    if isinstance(value, dict) and "amount" in value:
        unit = f"{value['currency']}/{value['per']}" if value.get("per") else value["currency"]
        return f"{value['amount']} {unit}"
    return value["value"] if isinstance(value, dict) and "value" in value else value


def _hint(message: str, known: dict[str, Any]) -> str:
    name = message.split("'")[1] if message.count("'") >= 2 else ""
    return did_you_mean(name, known) or "plaincrm list deals --limit 1 --json shows the names"
