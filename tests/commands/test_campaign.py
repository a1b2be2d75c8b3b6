"""Campaigns: the dry run, the drafts, and results that are exactly right."""

from __future__ import annotations

from decimal import Decimal
from email import policy
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import pytest

from plaincrm.interchange.mail.parse import parse
from tests.conftest import Crm, Ran, git

LETTER = '---\nsubject: {0} news\nkind: bulk\n---\n{{{{ greeting }}}}\n{0}. Reply "unsubscribe".\n'


@pytest.fixture
def news(studio: Path) -> Path:
    """The book with two templates for a newsletter."""
    for name in ("short", "long"):
        (studio / "templates" / f"{name}.md").write_text(LETTER.format(name.title()), "utf-8")
    return studio


def new(crm: Crm, *more: str, name: str = "Autumn 2026") -> Ran:
    ran = crm("campaign", "new", name, "--segment", "newsletter", *more)
    assert ran.code == 0, ran.err
    return ran


def tried(crm: Crm, *more: str) -> None:
    new(crm, "--variant", "a=short", "--variant", "b=long", *more)


def results(crm: Crm, name: str = "autumn-2026") -> dict[str, Any]:
    found: dict[str, Any] = crm("campaign", "results", name, "--json").json
    return found


def by_variant(found: dict[str, Any]) -> dict[str, Any]:
    return {row["variant"]: row for row in found["results"]}


def test_the_dry_run_says_who_gets_what_and_who_not(crm: Crm, news: Path) -> None:
    tried(crm, "--control", "20")
    crm("set", "liv-hansen", "unsubscribed=true")
    crm("set", "liv-hansen", "tags+=newsletter")
    ran = crm("campaign", "show", "autumn-2026", "--json")
    rows = {row["contact"]: row for row in ran.json["results"]}
    everybody = crm("list", "contacts", "@newsletter", "--count").out.strip()
    assert ran.json["total"] == int(everybody)
    assert {row["status"] for row in rows.values()} <= {"ready", "control", "skipped"}
    assert all(row["subject"] for row in rows.values() if row["status"] == "ready")
    assert "held back" in ran.err and "difference" in ran.err
    assert git(news, "status", "--porcelain", "campaigns", "outbox") == ""


def test_writing_twice_writes_once_and_a_copy_is_new_to_everybody(crm: Crm, news: Path) -> None:
    tried(crm)
    assert crm("campaign", "write", "autumn-2026").code == 1, "it asks, and nobody is there"
    assert crm("campaign", "write", "autumn-2026", "-y").code == 0
    first = len(list((news / "outbox").glob("*.eml")))
    assert first > 3
    crm("outbox", "sent", "--all", "-y")
    crm("campaign", "write", "autumn-2026", "-y")
    assert not list((news / "outbox").glob("*.eml"))
    text = (news / "campaigns" / "autumn-2026.md").read_text("utf-8")
    (news / "campaigns" / "winter-2026.md").write_text(text, "utf-8")
    crm("campaign", "write", "winter-2026", "-y")
    assert len(list((news / "outbox").glob("*.eml"))) == first


def test_changed_variants_write_nobody_twice(crm: Crm, news: Path) -> None:
    tried(crm)
    crm("campaign", "write", "autumn-2026", "-y")
    crm("outbox", "sent", "--all", "-y")
    path = news / "campaigns" / "autumn-2026.md"
    path.write_text(path.read_text("utf-8").replace("a: short", "c: long"), "utf-8")
    crm("campaign", "write", "autumn-2026", "-y")
    assert not list((news / "outbox").glob("*.eml"))


def test_the_arms_are_the_same_on_every_machine_and_keep_their_people() -> None:
    from plaincrm.marketing.campaigns import Variant, arm

    row = [Variant("a", "x"), Variant("b", "y")]
    people = [f"person-{n}" for n in range(2000)]
    chosen = [arm("autumn", one, row, Decimal(10)) for one in people]
    held, first = chosen.count(None), chosen.count(row[0])
    assert 140 < held < 260 and 800 < first < 1000
    assert chosen[:5] == [arm("autumn", one, row, Decimal(10)) for one in people[:5]]
    assert chosen != [arm("winter", one, row, Decimal(10)) for one in people]


def incoming(folder: Path, name: str, sender: str, subject: str, text: str, *head: str) -> Path:
    lines = [f"From: {sender}", "To: ada@studio.example", f"Subject: {subject}"]
    lines += [
        f"Date: Mon, 23 Nov 2026 09:{len(name):02}:00 +0100",
        f"Message-ID: <{name}@x.example>",
    ]
    path = folder / f"{name}.eml"
    path.write_text("\n".join([*lines, *head, "", text, ""]), "utf-8")
    return path


def test_each_figure_of_the_results(crm: Crm, news: Path, tmp_path: Path) -> None:
    tried(crm, "--cost", "100 EUR", "--control", "20")
    crm("campaign", "write", "autumn-2026", "-y")
    written = by_variant(results(crm))
    crm("outbox", "sent", "--all", "-y")
    rows = by_variant(results(crm))
    assert rows["a"]["written"] == written["a"]["written"] == rows["a"]["sent"]
    assert written["a"]["sent"] == 0 and rows["control"]["control"] is True
    held = rows["control"]["audience"]
    assert held and sum(row["audience"] for row in rows.values()) == int(
        crm("list", "contacts", "@newsletter", "--count").out
    )
    mails = {
        parse(file.read_bytes()).to[0].address: parse(file.read_bytes())
        for file in (news / "outbox" / "sent").glob("*.eml")
    }
    mails.pop("katharina@winkler-yoga.example", None)  # two contacts have this one
    short = [address for address, mail in mails.items() if mail.subject == "Short news"]
    long = [address for address, mail in mails.items() if mail.subject == "Long news"]
    came = [
        incoming(tmp_path, "reply", short[0], "Re: Short news", "Good!"),
        incoming(tmp_path, "reply2", short[0], "Re: Short news", "And more!"),
        incoming(tmp_path, "stop", short[1], "Re: Short news", "unsubscribe"),
        incoming(
            tmp_path, "away", long[0], "Out of office", "Back soon", "Auto-Submitted: auto-replied"
        ),
        incoming(tmp_path, "other", long[1], "A wholly new question", "Have you time?"),
    ]
    assert crm("import", *map(str, came), "-y").code in (0, 1)
    found = crm("--today", "2026-11-24", "campaign", "results", "autumn-2026", "--json").json
    rows = by_variant(found)
    assert (rows["a"]["replied"], rows["a"]["unsubscribed"]) == (1, 1)
    assert (rows["b"]["replied"], rows["b"]["unsubscribed"]) == (1, 0)
    rate = rows["a"]["rate"]
    assert rate["n"] == rows["a"]["delivered"] == rows["a"]["sent"] - rows["a"]["bounced"]
    assert rate["value"] == 1 / rate["n"] and rate["low"] < rate["value"] < rate["high"]
    assert found["difference"]["winner"] is None
    assert (found["cost"], found["roi"]) == ({"EUR": 100.0}, -1.0)
    assert found["all"]["sent"] == rows["a"]["sent"] + rows["b"]["sent"]


@pytest.mark.usefixtures("news")
def test_deals_by_name_and_by_reply_and_the_return(crm: Crm) -> None:
    new(crm, "--template", "short", "--cost", "1000 EUR")
    crm("campaign", "write", "autumn-2026", "-y")
    crm("outbox", "sent", "--all", "-y")
    crm("add", "deal", "By name", "value=1500", "campaign=autumn-2026", "--new")
    crm("win", "by-name")
    crm("add", "deal", "By reply", "value=500", "contact=ruth-appleby", "--new")
    crm("add", "deal", "Somebody else", "value=700", "contact=liv-hansen", "--new")
    day = "2026-11-23T09:00"
    crm("--today", day, "log", "ruth-appleby", "email", "Re: Short news", "--in")
    crm("--today", day, "win", "by-reply")
    crm("--today", day, "win", "somebody-else")
    found = crm("--today", day, "campaign", "results", "autumn-2026", "--json").json
    assert (found["all"]["won"], found["all"]["revenue"]) == (2, {"EUR": 2000.0})
    assert found["roi"] == 1.0
    assert found["results"][0]["won"] == 1


def test_a_mail_of_a_campaign_is_marked_as_such(crm: Crm, news: Path) -> None:
    new(crm, "--template", "short")
    crm("campaign", "write", "autumn-2026", "-y")
    data = next((news / "outbox").glob("*.eml")).read_bytes()
    message = BytesParser(policy=policy.default).parsebytes(data)
    assert "List-Unsubscribe" in message
    assert "List-Unsubscribe-Post" not in message


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("new", "X", "--segment", "newsletter"), 5),
        (("new", "X", "--segment", "newsletter", "--template", "nothing"), 3),
        (("new", "X", "--segment", "nothing", "--template", "newsletter"), 3),
        (("new", "X", "--segment", "newsletter", "--variant", "a"), 2),
        (("new", "X", "--segment", "newsletter", "--template", "newsletter", "--cost", "much"), 5),
        (("show", "nothing"), 3),
    ],
)
def test_what_can_not_be_is_refused(crm: Crm, words: tuple[str, ...], code: int) -> None:
    assert crm("campaign", *words).code == code


@pytest.mark.usefixtures("news")
def test_the_list(crm: Crm) -> None:
    assert "no campaigns yet" in crm("campaign", "list", "status:done").err
    new(crm, "--template", "short")
    assert "Autumn 2026" in crm("campaign", "list").out
    assert crm("list", "campaigns").code == 0


def test_visits_come_from_the_counter_of_ones_own_site(
    crm: Crm, studio: Path, tmp_path: Path
) -> None:
    file = tmp_path / "visits.csv"
    file.write_text("utm_campaign,visitors\nwinter-letter-2026,40\nother,3\nWinter letter 2026,1\n")
    ran = crm("campaign", "visits", str(file))
    assert ran.code == 0 and "not a campaign of this book: other" in ran.err
    text = (studio / "campaigns" / "winter-letter-2026.md").read_text("utf-8")
    assert "visits: 41\n" in text
    assert crm("campaign", "results", "winter-letter-2026", "--json").json["visits"] == 41
    assert "41 visits by its links" in crm("campaign", "results", "winter-letter-2026").err
    assert "nothing to change" in crm("campaign", "visits", str(file)).err
    assert crm("undo").code == 0
    assert "visits" not in (studio / "campaigns" / "winter-letter-2026.md").read_text("utf-8")
