from __future__ import annotations

from plaincrm.marketing.message_ids import once_id, template_of


def test_the_same_mail_has_the_same_id_and_others_another() -> None:
    def made(contact: str = "ada", campaign: str = "Hello", again: int = 0) -> str:
        return once_id(
            template="follow-up",
            contact=contact,
            campaign=campaign,
            domain="x.example",
            again=again,
        )

    assert made() == made()
    assert len({made(), made("bob"), made(campaign="Bye"), made(again=1)}) == 4
    assert made().endswith(".follow-up.plaincrm@x.example>")
    assert template_of(made()) == "follow-up"


def test_any_name_gives_a_safe_id() -> None:
    odd = once_id(template="Größe >\r\n", contact="\ud800", campaign="", domain="x>\n")
    assert (
        odd.isascii() and "\n" not in odd and odd.count(">") == 1 and template_of(odd) == "gr-sse"
    )
    assert template_of("<1@x.example>") is None
