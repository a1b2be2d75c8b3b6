"""The self-service site: what is in it, what never is, and how it looks and works in a browser."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.request import urlopen
from xml.etree import ElementTree

import pytest

from plaincrm.support.portal import Portal, PortalArticle, related
from plaincrm.support.portal_settings import PortalSettings
from plaincrm.views.html.portal import PortalSite, portal_files
from plaincrm.views.html.portal_theme import PortalTheme
from tests.chromium import Chromium, program
from tests.conftest import Crm
from tests.views.html.conftest import Look

KB = 1000
QUESTIONS = {
    "my logo looks blurry": "blurry-logo",
    "blury logo": "blurry-logo",
    "when do I have to pay the invoice": "invoices-and-payment",
    "invioces": "invoices-and-payment",
    "how do I install fonts": "install-a-font",
    "favicon still old in browser": "browser-keeps-the-old-icon",
    "which file for the printer": "which-logo-file",
    "download expired": "download-links",
    "pantone": "pantone-and-paper",
    "envelope window": "envelope-windows",
}


@pytest.fixture
def folder(crm: Crm, tmp_path: Path) -> Path:
    ran = crm("kb", "portal", str(tmp_path / "public"), "--url", "https://help.studio.example")
    assert ran.code == 0, ran.err
    return tmp_path / "public"


def _texts(folder: Path) -> str:
    return "\n".join(each.read_text("utf-8") for each in sorted(folder.rglob("*.*")))


def test_it_has_the_public_articles_and_nothing_of_the_private_ones(folder: Path) -> None:
    pages = {each.stem for each in (folder / "articles").glob("*.html")}
    assert "blurry-logo" in pages
    assert not pages & {"how-i-answer-late-payers", "certificate-renewal"}
    found = _texts(folder)
    assert "late payers" not in found and "certificate" not in found


def test_no_task_no_log_and_no_ticket_gets_out(crm: Crm, studio: Path, tmp_path: Path) -> None:
    place = studio / "articles" / "secret.md"
    place.write_text(
        "---\ntitle: Fonts again\naudience: public\nsolves: [fonts-missing-in-menu-3hw8]\n---\n"
        "Words for all, see [late payers](how-i-answer-late-payers.md).\n\n"
        "## Tasks\n- [ ] Ask Kari Berg\n\n## Log\n- 2026-01-01 note: Kari Berg asked twice\n",
        "utf-8",
    )
    ran = crm("kb", "portal", str(tmp_path / "out"))
    found = _texts(tmp_path / "out")
    assert "Words for all" in found
    assert "Kari" not in found and "3hw8" not in found and "how-i-answer" not in found
    assert "article/secret: the link to how-i-answer-late-payers.md leads to no public" in ran.err


def test_a_link_between_public_articles_leads_to_the_page(folder: Path) -> None:
    page = (folder / "articles" / "blurry-logo.html").read_text("utf-8")
    assert '<a href="which-logo-file.html">which logo file</a>' in page
    for page_file in folder.rglob("*.html"):
        for href in re.findall(r'href="([^"#?:]+)"', page_file.read_text("utf-8")):
            assert (page_file.parent / href).is_file(), (page_file, href)


def test_a_question_opens_a_mail_that_names_the_article(folder: Path) -> None:
    page = (folder / "articles" / "blurry-logo.html").read_text("utf-8")
    assert "mailto:ada@studio.example?subject=" in page
    assert "blurry-logo%29" in page


def test_feed_and_site_map_are_well_formed(folder: Path) -> None:
    feed = ElementTree.fromstring((folder / "feed.xml").read_bytes())
    atom = "{http://www.w3.org/2005/Atom}"
    assert len(feed.findall(f"{atom}entry")) == len(list((folder / "articles").iterdir()))
    places = ElementTree.fromstring((folder / "sitemap.xml").read_bytes())
    locations = [each[0].text or "" for each in places]
    assert "https://help.studio.example/articles/blurry-logo.html" in locations


def test_without_an_address_there_is_no_site_map(crm: Crm, tmp_path: Path) -> None:
    ran = crm("kb", "portal", str(tmp_path / "out"))
    assert not (tmp_path / "out" / "sitemap.xml").exists()
    assert "no site map" in ran.err


def test_a_book_replaces_the_theme_file_by_file(crm: Crm, studio: Path, tmp_path: Path) -> None:
    own = studio / "templates" / "portal"
    own.mkdir(parents=True)
    (own / "style.css").write_text("body { color: hotpink }\n", "utf-8")
    (own / "words.de.yaml").write_text("name: Deutsch\nheadline: Was ist los?\n", "utf-8")
    assert crm("kb", "portal", str(tmp_path / "out")).code == 0
    assert "hotpink" in (tmp_path / "out" / "style.css").read_text("utf-8")
    index = (tmp_path / "out" / "index.html").read_text("utf-8")
    assert "Was ist los?" in index or "How can we help?" in index


def test_a_theme_can_not_reach_the_program(crm: Crm, studio: Path, tmp_path: Path) -> None:
    own = studio / "templates" / "portal"
    own.mkdir(parents=True)
    (own / "index.html").write_text("{{ site.__class__.__mro__ }}", "utf-8")
    ran = crm("kb", "portal", str(tmp_path / "out"))
    assert ran.code == 2
    assert "templates/portal/index.html" in ran.err
    assert not (tmp_path / "out").exists()


def test_titles_are_text(crm: Crm, studio: Path, tmp_path: Path) -> None:
    place = studio / "articles" / "nasty.md"
    place.write_text(
        '---\ntitle: "<script>alert(1)</script>"\naudience: public\ncategory: "<b>"\n---\n'
        "<img src=x onerror=alert(1)> [x](javascript:alert(1)) ![p](https://evil.example/p.png)\n",
        "utf-8",
    )
    assert crm("kb", "portal", str(tmp_path / "out")).code == 0
    for page in (tmp_path / "out").rglob("*.html"):
        text = page.read_text("utf-8")
        assert "<script>alert" not in text and "<img" not in text
        assert 'href="javascript' not in text


def test_five_hundred_articles_stay_small() -> None:
    words = Path(__file__).read_text("utf-8").split()
    articles = [_article(n, words) for n in range(500)]
    portal = Portal(tuple(articles), related(articles))
    theme = PortalTheme(lambda _: None)
    settings = PortalSettings("Help", "", "help@studio.example")
    made = portal_files(
        PortalSite(portal, settings, theme, "en", "Studio", date(2026, 11, 21))
    ).files
    assert len(made["index.html"]) < 60 * KB
    assert len(made["search-index.js"]) < 300 * KB


def _article(number: int, words: list[str]) -> PortalArticle:
    """An article of 400 words, a third of them its own."""
    step = number * 37
    text = " ".join(
        word if n % 3 else f"word{(step + n) % 4000}"
        for n, word in enumerate((words * 3)[number % 200 : number % 200 + 400])
    )
    return PortalArticle(
        f"article-{number}",
        f"How to do thing number {number} with word{number % 900}",
        f"Subject {number % 12}",
        "en",
        text,
        text[:120],
        date(2026, 1, 1),
        number % 7,
    )


@pytest.mark.parametrize(
    "page", ["index.html", "articles/blurry-logo.html", "categories/print.html"]
)
def test_it_looks_right_from_the_disk(folder: Path, page: str, look: Look) -> None:
    look((folder / page).as_uri())


@pytest.fixture
def served(folder: Path) -> Iterator[str]:
    """The folder behind a static server."""
    command = [sys.executable, "-u", "-m", "http.server", "0", "--bind", "127.0.0.1"]
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        port = re.search(r"port (\d+)", process.stdout.readline())
        assert port
        yield f"http://127.0.0.1:{port[1]}"
        process.terminate()


def test_it_works_from_a_server(served: str, look: Look) -> None:
    with urlopen(f"{served}/index.html") as answer:
        assert answer.status == 200
    look(f"{served}/index.html")


def test_the_search_finds_in_spite_of_typing(folder: Path, browser: Chromium) -> None:
    browser.open((folder / "index.html").as_uri())
    ranks = {}
    for question, wanted in QUESTIONS.items():
        found = browser.evaluate(
            f"portalSearch({json.dumps(question)}, 'en').map((each) => each.page)"
        )
        ranks[question] = found.index(f"articles/{wanted}.html") + 1
    mean = sum(1 / rank for rank in ranks.values()) / len(ranks)
    assert mean >= 0.9, ranks


def test_one_types_and_walks_to_the_answer(folder: Path, browser: Chromium) -> None:
    browser.open((folder / "index.html").as_uri())
    browser.press("/", 191, text="/")
    browser.type("blurry")
    assert browser.evaluate("document.getElementById('results').children.length") >= 1
    assert browser.evaluate("document.getElementById('status').textContent").strip()
    browser.press("Enter", 13, text="\r")
    assert browser.evaluate("document.activeElement.textContent") == "My logo is blurry"
    browser.press("Enter", 13, text="\r")
    until = time.monotonic() + 10
    while time.monotonic() < until and "blurry-logo" not in browser.evaluate("location.href"):
        time.sleep(0.05)
    assert browser.evaluate("document.querySelector('h1').textContent") == "My logo is blurry"


def test_it_finds_as_well_as_the_terminal() -> None:
    """`python -m benchmarks.portal_search` prints both figures."""
    from benchmarks.portal_search import portal_rank
    from benchmarks.search import DEPTH, SET, mean_reciprocal_rank, read
    from plaincrm.support.knowledge import Knowledge

    if program() is None:
        pytest.skip("no Chromium: apt-get install chromium")
    articles, questions = read(SET.read_text("utf-8"))
    knowledge = Knowledge(articles)
    terminal = mean_reciprocal_rank(
        questions, lambda text: knowledge.search(text, any_word=True, limit=DEPTH)
    )
    assert portal_rank(articles, questions) > terminal - 0.05
