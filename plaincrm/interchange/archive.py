"""A zip archive of some files, the same bytes for the same files."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment that zip knows


def pack(files: Mapping[str, bytes]) -> bytes:
    """The archive; names are relative, with `/`."""
    from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        for name, data in files.items():
            entry = ZipInfo(name, _EPOCH)
            entry.external_attr = 0o600 << 16
            archive.writestr(entry, data, ZIP_DEFLATED)
    return stream.getvalue()
