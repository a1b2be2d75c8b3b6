"""Plain spreadsheets of small businesses, in eight languages, without a preset: how many records they
become, and what the amounts come to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import pytest

from plaincrm.core.values.money import Money
from plaincrm.crm.book import Book
from plaincrm.sales import revenue
from tests.commands.test_import_cases import Run, book

__all__ = ["book"]


@dataclass(frozen=True)
class Table:
    """A table, how many records of each kind it becomes, what its deals are worth, and what its
    orders and paid invoices bring, by currency."""

    text: str
    records: Mapping[str, int]
    value: Mapping[str, str] = field(default_factory=dict)
    sales: Mapping[str, str] = field(default_factory=dict)
    tasks: int = 0


SHEETS = {
    "german people": Table(
        "Vorname;Nachname;Firma;Telefon;Handy;E-Mail;PLZ;Ort;Kunde seit\n"
        "Anna;Schmidt;Nord GmbH;030 5551401;0171 5551402;anna@nord.example;10115;Berlin;01.02.2020\n"
        "Bernd;Groß;;040 5551403;;bernd@gross.example;20095;Hamburg;15.03.2021\n",
        {"contact": 2, "company": 1},
    ),
    "german deals": Table(
        "Auftrag;Kunde;Auftragswert (EUR);Phase;Wahrscheinlichkeit;Abschlussdatum\n"
        "Website;Nord GmbH;1.200,50;Angebot;50 %;30.11.2026\nLogo;Süd KG;800,00;Gewonnen;100 %;15.10.2026\n"
        "Summe;;2.000,50;;;\n",
        {"deal": 2, "company": 2},
        {"EUR": "2000.50"},
    ),
    "english pipeline with products and agents": Table(
        "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n"
        "1C1I7A6R,Moses Frase,GTX Plus Basic,Cancity,Won,2016-10-20,2017-03-01,1054\n"
        "Z063OYW0,Darcel Schlecht,GTXPro,Isdom,Won,2016-10-25,2017-03-11,4514\n"
        "EC4QE1BX,Darcel Schlecht,MG Special,Cancity,Lost,2016-10-25,2017-03-07,0\n",
        {"deal": 3, "company": 2},
        {"EUR": "5568"},
    ),
    "french companies": Table(
        "Raison sociale;Secteur;Site web;Téléphone;Adresse;Code postal;Ville;Pays\n"
        "Atelier Bleu SARL;Imprimerie;https://atelier-bleu.example;01 55 51 40 10;3 rue Haute;75001;Paris;FR\n"
        "Maison Verte;Jardin;https://maison-verte.example;;5 rue Basse;69001;Lyon;FR\n",
        {"company": 2},
    ),
    "french invoices": Table(
        "Numéro de facture;Date facture;Client;Montant TTC;Échéance;Payée\n"
        "F-101;02/11/2026;Atelier Bleu SARL;1 200,00 €;30/11/2026;oui\n"
        "F-102;13/11/2026;Maison Verte SARL;800,00 €;30/11/2026;non\n",
        {"company": 2},
        sales={"EUR": "1200"},
        tasks=2,
    ),
    "spanish orders": Table(
        "N.º pedido;Fecha;Cliente;Producto;Cantidad;Importe\n"
        "9001;05/10/2026;Panadería Sol S.L.;Cartel;2;300,00\n9002;16/10/2026;Ana Ruiz;Menú;1;95,50\n",
        {"company": 1, "contact": 1},
        sales={"EUR": "395.50"},
    ),
    "spanish people": Table(
        "Nombre,Apellidos,Correo electrónico,Móvil,Empresa,Ciudad,Cumpleaños\n"
        "Ana,Ruiz,ana@ruiz.example,+34 600 555 101,Panadería Sol,Sevilla,1980-05-10\n"
        "Luis,Vega,luis@vega.example,,,Cádiz,\n",
        {"contact": 2, "company": 1},
    ),
    "italian deals": Table(
        "Trattativa;Azienda;Valore;Valuta;Fase;Chiusura prevista\n"
        "Insegna;Bottega Rossi S.r.l.;1.500,00;EUR;Proposta;30/11/2026\n"
        "Sito;Studio Bianchi;2.250,75;CHF;Proposta;15/12/2026\n",
        {"deal": 2, "company": 2},
        {"EUR": "1500", "CHF": "2250.75"},
    ),
    "dutch people": Table(
        "Voornaam;Achternaam;Bedrijf;E-mailadres;Telefoonnummer;Postcode;Plaats;Opmerkingen\n"
        "Jan;de Vries;Drukkerij Noord BV;jan@noord.example;020 555 0101;1012 AB;Amsterdam;belt liever\n"
        "Eva;Smit;;eva@smit.example;;3511 XY;Utrecht;\n",
        {"contact": 2, "company": 1},
    ),
    "portuguese orders": Table(
        "Número do pedido;Data;Cliente;Produto;Quantidade;Valor total\n"
        "71;2026-10-01;Rita Nunes;Azulejo;10;250,00\n72;2026-10-08;Casa Azul Lda;Azulejo;4;100,00\n",
        {"contact": 1, "company": 1},
        sales={"EUR": "350"},
    ),
    "polish people": Table(
        "Imię;Nazwisko;Nazwa firmy;Adres e-mail;Telefon komórkowy;Kod pocztowy;Miasto\n"
        "Ewa;Nowak;Drukarnia Wisła;ewa@wisla.example;+48 600 555 101;00-001;Warszawa\n"
        "Piotr;Lis;;piotr@lis.example;;30-001;Kraków\n",
        {"contact": 2, "company": 1},
    ),
    "products": Table(
        "Product name,Series,Sales price,Unit cost\nGTX Basic,GTX,550,200\nMG Special,MG,55,20\n",
        {"product": 2},
    ),
    "hours": Table(
        "Date,Client,Project,Duration,Notes\n2026-11-03,Nora Lind,Signs,2.5,First draft\n"
        "2026-11-04,Nora Lind,Signs,1.0,Second draft\n",
        {"contact": 1},
    ),
    "deals that have no name": Table(
        "Account,Product,Amount,Stage\nNord GmbH,Signs,500,lead\nSüd KG,,700,lead\n",
        {"deal": 2, "company": 2},
        {"EUR": "1200"},
    ),
}


@pytest.mark.parametrize("name", SHEETS)
def test_a_plain_sheet_arrives_whole(name: str, book: Run, tmp_path: Path) -> None:
    sheet, path, root = SHEETS[name], tmp_path / "sheet.csv", tmp_path / "book"
    path.write_text(sheet.text)
    ran = book("import", str(path), "-y")
    assert ran.code == 0, ran.err
    found = Book.open(root)
    counts = {kind: len(found.store.records(kind)) for kind in found.schema.kinds}
    assert {kind: n for kind, n in counts.items() if n} == sheet.records, ran.err
    values = [deal.value("value", "EUR") for deal in found.store.records("deal")]
    assert total(values) == {c: Decimal(n) for c, n in sheet.value.items()}, ran.err
    sold = [sale.money for sale in revenue.sales(found.context)]
    if sheet.sales or not sheet.value:
        assert total(sold) == {c: Decimal(n) for c, n in sheet.sales.items()}, ran.err
    assert sum(len(record.tasks) for record in found.store.all()) == sheet.tasks
    again = book("import", str(path), "-y", "--json").json
    assert again["created"] == again["updated"] == 0, again


def total(values: list[object]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for value in values:
        if isinstance(value, Money) and value.amount:
            found[value.currency] = found.get(value.currency, Decimal(0)) + value.amount
    return found
