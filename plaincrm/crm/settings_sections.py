"""The sections of the settings that pillars own, for whoever checks all of them.

Reading the settings needs their names alone, so that a command that asks for none of them imports
none of their readers. A pillar adds its name here and its reader to `all_sections`.
"""

from __future__ import annotations

from typing import Any

from plaincrm.core.schema.settings import SettingsSection

NAMES = (
    "goals",
    "score",
    "learned",
    "hours",
    "sla",
    "automations",
    "invoice",
    "portal",
    "ledger",
    "ai",
)


def all_sections() -> tuple[SettingsSection[Any], ...]:
    """Every section that has a reader."""
    from plaincrm.core.schema.hours import HOURS
    from plaincrm.crm import model_brief
    from plaincrm.crm.automations import rule_files
    from plaincrm.crm.exporting import accounting
    from plaincrm.sales import goals, invoices, learned, scoring
    from plaincrm.support.portal_settings import PORTAL
    from plaincrm.support.sla_settings import SLA

    pillars = (
        goals.SECTION,
        scoring.SECTION,
        learned.SECTION,
        invoices.SECTION,
        HOURS,
        SLA,
        PORTAL,
    )
    return (*pillars, rule_files.SECTION, accounting.SECTION, model_brief.SECTION)
