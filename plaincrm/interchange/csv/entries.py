"""Tables whose rows are no records but entries in their logs, or tasks: activities, orders,
invoices, hours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from plaincrm.interchange.csv import column_choice, names
from plaincrm.interchange.csv.rows import CsvRow

KIND = "log"
FORMS = ("log", "order", "task", "invoice", "time")
"""What `--kind` may say beside the kinds of the book."""
_TASK = "task tasks aufgabe aufgaben todo to tâche tarea attività taak tarefa zadanie"
_INVOICE = (
    "invoice invoices bill rechnung rechnungsnummer rechnungsnr rechnungsdatum facture factura"
    " fattura factuur factuurnummer fatura faktura faktury"
)
_TICKET = frozenset({"ticket", "requester", "solved", "gelöst", "demandeur"})
_TYPES = {
    "call": "call phone anruf telefonat appel llamada chiamata telefonata gesprek chamada rozmowa",
    "email": "email e-mail mail courriel correo",
    "meeting": "meeting appointment event visit besprechung termin treffen réunion reunión riunione"
    " vergadering reunião spotkanie",
    "message": "message sms whatsapp chat nachricht mensaje messaggio bericht wiadomość",
    "note": "note notiz nota notitie notatka",
    "task": "task to-do todo deadline aufgabe tâche tarea taak tarefa zadanie",
    "order": "order sale purchase bestellung auftrag commande pedido ordine bestelling zamówienie",
}
_DIRECTIONS = {
    "in": "inbound incoming received eingehend entrant entrante in",
    "out": "outbound outgoing sent ausgehend sortant saliente out",
}


def _by_word(table: Mapping[str, str]) -> dict[str, str]:
    return {word: ours for ours, words in table.items() for word in words.split()}


WORDS: Mapping[str, Mapping[str, str]] = {
    "type": _by_word(_TYPES),
    "direction": _by_word(_DIRECTIONS),
}


def form(columns: Mapping[str, str | None], header: Sequence[str], sample: Sequence[CsvRow]) -> str:
    """What a table of entries holds, empty for one that holds records. `columns` are its targets as
    entries."""
    said = set(filter(None, columns.values()))
    words = {word for name in header for word in names.fold(name).split()}
    if words & _TICKET:
        return ""
    if words & set(_INVOICE.split()) and "amount" in said and said & {"number", "at"}:
        return "invoice"
    if {"at", "amount"} <= said and said & {"number", "quantity", "product"}:
        return "order"
    if {"at", "quantity"} <= said and "product" in said:
        return "order"
    named = words & set(_TASK.split()) - {"to"}
    if named and "text.1" in said and said & {"due", "done"}:
        return "task"
    if {"at", "duration"} <= said and said & {"text.1", "text.2", "contact@name", "company@name"}:
        return "time" if "type" not in said else "log"
    if "at" in said and "type" in said and _activities(columns, header, sample):
        return "log"
    return ""


def _activities(
    columns: Mapping[str, str | None], header: Sequence[str], sample: Sequence[CsvRow]
) -> bool:
    at = next(n for n, name in enumerate(header) if columns[name] == "type")
    cells = column_choice.filled(sample, at)
    known = sum(cell.casefold() in WORDS["type"] for cell in cells)
    return bool(cells) and known >= column_choice.MOST_FIT * len(cells)


def constants(form: str) -> dict[str, str]:
    """What a row is, where no column says it."""
    return {"type": "note" if form == "log" else form}
