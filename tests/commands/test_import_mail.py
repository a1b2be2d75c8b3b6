"""Mail that is imported finds its ticket, settles the outbox, and is there once."""

from __future__ import annotations

from pathlib import Path

import pytest

from plaincrm.core.timeline import document
from tests.conftest import Crm, git

TICKET = "login-broken-k7m2"


def mail(sender: str, subject: str, id: str, *more: str, text: str = "Still broken.") -> str:
    heads = [
        f"From: {sender}",
        "To: Ada Example <ada@studio.example>",
        f"Subject: {subject}",
        "Date: Sat, 21 Nov 2026 13:15:00 +0100",
        f"Message-ID: <{id}>",
        *more,
    ]
    return "\n".join([*heads, "", text, ""])


def put(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.write_text(text)
    return str(path)


def customer(studio: Path) -> str:
    """The address of the ticket's contact."""
    ticket = (studio / "tickets" / f"{TICKET}.md").read_text()
    contact = next(line for line in ticket.splitlines() if line.startswith("contact:"))
    text = (studio / "contacts" / f"{contact.split()[1]}.md").read_text()
    words = text.replace("[", " ").replace("]", " ").replace(",", " ").split()
    return next(word for word in words if "@" in word and "<" not in word)


@pytest.mark.parametrize("way", ["subject", "thread"])
def test_a_reply_to_a_ticket_is_on_the_ticket_and_opens_it_again(
    crm: Crm, studio: Path, tmp_path: Path, way: str
) -> None:
    assert crm("set", f"ticket/{TICKET}", "status=pending").code == 0
    crm("log", f"ticket/{TICKET}", "reply", "Try again <r1@studio.example>", "--out")
    head = "Re: Login broken" if way == "thread" else f"Re: Login [{TICKET}]"
    more = ["In-Reply-To: <r1@studio.example>"] if way == "thread" else []
    path = put(tmp_path, "r.eml", mail(customer(studio), head, f"{way}@x.example", *more))
    ran = crm("import", path, "-y", "--json")
    assert ran.json["created"] == 1 and ran.json["results"][0]["id"] == TICKET
    ticket = (studio / "tickets" / f"{TICKET}.md").read_text()
    assert "reply in: Re: Login" in ticket and "Still broken." in ticket
    assert "status: open" in ticket.split("\n---\n")[0]
    lines = crm("today", "--json").json["results"]
    assert "unanswered" in [line["reason"] for line in lines if line["id"] == TICKET]
    assert crm("import", path, "-y", "--json").json["unchanged"] == 1


def test_sent_mail_settles_the_outbox(crm: Crm, studio: Path, tmp_path: Path) -> None:
    assert crm("email", "follow-up", "fjord-website-2027", "--outbox").code == 0
    (draft,) = (studio / "outbox").glob("*ola-nordmann-follow-up.eml")
    sent = tmp_path / "Sent"
    for name in ("cur", "new", "tmp"):
        (sent / name).mkdir(parents=True)
    (sent / "cur" / "1:2,S").write_bytes(draft.read_bytes())
    ran = crm("import", str(sent), "-y")
    assert ran.code == 0, ran.err
    assert not draft.exists() and (studio / "outbox" / "sent" / draft.name).exists()
    deal = (studio / "deals" / "fjord-website-2027.md").read_text()
    assert "email out" in deal and "next:" in deal
    assert "email out" in git(studio, "show", "HEAD", "--", "contacts/ola-nordmann.md")


def test_a_mail_piped_without_its_id_and_whole_later_is_one(crm: Crm, tmp_path: Path) -> None:
    whole = mail("ola@fjordferries.example", "Colours", "c@fjord.example", text="Blue.")
    bare = "\n".join(line for line in whole.split("\n") if not line.startswith("Message-ID"))
    for first, second in (
        (whole, bare),
        (bare.replace("13:15", "14:15"), whole.replace("13:15", "14:15")),
    ):
        assert crm("import", put(tmp_path, "a.eml", first), "-y", "--json").json["created"] == 1
        assert crm("import", put(tmp_path, "b.eml", second), "-y", "--json").json["created"] == 0


def test_a_log_is_read_once_however_many_mails_belong_to_it(
    crm: Crm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = []
    read = document.read
    for size in (3, 30):
        seen: list[int] = []

        def counted(*words: object, seen: list[int] = seen) -> document.TimelinePage:
            seen.append(1)
            return read(*words)  # type: ignore[arg-type]

        monkeypatch.setattr(document, "read", counted)
        box = "\n".join(
            "From x Mon Nov  2 09:00:00 2026\n"
            + mail("ola@fjordferries.example", f"No. {n}", f"{size}-{n}@x.example")
            for n in range(size)
        )
        ran = crm("import", put(tmp_path, f"{size}.mbox", box), "-y", "--json")
        assert ran.json["created"] == size
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_a_pipe_of_several_mails_is_all_read(crm: Crm) -> None:
    text = "".join(
        mail("ola@fjordferries.example", f"No. {n}", f"p{n}@x.example") for n in range(4)
    )
    assert crm("import", "-", "-y", "--json", input=text).json["created"] == 4


def test_a_file_without_anything_is_no_success(crm: Crm, tmp_path: Path) -> None:
    ran = crm("import", put(tmp_path, "x.ics", "BEGIN:VCALENDAR\nVERSION:2.0\nEND:VCALENDAR\n"))
    assert ran.code == 1 and "nothing in it can be imported" in ran.err


def test_a_folder_of_maildirs_and_one_of_cards(crm: Crm, tmp_path: Path) -> None:
    for number, name in enumerate(("Inbox", ".Drafts", "Clients/Fjord")):
        for part in ("cur", "new", "tmp"):
            (tmp_path / "Mail" / name / part).mkdir(parents=True)
        text = mail("ola@fjordferries.example", f"In {number}", f"f{number}@x.example")
        put(tmp_path / "Mail" / name / "cur", "1.host:2,S", text)
    ran = crm("import", str(tmp_path / "Mail"), "-y", "--json").json
    assert (ran["created"], ran["skipped"]) == (2, 1)
    cards = tmp_path / "people"
    cards.mkdir()
    for name in ("Zoe Null", "Yan Eins"):
        card = f"BEGIN:VCARD\nVERSION:3.0\nFN:{name}\nEND:VCARD\n"
        put(cards, f"{name}.vcf", card)
    assert crm("import", str(cards), "-y", "--json").json["created"] == 2
    (tmp_path / "empty").mkdir()
    assert crm("import", str(tmp_path / "empty")).code == 2


def test_the_one_file_of_vdirsyncer_is_cards(crm: Crm, tmp_path: Path) -> None:
    text = (
        "BEGIN:VADDRESSBOOK\nBEGIN:VCARD\nVERSION:3.0\nFN:Zoe Null\nEND:VCARD\nEND:VADDRESSBOOK\n"
    )
    assert crm("import", put(tmp_path, "all.vcf", text), "-y", "--json").json["created"] == 1
