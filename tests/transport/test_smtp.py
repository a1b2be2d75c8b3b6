"""SMTP against a server that fails at every point: what is sure is sure, the rest is doubt."""

from __future__ import annotations

import pytest

from plaincrm.errors import Refused
from plaincrm.transport.outcome import DeliveryOutcome
from plaincrm.transport.smtp import Connection, Server
from tests.transport.smtp_server import Script, serving

ADA, BO = "ada@x.example", "bo@x.example"
MAIL = b"Subject: x\n\nHello\n.\n..two\nlast\n"


def deliver(script: Script, *people: str, seconds: float = 5) -> list[DeliveryOutcome]:
    with serving(script) as port:
        server = Server("127.0.0.1", port, "none", last_reply_seconds=seconds)
        with Connection(server) as connection:
            return connection.deliver("me@studio.example", people or (ADA,), MAIL)


def test_what_is_sent_arrives_as_it_was() -> None:
    script = Script()
    (outcome,) = deliver(script)
    assert (outcome.state, outcome.reason) == ("sent", "kept")
    assert script.accepted == [([ADA], b"Subject: x\r\n\r\nHello\r\n.\r\n..two\r\nlast\r\n")]


@pytest.mark.parametrize("word", ["MAIL", "RCPT", "DATA", "body"])
def test_a_connection_that_breaks_before_the_final_dot_leaves_no_doubt(word: str) -> None:
    script = Script(drop=word)
    (outcome,) = deliver(script)
    assert script.accepted == []
    if word != "body":  # a short text may be on its way before the break is seen
        assert outcome.state == "refused" and not outcome.hard


@pytest.mark.parametrize("drop", ["dot", "dot-lost"])
def test_no_answer_to_the_final_dot_is_doubt(drop: str) -> None:
    assert deliver(Script(drop=drop))[0].state == "doubt"


def test_an_answer_that_comes_too_late_is_doubt() -> None:
    script = Script(late=1.0)
    (outcome,) = deliver(script, seconds=0.2)
    assert outcome.state == "doubt" and "timed out" in outcome.reason
    assert len(script.accepted) == 1


@pytest.mark.parametrize(
    ("word", "reply", "hard"),
    [
        ("MAIL", "451 greylisted", False),
        ("MAIL", "550 not you", False),
        ("RCPT", "550 no such user", True),
        ("RCPT", "450 busy", False),
        ("DATA", "554 no", False),
        ("dot", "552 too large", False),
        ("dot", "451 later", False),
    ],
)
def test_a_refusal_is_sure_and_in_the_servers_words(word: str, reply: str, hard: bool) -> None:
    (outcome,) = deliver(Script(replies={word: reply}))
    assert outcome == DeliveryOutcome(ADA, "refused", reply, hard)


def test_one_of_two_recipients_is_refused() -> None:
    script = Script(replies={f"RCPT {ADA}": "550 unknown"})
    assert [each.state for each in deliver(script, ADA, BO)] == ["refused", "sent"]
    assert script.accepted[0][0] == [BO]


def test_an_odd_answer_to_the_final_dot_is_doubt() -> None:
    assert deliver(Script(replies={"dot": "354 what"}))[0].state == "doubt"


def test_escape_codes_of_a_server_do_not_reach_the_terminal() -> None:
    (outcome,) = deliver(Script(replies={"RCPT": "550 \x1b[31mred\x1b]0;title\x07"}))
    assert outcome.reason.isprintable()


def test_the_next_mail_goes_over_the_same_connection() -> None:
    script = Script(replies={f"RCPT {ADA}": "550 unknown"})
    with serving(script) as port, Connection(Server("127.0.0.1", port, "none")) as connection:
        first = connection.deliver("me@studio.example", [ADA], MAIL)
        second = connection.deliver("me@studio.example", [BO], MAIL)
    assert [first[0].state, second[0].state] == ["refused", "sent"]


def test_a_server_that_is_not_there_is_said() -> None:
    with serving(Script()) as port:
        pass
    with pytest.raises(Refused, match="no mail can be handed to"):
        Connection(Server("127.0.0.1", port, "none"))


def test_mail_never_travels_in_the_clear_to_another_machine() -> None:
    with pytest.raises(Refused, match="in the clear"):
        Connection(Server("mail.example.org", 25, "none"))
