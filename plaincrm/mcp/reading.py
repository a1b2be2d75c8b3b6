"""The tools that read: the same rows and documents as the commands, as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from plaincrm.mcp import privacy
from plaincrm.mcp.tool import Parameter, Tool

if TYPE_CHECKING:
    from plaincrm.core.records.record import Record
    from plaincrm.core.values.periods import Period
    from plaincrm.crm.book import Book
    from plaincrm.views.doc import Doc
    from plaincrm.views.rows import Rows

Given = Mapping[str, Any]
FEW = 20  # rows of an answer, unless more are asked for
MOST = 200  # a longer answer is no use to a model, and fills its window
BRIEF = 5  # log entries of a brief


def as_json(shown: Rows | Doc) -> Any:
    """What `--json` of the command says."""
    from plaincrm.views.formats import write
    from plaincrm.views.layout import Layout

    return json.loads(write(shown, "json", Layout()))


def found_record(book: Book, ref: str) -> Record:
    """The record that a reference means. Raises NotFound, Ambiguous, Refused for a private kind."""
    kinds = [name for name in book.schema.kinds if name not in book.settings.private.kinds]
    return book.find(ref, *kinds)


def words_of(book: Book, given: Given, name: str = "query") -> list[str]:
    """The words of a query. Raises Refused where it asks for what is private."""
    from plaincrm.core.query import split_words

    words = list(split_words(str(given.get(name) or "")))
    privacy.refuse_words(words, book.schema, book.settings.private)
    return words


def _limit(given: Given) -> int:
    return max(1, min(int(given.get("limit") or FEW), MOST))


def find(book: Book, given: Given) -> Any:
    from plaincrm.crm.find import search
    from plaincrm.views import find as view

    private = book.settings.private
    kinds = [name for name in book.schema.kinds if name not in private.kinds]
    if given.get("kind"):
        kind = book.record_kind(given["kind"])
        privacy.refuse_kind(kind, private)
        kinds = [kind.name]
    words = str(given["words"]).split()
    most = _limit(given)
    if not private.fields:  # only what is shown is looked at, as the command does
        found = search(book.context, words, kinds, most=most)
        return as_json(view.rows(found.hits, found.total, words))
    hits = [
        hit for hit in search(book.context, words, kinds).hits if hit.where not in private.fields
    ]
    return as_json(view.rows(hits[:most], len(hits), words))


def show(book: Book, given: Given) -> Any:
    return _whole(book, found_record(book, given["ref"]))


def _whole(book: Book, record: Record) -> Any:
    from plaincrm.views.record_json import whole

    return whole(record, book.context, book.context.facts.of(record.kind.name))


def brief(book: Book, given: Given) -> Any:
    from plaincrm.crm.card import card

    record = found_record(book, given["ref"])
    found = card(record, book.context)
    about = [each.target for each in found.links if each.target is not None]
    other = [*about, *found.people, *found.deals, *found.tickets]
    every = _whole(book, record)
    every["log"] = sorted(every.get("log") or [], key=lambda each: str(each.get("date")))[-BRIEF:]
    every["tasks"] = [each for each in every.get("tasks") or [] if not each.get("done")]
    return {**every, "around": [_line(each) for each in other]}


def _line(record: Record) -> Any:
    names = ("status", "stage", "value", "job", "next", "close_date")
    told = {name: record.text(name) for name in names if record.text(name)}
    return {"ref": record.ref, "kind": record.kind.name, "title": record.title, **told}


def list_(book: Book, given: Given) -> Any:
    from plaincrm.views.listing import listing

    kind = book.kind(given["kind"])
    privacy.refuse_kind(kind, book.settings.private)
    found = book.select(kind, [*words_of(book, given), f"limit:{_limit(given)}"])
    return as_json(listing(kind, found.query, found.records, found.total, book.context))


def today(book: Book, given: Given) -> Any:
    from plaincrm.crm.reminders.today import fitting
    from plaincrm.crm.reminders.today import today as reminders
    from plaincrm.views import agenda

    words = words_of(book, given)
    fits = fitting(words, book.context) if words else None
    found = reminders(book.context, fits=fits)
    return as_json(agenda.rows(found.reminders[: _limit(given)], book.context.today))


def pipeline(book: Book, given: Given) -> Any:
    from plaincrm.sales import pipeline as sales
    from plaincrm.views import pipeline as view
    from plaincrm.views.listing import listing

    privacy.refuse_kind(book.kind("deal"), book.settings.private)
    found = book.select("deal", words_of(book, given))
    views = sales.pipelines(found.records, book.context)
    rows = listing(found.kind, found.query, found.records, found.total, book.context)
    return as_json(view.pipeline(views, rows, "stage", book.context.today.isoformat()))


def forecast(book: Book, given: Given, *, why: bool = False) -> Any:
    from plaincrm.core import query
    from plaincrm.crm.reports.outlook import outlook, records_of
    from plaincrm.views.forecast import forecast_doc
    from plaincrm.views.listing import listing

    kind = book.kind("deal")
    privacy.refuse_kind(kind, book.settings.private)
    found = outlook(book, words_of(book, given), given.get("by") or "month")
    every = query.compile([], kind, book.context)
    deals = records_of(found, book)
    rows = listing(kind, every, deals, len(deals), book.context)
    return as_json(forecast_doc(found, rows, book.context.today.isoformat(), why=why))


def report(book: Book, given: Given, *, why: bool = False) -> Any:
    from plaincrm.crm.reports import registry
    from plaincrm.crm.reports.report import ReportRequest
    from plaincrm.views import report as view

    name = given.get("name") or ""
    if not name:
        return as_json(view.report_list(registry.every(book)))
    kind = registry.find(book, name)
    if kind.kind:
        privacy.refuse_kind(book.kind(kind.kind), book.settings.private)
    by = str(given.get("by") or "")
    privacy.refuse_words([by], book.schema, book.settings.private)
    request = ReportRequest(_period(book, given), tuple(words_of(book, given)), by, why)
    return as_json(view.report_doc(registry.make(book, kind, request, queries=why), None, why=why))


def _period(book: Book, given: Given) -> Period:
    from plaincrm.core.values import dates
    from plaincrm.core.values.periods import period_of
    from plaincrm.errors import Refused

    today = book.context.today
    if not given.get("period"):
        return period_of("year", today, "this year")
    try:
        return dates.parse_period(given["period"], today, dates.Leaning.PAST)
    except dates.DateError as error:
        raise Refused(str(error), error.hint) from None


def explain(book: Book, given: Given) -> Any:
    """A figure with its terms: of a record, or of the forecast or a report."""
    figure = given["figure"]
    if given.get("ref"):
        record = found_record(book, given["ref"])
        privacy.refuse_words([figure], book.schema, book.settings.private)
        return _explained(book, record, figure)
    if figure == "forecast":
        return forecast(book, given, why=True)
    return report(book, {**given, "name": figure}, why=True)


def _explained(book: Book, record: Record, figure: str) -> Any:
    from plaincrm.crm.reports.scores import scores
    from plaincrm.errors import NotFound, did_you_mean
    from plaincrm.views.json_text import plain
    from plaincrm.views.score import score_rows

    if figure == "score":
        found = scores(book, record.kind, [f"id:{record.id}"])
        return as_json(score_rows(found, with_learned=False, why=True))
    facts = book.context.facts.of(record.kind.name)
    if figure not in facts:
        hint = did_you_mean(figure, facts) or f"figures: {', '.join(facts)}"
        raise NotFound(f"{record.kind.plural} have no figure {figure}", hint)
    fact = facts[figure]
    return {
        "record": record.ref,
        "figure": figure,
        "value": plain(book.context.value(fact, record)),
        "meaning": fact.doc,
        "restsOn": fact.needs.value,
    }


def kb_search(book: Book, given: Given) -> Any:
    from plaincrm.support.articles import knowledge
    from plaincrm.views.knowledge import found_articles

    privacy.refuse_kind(book.kind("article"), book.settings.private)
    articles = book.store.records("article")
    hits = knowledge(articles).search(given["words"], any_word=True, limit=_limit(given))
    return as_json(found_articles(hits, book.context))


_QUERY = Parameter("query", "Words of the query language, such as: is:open value:5000.. tag:vip")
_LIMIT = Parameter("limit", f"At most so many, {FEW} unless said, {MOST} at most", "integer")
_REF = Parameter("ref", "A record: kind/id, id, e-mail, phone or name", required=True)
_BY = Parameter("by", "The length of a period", choices=("month", "quarter", "year"))
_WORDS = Parameter("words", "Words to look for", required=True)
_KIND = Parameter(
    "kind", "contacts, companies, deals, tickets, articles, tasks, log", required=True
)

TOOLS: tuple[Tool, ...] = (
    Tool(
        "find",
        "Full text search",
        "Records that have all words anywhere, best first, with the line.",
        (_WORDS, Parameter("kind", "Only of this kind"), _LIMIT),
        find,
    ),
    Tool(
        "show",
        "One record",
        "Everything about one record: fields, computed figures, links, tasks, log, text.",
        (_REF,),
        show,
    ),
    Tool(
        "list",
        "Records by query",
        "Records, tasks or log lines that a query selects.",
        (_KIND, _QUERY, _LIMIT),
        list_,
    ),
    Tool(
        "today",
        "What is due",
        "What is overdue, due today and soon, the most urgent first.",
        (_QUERY, _LIMIT),
        today,
    ),
    Tool(
        "pipeline",
        "Deals by stage",
        "Count, value, weighted value and rotting deals of each stage.",
        (_QUERY,),
        pipeline,
    ),
    Tool(
        "forecast",
        "Forecast",
        "What is won and may still come, by period, against goals.",
        (_QUERY, _BY),
        forecast,
    ),
    Tool(
        "report",
        "A report",
        "Figures over a period. Without a name: which reports there are.",
        (
            Parameter("name", "The report"),
            _QUERY,
            Parameter("period", "2026-10, 2026-Q4, last-month; this year unless said"),
            Parameter("by", "A field to group by"),
        ),
        report,
    ),
    Tool(
        "brief",
        "Brief before a call",
        "A record in short: fields, open tasks, the last entries, who and what is around it.",
        (_REF,),
        brief,
    ),
    Tool(
        "explain",
        "Explain a figure",
        "A figure with the terms that it is made of: forecast, a report's name, or with ref a"
        " computed figure of that record, such as score, health, idle, weighted.",
        (
            Parameter("figure", "The figure", required=True),
            Parameter("ref", "The record that it is of"),
            _QUERY,
        ),
        explain,
    ),
    Tool(
        "kb_search",
        "Search the knowledge base",
        "Articles that answer a question, best first, with a passage.",
        (_WORDS, _LIMIT),
        kb_search,
    ),
)
