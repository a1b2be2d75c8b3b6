"""`plaincrm outbox`: e-mails that wait for you to send them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._mail import MailWord
from plaincrm.commands._writing import Mode, write, writing
from plaincrm.errors import PlaincrmError, UsageError

if TYPE_CHECKING:
    from plaincrm.crm.mailing.mark_sent import Draft

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
  plaincrm outbox show outbox/2026-11-21-ola-nordmann-follow-up.eml
"""
SENT = """\b
Examples:
  plaincrm outbox sent k7m2
  plaincrm outbox sent k7m2 --at yesterday --next "fri Ask again"
  plaincrm outbox sent --all --yes
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
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@pass_app
def list_(app: App, as_json: bool) -> None:
    """What waits, and for how long."""
    from plaincrm.crm.mailing.mark_sent import drafts
    from plaincrm.views import outbox as view
    from plaincrm.views.rows import dumps

    waiting, today = drafts(app.book), app.book.now.date()
    if as_json:
        click.echo(dumps(view.as_json(waiting, today)), nl=False)
    elif waiting:
        click.echo(view.table(waiting, today, app.width), nl=False)
    else:
        app.say("nothing waits in the outbox")


@command.command(epilog=SHOW)
@click.argument("handle", type=MailWord())
@pass_app
def show(app: App, handle: str) -> None:
    """One e-mail: whom it is for, and its words."""
    from plaincrm.crm.mailing.mark_sent import drafts
    from plaincrm.views.outbox import message

    click.echo(app.shown(message(drafts(app.book, [handle])[0])), nl=False)


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
def sent(app: App, handles: tuple[str, ...], every: bool, at: str, step: str, mode: Mode) -> None:
    """Say that you sent them: logs `email out` (of a ticket `reply out`) and writes the next
    step.
    """
    from plaincrm.crm.mailing.mark_sent import sent as staged

    chosen = _chosen(app, handles, every)
    sending = staged(app.book, chosen, at, step)
    app.tell(sending.echo)
    app.tell(f"{draft.waiting.name} was logged before" for draft in sending.known)
    new = len(chosen) - len(sending.known)
    if new and not write(app, sending.change, mode, f"logged {_mails(new)} as sent", records=new):
        return
    if not mode.dry_run:
        sending.finish()


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


def _chosen(app: App, handles: tuple[str, ...], every: bool) -> list[Draft]:
    from plaincrm.crm.mailing.mark_sent import drafts

    if bool(handles) == every:
        raise UsageError(
            "name the e-mails, or say --all", "plaincrm outbox list shows their handles"
        )
    chosen = drafts(app.book, handles)
    if not chosen:
        app.say("nothing waits in the outbox")
    return chosen


def _confirm(app: App, question: str) -> None:
    if not app.interactive:
        raise PlaincrmError(f"{question} There is nobody to ask", "-y says yes")
    if not click.confirm(question, err=True):
        raise PlaincrmError("nothing deleted")


def _mails(count: int) -> str:
    return "1 e-mail" if count == 1 else f"{count} e-mails"
