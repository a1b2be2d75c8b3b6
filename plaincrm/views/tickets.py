"""The queue of tickets: by the time that is left, and as a board by status."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.value_class import changed
from plaincrm.crm.ticket_queue import Deadline, deadline
from plaincrm.support.tickets import OPEN, status_of
from plaincrm.views.layout import WIDTH, Layout
from plaincrm.views.rows import ListColumn, Rows
from plaincrm.views.safe import line
from plaincrm.views.table import columns, cut

COLUMNS = ("status", "priority", "subject", "contact", "id")
_MINUTE = 60
_GAP, _LEAST, _MOST = 2, 16, 30
_CARDS = 12  # that a column of the board shows on a terminal


def queue(rows: Rows, context: Context) -> Rows:
    """A listing of tickets with the time left in front."""
    left = ListColumn(
        "left",
        lambda ticket: deadline(ticket, context).text,
        lambda ticket: _minutes(deadline(ticket, context)),
        right=True,
        whole=True,
    )
    return changed(rows, columns=[left, *(_in_queue(each, context) for each in rows.columns)])


def _in_queue(column: ListColumn, context: Context) -> ListColumn:
    """Where it is narrow, who it is rather than the id, and no id of the ticket."""
    if column.name == "contact":
        return changed(column, short=lambda ticket: _customer(ticket, context))
    return changed(column, spare=True) if column.name == "id" else column


def _customer(ticket: Record, context: Context) -> str:
    found = next(iter(context.store.follow(ticket, "contact")), None)
    return found.title if found else ticket.text("contact")


def _minutes(found: Deadline) -> str:
    """For programs: the minutes left."""
    return "" if found.left is None else str(found.left // _MINUTE)


def with_board(rows: Rows, context: Context) -> Rows:
    """The same listing; a terminal shows a board, a column a status, a card a ticket."""
    return changed(rows, screen=lambda shown, layout: _board(shown.records, context, layout))


def _board(tickets: Sequence[Record], context: Context, layout: Layout) -> str:
    by_status: dict[str, list[Record]] = {status: [] for status in OPEN}
    for ticket in tickets:
        by_status.setdefault(status_of(ticket), []).append(ticket)
    width = layout.width or WIDTH
    fits = max((width + _GAP) // (_LEAST + _GAP), 1)
    shown = list(by_status.items())
    room = min((width - _GAP * (min(fits, len(shown)) - 1)) // min(fits, len(shown)), _MOST)
    blocks = []
    for start in range(0, len(shown), fits):
        columns_ = [
            _column(status, found, context, room, layout)
            for status, found in shown[start : start + fits]
        ]
        blocks.append(_side_by_side(columns_, room))
    return "\n".join(blocks)


def _column(
    status: str, tickets: Sequence[Record], context: Context, room: int, layout: Layout
) -> list[tuple[str, str]]:
    """The lines of one column, each as it measures and as it is painted."""
    paint = layout.paint
    shown = tickets if layout.width is None else tickets[:_CARDS]
    lines = [_piece(f"{status} {len(tickets)}", room, paint, "head"), ("", "")]
    for ticket in shown:
        due = deadline(ticket, context)
        late = due.left is not None and due.left < 0
        people = [contact.title for contact in context.store.follow(ticket, "contact")]
        who = ", ".join(filter(None, (due.text, *people[:1])))
        lines.append(_piece(ticket.title, room, paint, ""))
        lines.append(_piece(who, room, paint, "bad" if late else "quiet"))
        lines.append(("", ""))
    if len(tickets) > len(shown):
        lines.append(_piece(f"+ {len(tickets) - len(shown)} more", room, paint, "quiet"))
    return lines


def _piece(text: str, room: int, paint: Callable[[str, str], str], style: str) -> tuple[str, str]:
    plain = cut(line(text), room)
    return plain, paint(plain, style) if style else plain


def _side_by_side(found: Sequence[list[tuple[str, str]]], room: int) -> str:
    height = max(len(each) for each in found)
    lines = []
    for n in range(height):
        cells = [each[n] if n < len(each) else ("", "") for each in found]
        padded = [painted + " " * (room - columns(plain)) for plain, painted in cells]
        lines.append((" " * _GAP).join(padded).rstrip())
    return "\n".join(lines).rstrip() + "\n"
