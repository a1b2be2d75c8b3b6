"""The rows that did not go in, as a CSV file that can be mended and imported again."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from plaincrm.interchange.cells import neutralise
from plaincrm.interchange.csv.draft import Reject
from plaincrm.interchange.csv.names import IGNORED, LINE_COLUMN, REASON_COLUMN


def write_rejects(header: Sequence[str], rejects: Iterable[Reject], delimiter: str = ",") -> str:
    """The original columns and cells, then the line and the reason; cells that were too many come
    last. They are parted as in the file that they come from.

    Import passes over `_line` and `_reason`, so the mended file has the mapping of the first. It is
    made to be opened in a spreadsheet: a formula in a cell is marked; import takes the mark off.
    """
    kept = [at for at, name in enumerate(header) if name not in IGNORED]
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n", delimiter=delimiter)
    writer.writerow([*(header[at] for at in kept), LINE_COLUMN, REASON_COLUMN])
    for reject in rejects:
        cells = reject.cells + ("",) * (len(header) - len(reject.cells))
        over = cells[len(header) :]
        row = [*(cells[at] for at in kept), str(reject.line), reject.reason, *over]
        writer.writerow(map(neutralise, row))
    return out.getvalue()
