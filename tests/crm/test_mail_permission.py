"""Who may be mailed is asked in one place, and no path to a mail goes past it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email import policy
from email.parser import BytesParser
from itertools import count
from pathlib import Path

import pytest

from plaincrm.marketing.consent import suppression_hash
from tests.conftest import ROOT, Crm
from tests.mcp.test_server import call, opened
from tests.transport.smtp_server import Script, serving

PACKAGE = ROOT / "plaincrm"
OLA = "ola@fjordferries.example"
TICKET = "login-broken-k7m2"
NUMBERS = count()
NEWS = '---\nsubject: News\nkind: bulk\n---\nNews. To stop it, reply "unsubscribe".\n'
RULE = 'automations:\n  - {name: thanks, on: "+thank", kind: contact, do: {draft: check-in}}\n'
SEQUENCE = "steps:\n  - mail: check-in\n  - mail: thank-you\n    after: 30d\n"
# Whoever may call what leads to a mail. A new path belongs behind these doors, not beside them.
CALLERS = {
    "consent.refusal": {"crm/mail_permission.py"},
    "refusal": {"marketing/consent_facts.py"},  # the fact is:suppressed, by the same function
    # `digest` writes to the owner of the book alone.
    "build": {"crm/mailing/digest.py", "crm/mailing/write.py", "interchange/mail/outbound.py"},
    "sendmail.deliver": {"crm/mailing/post.py"},
    "Connection": {"crm/mailing/post.py"},
    "post.opened": {"commands/outbox.py", "crm/mailing/digest.py"},
}
OTHER_BUILDS = {"crm/loading/load.py", "crm/loading/column_data.py"}  # of records, not of mails


def _calls() -> Iterator[tuple[str, str]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                yield ast.unparse(node.func), path.relative_to(PACKAGE).as_posix()


def test_only_the_doors_ask_build_and_send() -> None:
    seen: dict[str, set[str]] = {}
    for called, where in _calls():
        if called in CALLERS and where not in OTHER_BUILDS:
            seen.setdefault(called, set()).add(where)
    mails = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if "marketing.consent" in (text := path.read_text("utf-8")) and "import refusal" in text
    }
    assert mails == CALLERS["refusal"]
    seen["refusal"] = mails
    assert seen == CALLERS


def test_bytes_are_made_only_of_letters_that_were_asked_about() -> None:
    """`built` is the one way from letters to bytes, and it asks before it builds."""
    text = (PACKAGE / "crm/mailing/write.py").read_text("utf-8")
    tree = ast.parse(text)
    (built,) = (n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == "built")
    names = [ast.unparse(n.func) for n in ast.walk(built) if isinstance(n, ast.Call)]
    assert names.index("_refuse_forbidden") < names.index("build")
    every = [ast.unparse(n.func) for n in ast.walk(tree) if isinstance(n, ast.Call)]
    assert every.count("build") == 1


@dataclass
class Scene:
    """The program, its book, and a folder beside it."""

    crm: Crm
    studio: Path
    tmp: Path
    template: str = "check-in"


def _by_email(*option: str) -> Callable[[Scene], str]:
    def run(at: Scene) -> str:
        place = [str(at.tmp / "out")] if option[0] != "--outbox" else []
        ran = at.crm("email", at.template, "ola-nordmann", *option, *place)
        found = [*at.tmp.rglob("*.eml"), *at.tmp.glob("out"), *(at.tmp / "out").rglob("cur/*")]
        return (
            ran.err
            + ran.out
            + "".join(path.read_text("utf-8", "replace") for path in found if path.is_file())
        )

    return run


def _campaign(at: Scene) -> str:
    at.crm("segment", "save", "only-ola", "contacts", "email:ola@fjordferries.example")
    at.crm("campaign", "new", "One", "--template", at.template, "--segment", "only-ola")
    ran = at.crm("campaign", "write", "one", "--yes")
    return ran.err + at.crm("campaign", "show", "one").out


def _sequence(at: Scene) -> str:
    (at.studio / "sequences").mkdir(exist_ok=True)
    (at.studio / "sequences" / "one.yaml").write_text(
        SEQUENCE.replace("check-in", at.template), "utf-8"
    )
    ran = at.crm("sequence", "enrol", "one", "ola-nordmann")
    return ran.err + at.crm("sequence", "due", "--outbox", "--yes").err


def _rule(at: Scene) -> str:
    tag = f"thank{next(NUMBERS)}"  # a rule fires once for one cause
    rule = RULE.replace("check-in", at.template).replace("thank", tag)
    settings = at.studio / "plaincrm.yaml"
    settings.write_text(settings.read_text().partition("automations:")[0] + rule)
    return at.crm("set", "ola-nordmann", f"tags+={tag}").err


def _mcp(at: Scene) -> str:
    server = opened(at.studio)
    shown = call(server, "draft_email", template=at.template, refs=["contact/ola-nordmann"])
    token = shown["token"] if isinstance(shown, dict) else ""
    given = {"template": at.template, "refs": ["contact/ola-nordmann"], "token": token}
    return str(shown) + str(call(server, "draft_email", **given) if token else "")


PATHS = {
    "email --outbox": _by_email("--outbox"),
    "email --again": _by_email("--outbox", "--again"),
    "email --mbox": _by_email("--mbox"),
    "email --maildir": _by_email("--maildir"),
    "email --csv": _by_email("--csv"),
    "campaign": _campaign,
    "sequence": _sequence,
    "rule": _rule,
    "mcp": _mcp,
}
# An answer, and a reminder of an invoice: to whoever prefers the phone they go by mail, or not.
ONE_TO_ONE = {
    "ticket reply": ("ticket", "reply", TICKET, "Try again.", "--outbox"),
    "invoice reminder": ("email", "invoice-reminder", "ola-nordmann", "--outbox"),
}
REASONS = {
    "do_not_email": "do_not_email=true",
    "bounced": f"bounced={OLA}",
    "erased": ".plaincrm/erased",
}


BULK_REASONS = {
    "unsubscribed": ("unsubscribed=true", "unsubscribed="),
    "no consent": ("consent=withdrawn", "consent="),
    "address unsubscribed": (".plaincrm/suppressed", ""),
}


def _forbid(crm: Crm, studio: Path, how: str) -> None:
    if how.startswith(".plaincrm"):
        path = studio / how
        path.parent.mkdir(exist_ok=True)
        path.write_text(suppression_hash(OLA) + "\n", "ascii")
        return
    assert crm("set", "ola-nordmann", how).code == 0


@pytest.mark.parametrize("reason", REASONS)
@pytest.mark.parametrize("way", PATHS)
def test_whoever_must_not_be_mailed_is_not_by_any_path(
    crm: Crm, studio: Path, tmp_path: Path, way: str, reason: str
) -> None:
    before = set(tmp_path.rglob("*"))
    _forbid(crm, studio, REASONS[reason])
    said = PATHS[way](Scene(crm, studio, tmp_path))
    assert reason in said, said
    made = [path for path in set(tmp_path.rglob("*")) - before if path.is_file()]
    assert not [path for path in made if OLA.encode() in path.read_bytes() and "out" in path.name]
    assert not list((studio / "outbox").glob("*.eml"))


@pytest.mark.parametrize("way", PATHS)
def test_whoever_may_be_mailed_is_by_every_path(
    crm: Crm, studio: Path, tmp_path: Path, way: str
) -> None:
    PATHS[way](Scene(crm, studio, tmp_path))
    made = [*(studio / "outbox").glob("*.eml"), *tmp_path.glob("out"), *tmp_path.rglob("cur/*")]
    assert any(OLA.encode() in path.read_bytes() for path in made if path.is_file())


@pytest.mark.parametrize("way", PATHS)
def test_whoever_prefers_the_phone_gets_a_task_once(
    crm: Crm, studio: Path, tmp_path: Path, way: str
) -> None:
    assert crm("set", "ola-nordmann", "prefers=phone").code == 0
    PATHS[way](Scene(crm, studio, tmp_path))
    PATHS[way](Scene(crm, studio, tmp_path))
    assert not list((studio / "outbox").glob("*.eml"))
    log = (studio / "contacts" / "ola-nordmann.md").read_text("utf-8")
    assert log.count(", by phone") == 1, log


def _allow(crm: Crm, studio: Path, forbade: str, undo: str) -> None:
    if undo:
        assert crm("set", "ola-nordmann", undo).code == 0
    else:
        (studio / forbade).unlink()


@pytest.mark.parametrize("way", PATHS)
def test_whoever_wants_no_mail_to_many_gets_none_by_any_path(
    crm: Crm, studio: Path, tmp_path: Path, way: str
) -> None:
    (studio / "templates" / "news.md").write_text(NEWS, "utf-8")
    at = Scene(crm, studio, tmp_path, "news")
    for reason, (how, undo) in BULK_REASONS.items():
        _forbid(crm, studio, how)
        said = PATHS[way](at)
        assert reason in said, (reason, said)
        assert not list((studio / "outbox").glob("*.eml")), reason
        made = [*tmp_path.glob("out"), *tmp_path.rglob("cur/*")]
        assert not [each for each in made if each.is_file()], reason
        _allow(crm, studio, how, undo)
    PATHS[way](at)  # and once nothing is in the way, it goes out
    made = [*(studio / "outbox").glob("*.eml"), *tmp_path.glob("out"), *tmp_path.rglob("cur/*")]
    assert any(OLA.encode() in path.read_bytes() for path in made if path.is_file())


@pytest.mark.parametrize("way", ONE_TO_ONE)
def test_an_answer_and_a_reminder_ask_as_well(crm: Crm, studio: Path, way: str) -> None:
    crm("set", f"ticket/{TICKET}", "contact=ola-nordmann")
    crm("invoice", "ola-nordmann", "100 EUR", "due:2026-11-01")
    for reason, how in REASONS.items():
        _forbid(crm, studio, how)
        ran = crm(*ONE_TO_ONE[way])
        assert reason in ran.err + ran.out, (reason, ran)
        assert not list((studio / "outbox").glob("*.eml")), reason
        name = how.partition("=")[0]
        _allow(crm, studio, how, "" if how.startswith(".") else f"{name}=")
    crm("set", "ola-nordmann", "unsubscribed=true")  # which binds mail to many alone
    assert crm(*ONE_TO_ONE[way]).code == 0
    assert len(list((studio / "outbox").glob("*.eml"))) == 1


def test_an_answer_goes_by_mail_to_whoever_prefers_the_phone_and_a_reminder_does_not(
    crm: Crm, studio: Path
) -> None:
    crm("set", f"ticket/{TICKET}", "contact=ola-nordmann")
    crm("invoice", "ola-nordmann", "100 EUR", "due:2026-11-01")
    crm("set", "ola-nordmann", "prefers=phone")
    crm(*ONE_TO_ONE["invoice reminder"])
    assert not list((studio / "outbox").glob("*.eml"))
    crm(*ONE_TO_ONE["ticket reply"])
    assert len(list((studio / "outbox").glob("*.eml"))) == 1


def test_the_digest_goes_to_oneself_alone(crm: Crm, studio: Path) -> None:
    assert crm("today", "--mail", "outbox").code == 0
    (draft,) = (studio / "outbox").glob("*.eml")
    mail = BytesParser(policy=policy.default).parsebytes(draft.read_bytes())
    people = [
        box.addr_spec for head in ("To", "Cc", "Bcc") if mail[head] for box in mail[head].addresses
    ]
    assert people == ["ada@studio.example"]


@pytest.mark.parametrize("way", ["send", "open", "show --raw"])
def test_a_mail_to_many_that_waits_is_asked_about_again(
    crm: Crm, studio: Path, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened_files: list[Path] = []
    monkeypatch.setattr("plaincrm.book.desktop.open_file", opened_files.append)
    (studio / "templates" / "news.md").write_text(NEWS, "utf-8")
    crm("email", "news", "ola-nordmann", "--outbox")
    handle = crm("outbox", "list", "--json").json["results"][0]["handle"]
    script = Script()
    with serving(script) as port:
        settings = studio / "plaincrm.yaml"
        smtp = f"mail:\n  smtp: {{host: 127.0.0.1, port: {port}, tls: none}}\n"
        settings.write_text(settings.read_text().replace("mail:\n", smtp, 1))
        send = ("send", handle, "--yes", "--trust", "--json")
        words = {"send": send, "open": ("open", handle), "show --raw": ("show", "--raw", handle)}
        for reason, (how, undo) in BULK_REASONS.items():
            _forbid(crm, studio, how)
            ran = crm("outbox", *words[way])
            assert reason in ran.err + ran.out, (reason, ran)
            assert "Message-ID" not in ran.out
            _allow(crm, studio, how, undo)
        assert (script.accepted, opened_files) == ([], [])
        assert crm("outbox", *words[way]).code == 0


def test_by_mail_is_a_word_for_those_who_prefer_the_phone(crm: Crm, studio: Path) -> None:
    crm("set", "ola-nordmann", "prefers=phone")
    assert crm("email", "check-in", "ola-nordmann", "--outbox", "--by-mail").code == 0
    assert len(list((studio / "outbox").glob("*.eml"))) == 1


@pytest.mark.parametrize("reason", REASONS)
def test_a_draft_is_asked_about_again_before_it_is_sent_or_opened(
    crm: Crm, studio: Path, reason: str
) -> None:
    script = Script()
    with serving(script) as port:
        crm("email", "check-in", "ola-nordmann", "--outbox")
        settings = studio / "plaincrm.yaml"
        smtp = f"mail:\n  smtp: {{host: 127.0.0.1, port: {port}, tls: none}}\n"
        settings.write_text(settings.read_text().replace("mail:\n", smtp, 1))
        _forbid(crm, studio, REASONS[reason])
        ran = crm("outbox", "send", "--all", "--yes", "--trust", "--json").json["results"]
        handle = ran[0]["handle"]
        assert ran[0]["status"] == "skipped" and reason in ran[0]["reason"]
        assert crm("outbox", "open", handle).code == 5
    assert not script.accepted


@pytest.mark.parametrize("head", ["To", "Cc", "Bcc"])
def test_a_draft_whose_people_were_changed_by_hand_reaches_nobody_who_wants_no_mail(
    crm: Crm, studio: Path, head: str
) -> None:
    script = Script()
    with serving(script) as port:
        crm("email", "check-in", "ola-nordmann", "--outbox")
        settings = studio / "plaincrm.yaml"
        smtp = f"mail:\n  smtp: {{host: 127.0.0.1, port: {port}, tls: none}}\n"
        settings.write_text(settings.read_text().replace("mail:\n", smtp, 1))
        crm("set", "birgit-sommer", "do_not_email=true")
        draft = next((studio / "outbox").glob("*.eml"))
        other = b"birgit.sommer@example.org"
        data = draft.read_bytes()
        data = data.replace(OLA.encode(), other) if head == "To" else data
        draft.write_bytes(data if head == "To" else head.encode() + b": " + other + b"\r\n" + data)
        ran = crm("outbox", "send", "--all", "--yes", "--trust", "--json").json["results"]
    assert ran[0]["status"] == "skipped" and "do_not_email" in ran[0]["reason"]
    assert not script.accepted


def test_a_copy_to_somebody_who_wants_no_mail_is_refused(crm: Crm, studio: Path) -> None:
    text = "---\nsubject: Hello\ncc: [birgit.sommer@example.org]\n---\nHello\n"
    (studio / "templates" / "both.md").write_text(text, "utf-8")
    crm("set", "birgit-sommer", "do_not_email=true")
    ran = crm("email", "both", "ola-nordmann", "--outbox", "--json").json["results"]
    assert ran[0]["status"] == "skipped" and "do_not_email" in ran[0]["reason"]
    assert not list((studio / "outbox").glob("*.eml"))


def test_a_mail_to_many_is_no_touch_and_a_personal_one_is(crm: Crm, studio: Path) -> None:
    crm("set", "birgit-sommer", "tags+=newsletter")
    text = '---\nsubject: News\nkind: bulk\n---\nNews. To stop it, reply "unsubscribe".\n'
    (studio / "templates" / "news.md").write_text(text, "utf-8")
    before = _touch(crm)
    crm("email", "news", "birgit-sommer", "--outbox")
    assert crm("outbox", "sent", "--all", "--yes").code == 0
    assert ".bulk.plaincrm@" in (studio / "contacts" / "birgit-sommer.md").read_text("utf-8")
    assert _touch(crm) == before
    again = crm("email", "news", "birgit-sommer", "--json").json["results"]
    assert again[0]["reason"] == "already got it"
    crm("email", "check-in", "birgit-sommer", "--outbox")
    crm("outbox", "sent", "--all", "--yes")
    assert _touch(crm) == "2026-11-21" != before


def _touch(crm: Crm) -> str:
    found = crm("list", "contacts", "name:Birgit*", "--columns", "last_touch", "--json")
    return str(found.json["results"][0]["computed"]["last_touch"])


def test_the_second_newsletter_reaches_its_readers(crm: Crm, studio: Path) -> None:
    for name in ("newsletter", "newsletter.de"):
        crm("template", "copy", name)
    for path in (studio / "templates").glob("newsletter*.md"):
        text = path.read_text("utf-8").replace("\nWrite two or three", "\nTwo or three")
        text = text.replace("\nDates, places", "\nPlaces").replace("\nTermine, Orte", "\nOrte")
        path.write_text(text.replace("\nHier stehen zwei", "\nZwei"), "utf-8")
    for month, day in ((11, 21), (12, 21)):
        assert crm("--today", f"2026-{month}-{day}", "email", "newsletter", "--outbox").code == 0
        count = len(list((studio / "outbox").glob("*.eml")))
        assert count >= 3
        assert crm("--today", f"2026-{month}-{day}", "outbox", "sent", "--all", "--yes").code == 0


def test_consent_keeps_basis_source_day_and_text_and_the_log_keeps_account(
    crm: Crm, studio: Path
) -> None:
    given = ["consent.basis=consent", "consent.source=web form", "consent.day=2026-03-01"]
    assert (
        crm("set", "birgit-sommer", *given, "consent.text=No more than a letter a month").code == 0
    )
    crm("set", "birgit-sommer", "tags+=newsletter")
    assert crm("list", "contacts", "birgit", "is:suppressed", "--count").out.strip() == "0"
    crm("set", "birgit-sommer", "consent.withdrawn=2026-10-01")
    assert crm("list", "contacts", "birgit", "is:suppressed", "--count").out.strip() == "1"
    ran = crm("email", "newsletter", "birgit-sommer", "--json").json["results"]
    assert ran[0]["reason"] == "no consent"
    crm("set", "birgit-sommer", "unsubscribed=true")
    crm("set", "birgit-sommer", "unsubscribed=")
    text = (studio / "contacts" / "birgit-sommer.md").read_text("utf-8")
    said = [line.partition("consent: ")[2] for line in text.splitlines() if " consent: " in line]
    words = "basis consent, source web form, day 2026-03-01, text No more than a letter a month"
    assert said == [
        f"given: {words}",
        f"withdrawn: {words}, withdrawn 2026-10-01",
        "unsubscribed",
        "subscribed again",
    ]


def test_check_warns_of_a_mail_to_many_without_a_way_out(crm: Crm, studio: Path) -> None:
    body = "---\nsubject: News\nkind: bulk\n---\nBuy!\n"
    (studio / "templates" / "bare.md").write_text(body, "utf-8")
    (studio / "templates" / "out.md").write_text(body + "{{ me.unsubscribe }}\n", "utf-8")
    (studio / "templates" / "part.md").write_text(body + '{% include "out" %}\n', "utf-8")
    found = crm("check", "--json").json["results"]
    astray = [each["path"] for each in found if each["code"] == "template-way-out"]
    assert astray == ["templates/bare.md"]


@pytest.mark.parametrize(
    ("setting", "header", "post"),
    [
        ("off@studio.example", "<mailto:off@studio.example?subject=unsubscribe>", None),
        ("https://studio.example/out", "<mailto:ada@studio.example?subject=unsubscribe>", None),
        (
            "[https://studio.example/out?m={id}, off@studio.example]",
            "<https://studio.example/out?m=HASH>, <mailto:off@studio.example?subject=unsubscribe>",
            "List-Unsubscribe=One-Click",
        ),
        ("http://studio.example/{id}", "<mailto:ada@studio.example?subject=unsubscribe>", None),
    ],
)
def test_one_click_is_claimed_only_with_a_page_that_knows_the_mail(
    crm: Crm, studio: Path, setting: str, header: str, post: str | None
) -> None:
    from email import policy
    from email.parser import BytesParser

    settings = studio / "plaincrm.yaml"
    text = settings.read_text().replace("mail:\n", f"mail:\n  unsubscribe: {_quoted(setting)}\n", 1)
    settings.write_text(text)
    assert crm("email", "workshop-invitation", "--outbox").code == 0
    data = next((studio / "outbox").glob("*.eml")).read_bytes()
    message = BytesParser(policy=policy.default).parsebytes(data)
    hash = str(message["Message-ID"])[1:25]
    assert str(message["List-Unsubscribe"]) == header.replace("HASH", hash)
    assert message["List-Unsubscribe-Post"] == post


def _quoted(setting: str) -> str:
    if not setting.startswith("["):
        return f'"{setting}"'
    return "[" + ", ".join(f'"{each.strip()}"' for each in setting[1:-1].split(",")) + "]"
