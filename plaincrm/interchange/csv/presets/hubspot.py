"""HubSpot, in four languages, after its documentation and samples in its import's shape; no real
export was read.

Links come as ids (several joined by `;`), names, domains or addresses, as the export was chosen.
"""

from __future__ import annotations

from plaincrm.interchange.csv.preset import Preset, table
from plaincrm.interchange.csv.presets import hubspot_languages as languages

_LINKS = """
Associated Company IDs | Associated Company ID | Primary Associated Company ID -> company@hubspot_id
Associated Company | Associated Companies -> company@name
Associated Company Domain -> company@domain
"""
_CONTACT_LINKS = """
Associated Contact IDs | Associated Contact ID -> contact@hubspot_id
Associated Contact | Associated Contacts -> contact@name
Associated Contact Email -> contact@email
"""
_PLACE = """
Street Address -> address
Street Address 2 -> address.2
City -> city
State/Region -> region
Postal Code -> zip
Country | Country/Region -> country
"""
_EVERY = """
Create Date | Created Date -> created
Lead Source | Original Source | Original Traffic Source -> source
Last Modified Date | Last Activity Date ->
"""
_LIFECYCLE = {
    "subscriber": "lead",
    "lead": "lead",
    "marketing qualified lead": "lead",
    "marketingqualifiedlead": "lead",
    "sales qualified lead": "prospect",
    "salesqualifiedlead": "prospect",
    "opportunity": "prospect",
    "customer": "customer",
    "evangelist": "customer",
    **languages.LIFECYCLE,
}
_STAGES = {
    "closed won": "won",
    "closedwon": "won",
    "closed lost": "lost",
    "closedlost": "lost",
    **languages.STAGES,
}
_TICKETS = {
    "status": {
        "waiting on contact": "pending",
        "waiting on us": "open",
        "in progress": "open",
        "resolved": "solved",
        **languages.STATUS,
    },
    "priority": {"medium": "normal", "critical": "urgent", **languages.PRIORITY},
}
_TYPES = {
    "type": {"call": "call", "email": "email", "meeting": "meeting", "note": "note", "task": "task"}
}

PRESETS = (
    Preset(
        "hubspot-contacts",
        "HubSpot, contacts",
        "contact",
        (
            ("Record ID", "First Name", "Last Name", "Email"),
            ("Contact ID", "First Name", "Last Name", "Email", "Lifecycle Stage"),
            ("First Name", "Last Name", "Email", "Lifecycle Stage", "Contact Owner"),
            *languages.SIGNATURES["contact"],
        ),
        table(
            languages.LINKS,
            languages.PLACE,
            languages.EVERY,
            languages.CONTACT,
            _LINKS,
            _PLACE,
            _EVERY,
            """
            First Name -> name.given
            Last Name -> name.family
            Email | Work Email | Additional email addresses -> email
            Phone Number -> phone
            Mobile Phone Number -> phone.mobile
            Job Title -> job
            Company Name -> company@name
            Lifecycle Stage -> status
            Website URL -> links.website
            Contact Owner -> owner
            Date of Birth -> birthday
            Preferred Language -> language
            Notes -> body
            Unsubscribed from all email | Opted out of all email -> unsubscribed
        """,
        ),
        key=("hubspot_id", f"Record ID|Contact ID|Record ID - Contact|{languages.IDS}"),
        values={"status": _LIFECYCLE},
    ),
    Preset(
        "hubspot-companies",
        "HubSpot, companies",
        "company",
        (
            ("Record ID", "Company name"),
            ("Company ID", "Company Name"),
            ("Company Name", "Company Domain Name", "Company Owner"),
            *languages.SIGNATURES["company"],
        ),
        table(
            languages.PLACE,
            languages.EVERY,
            languages.COMPANY,
            _PLACE,
            _EVERY,
            """
            Company Name | Name -> name
            Company Domain Name | Domain -> domain
            Website URL -> website
            Phone Number -> phone
            Industry -> industry
            Lifecycle Stage -> status
            Company Owner -> owner
            Description -> body
        """,
        ),
        key=("hubspot_id", f"Record ID|Company ID|Record ID - Company|{languages.IDS}"),
        values={"status": _LIFECYCLE},
    ),
    Preset(
        "hubspot-deals",
        "HubSpot, deals",
        "deal",
        (
            ("Deal Name", "Deal Stage"),
            ("Deal Name", "Deal Stage", "Record ID"),
            ("Deal Name", "Pipeline", "Amount"),
            *languages.SIGNATURES["deal"],
        ),
        table(
            languages.LINKS,
            languages.CONTACT_LINKS,
            languages.EVERY,
            languages.DEAL,
            _LINKS,
            _CONTACT_LINKS,
            _EVERY,
            """
            Deal Name -> name
            Deal Stage -> stage
            Pipeline -> pipeline
            Amount -> value
            Currency -> value.currency
            Close Date -> close_date
            Deal Probability -> probability
            Deal Owner -> owner
            Closed Lost Reason -> lost_reason
            Next step -> next_step
            Deal Description | Description -> body
            Weighted amount | Amount in company currency | Forecast amount ->
        """,
        ),
        key=("hubspot_id", f"Record ID|Deal ID|Record ID - Deal|{languages.IDS}"),
        stages=_STAGES,
    ),
    Preset(
        "hubspot-tickets",
        "HubSpot, tickets",
        "ticket",
        (
            ("Ticket Name", "Ticket Status"),
            ("Record ID", "Ticket name", "Ticket status"),
            ("Ticket ID", "Ticket name"),
            *languages.SIGNATURES["ticket"],
        ),
        table(
            languages.LINKS,
            languages.CONTACT_LINKS,
            languages.TICKET,
            _LINKS,
            _CONTACT_LINKS,
            """
            Ticket Name -> subject
            Ticket Description -> body
            Ticket Status -> status
            Ticket Priority | Priority -> priority
            Create Date -> opened
            Close Date -> solved
            Ticket Owner -> owner
            Ticket Source | Source -> channel
            Category -> category
            Last Activity Date | Last Modified Date | Pipeline ->
        """,
        ),
        key=("hubspot_id", f"Record ID|Ticket ID|Record ID - Ticket|{languages.IDS}"),
        values=_TICKETS,
    ),
    Preset(
        "hubspot-activities",
        "HubSpot, activities",
        "log",
        (("Activity Type", "Activity Date"), ("Activity date", "Note body")),
        table(
            _LINKS,
            _CONTACT_LINKS,
            """
            Activity Date -> at
            Activity Type -> type
            Call/Meeting Title/Subject | Subject -> text.1
            Notes/Description | Note body | Call notes -> text.2
            Call Outcome | Meeting Outcome | Outcome -> outcome
            Call direction | Email direction | Direction -> direction
            Call duration | Duration | Meeting duration -> duration
            Task Status -> done
            Task Due Date | Due date -> due
            Task Priority -> priority
            Activity Owner | Activity assigned to -> owner
            Associated Deal IDs | Associated Deal ID -> deal@hubspot_id
        """,
        ),
        key=("hubspot_id", "Activity ID|Record ID"),
        values=_TYPES,
        constants={"type": "note"},
    ),
)
