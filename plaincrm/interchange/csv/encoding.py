"""Which encoding a file is in, read surely or refused: no NULs, no mojibake ever reaches a record.

The whole stream is looked at, in chunks: one letter far down is what tells UTF-8 from cp1252.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from plaincrm.errors import Refused

CHUNK = 1 << 20
SAMPLE = 1 << 16
_SAVE_AS = "open it in a spreadsheet and save it as CSV UTF-8"
_SIGNATURES = (
    (b"PK\x03\x04", "an Excel workbook or a zip archive"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file"),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"SQLite format 3", "an SQLite database"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"{\\rtf", "a rich-text document"),
)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# A multi-byte letter of UTF-8; cp1252 text has such a pair only by accident.
_MULTIBYTE = re.compile(rb"[\xc3-\xf4][\x80-\xbf]+")
# What cp1252 never shows in real words: a capital after a small letter, two accented capitals or
# three accented letters in a row, a sign glued into letters.
_SIGN = "[¡-©«-±¶¸»-¿×÷ƒ†‡ˆ‰]"
_UNWESTERN = re.compile(
    f"[a-zß-ÿ][À-ÞŠŽŸ]|[À-ÖØ-ÞŠŽŸ]{{2}}|[À-ÖØ-öø-ÿ]{{3}}|{_SIGN}[A-Za-zÀ-ÿ]|[A-Za-zÀ-ÿ]{_SIGN}(?=[A-Za-zÀ-ÿ])"
)
_WESTERN_LETTER = re.compile(r"[^\x00-\x7f]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Encoding:
    """`name` is a Python codec; `why` says what spoke for it; `bom` whether the file begins with
    one.
    """

    name: str
    why: str
    bom: bool = False


def sniff(source: BinaryIO | bytes) -> Encoding:
    """The encoding of a seekable stream (left at its start) or of bytes. Raises Refused if it isn't
    sure.
    """
    stream = BytesIO(source) if isinstance(source, bytes) else source
    head = _head(stream)
    _refuse_binary(head)
    encoding = _by_bom(head) or (_wide(stream, head) if b"\0" in head else _narrow(stream))
    _refuse_unreadable(stream, encoding)
    stream.seek(0)
    return encoding


def _head(stream: BinaryIO) -> bytes:
    stream.seek(0)
    return stream.read(SAMPLE)


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    stream.seek(0)
    while chunk := stream.read(CHUNK):
        yield chunk


def _refuse_binary(head: bytes) -> None:
    if not head.strip(b"\r\n\t \xef\xbb\xbf"):
        raise Refused(
            "The file is empty", "export it again; the first line has to name the columns"
        )
    for signature, what in _SIGNATURES:
        if head.startswith(signature):
            raise Refused(f"This looks like {what}, not like CSV", _SAVE_AS)
    if re.match(rb"(\xef\xbb\xbf)?\s*<(!doctype|html|\?xml|table|head)", head[:400], re.IGNORECASE):
        raise Refused(
            "This looks like a web page, not like CSV", "log in and download the export again"
        )


def _by_bom(head: bytes) -> Encoding | None:
    for bom, name in _BOMS:
        if head.startswith(bom):
            return Encoding(name, "it begins with the byte order mark", bom=True)
    return None


def _wide(stream: BinaryIO, head: bytes) -> Encoding:
    """UTF-16 without a mark: every other byte of Western text is zero."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    name = "utf-16-le" if odd > even else "utf-16-be"
    worded = max(even, odd) > 4 * min(even, odd) and max(even, odd) * 40 > len(head)
    noise = len(_CONTROL.findall(head.decode(name, "ignore")))
    if worded and noise * 20 < len(head) and _decodes(stream, name):
        return Encoding(name, "every other byte is zero")
    raise Refused("The file holds NUL bytes: it is damaged, or no text at all", _SAVE_AS)


def _decodes(stream: BinaryIO, name: str) -> bool:
    try:
        return not any("\0" in text for text in _decoded(stream, name))
    except UnicodeDecodeError:
        return False


def _decoded(stream: BinaryIO, name: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(name)()
    for chunk in _chunks(stream):
        yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)


def _narrow(stream: BinaryIO) -> Encoding:
    if _decodes(stream, "utf-8"):
        return Encoding("utf-8", "all of it is valid UTF-8")
    sample = _foreign_lines(stream)
    _refuse_damaged_utf8(sample)
    if _western(sample):
        return Encoding(
            "cp1252", "it is not UTF-8, and its letters make sense as Western European ones"
        )
    return _guess(sample)


def _foreign_lines(stream: BinaryIO) -> bytes:
    """The lines that are more than ASCII, up to a sample's size: they alone decide."""
    found = bytearray()
    for chunk in _chunks(stream):
        for match in re.finditer(rb"[^\r\n]{0,80}[\x80-\xff][^\r\n]{0,80}", chunk):
            found += match.group() + b"\n"
            if len(found) > SAMPLE:
                return bytes(found)
    return bytes(found)


def _refuse_damaged_utf8(sample: bytes) -> None:
    rest, good = _MULTIBYTE.subn(b"", sample)
    strays = len(re.findall(rb"[\x80-\xff]", rest))
    if good > strays:
        raise Refused(
            "The file is nearly all UTF-8, but some bytes are damaged or in another encoding",
            f"{_SAVE_AS}, or name the encoding",
        )


def _western(sample: bytes) -> bool:
    try:
        text = sample.decode("cp1252")
    except UnicodeDecodeError:
        return False
    return len(_UNWESTERN.findall(text)) * 5 <= len(_WESTERN_LETTER.findall(text))


def _guess(sample: bytes) -> Encoding:
    from charset_normalizer import from_bytes

    best = from_bytes(sample, threshold=0.15, enable_fallback=False).best()
    if best is None or best.encoding.startswith(("utf_7", "utf_16", "utf_32")):
        raise Refused(
            "The encoding of the file can't be told for sure", f"{_SAVE_AS}, or name the encoding"
        )
    return Encoding(codecs.lookup(best.encoding).name, "its letters read as words only so")


def _refuse_unreadable(stream: BinaryIO, encoding: Encoding) -> None:
    """The whole file must read in the encoding, and hold no NUL: a UTF-32 under UTF-16's mark
    does.
    """
    try:
        nul = any("\0" in text for text in _decoded(stream, encoding.name))
    except UnicodeDecodeError as error:
        claim = f"The file claims to be {encoding.name.upper()} but is not: {error.reason}"
        raise Refused(claim, _SAVE_AS) from None
    if nul:
        claim = (
            f"Read as {encoding.name.upper()}, the file holds NULs: its byte order mark is wrong"
        )
        raise Refused(claim, _SAVE_AS)
