"""How a card is laid out: its style, a label with its texts, a table under a heading, text that
hangs beneath its head.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from plaincrm.core.value_class import value
from plaincrm.views.layout import WIDTH, Paint, plain
from plaincrm.views.table import columns, padded, table, wrapped

INDENT = "  "
WIDEST = 100  # columns of a card on a wide terminal; longer lines are hard to read


@value
class CardStyle:
    """How a card is laid out: into how many columns, in which colours, with how many log entries.

    `brief`: one page before a call. `capped`: long lists of links are shortened, as on a terminal.
    """

    width: int = WIDTH
    paint: Paint = plain
    log: int | None = 10
    brief: bool = False
    capped: bool = False


def labelled_lines(label: str, texts: Sequence[str], width: int, style: CardStyle) -> Iterator[str]:
    """A label and its texts, each on lines of its own, one under the other."""
    room = style.width - width - 2
    lines = [piece for text in texts for piece in wrapped(text, max(room, 10))]
    blank = " " * max(width, columns(label))
    for n, text in enumerate(lines):
        yield (style.paint(padded(label, width), "quiet") if n == 0 else blank) + INDENT + text


def section(
    title: str,
    rows: Sequence[Sequence[str]],
    style: CardStyle,
    right: Sequence[int] = (),
    whole: Sequence[int] = (),
    total: str = "",
) -> Iterator[str]:
    """A table under its heading, with a total behind that; nothing where there are no rows."""
    if not rows:
        return
    yield style.paint(title, "head") + (style.paint(f"  {total}", "quiet") if total else "")
    text = table((), rows, style.width - len(INDENT), right, whole=whole)
    yield from (INDENT + row for row in text.split("\n"))


def hanging(head: str, texts: Iterable[str], style: CardStyle) -> Iterator[str]:
    """Texts after a head, what does not fit beneath; under a head that takes half the width,
    further left.
    """
    indent = columns(head) if columns(head) <= style.width // 2 else 6
    lines = [piece for text in texts for piece in wrapped(text, style.width - columns(head))]
    if indent != columns(head) and len(lines) > 1:
        lines = [piece for text in texts for piece in wrapped(text, style.width - indent)]
        yield style.paint(head.rstrip(), "quiet")
        head = " " * indent
    for n, text in enumerate(lines or [""]):
        yield ((style.paint(head, "quiet") if n == 0 else " " * indent) + text).rstrip()
