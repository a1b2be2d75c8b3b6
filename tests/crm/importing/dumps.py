"""Dumps of two CRMs as tables, unlike each other, with sums that are known."""

from __future__ import annotations

from pathlib import Path

NUMBERED = {
    "contacts.csv": "contact_id,first_name,last_name,email,phone,company,created_at\n"
    "1,Ada,Byron,ada@acme.example,+44 20 7946 0018,Acme GmbH,2024-01-10\n"
    "2,Jörg,Müller,joerg@weiss.example,,Weiß & Söhne,2024-02-11\n"
    "3,Ola,Nordmann,ola@fjord.example,,Fjord AS,2024-02-12\n"
    "4,Ada,Byron,ada.byron@other.example,,,2024-03-01\n",
    "leads.csv": "lead_id,contact_id,status,source,created_at\n"
    "1,2,Qualified,Referral,2024-02-20\n2,3,New,Web,2024-02-21\n3,4,Lost,Fair,2024-03-02\n"
    "4,99,New,Web,2024-03-03\n",
    "opportunities.csv": "opportunity_id,lead_id,name,stage,amount,probability,expected_close_date\n"
    "1,1,Roof,Closed Won,4200.00,100,2024-05-01\n2,2,Harbour,Proposal,1500.50,50,2024-12-01\n"
    "3,3,,Closed Lost,900,0,2024-06-01\n",
    "activities.csv": "activity_id,opportunity_id,activity_type,subject,activity_date,status,notes\n"
    "1,1,Call,First call,2024-03-01 10:00,Completed,He has time in May\n"
    "2,1,Site visit,Roof,2024-03-08,Completed,\n"
    "3,2,Email,Sent the offer,2024-04-02,Completed,\n"
    "4,2,Call,Ask again,2024-11-20,Planned,\n",
    "products.csv": "product_id,product_name,category,unit_price,cost\n"
    '1,Roof tile,Tiles,2.50,1.10\n2,"Hour, roofer",Work,80.00,45.00\n3,Pier,Wood,1000,600\n',
    "sales.csv": "sale_id,opportunity_id,contact_id,sale_date,total_amount,status\n"
    "1,1,2,2024-05-02,4100.00,Paid\n2,,1,2024-06-03,250.00,Paid\n3,,1,2024-06-04,80.00,Cancelled\n",
    "sale_lines.csv": "sale_line_id,sale_id,product_id,quantity,unit_price\n"
    "1,1,1,1000,2.50\n2,1,2,20,80.00\n3,2,1,100,2.50\n4,7,3,1,1000\n",
}
"""Small numbers as ids: only the names of the columns tell which table they lead to."""
LETTERED = {
    "Accounts.csv": "AccountCode;AccountName;Sector;Region\n"
    "A-001;Acme GmbH;Tools;R-N\nA-002;Fjord AS;Boats;R-S\nA-003;Lumen;Light;R-N\n",
    "People.csv": "PersonCode;Forename;Surname;Mail;Employer\n"
    "P-0001;Ada;Byron;ada@acme.example;A-001\nP-0002;Ola;Nordmann;ola@fjord.example;A-002\n"
    "P-0003;Lu;Min;lu@lumen.example;A-003\n",
    "Staff.csv": "StaffCode;Name;Mail\nS-01;Kim Seller;kim@us.example\nS-02;Pat Seller;pat@us.example\n",
    "Regions.csv": "RegionCode;Name\nR-N;North\nR-S;South\n",
    "Deals.csv": "DealCode;Title;Stage;Value;Who;Seller\n"
    "D-100;Harbour;Won;€ 3.000,00;P-0002;S-01\nD-101;Lamps;Open;€ 450,50;P-0003;S-02\n"
    "D-102;Drill;Lost;€ 90,00;P-0001;S-01\n",
    "Deal products.csv": "LineNo;Deal;Product;Qty;Price\n"
    "L-1;D-100;G-01;2;€ 1.500,00\nL-2;D-101;G-02;10;€ 45,05\nL-3;D-101;G-02;10;€ 45,05\n",
    "Goods.csv": "ItemCode;Product name;Unit price;Unit cost\n"
    "G-01;Pier;1500,00;900,00\nG-02;Lamp;45,05;20,00\nG-03;Cable;5,00;1,00\n",
    "Interactions.csv": "InteractionCode;When;Kind;Summary;Person\n"
    "I-1;01.02.2025;Telefonat;Wants a pier;P-0002\nI-2;03.02.2025;Besprechung;Lamps;P-0003\n",
}
"""Telling ids, columns that are called anything, semicolons and commas of a German table."""

GERMAN = {
    "Kunden.csv": "Kundennr;Firma;Ansprechpartner;E-Mail;Ort\n"
    "K100;Müller Bau GmbH;Jörg Müller;j.mueller@mueller-bau.example;Köln\n"
    "K101;Café Lumen;Lu Min;lu@lumen.example;Bonn\n",
    "Rechnungen.csv": "Rechnungsnr;Kundennr;Rechnungsdatum;Betrag;Bezahlt am\n"
    "R-2026-01;K100;01.02.2026;1.190,00 €;10.02.2026\nR-2026-02;K101;05.02.2026;595,00 €;\n",
    "Aufträge.csv": "Auftragsnr;Kundennr;Datum;Status\n"
    "A1;K100;03.01.2026;erledigt\nA2;K101;04.01.2026;storniert\nA3;K999;05.01.2026;erledigt\n",
    "Auftragspositionen.csv": "PosNr;Auftragsnr;Artikelnr;Menge;Einzelpreis\n"
    "1;A1;100;2;250,00\n2;A1;101;1;90,50\n3;A2;100;1;250,00\n4;A3;100;1;250,00\n",
    "Artikel.csv": "Artikelnr;Bezeichnung;Preis;Einkaufspreis\n"
    "100;Dachfenster;250,00;140,00\n101;Montage;90,50;40,00\n",
}
"""German words grown together, orders without an amount, one called off, one of nobody."""


def written(folder: Path, dump: dict[str, str]) -> list[Path]:
    """The files of a dump in a folder, in the order of their names."""
    folder.mkdir()
    for name, text in dump.items():
        (folder / name).write_text(text, "utf-8")
    return sorted(folder.iterdir())
