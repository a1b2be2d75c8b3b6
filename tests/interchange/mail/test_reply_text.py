from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaincrm.interchange.mail import parse
from plaincrm.interchange.mail.reply_text import new_text


def test_replies_of_a_dozen_mail_programs(shared_data: Path) -> None:
    """The data's own expectation: each says Hello, above, below or between."""
    found = {
        path.name: new_text(parse.parse(path.read_bytes()).text)
        for path in (shared_data / "email" / "talon" / "standard_replies").glob("*.eml")
    }
    assert len(found) == 12
    assert set(found.values()) == {"Hello"}, found


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("> Tuesday?\nYes.\n\n> Nine?\nTen.", "Yes.\n\nTen."),
        ("Ja.\n\nAm 16.11.2026 um 09:00 schrieb Ada:\n\n> Dienstag?", "Ja."),
        ("Oui.\n\nLe lun. 16 nov. 2026 à 09:00, Ada <ada@x.org> a\nécrit :\n\n> Mardi ?", "Oui."),
        ("Sí.\n\n-----Mensaje original-----\nDe: Ada\nAsunto: x\n\n¿Martes?", "Sí."),
        ("Ja.\n\n__________\nVon: Ada\nGesendet: Montag\nAn: Ola\nBetreff: x\n\nDienstag?", "Ja."),
        ("Done.\n\n-- \nOla\nFjord AS", "Done."),
        ("Done.\n\nKind regards,\nOla Nordmann\nFjord AS", "Done."),
        ("Done.\n\nSent from my iPhone", "Done."),
        ("Gesendet.\n\nVon meinem iPhone gesendet", "Gesendet."),
        ("On 3 May Ada wrote:\n\n> Hi\n\nHello", "Hello"),
        ("Done.\nThanks, that helped.\n\nOne more thing: bring\n- pens\n- paper", None),
        ("Please write to ada@x.org by 12:\nit is late.", None),
        ("From: Berlin to Oslo\nis far.", None),
        ("Thanks", None),
        ("    indented\n  code", "indented\n  code"),
    ],
)
def test_new_words_only_and_all_of_them(text: str, new: str | None) -> None:
    assert new_text(text) == (text if new is None else new)


@given(
    st.text(
        alphabet=st.characters(exclude_characters=">:-_*\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"),
        min_size=1,
    )
)
def test_words_without_any_mark_stay(text: str) -> None:
    words = (
        f"Dear Ada\n{text}\nand so on, and so forth, until the line is really longer than seventy"
        " letters."
    )
    assert new_text(words).split() == words.split()


def test_long_lines_take_no_time() -> None:
    assert new_text("On " * 200_000).startswith("On On")
    assert new_text("On 1 " + "a@b " * 90 + "\n" * 50_000 + "x").endswith("x")
