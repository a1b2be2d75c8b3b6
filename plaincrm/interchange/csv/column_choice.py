"""What each column of a plain table means, weighed once for the whole table.

A header that is a field's own name goes first, then a word that people use for it, in any of the
languages, then a header that only contains such a word, and last what the cells look like. Two
columns that mean the same single field: the heavier one has it, the other stays a field of its
own. A guess from cells never takes a field that some header names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from plaincrm.core.schema.kinds import Kind
from plaincrm.interchange.csv import foreign_dates, names, place_columns, target
from plaincrm.interchange.csv.column_words import SALUTATIONS, word_set
from plaincrm.interchange.csv.rows import CsvRow
from plaincrm.interchange.csv.target import BODY

EXACT, SYNONYM, CONTAINED = 1000, 800, 300
FEW_FIT, MOST_FIT = 0.5, 0.8  # the share of cells that has to look like what a column is taken for
OWN_FIELDS = frozenset({"product", "next_step", "nickname"})
"""Fields that a book does not have unless a file does; they go by one name in all languages."""
_EMAIL = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+\.[A-Za-z]{2,}")
_PHONE = re.compile(r"(?:\+|00|\(|0)[\d\s()./-]{6,}\d")
_AMOUNT = re.compile(r"[^\d\n]{0,5}-?\d[\d.,' \u00a0\u202f]*(?:[eE]\d+)?[^\d\n]{0,5}")
_DECORATION = re.compile(r"\([^)]*\)|\[[^\]]*\]|(?:\bin\s+)?(?:[€$£]|\b(?:EUR|USD|GBP|CHF|PLN)\b)")
_AMOUNT_WORDS = word_set(
    "value amount sum total price revenue wert betrag summe umsatz montant somme importe "
    "monto valor valore importo ricavo bedrag waarde omzet receita kwota wartość przychód"
)
_NO_AMOUNT = word_set(
    "tax vat mwst ust discount rabatt cost costs kosten weighted expected probability paid "
    "open count number no nr date datum id list commission"
)
_STAGE_WORDS = word_set(
    "stage status phase stufe étape etapa fase statut estado stato stadium estágio etap faza"
)
_SALUTATIONS = word_set(SALUTATIONS)
_ID_WORDS = word_set("id no nr ref reference referenz référence referencia riferimento")


@dataclass(frozen=True, slots=True)
class TargetGuess:
    """A target that a column may mean, and how surely."""

    word: str
    weight: int


def chosen(header: Sequence[str], sample: Sequence[CsvRow], kind: Kind) -> dict[str, str | None]:
    """Target words by header; None for a column that means none of our fields."""
    cells = {name: filled(sample, at) for at, name in enumerate(header)}
    claims = {name: claim(name, cells[name], kind) for name in header}
    columns = _settled(claims, kind)
    _settle_names(columns)
    _settle_birthday(columns)
    place_columns.settle(columns, kind)
    _guess(columns, cells, kind)
    return columns


def filled(sample: Sequence[CsvRow], at: int) -> list[str]:
    """The cells of a column that hold something."""
    cells = (row.cells[at] for row in sample if not row.problem and at < len(row.cells))
    return [cell.strip() for cell in cells if cell.strip()]


def share(cells: Sequence[str], pattern: re.Pattern[str]) -> float:
    """How many of the filled cells fit, from 0 to 1."""
    return sum(bool(pattern.fullmatch(cell)) for cell in cells) / len(cells) if cells else 0.0


def claim(header: str, cells: Sequence[str], kind: Kind) -> TargetGuess | None:
    """What the header says that the column means."""
    bare = header.strip().lower()
    if bare in kind.fields or bare == BODY:
        return TargetGuess(bare, EXACT)
    folded = names.fold(header)
    further = (_undecorated(header), SYNONYM - 1), (names.parted(header), SYNONYM - 2)
    for word, weight in ((folded, SYNONYM), *further):
        if found := _synonym(word, kind, weight):
            return _prefix(found, cells)
    if not names.aliases(kind.name):  # a kind of the book's own: its fields, by any spelling
        own = next((name for name in kind.fields if names.fold(name) == folded), None)
        return TargetGuess(own, EXACT) if own else None
    return _contained(folded, cells, kind)


def _undecorated(header: str) -> str:
    """`Betrag (EUR)` and `Umsatz in €` are Betrag and Umsatz."""
    return names.fold(_DECORATION.sub(" ", header))


def _synonym(folded: str, kind: Kind, weight: int) -> TargetGuess | None:
    word = names.aliases(kind.name).get(folded)
    if word is None:
        return None
    field = target.parse(word).field
    if field in kind.fields or word == BODY or field in OWN_FIELDS:
        return TargetGuess(word, weight - names.rank(kind.name, folded))
    return None


def _prefix(found: TargetGuess, cells: Sequence[str]) -> TargetGuess:
    """A column `Title` that holds Mr and Dr is part of the name, and no job."""
    salutations = sum(cell.casefold().rstrip(".") in _SALUTATIONS for cell in cells)
    if found.word == "job" and cells and salutations >= MOST_FIT * len(cells):
        return TargetGuess("name.prefix", found.weight)
    return found


def _contained(folded: str, cells: Sequence[str], kind: Kind) -> TargetGuess | None:
    """`Deal size value` is an amount, `Sales phase` a stage; what the cells hold has to agree."""
    words = set(folded.split())
    amount = words & _AMOUNT_WORDS and not words & _NO_AMOUNT
    if amount and "value" in kind.fields and share(cells, _AMOUNT) >= MOST_FIT:
        return TargetGuess("value", CONTAINED - len(words))
    if "stage" in kind.fields and words & _STAGE_WORDS and not dated(cells):
        return TargetGuess("stage", CONTAINED - len(words))
    return None


def names_id(header: str) -> bool:
    """Whether a header ends as the name of an id does: `deal_id`, `Customer No`, `ref`."""
    words = names.fold(header).split()
    return bool(words) and (words[-1] in _ID_WORDS or words[0] in ("id", "ref"))


def _settled(claims: Mapping[str, TargetGuess | None], kind: Kind) -> dict[str, str | None]:
    """Of the columns that claim one single field the heaviest has it; the first of equal ones."""
    best: dict[str, tuple[int, str]] = {}
    for name, found in claims.items():
        if found and (found.word not in best or found.weight > best[found.word][0]):
            best[found.word] = (found.weight, name)
    return {
        name: found.word if found and _has(best, name, found, kind) else None
        for name, found in claims.items()
    }


def _has(best: Mapping[str, tuple[int, str]], name: str, found: TargetGuess, kind: Kind) -> bool:
    of = kind.fields.get(target.parse(found.word).field)
    shared = of is not None and of.many and not of.value_type.links
    return shared or found.word == BODY or best[found.word][1] == name


def _settle_names(columns: dict[str, str | None]) -> None:
    """`Nom, Prénom` and `Name, Vorname`: beside a given name, the name is the family's.

    `Nombre, Apellidos` and `Nome, Cognome`: beside a family name, the name is the given one."""
    words = list(columns.values())
    lone = [name for name in columns if columns[name] == "name"]
    short = bool(lone) and names.fold(lone[0]) in ("name", "nom", "naam")
    if short and "name.given" in words and "name.family" not in words:
        columns[lone[0]] = "name.family"
    if "name.given" in words or "name.family" not in words:
        return
    given = [name for name in columns if names.fold(name) in ("nombre", "nome", "imię")]
    if given:
        columns[given[0]] = "name.given"


def _settle_birthday(columns: dict[str, str | None]) -> None:
    """`Geburtstag` beside `Geburtsjahr` is the day alone."""
    if "birthday.year" in columns.values():
        for name, word in columns.items():
            if word == "birthday":
                columns[name] = "birthday.day"


def _guess(columns: dict[str, str | None], cells: Mapping[str, Sequence[str]], kind: Kind) -> None:
    """Columns whose name says nothing, by their cells: addresses; numbers of phones where no other
    column has any."""
    named = {target.parse(word).field for word in columns.values() if word}
    for name, word in columns.items():
        if word is not None or not cells[name]:
            continue
        if "email" in kind.fields and share(cells[name], _EMAIL) >= MOST_FIT:
            columns[name] = "email"
        elif "phone" in kind.fields and "phone" not in named and _phones(name, cells[name]):
            columns[name] = "phone"


def _phones(header: str, cells: Sequence[str]) -> bool:
    return not names_id(header) and not dated(cells) and share(cells, _PHONE) >= MOST_FIT


def dated(cells: Sequence[str]) -> bool:
    """Whether most cells are days."""
    return sum(_is_day(cell) for cell in cells) > FEW_FIT * len(cells)


def _is_day(text: str) -> bool:
    try:
        return bool(foreign_dates.to_datetime(text, day_first=True))
    except ValueError:
        return False
