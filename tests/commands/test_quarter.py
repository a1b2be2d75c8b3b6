"""A freelancer's quarter: 200 contacts, a newsletter in two variants, a sequence of four steps, what
comes back, a lead form, a laptop that is a week offline, a crash while sending. A real SMTP server.

Each person gets each mail at most once, nobody who wants none gets any, every answer stands at the
right contact and stops the right sequence, and each figure is what a count by hand gives.
"""

from __future__ import annotations

import json
import os
import signal
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import policy
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Ran, git, run_in
from tests.transport.send_storm import _arm

aiosmtpd_controller = pytest.importorskip("aiosmtpd.controller", reason="aiosmtpd is not installed")

PEOPLE, READERS, TRIED = 200, 150, 40
WANTS_NONE = {"unsubscribed": (3, 33, 63), "do_not_email": (7, 77), "bounced": (9, 99)}
GONE = (20, 50, 80)  # their server says: no such user
SETTINGS = """\
me: {{name: Me, email: me@studio.example}}
timezone: Europe/Berlin
mail:
  smtp: {{host: 127.0.0.1, port: {port}, tls: none}}
automations:
- name: routing
  kind: contact
  on: status:lead source:"web form"
  do:
    assign: [me]
    tag: inbound
    task: "Call {{title}} due:+1d"
    enrol: trial
    draft: answer
"""
TRIAL = """\
weekdays: false
steps:
- mail: trial-1
- mail: trial-2
  after: 3d
- task: Ring them
  after: 4d
- mail: trial-4
  after: 7d
"""
BULK = '---\nsubject: {subject}\nkind: bulk\n---\nNews. To stop it, reply "unsubscribe".\n'
ONE = "---\nsubject: {subject}\n---\nDear {{{{ contact.first_name }}}}\n"


def address(number: int) -> str:
    return f"p{number}@c{number % 40}.example"


@dataclass
class Post:
    """What the server has: recipient and message id of each copy, and its subject."""

    copies: Counter[tuple[str, str]] = field(default_factory=Counter)
    subjects: list[tuple[str, str]] = field(default_factory=list)
    ids: dict[tuple[str, str], str] = field(default_factory=dict)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, to: str, _: Any) -> str:
        if to in {address(number) for number in GONE}:
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(to)
        return "250 ok"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        mail = BytesParser(policy=policy.default).parsebytes(envelope.content)
        id, subject = str(mail["Message-ID"]), str(mail["Subject"])
        shown = [box.addr_spec for box in mail["To"].addresses]
        assert shown == envelope.rcpt_tos, "recipients are exactly those shown"
        assert not [name for name in mail if name.startswith(("X-Plaincrm", "X-Unsent"))]
        for each in envelope.rcpt_tos:
            self.copies[each, id] += 1
            self.subjects.append((each, subject))
            self.ids[each, subject] = id
        return "250 kept"

    def got(self, subject: str) -> set[str]:
        return {who for who, what in self.subjects if what == subject}


@dataclass
class Machine:
    """A machine with the book: runs the program there, on a day."""

    root: Path
    patch: pytest.MonkeyPatch
    day: str = "2026-10-01T10:00"

    def __call__(self, *words: str, code: int | None = 0) -> Ran:
        ran = run_in(self.patch, self.root, ["--today", self.day, *words])
        assert code is None or ran.code == code, (words, ran)
        return ran

    def json(self, *words: str) -> Any:
        return self(*words, "--json", code=None).json

    def send(self) -> Counter[str]:
        found = self.json("outbox", "send", "--all", "--yes", "--trust")["results"]
        return Counter(each["status"] for each in found)

    def text(self, number: int) -> str:
        return (self.root / "contacts" / f"p{number}.md").read_text("utf-8")

    def fields(self, number: int) -> Any:
        return self.json("show", f"p{number}")["results"][0]["fields"]


@contextmanager
def server() -> Iterator[tuple[Post, int]]:
    post = Post()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = aiosmtpd_controller.Controller(post, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield post, port
    finally:
        controller.stop()


def make(root: Path, port: int) -> None:
    for name in ("contacts", "templates", "sequences", "segments"):
        (root / name).mkdir(parents=True)
    (root / "plaincrm.yaml").write_text(SETTINGS.format(port=port), "utf-8")
    (root / ".gitignore").write_text("inbox/\noutbox/\n", "utf-8")
    (root / "sequences" / "trial.yaml").write_text(TRIAL, "utf-8")
    (root / "segments" / "readers.yaml").write_text("kind: contact\nquery: +reader\n", "utf-8")
    templates = {
        name: ONE.format(subject=name.title()) for name in ("trial-1", "trial-2", "trial-4")
    }
    templates["answer"] = ONE.format(subject="Your question")
    templates |= {name: BULK.format(subject=f"Autumn {name}") for name in ("short", "long")}
    templates["winter"] = BULK.format(subject="Winter")
    for name, text in templates.items():
        (root / "templates" / f"{name}.md").write_text(text, "utf-8")
    flags = {n: name for name, numbers in WANTS_NONE.items() for n in numbers}
    for number in range(PEOPLE):
        tags = ["reader"] * (number < READERS) + ["trial"] * (number >= PEOPLE - TRIED)
        lines = [
            f"name: Person {number}",
            f"email: {address(number)}",
            f"tags: [{', '.join(tags)}]",
        ]
        if number in flags:
            value = address(number) if flags[number] == "bounced" else "true"
            lines.append(f"{flags[number]}: {value}")
        text = "\n".join(["---", *lines, "---", ""])
        (root / "contacts" / f"p{number}.md").write_text(text, "utf-8")
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "The book")


def mail(number: int, n: int, subject: str, day: str, answers: str, *heads: str, text: str) -> str:
    words = [
        f"From: Person {number} <{address(number)}>",
        "To: Me <me@studio.example>",
        f"Subject: {subject}",
        f"Date: {day} 12:00:00 +0200",
        f"Message-ID: <in{n}@x.example>",
        f"In-Reply-To: {answers}",
        *heads,
    ]
    return "\n".join([*words, "", text, ""])


REPORT = """\
From: MAILER-DAEMON@mx.example
To: me@studio.example
Subject: Delivery Status Notification
Date: Fri, 02 Oct 2026 12:00:00 +0200
Message-ID: <r{number}@mx.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {address}
Action: failed
Status: {status}

--b
Content-Type: text/rfc822-headers

Message-ID: {id}

--b--
"""


def crash(machine: Machine, number: int) -> None:
    """A run of `outbox send` whose process is killed behind the final dot of a mail."""
    child = os.fork()
    if not child:
        _arm("after the 250", number)
        machine("outbox", "send", "--all", "--yes", "--trust", code=None)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def test_a_freelancers_quarter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git(tmp_path, "init", "-q", "--bare", "-b", "main", "hub.git")
    with server() as (post, port):
        make(tmp_path / "a", port)
        a = Machine(tmp_path / "a", monkeypatch)
        a("sync", "--to", str(tmp_path / "hub.git"))
        run_in(monkeypatch, tmp_path, ["clone", str(tmp_path / "hub.git"), "b"])
        b = Machine(tmp_path / "b", monkeypatch)
        variant = autumn(a, post)
        answers(a, post, tmp_path, variant)
        results(a, post, variant)
        trial(a, b, post, tmp_path)
        lead(a, post, tmp_path)
        winter(a, b, post)
        assert a("check", code=None).code == 0
    assert max(post.copies.values()) == 1
    assert max(Counter(post.subjects).values()) == 1
    never = {address(n) for numbers in WANTS_NONE.values() for n in numbers}
    assert not never & {who for who, _ in post.subjects}


def autumn(a: Machine, post: Post) -> dict[int, str]:
    """The campaign, with a crash at its 60th mail; each reader's variant."""
    forms = ["--variant", "a=short", "--variant", "b=long"]
    money = ["--cost", "120 EUR", "--control", "10"]
    a("campaign", "new", "Autumn", *forms, "--segment", "readers", *money)
    plan = {each["contact"]: each for each in a.json("campaign", "show", "autumn")["results"]}
    assert len(plan) == READERS
    variant = {
        int(id[1:]): each["variant"] for id, each in plan.items() if each["status"] == "ready"
    }
    a("campaign", "write", "autumn", "--yes")
    crash(a, 60)
    assert len(post.subjects) == 60
    left = a.send()
    # Mail 60 has the server and not the ledger; three have no mailbox; the rest goes out now.
    assert left["doubt"] == 1 and left["refused"] == len(GONE)
    assert left["sent"] == len(variant) - 1 - len(GONE)
    (doubt,) = [
        e["handle"] for e in a.json("outbox", "list")["results"] if e["state"] == "in doubt"
    ]
    a("outbox", "send", "--settle", doubt, "sent")
    assert a.send() == Counter({"skipped": len(GONE)})  # their addresses have bounced
    a("outbox", "drop", "--all", "--yes")
    got = {name: post.got(f"Autumn {form}") for name, form in (("a", "short"), ("b", "long"))}
    for name in "ab":
        meant = {address(n) for n, each in variant.items() if each == name and n not in GONE}
        assert got[name] == meant
    held = {each for each, row in plan.items() if row["status"] == "control"}
    assert len(held) > 0 and not {address(int(id[1:])) for id in held} & (got["a"] | got["b"])
    return variant


def chosen(variant: dict[int, str]) -> dict[str, list[int]]:
    """Who does what: by their numbers, those who got the mail."""
    reached = [n for n in sorted(variant) if n not in GONE]
    return {
        "replied": reached[:12],
        "hard": reached[12:16],
        "soft": reached[16:19],
        "away": reached[19:24],
        "unsubscribed": reached[24:28],
        "met": reached[28:30],
        "colleague": reached[30:31],
    }


def answers(a: Machine, post: Post, tmp: Path, variant: dict[int, str]) -> None:
    """What came back on the second day, in one folder of mails."""
    a.day = "2026-10-03T09:00"
    folder = tmp / "back"
    folder.mkdir()
    who, day = chosen(variant), "Fri, 02 Oct 2026"
    ids = {
        n: post.ids[address(n), f"Autumn {_form(variant[n])}"]
        for each in who.values()
        for n in each
    }
    texts = {"replied": "Thank you, a good letter.", "unsubscribed": "unsubscribe"}
    for what, text in texts.items():
        for n in who[what]:
            words = mail(n, n, "About your letter", day, ids[n], text=text)
            (folder / f"{n}.eml").write_text(words, "utf-8")
    for n in who["away"]:
        words = mail(
            n, n, "I am away", day, ids[n], "Auto-Submitted: auto-replied", text="Back soon."
        )
        (folder / f"{n}.eml").write_text(words, "utf-8")
    for what, status in (("hard", "5.1.1"), ("soft", "4.2.2")):
        for n in who[what]:
            report = REPORT.format(number=n, address=address(n), status=status, id=ids[n])
            (folder / f"{n}.eml").write_text(report, "utf-8")
    (other,) = who["colleague"]
    words = mail(other, other, "Re: your letter", day, ids[other], text="I answer for them.")
    words = words.replace(f"Person {other} <p{other}@", "Somebody Else <else@")
    (folder / "else.eml").write_text(words, "utf-8")
    assert a("import", str(folder), "-y", code=None).code == 0
    assert a("import", str(folder), "-y", code=None).code == 0  # twice is once
    for n in who["met"]:
        a("log", f"p{n}", "meeting", "A coffee", "--at", "2026-10-02")
    first = who["replied"][0]
    a("add", "deal", "Signs", f"contact=p{first}", "value=1200", "stage=lead")
    a("win", "signs", code=0)
    for n in who["replied"]:
        assert "email in: About your letter" in a.text(n)
    for n in who["hard"]:
        assert a.fields(n)["bounced"]
    assert not a.fields(who["soft"][0])["bounced"] and "answered instead" in a.text(other)


def _form(name: str) -> str:
    return {"a": "short", "b": "long"}[name]


def results(a: Machine, post: Post, variant: dict[int, str]) -> None:
    """Each figure of the campaign is what a count by hand gives."""
    found = a.json("campaign", "results", "autumn")
    rows = {each["variant"]: each for each in found["results"]}
    who = chosen(variant)

    def count(name: str, what: str) -> int:
        return sum(variant[n] == name for n in who[what])

    for name in "ab":
        row, sent = rows[name], len(post.got(f"Autumn {_form(name)}"))
        assert (row["sent"], row["bounced"]) == (sent, count(name, "hard"))
        assert row["delivered"] == sent - count(name, "hard")
        assert row["replied"] == row["rate"]["value"] * row["rate"]["n"] == count(name, "replied")
        assert row["unsubscribed"] == count(name, "unsubscribed")
        assert row["meetings"] == count(name, "met")
        assert (row["softBounced"], row["outOfOffice"]) == (
            count(name, "soft"),
            count(name, "away"),
        )
    buyer = variant[who["replied"][0]]
    assert rows[buyer]["won"] == 1 and rows[buyer]["revenue"] == {"EUR": 1200.0}
    assert found["cost"] == {"EUR": 120.0} and found["roi"] == 9.0
    assert found["all"]["replied"] == 12 and found["all"]["won"] == 1
    assert found["difference"]["winner"] is None


def trial(a: Machine, b: Machine, post: Post, tmp: Path) -> None:
    """The sequence, while the second laptop is offline for a week and then writes the same steps."""
    folk = [f"p{n}" for n in range(PEOPLE - TRIED, PEOPLE)]
    a.day = "2026-10-05T10:00"
    a("sequence", "enrol", "trial", *folk, "--yes")
    a("sequence", "due", "trial", "--outbox", "--yes")
    assert a.send() == Counter({"sent": TRIED})
    a("sync")
    b.day = "2026-10-05T18:00"
    b("sync")
    a.day = "2026-10-08T12:00"  # b is offline from here on
    answered, away = 161, 162
    for n, heads, text in (
        (answered, (), "Call me."),
        (away, ("Auto-Submitted: auto-replied",), "Away."),
    ):
        id = post.ids[address(n), "Trial-1"]
        words = mail(n, n, "Re: Trial-1", "Wed, 07 Oct 2026", id, *heads, text=text)
        (tmp / f"trial-{n}.eml").write_text(words, "utf-8")
        a("import", str(tmp / f"trial-{n}.eml"), "-y", code=None)
    a("sequence", "due", "trial", "--outbox", "--yes")
    assert a.send() == Counter({"sent": TRIED - 1})
    assert post.got("Trial-2") == {address(n) for n in range(160, 200)} - {address(answered)}
    a("sync")
    b.day = "2026-10-12T10:00"  # back, and it writes before it syncs
    b("set", "p170", "unsubscribed=true")
    b("sequence", "due", "trial", "--outbox", "--late", "--yes")
    assert len(list((b.root / "outbox").glob("*.eml"))) == TRIED - 1
    b("sync")
    found = b.send()
    assert found == Counter({"skipped": TRIED - 1}), found
    b("outbox", "drop", "--all", "--yes")
    a.day = "2026-10-12T12:30"
    a("sync")
    a("sequence", "due", "trial", "--outbox", "--yes")
    tasks = [f"p{n}" for n in range(160, 200) if "Ring them (trial 3)" in a.text(n)]
    assert len(tasks) == TRIED - 2  # without the one who answered, and the one who left on b
    open_tasks = a.json("list", "tasks", "is:open")["results"]
    a("done", *(each["handle"] for each in open_tasks if "Ring them" in each["text"]))
    a.day = "2026-10-19T13:00"
    a("sequence", "due", "trial", "--outbox", "--yes")
    assert a.send()["sent"] == TRIED - 2
    gone = {address(answered), address(170)}
    assert post.got("Trial-4") == {address(n) for n in range(160, 200)} - gone
    a.day = "2026-10-30T13:00"
    states = {
        e["contact"]: e["status"] for e in a.json("sequence", "due", "trial", "--all")["results"]
    }
    assert states[f"p{answered}"] == "left" and states[f"p{away}"] == "done"
    a("sync")


def lead(a: Machine, post: Post, tmp: Path) -> None:
    """A form is sent: owner, tag, task, sequence and an answer, by the book's rule."""
    a.day = "2026-11-02T09:00"
    form = {"name": "Nora New", "email": "nora@new.example", "message": "What does a sign cost?"}
    (tmp / "form.json").write_text(json.dumps(form), "utf-8")
    a("import", str(tmp / "form.json"), "-y", code=None)
    found = a.json("show", "nora-new")["results"][0]
    assert found["fields"]["owner"] == "me" and "inbound" in found["fields"]["tags"]
    assert any("Call Nora New" in each["text"] for each in found["tasks"])
    assert any(each["text"].startswith("trial: enrolled") for each in found["log"])
    assert a.send() == Counter({"sent": 1})
    assert post.got("Your question") == {"nora@new.example"}
    a("sync")


def winter(a: Machine, b: Machine, post: Post) -> None:
    """The second newsletter, written by b: whoever left since the first gets none."""
    b.day = "2026-12-01T10:00"
    b("sync")
    b("campaign", "new", "Winter", "--template", "winter", "--segment", "readers")
    b("campaign", "write", "winter", "--yes")
    b.send()
    out = {n for numbers in WANTS_NONE.values() for n in numbers} | set(GONE)
    text = {n: b.text(n) for n in range(READERS)}
    out |= {n for n, each in text.items() if "unsubscribed: true" in each or "\nbounced: " in each}
    assert post.got("Winter") == {address(n) for n in range(READERS) if n not in out}
    assert len(out) == 7 + 3 + 4 + 4
    b("sync")
    a.day = "2026-12-01T12:00"
    a("sync")
    a("campaign", "write", "winter", "--yes", code=None)
    assert not list((a.root / "outbox").glob("*.eml"))
