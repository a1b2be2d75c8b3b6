"""The way in, and the short way out.

Whoever reads many records has the files looked at from here on, while click is still being
imported. What a reading command makes is not searched for garbage, since it all lives until the
end; and then nothing is tidied up: Python would take apart every module and record, one by one, for
longer than a small answer takes.
"""

from __future__ import annotations

import gc
import os
import re
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from plaincrm.book.index.prefetch import PrefetchJobs

_VALUED = ("-C", "--today", "--color")  # global options that a word of their own follows
_EVERY: tuple[str, ...] = ()
_ABOUT = {  # the kinds that a command looks at, by its first word or two
    "today": _EVERY,
    "agenda": _EVERY,
    "show": _EVERY,
    "list": ("contact",),
    "pipeline": ("deal",),
    "forecast": ("deal",),
    "ticket list": ("ticket",),
    "report": _EVERY,
    "report support": ("ticket", "contact", "company"),
}


def main() -> None:
    """The program `plaincrm`."""
    gc.disable()
    _complete_streams()
    try:
        code = _answered()
    except KeyboardInterrupt:  # before the error door stands
        sys.stderr.write("plaincrm: interrupted\n")
        code = 130
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    if threads() == 1:
        os._exit(code)
    sys.exit(code)


def _answered() -> int:
    """The exit code."""
    words = _typed()
    about = _about(words)
    prefetch_jobs = _sent(words, about) if about is not None else None
    from plaincrm.cli import run

    if about is None:
        gc.enable()
    return run(sys.argv[1:], prefetch_jobs)


def _complete_streams() -> None:
    """Empty streams for those that were closed before the start (`>&-`); a file of the book, opened
    under the number of one, would else be taken for it."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 (it is there until the end)


def threads() -> int:
    """How many threads run."""
    return sys.modules["threading"].active_count() if "threading" in sys.modules else 1


def _typed() -> list[str]:
    """The words from the command on; those on the line that a shell wants completed; none where a
    book is named.
    """
    if "_PLAINCRM_COMPLETE" in os.environ:
        words = os.environ.get("COMP_WORDS", "").split()[1:]
        return ["show"] if len(words) > 1 and not words[0].startswith("-") else []
    words = sys.argv[1:]
    while words and words[0].startswith("-"):
        if words[0].startswith("-C") or words[0] in ("-h", "--help", "--version"):
            return []
        words = words[2 if words[0] in _VALUED else 1 :]
    return words or ["today"]


def _about(words: Sequence[str]) -> tuple[str, ...] | None:
    """The kinds of a reading command, empty for every kind; None for a command that is none."""
    return _ABOUT.get(" ".join(words[:2]), _ABOUT.get(words[0]) if words else None)


def _sent(words: Sequence[str], about: tuple[str, ...]) -> PrefetchJobs | None:
    from plaincrm.book import config, private_folder
    from plaincrm.book.index import cache, prefetch
    from plaincrm.errors import PlaincrmError

    try:
        root = config.find_book(None, os.environ, Path.cwd())
    except (PlaincrmError, OSError):  # whoever needs a book says so
        return None
    repo = private_folder.find_repo(root)
    private = private_folder.private_folder(root, repo)
    return prefetch.send(root, repo, private, _kinds(words, about, cache.kinds(private)))


def _kinds(words: Sequence[str], about: Sequence[str], there: Sequence[str]) -> Sequence[str]:
    """Which kinds a command will look at, as far as its words tell; a guess too many or too few
    costs time only.
    """
    said = " ".join(words[1:])
    if not about or words[1:2] in (["log"], ["tasks"]):
        return there
    named = [kind for kind in there if re.search(rf"\b{re.escape(kind[:-1])}", said)]
    if words[0] == "list" and named:
        return named
    return list(dict.fromkeys((*named, *about)))
