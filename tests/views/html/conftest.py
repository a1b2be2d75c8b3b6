"""A browser for the tests of pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import chromium
from tests.chromium import Chromium

Look = Callable[[str], None]


@pytest.fixture(scope="session")
def browser() -> Iterator[Chromium]:
    """Headless Chromium; tests are skipped where there is none."""
    path = chromium.program()
    if path is None:
        pytest.skip("no Chromium: apt-get install chromium")
    with chromium.started(path) as found:
        yield found


@pytest.fixture(scope="session")
def axe() -> Path:
    """The file of axe-core; tests are skipped where there is none."""
    found = chromium.axe_core()
    if found is None:
        pytest.skip("no axe-core: npm install axe-core, or AXE_CORE=…/axe.min.js")
    return found


@pytest.fixture
def look(browser: Chromium, axe: Path) -> Look:
    """Look at a page as a phone and as a wide screen do, in light and in dark: no error, nothing asked
    from elsewhere, nothing that scrolls sideways, nothing serious for axe-core, all reached by
    keyboard.
    """

    def at(url: str) -> None:
        for width, scheme in ((390, "light"), (390, "dark"), (1440, "light"), (1440, "dark")):
            browser.open(url, width, scheme=scheme)
            assert browser.seen.errors == [], (width, scheme)
            assert _elsewhere(browser, url) == []
            wide = browser.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, f"{url} scrolls sideways at {width}"
            assert browser.axe(axe) == [], (width, scheme)
        assert unreached(browser) == []

    return at


def _elsewhere(browser: Chromium, url: str) -> list[str]:
    """The requests that left the folder or the server of the page."""
    home = url.partition("#")[0].rpartition("/")[0]
    root = home if url.startswith("file:") else "/".join(url.split("/")[:3])
    asked = [each for each in browser.seen.requests if not each.startswith("data:")]
    # Pages in a folder of the site share the files above them.
    above = root.rpartition("/")[0]
    return [each for each in asked if not each.startswith((root, above))]


def unreached(browser: Chromium) -> list[str]:
    """What can be clicked and the tab key does not come to."""
    script = """(() => {
      const all = [...document.querySelectorAll('a[href], input, button, summary, [tabindex="0"]')];
      return all.filter((each) => each.checkVisibility()).length;
    })()"""
    count = int(browser.evaluate(script))
    browser.evaluate("document.activeElement.blur(), window.__reached = new Set(), 1")
    for _ in range(count + 3):
        browser.press("Tab", 9)
        browser.evaluate("window.__reached.add(document.activeElement), 1")
    missed = """[...document.querySelectorAll('a[href], input, button, summary, [tabindex="0"]')]
      .filter((each) => each.checkVisibility() && !window.__reached.has(each))
      .map((each) => each.outerHTML.slice(0, 120))"""
    found: list[str] = browser.evaluate(missed)
    return found
