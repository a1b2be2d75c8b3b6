"""The words by which folders, `type:` and tags of notes name a kind, in eight languages."""

from __future__ import annotations

import re
from collections.abc import Iterable

from plaincrm.core.values.record_link import link_id
from plaincrm.interchange.csv.names import fold

_WORDS = {
    "contact": (
        "people person persons contact contacts clients client customers customer kontakt kontakte"
        " personen menschen leute kunde kunden klienten personne personnes contacto contactos"
        " persona personas clientes cliente contatto contatti persone clienti contacten mensen"
        " klanten contato contatos pessoa pessoas kontakty osoby osoba klienci"
    ),
    "company": (
        "company companies firm firms organisation organisations organization organizations orgs"
        " account accounts firma firmen unternehmen organisationen entreprise entreprises société"
        " sociétés empresa empresas organización organizaciones azienda aziende società bedrijf"
        " bedrijven organisatie organisaties firmy"
    ),
    "deal": (
        "deal deals opportunity opportunities geschäft geschäfte angebot angebote chance chancen"
        " auftrag aufträge verkaufschancen affaire affaires opportunité opportunités negocio"
        " negocios oportunidad oportunidades trattativa trattative opportunità kans kansen"
        " opdrachten negócio negócios oportunidade szansa szanse transakcje"
    ),
    "ticket": "ticket tickets",
    "article": "article articles",
    "testimonial": "testimonial testimonials",
    "product": "product products produkt produkte produits productos prodotti producten produtos",
    "campaign": "campaign campaigns kampagnen campagnes campañas campagne campanhas kampanie",
}
ACTIVITY = "activity"
_ACTIVITIES = (
    "activity activities meeting meetings call calls interaction interactions touchpoint"
    " conversation conversations minutes aktivität aktivitäten besprechung besprechungen treffen"
    " termine telefonate anrufe gespräche activité activités réunion réunions appels actividad"
    " actividades reunión reuniones llamadas attività riunione riunioni activiteiten"
    " vergadering vergaderingen atividades reuniões aktywności spotkanie spotkania"
)
_WORDS[ACTIVITY] = _ACTIVITIES
_KINDS = {fold(word): kind for kind, words in _WORDS.items() for word in words.split()}
_WON = re.compile(r"\b(?:won|gewonnen|gagné|gagnée|ganado|ganada|vinto|vinta|ganho|wygrana)\b")
_LOST = re.compile(r"\b(?:lost|verloren|perdue?|perdid[oa]|pers[oa]|przegrana)\b")
_ORDER = (
    *("lead", "new", "neu", "inbox", "erstkontakt", "contacted", "kontaktiert", "qualified"),
    *("qualifiziert", "discovery", "meeting", "termin", "demo", "proposal", "angebot", "quote"),
    *("offer", "offre", "propuesta", "proposta", "offerte", "negotiation", "verhandlung"),
    *("négociation", "negociación", "trattativa", "onderhandeling", "contract", "vertrag"),
)


def kind_of_folder(name: str) -> str:
    """The kind that a folder is by its name, such as `10 People`; empty for none."""
    words = re.sub(r"^\d+ ", "", fold(name))
    words = re.sub(r" (?:notes?|notizen|log|logs)$", "", words)  # `Meeting notes`
    return _KINDS.get(words, "")


def kind_of_type(words: Iterable[str]) -> str:
    """The kind that one of these words, a note's type and tags, names; empty for none."""
    found = (_KINDS.get(fold(word.rpartition("/")[2]), "") for word in words)
    return next(filter(None, found), "")


def said_kind(words: Iterable[str]) -> tuple[str, str]:
    """The kind that one of these words names, and that word without the tags above it; both empty
    for none."""
    for word in words:
        last = fold(word.lstrip("#").rpartition("/")[2])
        if kind := _KINDS.get(last):
            return kind, fold(link_id(word.lstrip("#")))
    return "", ""


def role_of_stage(name: str) -> str:
    """won, lost or open, by the words in a stage's name: `closed-won` is won."""
    folded = fold(name)
    if _WON.search(folded):
        return "won"
    return "lost" if _LOST.search(folded) else "open"


def stage_rank(name: str) -> tuple[int, int]:
    """What stages are sorted by: the open ones as deals usually pass through them, won, lost."""
    role = ("open", "won", "lost").index(role_of_stage(name))
    words = fold(name).split()
    places = [_ORDER.index(word) for word in words if word in _ORDER]
    return role, min(places, default=len(_ORDER))
