"""The pictures of the manual, made of the example book: `python -m tests.pictures`.

The dashboard as a page, on the day that the tests take for today, in headless Chromium.
"""

from __future__ import annotations

import shutil
import struct
import sys
import tempfile
import zlib
from pathlib import Path

from tests import chromium
from tests.conftest import ROOT, TODAY

PLACE = ROOT / "docs" / "pictures" / "dashboard.png"
WIDTH, HEIGHT = 1200, 1130
LEVELS = 16  # of each colour: flat pages need no more, and the file is a third of the size


def main() -> int:
    """Make the pictures; 1 where there is no Chromium."""
    path = chromium.program()
    if path is None:
        print("no Chromium: apt-get install chromium", file=sys.stderr)
        return 1
    from plaincrm.cli import run

    with tempfile.TemporaryDirectory() as folder:
        book, page = Path(folder) / "studio", Path(folder) / "dashboard.html"
        shutil.copytree(ROOT / "examples" / "studio", book)
        code = run(["-C", str(book), "--today", TODAY, "dashboard", str(page)])
        if code:
            return code
        with chromium.started(path) as browser:
            browser.open(page.as_uri(), WIDTH, HEIGHT)
            browser.screenshot(PLACE, whole=False)
    PLACE.write_bytes(smaller(PLACE.read_bytes()))
    print(f"{PLACE.relative_to(ROOT)}: {PLACE.stat().st_size // 1000} KB")
    return 0


def smaller(png: bytes) -> bytes:
    """The PNG with colours rounded to a palette of at most 256, where they are that few."""
    width, height, pixels = _decoded(png)
    palette: dict[bytes, int] = {}
    lines = bytearray()
    for row in range(height):
        lines.append(0)
        line = pixels[row * width * 3 : (row + 1) * width * 3]
        for place in range(0, len(line), 3):
            colour = bytes(_rounded(part) for part in line[place : place + 3])
            lines.append(
                palette.setdefault(colour, len(palette))
                if len(palette) < 256
                else _near(colour, palette)
            )
    head = struct.pack("!IIBBBBB", width, height, 8, 3, 0, 0, 0)
    chunks = (
        (b"IHDR", head),
        (b"PLTE", b"".join(palette)),
        (b"IDAT", zlib.compress(bytes(lines), 9)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def _rounded(part: int) -> int:
    step = 255 / (LEVELS - 1)
    return round(round(part / step) * step) if part < 250 else part


def _near(colour: bytes, palette: dict[bytes, int]) -> int:
    if colour not in palette:
        best = min(
            palette, key=lambda each: sum((a - b) ** 2 for a, b in zip(each, colour, strict=True))
        )
        return palette[best]
    return palette[colour]


def _chunk(name: bytes, data: bytes) -> bytes:
    body = name + data
    return struct.pack("!I", len(data)) + body + struct.pack("!I", zlib.crc32(body))


def _decoded(png: bytes) -> tuple[int, int, bytes]:
    """Width, height and RGB of a PNG as Chromium writes it: 8 bits, no interlace."""
    place, data, width, height, kind = 8, b"", 0, 0, 2
    while place < len(png):
        (size,) = struct.unpack("!I", png[place : place + 4])
        name, body = png[place + 4 : place + 8], png[place + 8 : place + 8 + size]
        if name == b"IHDR":
            width, height, _, kind = struct.unpack("!IIBB", body[:10])
        elif name == b"IDAT":
            data += body
        place += size + 12
    channels = 4 if kind == 6 else 3
    raw, stride = zlib.decompress(data), width * channels
    before, out = bytearray(stride), bytearray()
    for row in range(height):
        start = row * (stride + 1)
        line = bytearray(raw[start + 1 : start + 1 + stride])
        _unfiltered(line, before, raw[start], channels)
        before = line
        out += line if channels == 3 else b"".join(line[n : n + 3] for n in range(0, stride, 4))
    return width, height, bytes(out)


def _unfiltered(line: bytearray, above: bytearray, how: int, step: int) -> None:
    """Undo the filter of one line (PNG, 9.2)."""
    for n in range(len(line)):
        left = line[n - step] if n >= step else 0
        up, corner = above[n], above[n - step] if n >= step else 0
        if how == 1:
            line[n] = (line[n] + left) & 255
        elif how == 2:
            line[n] = (line[n] + up) & 255
        elif how == 3:
            line[n] = (line[n] + (left + up) // 2) & 255
        elif how == 4:
            guess = left + up - corner
            far = [(abs(guess - each), k, each) for k, each in enumerate((left, up, corner))]
            line[n] = (line[n] + min(far)[2]) & 255


if __name__ == "__main__":
    sys.exit(main())
