"""Pipedrive, after its documentation and sample file (`Entity - Field`); no real export has been
read.

One row may hold a person, their organisation and a deal. Links are by name: the export has no ids
of what it links to. Several phones stand in one cell.
"""

from __future__ import annotations

from plaincrm.interchange.csv.preset import Preset, table

_PERSON = """
Person - Name -> {0}name
Person - First name -> {0}name.given
Person - Last name -> {0}name.family
Person - Email -> {0}email
Person - Email (Work) | Person - Email - Work -> {0}email.work
Person - Email (Home) | Person - Email - Home -> {0}email.home
Person - Email (Other) | Person - Email - Other -> {0}email.other
Person - Phone -> {0}phone
Person - Phone (Work) | Person - Phone - Work -> {0}phone.work
Person - Phone (Home) | Person - Phone - Home -> {0}phone.home
Person - Phone (Mobile) | Person - Phone - Mobile -> {0}phone.mobile
Person - Phone (Other) | Person - Phone - Other -> {0}phone.other
Person - Job title -> {0}job
Person - Birthday -> {0}birthday
Person - Label | Person - Labels -> {0}tags
Person - Status -> {0}status
Person - Owner -> {0}owner
Person - Creation date | Person - Person created -> {0}created
Person - Visible to | Person - Update time | Person - Profile picture ->
"""
_ORGANIZATION = """
Organization - Name -> {0}name
Organization - Address -> {0}address
Organization - City/town/village/locality of Address -> {0}city
Organization - ZIP/Postal code of Address -> {0}zip
Organization - State/county of Address -> {0}region
Organization - Country of Address -> {0}country
Organization - Website -> {0}website
Organization - Industry -> {0}industry
Organization - Label | Organization - Labels -> {0}tags
Organization - Status -> {0}status
Organization - Owner -> {0}owner
Organization - Creation date -> {0}created
Organization - Visible to | Organization - Full/combined address of Address ->
"""
_DEAL = """
Deal - Title -> name
Deal - Value -> value
Deal - Currency | Deal - Currency of value -> value.currency
Deal - Organization -> company@name
Deal - Contact person -> contact@name
Deal - Stage -> stage
Deal - Pipeline -> pipeline
Deal - Expected close date -> close_date
Deal - Closed on | Deal - Deal closed on | Deal - Won time | Deal - Lost time -> closed
Deal - Lost reason -> lost_reason
Deal - Probability -> probability
Deal - Owner -> owner
Deal - Label -> tags
Deal - Source | Deal - Source channel -> source
Deal - Creation date | Deal - Deal created -> created
Deal - Status | Deal - Visible to | Deal - Update time | Deal - Weighted value | Deal - Stage change time ->
"""
_NOTE = "Note - Content -> body"

PRESETS = (
    Preset(
        "pipedrive-deals",
        "Pipedrive, deals",
        "deal",
        (("Deal - Title",), ("Deal - Title", "Person - Name", "Person - First name")),
        table(_DEAL, _PERSON.format("contact:"), _ORGANIZATION.format("company:"), _NOTE),
        key=("pipedrive_id", "Deal - Pipedrive System ID"),
        outcome="Deal - Status",
    ),
    Preset(
        "pipedrive-people",
        "Pipedrive, people",
        "contact",
        (("Person - Name",), ("Person - First name", "Person - Last name")),
        table(
            _PERSON.format(""),
            "Person - Organization -> company@name",
            _ORGANIZATION.format("company:"),
            _NOTE,
        ),
        key=("pipedrive_id", "Person - Pipedrive System ID"),
    ),
    Preset(
        "pipedrive-organizations",
        "Pipedrive, organisations",
        "company",
        (("Organization - Name",),),
        table(_ORGANIZATION.format(""), _NOTE),
        key=("pipedrive_id", "Organization - Pipedrive System ID"),
    ),
)
