"""The tools that write. Each shows what it would write first, with a token; only a second call with
that token writes, and then just what was shown.

The token stands for one preview: it is used once, and is worth nothing once the book has changed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from plaincrm.core.value_class import value
from plaincrm.errors import Refused, UsageError
from plaincrm.mcp import privacy
from plaincrm.mcp.reading import found_record
from plaincrm.mcp.tool import Parameter, Tool

if TYPE_CHECKING:
    from plaincrm.core.records.record import Record
    from plaincrm.crm.book import Book
    from plaincrm.crm.staged import Staged

Given = Mapping[str, Any]
MOST = 200  # records of one call; a model that wants more should ask its user
_PREVIEWS = 32  # that wait at a time; the oldest goes
TOKEN = "token"
WHO = "mcp"  # what marks a commit as a program's


@value
class Preview:
    """What was shown: the tool, its arguments, what would be written, and the moment that counted
    as now, so that the same is written a minute later.
    """

    tool: str
    given: str
    shown: Any
    now: datetime


class Previews:
    """The previews of one connection by their tokens."""

    def __init__(self) -> None:
        self._waiting: dict[str, Preview] = {}

    def keep(self, preview: Preview) -> str:
        """A new token for it."""
        import secrets  # only a preview needs it

        token = secrets.token_hex(8)
        self._waiting[token] = preview
        while len(self._waiting) > _PREVIEWS:
            del self._waiting[next(iter(self._waiting))]
        return token

    def take(self, token: str, tool: str, given: str) -> Preview:
        """The preview of a token, which is spent. Raises Refused for a token of none, or of
        another call.
        """
        preview = self._waiting.pop(token, None)
        if preview is None or (preview.tool, preview.given) != (tool, given):
            raise Refused(
                "this token belongs to no preview of this call",
                "call without a token, show the user the diff, then call again with its token",
            )
        return preview


def key(given: Given) -> str:
    """The arguments of a call without its token, as text that can be compared."""
    import json

    return json.dumps({name: each for name, each in given.items() if name != TOKEN}, sort_keys=True)


def _records(book: Book, given: Given) -> list[Record]:
    """The records of `refs`, or those that `where` selects of a `kind`."""
    from plaincrm.core.query import split_words

    refs, where = given.get("refs") or [], str(given.get("where") or "")
    if bool(refs) == bool(where):
        raise UsageError("name refs, or a kind and where")
    found = [found_record(book, ref) for ref in refs]
    if where:
        kind = book.record_kind(str(given.get("kind") or "contacts"))
        privacy.refuse_kind(kind, book.settings.private)
        words = split_words(where)
        privacy.refuse_words(words, book.schema, book.settings.private)
        found = book.select(kind, words).records
    if not 0 < len(found) <= MOST:
        raise Refused(f"{len(found)} records are meant; one to {MOST} can be written at once")
    return found


def log(book: Book, given: Given) -> Staged:
    from plaincrm.crm.actions.log import log_entry

    return log_entry(
        book,
        _records(book, given),
        given["type"],
        given["text"],
        direction=given.get("direction") or "",
        at=given.get("at") or "",
        next=given.get("next") or "",
    )


def task(book: Book, given: Given) -> Staged:
    from plaincrm.crm.actions.task import add_task

    words = str(given["text"]).split()
    due = [f"due:{given['due']}"] if given.get("due") else []
    return add_task(book, _records(book, given), [*words, *due])


def set_(book: Book, given: Given) -> Staged:
    from plaincrm.crm.actions.set import set_fields
    from plaincrm.crm.assignments import parsed

    changes = parsed(given["assignments"])
    names = [name.partition(".")[0] for name, _, _ in changes]
    privacy.refuse_words(names, book.schema, book.settings.private)
    return set_fields(book, _records(book, given), changes)


def move(book: Book, given: Given) -> Staged:
    from plaincrm.crm.actions.move import move as moved

    deals = _records(book, given)
    other = next((each for each in deals if each.kind.name != "deal"), None)
    if other is not None:
        raise UsageError(f"{other.ref} is no deal, and only deals move")
    return moved(book, deals, given["stage"], next=given.get("next") or "")


class DraftedMails:
    """Mails for the outbox, before they are written: no records change, so there is no commit."""

    def __init__(self, book: Book, given: Given) -> None:
        from plaincrm.crm.actions.email import render
        from plaincrm.crm.mailing.render import refuse_missing
        from plaincrm.views.messages import as_json

        self.book = book
        self.letters = render(book, given["template"], _records(book, given))
        refuse_missing(self.letters)
        self.shown = as_json(self.letters)

    def write(self) -> dict[str, Any]:
        from plaincrm.crm.mailing.write import to_outbox

        to_outbox(self.book, self.letters)
        paths = [letter.path for letter in self.letters if letter.status == "written"]
        return {"written": paths, "undo": "plaincrm outbox drop", "sent": False}


class StagedChange:
    """A change of records, before it is written as one commit."""

    def __init__(self, staged: Staged) -> None:
        self.staged = staged
        self.shown = staged.diff()
        if staged.change.book.settings.private.fields:  # a private line may stand beside a change
            kept = (line for line in self.shown.splitlines(True) if line[:1] in "+-@")
            self.shown = "".join(kept)

    def write(self) -> dict[str, Any]:
        from plaincrm.crm.staged import subject

        self.staged.change.retitle(f"{subject(self.staged.summary)} ({WHO})")
        written = self.staged.commit()
        return {
            "written": list(written.paths),
            "commit": written.commit,
            "undo": "plaincrm undo" if written.commit else None,
            "notes": [*self.staged.ruled, *self.staged.after],
        }


def prepared(tool: Tool, book: Book, given: Given) -> StagedChange | DraftedMails:
    """What a call would write. Raises as the action does."""
    found = tool.run(book, given)
    return found if isinstance(found, DraftedMails) else StagedChange(found)


_REFS = Parameter("refs", "Records: kind/id, id, e-mail or name", many=True)
_KIND = Parameter("kind", "With where: contacts, companies, deals, tickets")
_WHERE = Parameter("where", "Instead of refs: a query over the kind")
_TOKEN = Parameter(
    TOKEN, "The token of the preview. Leave it out at first: then nothing is written"
)
_NEXT = Parameter("next", "The next step it leaves: 'fri Send the offer'")
_WHOM = (_REFS, _KIND, _WHERE, _TOKEN)


def _tool(
    name: str, title: str, doc: str, *own: Parameter, run: Callable[[Book, Given], Any]
) -> Tool:
    said = f"{doc} The first call writes nothing: it gives the diff and a token. Show the diff to"
    said += " the user; call again with the token only if they agree."
    return Tool(name, title, said, (*own, *_WHOM), run, writes=True)


TOOLS: tuple[Tool, ...] = (
    _tool(
        "log",
        "Log an entry",
        "An entry in the log of records.",
        Parameter("type", "call, email, meeting, message, note", required=True),
        Parameter("text", "What was said", required=True),
        Parameter("direction", "Who wrote or called", choices=("in", "out")),
        Parameter("at", "When it was, now unless said: 'yesterday', '2026-11-20 14:30'"),
        _NEXT,
        run=log,
    ),
    _tool(
        "task",
        "Add a task",
        "A task of records.",
        Parameter("text", "What is to be done", required=True),
        Parameter("due", "When: fri, +2w, 2026-12-01"),
        run=task,
    ),
    _tool(
        "set",
        "Set fields",
        "Fields of records set, added to, taken from or (field=) taken out.",
        Parameter("assignments", "status=customer, tags+=vip", required=True, many=True),
        run=set_,
    ),
    _tool(
        "move",
        "Move a deal",
        "Deals moved to another stage.",
        Parameter("stage", "The stage", required=True),
        _NEXT,
        run=move,
    ),
    _tool(
        "draft_email",
        "Draft an e-mail",
        "A template rendered for people and put into the outbox as a draft. It is never sent.",
        Parameter("template", "The name of the template", required=True),
        run=DraftedMails,
    ),
)
