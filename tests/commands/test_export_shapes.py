"""What is exported in the shape of another CRM is read back with nothing rejected, nothing changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from plaincrm.interchange.crm_shapes import SHAPES
from tests.conftest import Crm, git

ALL = [(shape, kind) for shape, kinds in SHAPES.items() for kind in kinds]


@pytest.mark.parametrize(("shape", "kind"), ALL)
def test_an_export_is_read_back_as_it_was(
    shape: str, kind: str, crm: Crm, studio: Path, tmp_path: Path
) -> None:
    path = tmp_path / "out.csv"
    assert crm("export", shape, kind, "-o", str(path)).code == 0
    head = git(studio, "rev-parse", "HEAD")
    ran = crm("import", str(path), "-y", "--json")
    found = ran.json
    assert (found["created"], found["updated"], found["rejected"]) == (0, 0, 0), ran.out
    assert git(studio, "rev-parse", "HEAD") == head and found["rows"] > 0
