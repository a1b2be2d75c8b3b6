"""Tables of orders, tasks, activities and hours become entries and tasks of those whom they name."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.test_import_cases import SEED, Run, book

__all__ = ["book"]

TABLES = {
    "orders": (
        (
            "Order number,Date,Customer,Product,Quantity,Total,Currency\n"
            "1001,2026-10-01,Nora Lind,Blue sock,2,60,EUR\n1002,2026-10-05,Berg & Co AB,Hat,1,80,SEK\n"
        ),
        [],
        {
            "contacts/nora-lind.md": ["2026-10-01 order: 60 EUR #1001; 2 x Blue sock 30 EUR"],
            "companies/berg-co-ab.md": ["order: 80 SEK #1002; 1 x Hat 80 SEK"],
        },
    ),
    "unit prices": (
        "Bestelldatum;Kunde;Artikel;Menge;Einzelpreis\n01.10.2026;Nora Lind;Socke;3;2,50\n",
        ["--kind", "order"],
        {"contacts/nora-lind.md": ["order: 7.50 EUR; 3 x Socke 2.50"]},
    ),
    "tasks": (
        (
            "Task,Due date,Status,Priority,Contact\n"
            "Call again,2026-11-30,Not started,High,Nora Lind\nSend it,2026-11-01,Completed,,Omar Saleh\n"
        ),
        [],
        {
            "contacts/nora-lind.md": ["- [ ] Call again due:2026-11-30 pri:high"],
            "contacts/omar-saleh.md": ["- [x] Send it due:2026-11-01"],
        },
    ),
    "invoices": (
        (
            "Rechnungsnummer;Rechnungsdatum;Kunde;Betrag;Fällig am;Bezahlt\n"
            "2026-031;02.11.2026;Nora Lind;1.200,00 €;16.11.2026;ja\n"
            "2026-032;03.11.2026;Omar Saleh;800,00 €;17.11.2026;nein\n"
        ),
        [],
        {
            "contacts/nora-lind.md": ["- [x] invoice 2026-031 1200 EUR due:2026-11-16"],
            "contacts/omar-saleh.md": ["- [ ] invoice 2026-032 800 EUR due:2026-11-17"],
        },
    ),
    "activities of HubSpot": (
        (
            "Activity Type,Activity Date,Notes/Description,Call/Meeting Title/Subject,Call Outcome,"
            "Task Status,Task Due Date,Associated Contact Email\n"
            "Task,2026-11-12 10:00,,Call again,,Not started,2026-11-30,nora@lind.example\n"
            "Call,2026-11-13 10:00,Long talk,Prices,Connected,,,nora@lind.example\n"
            "Incoming email,2026-11-14 10:00,Yes,Re: Offer,,,,nora@lind.example\n"
        ),
        [],
        {
            "contacts/nora-lind.md": [
                "- [ ] Call again due:2026-11-30",
                "2026-11-13 10:00 call: Prices",
                "Outcome: Connected.",
                "2026-11-14 10:00 email in: Re: Offer",
            ]
        },
    ),
    "attendance": (
        (
            "Attendee,Email,Event,Join time,Time in session\n"
            "Nora Lind,nora@lind.example,Webinar on felt,2026-11-03 14:00,50 min\n"
        ),
        ["--kind", "log"],
        {"contacts/nora-lind.md": ["2026-11-03 14:00 note: Webinar on felt", "Duration: 50 min."]},
    ),
    "hours": (
        "Datum;Kunde;Tätigkeit;Dauer;Notiz\n03.11.2026;Nora Lind;Entwurf;2,5;erste Runde\n",
        ["--kind", "time"],
        {"contacts/nora-lind.md": ["2026-11-03 note: erste Runde", "Duration: 2,5."]},
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_rows_become_entries_and_tasks(
    name: str, book: Run, shared_cases: Path, tmp_path: Path
) -> None:
    text, options, files = TABLES[name]
    assert book("import", str(shared_cases / "import" / SEED), "-y").code == 0
    path = tmp_path / "t.csv"
    path.write_text(text)
    ran = book("import", str(path), "-y", *options)
    assert ran.code == 0, ran.err
    for file, texts in files.items():
        said = (tmp_path / "book" / file).read_text()
        assert all(each in said for each in texts), f"{said}\n{ran.err}"
    again = book("import", str(path), "-y", "--json", *options).json
    assert again["created"] == 0 and again["unchanged"] == len(text.strip().split("\n")) - 1


FORMS = {
    "google": (
        "f.csv",
        (
            "Timestamp,Name,Email,Message\n"
            "2026/11/19 9:00:00 AM GMT+1,Gina,g@x.example,Please call me\n"
        ),
        ["2026-11-19 09:00+01:00 message in: Please call me"],
    ),
    "a time that nobody can read": (
        "f.csv",
        "Timestamp,Name,Email,Message\nlast Tuesday,Gina,g@x.example,Please call me\n",
        ["2026-11-21 message in: Please call me", "Timestamp: last Tuesday"],
    ),
    "all answers": (
        "f.csv",
        (
            "Submitted at,Your name,Email,How did you hear of us?,Message\n"
            "2026-11-19,Gina,g@x.example,A friend,Call me\n"
        ),
        ["message in: Call me", "How did you hear of us?: A friend"],
    ),
    "formspree": (
        "f.json",
        '{"name": "Gina", "email": "g@x.example", "message": "Call me", "budget": "500"}',
        ["message in: Call me", "budget: 500"],
    ),
    "tally": (
        "f.json",
        (
            '{"data": {"createdAt": "2026-11-19T09:00:00Z", "fields": ['
            '{"label": "Name", "value": "Gina"}, {"label": "Email", "value": "g@x.example"},'
            '{"label": "Services", "value": ["a"], "options": [{"id": "a", "text": "Signs"}]}]}}'
        ),
        ["Services: Signs"],
    ),
}


@pytest.mark.parametrize("name", FORMS)
def test_a_form_is_a_lead_with_all_that_they_wrote(name: str, book: Run, tmp_path: Path) -> None:
    file, text, texts = FORMS[name]
    (tmp_path / file).write_text(text)
    ran = book("import", str(tmp_path / file), "-y")
    assert ran.code == 0, ran.err
    said = (tmp_path / "book" / "contacts" / "gina.md").read_text()
    assert all(each in said for each in ("status: lead", *texts)), f"{said}\n{ran.err}"


def test_two_columns_that_are_mapped_to_the_text_are_both_in_it(
    book: Run, shared_cases: Path, tmp_path: Path
) -> None:
    assert book("import", str(shared_cases / "import" / SEED), "-y").code == 0
    path, mapping = tmp_path / "a.csv", tmp_path / "a.yaml"
    path.write_text("When,Who,First,Second,Extra\n2026-11-02,Nora Lind,Blue,Green,Red\n")
    mapping.write_text(
        "kind: log\ncolumns:\n  When: at\n  Who: contact@name\n  First: text\n  Second: text\n"
    )
    ran = book("import", str(path), "--map", str(mapping), "-y", "--json")
    said = (tmp_path / "book" / "contacts" / "nora-lind.md").read_text()
    assert "note: Blue" in said and "Green" in said
    assert [(each["what"], each["count"]) for each in ran.json["unplaced"]] == [("column Extra", 1)]


def test_what_an_entry_has_no_room_for_is_told(
    book: Run, shared_cases: Path, tmp_path: Path
) -> None:
    assert book("import", str(shared_cases / "import" / SEED), "-y").code == 0
    path = tmp_path / "a.csv"
    path.write_text(
        "Date,Type,Contact,Notes,Amount,Mood\n2026-11-02,Call,Nora Lind,Blue,12 EUR,good\n"
    )
    found = book("import", str(path), "--kind", "log", "-y", "--json").json
    told = [(each["line"], each["what"], each["text"]) for each in found["unplaced"]]
    assert told == [(2, "amount", "12 EUR"), (2, "mood", "good")]


def test_a_second_amount_stays_as_a_field_of_its_own(book: Run, tmp_path: Path) -> None:
    path, mapping = tmp_path / "a.csv", tmp_path / "a.yaml"
    path.write_text("Deal,Sum,Offer\nLogo,100 EUR,250 EUR\n")
    mapping.write_text("kind: deal\ncolumns:\n  Deal: name\n  Sum: value\n  Offer: value\n")
    assert book("import", str(path), "--map", str(mapping), "-y").code == 0
    said = (tmp_path / "book" / "deals" / "logo.md").read_text()
    assert "value: 100 EUR" in said and "offer: 250 EUR" in said
