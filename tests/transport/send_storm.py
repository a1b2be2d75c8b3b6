"""A storm over `outbox send`: a server that fails on command, a sender that is killed on command.

Each run has a fresh copy of a small book with three drafts, one of them to three people. It sends
once under a failure, perhaps dies, and is run again, twice, with a server that works. Copies are
counted by message id and recipient on the server's side.
"""

from __future__ import annotations

import io
import json
import os
import random
import shutil
import signal
import subprocess
from collections import Counter
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from email.parser import BytesHeaderParser
from functools import partial
from pathlib import Path
from typing import Any

from tests.transport.smtp_server import Script, serving

PEOPLE = {"ada": "ada@a.example", "bo": "bo@b.example", "cleo": "cleo@c.example"}
COPIES = ("dag@d.example", "eve@e.example")
PATIENCE = 0.15  # seconds that the sender waits for an answer here, not the ten minutes of RFC 5321
STALL = 0.4  # longer than that
KILLS = (
    "",  # not killed
    "before the ledger",
    "after the ledger",
    "after connect",
    "MAIL",
    "RCPT",
    "DATA",
    "half the body",
    "before the dot",
    "after the dot",
    "after the 250",
    "before the end of the ledger",
    "after the end of the ledger",
    "before the log",
    "before the commit",
    "after the commit",
)
SERVERS: dict[str, Script] = {
    "works": Script(),
    "drops at connect": Script(drop="connect"),
    "drops at MAIL": Script(drop="MAIL"),
    "drops at RCPT": Script(drop="RCPT"),
    "drops at DATA": Script(drop="DATA"),
    "drops in the body": Script(drop="body"),
    "keeps it and dies": Script(drop="dot"),
    "dies with it": Script(drop="dot-lost"),
    "answers after the time-out": Script(late=STALL),
    "stalls at MAIL": Script(stall="MAIL"),
    "refuses one of three": Script(replies={f"RCPT {COPIES[0]}": "550 5.1.1 no such user"}),
    "greylists one of three": Script(replies={f"RCPT {COPIES[0]}": "451 4.7.1 come back later"}),
    "greylists": Script(replies={"RCPT": "451 4.7.1 come back later"}),
    "refuses the text": Script(replies={"dot": "554 5.6.0 no"}),
    "refuses everybody": Script(replies={"RCPT": "550 5.7.1 relaying denied"}),
}


@dataclass
class StormRun:
    """One run, and what was wrong with it: `faults`, empty if all is well."""

    server: str
    kill: str
    faults: list[str] = field(default_factory=list)
    doubts: int = 0


class SendStorm:
    """Runs under `folder`; the book is made once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.model = folder / "model"
        _make(self.model)
        _warm(self.model)

    def run(self, server: str, kill: str, number: int = 1) -> StormRun:
        """Send under a failure; `number`: at which mail of the run the sender dies."""
        book = self.folder / "book"
        shutil.rmtree(book, ignore_errors=True)
        shutil.copytree(self.model, book, symlinks=True)
        done = StormRun(server, kill)
        model = SERVERS[server]
        script = Script(model.drop, dict(model.replies), model.late, stall=model.stall)
        with serving(script) as port:
            settings = book / "plaincrm.yaml"
            settings.write_text(settings.read_text("utf-8").replace("PORT", str(port)), "utf-8")
            _forked(book, kill, number)
            script.drop, script.late, script.stall = "", 0.0, ""
            # Who has no mailbox has none tomorrow either; all else was for now.
            script.replies = {k: v for k, v in script.replies.items() if v.startswith("550 5.1.1")}
            listed = _in_child(book, _calm)
            self._check(book, script, done, json.loads(listed)["results"])
        return done

    def _check(
        self, book: Path, script: Script, done: StormRun, listed: list[dict[str, Any]]
    ) -> None:
        copies: Counter[tuple[str, str]] = Counter()
        for people, text in script.accepted:
            id = str(BytesHeaderParser().parsebytes(text)["Message-ID"])
            copies.update((id, each) for each in people)
        done.faults += [f"{n} copies of {key}" for key, n in copies.items() if n > 1]
        waiting = {each["messageId"]: each for each in listed}
        logs = "".join(path.read_text("utf-8") for path in (book / "contacts").glob("*.md"))
        for id, people in _mails(self.model).items():
            got = [each for each in people if copies[id, each]]
            meant = [each for each in people if f"RCPT {each}" not in script.replies]
            if id in waiting:
                doubt = waiting[id]["state"] == "in doubt"
                done.doubts += doubt
                if got and not doubt:
                    done.faults.append(f"{id} waits as if nobody had it, but {got} have")
            elif got != meant:
                done.faults.append(f"{id} counts as sent to {meant}, and {got} have it")
            if (id in logs) == (id in waiting):
                done.faults.append(f"{id} is logged: {id in logs}, waits: {id in waiting}")


def chosen(runs: int, seed: int) -> list[tuple[str, str, int]]:
    """Server, kill and mail of each run: every kill with every server first, then by chance."""
    pairs = [(server, kill, 1) for kill in KILLS for server in SERVERS]
    chance = random.Random(seed)
    chance.shuffle(pairs)
    while len(pairs) < runs:
        pairs.append((chance.choice([*SERVERS]), chance.choice(KILLS), chance.randint(1, 3)))
    return pairs[:runs]


def _make(book: Path) -> None:
    (book / "contacts").mkdir(parents=True)
    (book / "templates").mkdir()
    mail = "mail:\n  smtp: {host: 127.0.0.1, port: PORT, tls: none}\n"
    me = "me: {name: Me, email: me@studio.example}\n"
    (book / "plaincrm.yaml").write_text(me + mail.replace("PORT", "25"), "utf-8")
    (book / ".gitignore").write_text("inbox/\noutbox/\n", "utf-8")
    for id, address in PEOPLE.items():
        text = f"---\nname: {id.title()}\nemail: {address}\n---\n"
        (book / "contacts" / f"{id}.md").write_text(text, "utf-8")
    copied = f"---\nsubject: To three\ncc: [{', '.join(COPIES)}]\n---\nHello\n"
    (book / "templates" / "three.md").write_text(copied, "utf-8")
    (book / "templates" / "one.md").write_text("---\nsubject: To one\n---\nHello\nthere\n", "utf-8")
    for words in (("init", "-q", "-b", "main"), ("add", "-A"), ("commit", "-qm", "The book")):
        identity = ["-c", "user.name=Test", "-c", "user.email=test@example.org"]
        subprocess.run(["git", *identity, *words], cwd=book, check=True)
    for words in (
        ("email", "one", "ada", "bo", "--outbox"),
        ("email", "three", "cleo", "--outbox"),
    ):
        _in_child(book, lambda given=words: _program(*given))
    (book / "plaincrm.yaml").write_text(me + mail, "utf-8")


def _warm(book: Path) -> None:
    """Import here what every child needs, once."""
    from importlib import import_module

    for name in (
        *("cli", "commands.outbox", "crm.mailing.deliver", "crm.mailing.post", "transport.smtp"),
        *("crm.change", "crm.automations.following", "book.transaction", "views.outbox"),
    ):
        import_module(f"plaincrm.{name}")
    here = Path.cwd()
    os.chdir(book)
    _program("outbox", "list", "--json")
    os.chdir(here)


def _mails(book: Path) -> dict[str, list[str]]:
    """The people of each draft, by its message id."""
    found = {}
    for path in sorted((book / "outbox").glob("*.eml")):
        heads = BytesHeaderParser().parsebytes(path.read_bytes())
        people = [word.strip("<>,") for word in f"{heads['To']} {heads['Cc'] or ''}".split()]
        found[str(heads["Message-ID"])] = [each for each in people if "@" in each]
    return found


def _calm() -> str:
    """Send what can be sent, twice, and list what is left."""
    _arm("", 0)
    for _ in range(2):
        _program("outbox", "send", "--all", "--yes", "--trust")
    return _program("outbox", "list", "--json")


def _program(*words: str) -> str:
    from plaincrm.cli import run

    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    with redirect_stdout(out), redirect_stderr(io.TextIOWrapper(io.BytesIO(), encoding="utf-8")):
        run(list(words))
    return out.buffer.getvalue().decode("utf-8")  # type: ignore[attr-defined]


def _in_child(book: Path, act: Callable[[], str]) -> str:
    """What `act` gives in a process of its own, which may die on the way: then nothing."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.close(reader)
        os.chdir(book)
        try:
            os.write(writer, act().encode())
        finally:
            os._exit(0)
    os.close(writer)
    with open(reader, "rb") as stream:
        said = stream.read()
    os.waitpid(child, 0)
    return said.decode()


def _forked(book: Path, kill: str = "", number: int = 1) -> None:
    def act() -> str:
        _arm(kill, number)
        return _program("outbox", "send", "--all", "--yes", "--trust")

    _in_child(book, act)


def _arm(kill: str, number: int) -> None:
    """Let this process die at a point of the mail of that number, and wait less than it should."""
    from plaincrm.book.sending import SendingFile
    from plaincrm.crm.mailing import deliver, mark_sent
    from plaincrm.transport import smtp

    smtp.Server = partial(smtp.Server, reply_seconds=PATIENCE, last_reply_seconds=PATIENCE)  # type: ignore
    left = [number]

    def point(name: str) -> None:
        if not kill or name != kill:
            return
        left[0] -= 1
        if left[0] <= 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(owner: Any, name: str, before: str = "", after: str = "") -> None:
        real = getattr(owner, name)

        def wrapped(*given: Any, **named: Any) -> Any:
            point(before)
            found = real(*given, **named)
            point(after)
            return found

        setattr(owner, name, wrapped)

    real_append = SendingFile.append

    def append(self: SendingFile, text: str) -> None:
        beginning = text.split()[1] == "sending"
        point("before the ledger" if beginning else "before the end of the ledger")
        real_append(self, text)
        point("after the ledger" if beginning else "after the end of the ledger")

    SendingFile.append = append  # type: ignore[method-assign]
    around(smtp, "_connected", after="after connect")
    real_smtp = smtp.smtplib.SMTP
    around(real_smtp, "mail", before="MAIL")
    around(real_smtp, "rcpt", before="RCPT")
    around(real_smtp, "docmd", before="DATA")
    real_send, real_reply = real_smtp.send, real_smtp.getreply
    dotted: list[bool] = []

    def send(self: Any, data: Any) -> Any:
        if data == b".\r\n":
            point("before the dot")
            dotted.append(True)
        elif isinstance(data, bytes) and len(data) > 300:
            if kill == "half the body" and left[0] == 1:
                real_send(self, data[: len(data) // 2])
            point("half the body")
        return real_send(self, data)

    def getreply(self: Any) -> Any:
        last = bool(dotted)
        dotted.clear()
        if last:
            point("after the dot")
        answer = real_reply(self)
        if last:
            point("after the 250")
        return answer

    real_smtp.send, real_smtp.getreply = send, getreply  # type: ignore[method-assign]
    around(mark_sent, "sent", before="before the log")
    around(deliver.Sender, "stage", after="before the commit")
    around(deliver.Sender, "finish", before="after the commit")
