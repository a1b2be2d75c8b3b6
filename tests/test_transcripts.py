"""Every console block of README and docs, replayed: what the pages show is what the program
says.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import transcripts


@pytest.mark.parametrize("page", transcripts.PAGES, ids=lambda page: page.name)
def test_the_page_shows_what_the_program_says(page: Path, studio: Path) -> None:
    wrong = []
    for step in transcripts.steps(page.read_text()):
        output = transcripts.replay(step.command, studio)
        if not step.matches(output):
            wrong.append(f"{page.name}:{step.line}: $ {step.command}\n{output}")
    assert not wrong, "\n".join(wrong) + "\npython -m tests.transcripts brings the pages up to date"


def test_shown_output_is_compared_and_an_ellipsis_stands_for_anything() -> None:
    page = (
        "text\n```console\n$ plaincrm x 'a b'\nOne … three\n$ plaincrm y\n```\n```sh\n$ plaincrm"
        " z\n```\n"
    )
    first, second = transcripts.steps(page)
    assert (first.command, first.line, second.shown) == ("plaincrm x 'a b'", 3, "")
    assert (
        first.matches("One two three\n")
        and not first.matches("One two\n")
        and not second.matches("z")
    )
