"""What is exported in the shape of another CRM is read back with nothing rejected, nothing changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from plaincrm.interchange.crm_shapes import SHAPES
from tests.conftest import Crm, git

FIRM = "---\nname: Nord GmbH\n---\n"
LONE = "---\nname: Ida Falk\nemail: ida@falk.example\n---\n"
WON = "---\nname: Sign\ncontact: ida-falk\ncompany: nord\nstage: won\nclose_date: 2026-10-01\n---\n"
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


@pytest.mark.parametrize("shape", list(SHAPES))
def test_what_a_deal_only_implies_is_not_written(
    shape: str, crm: Crm, studio: Path, tmp_path: Path
) -> None:
    """A deal for a company says nothing of its person's, and nothing of the day it was won."""
    texts = {"companies/nord.md": FIRM, "contacts/ida-falk.md": LONE, "deals/sign.md": WON}
    for place, text in texts.items():
        (studio / place).write_text(text, "utf-8")
    path = tmp_path / "out.csv"
    assert crm("export", shape, "deals", "name:Sign", "-o", str(path)).code == 0
    assert crm("import", str(path), "-y", "--json").json["unchanged"] == 1
    assert {place: (studio / place).read_text("utf-8") for place in texts} == texts
