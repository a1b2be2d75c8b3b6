"""Taking one change of a record back, whatever a person wrote since: never their words, or
nothing.
"""

from __future__ import annotations

import pytest

from plaincrm.core.schema import settings_file
from plaincrm.crm.history.revert import reverted
from plaincrm.errors import Conflict
from tests.contexts import record

SETTINGS = settings_file.parse("")
BEFORE = (
    "---\nname: Ada\ntags: [a]\nemail: {work: a@x.example}\n---\nHello.\n\n- [ ] Call"
    " due:2026-11-20\n\n## Log\n- 2026-01-01 note: Old.\n"
)


def back(before: str, after: str, now: str) -> str:
    return reverted(*(record("contacts/ada.md", text, SETTINGS) for text in (before, after, now)))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("name: Ada", "name: Ada\njob: Boss"),
        ("tags: [a]", "tags: [a, b]"),
        ("tags: [a]\n", ""),
        ("{work: a@x.example}", "{work: b@x.example, home: c@x.example}"),
        ("[ ] Call due:2026-11-20", "[x] Call due:2026-11-20 done:2026-11-21"),
        ("Old.\n", "Old.\n- 2026-02-01 call: New.\n  Two lines.\n"),
        ("- 2026-01-01 note: Old.\n", ""),
        ("\n\n## Log", "\n- [ ] More\n\n## Log"),
    ],
)
def test_beside_words_of_the_user(old: str, new: str) -> None:
    after = BEFORE.replace(old, new)
    assert after != BEFORE

    def written(text: str) -> str:
        return text.replace("name: Ada\n", "name: Ada  # hers\ncity: Bergen\n").replace(
            "Hello.", "Hello, you."
        )

    assert back(BEFORE, after, written(after)).splitlines() == written(BEFORE).splitlines()


def test_elements_that_the_user_added_stay() -> None:
    after = BEFORE.replace("tags: [a]", "tags: [a, b]")
    assert "tags: [a, c]" in back(BEFORE, after, after.replace("[a, b]", "[a, b, c]"))
    after = BEFORE.replace("{work: a@x.example}", "{work: b@x.example}")
    now = after.replace("b@x.example}", "b@x.example, home: c@x.example}")
    assert "{work: a@x.example, home: c@x.example}" in back(BEFORE, after, now)


@pytest.mark.parametrize(
    ("old", "new", "again"),
    [
        ("name: Ada", "name: Bea", "name: Cleo"),
        ("tags: [a]", "tags: [a, b]", "tags: [c]"),
        ("Old.\n", "Old.\n- 2026-02-01 call: New.\n", "Old.\n- 2026-02-01 call: Mine.\n"),
        ("[ ] Call", "[x] Call", "[ ] Called"),
        ("Hello.", "Bye.", "Bye, bye."),
    ],
)
def test_what_was_changed_again_is_left_alone(old: str, new: str, again: str) -> None:
    with pytest.raises(Conflict):
        back(BEFORE, BEFORE.replace(old, new), BEFORE.replace(old, again))
