"""Columns of several addresses in one row: `Home Street`, `Dienstlich: Ort`, `Address 2 - City`.

Their members stay together: the first address that has anything fills our fields, each further one
is a field of its own, `address_work: "Hamngatan 9, 211 22 Malmö, SE"`.
"""

from __future__ import annotations

import re

from plaincrm.core.schema.kinds import Kind
from plaincrm.interchange.csv import names, target

MEMBERS = ("address", "zip", "city", "region", "country")
_LABELS = {
    "home": "home private privat privé personal casa thuis domicile particular dom prywatny",
    "work": "work business office geschäftlich dienstlich travail bureau trabajo ufficio lavoro"
    " werk zakelijk trabalho praca firma",
    "billing": "billing invoice rechnung rechnungs facturation facturación fatturazione factuur",
    "shipping": "shipping delivery liefer lieferung livraison envío entrega spedizione levering",
    "other": "other andere autre otro altro anders outro inny",
}
_LABEL_OF = {word: label for label, words in _LABELS.items() for word in words.split()}
_WHOLE = ("address", "adresse", "dirección", "indirizzo", "adres", "endereço")
_NUMBER = re.compile(r"\d+")


def settle(columns: dict[str, str | None], kind: Kind) -> None:
    """Give the columns of labelled addresses their targets, such as `city~work`."""
    if "address" not in kind.fields:
        return
    for name, word in columns.items():
        if word is None and (found := _labelled(name, kind)):
            columns[name] = found


def _labelled(header: str, kind: Kind) -> str:
    """The target of a header made of a label or a number and the name of a member."""
    words = names.fold(header).split()
    label = next((_LABEL_OF[word] for word in words if word in _LABEL_OF), "")
    number = next((word for word in words[:-1] if _NUMBER.fullmatch(word)), "")
    rest = [word for word in words if word not in _LABEL_OF and word != number]
    if not rest or not (label or number):
        return ""
    if (
        len(rest) > 1
        and rest[0] in ("address", "adresse", "indirizzo", "adres")
        and not rest[1].isdigit()
    ):
        rest = rest[1:]
    found = names.aliases(kind.name).get(" ".join(rest), "")
    member = target.parse(found).field if found else ""
    return f"{found}~{label or number}" if member in MEMBERS else ""
