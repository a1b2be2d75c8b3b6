"""Answers to tickets as drafts: rendered in the ticket's thread, logged when they are sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from plaincrm.core.records.record import Record
from plaincrm.core.timeline.prose import prose
from plaincrm.core.values.raw import items
from plaincrm.crm.mailing.render import Letter, LetterWriter, recipients
from plaincrm.crm.mailing.template_files import Templates
from plaincrm.errors import Refused

if TYPE_CHECKING:
    from plaincrm.crm.book_data import BookData

OWN_WORDS = "ticket-answer"
WITH_ARTICLE = "ticket-article"


def reply_draft(
    book: BookData,
    ticket: Record,
    *,
    text: str = "",
    template: str = "",
    article: Record | None = None,
) -> Letter:
    """The answer to a ticket: `text` in one's own words, a template, or an article (its link where
    it has one, else its text), or several of them. Nothing is written.

    Raises Refused where there is nothing to say, nobody to say it to, or the article is private;
    NotFound for a template.
    """
    if not (text or template or article):
        raise Refused("there is nothing to answer", "give TEXT, --template or --article")
    if article is not None and article.text("audience").casefold() != "public":
        raise Refused(
            f"{article.ref} is private; it is not sent to customers",
            f"plaincrm set {article.ref} audience=public",
        )
    name = template or (WITH_ARTICLE if article else OWN_WORDS)
    values: dict[str, Any] = {"text": text} if text else {}
    if article is not None:
        values["article"] = article_data(article)
    writer = LetterWriter(book, Templates(book), name, again=True, values=values)
    (letter,) = writer.letters(recipients(book, [ticket]))
    if letter.status == "skipped":
        raise Refused(f"{ticket.ref}: {letter.reason}", "plaincrm ticket note keeps a remark")
    letter.article = article.id if article else ""
    return letter


def article_data(article: Record) -> dict[str, Any]:
    """What a template may say of an article: `title`, `text`, and `url` where `links` has one."""
    found: dict[str, Any] = {
        "id": article.id,
        "title": article.title,
        "text": prose(article.load()),
    }
    url = next((item.text for item in items(article.fields.get("links"))), "")
    return found | ({"url": url} if url else {})
