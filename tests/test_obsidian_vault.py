"""A book that is an Obsidian vault too: its folders, its forms of properties, its links."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Crm, git

ADA = """---
name: Ada Lovelace
company: "[[analytical-engines]]"
tags:
  - vip
  - newsletter
aliases:
  - Countess
email:
  - ada@x.example
birthday: 1815-12-10
created: 2026-01-05T13:00:00
unsubscribed: false
cssclasses:
  - person
---
Met through [[bob|Bob]] and [[contacts/bob]]; works at [Engines](companies/analytical-engines.md).

![[attachments/contract.pdf]]

## Tasks
- [ ] Call [[bob]] due:2026-12-01

## Log
- 2026-11-01 note: Wrote to [[bob|Bob]].
"""
FILES = {
    "contacts/ada.md": ADA,
    "contacts/bob.md": '---\nname: Bob\nreferred_by: "[[contacts/ada|Ada]]"\n---\n',
    "companies/analytical-engines.md": "---\nname: Analytical Engines\n---\nOwner: [[ada]]\n",
    "deals/site.md": '---\nname: Site\ncontact:\n  - "[[ada]]"\n  - "[[bob|Bob]]"\nvalue: 900\n---\n',
    ".obsidian/app.json": "{}",
    ".obsidian/plugins/x/README.md": "---\nname: No record\n---\n",
    ".trash/ada.md": "---\nname: Thrown away\n---\n",
    "Board.canvas": '{"nodes":[{"id":"1","type":"file","file":"contacts/ada.md"}],"edges":[]}',
    "attachments/contract.pdf": "%PDF-1.4",
    "attachments/note.md": "Only a note.\n",
    "daily/2026-11-21.md": "- [ ] buy milk\n",
    "templates/Contact note.md": "---\nname: {{title}}\ncreated: {{date}}\n---\n",
    "Welcome.md": "[[ada]]\n",
}


@pytest.fixture
def vault(crm: Crm, tmp_path: Path) -> Path:
    crm("init", "vault", cwd=tmp_path)
    root = tmp_path / "vault"
    for path, text in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "The vault")
    return root


def test_folders_of_obsidian_are_no_records(crm: Crm, vault: Path) -> None:
    found = crm("list", "contacts", "--ids", cwd=vault).out.split()
    assert found == ["contact/ada", "contact/bob"]
    problems = crm("check", "--json", cwd=vault).json["results"]
    errors = [each for each in problems if each["level"] == "error"]
    assert errors == [], errors
    tasks = crm("list", "tasks", "--json", cwd=vault).json["results"]
    assert [each["text"] for each in tasks] == ["Call [[bob]]"]


def test_properties_and_links_read_right(crm: Crm, vault: Path) -> None:
    fields = crm("show", "ada", "--json", cwd=vault).json["results"][0]["fields"]
    assert fields["tags"] == ["vip", "newsletter"] and fields["birthday"] == "1815-12-10"
    for query in ("company:analytical-engines", "company.name~Engines", "+vip", "unsubscribed:no"):
        found = crm("list", "contacts", query, "--ids", cwd=vault)
        assert found.out.split() == ["contact/ada"], query
    assert crm("list", "deals", "contact:bob", "--ids", cwd=vault).out.split() == ["deal/site"]
    assert crm("list", "contacts", "referred_by:ada", "--ids", cwd=vault).out.split() == [
        "contact/bob"
    ]
    assert crm("show", "countess", "--json", cwd=vault).json["results"][0]["id"] == "ada"


def test_a_rename_follows_links_and_keeps_their_form(crm: Crm, vault: Path) -> None:
    assert crm("rename", "contact/bob", "Robert Babbage", cwd=vault).code == 0
    text = (vault / "contacts/ada.md").read_text("utf-8")
    deal = (vault / "deals/site.md").read_text("utf-8")
    assert '  - "[[robert-babbage|Bob]]"\n' in deal
    assert crm("rename", "company/analytical-engines", "Engines Ltd", cwd=vault).code == 0
    text = (vault / "contacts/ada.md").read_text("utf-8")
    assert 'company: "[[engines-ltd]]"\n' in text
    # In text the old name goes on working: it is an alias, which Obsidian follows too.
    for name in ("robert-babbage", "engines-ltd"):
        folder = "contacts" if name == "robert-babbage" else "companies"
        held = (vault / folder / f"{name}.md").read_text("utf-8")
        assert "aliases:" in held
    assert crm("check", cwd=vault).code == 0
    assert crm("undo", "2", "-y", cwd=vault).code == 0
    assert (vault / "contacts/ada.md").read_text("utf-8") == ADA


def test_a_write_keeps_everything_else_of_a_note(crm: Crm, vault: Path) -> None:
    assert crm("set", "ada", "job=Countess", cwd=vault).code == 0
    text = (vault / "contacts/ada.md").read_text("utf-8")
    assert text == ADA.replace("birthday:", "job: Countess\nbirthday:", 1) or (
        text.replace("job: Countess\n", "", 1) == ADA
    )
    assert crm("sync", cwd=vault).code != 70
