"""`plaincrm email`: templates rendered for people."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._mail import TemplateWord
from plaincrm.commands._types import KindWord, QueryWord, RefWord, find_all
from plaincrm.errors import Refused, UsageError

if TYPE_CHECKING:
    from plaincrm.core.records.record import Record
    from plaincrm.crm.mailing.render import Letter
    from plaincrm.crm.mailing.template_files import Templates

EPILOG = """\b
Examples:
  plaincrm email follow-up fjord-website-2027
  plaincrm email check-in ola-nordmann --edit --outbox
  plaincrm email proposal --kind deals --where "stage:proposal" --mbox drafts.mbox
"""
F = TypeVar("F", bound=Callable[..., Any])
KINDS = ("contact", "deal", "ticket")
EDITED = 20  # texts that --edit opens one after the other; nobody edits more by hand


def _place(name: str, help: str) -> Callable[[F], F]:
    return click.option(name, type=click.Path(path_type=Path), help=help)


@click.command("email", epilog=EPILOG)
@click.argument("template", type=TemplateWord())
@click.argument("refs", metavar="[REF]...", type=RefWord(*KINDS), nargs=-1)
@click.option("--where", metavar="QUERY", type=QueryWord(), help="Everybody that this selects.")
@click.option(
    "--kind",
    type=KindWord(),
    default="contacts",
    help="What --where looks at: contacts, deals, tickets.",
)
@click.option("--outbox", is_flag=True, help="Write drafts into outbox/, one .eml each.")
@_place("--mbox", "Write all into one new mbox file.")
@_place("--maildir", "Write drafts into a Maildir.")
@_place("--csv", "Write a table for a mail merge.")
@click.option("--again", is_flag=True, help="Also to those who already got it.")
@click.option("--edit", is_flag=True, help="Open each text in your editor before it is written.")
@click.option("--draft-with", is_flag=True, help="Let your own language model word each text.")
@click.option("--trust", is_flag=True, help="Say yes, once, to that model's command.")
@click.option("--html", is_flag=True, help="Show the first messages in the browser.")
@click.option("--by-mail", is_flag=True, help="Also to those who prefer another way.")
@click.option("-n", "--dry-run", is_flag=True, help="Show it, write nothing.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@pass_app
def command(
    app: App,
    template: str,
    refs: tuple[str, ...],
    where: str | None,
    kind: str,
    outbox: bool,
    mbox: Path | None,
    maildir: Path | None,
    csv: Path | None,
    again: bool,
    edit: bool,
    draft_with: bool,
    trust: bool,
    html: bool,
    by_mail: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Render TEMPLATE once for each contact, to look at; --outbox, --mbox, --maildir or --csv write
    it.

    A deal or a ticket stands for its contact, and the template may speak of it. Without a REF and
    --where: those whom the template's own `to:` selects. Nothing is ever sent from here, and a
    draft is logged only when you say that it was: plaincrm outbox sent.
    """
    from plaincrm.crm.actions.email import render
    from plaincrm.crm.mailing.template_files import Templates

    if sum(map(bool, (outbox, mbox, maildir, csv))) > 1:
        raise UsageError("one place at a time: --outbox, --mbox, --maildir or --csv")
    templates = Templates(app.book)
    if template not in templates and refs and refs[-1] in templates:  # as in `log REF TYPE`
        template, refs = refs[-1], (template, *refs[:-1])
    templates.find(template)  # a wrong name is told before wrong people are
    # A preview takes a name that is not whole, where somebody reads whom it took.
    surely = bool(outbox or mbox or maildir or csv) or not app.interactive
    people = _records(app, templates, template, refs, where, kind, surely)
    letters = render(app.book, template, people, again=again, by_mail=by_mail, templates=templates)
    if draft_with:
        _draft_with(app, letters, trust)
    if edit:
        _edit(app, letters)
    if html:
        _open_page(letters)
    try:
        _write(app, letters, outbox, mbox, maildir, csv, dry_run)
    except Refused:
        if as_json:
            _tell(app, letters, as_json)
        raise
    _tell(app, letters, as_json)


def _records(
    app: App,
    templates: Templates,
    template: str,
    refs: tuple[str, ...],
    where: str | None,
    kind: str,
    surely: bool,
) -> list[Record]:
    from plaincrm.crm.actions.email import audience

    if refs and where:
        raise UsageError("name people or say --where, not both")
    if refs:
        return find_all(app, refs, KINDS, surely=surely)
    selection = audience(app.book, template, where or "", kind, templates=templates)
    app.tell(selection.query.echo)
    return selection.records


def _draft_with(app: App, letters: list[Letter], trust: bool) -> None:
    """Each ready letter in the words of the user's own model: a draft like any other, shown, and
    written only where --outbox or the like says so.
    """
    from plaincrm.crm import model_brief
    from plaincrm.crm.mailing.own_words import read_words, words_of
    from plaincrm.transport import model_command

    command = model_brief.command(app.book, trust=trust)
    ready = [letter for letter in letters if letter.status == "ready"]
    if len(ready) > EDITED:
        raise UsageError(f"--draft-with would ask {len(ready)} times", "name fewer people")
    for letter in ready:
        contact = letter.recipient.contact
        if contact is not None:
            brief = model_brief.draft_brief(app.book, contact, words_of(letter).decode())
            read_words(letter, model_command.answer(command, brief).encode())
            app.say(f"{letter.ref}: worded by {command.split()[0]}; read it before you use it")


def _edit(app: App, letters: list[Letter]) -> None:
    """Each ready letter through the editor. What is left empty is not written."""
    from plaincrm.commands._editor import EditorDraft
    from plaincrm.crm.mailing.own_words import read_words, words_of

    ready = [letter for letter in letters if letter.status == "ready"]
    if len(ready) > EDITED:
        hint = "change the template instead: plaincrm template edit"
        raise UsageError(f"--edit would open {len(ready)} texts", hint)
    for letter in ready:
        with EditorDraft.of(f"{letter.ref.replace('/', '-')}.md", words_of(letter)) as draft:
            draft.edit(app)
            read_words(letter, draft.read())


def _open_page(letters: list[Letter]) -> None:
    """The first messages as a page in the browser; the file stays, since the browser reads it."""
    from plaincrm.book.desktop import open_file
    from plaincrm.commands._editor import EditorDraft
    from plaincrm.views.html.mail_preview import page

    open_file(EditorDraft.of("preview.html", page(letters).encode()).path)


def _write(
    app: App,
    letters: list[Letter],
    outbox: bool,
    mbox: Path | None,
    maildir: Path | None,
    csv: Path | None,
    dry_run: bool,
) -> None:
    from plaincrm.crm.mailing import write
    from plaincrm.crm.mailing.render import refuse_missing

    refuse_missing(letters)
    if dry_run:
        return
    if outbox:
        write.to_outbox(app.book, letters)
    elif mbox:
        write.to_file(app.book, letters, mbox)
    elif maildir:
        write.to_maildir(app.book, letters, maildir)
    elif csv:
        write.to_csv(app.book, letters, csv)


def _tell(app: App, letters: list[Letter], as_json: bool) -> None:
    from plaincrm.views import messages as view
    from plaincrm.views.json_text import dumps

    if as_json:
        click.echo(dumps(view.as_json(letters)), nl=False)
        return
    click.echo(app.shown(view.preview(letters, app.width)), nl=False)
    app.tell(view.summary(letters))
    if any(letter.path.startswith("outbox/") for letter in letters):
        app.say("they wait in outbox/; once sent: plaincrm outbox sent --all")
