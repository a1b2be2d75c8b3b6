"""LinkedIn: Connections.csv (known by profile: addresses are nearly always missing) and
messages.csv.
"""

from __future__ import annotations

from plaincrm.interchange.csv.preset import Preset, table

PRESETS = (
    Preset(
        "linkedin-connections",
        "LinkedIn, Connections.csv",
        "contact",
        (
            ("First Name", "Last Name", "Company", "Position", "Connected On"),
            ("Vorname", "Nachname", "Unternehmen", "Position", "Verbunden am"),
            ("Prénom", "Nom", "Entreprise", "Connecté le"),
            ("Nombre", "Apellidos", "Empresa", "Conectado el"),
        ),
        table("""
            First Name | Vorname | Prénom | Nombre -> name.given
            Last Name | Nachname | Nom | Apellidos -> name.family
            Email Address | E-Mail-Adresse | Adresse e-mail | Dirección de correo electrónico -> email
            Company | Unternehmen | Entreprise | Empresa -> company@name
            Position | Poste | Cargo -> job
            Connected On | Verbunden am | Connecté le | Conectado el -> created
        """),
        key=("linkedin_url", "URL"),
        constants={"source": "linkedin"},
    ),
    Preset(
        "linkedin-messages",
        "LinkedIn, messages.csv",
        "log",
        (("CONVERSATION ID", "FROM", "TO", "DATE", "CONTENT"),),
        table("""
            FROM -> from
            SENDER PROFILE URL -> contact@linkedin_url
            TO -> to
            RECIPIENT PROFILE URLS -> contact@linkedin_url
            DATE -> at
            SUBJECT -> text.1
            CONTENT -> text.2
            CONVERSATION ID -> conversation
            CONVERSATION TITLE | FOLDER | ATTACHMENTS | IS MESSAGE DRAFT ->
        """),
        constants={"type": "message"},
        skip={"IS MESSAGE DRAFT": "yes", "FOLDER": "spam|archive spam"},
    ),
)
