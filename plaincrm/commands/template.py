"""`plaincrm template`: e-mail templates, and the variables that they need."""

from __future__ import annotations

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._mail import TemplateWord

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
  plaincrm template show newsletter --raw > templates/newsletter.md
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
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@pass_app
def list_(app: App, as_json: bool) -> None:
    """All templates: kind, languages, whose they are, who may get them, what they need."""
    from plaincrm.crm.mailing.template_files import Templates
    from plaincrm.views import templates as view
    from plaincrm.views.rows import dumps

    found = Templates(app.book)
    text = dumps(view.as_json(found, list(found))) if as_json else view.table(found, app.width)
    click.echo(text, nl=False)


@command.command(epilog=SHOW, short_help="One template, and the variables that it uses.")
@click.argument("name", type=TemplateWord())
@click.option("--language", metavar="LANGUAGE", default="", help="The form in this language.")
@click.option("--raw", is_flag=True, help="The file alone, to begin one of your own.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, with all forms.")
@pass_app
def show(app: App, name: str, language: str, raw: bool, as_json: bool) -> None:
    """One template as it stands in its file, and the variables that it uses."""
    from plaincrm.crm.mailing.template_files import Templates
    from plaincrm.views import templates as view
    from plaincrm.views.rows import dumps

    templates = Templates(app.book)
    form = templates.exactly(name, language) if language else templates.form(name)
    if as_json:
        click.echo(dumps(view.as_json(templates, [form.name])), nl=False)
        return
    click.echo(app.shown(templates.text(form) if raw else view.show(templates, form)), nl=False)


@command.command(
    epilog=CHECK, short_help="What is wrong with them, and for whom a value is missing."
)
@click.argument("names", metavar="[NAME]...", type=TemplateWord(), nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@pass_app
def check(app: App, names: tuple[str, ...], as_json: bool) -> int:
    """Read all templates, and write each to everybody whom its `to:` selects, for a trial; says
    what is missing.
    """
    from plaincrm.crm.mailing.template_check import problems
    from plaincrm.crm.mailing.template_files import Templates
    from plaincrm.views.problems import render

    templates = Templates(app.book)
    found = [
        problem
        for name in names or tuple(templates)
        for problem in problems(app.book, templates, name)
    ]
    click.echo(app.shown(render(found, "json" if as_json else "text")), nl=False)
    app.say(f"{len(found) or 'no'} problems in {len(names or templates)} templates")
    return 1 if any(problem.level == "error" for problem in found) else 0
