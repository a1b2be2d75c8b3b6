"""Once-ids: the same template, campaign (or subject) and contact always give the same e-mail id.

Whoever has the id in the log or in the outbox already got the mail; a second run writes nobody
twice.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

OWN_ID = ".plaincrm@"  # stands in every id of this program
_ID = re.compile(
    r"<(?P<hash>[0-9a-f]{24})\.(?P<template>[a-z0-9-]+)(?:\.bulk)?\.plaincrm@[^<>\s]+>"
)
_ANSWERS = re.compile(r"^answers (?P<hash>[0-9a-f]{24})\n?", re.MULTILINE)
_UNSAFE = re.compile(r"[^a-z0-9]+")
_DOMAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")


def once_id(*, template: str, contact: str, campaign: str, domain: str, again: int = 0) -> str:
    """The e-mail's id, as `<HASH.TEMPLATE.plaincrm@DOMAIN>`, fit for a Message-ID header.

    `campaign` is the campaign's name, else the rendered subject; `contact` the contact's id.
    `again` counts deliberate repetitions, each with an id of its own.
    """
    parts: list[str | int] = [template, campaign, contact, *([again] if again else [])]
    return _written(_digest(parts), template, domain)


def step_id(
    *, sequence: str, step: int, contact: str, enrolment: int, template: str, domain: str
) -> str:
    """The id of the mail of a sequence's step. `enrolment` counts the contact's enrolments in it.

    The template is not part of the hash: who got step 2 has got it, whatever its mail is called
    today.
    """
    return _written(step_hash(sequence, step, contact, enrolment), template, domain)


def step_hash(sequence: str, step: int, contact: str, enrolment: int) -> str:
    """What tells a step's mail from every other, as `hash_of` finds it in an id."""
    return _digest(["sequence", sequence, step, contact, enrolment])


def campaign_id(*, campaign: str, contact: str, template: str, domain: str) -> str:
    """The id of a campaign's mail to a contact, whichever variant it is: who got one got it."""
    return _written(campaign_hash(campaign, contact), template, domain)


def campaign_hash(campaign: str, contact: str) -> str:
    """What tells a campaign's mail to a contact from every other, as `hash_of` finds it."""
    return _digest(["campaign", campaign, contact])


def bulk_id(message_id: str) -> str:
    """The id marked as that of a mail to many: `<HASH.TEMPLATE.bulk.plaincrm@DOMAIN>`.

    The log then says by itself which mails are no touch (`Entry.bulk`). An id of somebody else's,
    and one that is marked, stay as they are.
    """
    if not hash_of(message_id) or ".bulk.plaincrm@" in message_id:
        return message_id
    return message_id.replace(".plaincrm@", ".bulk.plaincrm@", 1)


def template_of(message_id: str) -> str | None:
    """The (slugged) template whose once-id this is; None for an id of somebody else's."""
    found = _ID.fullmatch(message_id.strip())
    return found["template"] if found else None


def hash_of(message_id: str) -> str:
    """The hash in an id of this program; empty for an id of somebody else's."""
    found = _ID.fullmatch(message_id.strip())
    return found["hash"] if found else ""


def answers_line(ids: Iterable[str]) -> str:
    """The line by which the log keeps which mail of ours another one answers: `answers HASH`.

    `ids` are those that it names, the nearest first; empty where none is of this program.
    """
    found = next(filter(None, map(hash_of, ids)), "")
    return f"answers {found}" if found else ""


def answered_hash(text: str) -> str:
    """The hash in the id of the mail that an entry's text says it answers; empty without one."""
    found = _ANSWERS.search(text)
    return found["hash"] if found else ""


def without_answer(text: str) -> str:
    """An entry's text without that line."""
    return _ANSWERS.sub("", text)


def _digest(parts: list[str | int]) -> str:
    import hashlib  # with OpenSSL; an id is made far more rarely than one is read

    # JSON escapes what UTF-8 can't hold, and keeps ["a", "bc"] apart from ["ab", "c"].
    return hashlib.sha256(json.dumps(parts).encode("ascii")).hexdigest()[:24]


def _written(digest: str, template: str, domain: str) -> str:
    host = domain if _DOMAIN.fullmatch(domain) else "plaincrm.invalid"
    return f"<{digest}.{slug(template)}.plaincrm@{host}>"


def slug(template: str) -> str:
    """A template's name as it stands in ids."""
    return _UNSAFE.sub("-", template.casefold()).strip("-")[:40] or "mail"
