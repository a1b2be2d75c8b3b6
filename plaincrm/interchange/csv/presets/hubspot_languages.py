"""HubSpot's columns in German, French and Spanish, in which its exports can be had beside English.

After the words of its help pages and screens; no export in these languages has been read. What is
called otherwise in a real one stays an own field, and `--save-map` and `--map` put it right.
"""

from __future__ import annotations

PLACE = """
Straße | Straßenadresse | Adresse | Adresse postale | Dirección | Dirección postal -> address
Adresse 2 | Straße 2 | Dirección 2 -> address.2
Ort | Stadt | Ville | Ciudad -> city
Bundesland/Region | Bundesland | État/région | Région | Estado/Región | Estado -> region
Postleitzahl | PLZ | Code postal | Código postal -> zip
Land/Region | Land | Pays/région | Pays | País/Región | País -> country
"""
EVERY = """
Erstellungsdatum | Erstellt am | Date de création | Fecha de creación -> created
Ursprüngliche Quelle | Originalquelle | Source d'origine | Fuente original -> source
Datum der letzten Aktivität | Letztes Aktivitätsdatum | Letzte Änderung | Datum der letzten Änderung ->
Date de la dernière activité | Date de dernière activité | Date de dernière modification ->
Fecha de última actividad | Fecha de la última actividad | Fecha de última modificación ->
"""
LINKS = """
Zugeordnete Unternehmens-IDs | Zugeordnete Unternehmens-ID -> company@hubspot_id
ID des entreprises associées | ID de l'entreprise associée -> company@hubspot_id
ID de empresas asociadas | ID de la empresa asociada -> company@hubspot_id
Zugeordnetes Unternehmen | Zugehöriges Unternehmen | Zugeordnete Unternehmen -> company@name
Entreprise associée | Entreprises associées | Empresa asociada | Empresas asociadas -> company@name
"""
CONTACT_LINKS = """
Zugeordnete Kontakt-IDs | ID des contacts associés | ID de contactos asociados -> contact@hubspot_id
Zugeordneter Kontakt | Zugeordnete Kontakte | Contact associé | Contacts associés -> contact@name
Contacto asociado | Contactos asociados -> contact@name
"""
CONTACT = """
Vorname | Prénom | Nombre -> name.given
Nachname | Nom | Nom de famille | Apellido | Apellidos -> name.family
E-Mail | E-Mail-Adresse | E-mail | Adresse e-mail | Correo | Correo electrónico -> email
Telefonnummer | Numéro de téléphone | Número de teléfono -> phone
Mobiltelefonnummer | Numéro de téléphone mobile | Número de teléfono móvil | Número de móvil -> phone.mobile
Jobbezeichnung | Position | Intitulé de poste | Intitulé du poste | Poste | Cargo | Puesto -> job
Unternehmensname | Name des Unternehmens | Nom de l'entreprise | Nombre de la empresa -> company@name
Lifecycle-Phase | Phase du cycle de vie | Étape du cycle de vie | Etapa del ciclo de vida -> status
Website-URL | URL du site web | URL du site Internet | URL del sitio web -> links.website
Kontakt-Owner | Zuständiger Mitarbeiter | Für Kontakt zuständiger Mitarbeiter -> owner
Propriétaire du contact | Propietario del contacto -> owner
Geburtsdatum | Date de naissance | Fecha de nacimiento -> birthday
Bevorzugte Sprache | Langue préférée | Idioma preferido -> language
Von allen E-Mails abgemeldet | Désinscrit de tous les e-mails -> unsubscribed
Ha cancelado la suscripción a todos los correos -> unsubscribed
"""
COMPANY = """
Unternehmensname | Name des Unternehmens | Name | Nom de l'entreprise | Nombre de la empresa -> name
Domain-Name des Unternehmens | Unternehmensdomain | Domain des Unternehmens -> domain
Nom de domaine de l'entreprise | Nombre de dominio de la empresa -> domain
Website-URL | URL du site web | URL del sitio web -> website
Telefonnummer | Numéro de téléphone | Número de teléfono -> phone
Branche | Secteur | Secteur d'activité | Sector -> industry
Lifecycle-Phase | Phase du cycle de vie | Etapa del ciclo de vida -> status
Unternehmens-Owner | Zuständiger Mitarbeiter | Für Unternehmen zuständiger Mitarbeiter -> owner
Propriétaire de l'entreprise | Propietario de la empresa -> owner
Beschreibung | Description | Descripción -> body
"""
DEAL = """
Deal-Name | Dealname | Nom de la transaction | Nombre del negocio -> name
Deal-Phase | Dealphase | Phase de la transaction | Étape de la transaction | Etapa del negocio -> stage
Pipeline -> pipeline
Betrag | Deal-Betrag | Montant | Valor | Importe | Cantidad -> value
Währung | Devise | Moneda -> value.currency
Abschlussdatum | Date de fermeture | Date de clôture | Fecha de cierre -> close_date
Deal-Wahrscheinlichkeit | Probabilité de la transaction | Probabilidad del negocio -> probability
Deal-Owner | Zuständiger Mitarbeiter | Für Deal zuständiger Mitarbeiter -> owner
Propriétaire de la transaction | Propietario del negocio -> owner
Grund für verlorenen Deal | Motif de la perte | Motivo de cierre perdido -> lost_reason
Deal-Beschreibung | Beschreibung | Description de la transaction | Descripción del negocio -> body
"""
TICKET = """
Ticket-Name | Ticketname | Nom du ticket | Nombre del ticket -> subject
Ticket-Beschreibung | Ticketbeschreibung | Description du ticket | Descripción del ticket -> body
Ticket-Status | Ticketstatus | Statut du ticket | Estado del ticket -> status
Priorität | Ticket-Priorität | Priorité | Prioridad -> priority
Erstellungsdatum | Erstellt am | Date de création | Fecha de creación -> opened
Abschlussdatum | Date de fermeture | Date de clôture | Fecha de cierre -> solved
Ticket-Owner | Zuständiger Mitarbeiter | Propriétaire du ticket | Propietario del ticket -> owner
Quelle | Ticket-Quelle | Source | Fuente -> channel
Kategorie | Catégorie | Categoría -> category
"""
IDS = "Datensatz-ID|ID de fiche d'informations|ID d'enregistrement|ID de registro|ID del registro"
SIGNATURES = {
    "contact": (
        ("Datensatz-ID", "Vorname", "Nachname"),
        ("Vorname", "Nachname", "Lifecycle-Phase"),
        ("ID de fiche d'informations", "Prénom", "Nom"),
        ("ID d'enregistrement", "Prénom", "Nom"),
        ("Prénom", "Nom", "Phase du cycle de vie"),
        ("ID de registro", "Nombre", "Apellidos"),
        ("ID del registro", "Nombre", "Apellidos"),
        ("Nombre", "Apellidos", "Etapa del ciclo de vida"),
    ),
    "company": (
        ("Datensatz-ID", "Unternehmensname"),
        ("Unternehmensname", "Domain-Name des Unternehmens"),
        ("ID de fiche d'informations", "Nom de l'entreprise"),
        ("ID d'enregistrement", "Nom de l'entreprise"),
        ("Nom de l'entreprise", "Nom de domaine de l'entreprise"),
        ("ID de registro", "Nombre de la empresa"),
        ("ID del registro", "Nombre de la empresa"),
        ("Nombre de la empresa", "Nombre de dominio de la empresa"),
    ),
    "deal": (
        ("Deal-Name", "Deal-Phase"),
        ("Dealname", "Dealphase"),
        ("Nom de la transaction", "Phase de la transaction"),
        ("Nom de la transaction", "Étape de la transaction"),
        ("Nombre del negocio", "Etapa del negocio"),
        ("Datensatz-ID", "Deal-Name", "Deal-Phase"),
        ("ID de fiche d'informations", "Nom de la transaction", "Phase de la transaction"),
        ("ID de registro", "Nombre del negocio", "Etapa del negocio"),
    ),
    "ticket": (
        ("Ticket-Name", "Ticket-Status"),
        ("Ticketname", "Ticketstatus"),
        ("Nom du ticket", "Statut du ticket"),
        ("Nombre del ticket", "Estado del ticket"),
        ("Datensatz-ID", "Ticket-Name", "Ticket-Status"),
    ),
}
LIFECYCLE = {
    "abonnent": "lead",
    "marketing-qualifizierter lead": "lead",
    "mql": "lead",
    "sales-qualifizierter lead": "prospect",
    "kunde": "customer",
    "fürsprecher": "customer",
    "abonné": "lead",
    "lead qualifié par le marketing": "lead",
    "lead qualifié par l'équipe commerciale": "prospect",
    "opportunité": "prospect",
    "client": "customer",
    "ambassadeur": "customer",
    "suscriptor": "lead",
    "lead calificado de marketing": "lead",
    "lead calificado de ventas": "prospect",
    "oportunidad": "prospect",
    "cliente": "customer",
    "evangelizador": "customer",
}
STAGES = {
    "abgeschlossen und gewonnen": "won",
    "geschlossen und gewonnen": "won",
    "gewonnen": "won",
    "abgeschlossen und verloren": "lost",
    "geschlossen und verloren": "lost",
    "verloren": "lost",
    "fermée gagnée": "won",
    "transaction gagnée": "won",
    "gagnée": "won",
    "gagné": "won",
    "fermée perdue": "lost",
    "transaction perdue": "lost",
    "perdue": "lost",
    "perdu": "lost",
    "cierre ganado": "won",
    "cerrado ganado": "won",
    "ganado": "won",
    "cierre perdido": "lost",
    "cerrado perdido": "lost",
    "perdido": "lost",
}
STATUS = {
    "neu": "new",
    "nouveau": "new",
    "nuevo": "new",
    "in bearbeitung": "open",
    "en cours": "open",
    "en curso": "open",
    "warten auf kontakt": "pending",
    "warten auf uns": "open",
    "en attente du contact": "pending",
    "esperando al contacto": "pending",
    "geschlossen": "closed",
    "fermé": "closed",
    "cerrado": "closed",
    "gelöst": "solved",
    "résolu": "solved",
    "resuelto": "solved",
}
PRIORITY = {
    "niedrig": "low",
    "mittel": "normal",
    "hoch": "high",
    "dringend": "urgent",
    "faible": "low",
    "moyenne": "normal",
    "élevée": "high",
    "urgente": "urgent",
    "baja": "low",
    "media": "normal",
    "alta": "high",
}
