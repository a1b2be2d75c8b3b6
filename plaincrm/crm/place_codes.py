"""Countries and languages as people type them."""

from __future__ import annotations

import re

from plaincrm.core.values import phones
from plaincrm.errors import did_you_mean

_LANGUAGES = {
    **{"english": "en", "englisch": "en", "german": "de", "deutsch": "de", "french": "fr"},
    **{"francais": "fr", "français": "fr", "französisch": "fr", "spanish": "es", "español": "es"},
    **{"italian": "it", "italiano": "it", "dutch": "nl", "nederlands": "nl", "portuguese": "pt"},
    **{"norwegian": "nb", "norsk": "nb", "danish": "da", "dansk": "da", "swedish": "sv"},
    **{"svenska": "sv", "finnish": "fi", "suomi": "fi", "polish": "pl", "polski": "pl"},
    **{"czech": "cs", "greek": "el", "turkish": "tr", "russian": "ru", "ukrainian": "uk"},
    **{"japanese": "ja", "chinese": "zh", "korean": "ko", "arabic": "ar", "hebrew": "he"},
}
_TAG = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*")


def language(text: str) -> str:
    """The code of a language: as typed, or of its name. Raises ValueError with what to write."""
    known = _LANGUAGES.get(text.strip().casefold())
    if known or _TAG.fullmatch(text.strip()):
        return known or text
    near = did_you_mean(text, _LANGUAGES)
    raise ValueError(f'"{text}" is no language; {near or "write its code, such as de or en"}')


def country(text: str) -> str:
    """The country as typed, where it is a code or known by name in some language. Raises
    ValueError.
    """
    code = text.strip()
    if len(code) == 2:
        if not phones.is_region(code.upper()):
            raise ValueError(f'"{text}" is no country; write its code, such as DE or NO')
        return text
    if not phones.region_named(code):
        near = did_you_mean(code, phones.region_names())
        raise ValueError(f'"{text}" is no country; {near or "write its code, such as DE or NO"}')
    return text
