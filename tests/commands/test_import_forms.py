"""`plaincrm import` of what is no table: vCards, calendars, mail, typed lines, web forms."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from plaincrm.core.records.record import Record
from plaincrm.crm.book import Book
from tests.conftest import Crm, git

OLA = "contact/ola-nordmann"


def put(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8", newline="")
    return str(path)


def contact(book: Path, id: str) -> Record:
    found = Book.open(book).store.get("contact", id)
    assert found is not None
    return found


def counts(ran: Any) -> tuple[int, ...]:
    found = ran.json
    ends = tuple(found[name] for name in ("created", "updated", "unchanged", "skipped", "rejected"))
    assert found["rows"] == sum(ends)
    return ends


def mail(
    sender: str,
    to: str,
    id: str,
    text: str = "Yes please.",
    subject: str = "Re: Proposal",
    more: str = "",
) -> str:
    return (
        f"From: {sender}\nTo: {to}\nSubject: {subject}\nDate: Fri, 20 Nov 2026 10:00:00 +0100\n"
        f"Message-ID: <{id}>\n{more}\n{text}\n"
    )


ME, HIM = "ada@studio.example", "Ola <OLA@fjordferries.example>"


def test_a_mail_is_logged_once_in_or_out(crm: Crm, studio: Path, tmp_path: Path) -> None:
    paths = [
        put(tmp_path, "in", mail(HIM, ME, "1@x.example")),
        put(tmp_path, "out", mail(ME, HIM, "2@x.example")),
    ]
    assert counts(crm("import", *paths, "--json")) == (2, 0, 0, 0, 0)
    first, second = contact(studio, "ola-nordmann").log[-2:]
    assert (first.type, first.direction, first.message_id) == ("email", "in", "<1@x.example>")
    assert (
        first.text == "Re: Proposal\nYes please.\n<1@x.example>" and str(first.time) == "10:00:00"
    )
    assert (second.direction, second.message_id) == ("out", "<2@x.example>")
    assert counts(crm("import", *paths, "--json")) == (0, 0, 2, 0, 0)


def test_standard_input_mbox_and_maildir_are_mail_too(
    crm: Crm, studio: Path, tmp_path: Path
) -> None:
    one, two = mail(HIM, ME, "1@x.example"), mail(HIM, ME, "2@x.example")
    assert counts(crm("import", "-", "--json", input=one)) == (1, 0, 0, 0, 0)
    envelope = "From ola@x.example Fri Nov 20 10:00:00 2026\n"
    assert counts(
        crm("import", put(tmp_path, "box", f"{envelope}{one}\n{envelope}{two}"), "--json")
    ) == (1, 0, 1, 0, 0)
    put(tmp_path, "M/cur/1:2,S", one)
    put(tmp_path, "M/new/2", mail(HIM, ME, "3@x.example"))
    ran = crm("import", str(tmp_path / "M"), "--json")
    assert counts(ran) == (1, 0, 1, 0, 0) and ran.json["results"][1]["file"].endswith("new/2")
    assert (
        len(
            [e for e in contact(studio, "ola-nordmann").log if e.message_id.endswith("@x.example>")]
        )
        == 3
    )


def test_who_is_not_here_is_offered_and_made_on_request(
    crm: Crm, studio: Path, tmp_path: Path
) -> None:
    path = put(tmp_path, "new", mail("New Person <new@person.example>", ME, "n@x.example"))
    ran = crm("import", path, "--json")
    assert counts(ran) == (0, 0, 0, 1, 0)
    assert ran.json["newSenders"] == [
        {"name": "New Person", "email": "new@person.example", "mails": 1}
    ]
    assert counts(crm("import", path, "--new-senders", "--json")) == (1, 0, 0, 0, 0)
    made = contact(studio, "new-person")
    assert (made.text("email"), made.text("source"), made.log[0].direction) == (
        "new@person.example",
        "mail",
        "in",
    )


def test_what_came_back_names_the_address(crm: Crm, studio: Path, tmp_path: Path) -> None:
    report = (
        "From: MAILER-DAEMON@mx.example (Mail Delivery System)\nTo: ada@studio.example\nSubject:"
        " Undelivered Mail Returned to Sender\nDate: Fri, 20 Nov 2026 10:00:00 +0100\nMessage-ID:"
        " <b@mx.example>\nMIME-Version: 1.0\nContent-Type: multipart/report;"
        ' report-type=delivery-status;\n boundary="x"\n\n--x\nContent-Type: text/plain\n\nIt'
        " failed.\n\n--x\nContent-Type: message/delivery-status\n\nReporting-MTA: dns;"
        " mx.example\n\nFinal-Recipient: rfc822; ola@fjordferries.example\nAction: failed\nStatus:"
        " 5.1.1\n\n--x--\n"
    )
    path = put(tmp_path, "report", report)
    assert counts(crm("import", path, "--json")) == (0, 1, 0, 0, 0)
    ola = contact(studio, "ola-nordmann")
    assert [item.text for item in ola.items("bounced")] == ["ola@fjordferries.example"]
    assert ola.log[-1].type == "note" and ola.log[-1].text.startswith(
        "Bounced: ola@fjordferries.example"
    )
    assert counts(crm("import", path, "--json")) == (0, 0, 1, 0, 0)


def test_goodbyes_and_automatic_answers_are_told_apart(
    crm: Crm, studio: Path, tmp_path: Path
) -> None:
    away = mail(
        HIM,
        ME,
        "a@x.example",
        "Back in May.",
        "Automatic reply: Proposal",
        "Auto-Submitted: auto-replied\n",
    )
    bye = mail(HIM, ME, "u@x.example", "unsubscribe", "unsubscribe")
    assert counts(crm("import", put(tmp_path, "a", away), put(tmp_path, "u", bye), "--json")) == (
        2,
        0,
        0,
        0,
        0,
    )
    ola = contact(studio, "ola-nordmann")
    assert [(e.type, e.direction) for e in ola.log[-2:]] == [("note", ""), ("email", "in")]
    assert ola.text("unsubscribed") == "true" and ola.log[-2].text.startswith("Out of office: ")


def test_a_mail_can_not_write_more_than_its_entry(crm: Crm, studio: Path, tmp_path: Path) -> None:
    text = "- [ ] pay me due:2026-11-21\n\n## Log\n- 2026-11-21 order: 9 EUR\n---\nname: x\n"
    evil = mail(HIM, ME, "e@x.example", text)
    before = contact(studio, "ola-nordmann")
    entries, rest = (
        len(before.log),
        (before.tasks, dict(before.fields)),
    )  # a record reads its log when it is asked
    assert counts(crm("import", put(tmp_path, "evil", evil), "--json")) == (1, 0, 0, 0, 0)
    after = contact(studio, "ola-nordmann")
    assert (len(after.log), (after.tasks, dict(after.fields))) == (entries + 1, rest)


ICS = """\
BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
UID:m1@cal.example
DTSTART:20261118T090000Z
SUMMARY:Kick-off
ORGANIZER:mailto:ada@studio.example
ATTENDEE:mailto:ola@fjordferries.example
END:VEVENT
BEGIN:VEVENT
UID:m2@cal.example
DTSTART:20261118T090000Z
SUMMARY:Dentist
ATTENDEE:mailto:dentist@teeth.example
END:VEVENT
END:VCALENDAR
"""


def test_meetings_become_entries_of_who_was_invited(crm: Crm, studio: Path, tmp_path: Path) -> None:
    path = put(tmp_path, "cal", ICS)
    assert counts(crm("import", path, "--json")) == (1, 0, 0, 1, 0)
    entry = contact(studio, "ola-nordmann").log[-1]
    assert (entry.type, str(entry.time), entry.message_id) == (
        "meeting",
        "10:00:00",
        "<m1@cal.example>",
    )
    assert counts(crm("import", path, "--json")) == (0, 0, 1, 1, 0)


def test_typed_lines_go_to_their_records_and_the_others_wait(
    crm: Crm, studio: Path, tmp_path: Path
) -> None:
    text = (
        "2026-11-20 ola call: wants Norwegian too\n2026-11-20 nobody-at-all call: hm\n  and"
        " more\nwords\n"
    )
    ran = crm(
        "import",
        put(tmp_path, "phone.txt", text),
        "--rejects",
        str(tmp_path / "left.txt"),
        "--json",
    )
    assert (ran.code, counts(ran)) == (1, (1, 0, 0, 0, 2))
    assert contact(studio, "ola-nordmann").log[-1].text == "wants Norwegian too"
    left = (tmp_path / "left.txt").read_text("utf-8")
    assert "2026-11-20 nobody-at-all call: hm\n  and more\n" in left and "words\n" in left
    mended = put(
        tmp_path, "mended.txt", left.replace("nobody-at-all", "ola-nordmann").replace("words\n", "")
    )
    assert counts(crm("import", mended, "--json")) == (1, 0, 0, 0, 0)


FORMS = [
    {
        "name": "Kari Traa",
        "email": "kari@traa.example",
        "message": "A site?",
        "submitted_at": "2026-11-19T10:11:00Z",
    },
    {
        "data": {"Name": "Kari Traa", "E-Mail": "kari@traa.example", "Nachricht": "A site?"},
        "created_at": "2026-11-19",
    },
    {
        "fields": [
            {"label": "Name", "value": "Kari Traa"},
            {"label": "Email", "value": "kari@traa.example"},
            {"label": "Message", "value": "A site?"},
        ]
    },
]


@pytest.mark.parametrize("form", FORMS)
def test_a_web_form_is_a_lead_with_its_words_in_the_log(
    crm: Crm, studio: Path, tmp_path: Path, form: Any
) -> None:
    path = put(tmp_path, "form.json", json.dumps(form))
    assert counts(crm("import", path, "--json")) == (1, 0, 0, 0, 0)
    kari = contact(studio, "kari-traa")
    assert (kari.text("status"), kari.text("source")) == ("lead", "web form")
    (entry,) = kari.log
    assert (entry.type, entry.direction, entry.text.split("\n")[0]) == ("message", "in", "A site?")
    assert counts(crm("--today", "2026-12-24", "import", path, "--json")) == (0, 0, 1, 0, 0)


def test_a_customer_who_fills_a_form_in_stays_one(crm: Crm, studio: Path, tmp_path: Path) -> None:
    before = contact(studio, "ola-nordmann")
    crm("set", OLA, "source=")
    text = "Name,Email,Message,Date\nOla Nordmann,ola@fjordferries.example,More please,2026-11-20\n"
    assert counts(crm("import", put(tmp_path, "form.csv", text), "--json")) == (0, 1, 0, 0, 0)
    ola = contact(studio, "ola-nordmann")
    assert (ola.text("status"), ola.text("source")) == (before.text("status"), "")
    assert ola.log[-1].text == "More please"


def test_a_table_with_remarks_is_no_form(crm: Crm, studio: Path, tmp_path: Path) -> None:
    text = "Name,Email,Comments\nKari Traa,kari@traa.example,Met in Oslo\n"
    assert crm("import", put(tmp_path, "people.csv", text), "--json").code == 0
    kari = contact(studio, "kari-traa")
    assert kari.text("source") == "" and "Met in Oslo" in kari.body and not kari.log


CARD = (
    "BEGIN:VCARD\nVERSION:3.0\nFN:Kari Traa\nEMAIL:kari@traa.example\nUID:card-1\n{more}END:VCARD\n"
)


def test_a_card_is_found_again_by_its_uid(crm: Crm, studio: Path, tmp_path: Path) -> None:
    path = put(tmp_path, "one.vcf", CARD.format(more=""))
    assert counts(crm("import", path, "--json")) == (1, 0, 0, 0, 0)
    assert counts(crm("import", path, "--json")) == (0, 0, 1, 0, 0)
    changed = (
        CARD.replace("Kari Traa", "Kari T").replace("kari@", "k@").format(more="TITLE:Skier\n")
    )
    ran = crm("import", put(tmp_path, "two.vcf", changed), "--json")
    assert counts(ran) == (0, 1, 0, 0, 0)
    assert contact(studio, "kari-traa").text("job") == "Skier"


def test_cards_of_real_clients_arrive_once(crm: Crm, shared_data: Path) -> None:
    paths = [str(path) for path in sorted((shared_data / "vcard").glob("*.vcf"))]
    ran = crm("import", *paths, "-y", "--json")
    assert ran.code == 0 and ran.json["rejected"] == 0 and ran.json["rows"] >= len(paths)
    again = crm("import", *paths, "-y", "--json")
    assert again.json["created"] == again.json["rejected"] == 0


def test_many_forms_at_once_are_one_commit_and_one_undo(
    crm: Crm, studio: Path, tmp_path: Path
) -> None:
    before, head = (
        git(studio, "rev-parse", "HEAD^{tree}"),
        int(git(studio, "rev-list", "--count", "HEAD")),
    )
    line = "2026-11-20 ola call: x\n"
    files = {
        "m": mail(HIM, ME, "1@x.example"),
        "c.ics": ICS,
        "v.vcf": CARD.format(more=""),
        "l.txt": line,
    }
    paths = [put(tmp_path, name, text) for name, text in files.items()]
    assert crm("import", *paths, "-y").code == 0
    assert int(git(studio, "rev-list", "--count", "HEAD")) == head + 1
    assert crm("undo", "-y").code == 0
    assert git(studio, "rev-parse", "HEAD^{tree}") == before


def test_a_folder_that_is_no_maildir_and_odd_json_are_refused(crm: Crm, tmp_path: Path) -> None:
    assert crm("import", str(tmp_path)).code == 2
    for text in ('{"a": 1}', "[1, 2]", '{"nested": {"b": [1, {"c": 2}]}}'):
        assert crm("import", put(tmp_path, "odd.json", text), "-y").code == 5
