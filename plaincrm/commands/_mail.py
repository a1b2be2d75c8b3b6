"""Words of the e-mail commands: templates, and mails of the outbox."""

from __future__ import annotations

from collections.abc import Iterable

from plaincrm.commands._app import App
from plaincrm.commands._types import BookWord


class TemplateWord(BookWord):
    """The name of an e-mail template."""

    name = "TEMPLATE"

    def candidates(self, app: App, incomplete: str) -> Iterable[tuple[str, str]]:
        from plaincrm.crm.mailing.template_files import Templates

        templates = Templates(app.book)
        return ((name, templates.form(name).doc) for name in templates)


class MailWord(BookWord):
    """The handle of a waiting e-mail, or its file's name."""

    name = "HANDLE"

    def candidates(self, app: App, incomplete: str) -> Iterable[tuple[str, str]]:
        from plaincrm.crm.mailing.mark_sent import drafts

        return (
            (draft.waiting.handle, f"{draft.to}: {draft.mail.subject}")
            for draft in drafts(app.book)
        )
