"""Outlook, desktop and web, and Google's CSV for it; headers in English, German, French and
Spanish.

The German trap: `Region geschäftlich` is the country and `Land geschäftlich` the state.
"""

from __future__ import annotations

from plaincrm.interchange.csv.preset import Preset, table

_ENGLISH = """
Title -> name.prefix
First Name -> name.given
Middle Name -> name.middle
Last Name -> name.family
Suffix -> name.suffix
Company -> company@name
Job Title -> job
E-mail Address | E-mail # Address -> email
Business Phone | Business Phone # | Company Main Phone -> phone.work
Mobile Phone -> phone.mobile
Home Phone | Home Phone # -> phone.home
Primary Phone -> phone
Other Phone -> phone.other
Car Phone -> phone.car
Birthday -> birthday
Notes -> body
Categories -> tags
Web Page -> links.website
Personal Web Page -> links.personal
Language -> language
Referred By -> referred_by@name
E-mail Type | E-mail # Type | E-mail Display Name | E-mail # Display Name ->
Initials | Directory Server | Internet Free Busy | Mileage | Priority | Private | Sensitivity ->
Business Address | Home Address | Other Address ->
"""
_PLACES = "".join(
    f"""
{place} Street -> address.1~{place.lower()}
{place} Street 2 -> address.2~{place.lower()}
{place} Street 3 -> address.3~{place.lower()}
{place} Address PO Box -> address.4~{place.lower()}
{place} City -> city~{place.lower()}
{place} State -> region~{place.lower()}
{place} Postal Code -> zip~{place.lower()}
{place} Country/Region | {place} Country -> country~{place.lower()}
"""
    for place in ("Business", "Home", "Other")
)
_GERMAN = """
Anrede -> name.prefix
Vorname -> name.given
Weitere Vornamen -> name.middle
Nachname -> name.family
Suffix -> name.suffix
Firma -> company@name
Position -> job
E-Mail-Adresse | E-Mail #: Adresse | E-Mail # Adresse | E-Mail-Adresse # -> email
Telefon geschäftlich | Telefon geschäftlich # | Telefon Firma -> phone.work
Mobiltelefon -> phone.mobile
Telefon privat | Telefon privat # -> phone.home
Haupttelefon -> phone
Weiteres Telefon -> phone.other
Geburtstag -> birthday
Notizen -> body
Kategorien -> tags
Webseite -> links.website
E-Mail-Typ | E-Mail: Angezeigter Name | Initialen | Priorität | Privat | Vertraulichkeit ->
"""
_GERMAN_PLACES = "".join(
    f"""
Straße {place} -> address.1~{group}
Straße {place} 2 -> address.2~{group}
Straße {place} 3 -> address.3~{group}
Ort {place} -> city~{group}
Land {place} | Bundesland/Kanton {place} -> region~{group}
Postleitzahl {place} -> zip~{group}
Region {place} | Land/Region {place} -> country~{group}
"""
    for place, group in (("geschäftlich", "business"), ("privat", "home"))
)
_FRENCH = """
Civilité | Titre -> name.prefix
Prénom -> name.given
Deuxième prénom -> name.middle
Nom -> name.family
Suffixe -> name.suffix
Société -> company@name
Fonction | Profession -> job
Adresse de messagerie | Adresse de messagerie # | Adresse e-mail | Adresse e-mail # -> email
Téléphone (bureau) | Téléphone # (bureau) | Téléphone société -> phone.work
Tél. mobile | Téléphone mobile -> phone.mobile
Téléphone (domicile) | Téléphone # (domicile) -> phone.home
Téléphone principal -> phone
Téléphone (autre) -> phone.other
Anniversaire -> birthday
Notes -> body
Catégories -> tags
Page Web -> links.website
"""
_FRENCH_PLACES = "".join(
    f"""
Rue ({place}) -> address.1~{group}
Rue ({place}) 2 | Rue (2) ({place}) -> address.2~{group}
Ville ({place}) -> city~{group}
Dép/Région ({place}) | Département ({place}) -> region~{group}
Code postal ({place}) -> zip~{group}
Pays/Région ({place}) | Pays ({place}) -> country~{group}
"""
    for place, group in (("bureau", "business"), ("domicile", "home"), ("autre", "other"))
)
_SPANISH = """
Tratamiento -> name.prefix
Nombre -> name.given
Segundo nombre -> name.middle
Apellidos -> name.family
Sufijo -> name.suffix
Compañía | Organización | Empresa -> company@name
Cargo | Puesto -> job
Dirección de correo electrónico | Dirección de correo electrónico # -> email
Dirección del correo electrónico | Dirección del correo electrónico # -> email
Teléfono del trabajo | Teléfono del trabajo # -> phone.work
Móvil | Teléfono móvil -> phone.mobile
Teléfono particular | Particular: teléfono | Teléfono particular # -> phone.home
Teléfono principal -> phone
Otro teléfono -> phone.other
Cumpleaños -> birthday
Notas -> body
Categorías -> tags
Página Web -> links.website
"""
_SPANISH_PLACES = "".join(
    f"""
Calle {place} -> address.1~{group}
Calle 2 {place} | Calle {place} 2 -> address.2~{group}
Ciudad {place} -> city~{group}
Provincia o estado {place} | Estado o provincia {place} | Provincia {place} -> region~{group}
Código postal {place} -> zip~{group}
País o región {place} | País/Región {place} | País {place} -> country~{group}
"""
    for place, group in (("del trabajo", "business"), ("particular", "home"))
)

PRESETS = (
    Preset(
        "outlook-contacts",
        "Outlook, contacts",
        "contact",
        (
            ("First Name", "Last Name", "E-mail Address", "Business Phone", "Home Phone"),
            ("Vorname", "Nachname", "E-Mail-Adresse", "Telefon geschäftlich"),
            ("Prénom", "Nom", "Adresse de messagerie"),
            ("Prénom", "Nom", "Téléphone (bureau)"),
            ("Nombre", "Apellidos", "Dirección de correo electrónico", "Teléfono del trabajo"),
            ("Nombre", "Apellidos", "Teléfono del trabajo"),
        ),
        table(
            _ENGLISH,
            _PLACES,
            _GERMAN,
            _GERMAN_PLACES,
            _FRENCH,
            _FRENCH_PLACES,
            _SPANISH,
            _SPANISH_PLACES,
        ),
        verified=False,
    ),
)
