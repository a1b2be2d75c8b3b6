"""Cards to drafts of contacts, and of companies where a card is one.

Everything arrives: what our fields can't hold, such as a second address, an odd number or a card's
own properties, goes to own fields under names of their own. Pictures, sounds and keys are left out
and counted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import BinaryIO

from plaincrm.core.schema.kinds import Kind, Schema, refusal
from plaincrm.core.values.raw import items
from plaincrm.interchange.csv.assemble import FoundCell, assemble
from plaincrm.interchange.csv.draft import Draft, LinkHint, Outcome, Reject, SkippedRow
from plaincrm.interchange.csv.names import key_of
from plaincrm.interchange.vcard import extensions, labels
from plaincrm.interchange.vcard.addresses import places
from plaincrm.interchange.vcard.birthdays import birthday
from plaincrm.interchange.vcard.lines import Card, CardLine, cards

_LEFT_OUT = frozenset({"PHOTO", "LOGO", "SOUND", "KEY"})
# Read elsewhere; said by programs to themselves; or said twice.
_NOT_OWN = re.compile(
    "VERSION|N|FN|ADR|NOTE|UID|KIND|X-ABSHOWAS|X-ABLABEL|"
    "PRODID|REV|PROFILE|CLASS|SORT-STRING|MAILER|NAME|X-GENERATOR|X-ABUID|X-ABADR|X-COUCHDB-.*|X-MS-OL-.*|"
    "X-EVOLUTION-FILE-AS|X-IMAGE.*|X-ACCOUNT|CLIENTPIDMAP|XML|AGENT|SOURCE|X-PLAINCRM-.*"
)
_EVERYBODY = frozenset({"my contacts", "mycontacts"})
_TAKEN = frozenset({"tags", "aliases", "owner", "created", "source", "links", "body", "id"})


@dataclass(slots=True)
class ContactFile:
    """A vCard file. `outcomes` can be walked once; `left_out` counts while it is (`{"photo":
    3}`), and `unread` has the lines, by number, that are none of the format.
    """

    stream: BinaryIO
    schema: Schema
    left_out: Counter[str] = field(default_factory=Counter)
    unread: list[tuple[int, str]] = field(default_factory=list)

    def outcomes(self) -> Iterator[Outcome]:
        """One per card, in the file's order. Raises Refused for a file that is no vCard file."""
        return (outcome for _, outcome in self.cards())

    def cards(self) -> Iterator[tuple[Card, Outcome]]:
        """Like `outcomes`, with the cards."""
        for card in cards(self.stream):
            self.left_out.update(
                line.name.casefold() for line in card.lines if line.name in _LEFT_OUT
            )
            self.unread += card.unread
            yield card, read(card, self.schema)


def read(card: Card, schema: Schema) -> Outcome:
    """What a card says; a Skip if it is a group of cards, a Reject if it names nobody.

    A draft whose `key_field` is `id` comes from our own export: its body is ours too, word for
    word.
    """
    if (card.first("KIND") or card.first("X-ADDRESSBOOKSERVER-KIND")).casefold() == "group":
        return SkippedRow(card.line, "a group, not a contact")
    draft = understood(card, schema)
    if not draft.fields.get(schema.kinds[draft.kind].title):
        return Reject(card.line, "the card has no name, e-mail or phone", (card.text,))
    return draft


def understood(card: Card, schema: Schema) -> Draft:
    """All that a card says, even if it names nobody."""
    draft = spoken(card, schema)
    restored = extensions.restored(draft, card)
    if draft.key_field != "id":
        return restored
    firms = _firms(card) if draft.kind == "contact" else []
    return replace(restored, beside=tuple(_companies(restored, firms)))


def spoken(card: Card, schema: Schema) -> Draft:
    """What a card says in vCard's own words, which every program keeps."""
    kind = schema.kinds["company" if _is_company(card) else "contact"]
    fields = assemble(kind, list(_fitting(kind, _found(card, kind))))
    key_field, key = extensions.key_of(card)
    if key_field == "vcard_uid":
        fields[key_field] = key
    firms = _firms(card) if kind.name == "contact" else []
    links = {"company": tuple(LinkHint("company", "name", firm) for firm in firms)} if firms else {}
    beside = tuple(Draft("company", card.line, "", "", {"name": firm}, {}) for firm in firms)
    body = "\n\n".join(filter(None, (line.text.strip("\n") for line in card.all("NOTE"))))
    return Draft(kind.name, card.line, key, key_field, fields, links, body, beside=beside)


def _companies(draft: Draft, firms: Sequence[str]) -> Iterator[Draft]:
    """The companies of a card of our own under the ids that they had; a link that led nowhere makes
    none.
    """
    ids = [item.text for item in items(draft.fields.get("company"))]
    if len(ids) == len(firms):
        named = ((id, firm) for id, firm in zip(ids, firms, strict=True) if id != firm)
        yield from (
            Draft("company", draft.line, id, "id", {"name": firm}, {}) for id, firm in named
        )
    elif not ids:
        yield from (Draft("company", draft.line, "", "", {"name": firm}, {}) for firm in firms)


def _is_company(card: Card) -> bool:
    org = (card.first("KIND").casefold(), card.first("X-ABSHOWAS").casefold())
    return org[0] in ("org", "organization") or org[1] == "company"


def _firms(card: Card) -> list[str]:
    """One for each ORG; what follows the name in it is departments."""
    return list(
        dict.fromkeys(filter(None, (line.texts(";")[0].strip() for line in card.all("ORG"))))
    )


def _found(card: Card, kind: Kind) -> Iterator[FoundCell]:
    yield from _names(card, kind)
    named = _group_labels(card)
    for line in card.lines:
        label = labels.of_name(named.get(line.group, "")) or labels.of_types(line.types)
        yield from _of_line(line, label, kind)
    yield from places(card, named)


def _of_line(line: CardLine, label: str, kind: Kind) -> Iterator[FoundCell]:
    text = line.text.strip()
    match line.name:
        case "EMAIL":
            yield FoundCell(
                "email", label, re.sub("^mailto:", "", text, flags=re.IGNORECASE), "email"
            )
        case "TEL":
            yield FoundCell("phone", label, _number(text), "phone")
        case "URL":
            yield FoundCell("links", label or "website", text, "links")
        case "TITLE":
            yield FoundCell("job" if "job" in kind.fields else "title", "", text, "title")
        case "BDAY":
            yield FoundCell("birthday", "", birthday(line), "birthday")
        case "LANG":
            yield FoundCell("language", "", text, "language")
        case "CATEGORIES":
            words = (word.strip() for word in line.texts(","))
            yield from (
                FoundCell("tags", "", word, "tags")
                for word in words
                if word.casefold() not in _EVERYBODY
            )
        case "ORG":
            units = ", ".join(filter(None, (unit.strip() for unit in line.texts(";")[1:])))
            yield FoundCell("department", "", units, "department")
        case _:
            yield from _own(line, label)


def _own(line: CardLine, label: str) -> Iterator[FoundCell]:
    """A property that vCard or some program has, and we have no field for."""
    if line.name in _LEFT_OUT or _NOT_OWN.fullmatch(line.name) or line.text.startswith("data:"):
        return
    name = key_of(re.sub(r"^X-(?:EVOLUTION-|MS-|KADDRESSBOOK-X-|KADDRESSBOOK-)?", "", line.name))
    if line.name in ("X-ABDATE", "X-ABRELATEDNAMES", "RELATED") and label:
        name = label
    text = " ".join(line.text.split())
    yield FoundCell(name if name not in _TAKEN else f"{name}_imported", "", text, name)


def _names(card: Card, kind: Kind) -> Iterator[FoundCell]:
    """The formatted name; the parts of N beside it where it doesn't show them all."""
    line = next(iter(card.all("N")), None)
    parts = [" ".join(part.split()) for part in line.texts(";")] if line else []
    family, given, middle, prefix, suffix = (parts + [""] * 5)[:5]
    whole = " ".join(filter(None, (prefix, given, middle, family, suffix)))
    formal = " ".join(card.first("FN").split())
    others = [card.first("NICKNAME"), *_firms(card), card.first("EMAIL"), card.first("TEL")]
    name = formal or whole or next(filter(None, others), "")
    if family and given and formal == f"{family}, {given}":  # as a list sorts it
        name = whole
    if kind.name == "company":
        name = next(iter(_firms(card)), name)
    yield FoundCell(kind.title, "", name, "name")
    shown = name.casefold()
    if any(word.casefold() not in shown for word in re.findall(r"\w+", whole)):
        yield FoundCell("full_name", "", whole, "full_name")


def _group_labels(card: Card) -> Mapping[str, str]:
    return {line.group: line.text for line in card.all("X-ABLABEL") if line.group}


def _number(text: str) -> str:
    """`tel:+1-418-656-9254;ext=102` is `+1-418-656-9254 ext 102`."""
    bare = re.sub("^tel:", "", text, flags=re.IGNORECASE)
    return re.sub(r";.*", "", re.sub(r";ext=(\d+)", r" ext \1", bare)) if bare != text else text


def _fitting(kind: Kind, found: Iterator[FoundCell]) -> Iterator[FoundCell]:
    """A value that its field's type refuses goes to an own field; doubled values of one field go
    once.

    Where some of a list have labels and some not, the others are `main`: a list could not keep any.
    """
    pieces = list(dict.fromkeys(piece for piece in found if piece.text))
    mixed = {piece.field for piece in pieces if piece.part}
    seen: dict[str, set[str]] = {}
    for piece in pieces:
        rule = kind.fields.get(piece.field)
        values = seen.setdefault(piece.field, set())
        if rule and rule.many and piece.text in values:
            continue
        values.add(piece.text)
        if rule and refusal(rule, piece.text):
            yield FoundCell(f"{piece.field}_imported", "", piece.text, f"{piece.field} imported")
        elif rule and rule.many and not piece.part and piece.field in mixed:
            yield FoundCell(piece.field, "main", piece.text, piece.header)
        else:
            yield piece
