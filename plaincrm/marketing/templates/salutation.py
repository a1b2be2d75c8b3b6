"""The first line of a letter to somebody whose record names none."""

from __future__ import annotations

from plaincrm.marketing.templates.wording import first_name

# German and French letters take the whole name where nobody said how the person is addressed.
_LINES = {
    "en": "Dear {first},",
    "de": "Guten Tag {name},",
    "nb": "Hei {first},",
    "no": "Hei {first},",
    "nn": "Hei {first},",
    "fr": "Bonjour {name},",
    "es": "Hola, {first}:",
}


def salutation(name: str, language: str) -> str:
    """`Dear Ada,`, `Guten Tag Ada Lovelace,`; English for a language without a line, empty without
    a name.
    """
    if not name.strip():
        return ""
    tag = language.replace("_", "-").partition("-")[0].casefold()
    return _LINES.get(tag, _LINES["en"]).format(first=first_name(name), name=" ".join(name.split()))
