"""The kinds and fields that every book has. A row a field: name, type, remark.

Type words: a type of `values.types`, `ref:KIND`, `enum:a,b`; a trailing `*` means many, a leading
`!` required, `>` about the future, `=x` the default, `=+other` the sum of the items in `other`;
`enum:@other` takes its values from the settings, by the value of `other`.
"""

from __future__ import annotations

from plaincrm.core.schema.kinds import Field, Kind, Schema

RATE_DAYS = ("closed", "close_date", "at", "due", "created")
"""The fields whose day says which exchange rate counts for a record; the first that it has."""
_ADDRESS = """
address    text    Street and number
city       text    Town
zip        text    Postal code, as text: leading zeros stay
region     text    State, county, canton
country    text    Two-letter code or name
"""
_STATUS = "enum:lead,prospect,customer,former,partner,other"
_EVERY = """
tags       text*   Words to find it by
aliases    text*   Former ids; links to them still lead here
owner      text    Who looks after it
created    date    The day it was made
source     text    Where it came from
campaign   text    The campaign that brought it
links      url*    Names to URLs
snoozed    date*   Reasons of `today` to the days until which they are hidden
"""
_CONTACT = f"""
name       !text   The person's whole name
email      email*  One, a list, or a map of labels
phone      phone*  One, a list, or a map of labels
company    ref:company* The company the person works for
job        text    What the person does there
status     {_STATUS} Where in the life cycle
greeting   text    The whole first line of a letter
language   text    Two-letter code; chooses the form of a template
timezone   text    IANA name
{_ADDRESS}
birthday   monthday With or without the year: 12-10, 1985-12-10
cadence    duration Keep in touch at least this often
next       >action A date and what to do then
referred_by ref:contact* Who sent them
unsubscribed bool  No bulk mail
do_not_email bool  No mail at all
bounced    email*  Addresses that no longer work
consent    text*   What they agreed to: basis, source, day, text
prefers    enum:email,phone,message,post How they like to be reached
"""
_COMPANY = f"""
name       !text   The company's name
domain     text*   Its mail domain
website    url     Its web site
email      email*  A general address
phone      phone*  A general number
vat_id     text    Tax number
{_ADDRESS}
industry   text    What it does
status     {_STATUS} Where in the life cycle
cadence    duration Keep in touch at least this often
next       >action A date and what to do then
"""
_DEAL = """
name       !text   What is sold
contact    ref:contact* With whom; a map gives roles
company    ref:company* For which company
pipeline   text=default The pipeline it runs through
stage      enum:@pipeline A stage of its pipeline; the first, if empty
value      money=+items What it brings, /month or /year if it recurs; else the sum of its items
probability percent Its own chance; else its stage's
close_date >date   When it is expected to close
closed     date    When it really closed
starts     date    When the work or the subscription begins
ends       date    When it ends
notice     duration How long before the end it must be cancelled
next       >action A date and what to do then
lost_reason text   Why it was lost
cost       money   What winning it cost
items      text*   What is sold, a line each: 2 x logo-package 600 EUR
valid      >date   The day until which the quote holds
forecast   enum:omitted,pipeline,best,commit Its forecast category; else by its chance
"""
_TICKET = """
subject    !text   What it is about
contact    ref:contact* Who asked
company    ref:company* For which company
deal       ref:deal* The deal it belongs to
status     enum:new,open,pending,hold,solved,closed=new Where it stands
priority   enum:low,normal,high,urgent=normal How much it hurts
category   text    Sort of question
channel    text    How it came in
opened     datetime When it came in
due        >datetime When it has to be solved
solved     datetime When it was solved
csat       number  Rating from 1 to 5
related    ref:ticket* Other tickets that belong to it
"""
_ARTICLE = """
title      !text   The question it answers
audience   enum:private,public=private Who may read it
category   text    Shelf it stands on
solves     ref:ticket* The tickets that it answered
"""
_TESTIMONIAL = """
title      !text   Its headline
contact    ref:contact* Who said it
company    ref:company* For which company
permission enum:none,named,anonymous=none What may be shown: nothing, with the name, without it
given      date    The day it was said
rating     number  From 1 to 5
"""
_PRODUCT = """
name       !text   What it is called
price      money   What one of it costs the customer; /month, /quarter or /year if it recurs
cost       money   What one of it costs you
category   text    Sort of product
unit       text    What one of it is: hour, page, piece
"""
_CAMPAIGN = """
name       !text   What it is called
template   text*   The template that it sends
variants   text*   Names to templates, where several are tried against each other
segment    text    To whom: the name of a saved segment
status     enum:planned,running,done=planned Where it stands
starts     >date   When it begins
ends       >date   When it ends
cost       money   What it cost
control    percent The share of people who get nothing, to compare with
held_back  ref:contact* Those people, as they were chosen when it was written
visits     number  Visits of your own site by its links
"""
# What `list` shows of each kind, unless it is asked for other columns. What decides stands first,
# ids last, since a narrow terminal cuts from the right of the texts.
_COLUMNS = {
    "contact": ("name", "company", "email", "tags", "id"),
    "company": ("name", "domain", "city", "status", "id"),
    "deal": ("name", "stage", "value", "close_date", "next", "id"),
    "ticket": ("status", "priority", "subject", "contact", "opened", "id"),
    "article": ("title", "audience", "category", "id"),
    "testimonial": ("title", "contact", "permission", "given", "id"),
    "product": ("name", "price", "cost", "category", "id"),
    "campaign": ("name", "status", "starts", "segment", "cost", "id"),
}


def _field(line: str) -> Field:
    name, word, *doc = line.split(None, 2)
    required, future = word.startswith("!"), word.startswith(">")
    word, _, default = word.lstrip("!>").partition("=")
    many, word = word.endswith("*"), word.rstrip("*")
    base, _, rest = word.partition(":")
    summed = default[1:] if default.startswith("+") else ""
    return Field(
        name,
        base,
        "".join(doc),
        many,
        required,
        "" if summed else default,
        values=tuple(rest.split(",")) if base == "enum" and rest[0] != "@" else (),
        by=rest[1:] if rest[:1] == "@" else "",
        to=rest if base == "ref" else "",
        future=future,
        sum_of=summed,
    )


def _kind(name: str, plural: str, title: str, table: str, doc: str) -> Kind:
    lines = (table + _EVERY).strip().splitlines()
    fields = [_field(line) for line in lines if line.strip()]
    return Kind(
        name, plural, plural, title, {f.name: f for f in fields}, doc, columns=_COLUMNS[name]
    )


def every_kind_fields() -> tuple[Field, ...]:
    """The fields that each kind has, the book's own kinds too."""
    return tuple(_field(line) for line in _EVERY.strip().splitlines())


def schema() -> Schema:
    """The schema of a book without settings of its own."""
    return Schema(
        {
            kind.name: kind
            for kind in (
                _kind("contact", "contacts", "name", _CONTACT, "A person"),
                _kind("company", "companies", "name", _COMPANY, "An organisation"),
                _kind("deal", "deals", "name", _DEAL, "Something sold, from first word to payment"),
                _kind("ticket", "tickets", "subject", _TICKET, "A request for help"),
                _kind("article", "articles", "title", _ARTICLE, "An answer in the knowledge base"),
                _kind("testimonial", "testimonials", "title", _TESTIMONIAL, "What a customer said"),
                _kind("product", "products", "name", _PRODUCT, "Something that you sell"),
                _kind("campaign", "campaigns", "name", _CAMPAIGN, "A mailing to a segment"),
            )
        }
    )
