"""What sort of mail one is that did not come back: an answer, an automatic one, a wish to hear no
more.
"""

from __future__ import annotations

import re
from email.message import EmailMessage
from typing import Literal

from plaincrm.interchange.mail.parse import IncomingMail, header

Nature = Literal["reply", "bounce", "unsubscribe", "out_of_office", "automatic", "message"]
"""`out_of_office` is any answer that a machine gave, a receipt too; `automatic` is other mail of
machines, and mail to a list."""

_ANSWER = re.compile(
    r"\s*(?:re|aw|antw|antwort|sv|vs|odp|rif|ref|res|回复|回覆|返信|답장)(?:\[\d+\])?\s?[::]",
    re.IGNORECASE,
)
_AWAY = re.compile(
    r"\s*(?:(?:re|aw|sv)\s?:\s*)?(?:automatic reply|auto(?:matic)?[-"
    r" ]?(?:reply|response|antwort)|autoreply"
    r"|out of (?:the )?office"
    r"|abwesend|abwesenheit|automatische antwort|réponse automatique|absence du bureau|respuesta"
    r" automática"
    r"|fuera de (?:la )?oficina|risposta automatica|automatisch antwoord|afwezig|autosvar|resposta"
    r" automática"
    r"|on (?:vacation|holiday|leave)\b|urlaub:)",
    re.IGNORECASE,
)
_TO_MANY = ("List-Id", "List-Unsubscribe", "List-Post", "List-Help")
_MACHINES = ("X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Auto-Reply", "X-Mail-Autoreply")
_WORDS = (
    r"(?:please |bitte |merci de"
    r" )?(?:unsubscribe|un-subscribe|remove|abmelden|abmeldung|abbestellen"
    r"|austragen|opt[- ]?out"
    r"|désabonner|désabonnement|désinscription|désinscrire|se désabonner|baja|darse de"
    r" baja|cancelar suscripción|stop"
    r"|disiscrivi|cancellami|afmelden|uitschrijven)"
)
_REST = (
    r"(?:me|mich|uns|us|from (?:this|your|the) (?:mailing"
    r" )?(?:list|newsletter)|please|bitte|newsletter|now)"
)
_LEAVING_SUBJECT = re.compile(rf"{_WORDS}(?: (?:{_REST}|\S*[@=\d]\S*)){{0,3}}[.!]*", re.IGNORECASE)
_LEAVING_TEXT = re.compile(rf"{_WORDS}(?: {_REST}){{0,3}}[.!]*", re.IGNORECASE)

_MAIL = r"(?:newsletters?|e?-?mails?|messages?|mailings?)"
_PLEASE = r"(?:[,.]? ?(?:please|bitte|danke|thanks|merci|svp|s'il vous plaît|por favor|gracias))?"
_LEAVING_SENTENCE = re.compile(
    r"(?:please |bitte |por favor,? |merci de )?(?:"
    r"take (?:me|us) off (?:this|your|the) (?:mailing )?list"
    rf"|(?:i|we) (?:no longer|do not|don't) (?:wish|want) to (?:receive|get) [^.!?]{{0,20}}{_MAIL}"
    rf"|no more {_MAIL}|keine? {_MAIL} mehr|keinen {_MAIL} mehr"
    rf"|ich möchte [^.!?]{{0,20}}{_MAIL} (?:nicht mehr|mehr) (?:erhalten|bekommen)"
    r"|(?:quiero )?dar(?:me|se) de baja|(?:je veux )?me désabonner"
    rf"|je ne (?:souhaite|veux) plus recevoir [^.!?]{{0,20}}{_MAIL}"
    rf"|non (?:voglio|desidero) più ricevere [^.!?]{{0,20}}{_MAIL}"
    rf"|ik wil geen {_MAIL} meer|não quero mais receber [^.!?]{{0,20}}{_MAIL}"
    rf"){_PLEASE}(?: anymore| any more)?[.!]*",
    re.IGNORECASE,
)
"""What people write who do not know the word: a sentence of its own."""
_WAY_OUT = re.compile(
    r"unsubscrib|opt[- ]?out|abmeld|abbestell|austrag|désabonn|désinscri|\bbaja\b|cancelar"
    r"|disiscri|afmeld|uitschrijv|avmeld|meld deg av|wypisz",
    re.IGNORECASE,
)


def _of_machine(message: EmailMessage) -> bool:
    """Mail that no person wrote to you (RFC 3834, RFC 5230): a machine's, or one to many."""
    submitted = header(message, "Auto-Submitted").casefold().partition(";")[0].strip()
    if submitted not in ("", "no") or header(message, "Return-Path").strip() == "<>":
        return True
    if header(message, "Precedence").casefold().strip() in ("bulk", "list", "junk"):
        return True
    return any(message[name] for name in _TO_MANY)


def names_way_out(text: str) -> bool:
    """Whether a text says how to hear no more, in one of the languages that we know."""
    return bool(_WAY_OUT.search(text))


def nature(message: EmailMessage, mail: IncomingMail, text: str) -> Nature:
    """The sort of a mail that is no bounce; `text` is what is new in it."""
    if _automatic(message, mail.subject):
        return "out_of_office"
    if wants_out(mail.subject, text):
        return "unsubscribe"
    if _of_machine(message):
        return "automatic"
    return (
        "reply" if mail.in_reply_to or mail.references or _ANSWER.match(mail.subject) else "message"
    )


def _automatic(message: EmailMessage, subject: str) -> bool:
    submitted = header(message, "Auto-Submitted").casefold().partition(";")[0].strip()
    if submitted.startswith("auto-replied") or any(message[name] for name in _MACHINES):
        return True
    if header(message, "Precedence").casefold() in ("auto_reply", "auto-reply"):
        return True
    return message.get_content_type() == "multipart/report" or bool(_AWAY.match(subject))


def wants_out(subject: str, text: str) -> bool:
    """A mail that says nothing else: `unsubscribe` in a longer letter is talk about it."""
    bare = _ANSWER.sub("", subject).strip()
    if _LEAVING_SUBJECT.fullmatch(bare) and len(text.split()) <= 30:
        return True
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if not 0 < len(lines) <= 3:
        return False
    if not (_LEAVING_TEXT.fullmatch(lines[0]) or _LEAVING_SENTENCE.fullmatch(lines[0])):
        return False
    return all(_says_nothing(line) for line in lines[1:])


def _says_nothing(line: str) -> bool:
    """A name or a thank-you below the word, and no sentence: `Stop!` may be about a print run."""
    return len(line.split()) <= 4 and not any(mark in line for mark in ",;?")
