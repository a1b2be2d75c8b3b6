"""The section `portal:` of the settings: what the self-service site says of itself.

    portal: {title: Help, url: https://help.studio.example, email: help@studio.example}

`title` heads each page; `url` is where the site will lie, which feed and site map need; `email`
takes questions, else the first address of `me:`.
"""

from __future__ import annotations

from plaincrm.core.schema.settings import Settings, SettingsSection
from plaincrm.core.schema.settings_reader import SettingsReader
from plaincrm.core.text.pattern import pattern
from plaincrm.core.value_class import value
from plaincrm.core.values.raw import Raw

_URL = pattern(r"https?://[^\s\"'<>]+")
_ADDRESS = pattern(r"[^\s@<>\"'?&]+@[^\s@<>\"'?&]+")
_KEYS = ("title", "url", "email")


@value
class PortalSettings:
    """What `portal:` says; empty where it says nothing."""

    title: str = ""
    url: str = ""
    email: str = ""


def _read(reader: SettingsReader, raw: Raw | None, settings: Settings) -> PortalSettings:
    found = reader.map(raw, ("portal",))
    reader.known(("portal",), found, _KEYS)
    title, url, email = (
        reader.optional(("portal", key), found.get(key), read) or ""
        for key, read in (("title", str), ("url", portal_url), ("email", _email))
    )
    return PortalSettings(title, url, email or next(iter(settings.me.email), ""))


def portal_url(text: str) -> str:
    """An address of the web that ends with a slash. Raises ValueError."""
    if not _URL.fullmatch(text):
        raise ValueError(f'"{text}" is no address of a web site; write https://help.example.org')
    return text.rstrip("/") + "/"


def _email(text: str) -> str:
    if not _ADDRESS.fullmatch(text):
        raise ValueError(f'"{text}" is no e-mail address')
    return text


PORTAL: SettingsSection[PortalSettings] = SettingsSection("portal", _read)
