"""The shipped manual: the pages of docs/."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from plaincrm.book.shipped import shipped


@dataclass(frozen=True, slots=True)
class HelpPage:
    """A page of the manual, in Markdown."""

    path: Path

    @property
    def text(self) -> str:
        return self.path.read_text("utf-8")

    @property
    def title(self) -> str:
        """Its first heading."""
        lines = (line for line in self.text.splitlines() if line.startswith("# "))
        return next(lines, self.path.stem).lstrip("# ")


def pages() -> Mapping[str, HelpPage]:
    """Every page by its name."""
    return {path.stem: HelpPage(path) for path in sorted(shipped("docs").glob("*.md"))}
