"""Programs of npm that some tests run: on the PATH, or in the folder that `NODE_PROGRAMS` names, as
`npm install --prefix FOLDER prettier yaml-language-server` makes it.
"""

from __future__ import annotations

import os
import shutil

import pytest


def node_program(name: str) -> str:
    """The path of a program; the test is skipped where it is not there."""
    folder = os.environ.get("NODE_PROGRAMS", "")
    places = os.pathsep.join(filter(None, [folder and f"{folder}/node_modules/.bin"]))
    found = shutil.which(name, path=places) if places else None
    found = found or shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed (npm install {name})")
    return found
