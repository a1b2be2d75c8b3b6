"""The laws of merging, on text: each case is made once and held against all of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from hypothesis import event, given, settings

from plaincrm.core.merge import merge
from plaincrm.core.merge.document import MergeResult
from plaincrm.core.text.text_file import LINE_END
from plaincrm.core.timeline import document
from plaincrm.core.yaml.front_matter import Raw, parse
from tests.core.merge.versions import boxed, threes, wild

DEAL = "deals/website.md"


@settings(max_examples=1000)
@given(threes())
def test_records(three: tuple[str, str, str]) -> None:
    base, a, b = three
    result = merge(base, a, b, DEAL)
    whole = "can't" in "".join(result.report)
    event("kept whole" if whole else "merged in pieces")
    assert result == merge(base, b, a, DEAL), "it matters whose is whose"
    assert merge(None, a, b, DEAL) == merge(None, b, a, DEAL), "it matters whose is whose"
    for side in (a, b):
        if whole:
            assert not set(_lines(side)) - set(_lines(base)) - set(_lines(result.text)), (
                "a line is lost"
            )
        else:
            nothing_is_lost(base, side, result.text)
    assert not _problems(result.text) - _problems(a) - _problems(b), "a new problem"
    merging_again_changes_nothing(base, a, b, result)
    what_nobody_touched_stays(base, a, b, result, whole)


@settings(max_examples=600)
@given(wild())
def test_any_texts(three: tuple[str, str, str]) -> None:
    base, a, b = three
    result = merge(base, a, b, DEAL)
    assert result == merge(base, b, a, DEAL)
    words = _words(result.text.replace("\\n", " ").replace("\\t", " "))  # as in a quoted value
    for side in (a, b):
        assert not _words(_KEYS.sub("", side)) - _words(base) - words


@settings(max_examples=400)
@given(boxed())
def test_equal_lines_of_entries_that_check_boxes_cut_apart(three: tuple[str, str, str]) -> None:
    base, a, b = three
    result = merge(base, a, b, DEAL)
    assert result == merge(base, b, a, DEAL)
    for side in (a, b) if "can't" not in "".join(result.report) else ():
        nothing_is_lost(base, side, result.text)
    merging_again_changes_nothing(base, a, b, result)
    counts = [Counter(_lines(text)) for text in (base, a, b, result.text)]
    lost = (counts[0] & counts[1] & counts[2]) - counts[3]
    assert not [line for line in lost if line], "one of several equal lines is lost"


@settings(max_examples=300)
@given(threes())
def test_yaml_files(three: tuple[str, str, str]) -> None:
    base, a, b = (text.split("---")[1].lstrip("\r\n") for text in three)
    result = merge(base, a, b, "plaincrm.yaml")
    assert result == merge(base, b, a, "plaincrm.yaml")
    was, now = (_leaves(f"---\n{text}---\n") for text in (base, result.text))
    for side in (a, b):
        assert not _leaves(f"---\n{side}---\n") - was - now or result.beside


def nothing_is_lost(base: str, side: str, result: str) -> None:
    assert not _leaves(side) - _leaves(base) - _leaves(result), "a value is lost"
    assert not (_entries(side) - (_entries(base) & _entries(side))) - _entries(result), (
        "an entry is lost"
    )
    assert not (_tasks(side) - _tasks(base)) - _tasks(result), "a task is lost"
    kept = re.sub(r"\s+", "", result)
    prose = [line for line in _prose(side) - _prose(base) if re.sub(r"\s+", "", line) not in kept]
    assert not prose, "prose is lost"
    assert not [line for line in _comments(side) - _comments(base) if line not in result], (
        "a comment is lost"
    )


def merging_again_changes_nothing(base: str, a: str, b: str, result: MergeResult) -> None:
    assert merge(base, result.text, result.text, DEAL).text == result.text
    for side in (a, b):
        assert merge(side, result.text, side, DEAL).text == result.text
    if "can't" not in "".join(result.report):
        again = merge(base, result.text, a, DEAL).text
        assert parse(again).fields == parse(result.text).fields
        # An entry that one side took out and the other wrote once more is as often in the result as
        # in the base, so beside that base the result says nothing of it, and `a` alone decides.
        # (Git's base is then `a` itself, which is held above.)
        fewer = _taken_out(base, a) & _written_again(base, b)
        more = _taken_out(base, b) & _written_again(base, a)
        found, found_again = _entries(result.text), _entries(again)
        assert (found_again - found).keys() <= more, "an entry comes from nowhere"
        assert (found - found_again).keys() <= fewer, "an entry is lost"


def _taken_out(base: str, side: str) -> set[tuple[str, ...]]:
    return set(_entries(base) - _entries(side))


def _written_again(base: str, side: str) -> set[tuple[str, ...]]:
    return set(_entries(side) - _entries(base))


def what_nobody_touched_stays(base: str, a: str, b: str, result: MergeResult, whole: bool) -> None:
    """Of equal lines the result has as many as neither side took away.

    They are counted, since each side may change another of two equal lines: tick another of two
    open tasks, write on in another of two headings. Then all three have the line, and the result,
    rightly, has none.
    """
    if whole:
        return
    before, ours, theirs, after = (Counter(_lines(text)) for text in (base, a, b, result.text))
    untouched = before - (before - ours) - (before - theirs)
    assert not [line for line in untouched - after if line.strip()]
    assert not (_tasks(base) & _tasks(a) & _tasks(b)) - _tasks(result.text), "a task is lost"


# The keys of a task merge singly: of two due dates the later stands, and the other goes.
_KEYS = re.compile(r"(?<=\s)(?:due|t|done|rec|pri|from):\S+")


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text))


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in LINE_END.split(text.removeprefix("\ufeff"))]


def _leaves(text: str) -> set[tuple[str, str]]:
    """(field, value) of each scalar, those that are contested too."""
    fields = parse(text).fields
    conflicts = fields.pop("_conflicts", {})
    found = {leaf for name, raw in fields.items() for leaf in _walk(name, raw)}
    for name, entry in conflicts.items() if isinstance(conflicts, dict) else ():
        assert isinstance(entry, dict)
        found |= set(_walk(name.partition(".")[0], entry["values"]))
    return found


def _walk(name: str, raw: Raw) -> Iterator[tuple[str, str]]:
    if isinstance(raw, str):
        if raw:
            yield name, raw
    else:
        for each in raw if isinstance(raw, list) else raw.values():
            yield from _walk(name, each)


def _entries(text: str) -> Counter[tuple[str, ...]]:
    return Counter(entry.key for entry in document.read(text).timeline.entries)


def _tasks(text: str) -> Counter[str]:
    return Counter(task.text for task in document.read(text).timeline.tasks)


def _prose(text: str) -> set[str]:
    """Lines of the body that are neither entries nor tasks."""
    page = document.read(text)
    inside = {
        n
        for e in page.timeline.entries
        for n in range(page.index(e.line), page.index(e.end_line) + 1)
    }
    inside |= {page.index(task.line) for task in page.timeline.tasks}
    return {
        line.strip()
        for n, line in enumerate(page.outline.lines)
        if n not in inside and line.strip()
    }


def _comments(text: str) -> set[str]:
    front = parse(text)
    lines = _lines(text)[: front.body_line - 1]
    return {line.strip() for line in lines if line.strip().startswith("#")}


def _problems(text: str) -> Counter[tuple[str, str]]:
    page = document.read(text)
    return Counter((p.code, p.message) for p in (*page.document.problems, *page.timeline.problems))
