"""A tool: its name, what it takes, what it may do, and the function behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from plaincrm.core.value_class import value
from plaincrm.mcp.protocol import BAD_PARAMS, Json, ProtocolError

if TYPE_CHECKING:
    from plaincrm.crm.book import Book

_TYPES: dict[str, type | tuple[type, ...]] = {"string": str, "integer": int, "boolean": bool}


@value
class Parameter:
    """One argument of a tool; `many`: a list of texts."""

    name: str
    doc: str
    type: str = "string"
    required: bool = False
    many: bool = False
    choices: tuple[str, ...] = ()

    @property
    def schema(self) -> Json:
        one: Json = {"type": self.type}
        if self.choices:
            one["enum"] = list(self.choices)
        kept = {"type": "array", "items": one} if self.many else one
        return {**kept, "description": self.doc}

    def checked(self, given: Any) -> Any:
        """The argument. Raises ProtocolError for one of another type."""
        wanted = _TYPES[self.type]
        values = given if self.many else [given]
        right = isinstance(values, list) and all(
            isinstance(each, wanted) and (self.type != "integer" or not isinstance(each, bool))
            for each in values
        )
        if not right or (self.choices and not set(values) <= set(self.choices)):
            what = f"one of {', '.join(self.choices)}" if self.choices else self.type
            many = "a list of: " if self.many else ""
            raise ProtocolError(BAD_PARAMS, f"{self.name} has to be {many}{what}")
        return given


@value
class Tool:
    """A tool. `run(book, arguments)` gives the JSON of its answer; a tool that `writes` stages a
    change instead (see `writing`).
    """

    name: str
    title: str
    doc: str
    parameters: tuple[Parameter, ...]
    run: Callable[[Book, Mapping[str, Any]], Any]
    writes: bool = False

    @property
    def described(self) -> Json:
        """What `tools/list` says of it. All hints are set: the protocol's defaults are the
        dangerous ones.
        """
        return {
            "name": self.name,
            "title": self.title,
            "description": self.doc,
            "inputSchema": {
                "type": "object",
                "properties": {each.name: each.schema for each in self.parameters},
                "required": [each.name for each in self.parameters if each.required],
                "additionalProperties": False,
            },
            "annotations": {
                "title": self.title,
                "readOnlyHint": not self.writes,
                "destructiveHint": False,
                "idempotentHint": not self.writes,
                "openWorldHint": False,
            },
        }

    def arguments(self, given: Any) -> dict[str, Any]:
        """The arguments of a call, checked. Raises ProtocolError."""
        if not isinstance(given, dict):
            raise ProtocolError(BAD_PARAMS, "arguments has to be an object")
        known = {each.name: each for each in self.parameters}
        for name in given:
            if name not in known:
                said = f"{self.name} takes no {name}; it takes {', '.join(known)}"
                raise ProtocolError(BAD_PARAMS, said)
        for each in self.parameters:
            if each.required and given.get(each.name) in (None, "", []):
                raise ProtocolError(BAD_PARAMS, f"{self.name} needs {each.name}")
        kept = {name: each for name, each in given.items() if each is not None}
        return {name: known[name].checked(each) for name, each in kept.items()}
