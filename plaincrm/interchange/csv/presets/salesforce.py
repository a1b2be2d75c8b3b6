"""Salesforce: Data Loader (API names; read with Salesforce's own samples) and reports (labels)."""

from __future__ import annotations

from plaincrm.interchange.csv.preset import Preset

_NOISE = dict.fromkeys(
    (
        "ISDELETED",
        "MASTERRECORDID",
        "CREATEDBYID",
        "LASTMODIFIEDDATE",
        "LASTMODIFIEDBYID",
        "SYSTEMMODSTAMP",
        "LASTACTIVITYDATE",
        "LASTVIEWEDDATE",
        "LASTREFERENCEDDATE",
        "OWNERID",
        "SESSION_ID__C",
        "PHOTOURL",
        "RECORDTYPEID",
        "PRICEBOOKID",
        "PRICEBOOK2ID",
        "HASOPPORTUNITYLINEITEM",
        "HASOPENACTIVITY",
        "HASOVERDUETASK",
        "JIGSAW",
        "JIGSAWCOMPANYID",
        "JIGSAWCONTACTID",
        "CLEANSTATUS",
        "FISCAL",
        "FISCALYEAR",
        "FISCALQUARTER",
        "EXPECTEDREVENUE",
        "FORECASTCATEGORYNAME",
        "FORECASTCATEGORY",
        "ISCLOSED",
        "ISWON",
        "ISCONVERTED",
        "ISUNREADBYOWNER",
    ),
    "",
)
_STAGES = {"closed won": "won", "closed lost": "lost"}
_STATUS = {
    "status": {
        "prospect": "prospect",
        "customer": "customer",
        "customer - direct": "customer",
        "partner": "partner",
        "customer - channel": "customer",
        "channel partner / reseller": "partner",
        "other": "other",
        "technology partner": "partner",
        "former customer": "former",
        "open - not contacted": "lead",
        "working - contacted": "prospect",
        "closed - converted": "customer",
        "closed - not converted": "former",
        "new": "lead",
        "contacted": "prospect",
        "qualified": "prospect",
        "unqualified": "other",
    }
}


def _place(prefix: str, group: str) -> dict[str, str]:
    parts = {
        "STREET": "address",
        "CITY": "city",
        "STATE": "region",
        "POSTALCODE": "zip",
        "COUNTRY": "country",
    }
    noise = dict.fromkeys(
        (f"{prefix}LATITUDE", f"{prefix}LONGITUDE", f"{prefix}GEOCODEACCURACY"), ""
    )
    return {f"{prefix}{name}": f"{field}~{group}" for name, field in parts.items()} | noise


_PERSON = {
    "NAME": "name",
    "SALUTATION": "name.prefix",
    "FIRSTNAME": "name.given",
    "MIDDLENAME": "name.middle",
    "LASTNAME": "name.family",
    "SUFFIX": "name.suffix",
    "EMAIL": "email",
    "PHONE": "phone.work",
    "MOBILEPHONE": "phone.mobile",
    "HOMEPHONE": "phone.home",
    "OTHERPHONE": "phone.other",
    "TITLE": "job",
    "LEADSOURCE": "source",
    "DESCRIPTION": "body",
    "CREATEDDATE": "created",
    "HASOPTEDOUTOFEMAIL": "unsubscribed",
}
_REPORT_STREET = {
    "Street": "address",
    "City": "city",
    "State/Province": "region",
    "State": "region",
    "Postal Code": "zip",
    "Zip/Postal Code": "zip",
    "Country": "country",
}


def _report_place(prefix: str, group: str) -> dict[str, str]:
    lines = {f"{prefix} Address Line {n}": f"address.{n}~{group}" for n in (1, 2, 3)}
    return lines | {
        f"{prefix} {name}": f"{field}~{group}" for name, field in _REPORT_STREET.items()
    }


PRESETS = (
    Preset(
        "salesforce-accounts",
        "Salesforce Data Loader, accounts",
        "company",
        (
            ("ID", "NAME", "BILLINGSTREET", "BILLINGCITY"),
            ("ID", "NAME", "INDUSTRY", "SYSTEMMODSTAMP"),
        ),
        _NOISE
        | _place("BILLING", "billing")
        | _place("SHIPPING", "shipping")
        | {
            "NAME": "name",
            "TYPE": "status",
            "PHONE": "phone",
            "WEBSITE": "website",
            "INDUSTRY": "industry",
            "DESCRIPTION": "body",
            "CREATEDDATE": "created",
            "ACCOUNTSOURCE": "source",
        },
        key=("salesforce_id", "ID"),
        values=_STATUS,
        skip={"ISDELETED": "true"},
        verified=True,
    ),
    Preset(
        "salesforce-opportunities",
        "Salesforce Data Loader, opportunities",
        "deal",
        (("ID", "NAME", "STAGENAME", "CLOSEDATE"),),
        _NOISE
        | {
            "ACCOUNTID": "company@salesforce_id",
            "CONTACTID": "contact@salesforce_id",
            "NAME": "name",
            "STAGENAME": "stage",
            "AMOUNT": "value",
            "CURRENCYISOCODE": "value.currency",
            "PROBABILITY": "probability",
            "CLOSEDATE": "close_date",
            "NEXTSTEP": "next_step",
            "LEADSOURCE": "source",
            "DESCRIPTION": "body",
            "CREATEDDATE": "created",
        },
        key=("salesforce_id", "ID"),
        closed="ISCLOSED",
        won="ISWON",
        stages=_STAGES,
        skip={"ISDELETED": "true"},
        verified=True,
    ),
    Preset(
        "salesforce-contacts",
        "Salesforce Data Loader, contacts",
        "contact",
        (("ID", "ACCOUNTID", "LASTNAME"),),
        _NOISE
        | _PERSON
        | _place("MAILING", "mailing")
        | _place("OTHER", "other")
        | {
            "ACCOUNTID": "company@salesforce_id",
            "BIRTHDATE": "birthday",
        },
        key=("salesforce_id", "ID"),
        skip={"ISDELETED": "true"},
    ),
    Preset(
        "salesforce-leads",
        "Salesforce Data Loader, leads",
        "contact",
        (("ID", "LASTNAME", "COMPANY", "STATUS"),),
        _NOISE | _PERSON | _place("", "lead") | {"COMPANY": "company@name", "STATUS": "status"},
        key=("salesforce_id", "ID"),
        values=_STATUS,
        constants={"status": "lead"},
        skip={"ISDELETED": "true"},
    ),
    Preset(
        "salesforce-report-opportunities",
        "Salesforce report of opportunities",
        "deal",
        (
            ("Opportunity Name", "Stage"),
            ("Opportunity Name", "Amount"),
            ("Opportunity ID", "Stage"),
        ),
        {
            "Opportunity Name": "name",
            "Account Name": "company@name",
            "Account ID": "company@salesforce_id",
            "Contact Name": "contact@name",
            "Stage": "stage",
            "Amount": "value",
            "Amount Currency": "value.currency",
            "Currency ISO Code": "value.currency",
            "Probability (%)": "probability",
            "Close Date": "close_date",
            "Next Step": "next_step",
            "Lead Source": "source",
            "Created Date": "created",
            "Description": "body",
            "Opportunity Owner": "owner",
            "Fiscal Period": "",
            "Age": "",
            "Loss Reason": "lost_reason",
            "Pipeline": "pipeline",
        },
        key=("salesforce_id", "Opportunity ID"),
        closed="Closed",
        won="Won",
        stages=_STAGES,
    ),
    Preset(
        "salesforce-report-accounts",
        "Salesforce report of accounts",
        "company",
        (
            ("Account ID", "Account Name"),
            ("Account Name", "Billing City"),
            ("Account Name", "Account Source"),
            ("Account Name", "Account Owner"),
        ),
        _report_place("Billing", "billing")
        | _report_place("Shipping", "shipping")
        | {
            "Account Name": "name",
            "Website": "website",
            "Phone": "phone",
            "Industry": "industry",
            "Account Source": "source",
            "Account Owner": "owner",
            "Created Date": "created",
            "Description": "body",
        },
        key=("salesforce_id", "Account ID"),
    ),
    Preset(
        "salesforce-report-leads",
        "Salesforce report of leads",
        "contact",
        (
            ("Lead Status", "Last Name", "Company"),
            ("Lead ID", "Last Name"),
            ("Lead Owner", "Lead Status"),
        ),
        _report_place("", "lead")
        | _REPORT_STREET
        | {
            "Full Name": "name",
            "First Name": "name.given",
            "Last Name": "name.family",
            "Salutation": "name.prefix",
            "Company": "company@name",
            "Company / Account": "company@name",
            "Title": "job",
            "Email": "email",
            "Phone": "phone.work",
            "Mobile Phone": "phone.mobile",
            "Mobile": "phone.mobile",
            "Lead Status": "status",
            "Lead Source": "source",
            "Description": "body",
            "Email Opt Out": "unsubscribed",
            "Lead Owner": "owner",
            "Record Owner": "owner",
            "Created Date": "created",
            "Create Date": "created",
        },
        key=("salesforce_id", "Lead ID"),
        values=_STATUS,
        constants={"status": "lead"},
    ),
    Preset(
        "salesforce-report-contacts",
        "Salesforce report of contacts",
        "contact",
        (
            ("Last Name", "Account Name"),
            ("Contact ID", "Last Name", "Account Name"),
            ("Mailing Street", "Last Name"),
        ),
        _report_place("Mailing", "mailing")
        | _report_place("Other", "other")
        | {
            "Contact Full Name": "name",
            "First Name": "name.given",
            "Last Name": "name.family",
            "Salutation": "name.prefix",
            "Account Name": "company@name",
            "Account ID": "company@salesforce_id",
            "Title": "job",
            "Email": "email",
            "Phone": "phone.work",
            "Business Phone": "phone.work",
            "Mobile": "phone.mobile",
            "Mobile Phone": "phone.mobile",
            "Home Phone": "phone.home",
            "Other Phone": "phone.other",
            "Birthdate": "birthday",
            "Lead Source": "source",
            "Email Opt Out": "unsubscribed",
            "Contact Description": "body",
            "Description": "body",
            "Contact Note": "body",
            "Contact Owner": "owner",
            "Record Owner": "owner",
            "Created Date": "created",
            "Status": "status",
        },
        key=("salesforce_id", "Contact ID"),
    ),
)
