"""Files that went wrong in other programs, each imported into a small book: what has to be there
afterwards. A second import of the same file changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.conftest import Ran, git, run_in

SETTINGS = """\
me: {name: Ada Example, email: [ada@studio.example]}
currency: EUR
timezone: Europe/Berlin
country: DE
language: de
"""
SEED = "00-seed-people.csv"
Run = Callable[..., Ran]


@dataclass(frozen=True)
class Case:
    """`has`: texts by file of the book; `lacks`: texts that are in none of its records. `counts`
    are those of the import; `says`: texts of its report. `before` is imported first."""

    file: str
    has: dict[str, Sequence[str]] = field(default_factory=dict)
    lacks: Sequence[str] = ()
    counts: dict[str, int] = field(default_factory=dict)
    says: Sequence[str] = ()
    before: Sequence[str] = ()
    options: Sequence[str] = ()


CASES = [
    Case(
        "70-csv-google-two-addresses.csv",
        {
            "contacts/ida-falk.md": [
                "address: Storgatan 1\n",
                "city: Lund\n",
                "address_work: Hamngatan 9, 211 22 Malmö, SE\n",
            ],
            "contacts/per-alm.md": ["city: Ystad\n", "231 00 Trelleborg"],
        },
        lacks=[":::"],
    ),
    Case(
        "71-csv-thunderbird-german.csv",
        {
            "contacts/rosa-klein.md": [
                "birthday: 1980-11-15",
                "city: Bremen",
                "job: Einkäuferin",
                "work: 030 5551201",
            ],
            "contacts/udo-gross.md": ["address: Hof 2", "city: Kiel"],
        },
        counts={"created": 2},
    ),
    Case(
        "71b-csv-thunderbird-english.csv",
        {
            "contacts/rosa-klein.md": [
                "birthday: 1980-11-15",
                "address: Lange Str. 5",
                "city: Bremen",
                "https://klein.example",
            ]
        },
    ),
    Case(
        "72-csv-html-entities.csv",
        {
            "companies/ohara-sons.md": ["name: O'Hara & Sons"],
            "companies/darc-co.md": ["D'Arc & Co"],
        },
        lacks=["&#039", "&amp"],
    ),
    Case(
        "78-csv-bad-emails.csv",
        {
            "contacts/two.md": ["email: [one@t.example, two@t.example]"],
            "contacts/mailto.md": ["m@m.example"],
        },
        lacks=["smith@x.example"],
        counts={"rejected": 4},
    ),
    Case(
        "81-csv-excel-phones.csv",
        {
            "contacts/uwe-quote.md": ['zip: "04109"', 'phone: "01705559999"', 'customer_no: "007"'],
            "contacts/ida-float.md": ["zip: 80331\n", "phone: 491705551234\n"],
            "contacts/pam-apo.md": ['zip: "04109"'],
        },
    ),
    Case(
        "82-csv-notion.csv",
        {
            "companies/bach-studio.md": ["name: Bach Studio\n"],
            "companies/dorn-inc.md": ["Dorn, Inc."],
        },
        lacks=["notion.so"],
    ),
    Case(
        "83-csv-airtable.csv",
        {
            "contacts/lou-erb.md": ["company: [erb-inc, nord-gmbh]"],
            "companies/erb-inc.md": ["name: Erb, Inc.\n"],
        },
    ),
    Case(
        "84-csv-capsule-mixed.csv",
        {
            "companies/gruen-ag.md": ["email: info@gruen.example", "city: Ulm"],
            "contacts/ben-gruen.md": ["job: Buyer", "company: gruen-ag"],
        },
        lacks=["job: Mr"],
        counts={"created": 2},
    ),
    Case(
        "85-csv-salesforce-report-footer.csv",
        {"deals/sign.md": ["value: 1200"], "deals/menu.md": ["closed: 2026-10-15"]},
        counts={"created": 2, "skipped": 6},
    ),
    Case(
        "86-csv-hubspot-deal-two-contacts.csv",
        {
            "deals/shop-sign.md": ["contact: [lena-horn, marc-igel]"],
            "contacts/marc-igel.md": ["email: marc@igel.example", "hubspot_id: 52"],
            "deals/menu.md": ["company: [jung-kg, kern-kg]", "contact: nils-jung"],
        },
        lacks=["contact_imported", "company_imported"],
    ),
    Case(
        "92-csv-streak.csv",
        {"deals/website-hof.md": ["value: 5000 USD", "stage: Pitched"]},
        counts={"created": 1},
    ),
    Case(
        "100-csv-companies-social-website.csv",
        {"companies/salon-vier.md": ["website: https://linktr.ee/salonvier"]},
        counts={"created": 4},
    ),
    Case(
        "100b-csv-companies-social-later.csv",
        {"companies/kiosk-fuenf.md": ["city: Bonn"]},
        counts={"created": 1},
        before=["100-csv-companies-social-website.csv"],
    ),
    Case(
        "100b-csv-companies-social-later.csv",
        {"companies/cafe-eins.md": ["name: Café Eins"], "companies/kiosk-fuenf.md": ["city: Bonn"]},
        counts={"created": 1},
        before=["100e-seed-one-social.csv"],
        options=["--update", "overwrite"],
    ),
    Case(
        "07-vcf-same-uid-two-people.vcf",
        {
            "contacts/hanna-weiss.md": ["hanna@weiss.example"],
            "contacts/igor-schwarz.md": ["igor@schwarz.example"],
        },
        counts={"created": 2},
        says=["tells nobody apart"],
    ),
    Case(
        "20-mbox-bare-from.mbox",
        {
            "contacts/nora-lind.md": ["email in: Colours"],
            "contacts/omar-saleh.md": ["email in: Labels"],
        },
        counts={"rows": 2, "created": 2},
        before=[SEED],
    ),
    Case(
        "22-mbox-from-line-in-body.mbox",
        {"contacts/nora-lind.md": ["From 14:00 to 16:30", "the budget is 900 EUR"]},
        counts={"rows": 1, "created": 1},
        before=[SEED],
    ),
    Case(
        "23-eml-text-after-thanks.eml",
        {"contacts/nora-lind.md": ["Thanks!", "under 4000 EUR", "call Tom before Friday"]},
        before=[SEED],
    ),
    Case(
        "24-eml-sent-via-last-line.eml",
        {"contacts/omar-saleh.md": ["Sent with UPS this morning, tracking 1Z-88-4411."]},
        before=[SEED],
    ),
    Case(
        "27-eml-bottom-post-headers-first.eml",
        {"contacts/pia-kurz.md": ["ich nehme das Angebot an, bitte am 1. Juli anfangen."]},
        lacks=["Gesendet:"],
        before=[SEED],
    ),
    Case(
        "28-eml-dutch-intro.eml",
        {"contacts/nora-lind.md": ["Akkoord, ga maar door."]},
        lacks=["offerte van 900", "geschreven"],
        before=[SEED],
    ),
    Case(
        "29-eml-stop-is-no-unsubscribe.eml",
        {"contacts/omar-saleh.md": ["Stop!", "page 3 has a typo"]},
        lacks=["unsubscribed"],
        before=[SEED],
    ),
    Case(
        "31-mbox-takeout-drafts-spam.mbox",
        {"contacts/nora-lind.md": ["email out: The offer"]},
        lacks=["Half an offer", "You have won"],
        counts={"created": 1, "skipped": 2},
        before=[SEED],
    ),
    Case(
        "32-eml-bom.eml",
        {"contacts/nora-lind.md": ["Text after the mark."]},
        counts={"created": 1},
        before=[SEED],
    ),
    Case(
        "35-eml-cp1252-as-latin1.eml",
        {"contacts/nora-lind.md": ["Angebot – 900 €", "Der Preis – 900 € – ist „fest“."]},
        before=[SEED],
    ),
    Case(
        "41-mbox-date-forms.mbox",
        {"contacts/nora-lind.md": ["2026-11-02 09:00 email in"]},
        counts={"created": 11},
        before=[SEED],
    ),
    Case(
        "42-mbox-from-forms.mbox",
        {"contacts/nora-lind.md": ["Sender form 1", "Sender form 7", "Sender form 12"]},
        counts={"created": 16},
        before=[SEED],
    ),
    Case(
        "45-eml-flowed.eml",
        {"contacts/nora-lind.md": ["This is one long paragraph that a program"]},
        before=[SEED],
    ),
    Case(
        "102-mbox-list-two-authors.mbox",
        {
            "contacts/nora-lind.md": ["Who prints on felt?"],
            "contacts/omar-saleh.md": ["I do."],
        },
        counts={"created": 2},
        before=[SEED],
    ),
    Case(
        "105-eml-dsn-success.eml",
        lacks=["bounced"],
        counts={"skipped": 1},
        before=[SEED],
    ),
    Case(
        "106-eml-dsn-wrong-boundary.eml",
        {"contacts/nora-lind.md": ["bounced: [nora@lind.example]"]},
        before=[SEED],
    ),
    Case(
        "106c-eml-bounce-exchange-text.eml",
        {"contacts/nora-lind.md": ["bounced: [nora@lind.example]"]},
        before=[SEED],
    ),
    Case(
        "03-vcf-missing-colon-and-empty.vcf",
        {"contacts/jurre-de-wit.md": ["+31612340099", "work: +31 20 555 0100"]},
    ),
    Case(
        "04-vcf-qp-trailing-equals.vcf",
        {
            "contacts/jo-mueller.md": ["name: Jo Müller\n", "+491705551234"],
            "contacts/uwe-sand.md": ["+491705559999", "erste\nzweite"],
        },
    ),
    Case(
        "05-vcf-missing-end.vcf",
        {"contacts/bruno-zweit.md": ["bruno@zweit"]},
        counts={"created": 3},
    ),
    Case(
        "09-vcf-base64-text.vcf",
        {"contacts/zoe-loewe.md": ["name: Zoë Löwe", "Mag Käse, ruft freitags an"]},
    ),
    Case(
        "10-vcf-bday-variants.vcf",
        {
            "contacts/person-a.md": ["birthday: 06-19"],
            "contacts/person-e.md": ["birthday: 05-10"],
            "contacts/person-j.md": ["birthday: 1985-12-24"],
            "contacts/person-k.md": ["birthday: 1985-12-24"],
            "contacts/person-l.md": ["birthday: 1985-12-24"],
        },
        counts={"created": 12},
    ),
    Case("14-vcf-colon-in-label.vcf", {"contacts/kavi-rao.md": ["address: Hill Road 5\n"]}),
    Case("15-vcf-qp-no-charset.vcf", {"contacts/joerg-mueller.md": ["name: Jörg Müller"]}),
    Case(
        "16-vcf-label-other.vcf",
        {
            "contacts/lena-probst.md": [
                "home: a@lp.example",
                "other: c@lp.example",
                "other: +49 30 5557002",
            ]
        },
    ),
    Case(
        "51-ics-empty-uid.ics",
        {"contacts/nora-lind.md": ["2026-11-02 13:00 meeting: Kick-off", "meeting: Handover"]},
        counts={"created": 3},
        before=[SEED],
    ),
    Case("57-ics-attendee-forms.ics", counts={"created": 6}, before=[SEED]),
    Case("58-ics-bad-event-among-good.ics", counts={"created": 3, "rejected": 1}, before=[SEED]),
    Case(
        "62-ics-rule-many-a-day.ics",
        counts={"rejected": 1},
        says=["more often than daily"],
        before=[SEED],
    ),
    Case(
        "99-json-form-nested.json",
        {
            "contacts/bea-cron.md": [
                "name: Bea Cron",
                "email: bea@cron.example",
                "message in: Two signs by May",
                "status: lead",
            ]
        },
        lacks=["job:"],
        counts={"created": 1},
    ),
    Case(
        "101-csv-linkedin-messages.csv",
        {
            "contacts/nora-lind.md": ["message in: Hi Ada,", "two signs & a menu?", "Sure!"],
            "contacts/omar-saleh.md": ["with nora-lind: Meet at 5"],
        },
        lacks=["half a thought", "<p", "Buy our leads"],
        counts={"created": 3, "skipped": 2},
        before=["101s-linkedin-connections.csv"],
    ),
    Case(
        "111-csv-currency-column.csv",
        {"deals/sign.md": ["value: 1200.50 EUR"], "deals/menu.md": ["value: 800 USD"]},
        counts={"created": 2},
    ),
    Case(
        "111b-csv-pipedrive-currency.csv",
        {"deals/sign.md": ["value: 1200.50 EUR"], "deals/menu.md": ["value: 800 USD"]},
        counts={"created": 2},
    ),
]


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A small book in git; runs the program in it. `book.root` is its folder."""
    root = tmp_path / "book"
    root.mkdir()
    (root / "plaincrm.yaml").write_text(SETTINGS)
    git(root, "init", "-q", "-b", "main")
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Ada")
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "ada@studio.example")
    monkeypatch.setenv("GIT_COMMITTER_NAME", "Ada")
    monkeypatch.setenv("GIT_COMMITTER_EMAIL", "ada@studio.example")
    return lambda *words, input="": run_in(monkeypatch, root, list(words), input)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.file)
def test_a_file_that_went_wrong_elsewhere_arrives(
    case: Case, book: Run, shared_cases: Path, tmp_path: Path
) -> None:
    root, folder = tmp_path / "book", shared_cases / "import"
    for name in case.before:
        assert book("import", str(folder / name), "-y").code == 0
    ran = book("import", str(folder / case.file), "-y", "--json", *case.options)
    found = json.loads(ran.out)
    assert {name: found[name] for name in case.counts} == case.counts, ran.out
    assert found["rows"] == sum(
        found[n] for n in ("created", "updated", "unchanged", "skipped", "rejected")
    )
    for path, texts in case.has.items():
        said = (root / path).read_text()
        assert all(text in said for text in texts), said
    records = "\n".join(path.read_text() for path in root.glob("*/*.md"))
    assert not [text for text in case.lacks if text in records], records
    assert all(text in ran.out + ran.err for text in case.says), ran.out
    again = json.loads(book("import", str(folder / case.file), "-y", "--json", *case.options).out)
    assert (again["created"], again["updated"]) == (0, 0), again
