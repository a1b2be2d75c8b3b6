"""Names that people give to columns, in English, German, French and Spanish, and the targets they
mean.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache

LINE_COLUMN = "_line"
REASON_COLUMN = "_reason"
IGNORED = frozenset({LINE_COLUMN, REASON_COLUMN})

_PERSON = """
name: name, full name, contact, contact name, person, client, customer, kontakt, kunde, kundin,
    ansprechpartner, vollständiger name, nom complet, nombre completo, display name, anzeigename
name.given: first name, firstname, given name, forename, vorname, prénom, nombre de pila
name.family: last name, lastname, surname, family name, nachname, familienname, nom de famille, apellido,
    apellidos
name.middle: middle name, zweiter vorname, deuxième prénom, segundo nombre
name.prefix: salutation, name prefix, anrede, civilité, tratamiento
name.suffix: suffix, name suffix, namenszusatz, suffixe, sufijo
email: email, e mail, mail, emails, email address, e mail address, e mail adresse, email adresse,
    mailadresse, courriel, adresse e mail, adresse email, correo, correo electrónico, email 1
email.work: work email, business email, e mail geschäftlich
email.home: home email, private email, personal email, e mail privat
phone: phone, phones, telephone, tel, telefon, phone number, telephone number, telefonnummer, téléphone,
    teléfono, primary phone, phone 1
phone.mobile: mobile, mobile phone, mobile phone number, mobile number, cell, cell phone, handy, mobil,
    mobiltelefon, handynummer, portable, téléphone mobile, móvil, teléfono móvil
phone.work: business phone, office phone, work phone, telefon geschäftlich, téléphone bureau, teléfono del
    trabajo
phone.home: home phone, private phone, telefon privat, téléphone domicile, teléfono particular
company@name: company, company name, organization, organisation, organization name, account, account name,
    firma, firmenname, unternehmen, société, entreprise, organisme, empresa, compañía, organización,
    employer, arbeitgeber, associated company
job: job, job title, position, role, title, beruf, funktion, jobtitel, fonction, poste, titre, cargo, puesto
birthday: birthday, birth date, birthdate, date of birth, geburtstag, geburtsdatum, anniversaire, date de
    naissance, cumpleaños, fecha de nacimiento
unsubscribed: unsubscribed, email opt out, opted out, abgemeldet, désinscrit
do_not_email: do not email
language: language, preferred language, sprache, langue, idioma
greeting: greeting, briefanrede
links.website: website, web page, web site, homepage, url, webseite, site web, página web, sitio web
links.linkedin: linkedin, linkedin url, linkedin profile
referred_by@name: referred by, empfohlen von
"""
_PLACE = """
address: address, street, street address, adresse, anschrift, straße, strasse, rue, calle, dirección,
    mailing street
address.2: address 2, address line 2, adresszusatz, complément d adresse
city: city, town, ort, stadt, wohnort, ville, ciudad, población, localidad
zip: zip, zip code, postal code, postcode, zip postal code, plz, postleitzahl, code postal, código postal
region: state, region, province, state region, state province, county, bundesland, kanton, région, provincia
country: country, country region, land, pays, país
"""
_EVERY = """
body: notes, note, comments, comment, remarks, description, notizen, notiz, bemerkung, bemerkungen,
    anmerkungen, beschreibung, kommentar, remarques, commentaires, notas, observaciones, comentarios,
    descripción
tags: tags, tag, labels, categories, category, groups, kategorien, kategorie, stichworte, schlagworte,
    étiquettes, catégories, etiquetas, categorías
source: source, lead source, original source, quelle, herkunft, origine, origen, fuente
owner: owner, record owner, besitzer, zuständig, propriétaire, propietario
created: created, created at, created date, create date, date created, creation date, erstellt, erstellt
    am, angelegt, créé le, creado
"""
_COMPANY = """
name: name, company, company name, organization, organisation, organization name, account, account name,
    firma, firmenname, unternehmen, société, entreprise, raison sociale, nom, empresa, compañía, nombre
domain: domain, company domain, company domain name, domains, domaine, dominio
website: website, web page, web site, website url, homepage, url, webseite, site web, página web, sitio web
vat_id: vat, vat id, vat number, tax id, ust id, ust idnr, umsatzsteuer id, uid, numéro de tva, n tva,
    nif, cif
industry: industry, sector, branche, secteur, industria
email: email, e mail, mail, email address, e mail adresse, courriel, correo
phone: phone, telephone, tel, telefon, phone number, téléphone, teléfono
status: status, lifecycle stage
"""
_DEAL = """
name: name, deal, deal name, deal title, title, titel, titre, título, bezeichnung, opportunity,
    opportunity name, project, projekt, auftrag,
    affaire, negocio
value: value, amount, deal value, deal amount, price, wert, betrag, summe, auftragswert, montant, valeur,
    importe, valor
value.currency: currency, currency of value, währung, devise, moneda
stage: stage, deal stage, phase, stufe, étape, etapa, fase
pipeline: pipeline
probability: probability, win probability, wahrscheinlichkeit, probabilité, probabilidad
close_date: close date, closing date, expected close date, abschlussdatum, erwarteter abschluss, date de
    clôture, fecha de cierre
closed: closed, closed on, won time, closed date
lost_reason: lost reason, closed lost reason, loss reason, verlustgrund
contact@name: contact, contact name, contact person, kontakt, ansprechpartner, contacto
contact@email: contact email, email, associated contact email
company@name: company, company name, organization, account, account name, client, customer, firma, kunde,
    unternehmen, société, empresa, cliente
company@domain: associated company domain, company domain
"""
_TICKET = """
subject: subject, ticket, ticket name, title, betreff, sujet, asunto
contact@name: contact, requester, requester name, kontakt, demandeur, solicitante
contact@email: email, requester email, contact email, from, e mail
company@name: company, organization, firma, organisation
status: status, ticket status, estado, statut
priority: priority, ticket priority, priorität, priorité, prioridad
category: category, type, kategorie, catégorie, categoría
channel: channel, via, kanal, canal
opened: opened, created, created at, create date, eröffnet
due: due, due at, due date, fällig
solved: solved, solved at, resolved, gelöst
"""
_ARTICLE = """
title: title, question, titel, frage
audience: audience, visibility
category: category, section
body: body, answer, text
"""
_PRODUCT = """
name: name, product, product name, title, produkt, artikel, produit, producto
price: price, unit price, list price, preis, prix, precio
cost: cost, unit cost, cost of goods sold, kosten, einkaufspreis, coût, coste
category: category, product family, family, type, kategorie, catégorie, categoría
unit: unit, quantity unit of measure, einheit, unité, unidad
"""
_CAMPAIGN = """
name: name, campaign, campaign name, kampagne, campagne, campaña
status: status, state
starts: starts, start date, start, beginn
ends: ends, end date, end, ende
cost: cost, actual cost, budgeted cost, spend, kosten
segment: segment, audience, list
template: template, vorlage
"""
_TABLES = {
    "contact": _PERSON + _PLACE + "status: status, lifecycle stage\n" + _EVERY,
    "company": _COMPANY + _PLACE + _EVERY,
    "deal": _DEAL + _EVERY,
    "ticket": _TICKET + _EVERY,
    "article": _ARTICLE + _EVERY,
    "product": _PRODUCT + _EVERY,
    "campaign": _CAMPAIGN + _EVERY,
}
MARKS = {
    "contact": {
        "name.given",
        "name.family",
        "job",
        "birthday",
        "phone.mobile",
        "email",
        "greeting",
        "unsubscribed",
    },
    "company": {"domain", "website", "industry", "vat_id"},
    "deal": {"value", "stage", "close_date", "probability", "pipeline", "lost_reason"},
    "ticket": {"subject", "priority", "solved", "csat", "channel"},
    "article": {"audience"},
    "product": {"price", "unit"},
    "campaign": {"segment", "template"},
}
"""The targets that speak for a kind: a sheet with an amount and a stage holds deals."""


def fold(header: str) -> str:
    """The form in which headers are compared: `E-mail 1 - Value*` is `e mail 1 value`."""
    text = unicodedata.normalize("NFKC", header).casefold()
    return " ".join(re.sub(r"[\W_]+", " ", text).split())


@lru_cache(maxsize=8192)
def key_of(header: str) -> str:
    """The name of an own field for a column that means none of ours: `Annual Revenue` →
    `annual_revenue`."""
    text = unicodedata.normalize("NFKC", header.removesuffix("__C").removesuffix("__c")).lower()
    key = re.sub(r"\W+", "_", text).strip("_")
    return f"n{key}" if key[:1].isdigit() else key or "column"


@cache
def aliases(kind: str) -> Mapping[str, str]:
    """Folded header to target, for a kind. Empty for kinds of the book's own."""
    found: dict[str, str] = {}
    for line in _TABLES.get(kind, "").replace("\n    ", " ").split("\n"):
        target, _, words = line.partition(": ")
        for word in filter(None, words.split(",")):
            found.setdefault(fold(word), target)
    return found


@cache
def every() -> frozenset[str]:
    """All folded headers that mean something for some kind."""
    return frozenset(name for kind in _TABLES for name in aliases(kind))
