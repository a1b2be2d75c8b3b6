"""Where the files that come with plaincrm lie: e-mail templates, the example book, the manual.

In a wheel they lie inside the package; in a checkout, and so in an editable install, beside it.
"""

from __future__ import annotations

from pathlib import Path

from plaincrm.errors import NotFound

_PACKAGE = Path(__file__).resolve().parents[1]


def shipped(folder: str) -> Path:
    """The shipped folder of that name: `templates`, `templates/email`, `examples`, `docs`. Raises
    NotFound.
    """
    for place in (_PACKAGE / "shipped", _PACKAGE.parent):
        if (place / folder).is_dir():
            return place / folder
    raise NotFound(f"this installation of plaincrm has no {folder}", "install it again")


def shipped_text(folder: str, name: str) -> str | None:
    """A shipped text file; None where there is none of that name in the folder itself."""
    place = shipped(folder) / name
    return place.read_text("utf-8") if "/" not in name and place.is_file() else None


def shipped_names(folder: str, ending: str) -> list[str]:
    """The stems of the shipped files of that ending directly in the folder, sorted."""
    return sorted(file.name.removesuffix(ending) for file in shipped(folder).glob(f"*{ending}"))
