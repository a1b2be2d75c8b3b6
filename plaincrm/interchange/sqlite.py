"""A book as an SQLite database: a table a kind, links, tasks, log, every value, views, full text.

    contacts companies deals tickets articles …   a row a record, a column a field of the schema
    field_values    every value of every field, own fields too, with its label
    links           from_kind from_id field role to_kind to_id (empty where the link leads nowhere)
    log tasks stages
    open_deals pipeline contact_cards     views
    search          full text: SELECT kind, id FROM search WHERE search MATCH 'website'

Money is three columns: `value` as a number, `value_currency`, `value_per`. Of a field with many
values the column has the first.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence

from plaincrm.core.records import line_records
from plaincrm.core.records.record import Record
from plaincrm.core.records.store import Store
from plaincrm.core.schema.kinds import Field, Kind
from plaincrm.core.schema.settings import Settings
from plaincrm.core.values.value_type import Cell

_TABLES = (
    "field_values",
    "links",
    "log",
    "tasks",
    "stages",
    "search",
    "open_deals",
    "pipeline",
    "contact_cards",
)
_FIXED = ("id", "path", "title", "body")
_LOG = ("at", "type", "direction", "text", "amount", "id")
_TASKS = ("text", "due", "done", "done_on", "rec", "snoozed", "pri", "from", "invoice", "amount")
_SCHEMA = """
CREATE TABLE field_values (kind TEXT, id TEXT, field TEXT, position INTEGER, label TEXT, value TEXT);
CREATE TABLE links (from_kind TEXT, from_id TEXT, field TEXT, role TEXT, to_kind TEXT, to_id TEXT, written TEXT);
CREATE TABLE log (kind TEXT, id TEXT, line INTEGER, at TEXT, type TEXT, direction TEXT, text TEXT, amount TEXT,
                  message_id TEXT, people TEXT);
CREATE TABLE tasks (kind TEXT, id TEXT, line INTEGER, text TEXT, due TEXT, done TEXT, done_on TEXT, rec TEXT,
                    snoozed TEXT, pri TEXT, waiting_for TEXT, invoice TEXT, amount TEXT);
CREATE TABLE stages (pipeline TEXT, stage TEXT, position INTEGER, status TEXT, probability REAL);
"""
_INDEXES = """
CREATE INDEX field_values_by_record ON field_values (kind, id, field);
CREATE INDEX links_to ON links (to_kind, to_id);
CREATE INDEX links_from ON links (from_kind, from_id);
CREATE INDEX log_by_record ON log (kind, id);
CREATE INDEX tasks_by_record ON tasks (kind, id);
"""
_VIEWS = """
CREATE VIEW open_deals AS SELECT deals.*, coalesce(deals.probability, stages.probability) AS chance
    FROM deals JOIN stages ON lower(stages.pipeline) = lower(deals.pipeline)
        AND lower(stages.stage) = lower(deals.stage)
    WHERE stages.status = 'open';
CREATE VIEW pipeline AS SELECT stages.pipeline, stages.stage, stages.status, value_currency AS currency,
    value_per AS per, count(deals.id) AS deals, sum(value) AS value,
    sum(value * CASE stages.status WHEN 'won' THEN 100 WHEN 'open' THEN coalesce(deals.probability, stages.probability)
        ELSE 0 END / 100) AS weighted
    FROM stages LEFT JOIN deals ON lower(stages.pipeline) = lower(deals.pipeline)
        AND lower(stages.stage) = lower(deals.stage)
    GROUP BY stages.pipeline, stages.position, value_currency, value_per ORDER BY stages.pipeline, stages.position;
CREATE VIEW contact_cards AS SELECT contacts.id, contacts.name, contacts.job, companies.name AS company, contacts.email,
    contacts.phone, contacts.status,
    (SELECT max(at) FROM log WHERE log.kind = 'contact' AND log.id = contacts.id) AS last_entry
    FROM contacts LEFT JOIN links ON from_kind = 'contact' AND from_id = contacts.id AND field = 'company'
    LEFT JOIN companies ON companies.id = links.to_id GROUP BY contacts.path;
"""


def fill(connection: sqlite3.Connection, store: Store, settings: Settings) -> None:
    """Write the whole book into an empty database, in one transaction; `connection` stays open.

    Raises sqlite3.Error as the database does.
    """
    with connection:
        connection.execute("BEGIN")
        _run(connection, _SCHEMA)
        _insert(connection, "stages", _stages(settings))
        for kind in settings.schema.kinds.values():
            _fill_kind(connection, kind, store, settings)
        _run(connection, _INDEXES + _VIEWS)
        _fill_search(connection, store)


def _run(connection: sqlite3.Connection, script: str) -> None:
    """Statement by statement: `executescript` would commit what was written so far."""
    for statement in filter(str.strip, script.split(";")):
        connection.execute(statement)


def _fill_kind(
    connection: sqlite3.Connection, kind: Kind, store: Store, settings: Settings
) -> None:
    table, columns = table_of(kind), _columns(kind)
    definitions = [f"{_quoted(name)} {type}" for name, type in columns]
    definitions += ["PRIMARY KEY (path)", *_foreign_keys(kind, settings)]
    connection.execute(f"CREATE TABLE {_quoted(table)} ({', '.join(definitions)})")
    records = store.records(kind.name)
    _insert(connection, table, (_row(record, store, settings.currency) for record in records))
    # Two files with one id are a problem of the book, and no reason to write no database.
    ids = {record.id for record in records}
    unique = "UNIQUE " if len(ids) == len(records) else ""
    index = _quoted(table + "_by_id")
    connection.execute(f"CREATE {unique}INDEX {index} ON {_quoted(table)} (id)")
    _insert(connection, "field_values", (row for record in records for row in _values(record)))
    _insert(connection, "links", (row for record in records for row in _links(record, store)))
    _insert(connection, "log", (row for record in records for row in _lines(record, "log", _LOG)))
    _insert(
        connection, "tasks", (row for record in records for row in _lines(record, "tasks", _TASKS))
    )


def table_of(kind: Kind) -> str:
    """The name of a kind's table: its plural, unless a table of ours is called so."""
    return f"{kind.plural}_records" if kind.plural.casefold() in _TABLES else kind.plural


def _columns(kind: Kind) -> list[tuple[str, str]]:
    """Names and types; SQLite knows no case, so a name that is taken gets a `_` at its end."""
    found = {name: "TEXT" for name in _FIXED}
    for field in kind.fields.values():
        for name, type in _columns_of(field):
            while name.casefold() in {taken.casefold() for taken in found}:
                name += "_"
            found[name] = type
    return list(found.items())


def _foreign_keys(kind: Kind, settings: Settings) -> Iterator[str]:
    """For browsers of databases, which draw links from them."""
    for field in kind.refs:
        target = settings.schema.kinds.get(field.to)
        if target is not None:
            yield f"FOREIGN KEY ({_quoted(field.name)}) REFERENCES {_quoted(table_of(target))} (id)"


def _columns_of(field: Field) -> Iterator[tuple[str, str]]:
    for suffix, type in field.value_type.sql_columns:
        yield f"{field.name}{suffix}", type


def _row(record: Record, store: Store, currency: str) -> list[Cell]:
    cells: list[Cell] = [record.id, record.path, record.title, record.body]
    links = {field.name for field in record.kind.refs if field.to in store.schema.kinds}
    for field in record.kind.fields.values():
        if field.name in links:
            cells.append(_first_target(record, field, store))
        else:
            cells += field.value_type.sql(record.value(field.name, currency))
    return cells


def _first_target(record: Record, field: Field, store: Store) -> Cell:
    """The id of the record that a field links to, the first of several; the table `links` has them
    all, and what leads nowhere.
    """
    found = (store.get(field.to, item.text) for item in record.items(field.name))
    target = next(filter(None, found), None)
    return target.id if target else None


def _values(record: Record) -> Iterator[Sequence[Cell]]:
    for name in record.fields:
        for position, item in enumerate(record.items(name)):
            yield record.kind.name, record.id, name, position, item.label, item.text


def _links(record: Record, store: Store) -> Iterator[Sequence[Cell]]:
    for field in record.kind.refs:
        for item in record.items(field.name):
            target = store.get(field.to, item.text)
            to = target.id if target else ""
            yield record.kind.name, record.id, field.name, item.label, field.to, to, item.text


def _lines(record: Record, what: str, names: Sequence[str]) -> Iterator[Sequence[Cell]]:
    for row in line_records.rows(record, what):
        cells = [row.text(name) for name in names]
        people = [",".join(item.text for item in row.items("with"))] if what == "log" else []
        yield [record.kind.name, record.id, row.item.line, *cells, *people]


def _stages(settings: Settings) -> Iterator[Sequence[Cell]]:
    for name, pipeline in settings.pipelines.items():
        for position, stage in enumerate(pipeline.stages):
            chance = None if stage.probability is None else float(stage.probability)
            yield name, stage.name, position, stage.role, chance


def _fill_search(connection: sqlite3.Connection, store: Store) -> None:
    try:
        connection.execute(
            "CREATE VIRTUAL TABLE search USING fts5(kind UNINDEXED, id UNINDEXED, title, text)"
        )
    except sqlite3.OperationalError:  # an SQLite that was built without full text
        return
    _insert(connection, "search", ((r.kind.name, r.id, r.title, _words(r)) for r in store.all()))


def _words(record: Record) -> str:
    fields = (item.text for name in record.fields for item in record.items(name))
    return "\n".join([*fields, record.body])


def _insert(connection: sqlite3.Connection, table: str, rows: Iterable[Sequence[Cell]]) -> None:
    rows = iter(rows)
    first = next(rows, None)
    if first is None:
        return
    statement = f"INSERT INTO {_quoted(table)} VALUES ({', '.join('?' * len(first))})"
    connection.execute(statement, _storable(first))
    connection.executemany(statement, map(_storable, rows))


def _storable(cells: Sequence[Cell]) -> list[Cell]:
    """Text that is no Unicode (bytes of a damaged file) with signs in place of what can't be
    stored.
    """
    return [
        c.encode("utf-8", "replace").decode() if isinstance(c, str) and not c.isascii() else c
        for c in cells
    ]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
