"""The man page, made of what `--help` says: `python man/make.py` prints it.

Every wheel is built with a page of its own, so that none is older than the program.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import click

sys.path.insert(0, str(Path(__file__).parents[1]))

from plaincrm import __version__
from plaincrm.cli import GROUPS, plaincrm

# What commands that read have in common stands in the page once.
_SHARED = ("--json", "--jsonl", "--csv", "--tsv", "--md", "--ids", "--paths", "-0", "--count")
_SHARED += ("--template", "--columns", "--sort", "--limit", "--as-of", "--help")
_HEAD = """\
.\\" Made by man/make.py; not written by hand.
.TH PLAINCRM 1 "" "plaincrm {version}" "User Commands"
.SH NAME
plaincrm, pcrm \\- a CRM for freelancers: a folder of Markdown files in git
.SH SYNOPSIS
.B plaincrm
[\\-C DIR] [\\-\\-today DATE] [\\-\\-color WHEN] COMMAND \\&...
.SH DESCRIPTION
"""
_FOOT = """\
.SH EXIT STATUS
0 done; 1 problems found, or it failed; 2 usage or a bad query; 3 not found; 4 ambiguous; 5 a value
that was refused; 6 a conflict; 7 git or the remote failed; 70 a bug; 130 interrupted.
.SH ENVIRONMENT
.TP
.B PLAINCRM_BOOK
The folder of the book, where \\-C does not say it.
.TP
.B PAGER, LESS, NO_COLOR, VISUAL, EDITOR
As everywhere.
.SH FILES
.TP
.B plaincrm.yaml
The settings of a book.
.TP
.B ~/.config/plaincrm/config.yaml
The user's own: where the book is, aliases.
.SH SEE ALSO
plaincrm help lists the pages of the manual, plaincrm help PAGE shows one, plaincrm help WORD says
where the manual speaks of a word.
"""


def page() -> str:
    """The whole page in roff."""
    with click.Context(plaincrm, info_name="plaincrm") as context:
        parts = [_HEAD.format(version=__version__), _text(plaincrm.help or "")]
        parts += [".SH OPTIONS\n", *_options(plaincrm, context)]
        reader = plaincrm.get_command(context, "list")
        assert reader is not None
        shared = [each for each in reader.params if set(each.opts) & set(_SHARED)]
        parts += [".SH OPTIONS OF COMMANDS THAT READ\n", *_records(shared, context)]
        for title, words in GROUPS.items():
            parts.append(f".SH {_escaped(title.upper())}\n")
            for word in words:
                command = plaincrm.get_command(context, word)
                assert command is not None
                parts += _command(command, word, context)
    return "".join((*parts, _FOOT))


def _command(command: click.Command, name: str, above: click.Context) -> Iterator[str]:
    with click.Context(command, info_name=name, parent=above) as context:
        usage = " ".join(command.collect_usage_pieces(context))
        yield f".SS plaincrm {_escaped(name)} {_escaped(usage)}\n"
        yield _text(command.help or "")
        yield from _options(command, context)
        yield _examples(command.epilog or "")
        if isinstance(command, click.Group):
            for each, inner in command.commands.items():
                yield from _command(inner, f"{name} {each}", above)


def _options(command: click.Command, context: click.Context) -> Iterator[str]:
    params = command.get_params(context)
    own = [each for each in params if command is plaincrm or not set(each.opts) & set(_SHARED)]
    yield from _records(own, context)
    if any("--tsv" in each.opts for each in params):
        yield ".PP\nIt takes the options of commands that read.\n"


def _records(params: list[click.Parameter], context: click.Context) -> Iterator[str]:
    for param in params:
        record = param.get_help_record(context)
        if record is not None and record[1]:
            yield f".TP\n.B {_escaped(record[0])}\n{_escaped(record[1])}\n"


def _examples(epilog: str) -> str:
    lines = [line.strip() for line in epilog.splitlines() if line.startswith("  ")]
    if not lines:
        return ""
    return ".PP\nExamples:\n.nf\n" + "".join(f"    {_escaped(line)}\n" for line in lines) + ".fi\n"


def _text(text: str) -> str:
    paragraphs = re.split(r"\n\s*\n", text.replace("\b", "").strip())
    return "".join(f".PP\n{_escaped(' '.join(each.split()))}\n" for each in paragraphs)


def _escaped(text: str) -> str:
    """Roff reads a backslash, a dash, a dot or a quote at the beginning of a line, and ASCII."""
    found = text.replace("\\", "\\e").replace("-", "\\-")
    found = re.sub(r"[^\x00-\x7f]", lambda one: f"\\[u{ord(one[0]):04X}]", found)
    return f"\\&{found}" if found[:1] in (".", "'") else found


if __name__ == "__main__":
    sys.stdout.write(page())
