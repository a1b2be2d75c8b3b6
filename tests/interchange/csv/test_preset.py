from __future__ import annotations

from pathlib import Path

import pytest

from plaincrm.errors import Refused, UsageError
from plaincrm.interchange.csv import mapping_file, target
from plaincrm.interchange.csv.mapping import choose
from plaincrm.interchange.csv.preset import detect, named, presets
from tests.interchange.csv.reading import SCHEMA, take

GOOGLE = (
    "First Name,Middle Name,Last Name,Phonetic First Name,Phonetic Middle Name,Phonetic Last"
    " Name,Name Prefix,Name Suffix,Nickname,File As,Organization Name,Organization"
    " Title,Organization Department,Birthday,Notes,Photo,Labels,E-mail 1 - Label,E-mail 1 -"
    " Value,E-mail 2 - Label,E-mail 2 - Value,Phone 1 - Label,Phone 1 - Value"
)
LEGACY = (
    "Name,Given Name,Additional Name,Family Name,Yomi Name,Given Name Yomi,Additional Name"
    " Yomi,Family Name Yomi,Name Prefix,Name Suffix,Initials,Nickname,Short Name,Maiden"
    " Name,Birthday,Gender,Location,Billing Information,Directory"
    " Server,Mileage,Occupation,Hobby,Sensitivity,Priority,Subject,Notes,Group Membership,E-mail 1"
    " - Type,E-mail 1 - Value,Phone 1 - Type,Phone 1 - Value"
)
HUBSPOT = {
    "contact": (
        "Record ID,First Name,Last Name,Email,Phone Number,Contact owner,Lead Status,Create"
        " Date,Associated Company,Associated Company IDs,Job Title,Company"
        " Name,City,State/Region,Postal Code,Country/Region,Last Activity Date,Lifecycle"
        " Stage,Original Source"
    ),
    "deal": (
        "Record ID,Deal Name,Deal Stage,Pipeline,Amount,Close Date,Create Date,Deal owner,"
        "Associated Company IDs,Associated Contact IDs"
    ),
    "ticket": (
        "Ticket ID,Ticket Name,Ticket Description,Ticket Status,Pipeline,Ticket Priority,Create"
        " Date,Last Activity Date,Close Date,Ticket Owner,Ticket Source,Associated Company"
        " Domain,Associated Contact Email"
    ),
    "log": (
        "Activity ID,Activity Type,Activity Date,Activity Owner,Notes/Description,Call/Meeting"
        " Title/Subject,Call Outcome,Meeting Outcome,Task Status,Task Due Date,Associated Contact"
        " Email"
    ),
}
ZOHO = (
    "Deal Owner,Deal Name,Account Name,Type,Lead Source,Campaign Source,Contact Name,Amount,Closing"
    " Date,Next Step,Stage,Probability,Expected Revenue,Created By,Modified By,Description"
)
REPORT = (
    "Opportunity Name,Type,Lead Source,Amount,Created Date,Close Date,Next Step,Stage,Probability"
    " (%),Account Name"
)


@pytest.mark.parametrize(
    ("header", "name"),
    [
        (GOOGLE, "google-contacts"),
        (LEGACY, "google-contacts-legacy"),
        (HUBSPOT["contact"], "hubspot-contacts"),
        (HUBSPOT["deal"], "hubspot-deals"),
        (HUBSPOT["ticket"], "hubspot-tickets"),
        (ZOHO, "zoho-deals"),
        (HUBSPOT["log"], "hubspot-activities"),
        (REPORT, "salesforce-report-opportunities"),
        (
            "First Name,Last Name,Email Address,Company,Position,Connected On",
            "linkedin-connections",
        ),
        (
            "Vorname,Nachname,URL,E-Mail-Adresse,Unternehmen,Position,Verbunden am",
            "linkedin-connections",
        ),
        (
            (
                "CONVERSATION ID,CONVERSATION TITLE,FROM,SENDER PROFILE URL,TO,RECIPIENT PROFILE"
                " URLS,DATE,SUBJECT,CONTENT"
            ),
            "linkedin-messages",
        ),
        ("Person - Name,Person - Email - Work,Person - Organization", "pipedrive-people"),
        ("Deal - Title,Deal - Value,Deal - Status,Deal - Stage", "pipedrive-deals"),
    ],
)
def test_a_preset_is_found_by_its_signature_in_any_order(header: str, name: str) -> None:
    columns = header.split(",")
    for order in (columns, columns[::-1], [column.upper() for column in columns]):
        found = detect(order)
        assert found and found.name == name


@pytest.mark.parametrize(
    ("name", "preset"),
    [
        ("outlook_desktop_92", "outlook-contacts"),
        ("outlook_com_61", "outlook-contacts"),
        ("google_export_as_outlook_legacy", "outlook-contacts"),
        ("google_export_as_outlook_newer", "outlook-contacts"),
        ("pipedrive_sample_import", "pipedrive-deals"),
    ],
)
def test_the_headers_of_real_files_are_known(shared_data: Path, name: str, preset: str) -> None:
    found = detect((shared_data / "headers" / f"{name}.txt").read_text().strip().split(","))
    assert found and found.name == preset


def test_a_header_that_lacks_one_name_of_the_signature_is_no_preset() -> None:
    assert detect(["First Name", "Last Name", "URL", "Company", "Position"]) is None


def test_every_target_of_every_preset_can_be_meant() -> None:
    known = target.kinds(SCHEMA)
    for preset in presets():
        assert preset.kind in known
        for word in filter(None, preset.columns.values()):
            where = target.parse(word)
            field = known[where.kind or preset.kind].fields.get(where.field)
            assert not where.by or (field and field.type == "ref"), (preset.name, word)
            assert not where.part or field, (preset.name, word)


def test_google_joins_values_and_marks_the_first() -> None:
    draft = take(
        f'{GOOGLE}\nAda,,Lovelace,,,,,,,,AE,Boss,R&D,--09-01,"one\ntwo",,* myContacts ::: Friends,*'
        " Work,a@x.org,"
        "Home,b@x.org ::: c@x.org,Mobile,+44 20 7946 0018 ::: +44 20 7946 0019\n"
        f"{',' * 18}x@y.org,,,,\n"
    ).drafts
    ada = draft[0].fields
    assert (ada["name"], ada["job"], ada["birthday"], ada["tags"]) == (
        "Ada Lovelace",
        "Boss",
        "09-01",
        "Friends",
    )
    assert ada["email"] == {"work": "a@x.org", "home": "b@x.org", "home_2": "c@x.org"}
    assert ada["phone"] == {"mobile": "+44 20 7946 0018", "mobile_2": "+44 20 7946 0019"}
    assert draft[0].body == "one\ntwo"
    assert draft[1].fields["name"] == "x@y.org"


def test_linkedin_is_known_by_profile() -> None:
    drafts = take(
        'Notes:\n"Some of the addresses, may be missing."\n\n'
        "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
        "Ada,Lovelace,https://l.com/in/ada,,AE,Countess,05 Mar 2024\n,,,,,,\n"
    ).drafts
    assert [(draft.key_field, draft.key) for draft in drafts] == [
        ("linkedin_url", "https://l.com/in/ada")
    ]
    assert drafts[0].links["company"][0].by == "name"
    assert drafts[0].fields["created"] == "2024-03-05"


def test_outlooks_german_region_is_the_country() -> None:
    fields = take(
        "Anrede;Vorname;Nachname;Firma;Straße geschäftlich;Ort geschäftlich;Region"
        " geschäftlich;Postleitzahl geschäftlich;Land geschäftlich;E-Mail-Adresse;Telefon"
        " geschäftlich;Geburtstag\nFrau;Änne;Müller;Köln AG;Domstr."
        " 1;Köln;Deutschland;01067;NRW;a@x.de;0221/1234567;0.0.00\n"
    ).only.fields
    assert (fields["country"], fields["region"], fields["zip"]) == ("Deutschland", "NRW", "01067")
    assert (fields["name"], fields["salutation"]) == ("Änne Müller", "Frau")
    assert "birthday" not in fields


@pytest.mark.parametrize(
    "text",
    [
        (
            "Prénom,Nom,Société,Fonction,Adresse de messagerie,Téléphone"
            " (bureau)\nAda,Lovelace,AE,Chef,a@x.org,0123456\n"
        ),
        (
            "Nombre,Apellidos,Compañía,Cargo,Dirección de correo electrónico,Teléfono del trabajo\n"
            "Ada,Lovelace,AE,Chef,a@x.org,0123456\n"
        ),
        (
            "First Name,Last Name,Company,Job Title,E-mail Address,Business Phone,Home Phone\n"
            "Ada,Lovelace,AE,Chef,a@x.org,0123456,\n"
        ),
    ],
)
def test_outlook_in_other_languages(text: str) -> None:
    found = take(text)
    assert found.mapping.preset == "outlook-contacts"
    assert found.only.fields == {
        "name": "Ada Lovelace",
        "job": "Chef",
        "email": "a@x.org",
        "phone": "0123456",
    }
    assert found.only.links["company"][0].value == "AE"


HUBSPOT_ABROAD = {
    "de": (
        "Datensatz-ID,Vorname,Nachname,E-Mail,Telefonnummer,Unternehmensname,Lifecycle-Phase,Ort,Bundesland/Region,Land/Region,Erstellungsdatum,Zugeordnete"
        " Unternehmens-IDs\n7,Änne,Müller,a@x.de,0221 123456,Köln"
        " AG,Kunde,Köln,NRW,Deutschland,2024-03-12 09:14,99\n"
    ),
    "fr": (
        "ID de fiche d'informations,Prénom,Nom,E-mail,Numéro de téléphone,Nom de l'entreprise,Phase"
        " du cycle de vie,Ville,État/région,Pays/région,Date de création,ID des entreprises"
        " associées\n7,Änne,Müller,a@x.de,0221 123456,Köln"
        " AG,Client,Köln,NRW,Deutschland,2024-03-12 09:14,99\n"
    ),
    "es": (
        "ID de registro,Nombre,Apellidos,Correo,Número de teléfono,Nombre de la empresa,Etapa del"
        " ciclo de vida,Ciudad,Estado/Región,País/Región,Fecha de creación,ID de empresas"
        " asociadas\n7,Änne,Müller,a@x.de,0221 123456,Köln"
        " AG,Cliente,Köln,NRW,Deutschland,2024-03-12 09:14,99\n"
    ),
}


@pytest.mark.parametrize("language", HUBSPOT_ABROAD)
def test_hubspot_contacts_in_other_languages(language: str) -> None:
    found = take(HUBSPOT_ABROAD[language])
    assert found.mapping.preset == "hubspot-contacts"
    fields = dict(found.only.fields)
    own = {
        name: raw for name, raw in fields.items() if raw in ("Kunde", "Client", "Cliente")
    }  # kept word for word
    assert {name: raw for name, raw in fields.items() if name not in own} == {
        "name": "Änne Müller",
        "email": "a@x.de",
        "phone": "0221 123456",
        "city": "Köln",
        "region": "NRW",
        "country": "Deutschland",
        "created": "2024-03-12",
        "hubspot_id": "7",
        "status": "customer",
    }
    (hint,) = found.only.links["company"]
    assert {(each.by, each.value) for each in (hint, *hint.others)} == {
        ("hubspot_id", "99"),
        ("name", "Köln AG"),
    }


@pytest.mark.parametrize(
    "text",
    [
        (
            "Datensatz-ID,Deal-Name,Deal-Phase,Pipeline,Betrag,Abschlussdatum\n5,Website,Abgeschlossen"
            ' und gewonnen,Sales,"4.200,50",12.03.2024\n'
        ),
        (
            "ID de fiche d'informations,Nom de la transaction,Phase de la"
            " transaction,Pipeline,Montant,Date de fermeture\n5,Website,Fermée"
            ' gagnée,Sales,"4200,50",12/03/2024\n6,B,Fermée gagnée,Sales,1,31/03/2024\n'
        ),
        (
            "ID de registro,Nombre del negocio,Etapa del negocio,Pipeline,Valor,Fecha de"
            ' cierre\n5,Website,Cierre ganado,Sales,"4200,50",12/03/2024\n6,B,Cierre'
            " ganado,Sales,1,31/03/2024\n"
        ),
    ],
)
def test_hubspot_deals_in_other_languages(text: str) -> None:
    found = take(text)
    assert found.mapping.preset == "hubspot-deals"
    deal = found.drafts[0]
    assert deal.outcome == "won"
    shown = {
        name: deal.fields[name]
        for name in ("name", "pipeline", "value", "close_date", "closed", "hubspot_id")
    }
    assert shown == {
        "name": "Website",
        "pipeline": "Sales",
        "value": "4200.50",
        "close_date": "2024-03-12",
        "closed": "2024-03-12",
        "hubspot_id": "5",
    }


@pytest.mark.parametrize(
    ("header", "preset"),
    [
        ("Datensatz-ID,Unternehmensname,Domain-Name des Unternehmens,Branche", "hubspot-companies"),
        (
            "ID de registro,Nombre de la empresa,Nombre de dominio de la empresa,Sector",
            "hubspot-companies",
        ),
        ("Nom du ticket,Statut du ticket,Priorité,Pipeline", "hubspot-tickets"),
        ("Ticket-Name,Ticket-Status,Priorität,Kategorie", "hubspot-tickets"),
    ],
)
def test_other_files_of_hubspots_are_known_in_other_languages(header: str, preset: str) -> None:
    assert take(f"{header}\n1,b,c,d\n").mapping.preset == preset


@pytest.mark.parametrize(
    "header",
    [
        "First Name,Last Name,E-mail,Phone,Company,City,Notes",
        "Vorname;Nachname;E-Mail;Telefon;Firma;Ort;Notizen",
        "Prénom;Nom;E-mail;Téléphone;Société;Ville;Remarques",
        "Nombre;Apellidos;Correo;Teléfono;Empresa;Ciudad;Notas",
    ],
)
def test_plain_spreadsheets_in_four_languages(header: str) -> None:
    mark = ";" if ";" in header else ","
    draft = take(
        f"{header}\n{mark.join(['Ada', 'Lovelace', 'a@x.org', '0123456', 'AE', 'Bonn', 'Hi'])}\n"
    ).only
    assert draft.kind == "contact"
    assert draft.fields == {
        "name": "Ada Lovelace",
        "email": "a@x.org",
        "phone": "0123456",
        "city": "Bonn",
    }
    assert (draft.links["company"][0].value, draft.body) == ("AE", "Hi")


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("Name,Domain,Industry", "company"),
        ("Deal,Company,Amount,Stage", "deal"),
        ("Subject,Email,Priority", "ticket"),
        ("Name,City", "contact"),
        ("Kunde,Betrag,Phase", "deal"),
        ("title,audience,body", "article"),
    ],
)
def test_the_kind_is_what_the_columns_speak_for(header: str, kind: str) -> None:
    assert choose(header.split(","), [], SCHEMA).kind == kind


def test_columns_are_known_by_their_cells_where_their_names_say_nothing() -> None:
    found = take("Name,Foo,Bar\nAda,a@x.org,+44 20 7946 0018\nBob,b@x.org,+44 20 7946 0019\n")
    assert (found.mapping.columns["Foo"], found.mapping.columns["Bar"]) == ("email", "phone")


def test_own_fields_keep_clear_of_computed_ones_and_of_each_other() -> None:
    mapping = choose(
        ["Name", "Email", "Idle", "A B", "A-B"], [], SCHEMA, reserved=frozenset({"idle"})
    )
    assert [mapping.columns[name] for name in ("Idle", "A B", "A-B")] == [
        "idle_imported",
        "a_b",
        "a_b_2",
    ]


def test_pipedrives_row_of_three_records() -> None:
    draft = take(
        "Person - Name*,Person - First name,Person - Phone,Organization - Name*,Deal - Title,Deal -"
        ' Value,Deal - Status\nAda,,"020 7946 0018, 020 7946 0019",AE,Site,"1.200,50",Won\n'
    ).only
    assert (draft.kind, draft.fields["value"], draft.outcome) == ("deal", "1200.50", "won")
    assert [(beside.kind, beside.fields["name"]) for beside in draft.beside] == [
        ("contact", "Ada"),
        ("company", "AE"),
    ]
    assert [draft.links[name][0].value for name in ("contact", "company")] == ["Ada", "AE"]
    assert draft.beside[0].links["company"][0].value == "AE"


def test_activities_become_log_entries() -> None:
    draft = take(
        f"{HUBSPOT['log']}\n9,Call,2024-03-12 09:14,me,Talked,Intro,Connected,,,,ada@x.org\n"
    ).only
    assert draft.kind == "log"
    assert {name: draft.fields[name] for name in ("at", "type", "text")} == {
        "at": "2024-03-12 09:14",
        "type": "call",
        "text": "Intro\nTalked",
    }
    assert draft.links["contact"][0].by == "email"


def test_an_unknown_preset_and_an_unknown_kind_are_named() -> None:
    with pytest.raises(UsageError, match="hubspott"):
        named("hubspott", [])
    with pytest.raises(UsageError, match="persons"):
        choose(["Name"], [], SCHEMA, kind="persons")


@pytest.mark.parametrize(
    "header", [GOOGLE, HUBSPOT["deal"], ZOHO, 'Name,Odd: "header" # x,E-Mail,yes']
)
def test_a_mapping_comes_back_from_its_file(header: str) -> None:
    columns = [name.strip('"') for name in header.split(",")]
    chosen = choose(columns, [], SCHEMA)
    again = mapping_file.load(mapping_file.save(chosen), columns, SCHEMA, "map.yaml")
    assert (again.kind, again.columns, again.key) == (chosen.kind, chosen.columns, chosen.key)
    assert (again.values, again.stages, again.labels) == (
        chosen.values,
        chosen.stages,
        chosen.labels,
    )


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("kind: persons\ncolumns: {Name: name}\n", 'no kind "persons"'),
        ("kind: contact\ncolumns: {Nmae: name}\n", 'no column "Nmae"'),
        ("kind: contact\ncolumns: {Name: name@email}\n", "leads to no record"),
        ("kind: contact\ncolumns: [Name]\n", "map of words"),
        ("kind: contact\ncolumns: {Name: 'a b'}\n", "names no field"),
        ("kind: [contact\n", "map.yaml:"),
    ],
)
def test_a_wrong_mapping_file_is_refused_by_name(text: str, what: str) -> None:
    with pytest.raises(Refused, match=what):
        mapping_file.load(text, ["Name"], SCHEMA, "map.yaml")


def test_a_mapping_of_ones_own_decides() -> None:
    mapping = mapping_file.load(
        "kind: contact\nkey: {Nr: shop_id}\ncolumns: {Nr: '', Who: name, Mail: email, Rest: ''}\n",
        ["Nr", "Who", "Mail", "Rest"],
        SCHEMA,
    )
    draft = take("Nr,Who,Mail,Rest\n7,Ada,a@x.org,x\n", mapping=mapping).only
    assert draft.fields == {"shop_id": "7", "name": "Ada", "email": "a@x.org"}
    assert draft.key == "7"
