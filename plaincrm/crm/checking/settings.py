"""What is wrong with the settings beyond their form: the sections of the pillars, and the queries
that stand in them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from plaincrm.book.config import SETTINGS
from plaincrm.core import query
from plaincrm.core.schema.hours import HOURS
from plaincrm.core.schema.settings_reader import Keys
from plaincrm.core.values.public_holidays import is_known
from plaincrm.crm.book_data import BookData
from plaincrm.crm.settings_sections import all_sections
from plaincrm.errors import Problem, QueryError, did_you_mean
from plaincrm.sales import learned, scoring
from plaincrm.support.sla_settings import SLA


def problems(book: BookData) -> Iterator[Problem]:
    """All problems of `plaincrm.yaml`."""
    yield from book.settings.problems_of(all_sections())
    yield from _holidays(book)
    yield from _learned(book)
    yield from _rules(book)
    for keys, words, kind in _queries(book):
        wrong = broken_query(book, [words], kind)
        if wrong is not None:
            line, column = _place(book, keys)
            message = f"{keys[0]}: {wrong.message}"
            yield Problem(SETTINGS, line, column, "settings-query", message, wrong.hint)


def _learned(book: BookData) -> Iterator[Problem]:
    """Fields that the learned score is to look at, and that no record has."""
    for n, name in enumerate(book.settings.section(learned.SECTION).fields):
        if not learned.known_field(name, book.context):
            line, column = _place(book, ("learned", "fields", n))
            message = f'learned: "{name}" is no field of deals, contacts or companies'
            hint = did_you_mean(name, book.schema.kinds["deal"].fields)
            yield Problem(SETTINGS, line, column, "settings-value", message, hint)


def _rules(book: BookData) -> Iterator[Problem]:
    """Rules that can't be asked, and those that may run in a circle."""
    from plaincrm.crm.automations import loops
    from plaincrm.crm.automations.rule_files import has_rules, rules_of

    if not has_rules(book.settings, book.source):
        return
    found = rules_of(book.settings, book.source)
    yield from found.problems
    for rule, said in loops.broken(found, book.context):
        line, column = _place(book, rule.keys) if rule.path == SETTINGS else (1, 1)
        yield Problem(rule.path, line, column, "settings-query", f'the rule "{rule.name}": {said}')
    for rule, said in loops.loops(found, book.context):
        line, column = _place(book, rule.keys) if rule.path == SETTINGS else (1, 1)
        message = f'the rule "{rule.name}" {said}'
        hint = "a change that it makes starts nothing; the next change of the record goes on"
        yield Problem(rule.path, line, column, "settings-loop", message, hint, "warning")


def _queries(book: BookData) -> Iterator[tuple[Keys, str, str]]:
    """Every query of the settings: where it stands, its words, the kind that it selects from."""
    for rule in book.settings.cadence:
        yield ("cadence", rule.query), rule.query, "contact"
    for score in book.settings.section(scoring.SECTION).rules:
        yield ("score", score.place, "when"), score.when, score.kind
    for target in book.settings.section(SLA).by_query:
        yield ("sla", target.name), target.name, "ticket"


def _holidays(book: BookData) -> Iterator[Problem]:
    """Countries and regions whose holidays the library does not know."""
    for name, time in book.settings.section(HOURS).items():
        place = time.schedule.holidays
        if place and not is_known(place):
            line, column = _place(book, ("hours", name, "holidays"))
            wrong = f'hours: no holidays are known of "{place}"'
            hint = "write a country or region such as DE or DE-BE, or none"
            yield Problem(SETTINGS, line, column, "settings-value", wrong, hint)


def broken_query(book: BookData, words: Sequence[str], kind: str) -> QueryError | None:
    """What is wrong with a query, None if it can be asked."""
    try:
        query.compile(words, book.schema.kinds[kind], book.context)
    except QueryError as error:
        return error
    return None


def _place(book: BookData, keys: Keys) -> tuple[int, int]:
    positions = book.settings.kept[1]
    near = (keys[:n] for n in range(len(keys), 0, -1))
    return next((positions[each] for each in near if each in positions), (1, 1))
