"""The words that people write above columns, by the target that they mean.

English, German, French, Spanish, Italian, Dutch, Portuguese and Polish. Of two columns that mean
the same single field the one whose word stands first in its row is taken.
"""

from __future__ import annotations

PERSON = """
name: full name, name, contact name, contact, person, client name, customer name, client,
    customer, display name, kontakt, kunde, kundin, kundenname, ansprechpartner, vollständiger
    name, anzeigename, nom complet, nom du client, nombre completo, nombre del cliente, cliente,
    nome completo, nome e cognome, nominativo, naam, volledige naam, klantnaam, klant, nome do
    cliente, imię i nazwisko, klient, your name, ihr name, votre nom, su nombre, nom
name.given: first name, firstname, given name, forename, vorname, prénom, nombre de pila, nome,
    voornaam, primeiro nome, imię
name.family: last name, lastname, surname, family name, nachname, familienname, nom de famille,
    apellido, apellidos, cognome, achternaam, sobrenome, apelido, último nome, nazwisko
name.middle: middle name, additional name, zweiter vorname, deuxième prénom, segundo nombre,
    secondo nome, tussenvoegsel, drugie imię
name.prefix: salutation, name prefix, prefix, anrede, civilité, tratamiento, trattamento, aanhef,
    tratamento, zwrot grzecznościowy
name.suffix: suffix, name suffix, namenszusatz, suffixe, sufijo, suffisso, achtervoegsel, sufixo
nickname: nickname, spitzname, surnom, apodo, soprannome, bijnaam, alcunha, pseudonim
email: email, e mail, mail, emails, email address, email addresses, e mail address, e mail
    adresse, email adresse, mailadresse, courriel, adresse e mail, adresse email, adresse mail,
    correo, correo electrónico, email 1, primary email, primäre e mail adresse, indirizzo email,
    indirizzo e mail, posta elettronica, e mailadres, mailadres, emailadres, endereço de email,
    correio eletrónico, correio eletrônico, adres e mail, adres email, e mail 1, your email, your
    e mail, ihre e mail, votre email, su correo
email.secondary: secondary email, sekundäre e mail adresse, email 2, e mail 2, second email
email.work: work email, business email, e mail geschäftlich, e mail dienstlich
email.home: home email, private email, personal email, e mail privat
phone: phone, phones, telephone, tel, telefon, phone number, telephone number, telefonnummer, fon,
    festnetz, téléphone, tél, numéro de téléphone, teléfono, primary phone, phone 1, telefono,
    numero di telefono, telefoon, telefoonnummer, telefone, número de telefone, numer telefonu, nr
    telefonu, contact number
phone.mobile: mobile, mobile phone, mobile phone number, mobile number, cell, cell phone, handy,
    mobil, mobiltelefon, mobilnummer, handynummer, mobil tel nr, portable, mobile pro, téléphone
    mobile, téléphone portable, móvil, teléfono móvil, celular, cellulare, telefono cellulare,
    mobiel, mobiele telefoon, gsm, telemóvel, komórka, telefon komórkowy
phone.work: business phone, office phone, work phone, telefon geschäftlich, tel dienstlich, tel
    geschäftlich, téléphone bureau, teléfono del trabajo, telefono ufficio, telefoon werk
phone.home: home phone, private phone, telefon privat, tel privat, téléphone domicile, teléfono
    particular, telefono casa, telefoon thuis
phone.fax: fax, fax number, fax nummer, faxnummer, télécopie, faks
phone.pager: pager, pager number, pager nummer
company@name: company, company name, organization, organisation, organization name, firm, account,
    account name, firma, firmenname, unternehmen, société, entreprise, organisme, empresa,
    compañía, organización, employer, arbeitgeber, associated company, azienda, ditta, società,
    bedrijf, bedrijfsnaam, organisatie, companhia, organização, nazwa firmy, przedsiębiorstwo,
    employeur
job: job title, job, position, role, title, beruf, funktion, jobtitel, arbeitstitel,
    berufsbezeichnung, fonction, poste, titre, cargo, puesto, ruolo, qualifica, mansione, functie,
    functietitel, função, stanowisko, profession
birthday: birthday, birth date, birthdate, date of birth, geburtsdatum, geburtstag, anniversaire,
    date de naissance, cumpleaños, fecha de nacimiento, data di nascita, compleanno,
    geboortedatum, verjaardag, data de nascimento, aniversário, data urodzenia, urodziny
birthday.year: birth year, geburtsjahr, année de naissance, anno di nascita, geboortejaar
birthday.month: birth month, geburtsmonat, mois de naissance
birthday.day: birth day
unsubscribed: unsubscribed, email opt out, opted out, abgemeldet, désinscrit, disiscritto,
    uitgeschreven
do_not_email: do not email, do not contact, keine werbung
language: language, preferred language, sprache, langue, idioma, lingua, taal, język
greeting: greeting, briefanrede
links.website: website, web page, web site, homepage, url, webseite, site web, página web, sitio
    web, sito web, sito, site internet, website url, strona www, strona internetowa
links.website_1: web page 1, webseite 1
links.website_2: web page 2, webseite 2
links.linkedin: linkedin, linkedin url, linkedin profile
referred_by@name: referred by, empfohlen von, recommandé par, recomendado por
status: status, lifecycle stage, lead status, statut, estado, stato
"""
PLACE = """
address: address, street, street address, adresse, anschrift, straße, strasse, rue, calle,
    dirección, mailing street, straße und hausnummer, indirizzo, via, adres, straat, endereço,
    rua, morada, ulica, domicilio, adresse postale
address.2: address 2, address line 2, adresszusatz, adresse 2, complément d adresse
city: city, town, ort, stadt, wohnort, ville, ciudad, población, localidad, città, comune, plaats,
    woonplaats, stad, cidade, localidade, miasto, miejscowość
zip: zip, zip code, zipcode, postal code, postcode, zip postal code, plz, postleitzahl, code
    postal, cp, código postal, cap, codice postale, cep, kod pocztowy
region: state, region, province, state region, state province, county, bundesland, kanton, région,
    provincia, regione, provincie, distrito, województwo
country: country, country region, land, pays, país, paese, nazione, país região, kraj
"""
EVERY = """
body: notes, note, comments, comment, remarks, description, notizen, notiz, bemerkung,
    bemerkungen, anmerkungen, anmerkung, beschreibung, kommentar, remarques, remarque,
    commentaires, notas, observaciones, comentarios, descripción, descrizione, osservazioni,
    opmerkingen, opmerking, notities, omschrijving, observações, descrição, uwagi, notatki, opis
tags: tags, tag, labels, label, categories, category, groups, kategorien, kategorie, stichworte,
    schlagworte, gruppen, étiquettes, catégories, etiquetas, categorías, etichette, categorie,
    etiquetas, grupy, etykiety
source: source, lead source, original source, quelle, herkunft, origine, origen, fuente, fonte,
    bron, herkomst, origem, źródło
owner: owner, record owner, besitzer, zuständig, propriétaire, propietario, sales agent, sales
    rep, salesperson, agent, account manager, verkäufer, vertriebler, betreuer, commercial,
    vendeur, vendedor, comercial, agente, venditore, commerciale, verkoper, responsável,
    handlowiec, opiekun, assigned to, zugewiesen an
created: created, created at, created date, create date, created on, date created, creation date,
    date added, erstellt, erstellt am, angelegt, angelegt am, erfasst am, customer since, kunde
    seit, créé le, date de création, client depuis, creado, creado el, fecha de creación, cliente
    desde, fecha de alta, creato il, data di creazione, cliente dal, aangemaakt, aangemaakt op,
    klant sinds, criado em, data de criação, utworzono, data utworzenia, klient od
campaign: campaign, utm campaign, kampagne, campagne, campaña, campagna, campanha, kampania
"""
COMPANY = """
name: name, company name, company, organization name, organization, organisation, account name,
    account, firma, firmenname, unternehmen, société, entreprise, raison sociale, nom, nom de l
    entreprise, empresa, nombre, nombre de la empresa, razón social, azienda, ragione sociale,
    ditta, nome azienda, bedrijf, bedrijfsnaam, naam, nome da empresa, nome, razão social, nazwa
    firmy, nazwa, client, customer, klient
domain: company domain name, company domain, domain, domains, domaine, dominio, domein, domínio
website: website, web page, web site, website url, homepage, url, webseite, site web, página web,
    sitio web, sito web, sito, strona www
vat_id: vat id, vat, vat number, tax id, ust id, ust idnr, umsatzsteuer id, uid, numéro de tva, n
    tva, tva, nif, cif, partita iva, p iva, btw nummer, btw, nipc, cnpj, nip
industry: industry, sector, branche, secteur, industria, settore, sector, setor, branża, sector de
    actividad
email: email, e mail, mail, email address, e mail adresse, courriel, correo, correo electrónico,
    indirizzo email, e mailadres, adres e mail
phone: phone, telephone, tel, telefon, phone number, téléphone, tél, teléfono, telefono, telefoon,
    telefone, telefonnummer
status: status, lifecycle stage, statut, estado, stato
"""
DEAL = """
name: deal name, deal title, deal, name, opportunity name, opportunity, title, titel, titre,
    título, bezeichnung, box name, project, projekt, auftrag, angebot, geschäft, affaire,
    opportunité, projet, negocio, oportunidad, trattativa, opportunità, offerta, progetto, kans,
    verkoopkans, opdracht, offerte, negócio, oportunidade, szansa, transakcja, zlecenie, proyecto,
    projeto, offre
value: value, amount, deal value, deal amount, deal size, close value, total value, total amount,
    total, sum, revenue, price, budget, wert, betrag, summe, auftragswert, auftragssumme, umsatz,
    volumen, preis, montant, valeur, somme, chiffre d affaires, prix, importe, valor, monto, suma,
    ingresos, precio, valore, importo, totale, ricavo, prezzo, bedrag, waarde, omzet, totaal,
    prijs, montante, receita, preço, wartość, kwota, przychód, cena
value.currency: currency, currency of value, amount currency, deal currency, currency code,
    currency iso code, currencyisocode, währung, devise, monnaie, moneda, divisa, valuta, moeda,
    waluta
stage: deal stage, stage, pipeline stage, phase, stufe, vertriebsphase, étape, etapa, fase,
    stadium, estágio, etap, faza, status, deal status, statut, estado, stato
pipeline: pipeline, sales pipeline
probability: probability, win probability, wahrscheinlichkeit, probabilité, probabilidad,
    probabilità, kans %, waarschijnlijkheid, probabilidade, prawdopodobieństwo
close_date: close date, closing date, expected close date, expected close, abschlussdatum,
    erwarteter abschluss, abschluss am, date de clôture, clôture prévue, fecha de cierre, cierre
    previsto, data di chiusura, chiusura prevista, sluitingsdatum, verwachte sluiting, data de
    fecho, data de fechamento, data zamknięcia
closed: closed, closed on, won time, closed date, geschlossen am, abgeschlossen am
created: engage date, engagement date, opened, start date, deal created, geöffnet am
lost_reason: lost reason, closed lost reason, loss reason, verlustgrund, motif de perte, motivo de
    pérdida, motivo perdita, reden verlies, motivo da perda, powód utraty
next_step: next step, nächster schritt, prochaine étape, próximo paso, prossimo passo, volgende
    stap
product: product, product name, produkt, produit, producto, prodotto, produto
contact@name: contact name, contact person, contact, kontakt, ansprechpartner, contacto, contatto,
    contactpersoon, contato, osoba kontaktowa
contact@email: contact email, email, associated contact email, email addresses, e mail
company@name: company, company name, organization, organization name, account, account name,
    client, client name, customer, customer name, firma, kunde, kundenname, unternehmen, société,
    entreprise, nom du client, empresa, cliente, azienda, ditta, klant, bedrijf, klant naam,
    klient, nazwa firmy
company@domain: associated company domain, company domain
"""
TICKET = """
subject: subject, ticket name, ticket, title, betreff, sujet, asunto, objet, oggetto, onderwerp,
    assunto, temat
contact@name: contact, requester, requester name, kontakt, demandeur, solicitante, richiedente,
    aanvrager, zgłaszający
contact@email: requester email, contact email, email, from, e mail
company@name: company, organization, firma, organisation
status: status, ticket status, estado, statut, stato
priority: priority, ticket priority, priorität, priorité, prioridad, priorità, prioriteit,
    prioridade, priorytet
category: category, type, kategorie, catégorie, categoría, categoria
channel: channel, via, kanal, canal, canale, kanaal
opened: opened, created, created at, create date, eröffnet, date opened, ouvert le, abierto
due: due, due at, due date, fällig, échéance, vencimiento, scadenza
solved: solved, solved at, resolved, gelöst, résolu le, resuelto
"""
ARTICLE = """
title: title, question, titel, frage
audience: audience, visibility
category: category, section
body: body, answer, text
"""
PRODUCT = """
name: product name, product, name, item, item name, produkt, produktname, artikel, bezeichnung,
    produit, désignation, producto, artículo, nombre, prodotto, articolo, nome, product naam,
    produto, nazwa
price: sales price, price, unit price, list price, preis, verkaufspreis, einzelpreis, prix, prix
    unitaire, precio, precio unitario, prezzo, prezzo unitario, prijs, stukprijs, preço, cena
price.currency: currency, währung, devise, moneda, valuta, moeda, waluta
cost: cost, unit cost, cost of goods sold, purchase price, einkaufspreis, kosten, coût, coste,
    costo, kostprijs, custo, koszt
category: category, series, product category, product family, family, type, warengruppe,
    kategorie, catégorie, categoría, categoria, categorie, kategoria
unit: unit, einheit, unité, unidad, unità, eenheid, unidade, jednostka
"""
CAMPAIGN = """
name: campaign name, campaign, name, kampagne, campagne, campaña, campagna, campanha, kampania
status: status, state
starts: starts, start date, start, beginn
ends: ends, end date, end, ende
cost: cost, actual cost, budgeted cost, spend, kosten
segment: segment, audience, list
template: template, vorlage
"""
ENTRY = """
at: date, activity date, order date, sale date, sales date, purchase date, transaction date, sold
    at, sold on, occurred at, happened at, activity time, ordered at, verkaufsdatum, verkauft am,
    kaufdatum, date time, when, timestamp, at, day, datum, bestelldatum,
    tag, bestellt am, rechnungsdatum, date de commande, jour, fecha, fecha de pedido, data, data
    ordine, besteldatum, data do pedido, data zamówienia, completed date, done time, start time,
    start, started, join time, registration time, event date, call time, invoice date, date
    facture, data fattura
type: activity type, type, entry type, typ, aktivität, tipo, art, soort, rodzaj, kind, channel,
    interaction type, kanal
direction: direction, call direction, richtung, sens, dirección, direzione, richting, direção,
    kierunek
outcome: outcome, call outcome, meeting outcome, result, ergebnis, résultat, resultado, esito,
    resultaat, wynik
duration: duration, call duration, duration minutes, length, dauer, dauer minuten, minutes,
    minuten, durée, duración, durata, duur, duração, czas trwania, time in session, time spent,
    hours, stunden, heures, horas, ore, uren, godziny
due: due date, due, due at, task due date, fällig, fällig am, fälligkeit, échéance, vencimiento,
    scadenza, vervaldatum, vencimento, termin
done: done, completed, task status, status, paid, paid on, payment date, done date, bezahlt,
    bezahlt am, bezahldatum, payé, payée, payée le, pagado, pagada, pago, pagata, pagato, betaald,
    betaald op, paga, zapłacono, erledigt, erledigt am, fait, terminé, hecho, fatto, gedaan,
    feito, zrobione
priority: priority, task priority, priorität, priorité, prioridad, priorità, prioriteit
text.1: subject, title, project, projekt, projet, proyecto, progetto, projeto, activity, activity
    name, topic, name, task, what, event, event name, betreff, titel, thema, aufgabe,
    veranstaltung, summary, zusammenfassung,
    objet, sujet, tâche, asunto, tarea, oggetto, attività, onderwerp, taak,
    assunto, tarefa, temat, zadanie
text.2: notes, note, description, body, details, comments, text, message, notiz, notizen,
    beschreibung, bemerkung, remarques, commentaire, notas, descripción, note, descrizione,
    opmerking, notas, uwagi, opis
amount: amount, montant ttc, total ttc, montant ht, bruttobetrag, gesamtbrutto, nettobetrag,
    importe total, totale fattura, totaal incl btw, valor total, kwota brutto, total, order total,
    value, sum, revenue, betrag, summe, gesamt, gesamtbetrag, umsatz, montant, montant total,
    total ttc, importe, total pedido, importo, totale, bedrag, totaal, valor total, valor, kwota,
    wartość, grand total, net amount, gross amount, total amount, order amount, sale amount, sales
    amount, order value, sale value, total value, total price, line total, line amount, amount paid,
    gesamtsumme, zeilensumme, positionssumme
price: unit price, price, price each, einzelpreis, stückpreis, preis, prix unitaire, prix, precio
    unitario, precio, prezzo unitario, prezzo, stukprijs, prijs, preço unitário, preço, cena
    jednostkowa, cena
amount.currency: currency, währung, devise, moneda, valuta, moeda, waluta, currency code
number: order number, order no, order id, invoice number, invoice no, number, no, bestellnummer,
    bestellnr, auftragsnummer, rechnungsnummer, rechnungsnr, rechnung nr, rechnung, numéro de
    commande, n de commande, n facture, numéro de facture, número de pedido, n pedido, número de
    factura, n factura, numero ordine, numero fattura, ordernummer, factuurnummer, número do
    pedido, número da fatura, numer zamówienia, numer faktury, faktura
quantity: quantity, qty, units, menge, anzahl, stück, quantité, qté, cantidad, quantità, aantal,
    quantidade, ilość
product: product, product name, item, article, produkt, artikel, produit, article, producto,
    artículo, prodotto, articolo, produto, produkt, towar
unit_cost: unit cost, cost per unit, cost each, stückkosten, einkaufspreis, einstandspreis, coût
    unitaire, prix d achat, coste unitario, costo unitario, inkoopprijs
cost: cost, costs, total cost, kosten, coût, coste, costo, kostprijs, custo, koszt
contact@email: email, contact email, customer email, e mail, attendee email, invitee email,
    participant email, user email, correo, courriel, mail, email address, associated contact email
contact@name: contact, contact name, person, attendee, attendee name, invitee, participant, who,
    name, customer, customer name, client, kontakt, kunde, teilnehmer, kundenname, contacto,
    cliente, nom du client, klant, klient, with, associated contact
company@name: company, company name, organization, account, account name, firma, unternehmen,
    société, empresa, azienda, bedrijf, nazwa firmy, associated company
deal@name: deal, deal name, opportunity, deal title, associated deal
"""
SALUTATIONS = """
mr mrs ms miss mx sir madam herr frau hr fr dr prof m mme mlle monsieur madame sr sra srta señor
señora sig sig.ra signor signora dott dhr mevr mw de heer mevrouw senhor senhora pan pani ing
mag
"""


def word_set(text: str) -> frozenset[str]:
    """The words of a text, to look one up."""
    return frozenset(text.split())
