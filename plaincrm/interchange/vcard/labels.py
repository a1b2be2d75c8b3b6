"""Kinds of numbers, addresses and places: vCard's words and ours."""

from __future__ import annotations

import re
from collections.abc import Sequence

from plaincrm.interchange.csv.names import key_of

_OURS = {"cell": "mobile", "x-mobile": "mobile", "iphone": "mobile"}
_THEIRS = {"mobile": "cell"}
# What a type says about the wire, not about the place.
_SILENT = frozenset(
    [
        "",
        "internet",
        "x-internet",
        "pref",
        "x400",
        "voice",
        "text",
        "video",
        "msg",
        "intl",
        "dom",
        "postal",
        "parcel",
    ]
)
_KNOWN = ("work", "home", "mobile", "fax", "pager", "car", "isdn", "main", "assistant")
_APPLE = re.compile(r"_\$!<(.*)>!\$_")
STANDARD = frozenset({"work", "home", "cell", "fax", "pager"})


def of_types(types: Sequence[str]) -> str:
    """`("fax", "work")` is `work_fax`; empty if the types say nothing."""
    words = {_OURS.get(word, word) for word in types if word not in _SILENT}
    known = [word for word in _KNOWN if word in words]
    return "_".join(known) or "_".join(key_of(word.removeprefix("x-")) for word in sorted(words))


def of_name(label: str) -> str:
    """Apple's labels: `_$!<AssistantPhone>!$_` is `assistant_phone`."""
    bare = _APPLE.sub(r"\1", label.strip())
    return key_of(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", bare)) if bare else ""


def to_types(label: str) -> tuple[str, ...]:
    """The types that say `label`; empty if there are none, and it has to stand as a label of its
    own.
    """
    words = tuple(_THEIRS.get(word, word) for word in label.split("_"))
    return words if set(words) <= STANDARD and of_types(words) == label else ()
