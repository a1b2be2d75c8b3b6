from __future__ import annotations

import pytest

from plaincrm.core.values.raw import Raw
from plaincrm.marketing.consent import address, refusal, suppression_hash, valid
from plaincrm.marketing.templates.file import Kind

ADA: dict[str, Raw] = {"email": "ada@x.example"}


@pytest.mark.parametrize(
    ("extra", "kind", "reason"),
    [
        ({}, "bulk", None),
        ({"unsubscribed": "true"}, "bulk", "unsubscribed"),
        ({"unsubscribed": "true"}, "personal", None),
        ({"unsubscribed": "maybe?"}, "bulk", "unsubscribed"),
        ({"unsubscribed": "no"}, "bulk", None),
        ({"unsubscribed": ""}, "bulk", None),
        ({"do_not_email": "yes"}, "reply", "do_not_email"),
        ({"do_not_email": ["odd"]}, "personal", "do_not_email"),
        ({"bounced": "ADA@x.example"}, "personal", "bounced"),
        ({"bounced": "yes"}, "personal", "bounced"),
        ({"bounced": "other@x.example"}, "personal", None),
        ({"consent": "withdrawn 2026-01-01"}, "bulk", "no consent"),
        ({"consent": {"newsletter": "no"}}, "bulk", "no consent"),
        ({"consent": "withdrawn"}, "personal", None),
        ({"email": ""}, "personal", "no address"),
        ({"email": "not an address"}, "personal", "invalid address 'not an address'"),
    ],
)
def test_who_may_be_mailed(extra: dict[str, Raw], kind: Kind, reason: str | None) -> None:
    assert refusal(ADA | extra, kind) == reason


def test_the_first_usable_address_is_taken() -> None:
    fields: dict[str, Raw] = {"email": {"work": "odd", "home": "a@x.example", "old": "b@x.example"}}
    assert address(fields) == "a@x.example"
    assert address(fields | {"bounced": ["a@x.example"]}) == "b@x.example"
    assert address({"email": ["c@x.example"]}) == "c@x.example"


def test_suppression_binds_bulk_and_erasure_all() -> None:
    hashes = {suppression_hash(" Ada@X.example")}
    assert refusal(ADA, "bulk", suppressed=hashes) == "address unsubscribed"
    assert refusal(ADA, "personal", suppressed=hashes) is None
    assert refusal(ADA, "reply", erased=hashes) == "erased"


@pytest.mark.parametrize(
    "odd", ["a@b", "a b@c.de", "a@-x.de", "a@b.de\nBcc: c@d.de", ".a@b.de", "ü@b.de", "a@b..de"]
)
def test_odd_addresses_are_invalid(odd: str) -> None:
    assert not valid(odd)
