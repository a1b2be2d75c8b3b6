"""What a counter of one's own web site exports: visits by `utm_campaign`.

The programs disagree on the words (Plausible: visitors, Matomo: visits, Google: sessions,
GoatCounter: count), and some have a row for each day or page; the rows of a campaign are added up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation

from plaincrm.core.text.fold import fold
from plaincrm.errors import Refused
from plaincrm.interchange.csv.rows import CsvRow

# The first that a table has counts, so that people come before what they looked at.
_CAMPAIGN = ("utm_campaign", "utm campaign", "campaign", "session campaign", "kampagne", "name")
_VISITS = (
    *("visitors", "unique visitors", "visits", "sessions", "users", "total users", "besucher"),
    *("besuche", "unique_visitors", "nb_visits", "count", "clicks", "pageviews"),
)
_NONE = frozenset({"", "(not set)", "(none)", "(direct)", "not set"})


def visits(header: Sequence[str], rows: Iterable[CsvRow]) -> dict[str, int]:
    """The visits of each campaign, as it is spelled first. Raises Refused for a table that has not
    both columns, or a count that is none.
    """
    named, counted = _column(header, _CAMPAIGN), _column(header, _VISITS)
    if named < 0 or counted < 0 or named == counted:
        hint = "it needs the columns utm_campaign and visitors (or visits, sessions, users)"
        raise Refused(f"no visits by campaign: the columns are {', '.join(header)}", hint)
    found: Counter[str] = Counter()
    spelled: dict[str, str] = {}
    for row in rows:
        if row.problem or fold(row.cells[named].strip()) in _NONE:
            continue
        name = row.cells[named].strip()
        found[spelled.setdefault(fold(name), name)] += _number(row.cells[counted], row.line)
    return dict(found)


def _column(header: Sequence[str], words: Sequence[str]) -> int:
    names = [fold(name.strip()) for name in header]
    return next((names.index(word) for word in words if word in names), -1)


def _number(text: str, line: int) -> int:
    bare = text.strip().replace("\u00a0", "").replace(" ", "")
    digits = bare.replace(",", "").replace(".", "") if _is_grouped(bare) else bare or "0"
    try:
        found = int(Decimal(digits))
    except (InvalidOperation, ValueError, OverflowError):
        raise Refused(f'line {line}: "{text}" is no number of visits') from None
    if not 0 <= found < 10**12:
        raise Refused(f'line {line}: "{text}" is no number of visits')
    return found


def _is_grouped(text: str) -> bool:
    """`1,234` and `1.234.567`: marks before groups of three."""
    first, *groups = text.replace(".", ",").split(",")
    return bool(groups) and first.isdigit() and all(len(g) == 3 and g.isdigit() for g in groups)
