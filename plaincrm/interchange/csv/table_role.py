"""What a table of a dump holds, by the name of its file: contacts, sales, the lines of sales …"""

from __future__ import annotations

from collections.abc import Mapping

from plaincrm.interchange.csv import names
from plaincrm.interchange.csv.column_words import word_set

CONTACT, COMPANY, LEAD, DEAL, PRODUCT = "contact", "company", "lead", "deal", "product"
TICKET, CAMPAIGN, ORDER, ITEM, LOG, TASK = "ticket", "campaign", "order", "item", "log", "task"
INVOICE, USER, LOOKUP = "invoice", "user", "lookup"
KINDS: Mapping[str, str] = {LEAD: CONTACT} | {
    role: role for role in (CONTACT, COMPANY, DEAL, PRODUCT, TICKET, CAMPAIGN)
}
"""The roles whose rows are records, with the kind that these are of."""
ENTRIES = frozenset({ORDER, ITEM, LOG, TASK, INVOICE})
"""The roles whose rows go to logs and tasks of records."""
TURN = (COMPANY, CONTACT, LEAD, PRODUCT, CAMPAIGN, DEAL, TICKET, ORDER, INVOICE, LOG, TASK)
"""The order in which tables are read: what others refer to comes first; lines of sales are last."""
_WORDS = {
    CONTACT: "contact person people client customer kontakt kontakte kunde kunden cliente clienti"
    " ansprechpartner contacto contatto contatti personne klant klanten",
    COMPANY: "company companies account organisation organization firma firmen unternehmen société"
    " empresa azienda aziende bedrijf bedrijven",
    LEAD: "lead prospect interessent interessenten prospecto",
    DEAL: "opportunity opportunities deal pipeline chance chancen verkaufschance verkaufschancen"
    " opportunité oportunidad oportunidades opportunità kans kansen",
    PRODUCT: "product item article produkt produkte artikel produit producto prodotto prodotti"
    " producten catalog catalogue",
    TICKET: "ticket case issue",
    CAMPAIGN: "campaign kampagne kampagnen campagne campaña",
    ORDER: "sale order purchase transaction bestellung bestellungen bestell verkauf verkäufe"
    " auftrag aufträge vente commande venta pedido vendita vendite ordine ordini verkoop"
    " bestelling bestellingen",
    LOG: "activity activities interaction communication touchpoint call meeting event email note"
    " history aktivität aktivitäten activité actividad actividades attività activiteit"
    " activiteiten engagement",
    TASK: "task todo aufgabe aufgaben tâche tarea taak taken",
    INVOICE: "invoice bill rechnung rechnungen facture factura fattura fatture factuur facturen",
    USER: "user employee staff owner agent rep team member salesperson mitarbeiter benutzer"
    " utilisateur usuario utente",
}
_ACTIVITIES = word_set(
    "activity activities interaction touchpoint aktivität aktivitäten activité actividad"
    " actividades attività activiteit activiteiten"
)
_ROLES = {names.fold(word): role for role, words in _WORDS.items() for word in words.split()}
_LINES = word_set(
    "line item detail position positionen posten zeile zeilen ligne línea riga righe regel regels"
)
_GROWN = ("nummer", "number", "nr", "code", "id", "no", "key", "ref")
_IDS = word_set("id ids no nr nummer number num ref reference key fk pk uuid guid code")


def of_name(file: str) -> str:
    """The role that a file's name speaks of, empty for none: `crm_sale_items.csv` holds lines."""
    words = [_singular(word) for word in words_of(file.rpartition("/")[2].partition(".")[0])]
    found = [role for word in words if (role := _ROLES.get(word))]
    lined = words and words[-1] in _LINES
    if lined and (len(found) > 1 or not found or found[-1] != PRODUCT):
        return ITEM
    if found[-2:] in ([ORDER, PRODUCT], [DEAL, PRODUCT], [INVOICE, PRODUCT]):
        return ITEM
    return found[-1] if found else ""


def speaks_of_activities(file: str) -> bool:
    """Whether the name of a lone file says that it holds activities; `emails` may be addresses."""
    return not _ACTIVITIES.isdisjoint(map(_singular, words_of(file.rpartition("/")[2])))


def of_words(header: str) -> tuple[str, ...]:
    """The roles that the name of a column speaks of: `customer_id` one of contacts or companies."""
    stem = [_singular(word) for word in stem_of(header).split()]
    found = [role for word in stem if (role := _ROLES.get(word))]
    if CONTACT in found:
        found += [COMPANY, LEAD]
    if stem[-1:] and stem[-1] in _LINES:
        found.append(ITEM)
    return tuple(found)


def stem_of(header: str) -> str:
    """A header without the words that call it an id: `ContactID` and `contact_id` are `contact`."""
    return " ".join(word for word in words_of(header) if word not in _IDS)


def names_id(header: str) -> bool:
    """Whether a header calls the column an id: `deal_id`, `PersonCode`, `ref`."""
    words = words_of(header)
    return bool(words) and (words[-1] in _IDS or words[0] in ("id", "ref"))


def words_of(text: str) -> list[str]:
    """The words of a header or file name; `SaleItem`, `Kundennr` and `customerid` parted too."""
    return [part for word in names.parted(text).split() for part in _parts(word)]


def _parts(word: str) -> list[str]:
    """A word that is grown together of a table and a word for its ids or lines, parted."""
    for end in (*_GROWN, *_LINES):
        head = word.removesuffix(end)
        if head != word and _singular(head) in _ROLES:
            return [head, end]
    return [word]


def _singular(word: str) -> str:
    if word in _ROLES or word in _LINES:
        return word
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    return word.removesuffix("s")
