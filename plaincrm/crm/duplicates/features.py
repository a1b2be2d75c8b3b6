"""What tells a person or an organisation from another, in the form in which it is compared.

Names are compared in plain letters, phones in E.164, addresses of mail without case and `+tag`.
What is blank is an empty text or set, and matches nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from plaincrm.core.records.record import Record
from plaincrm.core.records.store import Store
from plaincrm.core.text.fold import fold
from plaincrm.core.values import ids, phones
from plaincrm.crm.importing.identity_map import domains
from plaincrm.crm.importing.shared_hosts import FREE_MAIL


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TITLES = _words("dr prof mr mrs ms mx herr frau dipl ing mag phd")
_LEGAL = _words("""
    gmbh ag ug kg ohg gbr ev e v eg se as asa ans da ab hb oy oyj aps a s ltd limited inc
    incorporated llc llp lp corp corporation co company plc pty sarl sas sa sasu srl spa bv nv cv
    sl slu lda sp z o kk
""")
_ROLES = _words("""
    info office mail contact kontakt hello hallo hi post sales support service admin accounts
    accounting invoice rechnung buchhaltung bestellung team booking reception welcome enquiries
    noreply
""")


@dataclass(frozen=True, slots=True)
class DuplicateFeatures:
    """`words` are those of the name, in order; `companies` the plain names of where a person works;
    `domains` those of their own, not of a mail provider; `street` and `places` (postcode, town) the
    address."""

    record: Record
    words: tuple[str, ...]
    emails: frozenset[str]
    phones: frozenset[str]
    domains: frozenset[str]
    companies: frozenset[str]
    street: str
    places: frozenset[str]
    country: str
    birthday: str
    vat: str

    @property
    def name(self) -> str:
        return " ".join(self.words)


def traits(record: Record, store: Store, region: str) -> DuplicateFeatures:
    """What is known of a contact or company; `region` is the country of phone numbers that name
    none, unless the record has its own."""
    country = record.text("country").upper()
    emails = frozenset(_address(item.text) for item in record.items("email") if "@" in item.text)
    found = (
        phones.e164(item.text, country if phones.is_region(country) else region)
        for item in record.items("phone")
    )
    return DuplicateFeatures(
        record,
        _name(record),
        emails,
        frozenset(number for number in found if number),
        frozenset(_own_domains(record, emails)),
        frozenset(_companies(record, store)),
        " ".join(_plain(record.text("address"))),
        frozenset(" ".join(_plain(record.text(name))) for name in ("zip", "city")) - {""},
        country if len(country) == 2 else "",
        record.text("birthday"),
        re.sub(r"\W", "", record.text("vat_id")).upper(),
    )


def is_role(address: str) -> bool:
    """Whether an address belongs to a task rather than to a person: `info@…`."""
    return address.partition("@")[0] in _ROLES


def organisation(name: str) -> tuple[str, ...]:
    """The words of an organisation's name without its legal form."""
    words = _plain(name)
    while len(words) > 1 and words[-1] in _LEGAL:
        words.pop()
    return tuple(words)


def _name(record: Record) -> tuple[str, ...]:
    title = record.text(record.kind.title)
    if record.kind.name == "company":
        return organisation(title)
    words = _plain(title)
    return tuple(word for word in words if word not in _TITLES) or tuple(words)


def _plain(text: str) -> list[str]:
    """The words in plain small letters; empty of a text without any."""
    return [word for word in ids.slug(text, "-").split("-") if word] if text.strip() else []


def _address(text: str) -> str:
    """`ada@x.example` of `Ada+News@X.example`; Google takes no notice of dots."""
    local, _, domain = fold(text.strip()).rpartition("@")
    local, domain = local.partition("+")[0], domain.replace("googlemail.com", "gmail.com")
    return f"{local.replace('.', '') if domain == 'gmail.com' else local}@{domain}"


def _own_domains(record: Record, emails: frozenset[str]) -> Iterator[str]:
    if record.kind.name == "company":
        yield from (fold(domain).removeprefix("www.") for domain in domains(record.fields))
    yield from (domain for each in emails if (domain := each.rpartition("@")[2]) not in FREE_MAIL)


def _companies(record: Record, store: Store) -> Iterator[str]:
    field = record.kind.fields.get("company")
    if field is None or not field.to:
        return
    for item in record.items("company"):
        company = store.get(field.to, item.text)
        yield " ".join(organisation(company.title if company else item.text))
