"""E-mails to be on one page for the browser: heads, and the words as a mail program shows them."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from plaincrm.crm.mailing.render import Letter
from plaincrm.interchange.markdown import mail_fragment
from plaincrm.views.messages import SHOWN

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_STYLE = (
    ":root{color-scheme:light dark}"
    "body{margin:0;font:16px/1.5 -apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif}"
    "main{max-width:40em;margin:0 auto;padding:16px;overflow-wrap:anywhere}"
    "article{border:1px solid rgba(128,128,128,.5);border-radius:6px;padding:16px;margin:0 0 24px}"
    "dl{display:grid;grid-template-columns:auto 1fr;gap:2px 12px;margin:0 0 16px;font-size:14px}"
    "dt{opacity:.75}dd{margin:0}"
    ".text{white-space:pre-wrap;font-family:ui-monospace,Menlo,Consolas,monospace;font-size:14px}"
)


def page(letters: Sequence[Letter]) -> str:
    """The first messages that are ready. Values from records are text; nothing is loaded."""
    ready = [each for each in letters if each.rendered and each.status == "ready"]
    shown = "\n".join(map(_message, ready[:SHOWN])) or "<p>There is nobody to write to.</p>"
    rest = len(ready) - SHOWN
    more = f"<p>… and {rest} more</p>" if rest > 0 else ""
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>E-mails to be</title>\n<style>{_STYLE}</style>\n</head>\n"
        f"<body><main>\n<h1>E-mails to be</h1>\n{shown}\n{more}</main></body>\n</html>\n"
    )


def _message(letter: Letter) -> str:
    words = letter.rendered
    assert words is not None
    heads = (
        ("To", str(letter.to)),
        ("Cc", ", ".join(words.cc)),
        ("Subject", words.subject),
        ("Attached", ", ".join(words.attachments)),
        ("Next", words.next),
    )
    rows = "".join(f"<dt>{name}</dt><dd>{escape(text)}</dd>" for name, text in heads if text)
    if letter.template.with_html:
        body = mail_fragment(words.markdown)
    else:
        body = f'<div class="text">{escape(words.text)}</div>'
    return f'<article lang="{escape(letter.template.language)}">\n<dl>{rows}</dl>\n{body}</article>'
