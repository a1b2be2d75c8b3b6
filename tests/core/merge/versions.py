"""Three versions of a record file as people and machines make them: a base, and two texts that come
from it.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

NAMES = (
    "name",
    "email",
    "tags",
    "stage",
    "value",
    "close_date",
    "links",
    "note",
    "zip",
    "contact",
    "diet",
)
WORDS = (
    "Ada",
    "vip",
    "lead",
    "won",
    "lost",
    "proposal",
    "NO",
    "02142",
    "1.10",
    "über 5 €",
    "日本",
    "a: b",
    "#1",
    "",
)
DAYS = ("2026-01-05", "2026-02-11", "2026-02-11 09:30", "2026-03-01", "2026-11-20 14:30")

words = st.sampled_from(WORDS)
values = st.one_of(
    words,
    st.sampled_from(DAYS),
    st.sampled_from(("100 EUR", "250.50 EUR", "90", "30d", "yes", "no")),
    st.text("abcäß '\"#:-", max_size=6).map(str.strip),
)


def quoted(value: str) -> str:
    """The value as YAML that surely reads back as it."""
    if re.fullmatch(r"[A-Za-z0-9äüß][A-Za-z0-9äüß .€-]*", value) and value == value.strip():
        return value
    return "'" + value.replace("'", "''") + "'"


@st.composite
def field_lines(draw: DrawFn, name: str) -> list[str]:
    """One field, in one of the ways in which people write them."""
    comment = draw(st.sampled_from(("", "", "   # why not", "  # zwei, drei")))
    style = draw(
        st.sampled_from(("scalar", "scalar", "flow", "block", "map", "flow map", "text", "quoted"))
    )
    if style == "scalar":
        return [f"{name}: {quoted(draw(values))}{comment}"]
    if style == "quoted":
        return [f'{name}: "{draw(st.sampled_from(("x y", "NO", "1")))}"{comment}']
    items = draw(
        st.lists(values.map(lambda value: value or "x"), min_size=1, max_size=3, unique=True)
    )
    if style == "flow":
        return [f"{name}: [{', '.join(quoted(i) for i in items)}]{comment}"]
    if style == "block":
        return [f"{name}:{comment}", *(f"  - {quoted(i)}" for i in items)]
    if style == "map":
        return [
            f"{name}:",
            *(f"  {label}: {quoted(i)}{comment}" for label, i in zip("abc", items, strict=False)),
        ]
    if style == "flow map":
        return [
            (
                f"{name}:"
                f" {{{', '.join(f'{k}: {quoted(i)}' for k, i in zip('abc', items, strict=False))}}}"
            )
        ]
    return [f"{name}: |", "  a line", f"  {draw(st.sampled_from(('more # text', 'x: y')))}"]


entries = st.builds(
    lambda day, kind, text, more: [f"- {day} {kind}: {text}", *more],
    st.sampled_from(DAYS),
    st.sampled_from(("call", "email out", "note", "meeting with ada,ola", "coffee")),
    st.sampled_from(("Talked.", "Sent it. <1@x.example>", "Später mehr", "…")),
    st.sampled_from(([], [], ["  and more", "", "  and yet more"])),
)
tasks = st.builds(
    lambda mark, text, keys: [f"- [{mark}] {text}{keys}"],
    st.sampled_from(" x"),
    st.sampled_from(("Call back", "Send the offer", "invoice 2026-1 100 EUR", "Ask")),
    st.sampled_from(("", " due:2026-02-01", " due:2026-03-01 pri:high", " t:2026-01-09 rec:2w")),
)
prose = st.sampled_from(
    (
        ["Met at a fair."],
        ["Two lines", "of one paragraph."],
        ["- milk", "- bread", "  - rye"],
        ["| a |", "| - |"],
        ["```", "## Log", "", "- [ ] no task", "```"],
        ["<!-- - 2026-01-01 note: hidden -->"],
        ["> quoted"],
        ["Größe *M*"],
        ["    code"],
        ["1. one", "2. two"],
        ["---"],
        ["Ring [ ] them."],
    )
)
headings = st.sampled_from(("# Ada", "## Notes", "### Detail", "## Later"))


@st.composite
def bodies(draw: DrawFn) -> list[str]:
    lines: list[str] = []
    for piece in draw(st.lists(st.one_of(prose, headings.map(lambda h: [h])), max_size=5)):
        lines += [*piece, ""]
    if draw(st.booleans()):
        lines += [
            "## Tasks",
            *(line for task in draw(st.lists(tasks, max_size=3)) for line in task),
            "",
        ]
    if draw(st.booleans()):
        found = sorted(
            draw(st.lists(entries, max_size=4)), key=lambda e: e[0], reverse=draw(st.booleans())
        )
        lines += ["## Log", *(line for entry in found for line in entry)]
    return lines


@st.composite
def bases(draw: DrawFn) -> list[str]:
    """The lines of a record file."""
    front: list[str] = []
    for name in draw(st.lists(st.sampled_from(NAMES), max_size=6, unique=True)):
        front += draw(st.sampled_from(([], [], [], ["# a comment"], [""], ["", "# another"])))
        front += draw(field_lines(name))
    return ["---", *front, "---", *draw(bodies())]


@st.composite
def edits(draw: DrawFn) -> Callable[[list[str]], list[str]]:
    """One change such as a person, a command or a careless script makes."""
    what = draw(st.sampled_from(_EDITS))
    at, name, value = draw(st.floats(0, 0.999)), draw(st.sampled_from(NAMES)), draw(values)
    lines = {
        "field": draw(field_lines(name)),
        "entry": draw(entries),
        "task": draw(tasks),
        "prose": draw(prose),
        "heading": [draw(headings)],
        "comment": [draw(st.sampled_from(("# mine", "# yours", "# a comment")))],
    }.get(what, [])
    return lambda text: _edited(text, what, at, name, value, lines)


_EDITS = (
    "set",
    "set",
    "set",
    "field",
    "item",
    "item",
    "drop field",
    "comment",
    "tick",
    "due",
    "entry",
    "entry",
    "entry",
    "task",
    "prose",
    "prose",
    "rewrite",
    "rewrite",
    "drop line",
    "heading",
    "blank",
    "move field",
)


def _edited(
    text: list[str], what: str, at: float, name: str, value: str, lines: list[str]
) -> list[str]:
    text = list(text)
    end = _fence(text)
    keys = [n for n in range(1, end) if re.match(r"\w+:", text[n])]
    spot = end + 1 + int(at * (len(text) - end))
    chosen = keys[int(at * len(keys))] if keys else None
    if what == "set":
        number = next((n for n in keys if text[n].startswith(f"{name}: ")), None)
        if number is None:
            there = any(text[n].startswith(f"{name}:") for n in keys)
            return text if there else [*text[:end], f"{name}: {quoted(value)}", *text[end:]]
        if text[number].endswith(("|", "]", "}")):
            return text
        return [*text[:number], f"{name}: {quoted(value)}", *text[number + 1 :]]
    if what == "field" and not any(text[n].startswith(f"{name}:") for n in keys):
        return [*text[:end], *lines, *text[end:]]
    if what == "item" and chosen is not None and text[chosen].endswith("]"):
        return [*text[:chosen], f"{text[chosen][:-1]}, {quoted(value)}]", *text[chosen + 1 :]]
    if what == "comment":
        place = chosen if chosen is not None else end
        return [*text[:place], *lines, *text[place:]]
    if what == "drop field" and chosen is not None:
        stop = next((n for n in range(chosen + 1, end) if not text[n].startswith("  ")), end)
        return text[:chosen] + text[stop:]
    if what == "move field" and chosen is not None:
        stop = next((n for n in range(chosen + 1, end) if not text[n].startswith("  ")), end)
        return [text[0], *text[chosen:stop], *text[1:chosen], *text[stop:]]
    if what in ("tick", "due"):
        boxes = [n for n in range(end, len(text)) if text[n].startswith("- [")]
        if boxes:
            number = boxes[int(at * len(boxes))]
            new = (
                text[number].replace("[ ]", "[x]")
                if what == "tick"
                else text[number] + " due:2026-05-05"
            )
            text[number] = (
                new if text[number].count("due:") == 0 or what == "tick" else text[number]
            )
        return text
    if what == "entry":
        heading = next((n for n in range(end, len(text)) if text[n] == "## Log"), None)
        if heading is None:
            return [*text, "", "## Log", *lines]
        return [*text, *lines] if at < 0.7 else [*text[: heading + 1], *lines, *text[heading + 1 :]]
    if what in ("task", "heading"):
        return [*text[:spot], *lines, *text[spot:]]
    if what == "prose":
        return [*text[:spot], "", *lines, "", *text[spot:]]
    if what == "rewrite" and spot < len(text):
        return [*text[:spot], f"{text[spot]} {value}".rstrip(), *text[spot + 1 :]]
    if what == "drop line" and spot < len(text):
        return text[:spot] + text[spot + 1 :]
    if what == "blank":
        return [*text[:spot], "", *text[spot:]]
    return text


def _fence(text: list[str]) -> int:
    return next((n for n in range(1, len(text)) if text[n] == "---"), len(text) - 1)


@st.composite
def threes(draw: DrawFn) -> tuple[str, str, str]:
    """(base, one side, the other)."""
    base = draw(bases())
    sides = []
    for _ in range(2):
        text = base
        for edit in draw(st.lists(edits(), max_size=5)):
            text = edit(text)
        sides.append(text)
    eol = draw(st.sampled_from(("\n", "\n", "\n", "\r\n")))
    mark = draw(st.sampled_from(("", "", "", "\ufeff")))
    texts = [eol.join(lines) + eol for lines in (base, *sides)]
    texts = [mark + (text if draw(st.integers(0, 9)) else text.rstrip("\r\n")) for text in texts]
    if not draw(st.integers(0, 15)):
        texts[1] = (
            texts[1].replace("\r\n", "\n") if eol == "\r\n" else texts[1].replace("\n", "\r\n")
        )
    return texts[0], texts[1], texts[2]


@st.composite
def boxed(draw: DrawFn) -> tuple[str, str, str]:
    """A log of wrapped entries, and two sides that each put check-boxes somewhere into it."""
    heads = ("- 2026-01-05 call: Talked.", "- 2026-02-11 call: Talked.", "- 2026-03-01 note: Later")
    lines = ["---", "name: Ada", "---", "", "## Log"]
    for head in draw(st.lists(st.sampled_from(heads), min_size=1, max_size=3, unique=True)):
        lines += [
            head,
            *draw(st.sampled_from(([], ["  and more"], ["  and more", "", "  and yet more"]))),
        ]
    texts = [lines]
    for _ in range(2):
        side = list(lines)
        for at in draw(st.lists(st.integers(5, len(lines)), min_size=1, max_size=2)):
            side.insert(at, draw(st.sampled_from(("- [ ] Ask", "- [x] Ask", "- [ ] Call"))))
        texts.append(side)
    base, left, right = ("\n".join(each) + "\n" for each in texts)
    return base, left, right


BROKEN = (
    "",
    "---\n",
    "no front matter\n",
    "---\na: [x\n---\nbody\n",
    "---\na: 1\nb: 2\n",
    "---\na: 1\na: 2\n---\n",
    "---\na: &x 1\nb: *x\n---\nbody\n",
    "---\n{a: 1}\n---\n",
    "---\n- a\n---\n",
    "---\na: 1\n---\n```\n## Log\n",
    "---\n<<<<<<< HEAD\na: 1\n=======\na: 2\n>>>>>>> x\n---\n",
    "---\n? a\n: 2\n---\n",
    "---\na: 1\n...\n## Log\n- x\n",
    "---\na: \udcfc\n---\n",
    "---\na: 'x\n  y'\n---\n- [ ] x\n\tcode\n<!--\n",
    "---\ra: 1\r---\rbody\r",
    "---\r\na: 1\n---\r\n\n\n",
    "---\n_conflicts: junk\na: 1\n---\n",
    "---\n_conflicts:\n  a: {base: x, values: [y, z]}\n  b: 5\na: x\n---\n",
)


@st.composite
def wild(draw: DrawFn) -> tuple[str, str, str]:
    """Any three texts: awkward ones, halves of them, and others."""
    some = st.one_of(
        st.sampled_from(BROKEN),
        threes().map(lambda three: three[1]),
        st.text("-:#a\n \r`[]x&*", max_size=30),
    )
    texts = [draw(some) for _ in range(3)]
    cut = draw(st.integers(0, 40))
    if cut < 10:
        texts[1] = texts[0][:cut] + texts[2]
    elif cut < 20:
        texts[2] = texts[1] + texts[0][cut:]
    return texts[0], texts[1], texts[2]
