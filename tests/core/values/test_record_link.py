"""Links as ids, and as wiki links of Obsidian and Logseq: both lead to the same record."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaincrm.core.values.record_link import leading_elsewhere, link_id, link_key
from tests.conftest import run_in

IDS = st.text("abÄß .-_'()&09", min_size=1, max_size=12).map(str.strip).filter(bool)
FORMS = (
    "{}",
    "[[{}]]",
    "[[contacts/{}]]",
    "[[a/b c/{}|Any Name]]",
    "[[{}#Calls|x]]",
    "[[{}.md]]",
    "{}|Any Name",
    "contact/{}",
)


@pytest.mark.parametrize("form", FORMS)
@given(id=IDS, other=IDS)
def test_every_form_of_a_link_leads_to_its_id_and_can_lead_elsewhere(
    form: str, id: str, other: str
) -> None:
    written = form.format(id)
    assert link_id(written) == id
    assert leading_elsewhere(written, other) == form.format(other)


@given(st.text(max_size=30))
def test_any_text_is_some_link(text: str) -> None:
    assert link_key(link_key(text)) == link_key(link_key(link_key(text)))
    assert link_id(leading_elsewhere(text, "ada")) == "ada"


WIKI_BOOK = {
    "plaincrm.yaml": "currency: EUR\n",
    "companies/Acme GmbH.md": "---\nname: Acme GmbH\n---\n",
    "contacts/ada.md": '---\nname: Ada\ncompany: "[[Acme GmbH]]"\n---\n\n## Log\n- 2026-11-20 call: Hi\n',
    "contacts/bob.md": "---\nname: Bob\ncompany: [[companies/Acme GmbH|Acme]]  # theirs\n---\n",
    "deals/site.md": '---\nname: Site\ncompany: "[[companies/acme gmbh|Acme]]"\ncontact:\n'
    '  - "[[contacts/ada|Ada]]"\n  - "[[bob]]"\nvalue: 100\nstage: lead\n---\n',
}


@pytest.fixture
def wiki(tmp_path: Path) -> Path:
    for path, text in WIKI_BOOK.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")
    return tmp_path


def test_wiki_links_lead_wherever_ids_do(wiki: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def ids(*words: str) -> list[str]:
        return run_in(monkeypatch, wiki, ["list", *words, "--ids"]).out.split("\n")[:-1]

    assert run_in(monkeypatch, wiki, ["check"]).code == 0
    assert ids("contacts", "company:Acme GmbH") == ["contact/ada", "contact/bob"]
    assert ids("contacts", "company.name:Acme*") == ["contact/ada", "contact/bob"]
    assert ids("deals", "contact:bob") == ["deal/site"]
    assert ids("deals", "company:[[Acme GmbH]]") == ["deal/site"]
    assert ids("companies", "contacts.count:2") == ["company/Acme GmbH"]
    assert ids("contacts", "deals(stage:lead).count:1") == ["contact/ada", "contact/bob"]
    assert ids("companies", "last_touch:2026-11-20") == ["company/Acme GmbH"]
    assert "Acme" in run_in(monkeypatch, wiki, ["show", "[[contacts/ada|Ada]]"]).out


def test_a_rename_is_followed_and_the_link_stays_a_wiki_link(
    wiki: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run_in(monkeypatch, wiki, ["rename", "company/Acme GmbH", "Zeta", "-y"]).code == 0
    assert 'company: "[[zeta]]"\n' in (wiki / "contacts/ada.md").read_text()
    assert "company: [[companies/zeta|Acme]]  # theirs\n" in (wiki / "contacts/bob.md").read_text()
    assert 'company: "[[companies/zeta|Acme]]"\n' in (wiki / "deals/site.md").read_text()
    assert run_in(monkeypatch, wiki, ["rename", "contact/ada", "Ada B", "-y"]).code == 0
    assert '  - "[[contacts/ada-b|Ada]]"\n  - "[[bob]]"\n' in (wiki / "deals/site.md").read_text()
    assert run_in(monkeypatch, wiki, ["rm", "contact/bob", "-y"]).code == 0
    assert "bob" not in (wiki / "deals/site.md").read_text()
    assert run_in(monkeypatch, wiki, ["check"]).code == 0
