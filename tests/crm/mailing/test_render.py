"""What templates see of records, and that whatever a record holds becomes a mail or a reason."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from decimal import Decimal
from email import policy
from email.parser import BytesParser
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from plaincrm.core.records.edits import logged
from plaincrm.core.yaml import write
from plaincrm.crm.book import Book
from plaincrm.crm.mailing.context import ReadNames, context, data
from plaincrm.crm.mailing.render import LetterWriter, Recipient
from plaincrm.crm.mailing.template_files import Templates
from plaincrm.crm.mailing.write import to_outbox
from plaincrm.errors import PlaincrmError, Refused
from plaincrm.marketing.templates.file import Template
from plaincrm.marketing.templates.rendered import Rendered
from plaincrm.marketing.templates.sandbox import Renderer
from tests.conftest import ROOT


def noon(zone: tzinfo) -> datetime:
    return datetime(2026, 11, 21, 12, tzinfo=zone)


def book(root: Path, files: dict[str, str]) -> Book:
    files = {"plaincrm.yaml": "me: {name: Ada, email: ada@x.example}\n", **files}
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8", newline="")
    return Book.open(root, noon)


def small(root: Path) -> Book:
    return book(
        root,
        {
            "contacts/ola.md": (
                "---\nname: Ola N\ncompany: fjord\ntags: vip\n"
                "email: {work: o@x.example, home: h@x.example}\n"
                "birthday: 12-10\nzip: 02142\ndiet: vegan\nunsubscribed: no\n---\n"
            ),
            "companies/fjord.md": "---\nname: Fjord AS\ncity: Oslo\n---\n",
            "deals/site.md": (
                "---\nname: Site\ncontact: {billing: kari, main: ola}\ncompany: fjord\nvalue: 1500"
                " EUR/month\nclose_date: 2026-12-01\n---\n- [ ] invoice 7 20.50 EUR"
                " due:2026-12-02\n- [ ] invoice 6 10 USD due:2026-12-01\n- [x] invoice 5 10 EUR"
                " due:2026-11-01\n"
            ),
        },
    )


def test_fields_are_typed_plain_data(tmp_path: Path) -> None:
    here = small(tmp_path)
    ola, site = here.store.get("contact", "ola"), here.store.get("deal", "site")
    assert ola is not None and site is not None
    found = data(here, ola)
    assert (found["zip"], found["birthday"], found["diet"], found["tags"]) == (
        "02142",
        "12-10",
        "vegan",
        ["vip"],
    )
    assert found["email"] == ["o@x.example", "h@x.example"]
    assert found["unsubscribed"] is False
    assert found["company"]["city"] == "Oslo"
    assert "job" not in found
    deal = data(here, site)
    assert deal["value"] == {"amount": Decimal(1500), "currency": "EUR", "per": "month"}
    assert deal["close_date"] == date(2026, 12, 1)


def test_what_a_message_may_speak_of(tmp_path: Path) -> None:
    here = small(tmp_path)
    ola, site = here.store.get("contact", "ola"), here.store.get("deal", "site")
    assert ola is not None
    alone = context(here, ola, None, "en")
    assert alone["greeting"] == "Dear Ola,"
    own = {"name": "Ada", "email": "ada@x.example", "signature": "Ada"}
    assert alone["me"] == {**own, "unsubscribe": "ada@x.example"}
    assert "deal" not in alone and "ticket" not in alone
    assert alone["invoice"]["number"] == "6"  # of the contact's deal, the first that is due
    assert alone["invoice"]["amount"]["currency"] == "USD"
    assert context(here, ola, site, "en")["deal"]["name"] == "Site"


def test_a_sent_mail_is_found_in_the_log_of_a_deal_too(tmp_path: Path) -> None:
    here = small(tmp_path)
    ola, site = here.store.get("contact", "ola"), here.store.get("deal", "site")
    first = LetterWriter(here, Templates(here), "proposal").letters([Recipient(ola, site)])[0]
    assert first.status == "ready"
    assert site is not None
    with here.change("x", "log") as change:
        change.edit(site, [logged(here.now, "email", f"Sent {first.message_id}", "out")])
    again = LetterWriter(here, Templates(here), "proposal").letters([Recipient(ola, site)])[0]
    assert (again.status, again.reason) == ("skipped", "already got it")


@settings(max_examples=60)
@given(
    name=st.text(min_size=1, max_size=60),
    email=st.text(max_size=40) | st.just("a@x.example"),
    job=st.text(max_size=60),
)
def test_any_record_becomes_a_mail_that_says_it_or_a_reason(
    name: str, email: str, job: str
) -> None:
    person = write.new_file({"name": name, "email": email, "job": job}, "")
    form = (
        "---\nsubject: S {{ contact.name }} {{ contact.job | default('') }}\n---\n{{ contact.job |"
        " default }}\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        here = book(Path(folder), {"contacts/a.md": person, "templates/t.md": form})
        letters = LetterWriter(here, Templates(here), "t").letters(
            [Recipient(here.store.get("contact", "a"))]
        )
        try:
            to_outbox(here, letters)
        except Refused:
            assert not list(Path(folder).glob("outbox/*"))
        assert letters[0].status == "written" or letters[0].reason
        for file in Path(folder).glob("outbox/*.eml"):
            message = BytesParser(policy=policy.default).parsebytes(file.read_bytes())
            assert [box.addr_spec for box in message["To"].addresses] == [letters[0].address]
            assert message["Bcc"] is None and message["Cc"] is None


def test_what_no_template_reads_changes_no_word(studio: Path) -> None:
    """Every template of the example book and of those shipped, for everybody: with all data, and
    with what it reads alone.
    """
    book = Book.open(studio, lambda zone: datetime(2026, 11, 21, 12, tzinfo=zone))
    templates = Templates(book)
    renderer = Renderer(templates.bodies)
    deals = [*book.store.records("deal")][::3]
    about = {deal.items("contact")[0].text: deal for deal in deals if deal.items("contact")}
    compared = 0
    for name in templates:
        for form in templates.find(name).values():
            reads = renderer.reads(form)
            assert reads is not None, form.path
            for person in [*book.store.records("contact")][::4]:
                subject = about.get(person.id)
                whole = context(book, person, subject, form.language)
                part = context(book, person, subject, form.language, ReadNames(reads))
                assert _result(renderer, form, part) == _result(renderer, form, whole)
                compared += 1
    assert compared > 200


def _result(renderer: Renderer, form: Template, known: Mapping[str, Any]) -> Rendered | str:
    try:
        return renderer.render(form, known)
    except PlaincrmError as error:
        return error.message


def test_letters_of_plain_text_have_no_marks_of_markdown() -> None:
    """Whoever gets one reads the text itself: a `**` in it is no bold letter."""
    found = [each for each in (ROOT / "templates" / "email").glob("*.md")]
    assert len(found) > 30
    for path in found:
        head, _, body = path.read_text("utf-8").partition("\n---\n")
        if "kind: bulk" not in head and "html: true" not in head:
            assert "*" not in body, path.name
