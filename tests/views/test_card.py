from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from plaincrm.core.yaml.write import new_file
from plaincrm.crm.card import card
from plaincrm.views import card_text as view
from plaincrm.views.card_layout import CardStyle
from plaincrm.views.table import columns
from tests.contexts import context

TEXT = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\r"), min_size=1, max_size=70
)


@given(TEXT, TEXT, TEXT, st.sampled_from([40, 60, 80, 120]), st.booleans())
def test_a_card_fits_and_is_harmless_whatever_it_holds(
    name: str, tag: str, said: str, width: int, brief: bool
) -> None:
    body = f"\n{said}\n\n## Tasks\n- [ ] Do {said!r}\n\n## Log\n- 2026-01-01 call: {said!r}\n"
    here = context(
        {
            "contacts/a.md": new_file(
                {"name": name, "tags": [tag], "company": "c", "diet": said}, body
            ),
            "companies/c.md": new_file({"name": tag}, ""),
            "deals/d.md": new_file({"name": said, "contact": "a"}, ""),
        }
    )
    record = here.store.get("contact", "a")
    assert record is not None
    text = view.card(card(record, here), here, CardStyle(width, brief=brief))
    assert max(map(columns, text.split("\n"))) <= width
    assert not any(ord(char) < 32 and char != "\n" for char in text)
