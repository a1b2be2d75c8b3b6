"""The learned score of open deals: what those that were won have in common (`learned:` of the
settings says which fields it looks at).
"""

from __future__ import annotations

from plaincrm.core.schema.settings import Section, Settings
from plaincrm.core.schema.settings_reader import Reader
from plaincrm.core.value_class import value
from plaincrm.core.values.raw import Raw, items
from plaincrm.errors import did_you_mean


@value
class LearnedSettings:
    """The fields of deals that the learned score looks at; none named: see `default_fields`."""

    fields: tuple[str, ...] = ()


def _read(reader: Reader, raw: Raw | None, settings: Settings) -> LearnedSettings:
    found = reader.map(raw, ("learned",))
    reader.known(("learned",), found, ("fields",))
    names = []
    fields = settings.schema.kinds["deal"].fields
    for n, item in enumerate(items(found.get("fields"))):
        first = item.text.partition(".")[0]
        if first in fields or "." in item.text:
            names.append(item.text)
        else:
            wrong = f'"{item.text}" is no field of deals'
            hint = did_you_mean(item.text, fields)
            reader.problem(("learned", "fields", n), "settings-value", wrong, hint)
    return LearnedSettings(tuple(names))


SECTION = Section("learned", _read)
