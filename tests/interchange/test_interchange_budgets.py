"""Each reader of foreign forms ends soon on what was made to keep it busy: texts on which a reader that
looks twice at each place would take minutes, not parts of a second.

They run in a process of their own, which the system stops after so many seconds of work: what is
asserted is that it came through.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

MANY = 60_000
SECONDS = 60  # of work, for all forms of one kind; a quadratic reader takes minutes for one of them
MAIL = "From: {sender}\nTo: {to}\nDate: 1 Nov 2026 09:00\nSubject: {subject}\n{more}\n{body}\n"


def mail(body: str = "x", **heads: str) -> str:
    usual = {"sender": "a@x.example", "to": "b@x.example", "subject": "s", "more": ""}
    return MAIL.format(**usual | heads, body=body)


def html(body: str) -> str:
    return mail(body, more="Content-Type: text/html; charset=utf-8\n")


def card(body: str) -> str:
    return f"BEGIN:VCARD\nVERSION:3.0\nFN:X\n{body}\nEND:VCARD\n"


def event(body: str, zone: str = "") -> str:
    start = "DTSTART;TZID=x:20261101T100000" if zone else "DTSTART:20261101T100000Z"
    head = f"BEGIN:VCALENDAR\nVERSION:2.0\n{zone}BEGIN:VEVENT\nUID:1\n{start}\nSUMMARY:x\n"
    return f"{head}{body}\nEND:VEVENT\nEND:VCALENDAR\n"


def zones(rule: str, count: int) -> str:
    change = (
        "BEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0100\n"
        f"RRULE:{rule}\nEND:STANDARD\n"
    )
    return f"BEGIN:VTIMEZONE\nTZID:x\n{change * count}END:VTIMEZONE\n"


FORMS = {
    "eml": [
        mail(sender='"' * MANY + " <a@x.example>"),
        mail(to="(" * MANY),
        mail(to="<" * MANY),
        mail(to="," * MANY),
        mail(to=", ".join(f"a{n}@x.example" for n in range(MANY // 8))),
        mail(subject="=?utf-8?q?a?= " * (MANY // 8)),
        mail(subject="=?" * MANY),
        mail(more="Content-Type: text/plain" + "; a=b" * MANY + "\n"),
        mail(more="Content-Type: text/plain" + "".join(f"; a*{n}=b" for n in range(MANY)) + "\n"),
        mail(more="References: " + "<a@x> " * MANY + "\n"),
        mail(more="X-A: b\n" * MANY),
        mail(
            "--b\nContent-Type: text/plain" + "; a=b" * MANY + "\n\nx\n--b--",
            more="Content-Type: multipart/mixed; boundary=b\n",
        ),
        mail("--b\n" * MANY, more="Content-Type: multipart/mixed; boundary=b\n"),
        mail(more="Content-Type: message/rfc822\n\n" * (MANY // 30)),
        *(mail(text * MANY) for text in (">", "> a\n", "On ", "-", " ", "\n", "@", "http://a ")),
    ],
    "html.eml": [
        html(text * MANY)
        for text in (
            *("<a", "<a ", "<!--", "<![CDATA[", "<", "&", "&#1", "<div>", "<table><tr><td>"),
            *("<blockquote>", "<script></scrip", "<?", '<a b="', "</", "<!", "<style>"),
        )
    ],
    "vcf": [
        card("TEL" + ";TYPE=home" * MANY + ":1"),
        card("TEL;TYPE=" + "a," * MANY + ":1"),
        card('TEL;TYPE="' + 'a"' * MANY + ":1"),
        card("NOTE:" + "\n x" * MANY),
        card("N:" + ";" * MANY),
        card("NOTE;ENCODING=QUOTED-PRINTABLE:" + "=3D=\n" * MANY),
        card("TEL:+49301234567\n" * MANY),
        "BEGIN:VCARD\n" * MANY + "END:VCARD\n" * MANY,
    ],
    "ics": [
        event("", zones("FREQ=DAILY", MANY // 100)),
        event("", zones("FREQ=YEARLY", MANY // 100)),
        event("", "BEGIN:VTIMEZONE\n" * (MANY // 100)),
        event("DESCRIPTION:" + "\n x" * MANY),
        event("X" + ";A=b" * (MANY // 8) + ":1"),
        event("RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"),
        event("RRULE:FREQ=SECONDLY"),
        event("RRULE:FREQ=DAILY;BYDAY=" + ",".join(["MO"] * (MANY // 8))),
        event("".join(f"ATTENDEE:mailto:a{n}@x.example\n" for n in range(MANY // 20))),
    ],
    "json": [
        "[" * MANY + "]" * MANY,
        '[{"Name":"X","Age":' + "1" * MANY + "}]",
        "[{" + ",".join(f'"k{n}":1' for n in range(MANY)) + "}]",
        '[{"kind":"contact","id":"x","fields":' + '{"a":' * MANY + "1" + "}" * MANY + "}]",
        '[{"Name":["' + '","'.join(["a"] * MANY) + '"]}]',
    ],
    "csv": [
        'Name,Email\n"' + 'x"' * MANY + "\n",
        "Name,Email\n" + '"a\n' * MANY,
        ",".join(["c"] * MANY) + "\n",
        "Name,Email\nX," + "a@x.example;" * MANY + "\n",
        "Name,Phone\nX," + "030 1234567 / " * (MANY // 8) + "\n",
        "Name,Birthday\nX," + "1." * MANY + "\n",
        'Title,Value\nX,"' + "1'" * MANY + '"\n',
        'Name,Tags\nX,"' + "a," * MANY + '"\n',
        "Name,Website\nX," + "http://" * MANY + "\n",
    ],
    "org": ["*" * MANY + " x\n", "* X\n:PROPERTIES:\n" + ":A: b\n" * MANY + ":END:\n"],
    "txt": [
        "(A) x due:2026-11-01\n" * (MANY // 20),
        "[01.11.26, 09:00:00] Ola: Hi\n" * (MANY // 20),
        "x " * MANY,
        " " * MANY,
    ],
}
RUN = """
import sys, pathlib
from plaincrm.cli import run
for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    code = run(["import", str(path), "-n", "-y"])
    print(path.name, code, flush=True)
    assert code != 70
"""


@pytest.mark.parametrize("form", FORMS)
def test_no_text_keeps_a_reader_busy(studio: Path, tmp_path: Path, form: str) -> None:
    folder = tmp_path / "made"
    folder.mkdir()
    for number, text in enumerate(FORMS[form]):
        (folder / f"{number:02}.{form}").write_text(text)

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))

    done = subprocess.run(
        [sys.executable, "-c", RUN, str(folder)],
        cwd=studio,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        preexec_fn=limit,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout[-200:]} {done.stderr[-2000:]}"
