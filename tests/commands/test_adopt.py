"""`plaincrm adopt`: a book of notes that were there before, and no note touched."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plaincrm.crm.adoption import propose
from plaincrm.crm.adoption_settings import settings_text
from tests.conftest import Ran, run_in

OBSIDIAN = {
    "People/Ada Byron.md": "---\nemail: ada@acme.example\ncompany: Acme GmbH\nmobile: +49 151 1234567\n"
    "---\n# Ada\n\nMet at the fair.\n",
    "People/Grace Hopper.md": "---\ne-mail: grace@navy.example\ntags: [vip]\n---\n",
    "People/Only text.md": "Somebody I met.\n",
    "Companies/Acme GmbH.md": "---\nhomepage: https://acme.example\nsector: Tools\n---\n",
    "Daily/2026-11-20.md": "---\nmood: fine\n---\nWalked.\n",
    "Index.md": "[[Ada Byron]]\n",
    ".obsidian/workspace.md": "---\nname: nothing\n---\n",
}
PLAIN_TEXT_CRM = {
    "contacts/ada.md": "---\r\nfirst_name: Ada\r\nlast_name: Byron\r\nemail: ada@acme.example\r\n"
    "status: active\r\n---\r\nNotes\r\n",
    "contacts/bob.md": "---\nfirst_name: Bob\nlast_name: van Dyk\nstatus: dormant\n---\n",
    "contacts/Eve.md": "---\nemail: eve@x.example\n---\n",
    "opportunities/site.md": "---\ntitle: Web site\namount: 12000   # net\ncurrency: USD\n"
    "stage: negotiation\nexpected_close_date: 2026-12-15\ncontact: ada\n---\n",
    "opportunities/shop.md": "---\ntitle: Shop\namount: 3000\ncurrency: USD\nstage: closed-won\n"
    "expected_close_date: 2026-10-01\n---\n",
    "opportunities/old.md": "---\ntitle: Old\namount: 10\ncurrency: USD\nstage: closed-lost\n---\n",
    "activities/2026-11-01 call.md": "---\ncontacts: [ada]\ndate: 2026-11-01\n---\nTalked.\n",
}
BY_TYPE = {
    "kb/who/Ada.md": "---\ntype: person\nfull name: Ada Byron\nmail: ada@x.example\n---\n",
    "kb/who/Bob.md": "---\ntype: person\nfull name: Bob Dyk\n---\n",
    "kb/firms/Acme.md": "---\ntags: [company]\nname: Acme\n---\n",
    "kb/notes/Idea.md": "---\ntype: idea\n---\n",
    "kb/mixed/Eve.md": "---\ntype: person\n---\n",
    "kb/mixed/Plan.md": "---\ntype: plan\n---\n",
}
GERMAN = {
    "01 Kunden/Jörg Müller.md": "---\nVorname: Jörg\nNachname: Müller\nTelefon: 030 1234567\n"
    "Ort: Köln\nPLZ: 02142\n---\n",
    "02 Firmen/Müller & Söhne.md": "---\nFirma: Müller & Söhne\nBranche: Bau\n---\n",
    "03 Aufträge/Dach.md": "---\nAuftrag: Dach\nAuftragswert: 1.250,50 EUR\nPhase: Verhandlung\n---\n",
    "03 Aufträge/Tor.md": "---\nAuftrag: Tor\nAuftragswert: 800 EUR\nPhase: Gewonnen\n---\n",
}
LINKED = {
    "Clients/Ada Byron.md": '---\ncompany: "[[Firms/Acme GmbH|Acme]]"\ntags: [vip]\n---\nSee [[Firms/Acme GmbH]].\n',
    "Clients/Former/Grace Hopper.md": "---\ncompany: [[Navy]]\n---\n",
    "People/Bob Dyk.md": '---\ncompany: "[[Acme GmbH]]"\n---\n',
    "Firms/Acme GmbH.md": "---\nwebsite: https://acme.example\n---\n",
    "Organisations/Navy.md": "",
    "Deals/Site.md": '---\ncontact:\n  - "[[Ada Byron]]"\n  - "[[People/Bob Dyk|Bob]]"\nvalue: 900\n---\n',
    "Meeting notes/2026-11-02 Kickoff.md": '---\nattendees: ["[[Ada Byron]]", "[[Bob Dyk]]"]\n---\n'
    "We spoke of scope.\n",
    "Meeting notes/2026-11-09 Telefonat mit Grace.md": '---\nattendees: "[[Grace Hopper|Grace]]"\n---\n',
    "Meeting notes/Agenda.md": "---\nattendees:\n---\nA blank form.\n",
}
"""Several folders of one kind, wiki links in each form, notes of meetings."""
MIXED = {
    "Notes/Ada.md": "---\ntype: person\nemail: ada@x.example\nfirm: '[[Acme]]'\n---\n",
    "Notes/Acme.md": "---\ntype: company\n---\n",
    "Notes/Idea.md": "---\ntype: idea\n---\nNothing of a record.\n",
    "Notes/Plain.md": "No front matter.\n",
    "Notes/Roof.md": "---\ntype: deal\nstage: offer\namount: 1200\ncontact: '[[Ada]]'\n---\n",
    "Notes/2026-11-20 Besprechung.md": "---\ntags: [crm/meeting]\nwith: '[[Ada]]'\n---\n",
    "Journal/2026-11-19.md": "---\ntags: journal\n---\nWalked.\n",
    "Zettel/Bob.md": "---\ntags:\n  - crm/person\n---\n",
    "Zettel/Thought.md": "---\ntags: [thought]\n---\n",
}
"""All in few folders, told apart by `type:` or a tag."""
FLAT = {
    "Ada Byron.md": "---\ntype: person\nemail: ada@x.example\ncompany: '[[Acme GmbH]]'\n---\nMet.\n",
    "Björn Łoś.md": "---\ntags: [person, vip]\n---\n",
    "Acme GmbH.md": "---\ntype: company\nhomepage: https://acme.example\n---\n",
    "Roof.md": "---\ntype: deal\nstage: offer\namount: 1200   # net\ncontact: '[[Ada Byron]]'\n---\n",
    "2026-11-19 Anruf Ada.md": "---\ntype: call\nwith: '[[Ada Byron]]'\n---\nScope.\n",
    "README.md": "# My notes\n",
    "Idea.md": "---\ntype: idea\n---\n",
    "Attic/Old.md": "---\nmood: fine\n---\n",
    "Templates/Person.md": "---\ntype: person\n---\n",
}
"""No folders: all in one, told apart by `type:` or a tag."""
LOGSEQ = {
    "pages/Ada Byron.md": "type:: [[Person]]\nemail:: ada@x.example, ada@old.example\n"
    "company:: [[Acme GmbH]]\ntags:: #vip, [[Big fish]]\n\n- Met at the fair.\n\t- Likes tea.\n",
    "pages/Bob Dyk.md": "- type:: [[Person]]\r\n  Telefon:: +49 30 1234567\r\n- TODO send the book\r\n",
    "pages/Acme GmbH.md": "- type:: [[Company]]\n- homepage:: https://acme.example\n- Tools.\n",
    "pages/Roof.md": "type:: deal\nstage:: offer\namount:: 1200 EUR\ncontact:: [[Ada Byron]], [[Bob Dyk]]\n",
    "pages/Anruf Ada.md": "type:: [[call]]\ndate:: 2026-11-19\nwith:: [[Ada Byron]]\n\n- Scope\n",
    "pages/Tea.md": "- A drink.\n- source:: [[Ada Byron]]\n",
    "journals/2026_11_20.md": "- met [[Ada Byron]]\n",
    "logseq/config.md": "Nothing.\n",
}
"""Logseq: `key:: value` at the top of a page, as lines, as one block, as bullets."""
VAULTS = {
    "logseq": LOGSEQ,
    "flat": FLAT,
    "obsidian": OBSIDIAN,
    "plain": PLAIN_TEXT_CRM,
    "by type": BY_TYPE,
    "german": GERMAN,
    "linked": LINKED,
    "mixed": MIXED,
}


class Vault:
    def __init__(self, root: Path, notes: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.root, self.monkeypatch = root, monkeypatch
        for path, text in notes.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(text.encode())

    def __call__(self, *words: str) -> Ran:
        return run_in(self.monkeypatch, self.root, list(words))

    def files(self) -> dict[str, bytes]:
        every = (path for path in self.root.rglob("*") if path.is_file())
        return {path.relative_to(self.root).as_posix(): path.read_bytes() for path in every}


@pytest.fixture
def vault(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Vault:
    return Vault(tmp_path / "vault", VAULTS[request.param], monkeypatch)


def named(name: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("vault", [name], indirect=True)


@pytest.mark.parametrize("vault", list(VAULTS), indirect=True)
def test_only_the_settings_are_written_and_no_error_comes_of_them(vault: Vault) -> None:
    before = vault.files()
    assert vault("adopt", "-y").code == 0
    checked = vault("check", "--json")
    assert [each for each in checked.json["results"] if each["level"] == "error"] == []
    for words in (["list", "contacts"], ["pipeline"], ["today"], ["list", "companies"]):
        assert vault(*words).code == 0
    after = vault.files()
    assert after.pop("plaincrm.yaml")
    assert after == before


@named("obsidian")
def test_folders_and_file_names_say_who_is_who(vault: Vault) -> None:
    vault("adopt", "-y")
    people = vault("list", "contacts", "--json").json["results"]
    assert {each["fields"]["name"] for each in people} == {"Ada Byron", "Grace Hopper", "Only text"}
    found = vault("list", "contacts", "company.industry:Tools", "--json").json["results"]
    assert [each["fields"]["name"] for each in found] == ["Ada Byron"]
    assert vault("list", "contacts", "email:grace@navy.example", "--json").json["results"]


@named("plain")
def test_edits_go_back_under_the_keys_of_the_file(vault: Vault) -> None:
    vault("adopt", "-y")
    before = vault.files()
    assert vault("set", "deal/site", "value=13000", "close_date=2026-12-04").code == 0
    wanted = before["opportunities/site.md"].replace(b"12000", b"13000")
    after = vault.files()
    assert after["opportunities/site.md"] == wanted.replace(b"2026-12-15", b"2026-12-04")
    assert {path for path in after if after[path] != before.get(path)} == {"opportunities/site.md"}
    assert vault("set", "contact/ada", "name=Ada Lovelace").code == 0
    assert b"\r\nlast_name: Lovelace\r\n" in vault.files()["contacts/ada.md"]


@named("plain")
def test_stages_money_and_status_are_read_as_found(vault: Vault) -> None:
    vault("adopt", "-y")
    deals = vault("list", "deals", "--json").json["results"]
    assert {each["fields"]["name"] for each in deals} == {"Web site", "Shop", "Old"}
    won = vault("list", "deals", "stage:closed-won value:2000..", "--json").json["results"]
    assert [each["fields"]["name"] for each in won] == ["Shop"]
    said = vault("pipeline").out
    assert "12,000 USD" in said
    assert vault("list", "contacts", "status:dormant", "--json").json["results"]
    (call,) = vault("list", "log", "--json").json["results"]
    assert (call["record"], call["with"]) == ("activity/2026-11-01 call", ["ada"])


@named("plain")
def test_a_problem_is_told_at_the_key_of_the_file(vault: Vault) -> None:
    vault("adopt", "-y")
    path = vault.root / "opportunities" / "site.md"
    path.write_text(path.read_text().replace("12000", "a lot"))
    assert "opportunities/site.md:3:9" in vault("check").out


@named("by type")
def test_folders_whose_notes_all_name_a_kind_are_it(vault: Vault) -> None:
    ran = vault("adopt", "-y")
    assert "those that say person in type: or a tag" in ran.err
    people = vault("list", "contacts", "--json").json["results"]
    assert {each["fields"]["name"] for each in people} == {"Ada Byron", "Bob Dyk", "Eve"}


def ids(vault: Vault, *words: str) -> list[str]:
    return vault("list", *words, "--ids").out.split("\n")[:-1]


@named("linked")
def test_several_folders_of_a_kind_and_wiki_links_in_each_form(vault: Vault) -> None:
    vault("adopt", "-y")
    assert len(ids(vault, "contacts")) == 3
    acme = ["contact/Ada Byron", "contact/Bob Dyk"]
    assert ids(vault, "contacts", "company:Acme GmbH") == acme
    assert ids(vault, "companies", "contacts.count:1") == ["company/Navy"]
    assert ids(vault, "contacts", "deals.count:1") == acme
    assert vault("rename", "company/Acme GmbH", "Acme AG").code == 0
    after = vault.files()
    assert b'company: "[[Firms/acme-ag|Acme]]"\n' in after["Clients/Ada Byron.md"]
    assert b'company: "[[acme-ag]]"\n' in after["People/Bob Dyk.md"]
    assert "Firms/acme-ag.md" in after
    vault("add", "contact", "Neu Er")
    assert "Clients/neu-er.md" in vault.files()


@named("linked")
def test_notes_of_meetings_are_entries_of_those_whom_they_name(vault: Vault) -> None:
    before = vault.files()
    ran = vault("adopt", "-y")
    assert "Meeting notes/ → activities: 3 notes, entries of the log of those they name" in ran.err
    log = vault("list", "log", "--json").json["results"]
    assert [(each["at"], each["type"], each["with"], each["text"]) for each in log] == [
        ("2026-11-09", "call", ["Grace Hopper"], "Telefonat mit Grace"),
        ("2026-11-02", "meeting", ["Ada Byron", "Bob Dyk"], "Kickoff"),
    ]
    assert ids(vault, "contacts", "last_touch:2026-11-02") == [
        "contact/Ada Byron",
        "contact/Bob Dyk",
    ]
    assert ids(vault, "companies", "last_touch:2026-11-09") == ["company/Navy"]
    again = ids(vault, "contacts", "last_touch:2026-11-09")  # from the cache now
    assert again == ["contact/Grace Hopper"]
    (vault.root / "Meeting notes/2026-11-12 call.md").write_text(
        "---\nattendees: '[[Bob Dyk]]'\n---\n"
    )
    assert ids(vault, "contacts", "last_touch:2026-11-12") == ["contact/Bob Dyk"]
    assert all(vault.files()[path] == data for path, data in before.items())


@named("mixed")
def test_kinds_in_one_folder_are_told_apart_by_what_the_notes_say(vault: Vault) -> None:
    vault("adopt", "-y", "--git")
    assert ids(vault, "contacts") == ["contact/Ada", "contact/Bob"]
    assert ids(vault, "companies") == ["company/Acme"]
    assert ids(vault, "deals", "stage:offer value:1200") == ["deal/Roof"]
    assert ids(vault, "contacts", "last_touch:2026-11-20") == ["contact/Ada"]
    assert ids(vault, "companies", "contacts.count:1") == ["company/Acme"]
    assert vault("move", "deal/Roof", "won").code == 0
    assert vault("history", "deal/Roof").code == 0
    roof = vault.files()["Notes/Roof.md"]
    assert b"stage: won\n" in roof and b"type: deal\n" in roof and b"stage: offer -> won" in roof
    idea = vault.root / "Notes/Idea.md"
    idea.write_text(idea.read_text().replace("idea", "person"))
    assert "contact/Idea" in ids(vault, "contacts")
    assert vault("add", "contact", "New One").code == 0
    assert "contact/new-one" in ids(vault, "contacts")
    assert vault("undo").code == 0
    assert "contact/new-one" not in ids(vault, "contacts")
    assert vault("check").code == 0


@named("logseq")
def test_properties_of_logseq_are_fields_and_edits_go_back_into_them(vault: Vault) -> None:
    ran = vault("adopt", "-y", "--git")
    assert "phone ← Telefon (+49 30 1234567)" in ran.err
    assert ids(vault, "contacts") == ["contact/Ada Byron", "contact/Bob Dyk"]
    assert ids(vault, "contacts", "email:ada@old.example", "+vip") == ["contact/Ada Byron"]
    assert ids(vault, "companies", "contacts.count:1") == ["company/Acme GmbH"]
    assert ids(vault, "contacts", "last_touch:2026-11-19") == ["contact/Ada Byron"]
    assert ids(vault, "deals", "stage:offer value:1200") == ["deal/Roof"]
    before = vault.files()
    assert vault("set", "contact/Bob Dyk", "phone=+49 30 7654321", "city=Köln").code == 0
    bob = before["pages/Bob Dyk.md"].replace(b"1234567", b"7654321")
    bob = bob.replace(b"- TODO", "  city:: Köln\r\n- TODO".encode())
    assert vault.files()["pages/Bob Dyk.md"] == bob
    assert vault("set", "contact/Ada Byron", "tags+=new").code == 0
    assert vault("set", "company/Acme GmbH", "website=https://acme.test").code == 0
    assert b"- homepage:: https://acme.test\n- Tools" in vault.files()["pages/Acme GmbH.md"]
    assert vault("move", "deal/Roof", "won").code == 0
    assert b"stage:: won\n" in vault.files()["pages/Roof.md"]
    assert vault("log", "contact/Ada Byron", "call", "Tea").code == 0
    assert vault("rename", "company/Acme GmbH", "Acme AG").code == 0
    ada = vault.files()["pages/Ada Byron.md"]
    assert b"company:: [[acme-ag]]\ntags:: #vip, [[Big fish]], new\n\n- Met" in ada
    assert b"call: Tea" in ada and b"---" not in ada
    refused = vault("set", "contact/Bob Dyk", "email.work=b@x.example")
    assert refused.code != 0 and "is a map, and a property holds none" in refused.err
    found = vault("history", "contact/Bob Dyk", "--json").json["results"]
    assert {each["field"] for each in found} >= {"phone", "city"}
    assert vault("check").code == 0
    assert vault.files()["pages/Tea.md"] == before["pages/Tea.md"]


@named("flat")
def test_notes_that_lie_in_no_folder(vault: Vault) -> None:
    ran = vault("adopt", "-y", "--git")
    assert "./ → contacts: 2 notes" in ran.err
    assert ids(vault, "contacts") == ["contact/Ada Byron", "contact/Björn Łoś"]
    assert ids(vault, "contacts") == ["contact/Ada Byron", "contact/Björn Łoś"]  # from the cache
    assert ids(vault, "companies", "contacts.count:1") == ["company/Acme GmbH"]
    assert ids(vault, "contacts", "last_touch:2026-11-19") == ["contact/Ada Byron"]
    before = vault.files()
    assert vault("set", "deal/Roof", "value=1300").code == 0
    assert vault.files()["Roof.md"] == before["Roof.md"].replace(b"1200", b"1300")
    assert vault("history", "deal/Roof", "--json").json["results"][0]["to"] == "1300"
    assert vault("add", "contact", "New One").code == 0
    assert vault("rename", "company/Acme GmbH", "Acme AG").code == 0
    after = vault.files()
    assert b"type: person" in after["new-one.md"]
    assert b"company: '[[acme-ag]]'" in after["Ada Byron.md"] and "acme-ag.md" in after
    assert after["README.md"] == before["README.md"]
    assert len(ids(vault, "contacts", "--as-of", "2026-11-21")) == 3
    assert vault("rm", "contact/new-one", "-y").code == 0
    assert vault("undo").code == 0
    assert vault("check").code == 0


@named("flat")
def test_the_folder_of_all_notes_needs_to_be_told_what_is_a_record(vault: Vault) -> None:
    (vault.root / "plaincrm.yaml").write_text("folders: {contact: .}\n")
    assert "types: has to say which notes are contacts" in vault("check").out


@named("german")
def test_german_folders_and_keys(vault: Vault) -> None:
    vault("adopt", "-y")
    people = vault("list", "contacts", "city:Köln", "--json").json["results"]
    assert [each["fields"]["name"] for each in people] == ["Jörg Müller"]
    assert vault("list", "deals", "stage:Gewonnen value:800", "--json").json["results"]
    assert "Gewonnen" in (vault.root / "plaincrm.yaml").read_text("utf-8")


@named("obsidian")
def test_a_dry_run_and_nobody_to_ask_write_nothing(vault: Vault) -> None:
    before = vault.files()
    shown = vault("adopt", "-n")
    assert "contact: People" in shown.out
    assert "Daily/ stays as it is: 1 note" in shown.err
    asked = vault("adopt")
    assert asked.code == 2
    assert "-y does it" in asked.err
    found = vault("adopt", "-n", "--json").json
    assert [(each["kind"], each["count"]) for each in found["kinds"]] == [
        ("contact", 3),
        ("company", 1),
    ]
    assert vault.files() == before


@named("obsidian")
def test_git_begins_only_when_asked_for_and_a_book_is_refused(vault: Vault) -> None:
    assert vault("adopt", "-y", "--git").code == 0
    assert (vault.root / ".git").is_dir()
    again = vault("adopt", "-y")
    assert again.code != 0
    assert "is a book already" in again.err


def test_a_folder_without_people_is_no_book(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.md").write_text("hello")
    ran = run_in(monkeypatch, tmp_path, ["adopt", "-y"])
    assert ran.code == 3
    assert "looks like people" in ran.err
    assert not (tmp_path / "plaincrm.yaml").exists()


NAME = st.text("abcÄß :#-'\"[]{}&*!", min_size=1, max_size=8)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stages=st.lists(NAME, min_size=1, max_size=4), folder=st.sampled_from(["Deals", "7 Deals"]))
def test_any_stage_can_be_read_back(
    tmp_path_factory: pytest.TempPathFactory, stages: list[str], folder: str
) -> None:
    from plaincrm.core.schema.settings_file import parse
    from plaincrm.core.yaml import write

    root = tmp_path_factory.mktemp("vault")
    (root / folder).mkdir()
    for number, stage in enumerate(stages):
        text = write.new_file({"name": "x", "stage": stage})
        (root / folder / f"d{number}.md").write_bytes(text.encode())
    read = parse(settings_text(propose(root), "UTC"))
    assert read.problems == ()
    assert all(read.pipelines["default"].find(stage) for stage in stages)
