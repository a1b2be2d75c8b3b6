"""Once-ids: the same template, campaign (or subject) and contact always give the same e-mail id.

Whoever has the id in the log or in the outbox already got the mail; a second run writes nobody
twice.
"""

from __future__ import annotations

import hashlib
import json
import re

_ID = re.compile(r"<(?P<hash>[0-9a-f]{24})\.(?P<template>[a-z0-9-]+)\.plaincrm@[^<>\s]+>")
_UNSAFE = re.compile(r"[^a-z0-9]+")
_DOMAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")


def once_id(*, template: str, contact: str, campaign: str, domain: str, again: int = 0) -> str:
    """The e-mail's id, as `<HASH.TEMPLATE.plaincrm@DOMAIN>`, fit for a Message-ID header.

    `campaign` is the campaign's name, else the rendered subject; `contact` the contact's id.
    `again` counts deliberate repetitions, each with an id of its own.
    """
    parts = [template, campaign, contact, *([again] if again else [])]
    # JSON escapes what UTF-8 can't hold, and keeps ["a", "bc"] apart from ["ab", "c"].
    digest = hashlib.sha256(json.dumps(parts).encode("ascii")).hexdigest()[:24]
    host = domain if _DOMAIN.fullmatch(domain) else "plaincrm.invalid"
    return f"<{digest}.{_slug(template)}.plaincrm@{host}>"


def template_of(message_id: str) -> str | None:
    """The (slugged) template whose once-id this is; None for an id of somebody else's."""
    found = _ID.fullmatch(message_id.strip())
    return found["template"] if found else None


def _slug(template: str) -> str:
    return _UNSAFE.sub("-", template.casefold()).strip("-")[:40] or "mail"
