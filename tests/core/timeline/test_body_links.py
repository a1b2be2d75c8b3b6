"""Links in texts that follow a record; every other byte stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaincrm.core.timeline.body_links import LinkedRecord, relinked

ADA = LinkedRecord("contact", "contacts/ada.md", frozenset({"ada", "old-ada"}))
BOB = LinkedRecord("contact", "contacts/bob.md", frozenset({"bob"}))
HERE = "deals/web.md"


def after(text: str, source: str = HERE, target: LinkedRecord = ADA, id: str = "ada-byron") -> str:
    return relinked(text, source, target, f"contacts/{id}.md")


@pytest.mark.parametrize(
    ("before", "wanted"),
    [
        ("[[ada]]", "[[ada-byron]]"),
        ("[[Ada|the countess]]", "[[ada-byron|the countess]]"),
        ("[[ ada ]] and ![[ada#Calls]]", "[[ ada-byron ]] and ![[ada-byron#Calls]]"),
        ("[[old-ada]]", "[[ada-byron]]"),
        ("[[contacts/ada.md#^a1|A]]", "[[contacts/ada-byron.md#^a1|A]]"),
        ("[[../contacts/ada]]", "[[../contacts/ada-byron]]"),
        ("[[contact/ada]]", "[[contact/ada-byron]]"),
        ("| [[ada\\|A]] | 1 |", "| [[ada-byron\\|A]] | 1 |"),
        ("[A](../contacts/ada.md)", "[A](../contacts/ada-byron.md)"),
        ("[A](../contacts/ada.md#calls 'T')", "[A](../contacts/ada-byron.md#calls 'T')"),
        ("[A](<../contacts/ada.md> \"T\")", "[A](<../contacts/ada-byron.md> \"T\")"),
        ("[A](contacts/ada.md) [A](/contacts/ada)", "[A](contacts/ada-byron.md) [A](/contacts/ada-byron)"),
        ("[A](../contacts/%61da.md)", "[A](../contacts/ada-byron.md)"),
        ("[a]: ../contacts/ada.md \"T\"", "[a]: ../contacts/ada-byron.md \"T\""),
        ("`` ` `` [[ada]] `x`", "`` ` `` [[ada-byron]] `x`"),
        ("- 2026-11-01 call: with [[ada]]", "- 2026-11-01 call: with [[ada-byron]]"),
    ],
)  # fmt: skip
def test_links_follow(before: str, wanted: str) -> None:
    assert after(before) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "ada, [ada], [ada](https://x.example/contacts/ada.md), [ada](ada.md), [x](mailto:ada)",
        "[[adam]] [[companies/ada]] [[ada/notes]] [[#ada]] [[a|ada]] \\[[ada]]",
        "`[[ada]]` and ``[A](../contacts/ada.md) ` ``",
        "```\n[[ada]]\n```\n\n    [[ada]]\n\n<!-- [[ada]] -->\n",
        "---\nname: Web\nknows: '[[ada]]'\n---\n",
        "[A](../companies/ada.md) [A](#ada) [A](//contacts/ada.md)",
    ],
)
def test_what_leads_elsewhere_and_code_stay(text: str) -> None:
    assert after(text) == text


def test_an_id_that_two_kinds_have_follows_only_with_its_folder() -> None:
    twin = LinkedRecord("contact", "contacts/ada.md", frozenset({"ada"}), bare=False)
    assert after("[[ada]] [[contacts/ada]]", target=twin) == "[[ada]] [[contacts/ada-byron]]"


def test_a_record_that_moves_to_another_folder_takes_its_links_along() -> None:
    ada = LinkedRecord("contact", "contacts/3f/ada.md", frozenset({"ada"}))
    text = "[[ada]] [[3f/ada|A]] [A](../contacts/3f/ada.md) [A](/contacts/3f/ada.md)"
    assert relinked(text, HERE, ada, "contacts/b b/eve.md") == (
        "[[eve]] [[contacts/b b/eve|A]] [A](../contacts/b%20b/eve.md) [A](/contacts/b%20b/eve.md)"
    )


def test_a_record_of_a_flat_vault() -> None:
    ada = LinkedRecord("contact", "ada.md", frozenset({"ada"}))
    text = "[[ada]] [[/ada]] [A](ada.md) [A](../ada.md)"
    assert (
        relinked(text, "daily/day.md", ada, "eve.md")
        == "[[eve]] [[/eve]] [A](eve.md) [A](../eve.md)"
    )
    assert relinked("[[contacts/bob]]", "x.md", BOB, "eve.md") == "[[eve]]"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_marks_and_front_matter_stay(end: str) -> None:
    text = "\ufeff---\nname: Web   # [[ada]]\n---\n\nBy [[ada]].  \n\n```\n[[ada]]\n```\n[[ada]]"
    before = text.replace("\n", end)
    wanted = before.replace("By [[ada]]", "By [[ada-byron]]")
    assert after(before) == wanted[: -len("[[ada]]")] + "[[ada-byron]]"


TEXTS = st.lists(
    st.sampled_from(["[[ada]]", "[[", "]]", "`", "```\n", "\r\n", "\n", "    ", "ada", "|", "#", "/",
                     "[x](", "../contacts/ada.md", ")", "contacts/", "<", ">", "- ", "é"]),
    max_size=25,
).map("".join)  # fmt: skip


@given(TEXTS)
def test_there_and_back_again(text: str) -> None:
    """Whatever the text: renaming and renaming back gives the same bytes, and once is enough."""
    there = after(text)
    assert after(there) == there
    back = LinkedRecord("contact", "contacts/ada-byron.md", frozenset({"ada-byron"}))
    assert relinked(there, HERE, back, "contacts/ada.md") == text
