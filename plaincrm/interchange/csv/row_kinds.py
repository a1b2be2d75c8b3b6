"""Tables whose rows are persons and organisations, told apart by a column such as `Type`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from plaincrm.interchange.csv import column_choice, names
from plaincrm.interchange.csv.rows import CsvRow

_HEADERS = frozenset({"type", "record type", "contact type", "kind", "typ", "art", "tipo", "soort"})
_PERSON = "person people contact individual privatperson personne persona persoon pessoa osoba"
_COMPANY = (
    "organisation organization company business account firma unternehmen entreprise société"
    " empresa organización azienda società bedrijf organisatie organização"
)
_KIND_OF = {word: "contact" for word in _PERSON.split()}
_KIND_OF |= {word: "company" for word in _COMPANY.split()}
NONE: tuple[str, Mapping[str, str]] = ("", {})


def of(header: Sequence[str], sample: Sequence[CsvRow], kind: str) -> tuple[str, Mapping[str, str]]:
    """The header of the column, and the kind that each of its words (in lower case) means."""
    if kind not in ("contact", "company"):
        return NONE
    for at, name in enumerate(header):
        if names.fold(name) in _HEADERS:
            words = {cell.casefold() for cell in column_choice.filled(sample, at)}
            if len(words) > 1 and words <= set(_KIND_OF):
                return name, {word: _KIND_OF[word] for word in words}
    return NONE
