"""How well the portal finds: its own search, in a browser, over the questions of `relevance.txt`.

    python -m benchmarks.portal_search

Compare with `python -m benchmarks.search`, which asks the terminal's.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from benchmarks.search import DEPTH, SET, Question, mean_reciprocal_rank, read
from plaincrm.support.knowledge import ArticleText, FoundArticle, Knowledge
from plaincrm.support.portal import Portal, PortalArticle, related
from plaincrm.support.portal_settings import PortalSettings
from plaincrm.views.html.portal import PortalSite, portal_files
from plaincrm.views.html.portal_theme import PortalTheme
from tests import chromium


def portal_of(articles: Sequence[ArticleText]) -> dict[str, bytes]:
    """A portal of these articles."""
    made = [
        PortalArticle(each.id, each.title, "", "en", each.body, "", None, 0) for each in articles
    ]
    portal = Portal(tuple(made), related(made))
    theme = PortalTheme(lambda _: None)
    site = PortalSite(portal, PortalSettings("Help"), theme, "en", "Studio", date(2026, 11, 21))
    return portal_files(site).files


def portal_rank(articles: Sequence[ArticleText], questions: Sequence[Question]) -> float:
    """The mean reciprocal rank of the portal's search. Raises RuntimeError without Chromium."""
    path = chromium.program()
    if path is None:
        raise RuntimeError("no Chromium: apt-get install chromium")
    with tempfile.TemporaryDirectory() as name, chromium.started(path) as browser:
        folder = Path(name)
        for page, data in portal_of(articles).items():
            (folder / page).parent.mkdir(exist_ok=True)
            (folder / page).write_bytes(data)
        browser.open((folder / "index.html").as_uri())

        def ask(text: str) -> list[FoundArticle]:
            script = f"portalSearch({json.dumps(text)}, 'en').map((each) => each.page)"
            pages = browser.evaluate(script)[:DEPTH]
            return [FoundArticle(Path(page).stem, 0.0, "") for page in pages]

        return mean_reciprocal_rank(questions, ask)


def main() -> int:
    """Print the figure beside that of the terminal."""
    articles, questions = read(SET.read_text("utf-8"))
    knowledge = Knowledge(articles)
    terminal = mean_reciprocal_rank(
        questions, lambda text: knowledge.search(text, any_word=True, limit=DEPTH)
    )
    print(f"{len(articles)} articles, {len(questions)} questions, first {DEPTH} results")
    print(f"kb search --any   mean reciprocal rank {terminal:.3f}")
    print(f"portal            mean reciprocal rank {portal_rank(articles, questions):.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
