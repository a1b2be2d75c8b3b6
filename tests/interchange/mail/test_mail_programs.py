"""Mail programs: what they open, send and show is what plaincrm meant. Each test skips where its
program is not there.
"""

from __future__ import annotations

import os
import pty
import re
import select
import shutil
import subprocess
import time
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

import pytest

from tests import chromium
from tests.conftest import Crm
from tests.transport.smtp_server import Script, serving

OLA = "ola@fjordferries.example"
RICH = """\
---
subject: News
kind: bulk
---
# What is new

A **bold** word, a [link](https://studio.example/?utm_campaign=autumn), a long address
https://studio.example/a/very/long/way/that/can/not/be/broken/anywhere/and/goes/on/and/on/and/on

| Course | Day | Price |
|---|---|---:|
| Lettering for beginners | 12 December 2026 | 180 EUR |

> A quotation.

    A piece of code that is so long that it has to be wrapped, or else it makes the page too wide

To stop it, reply "unsubscribe".
"""


def needs(program: str) -> str:
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"no {program}: apt-get install {program}")
    return found


def parsed(data: bytes) -> EmailMessage:
    return BytesParser(policy=policy.default).parsebytes(data)  # type: ignore[return-value]


def configured(tmp_path: Path, port: int) -> Path:
    """The settings of msmtp for a server on this machine."""
    path = tmp_path / "msmtprc"
    lines = ["account default", "host 127.0.0.1", f"port {port}", "from ada@studio.example"]
    path.write_text("\n".join([*lines, "auth off", "tls off", ""]))
    path.chmod(0o600)
    return path


def test_msmtp_sends_what_show_raw_gives(crm: Crm, studio: Path, tmp_path: Path) -> None:
    program = needs("msmtp")
    crm("email", "check-in", "ola-nordmann", "--outbox")
    draft = next((studio / "outbox").glob("*.eml"))
    ran = crm("--today", "2026-11-25T09:00", "outbox", "show", "--raw", draft.name)
    script = Script()
    with serving(script) as port:
        words = [program, "-C", str(configured(tmp_path, port)), "-t"]
        subprocess.run(words, input=ran.out.encode("utf-8", "surrogateescape"), check=True)
    ((people, data),) = script.accepted
    got, meant = parsed(data), parsed(draft.read_bytes())
    assert people == [OLA]
    assert str(got["Message-ID"]) == str(meant["Message-ID"])
    assert got.get_content().splitlines() == meant.get_content().splitlines()
    assert not [name for name in got if name.casefold().startswith(("x-plaincrm", "x-unsent"))]
    assert str(got["Date"]).startswith("Wed, 25 Nov 2026")


def test_outbox_send_hands_mail_to_msmtp(crm: Crm, studio: Path, tmp_path: Path) -> None:
    program = needs("msmtp")
    crm("email", "check-in", "ola-nordmann", "--outbox")
    script = Script()
    with serving(script) as port:
        command = f"{program} -C {configured(tmp_path, port)} -t"
        settings = studio / "plaincrm.yaml"
        text = settings.read_text().replace("mail:\n", f'mail:\n  sendmail: "{command}"\n', 1)
        settings.write_text(text)
        ran = crm("outbox", "send", "--all", "--yes", "--trust", "--json")
    assert ran.json["results"][0]["status"] == "sent", ran.err
    assert [each[0] for each in script.accepted] == [[OLA]]


def test_neomutt_opens_a_draft_and_sends_it(crm: Crm, studio: Path, tmp_path: Path) -> None:
    mutt, sendmail = needs("neomutt"), needs("msmtp")
    crm("email", "check-in", "ola-nordmann", "--outbox")
    draft = next((studio / "outbox").glob("*.eml"))
    script = Script()
    with serving(script) as port:
        rc = tmp_path / "muttrc"
        settings = [
            f'set sendmail="{sendmail} -C {configured(tmp_path, port)}"',
            f'set folder="{tmp_path}"',
            'set record=""',
            f'set spoolfile="{tmp_path}/none"',
            'set editor="true"',
            "set edit_headers=no autoedit=yes fast_reply=yes abort_nosubject=no abort_unmodified=no",
            "set sendmail_wait=0 use_from=yes crypt_autosign=no",
        ]
        rc.write_text("\n".join([*settings, ""]))
        _typed([mutt, "-n", "-F", str(rc), "-H", str(draft)], "y", lambda: bool(script.accepted))
    ((people, data),) = script.accepted
    got, meant = parsed(data), parsed(draft.read_bytes())
    assert people == [OLA] and str(got["Message-ID"]) == str(meant["Message-ID"])
    assert got.get_content_type() == "text/plain"
    assert got.get_content().split() == meant.get_content().split()
    refuse_working_headers(got)


def refuse_working_headers(mail: EmailMessage) -> None:
    assert not [name for name in mail if name.casefold().startswith(("x-plaincrm", "x-unsent"))]
    assert mail["Date"]


def test_msmtp_sends_the_file_of_a_draft(crm: Crm, studio: Path, tmp_path: Path) -> None:
    program = needs("msmtp")
    crm("email", "check-in", "ola-nordmann", "--outbox")
    draft = next((studio / "outbox").glob("*.eml"))
    script = Script()
    with serving(script) as port:
        words = [program, "-C", str(configured(tmp_path, port)), "-t"]
        subprocess.run(words, input=draft.read_bytes(), check=True)
    ((people, data),) = script.accepted
    assert people == [OLA]
    refuse_working_headers(parsed(data))


def _typed(words: list[str], key: str, done: object) -> None:
    """Run a program on a terminal, press a key once it waits, and leave when `done()`."""
    child, terminal = pty.fork()
    if not child:
        os.environ.update(TERM="xterm", LANG="C.UTF-8")
        os.execv(words[0], words)
    until, pressed = time.monotonic() + 20, False
    try:
        while time.monotonic() < until and not done():  # type: ignore[operator]
            if select.select([terminal], [], [], 0.3)[0]:
                os.read(terminal, 65536)
            elif not pressed:
                os.write(terminal, key.encode())
                pressed = True
    except OSError:
        pass
    finally:
        os.kill(child, 9)
        os.waitpid(child, 0)
        os.close(terminal)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 700])
def test_html_mail_fits_and_can_be_read(
    crm: Crm, studio: Path, tmp_path: Path, width: int, scheme: str
) -> None:
    path = chromium.program()
    if path is None:
        pytest.skip("no Chromium: apt-get install chromium")
    (studio / "templates" / "rich.md").write_text(RICH, "utf-8")
    crm("email", "rich", "ola-nordmann", "--outbox")
    mail = parsed(next((studio / "outbox").glob("*.eml")).read_bytes())
    html = mail.get_body(("html",))
    assert html is not None
    page = tmp_path / "mail.html"
    page.write_text(html.get_content(), "utf-8")
    assert not re.search(r"<(?:script|style|link)\b| on\w+=", page.read_text("utf-8"))
    with chromium.started(path) as browser:
        browser.open(page.as_uri(), width, scheme=scheme)
        wide = browser.evaluate("document.documentElement.scrollWidth")
        assert wide <= width
        text, back = (
            browser.evaluate(f"getComputedStyle(document.body).{name}")
            for name in ("color", "colorScheme")
        )
        shade = browser.evaluate(
            "(() => { const c = document.createElement('canvas').getContext('2d');"
            " c.fillStyle = getComputedStyle(document.body).color; return c.fillStyle })()"
        )
        assert "light dark" in back or back == "normal"
        assert (shade == "#ffffff") is (scheme == "dark"), (text, shade)
        assert browser.seen.requests == [page.as_uri()]


def test_a_rename_makes_no_second_card_and_no_second_event(crm: Crm) -> None:
    crm("set", "ola-nordmann", "next=2026-12-01 Call")
    crm("task", "add", "ola-nordmann", "Send it due:2026-12-02")

    def identities(form: str) -> set[str]:
        return set(re.findall(r"(?m)^UID:(.*?)\r?$", crm("export", form).out))

    cards, events = identities("vcf"), identities("ics")
    assert len(cards) > 20 and len(events) > 5
    assert crm("rename", "ola-nordmann", "Ola Normann-Berg").code == 0
    assert crm("rename", "ola-normann-berg", "Ola Berg").code == 0
    assert identities("vcf") == cards and identities("ics") == events
