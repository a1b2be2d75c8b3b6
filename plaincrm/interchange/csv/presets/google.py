"""Google Contacts, both generations. ` ::: ` joins values, `* ` marks the first label and system
groups.
"""

from __future__ import annotations

from plaincrm.interchange.csv.preset import Preset, table

_SHARED = """
Name Prefix -> name.prefix
Name Suffix -> name.suffix
Birthday -> birthday
Notes -> body
Group Membership | Labels -> tags
E-mail # - Value -> email
Phone # - Value -> phone
Website # - Value -> links
Address # - Street -> address.1~#
Address # - Extended Address -> address.2~#
Address # - PO Box -> address.3~#
Address # - City -> city~#
Address # - Region -> region~#
Address # - Postal Code -> zip~#
Address # - Country -> country~#
Address # - Formatted ->
Organization # - Name | Organization Name -> company@name
Organization # - Title | Organization Title -> job
Organization # - Type | Organization # - Yomi Name | Organization # - Symbol | Organization # - Location ->
Photo | Name File As | File As | Directory Server | Sensitivity | Priority | Initials | Short Name ->
Language -> language
"""
_LABELS = {
    "E-mail # - Value": "E-mail # - Label",
    "Phone # - Value": "Phone # - Label",
    "Website # - Value": "Website # - Label",
    "Address # - Street": "Address # - Label",
    "Address # - City": "Address # - Label",
}
_GROUPS = {
    "tags": {
        "* mycontacts": "",
        "* other contacts": "",
        "* starred": "starred",
        "* friends": "friends",
    }
}
_OLD_LABELS = {name: label.replace("Label", "Type") for name, label in _LABELS.items()}

PRESETS = (
    Preset(
        "google-contacts",
        "Google Contacts",
        "contact",
        (
            ("First Name", "Last Name", "Labels", "E-mail 1 - Value"),
            ("First Name", "Last Name", "Organization Name", "Labels", "File As"),
        ),
        table(
            _SHARED
            + "First Name -> name.given\nMiddle Name -> name.middle\nLast Name -> name.family"
        ),
        labels=_LABELS,
        values=_GROUPS,
    ),
    Preset(
        "google-contacts-legacy",
        "Google Contacts, the older form",
        "contact",
        (
            ("Name", "Given Name", "Family Name", "Group Membership"),
            ("Name", "Given Name", "E-mail 1 - Type"),
        ),
        table(
            _SHARED + "Name -> name\n"
            "Given Name -> name.given\nAdditional Name -> name.middle\nFamily Name -> name.family"
        ),
        labels=_OLD_LABELS,
        values=_GROUPS,
    ),
)
