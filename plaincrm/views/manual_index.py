"""The index of the manual: which page and section speak of a word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from plaincrm.core.value_class import value

_MOST = 12  # places that are named; more say less
_COMMAND = re.compile("`[a-z]+`")
_WORD = re.compile(r"[^\W_]+(?:[-_][^\W_]+)*")
# Pages about how the program is made: nobody looks for an answer there first.
INSIDE = ("architecture", "contributing", "decisions", "library", "performance")


@value
class ManualPlace:
    """A section of a page. `weight`: how often it has the word, a heading counting for much."""

    page: str
    heading: str
    text: str
    weight: int

    @property
    def where(self) -> str:
        """What to type to read it; a section about a command is its help."""
        if self.page == "commands" and _COMMAND.fullmatch(self.heading):
            return f"plaincrm help {self.heading.strip('`')}"
        section = self.heading.replace("`", "")
        return f"plaincrm help {self.page}" + (f", {section}" if section else "")


def places(word: str, pages: Mapping[str, str]) -> list[ManualPlace]:
    """The sections that have the word, in the singular or the plural, the likeliest first."""
    stem = _stem(word)
    found = [
        each for page, text in pages.items() for each in _of_page(page, text, stem) if each.weight
    ]
    found.sort(key=lambda each: (each.page in INSIDE, -each.weight))
    return found[:_MOST]


def words(pages: Iterable[str]) -> set[str]:
    """The words that headings and the names of rows have: what a slip may have meant."""
    found: set[str] = set()
    for text in pages:
        for each in text.splitlines():
            if each.startswith(("#", "| `", "| **")):
                found |= set(_WORD.findall(each.casefold().split("|")[1 if each[0] == "|" else 0]))
    return {each for each in found if len(each) > 3}


def _of_page(page: str, text: str, stem: str) -> Iterator[ManualPlace]:
    for heading, lines in _sections(text.splitlines()):
        hits = [each for each in lines if stem in _stems(each)]
        weight = len(hits) + 20 * (stem in _stems(heading)) + 5 * _first_cells(hits, stem)
        shown = hits[0] if hits else heading
        yield ManualPlace(page, heading, _shown(shown), weight)


def _first_cells(lines: Sequence[str], stem: str) -> int:
    """How many of the lines are rows of a table that begin with the word."""
    cells = [each.split("|")[1] for each in lines if each.startswith("|")]
    return sum(stem in _stems(each) for each in cells)


def _sections(lines: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    heading, found = "", list[str]()
    fenced = False
    for each in lines:
        fenced ^= each.startswith("```")
        if each.startswith("#") and not fenced:
            yield heading, found
            heading, found = each.lstrip("# "), []
        else:
            found.append(each)
    yield heading, found


def _stems(text: str) -> set[str]:
    return {_stem(each) for each in _WORD.findall(text)}


def _stem(word: str) -> str:
    """The word without its plural: `companies` and `company`, `invoices` and `invoice`."""
    low = word.casefold()
    if len(low) <= 3:
        return low
    if low.endswith("ies"):
        return low[:-3] + "y"
    if low.endswith(("ches", "shes", "xes", "sses")):
        return low[:-2]
    return low[:-1] if low.endswith("s") and not low.endswith("ss") else low


def _shown(text: str) -> str:
    bare = text.strip().strip("|").replace("**", "").replace(" | ", ": ")
    return " ".join(bare.split())
