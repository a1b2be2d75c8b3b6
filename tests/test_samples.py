"""The records that README and the manual show as samples: in a new book, nothing is wrong with
them.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import Crm
from tests.transcripts import ROOT

_SAMPLE = re.compile(r"```markdown\n(---\n.*?)```", re.DOTALL)
_PLACES = {"name: Ada Lovelace": "contacts/ada-lovelace.md"}
_COMPANY = "companies/analytical-engines.md"


@pytest.mark.parametrize("page", ["README.md", "docs/format.md"])
def test_the_samples_pass_check(crm: Crm, tmp_path: Path, page: str) -> None:
    book = tmp_path / "book"
    assert crm("init", "book", "-y", cwd=tmp_path).code == 0
    assert crm("add", "company", "Analytical Engines", cwd=book).code == 0
    samples = _SAMPLE.findall((ROOT / page).read_text("utf-8"))
    assert samples
    for sample in samples:
        title = sample.split("\n")[1]
        (book / _PLACES.get(title, _COMPANY)).write_text(sample, "utf-8")
    found = crm("check", "--json", cwd=book)
    assert (found.code, found.json["results"]) == (0, [])
