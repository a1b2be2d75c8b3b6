"""When this machine last synced: what another one has sent since then is not known here."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from plaincrm.book.private_folder import make_private

_FILE = "synced"


def note_sync(private: Path, now: datetime) -> None:
    """Remember that a sync was done at `now`."""
    (make_private(private) / _FILE).write_text(now.isoformat(), "ascii")


def last_sync(private: Path) -> datetime | None:
    """The moment of the last sync; None where there was none."""
    try:
        return datetime.fromisoformat((private / _FILE).read_text("ascii").strip())
    except (FileNotFoundError, ValueError):
        return None
