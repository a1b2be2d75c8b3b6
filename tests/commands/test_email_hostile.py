"""Hostile values in names, notes, subjects and templates: what goes out is what was shown, to whom it
was shown, in bounded time and memory. Read again by parsers that are not the one that wrote it.
"""

from __future__ import annotations

import re
import resource
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from tests.conftest import Crm
from tests.transport.smtp_server import Script, serving

EVIL = "evil@x.example"
NAMES = [
    '"Ola\\r\\nBcc: evil@x.example"',
    '"Ola\\nTo: evil@x.example\\n\\nBody"',
    '"=?utf-8?q?Ola=0D=0ABcc:_evil@x.example?="',
    '"=?utf-8?b?PGV2aWxAeC5leGFtcGxlPg==?= Ola"',
    "'Ola\" <evil@x.example>, \"Nordmann'",
    "'evil@x.example, Ola'",
    "'Ola (evil@x.example)'",
    "'Ola; evil@x.example:'",
    '"Ola\\u202egro.elpmaxe@live"',
    '"Ola\\u2028Bcc: evil@x.example"',
    "'{{ me.email }} {% for x in range(9) %}x{% endfor %}'",
    "'<script>alert(1)</script>'",
    "'[click](https://evil.example)'",
    "'Ola\\\\'",
    "'" + "O" * 5000 + "'",
]


def unfolded(data: bytes) -> list[tuple[str, str]]:
    """The header fields of a mail by RFC 5322 alone, without any library."""
    head = data.partition(b"\r\n\r\n")[0].decode("ascii")
    lines = re.sub(r"\r\n[ \t]", " ", head).split("\r\n")
    pairs = (line.partition(":") for line in lines)
    return [(name.casefold(), value.strip()) for name, _, value in pairs]


def envelope(data: bytes) -> set[str]:
    """The addresses in To, Cc and Bcc: within quotes and encoded words nothing is an address."""
    fields = [value for name, value in unfolded(data) if name in ("to", "cc", "bcc")]
    bare = (re.sub(r'"(?:[^"\\]|\\.)*"|=\?[^? ]+\?[bBqQ]\?[^? ]*\?=', "", each) for each in fields)
    return set(re.findall(r"[^\s<>,;:]+@[^\s<>,;:]+", " ".join(bare)))


def hostile(studio: Path, name: str) -> None:
    path = studio / "contacts" / "ola-nordmann.md"
    text = re.sub(r"(?m)^name:.*$", lambda _: f"name: {name}", path.read_text("utf-8"), count=1)
    path.write_text(text, "utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_name_reaches_nobody_else_and_says_nothing_else(
    crm: Crm, studio: Path, name: str
) -> None:
    hostile(studio, name)
    body = "{{ greeting }}\n\n{{ contact.name }} {{ contact.note | default('') }}\n"
    text = f"---\nsubject: For {{{{ contact.name }}}}\nhtml: true\n---\n{body}"
    (studio / "templates" / "x.md").write_text(text, "utf-8")
    crm("set", "ola-nordmann", "note={{ 7 * 7 }} {% include 'newsletter' %}", "--own")
    ran = crm("email", "x", "ola-nordmann", "--outbox", "--json")
    found = ran.json["results"] if ran.out else []
    if not found or found[0]["status"] != "written":
        assert ran.code in (1, 5)
        return
    script = Script()
    with serving(script) as port:
        settings = studio / "plaincrm.yaml"
        smtp = f"mail:\n  smtp: {{host: 127.0.0.1, port: {port}, tls: none}}\n"
        settings.write_text(settings.read_text().replace("mail:\n", smtp, 1))
        assert crm("outbox", "send", "--all", "--yes", "--trust").code == 0
    ((people, data),) = script.accepted
    shown = re.findall(r"<([^<>]+)>$", found[0]["to"])
    assert people == shown == ["ola@fjordferries.example"]
    assert envelope(data) == set(people)
    names = [name for name, _ in unfolded(data)]
    assert len(names) == len(set(names)) and not {"bcc", "cc"} & set(names)
    assert "{{ 7 * 7 }} {% include 'newsletter' %}" in found[0]["text"]
    assert b"<script>" not in _html(data) and b'href="https://evil' not in _html(data)


def _html(data: bytes) -> bytes:
    from email import policy
    from email.parser import BytesParser

    part = BytesParser(policy=policy.default).parsebytes(data).get_body(("html",))
    return b"" if part is None else part.get_content().encode()


@pytest.mark.parametrize("name", NAMES[:10])
def test_msmtp_reads_the_same_people(crm: Crm, studio: Path, name: str) -> None:
    program = shutil.which("msmtp")
    if program is None:
        pytest.skip("no msmtp: apt-get install msmtp")
    hostile(studio, name)
    if crm("email", "check-in", "ola-nordmann", "--outbox").code:
        return
    draft = next((studio / "outbox").glob("*.eml"))
    words = [program, "--host=x.example", "--from=me@x.example", "-P", "-t"]
    said = subprocess.run(words, input=draft.read_bytes(), capture_output=True, check=True).stdout
    assert EVIL.encode() not in said.partition(b"recipients:")[2].split(b"\n")[0]


def test_an_attachment_of_100_mb_is_refused_before_it_is_read(crm: Crm, studio: Path) -> None:
    big = studio / "files" / "big.pdf"
    with big.open("wb") as stream:
        stream.truncate(100_000_000)
    text = "---\nsubject: X\nattachments: files/big.pdf\n---\nHello\n"
    (studio / "templates" / "big.md").write_text(text, "utf-8")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    ran = crm("email", "big", "ola-nordmann", "--outbox")
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert ran.code == 5 and "too large to be mailed" in ran.err
    assert grown < 50_000  # KiB; the file has twice as many
    found = crm("template", "check", "big", "--json").json
    assert found["total"] in (0, 1) and not list((studio / "outbox").glob("*.eml"))


ENDLESS = [
    (
        "{% for a in range(1000) %}{% for b in range(1000) %}{% for c in range(1000) %}x"
        "{% endfor %}{% endfor %}{% endfor %}"
    ),
    "{% include 'x' %}",
    "{% macro f(n) %}{{ f(n) }}{% endmacro %}{{ f(1) }}",
    (
        "{% set ns = namespace(t='x' * 100) %}{% for a in range(1000) %}"
        "{% set ns.t = ns.t + ns.t %}{% endfor %}{{ ns.t }}"
    ),
    "{{ 'x' * 1000000000 }}",
    "{{ 9 ** 999999999 }}",
    "{{ [1] * 1000000000 }}",
    "{{ 'a,' * 200 | replace('a', 'aaaaaaaaaa') }}{{ ''.__class__.__mro__ }}",
    "{% extends 'x' %}",
]


@pytest.mark.parametrize("body", ENDLESS)
def test_an_endless_template_ends_with_an_error(crm: Crm, studio: Path, body: str) -> None:
    (studio / "templates" / "x.md").write_text(f"---\nsubject: X\n---\n{body}\n", "utf-8")
    start = time.process_time()
    ran = crm("email", "x", "ola-nordmann", "--outbox")
    assert ran.code in (2, 5), ran
    assert time.process_time() - start < 20
    assert not list((studio / "outbox").glob("*.eml"))


def test_a_subject_from_a_record_stays_one_line(crm: Crm, studio: Path) -> None:
    crm("set", "ola-nordmann", "note=one\ntwo\r\nBcc: evil@x.example", "--own")
    text = "---\nsubject: About {{ contact.note }}\n---\nHello\n"
    (studio / "templates" / "x.md").write_text(text, "utf-8")
    assert crm("email", "x", "ola-nordmann", "--outbox").code in (0, 5)
    for draft in (studio / "outbox").glob("*.eml"):
        assert envelope(draft.read_bytes()) == {"ola@fjordferries.example"}
