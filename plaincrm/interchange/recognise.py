"""What a file is, told by its first bytes; its name counts only where they leave it open."""

from __future__ import annotations

import codecs
import json
import re
from typing import Literal

from plaincrm.interchange import log_lines, org_contacts, task_lists

Form = Literal[
    "csv",
    "vcf",
    "ics",
    "eml",
    "mbox",
    "json",
    "jsonl",
    "txt",
    "todo",
    "org",
    "md",
    "xlsx",
    "xls",
    "zip",
    "gzip",
    "sqlite",
    "pdf",
    "html",
    "image",
    "empty",
    "unknown",
]
"""`txt` is lines of the log with a reference, `todo` a todo.txt, `org` people of an Org file, `md`
a record; from `xlsx` on nothing that can be imported.
"""

HEAD = 1 << 14
"""Bytes that are enough to tell."""
_SIGNATURES: tuple[tuple[bytes, Form], ...] = (
    (b"\xd0\xcf\x11\xe0", "xls"),
    (b"\x1f\x8b", "gzip"),
    (b"SQLite format 3", "sqlite"),
    (b"%PDF", "pdf"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HEADER = re.compile(r"([A-Za-z][A-Za-z0-9-]*):(?:[ \t]|$)")
_MAIL = frozenset(
    [
        "from",
        "to",
        "cc",
        "subject",
        "date",
        "received",
        "message-id",
        "return-path",
        "mime-version",
        "delivered-to",
        "content-type",
        "sender",
        "reply-to",
        "x-original-to",
        "dkim-signature",
    ]
)
_ENVELOPE = re.compile(r"From \S.*\d\d:\d\d")
_BARE_ENVELOPE = re.compile(r"From(?: [^\r\n]*)?\r?\n[A-Za-z][A-Za-z0-9-]*:")
_BY_NAME: dict[str, Form] = {
    "csv": "csv",
    "tsv": "csv",
    "vcf": "vcf",
    "vcard": "vcf",
    "ics": "ics",
    "eml": "eml",
    "mbox": "mbox",
    "json": "json",
    "jsonl": "jsonl",
    "ndjson": "jsonl",
    "md": "md",
}


def recognise(head: bytes, name: str = "") -> Form:
    """The form of a file of which `head` are the first bytes, HEAD of them or all; `name` as far as
    it is known.
    """
    ending = name.rpartition(".")[2].casefold() if "." in name else ""
    if head.startswith(b"PK\x03\x04"):
        return (
            "xlsx"
            if b"[Content_Types].xml" in head or b"xl/" in head or ending in ("xlsx", "ods")
            else "zip"
        )
    for signature, form in _SIGNATURES:
        if head.startswith(signature):
            return form
    text = _text(head[:HEAD]).lstrip("\ufeff \t\r\n")
    return (
        (_of_text(text, ending) if text else "empty")
        or _BY_NAME.get(ending)
        or _of_lines(text, ending)
    )


def _text(head: bytes) -> str:
    for bom, name in _BOMS:
        if head.startswith(bom):
            return head[len(bom) :].decode(name, "ignore")
    if head[1::2].count(0) * 3 > len(head):
        return head.decode("utf-16-le", "ignore")
    if head[0::2].count(0) * 3 > len(head):
        return head.decode("utf-16-be", "ignore")
    return head.decode("utf-8", "replace")


def _of_text(text: str, ending: str) -> Form | None:
    """What says what it is in its first words."""
    start = text[:200].upper()
    if start.startswith("BEGIN:"):
        return "vcf" if start.startswith(("BEGIN:VCARD", "BEGIN:VADDRESSBOOK")) else "ics"
    if start.startswith(("<!DOCTYPE", "<HTML", "<?XML", "<TABLE")):
        return "html"
    if text[0] in "{[":
        return _json(text)
    if _ENVELOPE.match(text) or _BARE_ENVELOPE.match(text):
        return "mbox"
    if ending == "org" or (ending in ("", "txt") and org_contacts.is_org(text)):
        return "org"
    if re.match(r"---[ \t]*\r?\n", text) and ending in ("", "md", "markdown", "txt"):
        return "md"
    return "eml" if _is_mail(text) else None


def _json(text: str) -> Form:
    first, _, rest = text.partition("\n")
    if text[0] == "{" and rest.lstrip()[:1] == "{":
        try:
            json.loads(first)
        except (ValueError, RecursionError):
            return "json"
        return "jsonl"
    return "json"


def _is_mail(text: str) -> bool:
    """Headers from the first line on, two of which every mail has one of."""
    names: set[str] = set()
    for line in text.splitlines()[:60]:
        if not line.strip():
            break
        header = _HEADER.match(line)
        if header:
            names.add(header[1].casefold())
        elif line[0] not in " \t":
            return False
    return len(names & _MAIL) >= 2


def _of_lines(text: str, ending: str) -> Form:
    lines = [line for line in text.splitlines()[:50] if line.strip()]
    dated = sum(bool(log_lines.begins(line)) for line in lines if line[0] not in " \t")
    if dated and (ending in ("", "txt") or dated * 2 > len(lines)):
        return "txt"
    if ending in ("", "txt") and task_lists.is_todo(lines):
        return "todo"
    if any(mark in line for line in lines[:5] for mark in ",;\t|"):
        return "csv"
    return "txt" if ending == "txt" else "unknown"
