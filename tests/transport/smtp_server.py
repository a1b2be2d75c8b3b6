"""A mail server on loopback that fails on command, at any point of the conversation."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Script:
    """How the server behaves.

    `drop`: the word at which it closes the connection without an answer: connect, EHLO, MAIL, RCPT,
    DATA, body (half of the text read), dot (text kept, no answer), dot-lost (text thrown away).
    `replies`: a word to the answer in place of the usual one; `RCPT addr` for one recipient.
    `late`: seconds that it waits before it answers the final dot. `stall`: the word that it never
    answers.
    """

    drop: str = ""
    replies: dict[str, str] = field(default_factory=dict)
    late: float = 0.0
    accepted: list[tuple[list[str], bytes]] = field(default_factory=list)
    stall: str = ""


@contextmanager
def serving(script: Script) -> Iterator[int]:
    """The port of a server that follows `script` until the block ends."""
    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=_serve, args=(listener, script), daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        # Closing alone leaves the thread that waits in accept(), and with it the port.
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def _serve(listener: socket.socket, script: Script) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_Talk(connection, script).run, daemon=True).start()


class _Talk:
    def __init__(self, connection: socket.socket, script: Script) -> None:
        self.connection, self.script = connection, script
        self.reader = connection.makefile("rb")
        self.people: list[str] = []

    def run(self) -> None:
        with self.connection, self.reader:
            try:
                self._run()
            except OSError:
                return

    def _run(self) -> None:
        if self.script.drop == "connect":
            return
        self._say(self.script.replies.get("connect", "220 here"))
        for line in iter(self.reader.readline, b""):
            text = line.decode().strip()
            word = text.split(" ")[0].upper()
            if word == self.script.drop:
                return
            if word == self.script.stall:
                continue
            if not self._answer(word, text):
                return

    def _answer(self, word: str, text: str) -> bool:
        """Answer one command. False: the connection ends."""
        said = self.script.replies.get(word, "250 ok")
        if word == "EHLO":
            said = "250 8BITMIME"
        if word == "RCPT":
            address = text.partition("<")[2].partition(">")[0]
            said = self.script.replies.get(f"RCPT {address}", said)
            if said.startswith("2"):
                self.people.append(address)
        if word == "DATA" and "DATA" not in self.script.replies:
            return self._text()
        self._say(said)
        return word != "QUIT"

    def _text(self) -> bool:
        self._say("354 go on")
        lines: list[bytes] = []
        for line in iter(self.reader.readline, b""):
            if self.script.drop == "body" and len(lines) >= 3:
                return False
            if line == b".\r\n":
                break
            lines.append(line.removeprefix(b"."))
        else:
            return False
        answer = self.script.replies.get("dot", "250 kept")
        if answer.startswith("2") and self.script.drop != "dot-lost":
            self.script.accepted.append((self.people, b"".join(lines)))
        self.people = []
        if self.script.drop.startswith("dot"):
            return False
        time.sleep(self.script.late)
        self._say(answer)
        return True

    def _say(self, line: str) -> None:
        self.connection.sendall(line.encode() + b"\r\n")
