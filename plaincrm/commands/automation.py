"""`plaincrm automation`: the book's own rules."""

from __future__ import annotations

from collections.abc import Iterable

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._reading import (
    TABLE,
    ReadingOptions,
    arranged,
    book_for,
    reading,
    reading_without,
)
from plaincrm.commands._reading import show as show_rows
from plaincrm.commands._types import BookWord, RefWord, find_all_in
from plaincrm.commands._writing import WritingOptions, write, writing

EPILOG = """\b
Examples:
  plaincrm automation list
  plaincrm automation test fjord-website-2027
  plaincrm automation run --dry-run
"""
LIST = """\b
Examples:
  plaincrm automation list
  plaincrm automation list --json
  plaincrm history --rule workshop-held
"""
TEST = """\b
Examples:
  plaincrm automation test fjord-website-2027
  plaincrm automation test ola-nordmann --rule lead-routing
  plaincrm automation test fjord-website-2027 --json
"""
RUN = """\b
Examples:
  plaincrm automation run
  plaincrm automation run --dry-run
  plaincrm automation run quote-lapses -y
"""


class RuleWord(BookWord):
    """The name of a rule."""

    name = "NAME"

    def candidates(self, app: App, incomplete: str) -> Iterable[tuple[str, str]]:
        from plaincrm.crm.actions.automation import rules

        return ((rule.name, rule.doc) for rule in rules(app.book).rules)


@click.group("automation", epilog=EPILOG)
def command() -> None:
    """Rules that do routine work: on a change, when a query holds, set, tag, add a task, draft.

    They stand in the settings under automations:, or in automations/NAME.yaml. They run with every
    change: of commands, of an editor once it is committed, of imports. They never send or delete.
    """


@command.command("list", epilog=LIST)
@reading_without("as_of")
@pass_app
def list_(app: App, options: ReadingOptions) -> None:
    """All rules: when each starts, what it does, how often it did."""
    from plaincrm.crm.actions.automation import states
    from plaincrm.views.automations import rule_rows

    found = states(app.book)
    show_rows(app, arranged(rule_rows(found), options), options, app.book)
    if options.form == TABLE and not found:
        app.say("no rules yet; automations: [thank-you] in plaincrm.yaml switches one on")


@command.command("test", epilog=TEST)
@click.argument("ref", type=RefWord())
@click.option("--rule", type=RuleWord(), metavar="NAME", help="Only this rule.")
@reading
@pass_app
def test(app: App, ref: str, rule: str | None, options: ReadingOptions) -> None:
    """What the rules would do to a record, if it had just become as it is. Nothing is written."""
    from plaincrm.crm.actions.automation import named, trial
    from plaincrm.views.automations import trial_rows

    book = book_for(app, options)
    names = [named(book, rule).name] if rule else []
    found = [
        each for record in find_all_in(app, book, [ref]) for each in trial(book, record, names)
    ]
    show_rows(app, arranged(trial_rows(found), options), options, book)
    if options.form == TABLE and not found:
        app.say("no rule holds of it")


@command.command("run", epilog=RUN)
@click.argument("name", type=RuleWord(), required=False)
@writing
@pass_app
def run(app: App, name: str | None, mode: WritingOptions) -> None:
    """Run the rules that are asked by the day (those without on:), once for each record and cause.

    From cron with -y; a second run, and a second machine after a sync, find nothing to do.
    """
    from plaincrm.crm.actions import automation

    names = [automation.named(app.book, name).name] if name else []
    staged = automation.run(app.book, names)
    app.tell(staged.echo)
    write(app, staged, mode, records=staged.count)
