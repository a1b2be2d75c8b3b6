"""Where the book is, and its settings file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from plaincrm.core.text.text_file import decode
from plaincrm.core.values.raw import Raw
from plaincrm.errors import NotFound

SETTINGS = "plaincrm.yaml"


def here() -> Path:
    """The folder that the user is in. Raises NotFound where it is there no more."""
    try:
        return Path.cwd()
    except FileNotFoundError:
        raise NotFound(
            "the folder that you are in was deleted", "cd, to somewhere that is there"
        ) from None


def find_book(where: str | None, environ: Mapping[str, str], here: Path) -> Path:
    """The book's folder: `where` (-C), else PLAINCRM_BOOK, else the nearest folder upward of `here`
    that has a plaincrm.yaml, else `book:` of the user's own config. Raises NotFound with what to
    type next."""
    named = where or environ.get("PLAINCRM_BOOK")
    if named:
        root = (here / Path(named).expanduser()).resolve()
        if not (root / SETTINGS).is_file():
            raise NotFound(
                f"{named} is no book: it has no {SETTINGS}",
                f"plaincrm init {named} makes one there",
            )
        return root
    for folder in (here, *here.parents):
        if (folder / SETTINGS).is_file():
            return folder.resolve()
    configured = _configured(environ)
    if configured and (configured / SETTINGS).is_file():
        return configured.resolve()
    raise NotFound(
        f"no book here: neither this folder nor one above it has a {SETTINGS}",
        "plaincrm init makes one here; plaincrm -C DIR … names one for once, export"
        " PLAINCRM_BOOK=DIR for good; plaincrm demo shows the example",
    )


def own_aliases(environ: Mapping[str, str]) -> dict[str, str]:
    """The user's own words for lines: `aliases:` of their config, such as `vips: list +vip`."""
    named = _user_config(environ).get("aliases")
    if not isinstance(named, dict):
        return {}
    return {word: line for word, line in named.items() if isinstance(line, str) and line.strip()}


def _configured(environ: Mapping[str, str]) -> Path | None:
    named = _user_config(environ).get("book")
    if not isinstance(named, str) or not named:
        return None
    return Path(named.replace("~", str(_home(environ)), 1))


def _user_config(environ: Mapping[str, str]) -> dict[str, Raw]:
    """The fields of the user's own config, which is none of a book's."""
    configs = environ.get("XDG_CONFIG_HOME")
    folder = Path(configs) if configs else _home(environ) / ".config"
    file = folder / "plaincrm" / "config.yaml"
    if not file.is_file():
        return {}
    from plaincrm.core.yaml.front_matter import read_mapping

    return read_mapping(decode(file.read_bytes())[0], str(file)).fields


def _home(environ: Mapping[str, str]) -> Path:
    return Path(environ.get("HOME", "~")).expanduser()
