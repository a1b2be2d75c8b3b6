"""`plaincrm email`: who gets which words, who gets none and why, and where drafts go."""

from __future__ import annotations

import csv
import mailbox
from contextlib import closing
from email import policy
from email.parser import BytesParser
from pathlib import Path

import pytest

from plaincrm.book.draft_marks import DraftMarks
from tests.conftest import Crm, git


def template(studio: Path, name: str, text: str) -> None:
    (studio / "templates" / f"{name}.md").write_text(text, encoding="utf-8")


def test_a_preview_shows_the_words_and_writes_nothing(crm: Crm, studio: Path) -> None:
    ran = crm("email", "follow-up", "fjord-website-2027")
    assert ran.code == 0
    assert "To:      Ola Nordmann <ola@fjordferries.example>" in ran.out
    assert '"Fjord Ferries web site 2027"' in ran.out
    assert "1 ready" in ran.err
    assert not (studio / "outbox").exists()
    assert git(studio, "status", "--short") == ""


def test_the_form_follows_the_contacts_language(crm: Crm) -> None:
    words = {
        one["contact"]: one
        for one in crm("email", "newsletter", "--json").json["results"]
        if one["text"]
    }
    assert "das ist seit dem letzten Brief geschehen" in words["birgit-sommer"]["text"]
    assert words["birgit-sommer"]["text"].startswith("Guten Tag Birgit Sommer,")
    assert words["chloe-dubois"]["text"].startswith("Dear Chloé,\n\nHere is what has happened")


def test_own_templates_stand_before_shipped_ones(crm: Crm, studio: Path) -> None:
    template(studio, "thank-you", "---\nsubject: My thanks\n---\n{{ greeting }}\n")
    result = crm("email", "thank-you", "birgit-sommer", "--json").json["results"][0]
    assert result["subject"] == "My thanks"  # in place of the shipped German form, too


def test_an_outbox_draft_is_a_mail_with_both_parts_and_the_attachment(
    crm: Crm, studio: Path
) -> None:
    ran = crm("email", "workshop-invitation", "--outbox")
    assert ran.code == 0
    drafts = sorted((studio / "outbox").glob("*.eml"))
    assert len(drafts) == 3
    message = BytesParser(policy=policy.default).parsebytes(drafts[0].read_bytes())
    assert str(message["From"]) == "Ada Example <ada@studio.example>"
    assert str(message["To"]) == "Birgit Sommer <birgit.sommer@example.org>"
    assert not [name for name in message if name.startswith("X-") or name == "Date"]
    marks = DraftMarks(studio).read()[str(message["Message-ID"])]
    assert (marks["contact"], marks["template"]) == ("birgit-sommer", "workshop-invitation")
    assert message["List-Unsubscribe"] == "<mailto:ada@studio.example?subject=unsubscribe>"
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None and "zehn Plätze" in text.get_content()
    assert html is not None and "<p>Guten Tag Birgit Sommer,</p>" in html.get_content()
    assert [part.get_filename() for part in message.iter_attachments()] == ["workshop-outline.txt"]
    assert drafts[0].stat().st_mode & 0o077 == 0


def test_personal_mail_is_plain_text_so_that_the_draft_can_be_edited(
    crm: Crm, studio: Path
) -> None:
    crm("email", "follow-up", "fjord-website-2027", "--outbox")
    data = next((studio / "outbox").glob("*.eml")).read_bytes()
    message = BytesParser(policy=policy.default).parsebytes(data)
    assert message.get_content_type() == "text/plain"


def test_a_second_run_writes_to_nobody_unless_again(crm: Crm, studio: Path) -> None:
    crm("email", "follow-up", "fjord-website-2027", "--outbox")
    second = crm("email", "follow-up", "fjord-website-2027", "--outbox", "--json").json["results"]
    assert [(one["status"], one["reason"]) for one in second] == [
        ("skipped", "waits in the outbox")
    ]
    crm("outbox", "sent", "--all")
    third = crm("email", "follow-up", "fjord-website-2027", "--outbox", "--json").json["results"]
    assert [(one["status"], one["reason"]) for one in third] == [("skipped", "already got it")]
    again = crm("email", "follow-up", "fjord-website-2027", "--outbox", "--again", "--json").json[
        "results"
    ]
    assert [one["status"] for one in again] == ["written"]
    assert len(list((studio / "outbox").glob("*.eml"))) == 1


def test_a_rename_does_not_make_a_stranger_of_who_already_got_it(crm: Crm, studio: Path) -> None:
    crm("email", "follow-up", "ola-nordmann", "--outbox")
    crm("outbox", "sent", "--all")
    file = studio / "contacts" / "ola-nordmann.md"
    text = file.read_text(encoding="utf-8").replace(
        "\nname:", "\naliases: [ola-nordmann]\nname:", 1
    )
    (studio / "contacts" / "ola-n.md").write_text(text, encoding="utf-8")
    file.unlink()
    result = crm("email", "follow-up", "ola-n", "--json").json["results"][0]
    assert result["reason"] == "already got it"


@pytest.mark.parametrize(
    ("line", "kind", "reason"),
    [
        ("unsubscribed: yes", "bulk", "unsubscribed"),
        ("unsubscribed: yes", "personal", None),
        ("do_not_email: perhaps", "personal", "do_not_email"),
        ("bounced: ola@fjordferries.example", "personal", "bounced"),
        ("consent: withdrawn 2026-01-01", "bulk", "no consent"),
    ],
)
def test_flags_say_who_may_be_written_to(
    crm: Crm, studio: Path, line: str, kind: str, reason: str | None
) -> None:
    template(studio, "x", f"---\nsubject: X\nkind: {kind}\n---\n{{{{ greeting }}}}\n")
    file = studio / "contacts" / "ola-nordmann.md"
    file.write_text(
        file.read_text(encoding="utf-8").replace("\nname:", f"\n{line}\nname:", 1), encoding="utf-8"
    )
    assert crm("email", "x", "ola-nordmann", "--json").json["results"][0]["reason"] == reason


def test_who_does_not_match_to_or_has_no_address_is_skipped(crm: Crm, studio: Path) -> None:
    assert (
        crm("email", "newsletter", "kari-berg", "--json").json["results"][0]["reason"]
        == "not one of +newsletter"
    )
    (studio / "contacts" / "nobody.md").write_text("---\nname: No Body\n---\n", encoding="utf-8")
    assert (
        crm("email", "follow-up", "nobody", "--json").json["results"][0]["reason"] == "no address"
    )


def test_two_records_of_one_address_get_one_mail(crm: Crm, studio: Path) -> None:
    twin = "---\nname: Ola N\nemail: OLA@fjordferries.example\n---\n"
    (studio / "contacts" / "ola-twin.md").write_text(twin, encoding="utf-8")
    results = crm("email", "follow-up", "ola-nordmann", "ola-twin", "--json").json["results"]
    assert [one["reason"] for one in results] == [None, "same address as contact/ola-nordmann"]


def test_all_who_lack_a_variable_are_named_and_nothing_is_written(crm: Crm, studio: Path) -> None:
    ran = crm("email", "proposal", "ola-nordmann", "kari-berg", "--outbox")
    assert ran.code == 5
    assert "contact/ola-nordmann: no value for deal" in ran.err
    assert "contact/kari-berg: no value for deal" in ran.err
    assert not (studio / "outbox").exists()


def test_a_lost_attachment_and_one_outside_the_book_are_refused(crm: Crm, studio: Path) -> None:
    template(studio, "x", "---\nsubject: X\nattachments: files/nix.pdf\n---\nHi\n")
    assert crm("email", "x", "kari-berg", "--outbox").code == 5
    template(studio, "y", "---\nsubject: X\nattachments: ../secret.txt\n---\nHi\n")
    assert crm("email", "y", "kari-berg", "--outbox").code == 2
    (studio / "files" / "link.txt").symlink_to("/etc/hostname")
    template(studio, "z", "---\nsubject: X\nattachments: files/link.txt\n---\nHi\n")
    assert crm("email", "z", "kari-berg", "--outbox").code == 5
    assert not (studio / "outbox").exists()


def test_deals_and_tickets_stand_for_their_contacts(crm: Crm) -> None:
    found = crm("email", "proposal", "--kind", "deals", "--where", "stage:proposal", "--json").json[
        "results"
    ]
    by_about = {one["about"]: one["contact"] for one in found}
    assert (
        by_about["deal/fjord-website-2027"] == "ola-nordmann"
    )  # its main contact, not the billing one
    ticket = crm("email", "ticket-reply", "login-broken-k7m2", "--json").json["results"][0]
    assert (ticket["contact"], ticket["about"]) == ("samira-haddad", "ticket/login-broken-k7m2")


def test_the_unpaid_invoice_that_is_due_first_is_in_scope(crm: Crm) -> None:
    words = crm("email", "invoice-reminder", "friederike-moeller", "--json").json["results"][0]
    assert words["subject"] == "Rechnung 2026-030: Zahlungserinnerung"
    assert "480 EUR war am 14. November 2026" in words["text"]


def test_values_of_a_record_are_no_template_and_no_markup(crm: Crm, studio: Path) -> None:
    evil = '---\nname: "{{ 7*7 }} <b>*x*</b>"\nemail: evil@x.example\n---\n'
    (studio / "contacts" / "evil.md").write_text(evil, encoding="utf-8")
    head = "subject: Hi {{ contact.name }}\nhtml: true"
    template(studio, "x", f"---\n{head}\n---\nDear {{{{ contact.name }}}},\n")
    crm("email", "x", "evil", "--outbox")
    data = next((studio / "outbox").glob("*.eml")).read_bytes()
    html = BytesParser(policy=policy.default).parsebytes(data).get_body(("html",))
    assert html is not None
    assert "Dear {{ 7*7 }} &lt;b&gt;*x*&lt;/b&gt;," in html.get_content()


def test_mbox_maildir_and_csv(crm: Crm, tmp_path: Path) -> None:
    places = {
        "--mbox": tmp_path / "all.mbox",
        "--maildir": tmp_path / "md",
        "--csv": tmp_path / "all.csv",
    }
    for option, place in places.items():
        assert crm("email", "newsletter", option, str(place)).code == 0
    with closing(mailbox.mbox(places["--mbox"])) as box:
        count = len(box)
    assert count == 12 == len(list(mailbox.Maildir(places["--maildir"], create=False)))
    rows = list(
        csv.DictReader(places["--csv"].read_text(encoding="utf-8").splitlines(keepends=True))
    )
    assert len(rows) == 12
    assert {"email", "name", "subject", "text"} <= rows[0].keys()
    assert places["--csv"].stat().st_mode & 0o077 == 0


def test_a_file_that_is_there_is_not_overwritten(crm: Crm, tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("mine", encoding="utf-8")
    assert crm("email", "newsletter", "--mbox", str(tmp_path / "mail")).code == 1
    assert (tmp_path / "mail").read_text(encoding="utf-8") == "mine"


def test_a_dry_run_writes_no_draft(crm: Crm, studio: Path) -> None:
    assert crm("email", "newsletter", "--outbox", "-n").code == 0
    assert not (studio / "outbox").exists()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["nope", "kari-berg"], 3),
        (["follow-up", "kari-b"], 4),
        (["follow-up", "Kary Bergh"], 4),
        (["follow-up", "@nope"], 3),
        (["follow-up"], 2),
        (["follow-up", "--where", "nix:1"], 2),
        (["follow-up", "kari-berg", "--where", "+vip"], 2),
        (["follow-up", "--where", "x", "--kind", "articles"], 2),
        (["follow-up", "kari-berg", "--outbox", "--mbox", "m"], 2),
    ],
)
def test_bad_words_are_refused_and_nothing_is_written(
    crm: Crm, studio: Path, words: list[str], code: int
) -> None:
    ran = crm("email", *words)
    assert (ran.code, ran.out) == (code, "")
    assert not (studio / "outbox").exists()


def test_without_a_sender_drafts_are_refused(crm: Crm, studio: Path) -> None:
    settings = studio / "plaincrm.yaml"
    settings.write_text("me: {name: Ada}\n", encoding="utf-8")
    ran = crm("email", "follow-up", "kari-berg", "--outbox")
    assert ran.code == 5
    assert "mail: {from:" in ran.err


def test_as_text_yaml_values_stay_as_typed(crm: Crm, studio: Path) -> None:
    person = (
        "---\nname: Ada\nemail: a@x.example\ncountry: NO\nzip: 02142\nphone:"
        " +4915112345678\nversion: 1.10\n"
    )
    (studio / "contacts" / "ada.md").write_text(f"{person}call_at: 12:30\n---\n", encoding="utf-8")
    fields = " ".join(
        f"{{{{ contact.{name} }}}}" for name in ("country", "zip", "phone", "version", "call_at")
    )
    template(studio, "x", f"---\nsubject: X\n---\n{fields}\n")
    assert (
        crm("email", "x", "ada", "--json").json["results"][0]["text"]
        == "NO 02142 +4915112345678 1.10 12:30\n"
    )


def test_what_is_missing_is_one_line(crm: Crm) -> None:
    ran = crm("email", "ticket-reply", "kari-berg", "ola-nordmann")
    assert ran.code == 5
    assert "nothing was written" in ran.err
    assert "contact/kari-berg: no value for ticket; contact/ola-nordmann" in ran.err


def test_a_next_step_on_no_day_is_refused_before_anything_is_written(
    crm: Crm, studio: Path
) -> None:
    (studio / "templates" / "nx.md").write_text("---\nsubject: x\nnext: tomorow Call\n---\nhi\n")
    done = crm("email", "nx", "ola-nordmann", "--outbox")
    assert (done.code, '"tomorow" is not a date' in done.err) == (5, True), done.err
    assert not list((studio / "outbox").glob("*nx*"))
