"""What is new in a mail: its text without the mail that it answers, and without the signature.

Lines are dropped only where something says that they are quoted: `>`, a line such as `On … wrote:`,
the head of a forwarded mail. In doubt a line stays.
"""

from __future__ import annotations

from collections.abc import Sequence

from plaincrm.interchange.mail import reply_patterns as patterns


def new_text(text: str) -> str:
    """The lines of `text` that its sender wrote; line ends as `\\n`."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept = _own(lines)
    return "\n".join(_unsigned(kept)).strip("\n \t\xa0")


def _own(lines: Sequence[str]) -> list[str]:
    kept: list[str] = []
    at = _after_leading_head(lines)
    while at < len(lines):
        line = lines[at]
        if (
            patterns.SIGNATURE.fullmatch(line)
            or patterns.DIVIDER.fullmatch(line)
            or _is_head(lines, at)
        ):
            break
        if patterns.QUOTED.match(line):
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


def _after_leading_head(lines: Sequence[str]) -> int:
    """Where the words begin of a mail that has the head of the answered one on top, as some
    programs put it: below the blank line that ends it. Without one at the first line."""
    first = next((n for n, line in enumerate(lines) if line.strip()), 0)
    end = first
    while end < len(lines) and lines[end].strip():
        text = lines[end][: patterns.LONGEST_INTRO]
        if not (patterns.HEADER.fullmatch(text) or patterns.SENDER.fullmatch(text)):
            return 0
        end += 1
    has_sender = any(
        patterns.SENDER.fullmatch(line[: patterns.LONGEST_INTRO]) for line in lines[first:end]
    )
    return end if has_sender and end - first >= 3 and end < len(lines) else 0


def _is_head(lines: Sequence[str], at: int) -> bool:
    """The head of a forwarded mail: a sender, and two more headers right below."""
    if not patterns.SENDER.fullmatch(lines[at][: patterns.LONGEST_INTRO]):
        return False
    below = [line for line in lines[at + 1 : at + 7] if line.strip()]
    return (
        sum(bool(patterns.HEADER.fullmatch(line[: patterns.LONGEST_INTRO])) for line in below[:4])
        >= 2
    )


def _intro(lines: Sequence[str], at: int) -> int:
    """How many lines from `at` on introduce a quotation; programs wrap `On … wrote:` into up to
    three.
    """
    if len(lines[at]) > patterns.LONGEST_INTRO or not patterns.INTRO_BEGINS.match(lines[at]):
        return 0
    for count in (1, 2, 3):
        joined = " ".join(line.strip() for line in lines[at : at + count])
        last = lines[at : at + count][-1]
        if not last.strip() or patterns.QUOTED.match(last) or len(joined) > patterns.LONGEST_INTRO:
            return 0
        if (
            joined.endswith(":")
            and patterns.INTRO.fullmatch(joined)
            and _plausible(lines, at + count, joined)
        ):
            return count
    return 0


def _plausible(lines: Sequence[str], after: int, intro: str) -> bool:
    """`Please write to ada@x.org by 12:` is no introduction: nothing is quoted below, and no verb
    says so.
    """
    return _quoted_next(lines, after) or bool(patterns.SAYS.search(intro))


def _quoted_next(lines: Sequence[str], at: int) -> bool:
    return any(
        patterns.QUOTED.match(line)
        for line in [line for line in lines[at : at + 4] if line.strip()][:1]
    )


def _unsigned(lines: list[str]) -> list[str]:
    while lines and (
        not lines[-1].strip()
        or patterns.RULE.fullmatch(lines[-1])
        or patterns.DEVICE.fullmatch(lines[-1].strip())
    ):
        lines = lines[:-1]
    filled = [at for at, line in enumerate(lines) if line.strip()]
    for at in filled[-patterns.CLOSING_LINES :]:
        rest = [line.strip() for line in lines[at + 1 :] if line.strip()]
        closing = at != filled[0] and patterns.CLOSING.fullmatch(lines[at].strip())
        if closing and _is_signature(rest):
            return lines[:at]
    return lines


def _is_signature(lines: Sequence[str]) -> bool:
    """Whether lines below a closing say only who writes: names, numbers, addresses, no"
    " sentences."""
    if any(len(line) > 70 or patterns.LISTED.match(line) or _is_sentence(line) for line in lines):
        return False
    return not lines or (len(lines[0].split()) <= 6 and lines[0][-1] not in ":?!")


def _is_sentence(line: str) -> bool:
    words = line.split()
    return len(words) >= 5 and line[-1] in ".:?!" and "@" not in line
