"""The columns by which a table is known as that of a web form: what somebody wrote, and when."""

from __future__ import annotations

from collections.abc import Iterable

from plaincrm.interchange.csv import names

MESSAGES = frozenset(
    names.fold(word)
    for word in (
        "message",
        "your message",
        "messages",
        "enquiry",
        "inquiry",
        "request",
        "question",
        "how can we help",
        "nachricht",
        "ihre nachricht",
        "anfrage",
        "mitteilung",
        "votre message",
        "demande",
        "mensaje",
        "su mensaje",
        "consulta",
        "messaggio",
        "il tuo messaggio",
        "richiesta",
        "bericht",
        "uw bericht",
        "vraag",
        "mensagem",
        "sua mensagem",
        "pedido",
        "wiadomość",
        "zapytanie",
        "your question",
        "ihre frage",
        "wie können wir helfen",
        "what can we do for you",
        "how can we help you",
        "project details",
        "tell us about your project",
    )
)
COMMENTS = frozenset({"comment", "comments", "kommentar", "commentaire", "comentario"})
"""Spreadsheets have them too: messages only beside a column of moments."""
MOMENTS = frozenset(
    names.fold(word)
    for word in (
        "submitted at",
        "submitted",
        "submitted on",
        "submission date",
        "created at",
        "date",
        "timestamp",
        "time",
        "datum",
        "zeitstempel",
        "gesendet am",
        "eingegangen am",
        "horodateur",
        "marca temporal",
        "fecha",
    )
)


def is_form(header: Iterable[str]) -> bool:
    """Whether the columns are those of a form: an address, and a message or a moment beside a
    comment."""
    folded = {names.fold(name) for name in header}
    addressed = any(names.aliases("contact").get(name, "").startswith("email") for name in folded)
    commented = bool(folded & COMMENTS) and bool(folded & MOMENTS)
    return addressed and (bool(folded & MESSAGES) or commented)
