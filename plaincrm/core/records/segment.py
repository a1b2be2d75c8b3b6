"""A segment: a saved query with a name, or a snapshot of the records that it once found."""

from __future__ import annotations

from plaincrm.core.value_class import value


@value
class Segment:
    """`query` holds the words as on the command line, `sort:` and `limit:` among them if wanted.

    `kind` empty fits any kind. `ids`, if not None, are the records of a snapshot, and the query is
    not asked.
    """

    name: str
    kind: str = ""
    query: tuple[str, ...] = ()
    doc: str = ""
    ids: tuple[str, ...] | None = None
