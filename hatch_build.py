"""What a build adds to the files of the checkout: the man page, and a README for the package index.

Links of the README lead to files beside it, which a package index has not. Where the build knows
the address of the repository (`PROJECT_URL`, else the remote `origin`, if it is one of the web),
links lead there, and the project's addresses are named; else the page says which `plaincrm help`
shows the same.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.metadata.plugin.interface import MetadataHookInterface

_LINK = re.compile(r"(?<!!)\[([^\]]*)\]\((?![a-z]+:)([^)\s]+)\)")
_PICTURE = re.compile(r"!\[([^\]]*)\]\((?![a-z]+:)([^)\s]+)\)")
_PAGE = re.compile(r"docs/([a-z]+)\.md")


class CustomBuildHook(BuildHookInterface[Any]):
    """The man pages of a wheel, made by the program that the wheel holds."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name != "wheel" or version == "editable":
            return
        folder = Path(self.directory) / "man"
        folder.mkdir(parents=True, exist_ok=True)
        made = subprocess.run(
            [sys.executable, str(Path(self.root) / "man" / "make.py")],
            check=True,
            capture_output=True,
            text=True,
        )
        pages = {"plaincrm.1": made.stdout, "pcrm.1": ".so man1/plaincrm.1\n"}
        for name, text in pages.items():
            (folder / name).write_text(text, "utf-8")
            build_data["shared_data"][str(folder / name)] = f"share/man/man1/{name}"


class CustomMetadataHook(MetadataHookInterface):
    """The README as a package index shows it, and the addresses of the project where known."""

    def update(self, metadata: dict[str, Any]) -> None:
        root = Path(self.root)
        url = os.environ.get("PROJECT_URL") or _origin(root)
        text = for_index((root / "README.md").read_text("utf-8"), url)
        metadata["readme"] = {"content-type": "text/markdown", "text": text}
        if url:
            metadata["urls"] = {
                "Homepage": url,
                "Documentation": f"{url}/blob/main/docs/commands.md",
                "Changelog": f"{url}/blob/main/CHANGELOG.md",
                "Issues": f"{url}/issues",
            }


def for_index(text: str, url: str) -> str:
    """The README without a link that leads nowhere on a package index."""
    if url:
        text = _PICTURE.sub(rf"![\1]({url}/raw/main/\2)", text)
        return _LINK.sub(rf"[\1]({url}/blob/main/\2)", text)
    return _LINK.sub(_spelled, _PICTURE.sub("", text))


def _spelled(link: re.Match[str]) -> str:
    page = _PAGE.fullmatch(link[2])
    return f"{link[1]} (`plaincrm help {page[1]}`)" if page else link[1]


def _origin(root: Path) -> str:
    """The address of the remote `origin` on the web; empty where it has none."""
    words = ["git", "-C", str(root), "config", "--get", "remote.origin.url"]
    try:
        found = subprocess.run(words, capture_output=True, text=True, check=False).stdout.strip()
    except OSError:
        return ""
    found = re.sub(r"^git@([\w.-]+):", r"https://\1/", found).removesuffix(".git")
    return found if re.fullmatch(r"https://[\w.-]+/[\w./-]+", found) else ""
