"""What is new in a mail: its text without the mail that it answers, and without the signature.

Lines are dropped only where something says that they are quoted: `>`, a line such as `On … wrote:`,
the head of a forwarded mail. In doubt a line stays.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_QUOTED = re.compile(r"[ \t]{0,2}>")
_LONGEST_INTRO = 400
_INTRO = re.compile(
    r"(?:On|Am|Le|El|Em|Il|Op|Den|Dne|W dniu)\b.*\b(?:wrote|schrieb|a"
    r" écrit|escribió|escreveu|scritto|schreef"
    r"|geschreven|skrev|napsal|napisał)\b.*:|(?=.*\d).*<?[^\s<>]+@[^\s<>]+>?.{0,60}:|.*\d.*\b(?:wrote|writes|schrieb):",
    re.IGNORECASE,
)
_INTRO_BEGINS = re.compile(
    r"\s*(?:(?:On|Am|Le|El|Em|Il|Op|Den|Dne|W dniu)\b|.*\d|.*@|.*:\s*$)", re.IGNORECASE
)
_DIVIDER = re.compile(
    r"\s*(?:[-_*]{2,}\s*(?:original message|original-nachricht|originalnachricht|ursprüngliche"
    r" nachricht"
    r"|message d'origine"
    r"|message original|mensaje original|mensagem original|messaggio originale|oorspronkelijk"
    r" bericht"
    r"|forwarded message|weitergeleitete nachricht|message transféré|mensaje reenviado|messaggio"
    r" inoltrato"
    r"|doorgestuurd bericht)\s*[-_*]{2,}|begin forwarded message:|anfang der weitergeleiteten"
    r" (?:e-mail|nachricht):"
    r"|début du message (?:transféré|réexpédié)\s?:)\s*",
    re.IGNORECASE,
)
_SENDER = re.compile(r"\s*\*?(?:From|Von|De|Da|Van|Från|Fra|Od|От)\s?:\*?\s*\S.*", re.IGNORECASE)
_HEADER = re.compile(
    r"\s*\*?(?:Sent|Date|To|Subject|Cc|Gesendet|Datum|An|Betreff|Envoyé|Date|À|Objet|Enviado(?:"
    r" el)?|Fecha|Para|Asunto"
    r"|Inviato|Data|A|Oggetto|Verzonden|Aan|Onderwerp|Skickat|Till|Ämne|Дата|Кому|Тема)\s?:\*?.*",
    re.IGNORECASE,
)
_RULE = re.compile(r"\s*(?:_{8,}|-{16,}|\*{8,})\s*")
_SIGNATURE = re.compile(r"--[ \t\xa0]*")
_DEVICE = re.compile(
    r"(?:sent (?:from|with|via) |von meinem .{1,40} gesendet|gesendet (?:mit|von) |diese nachricht"
    r" wurde von"
    r"|envoyé (?:de|depuis) "
    r"|enviado desde |inviato da |verzonden (?:vanaf|met) |get outlook for |outlook für |via"
    r" mobile).{0,80}",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"(?:(?:best|kind|warm|warmest|many)?\s?(?:regards|wishes)|cheers|thanks|thank you|many"
    r" thanks|all the best|best"
    r"|sincerely"
    r"|yours(?: sincerely| truly)?|(?:viele|liebe|beste|schöne|herzliche|freundliche) grüße|mit"
    r" freundlichen grüßen"
    r"|mfg|lg|vg"
    r"|cordialement|bien à vous|un saludo|saludos(?: cordiales)?|cordiali saluti|met vriendelijke"
    r" groet(?:en)?"
    r"|с уважением)[ ,.!]*",
    re.IGNORECASE,
)
_CLOSING_LINES = 7


def new_text(text: str) -> str:
    """The lines of `text` that its sender wrote; line ends as `\\n`."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept = _own(lines)
    return "\n".join(_unsigned(kept)).strip("\n \t\xa0")


def _own(lines: Sequence[str]) -> list[str]:
    kept: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        if _SIGNATURE.fullmatch(line) or _DIVIDER.fullmatch(line) or _is_head(lines, at):
            break
        if _QUOTED.match(line):
            at += 1
            continue
        if taken := _intro(lines, at):
            if not _quoted_next(lines, at + taken):
                break
            at += taken
            continue
        kept.append(line.rstrip())
        at += 1
    return kept


def _is_head(lines: Sequence[str], at: int) -> bool:
    """The head of a forwarded mail: a sender, and two more headers right below."""
    if not _SENDER.fullmatch(lines[at][:_LONGEST_INTRO]):
        return False
    below = [line for line in lines[at + 1 : at + 7] if line.strip()]
    return sum(bool(_HEADER.fullmatch(line[:_LONGEST_INTRO])) for line in below[:4]) >= 2


def _intro(lines: Sequence[str], at: int) -> int:
    """How many lines from `at` on introduce a quotation; programs wrap `On … wrote:` into up to
    three.
    """
    if len(lines[at]) > _LONGEST_INTRO or not _INTRO_BEGINS.match(lines[at]):
        return 0
    for count in (1, 2, 3):
        joined = " ".join(line.strip() for line in lines[at : at + count])
        last = lines[at : at + count][-1]
        if not last.strip() or _QUOTED.match(last) or len(joined) > _LONGEST_INTRO:
            return 0
        if (
            joined.endswith(":")
            and _INTRO.fullmatch(joined)
            and _plausible(lines, at + count, joined)
        ):
            return count
    return 0


def _plausible(lines: Sequence[str], after: int, intro: str) -> bool:
    """`Please write to ada@x.org by 12:` is no introduction: nothing is quoted below, and no verb
    says so.
    """
    return _quoted_next(lines, after) or bool(
        re.search(r"wrote:|schrieb.*:|écrit\s?:|escribió:|написал.*:", intro)
    )


def _quoted_next(lines: Sequence[str], at: int) -> bool:
    return any(
        _QUOTED.match(line) for line in [line for line in lines[at : at + 4] if line.strip()][:1]
    )


def _unsigned(lines: list[str]) -> list[str]:
    while lines and (
        not lines[-1].strip() or _RULE.fullmatch(lines[-1]) or _DEVICE.fullmatch(lines[-1].strip())
    ):
        lines = lines[:-1]
    filled = [at for at, line in enumerate(lines) if line.strip()]
    for at in filled[-_CLOSING_LINES:]:
        rest = [line for line in lines[at + 1 :] if line.strip()]
        if (
            at != filled[0]
            and _CLOSING.fullmatch(lines[at].strip())
            and all(len(line) <= 70 for line in rest)
        ):
            return lines[:at]
    return lines
