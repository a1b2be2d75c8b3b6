"""Files of other programs that are no tables: Taskwarrior, todo.txt, org-contacts, Monica."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Ran, git, run_in

BOOK = {
    "plaincrm.yaml": "currency: EUR\n",
    "contacts/ada-byron.md": "---\nname: Ada Byron\n---\n",
    "deals/roof.md": "---\nname: New roof\nstage: lead\n---\n",
    "companies/acme.md": "---\nname: Acme GmbH\n---\n",
}
WARRIOR = [
    {
        "id": 1,
        "description": "Send the  contract",
        "due": "20261205T230000Z",
        "priority": "H",
        "entry": "20261101T080000Z",
        "modified": "20261101T080000Z",
        "status": "pending",
        "project": "acme.roof",
        "uuid": "00000000-0000-0000-0000-000000000001",
        "urgency": 9.1,
        "annotations": [{"entry": "20261102T080000Z", "description": "asked twice"}],
        "wait": "20261201T000000Z",
        "recur": "monthly",
    },
    {
        "id": 0,
        "description": "Called her",
        "entry": "20261001T080000Z",
        "status": "completed",
        "end": "20261003T090000Z",
        "tags": ["ada_byron"],
        "uuid": "00000000-0000-0000-0000-000000000002",
    },
    {
        "id": 0,
        "description": "Gone",
        "entry": "20261001T080000Z",
        "status": "deleted",
        "uuid": "00000000-0000-0000-0000-000000000003",
    },
    {
        "id": 2,
        "description": "Water the plants",
        "entry": "20261001T080000Z",
        "status": "pending",
        "project": "home",
        "uuid": "00000000-0000-0000-0000-000000000004",
    },
]
TODO = """(A) 2026-11-01 Send the contract +roof due:2026-12-05 t:2026-12-01 rec:1m
x 2026-10-03 2026-10-01 Called her @Ada-Byron
Ask, and ask again @acme due:2026-12-24

Water the plants +home
"""
ORG = """#+TITLE: People
* Friends
** Ada Byron                                         :customer:vip:
:PROPERTIES:
:EMAIL: ada@acme.example [[mailto:ada@home.example][home]]
:PHONE: +44 20 7946 0018, +44 7700 900123
:PHONE_WORK: +44 20 7946 0999
:ADDRESS: 12 St James's Square, London
:BIRTHDAY: 1815-12-10
:COMPANY: Acme GmbH
:ICON: ada.png
:END:
Met at the fair <2026-10-01 Thu>.
- [2026-11-02 Mon] wants Norwegian too
** TODO Jörg Müller
   :PROPERTIES:
   :EMAIL:    joerg@weiss.example
   :END:
"""
FIELD_TYPES = [
    {"uuid": "t-mail", "properties": {"name": "Email", "type": "email"}},
    {"uuid": "t-phone", "properties": {"name": "Phone", "type": "phone"}},
    {"uuid": "t-site", "properties": {"name": "LinkedIn"}},
]


def collection(kind: str, *values: Any) -> dict[str, Any]:
    return {"count": len(values), "type": kind, "values": list(values)}


def value(**properties: Any) -> dict[str, Any]:
    return {"created_at": "2025-05-06T10:00:00Z", "updated_at": None, "properties": properties}


MONICA = {
    "version": "1.0-preview.1",
    "app_version": "4.0.0",
    "export_date": "2026-01-01T00:00:00Z",
    "account": {
        "uuid": "acc",
        "data": [
            collection("user", value(name="Me")),
            collection(
                "contact",
                {
                    "uuid": "c-1",
                    "created_at": "2025-01-02T00:00:00Z",
                    "properties": {
                        "first_name": "Ada",
                        "last_name": "Byron",
                        "job": "Analyst",
                        "company": "Acme GmbH",
                        "tags": ["vip"],
                        "stay_in_touch_frequency": 30,
                        "birthdate": {"date": "1815-12-10T00:00:00Z", "is_year_unknown": True},
                        "description": "Met at the fair.",
                    },
                    "data": [
                        collection(
                            "call",
                            value(
                                called_at="2025-06-07T00:00:00Z",
                                content="Wants it",
                                contact_called=True,
                            ),
                        ),
                        collection(
                            "contact_field",
                            value(data="ada@acme.example", type="t-mail"),
                            value(data="+44 20 7946 0018", type="t-phone"),
                            value(data="https://l.example/ada", type="t-site"),
                        ),
                        collection("note", value(body="Likes tea")),
                        collection("task", value(title="Send it", completed=False)),
                        collection("address", value(street="1 Road", city="London", country="GB")),
                        collection("pet", value(name="Rex")),
                        collection("activity", "a-1"),
                    ],
                },
                {"uuid": "c-2", "properties": {"first_name": "Child", "is_partial": True}},
            ),
            collection(
                "activity",
                {"uuid": "a-1", "properties": {"summary": "Lunch", "happened_at": "2025-07-08"}},
            ),
        ],
        "instance": {"contact_field_types": FIELD_TYPES},
    },
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for path, text in BOOK.items():
        (tmp_path / "book" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "book" / path).write_text(text, "utf-8")
    return tmp_path / "book"


def imported(root: Path, name: str, text: str) -> Ran:
    file = root.parent / name
    file.write_text(text, "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        return run_in(patch, root, ["import", str(file), "-y", "--json"])


def text(root: Path, path: str) -> str:
    return (root / path).read_text("utf-8")


@pytest.mark.parametrize("lines", [False, True])
def test_tasks_of_taskwarrior_go_to_the_records_that_they_name(root: Path, lines: bool) -> None:
    export = "\n".join(map(json.dumps, WARRIOR)) if lines else json.dumps(WARRIOR)
    ran = imported(root, "tasks.json", export)
    actions = [row["action"] for row in ran.json["results"]]
    assert sorted(actions) == ["created", "created", "rejected", "skipped"]
    assert "- [ ] Send the contract due:2026-12-05 rec:1m t:2026-12-01 pri:high" in text(
        root, "deals/roof.md"
    )
    assert "- [x] Called her done:2026-10-03" in text(root, "contacts/ada-byron.md")
    assert unplaced(ran) == [
        ("entry", "2026-11-01"),
        ("annotations", "asked twice"),
        ("entry", "2026-10-01"),
    ]
    again = imported(root, "tasks.json", export)
    assert again.json["created"] == 0 and again.json["unchanged"] == 2


def test_lines_of_todo_txt(root: Path) -> None:
    ran = imported(root, "todo.txt", TODO)
    assert [row["action"] for row in ran.json["results"] if row["line"] == 5] == ["rejected"]
    assert "- [ ] Send the contract +roof due:2026-12-05 rec:1m t:2026-12-01 pri:high" in text(
        root, "deals/roof.md"
    )
    assert "- [x] Called her @Ada-Byron done:2026-10-03" in text(root, "contacts/ada-byron.md")
    assert "- [ ] Ask, and ask again @acme due:2026-12-24" in text(root, "companies/acme.md")
    assert "Water the plants +home" in text(root, ran.json["rejects"])


def test_people_of_an_org_file(root: Path) -> None:
    ran = imported(root, "people.org", ORG)
    assert ran.json["rejected"] == 0, ran.json["results"]
    assert [(row["action"], row["line"]) for row in ran.json["results"]] == [
        ("skipped", 2),
        ("updated", 3),
        ("created", 15),
    ]
    with pytest.MonkeyPatch.context() as patch:
        ada = run_in(patch, root, ["show", "ada-byron", "--json"]).json["results"][0]
        joerg = run_in(patch, root, ["show", "joerg-mueller", "--json"]).json["results"][0]
    assert [each["value"] for each in ada["fields"]["email"]] == [
        "ada@acme.example",
        "ada@home.example",
    ]
    assert ada["fields"]["tags"] == ["customer", "vip"]
    assert "wants Norwegian too" in ada["body"]
    assert joerg["fields"]["email"][0]["value"] == "joerg@weiss.example"


def test_the_export_of_monica(root: Path) -> None:
    ran = imported(root, "monica.json", json.dumps(MONICA))
    assert ran.json["skipped"] == 1 and ran.json["rejected"] == 0
    with pytest.MonkeyPatch.context() as patch:
        ada = run_in(patch, root, ["show", "ada-byron", "--json"]).json["results"][0]
    said = ada["fields"]
    assert (said["job"], said["company"], said["birthday"]) == ("Analyst", "acme", "12-10")
    assert (said["cadence"], said["city"], said["zip"]) == ("30d", "London", None)
    assert said["email"] == [{"label": None, "value": "ada@acme.example"}]
    assert [(each["type"], each["at"]) for each in ada["log"]] == [
        ("note", "2025-05-06"),
        ("call", "2025-06-07"),
        ("meeting", "2025-07-08"),
    ]
    assert [each["text"] for each in ada["tasks"]] == ["Send it"]
    assert ("pet", 1) in [(each["what"], each["count"]) for each in ran.json["unplaced"]]
    assert imported(root, "monica.json", json.dumps(MONICA)).json["created"] == 0


def unplaced(ran: Ran) -> list[tuple[str, str]]:
    return [(each["what"], each["text"]) for each in ran.json["unplaced"]]


CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
UID:1@x
DTSTAMP:20260901T080000Z
DTSTART:20260902T080000Z
DTEND:20260902T090000Z
RRULE:FREQ=DAILY;COUNT=3
SUMMARY:Roof
ATTENDEE:mailto:ada@acme.example
ATTENDEE:Somebody
CATEGORIES:work
BEGIN:VALARM
ACTION:DISPLAY
TRIGGER:-PT15M
END:VALARM
END:VEVENT
BEGIN:VTODO
UID:2@x
SUMMARY:Call
END:VTODO
END:VCALENDAR
""".replace("\n", "\r\n")


def test_what_of_a_calendar_finds_no_place_is_listed_once_an_event(root: Path) -> None:
    (root / "contacts" / "ada-byron.md").write_text(
        "---\nname: Ada Byron\nemail: ada@acme.example\n---\n"
    )
    ran = imported(root, "a.ics", CALENDAR)
    assert ran.json["created"] == 3, ran.json
    assert sorted(unplaced(ran)) == [
        ("attendee", "Somebody"),
        ("categories", "work"),
        ("dtend", "20260902T090000Z"),
        ("valarm", "BEGIN:VALARM ACTION:DISPLAY TRIGGER:-PT15M END:VALARM"),
        ("vtodo", "Call"),
    ]


def test_what_a_task_can_not_say_is_listed(root: Path) -> None:
    (root / "todo.txt").write_text("")
    ran = imported(
        root,
        "todo.txt",
        "# mine\n(D) Send it +roof rec:sometimes due:soon\n(A) Call +roof due:2026-12-05\n",
    )
    assert sorted(unplaced(ran)) == [("due", "soon"), ("priority", "D"), ("recur", "sometimes")]
    assert [row["reason"] for row in ran.json["results"] if row["action"] == "skipped"] == [
        "a comment"
    ]
    warrior = {
        **WARRIOR[0],
        "due": "20261205T230000Z",
        "scheduled": "20261203T230000Z",
        "until": "20270101T000000Z",
        "tags": ["hot"],
        "annotations": [],
    }
    assert sorted(unplaced(imported(root, "tasks.json", json.dumps([warrior])))) == [
        ("entry", "2026-11-01"),
        ("scheduled", "20261203T230000Z"),
        ("tags", "hot"),
        ("until", "20270101T000000Z"),
    ]


def test_a_property_of_org_that_stands_twice_is_kept_twice(root: Path) -> None:
    text = (
        "A line of nobody\n* Eva\n:PROPERTIES:\n:ADDRESS: Road 1\n:ADDRESS: Road 2\n"
        ":ICON: a\n:ICON: b\n:END:\n"
    )
    ran = imported(root, "people.org", text)
    assert unplaced(ran) == [("a line above the first heading", "A line of nobody")]
    said = (root / "contacts" / "eva.md").read_text("utf-8")
    assert all(word in said for word in ("Road 1", "Road 2", "icon: a", "icon_2: b"))


def test_what_monica_says_more_of_somebody_is_counted(root: Path) -> None:
    person = {
        "uuid": "c-9",
        "properties": {
            "first_name": "Eva",
            "gender": "f",
            "is_starred": True,
            "birthdate": {"date": "1990-01-01", "is_age_based": True},
        },
        "data": [collection("address", value(street="1 Road"), value(street="2 Road"))],
    }
    account = {"account": {"data": [collection("contact", person)]}, "app_version": "4"}
    ran = imported(root, "monica.json", json.dumps(account))
    assert {each["what"]: each["count"] for each in ran.json["unplaced"]} == {
        "gender": 1,
        "birthdate": 1,
        "further address": 1,
    }


def test_the_attachments_of_a_mail_and_its_end_are_listed(root: Path) -> None:
    (root / "contacts" / "ada-byron.md").write_text(
        "---\nname: Ada Byron\nemail: ada@acme.example\n---\n"
    )
    mail = (
        "From: ada@acme.example\nTo: me@x.example\nSubject: Plan\nMessage-ID: <1@x>\n"
        "Date: Fri, 20 Nov 2026 10:00:00 +0100\nMIME-Version: 1.0\n"
        'Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/plain\n\n'
        + "word "
        * 5000
        + '\n--b\nContent-Type: application/pdf; name="plan.pdf"\n'
        'Content-Disposition: attachment; filename="plan.pdf"\n\nx\n--b--\n'
    )
    found = unplaced(imported(root, "a.eml", mail))
    assert found[0] == ("attachment", "plan.pdf")
    assert found[1][0] == "text" and found[1][1].startswith("word word")


def test_the_commit_names_the_source_and_the_file(root: Path) -> None:
    git(root, "init", "-q")
    git(root, "config", "user.name", "Ada")
    git(root, "config", "user.email", "ada@x.example")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "Begin")
    file = root.parent / "fair.csv"
    file.write_text("Name,Email\nEva,eva@x.example\n")
    with pytest.MonkeyPatch.context() as patch:
        ran = run_in(patch, root, ["import", str(file), "--source", "Fair 2026", "-y"])
        assert ran.code == 0, ran.err
        said = run_in(patch, root, ["undo", "--list"]).out
        batch = ["history", "contact", "--where", 'source:"Fair 2026"', "--json"]
        found = run_in(patch, root, batch).json["results"]
    assert "Import 1 contact, source Fair 2026, from fair.csv" in said
    assert {each["record"] for each in found} == {"contact/eva"}


TASKS = """---
name: New roof
stage: lead
---

## Tasks

- [ ] Send it due:2026-12-05 pri:high
- [ ] Call them t:2026-12-01 pri:low
- [ ] Ask
"""


@pytest.mark.parametrize("form", ["todotxt", "taskwarrior"])
def test_the_tasks_of_an_export_come_back(root: Path, form: str) -> None:
    (root / "deals" / "roof.md").write_text(TASKS)
    name = "todo.txt" if form == "todotxt" else "tasks.json"
    with pytest.MonkeyPatch.context() as patch:
        out = run_in(patch, root, ["export", form]).out
    same = imported(root, name, out)
    assert (same.json["rows"], same.json["unchanged"]) == (3, 3), same.json
    assert text(root, "deals/roof.md") == TASKS
    (root / "deals" / "roof.md").write_text(TASKS.partition("\n## Tasks")[0])
    empty = imported(root, name, out)
    assert (empty.json["created"], empty.json["unplaced"]) == (3, [])
    said = text(root, "deals/roof.md")
    for task in ("Send it", "Call them", "Ask"):
        assert task in said
    assert "due:2026-12-05 pri:high" in said and "t:2026-12-01 pri:low" in said


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("a.csv", "Name,Email\n"),
        ("a.json", "[]"),
        ("m.json", '{"account": {"data": []}, "app_version": "4"}'),
        ("a.ics", "BEGIN:VCALENDAR\nVERSION:2.0\nEND:VCALENDAR\n"),
        ("a.txt", "# a heading\n"),
        ("a.vcf", ""),
        ("a.mbox", ""),
        ("a.jsonl", "\n"),
        ("a.eml", ""),
    ],
)
def test_a_file_that_holds_nothing_is_no_success(root: Path, name: str, said: str) -> None:
    assert imported(root, name, said).code in (1, 5)
