"""The self-service site: every file of it, made of the public articles by the theme."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from plaincrm.core.text.fold import fold
from plaincrm.core.value_class import fresh, value
from plaincrm.core.values.ids import free, slug
from plaincrm.support.common_words import COMMON_WORDS
from plaincrm.support.portal import Portal, PortalArticle
from plaincrm.support.portal_index import index_lines
from plaincrm.support.portal_settings import PortalSettings
from plaincrm.support.portal_words import folded
from plaincrm.views.html.element import url_part
from plaincrm.views.html.markdown_links import linked_html
from plaincrm.views.html.page import OWN_FILES
from plaincrm.views.html.portal_theme import PortalTheme

_ENTRIES = 50  # of the feed


@value
class DeadLink:
    """A link of a public article that leads nowhere, or to something private."""

    article: str
    target: str


@value
class PortalFiles:
    """Path to content, and the links that were left out."""

    files: dict[str, bytes]
    dead: tuple[DeadLink, ...]


@value
class PortalSite:
    """What all pages of the site know."""

    portal: Portal
    settings: PortalSettings
    theme: PortalTheme
    language: str
    owner: str
    today: date
    slugs: dict[str, str] = fresh(factory=dict)

    @property
    def title(self) -> str:
        return self.settings.title or self.owner

    @property
    def languages(self) -> list[str]:
        """Those of the articles that the theme speaks, the book's own first."""
        found = [each for each in self.portal.languages if self.theme.speaks(each)]
        own = [each for each in found if each == self.language]
        return [*own, *(each for each in found if each != self.language)] or [self.language]

    @property
    def main_language(self) -> str:
        return self.languages[0]


def portal_files(site: PortalSite) -> PortalFiles:
    """The whole site. Raises UsageError for a template that can't be rendered."""
    files: dict[str, bytes] = {}
    dead: list[DeadLink] = []
    for language in site.languages:
        files[_home(site, language)] = _index(site, language)
    for name, articles in site.portal.categories.items():
        files[_category_page(site, name)] = _category(site, name, articles)
    for article in site.portal.articles:
        files[_page(article)] = _article(site, article, dead)
    files |= _further(site)
    return PortalFiles(files, tuple(dead))


def _further(site: PortalSite) -> dict[str, bytes]:
    """Style, script, index, feed, and the site map, which needs to know where the site lies."""
    found = {
        name: (site.theme.text(name) or "").encode("utf-8") for name in ("style.css", "search.js")
    }
    found["search-index.js"] = search_index(site)
    found["feed.xml"] = site.theme.render("feed.xml", _feed(site))
    if site.settings.url:
        pages = [{"page": _page(each), "changed": _iso(each)} for each in site.portal.articles]
        home = {"page": _home(site, site.main_language), "changed": ""}
        values = {"site": _about(site), "pages": [home, *pages]}
        found["sitemap.xml"] = site.theme.render("sitemap.xml", values)
    return found


def search_index(site: PortalSite) -> bytes:
    """The index as a classic script: browsers load no other data from the disk."""
    articles = [
        [_page(each), each.title, _spelled(each.category), each.language, each.lead]
        for each in site.portal.articles
    ]
    common = " ".join(sorted(map(folded, COMMON_WORDS)))
    terms = index_lines(site.portal.articles)
    data = {"articles": articles, "terms": terms, "common": common}
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    # Line ends of Unicode's that old browsers take for the end of a text in a script.
    safe = text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return f"window.portalIndex={safe};\n".encode()


def _index(site: PortalSite, language: str) -> bytes:
    words = site.theme.words(language)
    categories = [
        {
            "name": _spelled(name) or words["others"],
            "page": _category_page(site, name),
            "count": len(articles),
        }
        for name, articles in site.portal.categories.items()
    ]
    values = _common(site, language, site.title, "")
    values |= {
        "categories": categories,
        "most_read": [_entry(each) for each in site.portal.most_read],
        "mailto": _mailto(site, "", ""),
    }
    return site.theme.render("index.html", values)


def _category(site: PortalSite, name: str, articles: list[PortalArticle]) -> bytes:
    words = site.theme.words(site.main_language)
    values = _common(site, site.main_language, _spelled(name) or words["others"], "../")
    one = words["one_found"] if len(articles) == 1 else words["many_found"]
    values |= {
        "articles": [_entry(each) for each in articles],
        "count": one.replace("{n}", str(len(articles))),
    }
    return site.theme.render("category.html", values)


def _article(site: PortalSite, article: PortalArticle, dead: list[DeadLink]) -> bytes:
    pages = {fold(each.id): f"{url_part(each.id)}.html" for each in site.portal.articles}
    made = linked_html(article.text, pages)
    dead += [DeadLink(article.id, target) for target in made.dead]
    values = _common(site, article.language, article.title, "../")
    words = values["words"]
    subject = words["subject"].replace("{title}", article.title)
    body = words["body"].replace("{title}", article.title).replace("{id}", article.id)
    category = {"name": _spelled(article.category), "page": _category_page(site, article.category)}
    values |= {
        "text": made.html,
        "changed": _iso(article),
        "changed_text": _iso(article),
        "category": category if article.category else None,
        "mailto": _mailto(site, subject, body),
        "related": [_entry(each) for each in site.portal.related[article.id]],
    }
    return site.theme.render("article.html", values)


def _common(site: PortalSite, language: str, heading: str, root: str) -> dict[str, Any]:
    """What each template of a page is given."""
    spoken = language if language in site.languages else site.main_language
    return {
        "site": _about(site),
        "language": language,
        "languages": list(_language_links(site)),
        "words": site.theme.words(language),
        "heading": heading,
        "root": root,
        "home": _home(site, spoken),
        "policy": OWN_FILES,
    }


def _about(site: PortalSite) -> Mapping[str, str]:
    settings = site.settings
    return {
        "title": site.title,
        "url": settings.url,
        "email": settings.email,
        "owner": site.owner,
    }


def _language_links(site: PortalSite) -> Iterator[dict[str, str]]:
    for language in site.languages:
        name = site.theme.words(language)["name"]
        yield {"code": language, "name": name, "page": _home(site, language)}


def _entry(article: PortalArticle) -> dict[str, str]:
    return {
        "title": article.title,
        "page": _page(article),
        "lead": article.lead,
        "language": article.language,
    }


def _feed(site: PortalSite) -> dict[str, Any]:
    newest = sorted(site.portal.articles, key=lambda each: each.changed or date.min, reverse=True)
    base = site.settings.url or "urn:plaincrm:article:"
    entries = [
        {
            **_entry(each),
            "id": f"{base}{url_part(_page(each) if site.settings.url else each.id)}",
            "updated": _moment(each.changed or site.today),
        }
        for each in newest[:_ENTRIES]
    ]
    latest = (newest[0].changed if newest else None) or site.today
    values = {"articles": entries, "home": _home(site, site.main_language)}
    return {**values, "site": _about(site), "updated": _moment(latest)}


def _moment(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


def _iso(article: PortalArticle) -> str:
    return article.changed.isoformat() if article.changed else ""


def _home(site: PortalSite, language: str) -> str:
    return "index.html" if language == site.main_language else f"index.{language.casefold()}.html"


def _page(article: PortalArticle) -> str:
    return f"articles/{url_part(article.id)}.html"


def _category_page(site: PortalSite, name: str) -> str:
    """A page of its own for each category, whatever their names have in common."""
    if name not in site.slugs:
        taken = set(site.slugs.values())
        site.slugs[name] = free(slug(name, "others"), taken.__contains__)
    return f"categories/{site.slugs[name]}.html"


def _spelled(category: str) -> str:
    return category[:1].upper() + category[1:]


def _mailto(site: PortalSite, subject: str, body: str) -> str:
    """A mail that opens a ticket with the article named."""
    given = {"subject": subject, "body": body}
    query = "&".join(f"{key}={url_part(text, safe='')}" for key, text in given.items() if text)
    return f"mailto:{url_part(site.settings.email, safe='@')}" + (f"?{query}" if query else "")
