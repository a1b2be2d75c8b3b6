"""`plaincrm outbox`: e-mails that wait for you to send them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._mail import MailWord
from plaincrm.commands._reading import TABLE, ReadingOptions, arranged, reading_without
from plaincrm.commands._reading import show as show_rows
from plaincrm.commands._terminal import confirm
from plaincrm.commands._writing import WritingOptions, write, writing
from plaincrm.errors import PlaincrmError, Refused, UsageError

if TYPE_CHECKING:
    from plaincrm.crm.mailing.deliver import Delivery, Sender
    from plaincrm.crm.mailing.mark_sent import OutboxDraft

EPILOG = """\b
Examples:
  plaincrm outbox list
  plaincrm outbox show 2026-11-21-ola-nordmann-follow-up
  plaincrm outbox sent --all --yes
"""
LIST = """\b
Examples:
  plaincrm outbox list
  plaincrm outbox list --json
  plaincrm --today tomorrow outbox list
"""
SHOW = """\b
Examples:
  plaincrm outbox show k7m2
  plaincrm outbox show 2026-11-21-ola-nordmann-follow-up.eml
  plaincrm outbox show --raw k7m2
"""
OPEN = """\b
Examples:
  plaincrm outbox open k7m2
  plaincrm outbox open 2026-11-21-ola-nordmann-follow-up
  plaincrm outbox open outbox/2026-11-21-ola-nordmann-follow-up.eml
"""
SENT = """\b
Examples:
  plaincrm outbox sent k7m2
  plaincrm outbox sent k7m2 --at yesterday --next "fri Ask again"
  plaincrm outbox sent --all --yes
"""
SEND = """\b
Examples:
  plaincrm outbox send --all --dry-run
  plaincrm outbox send k7m2 x4dq
  plaincrm outbox send --settle k7m2 sent
"""
DROP = """\b
Examples:
  plaincrm outbox drop k7m2
  plaincrm outbox drop k7m2 x4dq --yes
  plaincrm outbox drop --all --yes
"""


@click.group("outbox", epilog=EPILOG)
def command() -> None:
    """E-mails that plaincrm email --outbox wrote: open them in your mail program, send them, then
    say so here.
    """


@command.command("list", epilog=LIST)
@reading_without("as_of")
@pass_app
def list_(app: App, options: ReadingOptions) -> None:
    """What waits, and for how long."""
    from plaincrm.crm.mailing.mark_sent import drafts
    from plaincrm.crm.mailing.sending_lines import ledger_of
    from plaincrm.views.outbox import rows

    waiting = drafts(app.book)
    doubt = {id for id, _, _ in ledger_of(app.book).in_doubt()}
    show_rows(app, arranged(rows(waiting, app.book.now.date(), doubt), options), options)
    if options.form == TABLE and doubt:
        app.say("in doubt: it may have been sent; plaincrm outbox send --settle HANDLE sent|unsent")
    if options.form == TABLE and not waiting:
        app.say("nothing waits in the outbox; plaincrm email TEMPLATE REF --outbox writes a draft")


@command.command(epilog=SHOW)
@click.argument("handle", type=MailWord())
@click.option("--raw", is_flag=True, help="The mail as it is sent, for msmtp -t.")
@pass_app
def show(app: App, handle: str, raw: bool) -> None:
    """One e-mail: whom it is for, and its words.

    With --raw its bytes as `outbox send` would send them: without working headers, dated now.
    Nobody who may not be mailed any more gets out that way.
    """
    from plaincrm.crm.mailing.mark_sent import drafts
    from plaincrm.views.outbox import message

    draft = drafts(app.book, [handle])[0]
    if not raw:
        return click.echo(app.shown(message(draft)), nl=False)
    planned = _sendable(app, draft, handle)
    return click.echo(planned.wire.data.replace(b"\r\n", b"\n") if planned.wire else b"", nl=False)


@command.command("open", epilog=OPEN)
@click.argument("handle", type=MailWord())
@pass_app
def open_(app: App, handle: str) -> None:
    """Open a draft in your mail program, to look at, change and send it there.

    A program that only shows it makes a draft of it by "edit as new" or "send again". Nothing in it
    is plaincrm's own: it reaches its reader as you see it.
    """
    from plaincrm.book.desktop import open_file
    from plaincrm.crm.mailing import old_drafts
    from plaincrm.crm.mailing.mark_sent import drafts

    old_drafts.clean(app.book)
    draft = drafts(app.book, [handle])[0]
    _sendable(app, draft, handle)
    open_file(draft.waiting.path)
    app.say(f"once it is sent: plaincrm outbox sent {draft.waiting.handle}")


@command.command(epilog=SENT, short_help="Say that you sent them: log it, and the next step.")
@click.argument("handles", metavar="[HANDLE]...", type=MailWord(), nargs=-1)
@click.option("--all", "every", is_flag=True, help="All that wait.")
@click.option(
    "--at", metavar="DATE", default="", help="When, if not now; words are read backwards."
)
@click.option(
    "--next",
    "step",
    metavar='"DATE TEXT"',
    default="",
    help="What to do then, instead of the template's.",
)
@writing
@pass_app
def sent(
    app: App, handles: tuple[str, ...], every: bool, at: str, step: str, mode: WritingOptions
) -> None:
    """Say that you sent them: logs `email out` (of a ticket `reply out`) and writes the next
    step.
    """
    from plaincrm.crm.mailing.mark_sent import sent as staged

    chosen = _chosen(app, handles, every)
    sending = staged(app.book, chosen, at, step)
    app.tell(sending.echo)
    app.tell(f"{draft.waiting.name} was logged before" for draft in sending.known)
    new = len(chosen) - len(sending.known)
    if new and not write(app, sending.staged, mode, f"logged {_mails(new)} as sent", records=new):
        return
    if not mode.dry_run:
        sending.finish()


@command.command(epilog=SEND, short_help="Send them through your mail server, each once.")
@click.argument("handles", metavar="[HANDLE]...", type=MailWord(), nargs=-1)
@click.option("--all", "every", is_flag=True, help="All that wait.")
@click.option(
    "--settle",
    type=(MailWord(), click.Choice(["sent", "unsent"])),
    metavar="HANDLE sent|unsent",
    help="Decide about one that may have been sent.",
)
@click.option("--trust", is_flag=True, help="Yes: this machine sends as plaincrm.yaml says.")
@click.option("--now", "at_once", is_flag=True, help="Outside the hours of sending, too.")
@click.option("-n", "--dry-run", is_flag=True, help="Only say what would be sent.")
@click.option("-y", "--yes", is_flag=True, help="Don't ask.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@pass_app
def send(
    app: App,
    handles: tuple[str, ...],
    every: bool,
    settle: tuple[str, str] | None,
    trust: bool,
    at_once: bool,
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> int:
    """Send drafts through the server, or the program, that plaincrm.yaml names.

    Each is tried once. What may have been sent before is named, and not sent again: settle it. The
    log gets what was sent, in one commit.
    """
    from plaincrm.crm.mailing import post
    from plaincrm.crm.mailing.deliver import Sender
    from plaincrm.crm.mailing.mark_sent import drafts

    sender = Sender(app.book)
    if settle:
        planned = sender.plan(drafts(app.book, [settle[0]]))
        sender.settle(planned[0], was_sent=settle[1] == "sent")
    else:
        planned = sender.plan(_chosen(app, handles, every), now=at_once)
        _say_last_sync(app)
        ready = [each for each in planned if each.status == "ready"]
        if ready and not dry_run:
            if trust:
                post.trust(app.book)
            elif not post.trusted(app.book) and app.interactive:
                _ask_trust(post.way_out(app.book))
                post.trust(app.book)
            _ask_to_send(app, ready, yes)
            with sender.alone(), post.opened(app.book) as hand_over:
                for each in sender.send(planned, hand_over):
                    app.say(_told(each))
    if not dry_run:
        _log_sent(app, sender, planned)
    _show_sent(app, planned, as_json)
    return 1 if any(each.status in ("refused", "doubt") for each in planned) else 0


@command.command(epilog=DROP)
@click.argument("handles", metavar="[HANDLE]...", type=MailWord(), nargs=-1)
@click.option("--all", "every", is_flag=True, help="All that wait.")
@click.option("-y", "--yes", is_flag=True, help="Don't ask.")
@click.option("-n", "--dry-run", is_flag=True, help="Only say what would be deleted.")
@pass_app
def drop(app: App, handles: tuple[str, ...], every: bool, yes: bool, dry_run: bool) -> None:
    """Delete drafts; nothing is logged."""
    from plaincrm.crm.mailing.mark_sent import drop as delete

    chosen = _chosen(app, handles, every)
    app.tell(f"{draft.waiting.handle}  {draft.to}: {draft.mail.subject}" for draft in chosen)
    if dry_run or not chosen:
        return
    if len(chosen) > 1 and not yes:
        _confirm(app, f"Delete these {_mails(len(chosen))}?")
    delete(app.book, chosen)
    app.say(f"{_mails(len(chosen))} deleted")


def _sendable(app: App, draft: OutboxDraft, handle: str) -> Delivery:
    """A draft that may leave here. Raises Refused with the reason why it may not."""
    from plaincrm.crm.mailing.deliver import Sender

    (planned,) = Sender(app.book).plan([draft], now=True)
    if planned.status != "ready":
        raise Refused(f"{draft.to}: {planned.reason}", f"plaincrm outbox drop {handle}")
    return planned


def _say_last_sync(app: App) -> None:
    """Another machine may have sent since then what waits here too."""
    from plaincrm.crm.mailing.other_machines import words

    app.tell(words(app.book))


def _ask_trust(way_out: str) -> None:
    """The settings come with the book; what they run is up to whoever sits here."""
    if not confirm(f"plaincrm.yaml wants to {way_out}. Do so on this machine?"):
        raise PlaincrmError("nothing sent")


def _ask_to_send(app: App, ready: list[Delivery], yes: bool) -> None:
    app.tell(f"{each.handle}  {each.draft.to}: {each.draft.mail.subject}" for each in ready[:3])
    if len(ready) > 3:
        app.say(f"… and {len(ready) - 3} more")
    question = f"Send {_mails(len(ready))}?"
    if yes:
        return
    if not app.interactive:
        raise PlaincrmError(f"{question} There is nobody to ask", "-y says yes")
    if not confirm(question):
        raise PlaincrmError("nothing sent")


def _log_sent(app: App, sender: Sender, planned: list[Delivery]) -> None:
    """One commit with the log entries of what was sent, and the ledger."""
    staged = sender.stage(planned)
    app.tell(staged.echo)
    write(app, staged.staged, WritingOptions(yes=True))
    sender.finish(staged)


def _told(delivery: Delivery) -> str:
    reason = f": {delivery.reason}" if delivery.reason else ""
    return f"{delivery.status:<8} {delivery.draft.to}{reason}"


def _show_sent(app: App, planned: list[Delivery], as_json: bool) -> None:
    from plaincrm.views import outbox as view
    from plaincrm.views.json_text import dumps

    if as_json:
        return click.echo(dumps(view.sending_json(planned)), nl=False)
    app.tell(_told(each) for each in planned if each.status in ("skipped", "ready"))
    counts = Counter(each.status for each in planned)
    return app.say(", ".join(f"{count} {status}" for status, count in counts.items()))


def _chosen(app: App, handles: tuple[str, ...], every: bool) -> list[OutboxDraft]:
    from plaincrm.crm.mailing.mark_sent import drafts

    if bool(handles) == every:
        raise UsageError(
            "name the e-mails, or say --all", "plaincrm outbox list shows their handles"
        )
    chosen = drafts(app.book, handles)
    if not chosen:
        app.say("nothing waits in the outbox; plaincrm email TEMPLATE REF --outbox writes a draft")
    return chosen


def _confirm(app: App, question: str) -> None:
    if not app.interactive:
        raise PlaincrmError(f"{question} There is nobody to ask", "-y says yes")
    if not confirm(question):
        raise PlaincrmError("nothing deleted")


def _mails(count: int) -> str:
    from plaincrm.core.text.counted import counted

    return counted(count, "e-mail")
