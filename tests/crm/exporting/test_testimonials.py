"""Testimonials for a web page: nothing that was not allowed."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import Crm


def said(studio: Path, name: str, fields: str, words: str) -> None:
    folder = studio / "testimonials"
    folder.mkdir(exist_ok=True)
    text = f"---\ntitle: {name}\n{fields}\n---\n{words}\n\n## Log\n- 2026-11-01 note: Secret\n"
    (folder / f"{name}.md").write_text(text, "utf-8")


def test_the_example_has_one_with_a_name_and_one_without(crm: Crm) -> None:
    out = crm("export", "testimonials").out
    assert out.count("<figure>") == 2
    assert "<figcaption>Dr. Samira Haddad, Zahnarztpraxis Lumen</figcaption>" in out
    assert "timber houses" in out
    assert "board" not in out


def test_only_what_was_allowed_is_shown(crm: Crm, studio: Path) -> None:
    for shipped in (studio / "testimonials").iterdir():
        shipped.unlink()
    said(studio, "a", "contact: kari-berg\npermission: named", "**Very** <script>quick")
    said(studio, "b", "contact: kari-berg\npermission: anonymous", "Always on time")
    said(studio, "c", "contact: kari-berg\npermission: anonymous", "Ask Kari Berg!")
    said(studio, "d", "contact: kari-berg\npermission: none", "Never show this")
    said(studio, "e", "contact: kari-berg", "Nor this")
    out = crm("export", "testimonials").out
    assert out.count("<figure>") == 2
    assert "<strong>Very</strong> &lt;script&gt;quick" in out
    assert "<figcaption>Kari Berg</figcaption>" in out
    assert "Always on time" in out
    for hidden in ("Ask Kari", "Never show", "Nor this", "Secret"):
        assert hidden not in out
