"""Where the book is, and its settings file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from plaincrm.core.text.text_file import decode
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
        f"no book here: neither {here} nor a folder above it has a {SETTINGS}",
        "plaincrm init makes one here; plaincrm -C DIR … names one; plaincrm demo shows the"
        " example",
    )


def _configured(environ: Mapping[str, str]) -> Path | None:
    home = Path(environ.get("HOME", "~")).expanduser()
    folder = (
        Path(environ["XDG_CONFIG_HOME"]) if environ.get("XDG_CONFIG_HOME") else home / ".config"
    )
    file = folder / "plaincrm" / "config.yaml"
    if not file.is_file():
        return None
    from plaincrm.core.yaml.front_matter import read_mapping

    named = read_mapping(decode(file.read_bytes())[0], str(file)).fields.get("book")
    return Path(named.replace("~", str(home), 1)) if isinstance(named, str) and named else None
