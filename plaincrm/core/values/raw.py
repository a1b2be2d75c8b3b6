"""What front matter holds before the schema types it: text, lists and maps of text."""

from __future__ import annotations

from typing import TypeAlias, Union

Raw: TypeAlias = Union[str, list["Raw"], dict[str, "Raw"]]  # noqa: UP007
