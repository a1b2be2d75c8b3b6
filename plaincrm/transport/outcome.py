"""What became of a mail that was handed over, for each of its recipients."""

from __future__ import annotations

from typing import Literal, TypeAlias

from plaincrm.core.value_class import value

# sent: the server has it. refused: it surely has it not. doubt: nobody can know (RFC 1047).
State: TypeAlias = Literal["sent", "refused", "doubt"]


@value
class DeliveryOutcome:
    """`hard`: the server refuses this recipient for good; `reason`: its words, one line."""

    recipient: str
    state: State
    reason: str = ""
    hard: bool = False

    @property
    def for_now(self) -> bool:
        """Whether a server refused with a code of 4xx: the same mail may go through later."""
        return self.state == "refused" and self.reason[:1] == "4"


def one_line(text: str | bytes) -> str:
    """A server's words as one printable line of at most 300 characters."""
    plain = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return " ".join("".join(c if c.isprintable() else " " for c in plain).split())[:300]
