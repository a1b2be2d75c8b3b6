"""Zoho CRM, after its documentation; no real export has been read."""

from __future__ import annotations

from plaincrm.interchange.csv.preset import Preset, table

_NOISE = """
Created By | Modified By | Modified Time | Last Activity Time | Tag.id | Layout | Layout.id ->
Created Time -> created
Description -> body
Tag -> tags
"""
_STREET = """
{0} Street -> address~{1}
{0} City -> city~{1}
{0} State -> region~{1}
{0} Code | {0} Zip | {0} Zip Code -> zip~{1}
{0} Country -> country~{1}
"""

PRESETS = (
    Preset(
        "zoho-deals",
        "Zoho CRM, deals",
        "deal",
        (
            ("Deal Name", "Stage", "Closing Date"),
            ("Deal Name", "Account Name", "Closing Date"),
            ("Deal Name", "Account Name", "Closing Date", "Stage"),
        ),
        table(
            _NOISE
            + """
            Deal Owner -> owner
            Deal Name -> name
            Account Name -> company@name
            Account Name.id | Account_Name.id -> company@zoho_id
            Contact Name -> contact@name
            Contact Name.id | Contact_Name.id -> contact@zoho_id
            Amount -> value
            Currency -> value.currency
            Closing Date -> close_date
            Next Step -> next_step
            Stage -> stage
            Probability | Probability (%) -> probability
            Lead Source -> source
            Campaign Source -> campaign
            Reason For Loss -> lost_reason
            Pipeline -> pipeline
            Expected Revenue | Deal Owner.id ->
        """
        ),
        key=("zoho_id", "Record Id"),
        stages={"closed won": "won", "closed lost": "lost", "closed lost to competition": "lost"},
    ),
    Preset(
        "zoho-contacts",
        "Zoho CRM, contacts",
        "contact",
        (
            ("Contact Owner", "Last Name", "Account Name", "Email"),
            ("Record Id", "Contact Owner", "Last Name"),
            ("Record Id", "Contact Owner", "First Name", "Last Name", "Account Name"),
        ),
        table(
            _NOISE
            + _STREET.format("Mailing", "mailing")
            + _STREET.format("Other", "other")
            + """
            Salutation -> name.prefix
            First Name -> name.given
            Last Name -> name.family
            Account Name -> company@name
            Account Name.id | Account_Name.id -> company@zoho_id
            Email -> email
            Secondary Email -> email
            Phone -> phone.work
            Mobile -> phone.mobile
            Home Phone -> phone.home
            Other Phone -> phone.other
            Title -> job
            Date of Birth -> birthday
            Lead Source -> source
            Email Opt Out -> unsubscribed
            Contact Owner -> owner
            Status -> status
            Contact Owner.id ->
        """
        ),
        key=("zoho_id", "Record Id"),
    ),
    Preset(
        "zoho-accounts",
        "Zoho CRM, accounts",
        "company",
        (
            ("Account Owner", "Account Name"),
            ("Record Id", "Account Owner", "Account Name"),
            ("Record Id", "Account Name", "Account Type"),
        ),
        table(
            _NOISE
            + _STREET.format("Billing", "billing")
            + _STREET.format("Shipping", "shipping")
            + """
            Account Name -> name
            Phone -> phone
            Website -> website
            Industry -> industry
            Account Owner -> owner
            Account Owner.id ->
        """
        ),
        key=("zoho_id", "Record Id"),
    ),
)
