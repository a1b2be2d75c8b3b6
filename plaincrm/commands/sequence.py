"""`plaincrm sequence`: mails and tasks that follow each other at set intervals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._reading import TABLE, ReadingOptions, arranged, book_for, reading
from plaincrm.commands._reading import show as show_rows
from plaincrm.commands._terminal import confirm
from plaincrm.commands._types import BookWord, KindWord, QueryWord, RefWord, find_all
from plaincrm.commands._writing import WritingOptions, write, writing
from plaincrm.errors import PlaincrmError, UsageError

if TYPE_CHECKING:
    from plaincrm.crm.mailing.render import Letter, Recipient
    from plaincrm.crm.mailing.steps import StepRun
    from plaincrm.crm.sequence_standings import ContactStanding

KINDS = ("contact", "deal", "ticket")
EPILOG = """\b
Examples:
  plaincrm sequence enrol after-proposal fjord-website-2027
  plaincrm sequence due
  plaincrm sequence due --outbox
"""
LIST = """\b
Examples:
  plaincrm sequence list
  plaincrm sequence list --json
  plaincrm sequence list --sort -due
"""
SHOW = """\b
Examples:
  plaincrm sequence show onboarding
  plaincrm sequence show win-back --json
  plaincrm sequence show onboarding --as-of last-month
"""
RESULTS = """\b
Examples:
  plaincrm sequence results onboarding
  plaincrm sequence results onboarding --json
  plaincrm sequence results win-back --as-of last-month
"""
CHECK = """\b
Examples:
  plaincrm sequence check
  plaincrm sequence check onboarding
  plaincrm sequence check --json
"""
ENROL = """\b
Examples:
  plaincrm sequence enrol onboarding ada-lovelace
  plaincrm sequence enrol after-proposal fjord-website-2027
  plaincrm sequence enrol win-back --where "status:former idle:180d.."
"""
LEAVE = """\b
Examples:
  plaincrm sequence leave onboarding ada-lovelace
  plaincrm sequence leave win-back @quiet-customers --yes
  plaincrm sequence leave win-back ada-lovelace --reason "no budget this year"
"""
DUE = """\b
Examples:
  plaincrm sequence due
  plaincrm sequence due onboarding --outbox --dry-run
  plaincrm sequence due --outbox --late
"""


class SequenceWord(BookWord):
    """The name of a sequence."""

    name = "NAME"

    def candidates(self, app: App, incomplete: str) -> Iterable[tuple[str, str]]:
        return ((name, sequence.doc) for name, sequence in app.book.sequences.items())


@click.group("sequence", epilog=EPILOG)
def command() -> None:
    """Sequences: files in sequences/, each with steps of mail and task. Nothing is sent from here:
    what is due becomes a draft in the outbox, or a task.
    """


@command.command("list", epilog=LIST, short_help="All sequences, and how many people are in them.")
@reading
@pass_app
def list_(app: App, options: ReadingOptions) -> None:
    """All sequences: their steps, how many people are in them, what is due."""
    from plaincrm.crm.sequence_standings import everybody
    from plaincrm.views.sequences import rows

    book = book_for(app, options)
    shown = rows(book.sequences, everybody(book.context))
    show_rows(app, arranged(shown, options), options, book)


@command.command(epilog=SHOW)
@click.argument("name", type=SequenceWord())
@reading
@pass_app
def show(app: App, name: str, options: ReadingOptions) -> None:
    """The steps of a sequence, and where everybody stands in it."""
    from plaincrm.crm.sequence_standings import everybody
    from plaincrm.views.sequences import described, due_rows

    book = book_for(app, options)
    sequence = book.sequences.named(name)
    if options.form == TABLE:
        app.tell(described(sequence))
    found = list(everybody(book.context, (sequence.name,)))
    show_rows(app, arranged(due_rows(found), options), options, book)


@command.command(epilog=RESULTS, short_help="What came of each step, with n and interval.")
@click.argument("name", type=SequenceWord())
@reading
@pass_app
def results(app: App, name: str, options: ReadingOptions) -> None:
    """What came of each step: to how many people it went, and how many answered, with n and the
    interval that holds the true share in 95 of 100 cases.
    """
    from plaincrm.crm.sequence_results import sequence_results
    from plaincrm.views.sequences import result_rows

    book = book_for(app, options)
    sequence = book.sequences.named(name)
    found = sequence_results(sequence, book.context)
    show_rows(app, arranged(result_rows(sequence.name, found), options), options, book)


@command.command(epilog=CHECK)
@click.argument("names", metavar="[NAME]...", type=SequenceWord(), nargs=-1)
@reading
@pass_app
def check(app: App, names: tuple[str, ...], options: ReadingOptions) -> int:
    """What is wrong with sequences: keys, templates that are not there, queries."""
    from plaincrm.core.text.counted import counted
    from plaincrm.crm.checking.sequences import of_sequence
    from plaincrm.views.problems import rows

    book = book_for(app, options)
    checked = names or tuple(book.sequences)
    found = [each for name in checked for each in of_sequence(book, name)]
    show_rows(app, arranged(rows(found, "text", {}), options), options)
    number = counted(len(found), "problem") if found else "no problems"
    app.say(f"{number} in {counted(len(checked), 'sequence')}")
    return 1 if any(problem.level == "error" for problem in found) else 0


@command.command(epilog=ENROL, short_help="Begin a sequence for people.")
@click.argument("name", type=SequenceWord())
@click.argument("refs", metavar="[REF]...", type=RefWord(*KINDS), nargs=-1)
@click.option("--where", metavar="QUERY", type=QueryWord(), help="Everybody that this selects.")
@click.option(
    "--kind",
    type=KindWord(),
    default="contacts",
    help="What --where looks at: contacts, deals, tickets.",
)
@writing
@pass_app
def enrol(
    app: App, name: str, refs: tuple[str, ...], where: str | None, kind: str, mode: WritingOptions
) -> None:
    """Begin a sequence for people. A deal or a ticket stands for its contact, and the mails may
    speak of it.

    Whoever is in it already, or wants no mail, is skipped.
    """
    from plaincrm.crm.actions import sequence as action
    from plaincrm.views.sequences import told

    people = _people(app, refs, where, kind)
    staged, changes = action.enrol(app.book, name, people)
    app.tell(told(changes))
    count = len(staged.records)
    if write(app, staged, mode, records=count):
        app.say(f"what is due: plaincrm sequence due {name}")


@command.command(epilog=LEAVE, short_help="End a sequence for people.")
@click.argument("name", type=SequenceWord())
@click.argument("refs", metavar="[REF]...", type=RefWord(*KINDS), nargs=-1)
@click.option("--where", metavar="QUERY", type=QueryWord(), help="Everybody that this selects.")
@click.option("--reason", metavar="TEXT", default="", help="Why, for the log.")
@writing
@pass_app
def leave(
    app: App, name: str, refs: tuple[str, ...], where: str | None, reason: str, mode: WritingOptions
) -> None:
    """End a sequence for people. Drafts of it that wait in the outbox will not be sent."""
    from plaincrm.crm.actions import sequence as action
    from plaincrm.views.sequences import told

    staged, changes = action.leave(app.book, name, _people(app, refs, where, "contacts"), reason)
    app.tell(told(changes))
    write(app, staged, mode, records=len(staged.records))


@command.command(epilog=DUE, short_help="What is due; --outbox writes it.")
@click.argument("names", metavar="[NAME]...", type=SequenceWord(), nargs=-1)
@click.option("--outbox", is_flag=True, help="Write what is due: drafts, and tasks.")
@click.option("--late", is_flag=True, help="With --outbox: what is late, too.")
@click.option("--skip-late", is_flag=True, help="With --outbox: pass over what is late.")
@click.option("--all", "every", is_flag=True, help="Also those who left or are done.")
@click.option("-n", "--dry-run", is_flag=True, help="With --outbox: only say what would be done.")
@click.option("-y", "--yes", is_flag=True, help="Don't ask.")
@reading
@pass_app
def due(
    app: App,
    names: tuple[str, ...],
    outbox: bool,
    late: bool,
    skip_late: bool,
    every: bool,
    dry_run: bool,
    yes: bool,
    options: ReadingOptions,
) -> None:
    """Who gets which step next: what is due, late, or waits for a task; who left, and why.

    With --outbox what is due is written: mails as drafts into the outbox, tasks into the contact's
    file. What was due long ago is late, and is asked for.
    """
    from plaincrm.crm.sequence_standings import everybody
    from plaincrm.views.sequences import due_rows, summary

    if (late or skip_late or dry_run) and not outbox:
        raise UsageError("--late, --skip-late and --dry-run go with --outbox")
    if late and skip_late:
        raise UsageError("--late or --skip-late, not both")
    book = book_for(app, options)
    for name in names:
        book.sequences.named(name)
    found = list(everybody(book.context, names))
    if outbox:
        found = _written(app, found, late, skip_late, WritingOptions(dry_run, yes))
    shown = [each for each in found if every or _worth_showing(each)]
    show_rows(app, arranged(due_rows(shown), options), options, book)
    if options.form == TABLE:
        app.say(summary(found) or "nobody is in a sequence; plaincrm sequence enrol NAME REF")


def _worth_showing(each: ContactStanding) -> bool:
    """Who left is told until the log says so; who is done, not at all."""
    found = each.standing
    if found.state == "left":
        return not found.enrolment.left
    return found.state != "done"


def _written(
    app: App, found: Sequence[ContactStanding], late: bool, skip_late: bool, mode: WritingOptions
) -> list[ContactStanding]:
    """Write what is due, and give where everybody stands then."""
    from plaincrm.core.text.counted import counted
    from plaincrm.crm.mailing import write as drafts
    from plaincrm.crm.mailing.steps import StepWriter

    overdue = sum(each.standing.state == "late" for each in found)
    if overdue and not (late or skip_late) and app.interactive and not mode.yes:
        steps = counted(overdue, "step")
        late = confirm(f"{steps} should have gone out long ago. Write them now?")
    run = StepWriter(app.book, late=late, skip_late=skip_late).run(found)
    ready = [letter for letter in run.letters if letter.status == "ready"]
    if mode.dry_run:
        if run.change.files:
            app.say(run.change.diff().rstrip("\n"))
        app.say(f"{counted(len(ready), 'draft')} would be written; nothing is")
        return run.standings
    _ask(app, run, ready, mode)
    if ready:
        drafts.to_outbox(app.book, ready)
    if run.change.files:
        write(app, run.change, WritingOptions(yes=True))
    if ready:
        app.say(f"{counted(len(ready), 'draft')} in outbox/; once sent: plaincrm outbox sent --all")
    return run.standings


def _ask(app: App, run: StepRun, ready: Sequence[Letter], mode: WritingOptions) -> None:
    """More than one record is asked about."""
    count = len(ready) + len(run.change.records)
    if count < 2 or mode.yes:
        return
    said = f"{len(ready)} drafts, {len(run.change.records)} changed contacts"
    if not app.interactive:
        raise PlaincrmError(f"{said}, and there is nobody to ask", "-y says yes, -n shows them")
    if not confirm(f"Write {said}?"):
        raise PlaincrmError("nothing written")


def _people(app: App, refs: tuple[str, ...], where: str | None, kind: str) -> list[Recipient]:
    from plaincrm.crm.mailing.render import recipients

    if bool(refs) == bool(where):
        raise UsageError("name people, or say --where QUERY", "a segment is a REF too: @warm-leads")
    if refs:
        return recipients(app.book, find_all(app, refs, KINDS, writes=True))
    found = app.book.select(kind, [where or ""])
    app.tell(found.query.echo)
    return recipients(app.book, found.records)
