"""What web forms send: JSON objects or CSV rows with an address and a message, of somebody who may
be new.

The services that send them disagree on the shape: plain objects, objects in `data`, lists of label
and value. All of it is flattened to the rows of one table.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from plaincrm.core.values.raw import Raw
from plaincrm.errors import Refused
from plaincrm.interchange.csv import names
from plaincrm.interchange.csv.draft import Draft, Outcome
from plaincrm.interchange.csv.form_words import COMMENTS, MESSAGES, MOMENTS
from plaincrm.interchange.csv.mapping import ColumnMapping as ColumnMapping
from plaincrm.interchange.csv.rows import CsvRow
from plaincrm.interchange.csv.target import parse

SOURCE = "web form"
ONLY_NEW = frozenset({"status", "source"})
"""What a form says of somebody who was unknown; customers who write stay customers."""
_DEEPEST = 6
_LABELS = ("label", "title", "question", "name", "key", "id")
_ANSWERS = ("value", "answer", "text", "response")


def rows(data: bytes) -> tuple[tuple[str, ...], list[CsvRow]] | None:
    """Header and rows of JSON objects of another program, one object, a list, or an object a line;
    None if they are plaincrm's own, or no objects. Raises Refused for what is no UTF-8."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("this JSON is not UTF-8") from None
    found = _objects(text)
    if not found or any(_own(each) for each in found):
        return None
    flat = [dict(_flat(_answered(each))) for each in found]
    header = tuple(dict.fromkeys(name for each in flat for name in each))
    made = [
        CsvRow(line, tuple(each.get(name, "") for name in header))
        for line, each in enumerate(flat, 1)
    ]
    return (header, made) if header else None


def _objects(text: str) -> list[dict[str, Any]]:
    try:
        try:
            whole = json.loads(text)
        except ValueError:
            whole = [json.loads(line) for line in text.split("\n") if line.strip()]
    except (ValueError, RecursionError):
        return []
    found = whole if isinstance(whole, list) else [whole]
    return found if all(isinstance(each, dict) for each in found) else []


def _own(item: dict[str, Any]) -> bool:
    return "schemaVersion" in item or ("kind" in item and isinstance(item.get("fields"), dict))


def _flat(item: Any, name: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    """Names and texts: of nested objects the inner names, of lists of label and value the
    labels.
    """
    if depth > _DEEPEST or item is None:
        return
    if isinstance(item, dict):
        label = next((item[key] for key in _LABELS if isinstance(item.get(key), str)), "")
        answer = next((key for key in _ANSWERS if key in item and item[key] != label), "")
        if answer and label:
            yield from _flat(_chosen(item, item[answer]), label, depth + 1)
            return
        for key, value in item.items():
            yield from _flat(value, key, depth + 1)
    elif isinstance(item, list) and any(isinstance(each, dict) for each in item):
        for each in item:
            yield from _flat(each, name, depth + 1)
    elif isinstance(item, list):
        yield name, "; ".join(str(each) for each in item)
    else:
        yield name, str(item).lower() if isinstance(item, bool) else str(item)


def _answered(item: dict[str, Any]) -> dict[str, Any]:
    """Typeform sends questions, and answers that name them by id: as answers by question."""
    form = item.get("form_response")
    if not isinstance(form, dict) or not isinstance(form.get("answers"), list):
        return item
    definition = form.get("definition")
    fields = definition.get("fields", []) if isinstance(definition, dict) else []
    titles = {each.get("id"): each.get("title") for each in fields if isinstance(each, dict)}
    found: dict[str, Any] = {"submitted_at": form.get("submitted_at", "")}
    for answer in form["answers"]:
        if isinstance(answer, dict):
            field = answer.get("field")
            id = field.get("id") if isinstance(field, dict) else None
            title = str(titles.get(id) or id or "answer")
            found[title] = _labels(answer.get(str(answer.get("type", ""))))
    hidden = form.get("hidden")
    return found | (hidden if isinstance(hidden, dict) else {})


def _labels(value: Any) -> Any:
    """The words of a choice, or of several."""
    if not isinstance(value, dict):
        return value
    if isinstance(value.get("labels"), list):
        return "; ".join(map(str, value["labels"]))
    return value.get("label", value.get("other", ""))


def _chosen(item: dict[str, Any], value: Any) -> Any:
    """The words of the options that an answer of Tally names by id."""
    options = item.get("options")
    if not isinstance(options, list) or not isinstance(value, list):
        return value
    words = {each.get("id"): each.get("text") for each in options if isinstance(each, dict)}
    return [words.get(each, each) for each in value]


@dataclass(frozen=True, slots=True)
class FormMapping:
    """The mapping of a form in two: for the person, and for what they wrote. `answers` are the
    columns that no field takes; they stand below the message. `moment` is that of the time."""

    person: ColumnMapping
    spoken: ColumnMapping
    answers: tuple[str, ...]
    moment: str


def split(
    mapping: ColumnMapping, known: Collection[str], *, sent: bool = False
) -> FormMapping | None:
    """The mapping of a form; None where the columns are no form's. `known` are the fields of a
    person. What is `sent` as JSON is a form even without a message."""
    if mapping.kind != "contact" or mapping.preset != "plain":
        return None
    moment = _column(mapping.columns, MOMENTS)
    message = _column(mapping.columns, MESSAGES | (COMMENTS if moment else frozenset()))
    addressed = any(word and parse(word).field == "email" for word in mapping.columns.values())
    if not addressed or not (message or sent):
        return None
    answers = tuple(
        name
        for name, word in mapping.columns.items()
        if name not in (message, moment) and word and parse(word).field not in known
    )
    apart = (message, moment, *answers)
    person = {name: "" if name in apart else word for name, word in mapping.columns.items()}
    entry = {name: {message: "text", moment: "at"}.get(name, "") for name in mapping.columns}
    constants = {"status": "lead", "source": SOURCE, **mapping.constants}
    spoken = {"type": "message", "direction": "in"}
    return FormMapping(
        replace(mapping, columns=person, constants=constants),
        replace(mapping, kind="log", columns=entry, key=("", ""), constants=spoken, stages={}),
        answers,
        moment,
    )


def entry_of(
    row: CsvRow, header: Sequence[str], form: FormMapping, drafted: Outcome
) -> Draft | None:
    """What somebody wrote, as an entry with all their answers; None where they wrote nothing.

    A time that can't be read stands in the text, and the day of the import counts."""
    cells = dict(zip(header, row.cells, strict=False))
    words = next((cells[n] for n, word in form.spoken.columns.items() if word == "text"), "")
    answers = [f"{name}: {cells[name].strip()}" for name in form.answers if cells[name].strip()]
    read = isinstance(drafted, Draft)
    if not read and form.moment and cells.get(form.moment, "").strip():
        answers.append(f"{form.moment}: {cells[form.moment].strip()}")
    text = "\n".join(filter(None, (words.strip(), *answers)))
    if not text:
        return None
    fields: dict[str, Raw] = {**form.spoken.constants, "text": text}
    if isinstance(drafted, Draft) and (at := drafted.fields.get("at")):
        fields["at"] = at
        return Draft("log", row.line, "", "", fields, {}, cells=row.cells)
    return _named(Draft("log", row.line, "", "", fields, {}, cells=row.cells), row)


def _named(entry: Draft, row: CsvRow) -> Draft:
    """The entry with a message id, since the form says no time: it is logged once all the same."""
    digest = hashlib.sha256("\0".join(row.cells).encode("utf-8", "replace")).hexdigest()[:32]
    key = f"<{digest}@web-form.invalid>"
    fields = {**entry.fields, "text": f"{entry.fields['text']}\n{key}"}
    return replace(entry, key=key, key_field="message_id", fields=fields)


def _column(columns: Mapping[str, str], words: frozenset[str]) -> str:
    """The first header of that meaning; empty where there is none."""
    return next((name for name in columns if names.fold(name) in words), "")
