from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest

from plaincrm.core.records.edits import Edit, logged
from plaincrm.core.records.facts import Context, Needs
from plaincrm.core.records.record import Record
from plaincrm.core.records.reminder import Reminder, ReminderRule
from plaincrm.core.schema.kinds import Kind
from plaincrm.crm.reminders import act, index, rules
from plaincrm.crm.reminders.agenda import agenda, events
from plaincrm.crm.reminders.today import today
from tests.conftest import Crm
from tests.contexts import context

FILES = {
    "deals/shop.md": "name: Shop\nnext: 2027-01-10 Ask\nlapses: 2026-11-23",
    "deals/site.md": "name: Site\nnext: 2027-01-10 Ask",
}


def _lapses(rule: ReminderRule, deal: Record, context: Context) -> Iterator[Reminder]:
    day = deal.text("lapses")
    if day:
        yield rule.remind(deal, context, date.fromisoformat(day), "the quote lapses")


def _asked(_: Reminder, context: Context) -> list[Edit]:
    return [logged(context.now, "note", "Asked about the quote")]


def _all(kind: Kind, context: Context, _: date | None = None) -> list[Record]:
    return list(context.store.records(kind.name))


KEPT = ReminderRule(
    "quote_lapses", _lapses, ("deal",), lead=rules.WEEK, follow_up=True, done=_asked
)
ASKED = ReminderRule(
    "quote_lapses", _lapses, ("deal",), Needs.STORE, _all, rules.WEEK, follow_up=True, done=_asked
)


@pytest.mark.parametrize("rule", [KEPT, ASKED], ids=["kept by the cache", "asked each time"])
def test_one_row_is_a_new_reason_everywhere(
    rule: ReminderRule, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "RULES", (*rules.RULES, rule))
    rules.by_reason.cache_clear()
    rules.ranks.cache_clear()
    rules.kept_of.cache_clear()
    try:
        here = context(FILES)
        (found,) = today(here).reminders
        assert (found.reason, found.level, found.days) == ("quote_lapses", "soon", 2)
        assert found.command == f"plaincrm done {found.handle}"
        assert [str(day.day) for day in agenda(here)] == ["2026-11-23"]
        assert "Shop: the quote lapses" in [event.summary for event in events(here)]
        (resolved,) = act.resolve([found.handle], here)
        assert act.done(resolved, here) == _asked(found, here)
        assert act.snooze(resolved, date(2026, 12, 1), here)
    finally:
        rules.by_reason.cache_clear()
        rules.ranks.cache_clear()
        rules.kept_of.cache_clear()


def test_each_reason_stands_once() -> None:
    assert len(rules.by_reason()) == len(rules.RULES)


@pytest.mark.parametrize("word", ["done", "snooze"])
def test_many_handles_look_at_the_book_as_often_as_one(
    word: str, crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: Counter[str] = Counter()
    column, of = Context.column, ReminderRule.of

    def counted_column(self: Context, kind: str, name: str) -> list[object]:
        looks[name] += name == index.NAME
        return column(self, kind, name)

    def counted_of(self: ReminderRule, record: Record, context: Context) -> object:
        looks["records"] += self.reason == "task"
        return of(self, record, context)

    handles = [
        item["handle"]
        for item in crm("today", "--json").json["results"]
        if item["command"].startswith("plaincrm done")
    ]
    assert len(handles) > 4
    monkeypatch.setattr(Context, "column", counted_column)
    monkeypatch.setattr(ReminderRule, "of", counted_of)
    after = ["2026-12-24"] if word == "snooze" else []
    counts = []
    for chosen in (handles[:1], handles[:5]):
        looks.clear()
        assert crm(word, *chosen, *after, "-n").code == 0
        counts.append((looks[index.NAME], looks["records"]))
    (looks_for_one, _), (looks_for_five, records_for_five) = counts
    assert looks_for_five == looks_for_one
    assert records_for_five <= 4 * 5, "the records of the handles are asked, and no other"
