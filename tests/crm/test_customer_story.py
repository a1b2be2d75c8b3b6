"""What the card of a ticket tells of the customer."""

from __future__ import annotations

from plaincrm.crm.customer_story import CustomerStory, story
from tests.conftest import Crm
from tests.contexts import context

FILES = {
    "companies/big.md": "---\nname: Big Ltd\n---\nPays late.\n\n## Log\n- 2026-05-01 order: 300 EUR poster\n",
    "contacts/kim.md": "---\nname: Kim\ncompany: big\n---\n## Log\n- 2026-11-02 call: Wants it blue\n",
    "contacts/lee.md": "---\nname: Lee\ncompany: big\n---\n## Log\n- 2026-11-09 meeting: Saw the proofs\n",
    "contacts/stranger.md": "---\nname: Stranger\n---\n## Log\n- 2026-11-12 call: Hello\n",
    "deals/poster.md": "---\nname: Poster\ncompany: big\nstage: won\nvalue: 900\n---\n"
    "- [x] invoice 2026-001 900 EUR due:2026-06-01 done:2026-06-03\n",
    "tickets/now.md": "---\nsubject: Now\ncontact: kim\nstatus: open\n---\n## Log\n- 2026-11-20 reply in: Help\n",
    "tickets/old.md": "---\nsubject: Old\ncontact: kim\nstatus: solved\nopened: 2026-03-01\ncsat: 4\n---\n",
    "tickets/newer.md": "---\nsubject: Newer\ncompany: big\nstatus: closed\nopened: 2026-08-01\n---\n",
    "tickets/other.md": "---\nsubject: Other\ncontact: stranger\nstatus: solved\n---\n",
    "tickets/waiting.md": "---\nsubject: Waiting\ncompany: big\nstatus: pending\n---\n",
    "tickets/nobody.md": "---\nsubject: Nobody\nstatus: new\n---\n",
}


def of(id: str) -> CustomerStory | None:
    here = context(FILES)
    ticket = here.store.get("ticket", id)
    assert ticket is not None
    return story(ticket, here)


def test_it_tells_of_the_person_and_of_the_company_and_of_nobody_else() -> None:
    found = of("now")
    assert found is not None
    assert found.who.ref == "company/big"
    assert [each.id for each in found.earlier] == ["newer", "old"]
    assert [(str(s.money), s.record) for s in found.sales] == [
        ("900 EUR", "deal/poster"),
        ("300 EUR", "company/big"),
    ]
    assert [(each.id, text) for each, text in found.notes] == [("big", "Pays late.")]
    assert [row.entry.text for row in found.said] == ["Saw the proofs", "Wants it blue"]
    assert found.health.figure.terms
    assert [each.id for each in found.deals] == ["poster"]
    assert [each.id for each in found.waiting] == ["waiting"]


def test_a_ticket_of_nobody_has_no_story() -> None:
    assert of("nobody") is None


def test_the_card_of_a_ticket_has_it(crm: Crm) -> None:
    shown = crm("show", "login-broken-k7m2").out
    for part in ("health 8 of 10", "Earlier tickets  2 tickets", "Last words", "Notes on Zahnarzt"):
        assert part in shown
    assert "Earlier tickets" not in crm("show", "login-broken-k7m2", "--brief").out


def test_a_mail_that_stands_in_two_logs_was_said_once() -> None:
    mail = "## Log\n- 2026-11-10 email out: Sent <1@x.example>\n"
    here = context(
        {
            "contacts/kim.md": f"---\nname: Kim\n---\n{mail}- 2026-11-02 call: Blue\n",
            "deals/poster.md": f"---\nname: Poster\ncontact: kim\n---\n{mail}",
            "tickets/now.md": "---\nsubject: Now\ncontact: kim\n---\n",
        }
    )
    ticket = here.store.get("ticket", "now")
    assert ticket is not None
    found = story(ticket, here)
    assert found is not None
    assert [row.entry.message_id for row in found.said] == ["<1@x.example>", ""]


def test_json_has_the_whole_story_and_a_ticket_of_nobody_none(crm: Crm) -> None:
    (shown,) = crm("show", "login-broken-k7m2", "--json").json["results"]
    told = shown["story"]
    assert told["customer"] == "company/lumen-dental"
    assert (told["health"]["value"], len(told["health"]["terms"])) == (8, 5)
    assert [each["record"] for each in told["deals"]] == [
        "deal/lumen-retainer",
        "deal/lumen-signage",
    ]
    assert told["deals"][1]["value"] == {"amount": 3200, "currency": "EUR", "per": None}
    assert [each["csat"] for each in told["earlier"]] == [3, 4]
    assert (told["sales"]["n"], told["sales"]["total"]) == (1, {"EUR": 1500})
    assert told["notes"][0]["record"] == "company/lumen-dental"
    assert told["said"][0]["record"] == "contact/petra-quast"
    crm("set", "login-broken-k7m2", "contact=", "company=")
    assert crm("show", "login-broken-k7m2", "--json").json["results"][0]["story"] is None
    assert "story" not in crm("show", "samira-haddad", "--json").json["results"][0]
