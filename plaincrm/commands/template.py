"""`plaincrm template`: e-mail templates, and the variables that they need."""

from __future__ import annotations

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._mail import TemplateWord
from plaincrm.commands._reading import TABLE, ReadingOptions, answer, arranged, book_for, reading
from plaincrm.commands._reading import show as show_rows
from plaincrm.commands._writing import WritingOptions, write, writing

EPILOG = """\b
Examples:
  plaincrm template list
  plaincrm template show follow-up --language de
  plaincrm template check
"""
LIST = """\b
Examples:
  plaincrm template list
  plaincrm template list --json
  plaincrm -C ~/book template list
"""
SHOW = """\b
Examples:
  plaincrm template show follow-up
  plaincrm template show newsletter --language de
  plaincrm template show newsletter --raw
"""
COPY = """\b
Examples:
  plaincrm template copy newsletter
  plaincrm template copy newsletter spring-letter
  plaincrm template copy follow-up --language de
"""
EDIT = """\b
Examples:
  plaincrm template edit newsletter
  plaincrm template edit newsletter --language de
  plaincrm template edit thank-you-card
"""
CHECK = """\b
Examples:
  plaincrm template check
  plaincrm template check workshop-invitation
  plaincrm template check --json
"""


@click.group("template", epilog=EPILOG)
def command() -> None:
    """E-mail templates: those shipped, and your own in templates/, which stand before them."""


@command.command("list", epilog=LIST, short_help="All templates, and what they need.")
@reading
@pass_app
def list_(app: App, options: ReadingOptions) -> None:
    """All templates: kind, languages, whose they are, who may get them, what they need."""
    from plaincrm.crm.mailing.template_files import Templates
    from plaincrm.views.templates import rows

    templates = Templates(book_for(app, options))
    show_rows(app, arranged(rows(templates, list(templates)), options), options)


@command.command(epilog=SHOW, short_help="One template, and the variables that it uses.")
@click.argument("name", type=TemplateWord())
@click.option("--language", metavar="LANGUAGE", default="", help="The form in this language.")
@click.option("--raw", is_flag=True, help="The file alone.")
@reading
@pass_app
def show(app: App, name: str, language: str, raw: bool, options: ReadingOptions) -> None:
    """One template as it stands in its file, and the variables that it uses."""
    from plaincrm.crm.mailing.template_files import Templates
    from plaincrm.views import templates as view

    templates = Templates(book_for(app, options))
    form = templates.exactly(name, language) if language else templates.form(name)
    if options.form != TABLE:
        return show_rows(app, arranged(view.rows(templates, [form.name]), options), options)
    return answer(app, app.shown(templates.text(form) if raw else view.show(templates, form)))


@command.command("copy", epilog=COPY, short_help="A template of your own, from one at hand.")
@click.argument("name", type=TemplateWord())
@click.argument("new", metavar="[NEW-NAME]", default="")
@click.option("--language", metavar="LANGUAGE", default="", help="Only the form in this language.")
@writing
@pass_app
def copy(app: App, name: str, new: str, language: str, mode: WritingOptions) -> None:
    """Copy a template into templates/, to make it your own: all its languages, or one."""
    from plaincrm.crm.actions import template as action

    write(app, action.copy(app.book, name, new, language), mode)


@command.command("edit", epilog=EDIT, short_help="A template in your editor.")
@click.argument("name", type=TemplateWord())
@click.option("--language", metavar="LANGUAGE", default="", help="The form in this language.")
@writing
@pass_app
def edit(app: App, name: str, language: str, mode: WritingOptions) -> None:
    """A template in $VISUAL or $EDITOR; a shipped one becomes your own, a new one begins with a
    frame. What can't be read opens the editor again.
    """
    from plaincrm.commands._editor import EditorDraft, revised
    from plaincrm.crm.actions import template as action
    from plaincrm.crm.mailing.template_check import of_file
    from plaincrm.marketing.templates.file import parse

    path, text = action.to_edit(app.book, name, language)
    before = app.book.source.file(path)
    stem = path.rpartition("/")[2]

    def problems(after: str) -> list[str]:
        found = of_file(app.book, parse(stem.removesuffix(".md"), after, path), after)
        return [str(each) for each in found if each.level == "error"]

    with EditorDraft.of(stem, text.encode()) as draft:
        after = revised(app, draft, problems)
        if before is None and after == text:
            app.say("nothing to change")
            return
        write(app, action.edited(app.book, path, before, after), mode)
        draft.keep_if(mode.dry_run)


@command.command(
    epilog=CHECK, short_help="What is wrong with them, and for whom a value is missing."
)
@click.argument("names", metavar="[NAME]...", type=TemplateWord(), nargs=-1)
@reading
@pass_app
def check(app: App, names: tuple[str, ...], options: ReadingOptions) -> int:
    """Read all templates, and write each to everybody whom its `to:` selects, for a trial; says
    what is missing.
    """
    from plaincrm.core.text.counted import counted
    from plaincrm.crm.mailing.template_check import problems
    from plaincrm.crm.mailing.template_files import Templates
    from plaincrm.views.problems import rows

    book = book_for(app, options)
    templates = Templates(book)
    checked = names or tuple(templates)
    found = [each for name in checked for each in problems(book, templates, name)]
    show_rows(app, arranged(rows(found, "text", {}), options), options)
    number = counted(len(found), "problem") if found else "no problems"
    app.say(f"{number} in {counted(len(checked), 'template')}")
    return 1 if any(problem.level == "error" for problem in found) else 0
