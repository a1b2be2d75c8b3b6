from __future__ import annotations

from plaincrm.crm.card import card
from tests.contexts import context

FILES = {
    "contacts/ada.md": (
        "---\nname: Ada\ndiet: vegan\ncompany: engines\nreferred_by: gone\nstatus: customer\n---\n"
        "- [ ] Later\n- [ ] Call due:2026-12-01\n- [x] Sent\n\n## Log\n"
        "- 2026-01-01 call: First\n- 2026-02-01 call: Second\n"
    ),
    "companies/engines.md": "name: Engines",
    "deals/site.md": "name: Site\ncontact: {main: ada}",
    "deals/old.md": "name: Old\ncontact: ada\nstage: won",
    "deals/later.md": "name: Later\ncontact: ada\nstage: parked",
    "tickets/login.md": "subject: Login\ncontact: ada",
}


def test_a_card_has_everything_about_a_record() -> None:
    here = context(FILES)
    ada = here.store.get("contact", "ada")
    assert ada is not None
    found = card(ada, here)
    assert [name for name, _ in found.fields] == [
        "name",
        "company",
        "status",
        "referred_by",
        "diet",
    ]
    assert [(link.field, link.id, link.target is None) for link in found.links] == [
        ("company", "engines", False),
        ("referred_by", "gone", True),
    ]
    assert sorted(source.ref for source, _ in found.backlinks) == [
        "deal/later",
        "deal/old",
        "deal/site",
        "ticket/login",
    ]
    assert [deal.id for deal in found.deals] == ["later", "site"]
    assert [ticket.id for ticket in found.tickets] == ["login"]
    assert [each.task.text for each in found.tasks] == ["Call", "Later"]
    assert all(len(each.handle) >= 3 for each in found.tasks)
    assert [task.text for task in found.done] == ["Sent"]
    assert [entry.text for entry in found.log] == ["Second", "First"]
    assert "last_touch" in found.facts
    assert "is:unpaid" not in found.facts


def test_a_companys_card_has_its_peoples_deals_and_tickets() -> None:
    here = context(FILES)
    engines = here.store.get("company", "engines")
    assert engines is not None
    found = card(engines, here)
    assert [deal.id for deal in found.deals] == ["later", "site"]
    assert [ticket.id for ticket in found.tickets] == ["login"]
