from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from plaincrm.core.schema.kinds import refusal
from plaincrm.core.values.raw import items
from plaincrm.errors import Refused
from plaincrm.interchange.cells import restore
from plaincrm.interchange.csv import stages, table
from plaincrm.interchange.csv.assumptions import of_columns, of_table
from plaincrm.interchange.csv.column import Locale, observe
from plaincrm.interchange.csv.draft import Draft, LinkHint, Reject, SkippedRow
from plaincrm.interchange.csv.mapping import choose
from plaincrm.interchange.csv.rejects import write_rejects
from plaincrm.interchange.csv.values import trimmed
from tests.interchange.csv.reading import SCHEMA, take


def opportunities(shared_data: Path) -> list[Draft]:
    return take(shared_data / "salesforce_dataloader" / "opportunityData.csv").drafts


def test_salesforces_opportunities_add_up(shared_data: Path) -> None:
    deals = opportunities(shared_data)
    money = {draft.key: Decimal(str(draft.fields.get("value", "0"))) for draft in deals}
    chance = {draft.key: Decimal(str(draft.fields["probability"])) / 100 for draft in deals}
    opened = [draft.key for draft in deals if draft.outcome == "open"]
    won = [draft.key for draft in deals if draft.outcome == "won"]
    assert (len(deals), len(opened), len(won)) == (38, 30, 8)
    assert sum(money[key] for key in opened) == 4_070_000
    assert sum(money[key] * chance[key] for key in opened) == 2_658_000
    assert sum(money[key] for key in won) == 2_200_000


def test_salesforces_deals_lead_to_its_accounts(shared_data: Path) -> None:
    accounts = take(shared_data / "salesforce_dataloader" / "accountData.csv")
    assert accounts.mapping.kind == "company"
    assert len(accounts.drafts) == 423
    keys = {draft.key for draft in accounts.drafts}
    for deal in opportunities(shared_data):
        (link,) = deal.links["company"]
        assert (link.kind, link.by) == ("company", "salesforce_id")
    assert any(deal.links["company"][0].value in keys for deal in opportunities(shared_data))


def test_the_stages_of_a_file_make_a_pipeline(shared_data: Path) -> None:
    seen = stages.seen(opportunities(shared_data))
    assert [(stage.name, stage.role, stage.probability, stage.count) for stage in seen][-1] == (
        "Closed Won",
        "won",
        Decimal(100),
        8,
    )
    assert [stage.probability for stage in seen[:-1]] == sorted(
        s.probability or 0 for s in seen[:-1]
    )
    assert sum(stage.count for stage in seen) == 38


def test_a_deal_that_is_over_closed_on_its_closing_day(shared_data: Path) -> None:
    for deal in opportunities(shared_data):
        assert deal.fields.get("closed") == (
            deal.fields["close_date"] if deal.outcome == "won" else None
        )


def test_what_salesforce_keeps_for_itself_is_dropped_and_named(shared_data: Path) -> None:
    mapping = take(shared_data / "salesforce_dataloader" / "opportunityData.csv").mapping
    assert {"SYSTEMMODSTAMP", "LASTMODIFIEDBYID", "ISDELETED"} <= set(mapping.dropped)
    assert mapping.columns["ORACLE_ID__C"] == "oracle_id"


def test_a_row_that_the_file_calls_deleted_is_skipped() -> None:
    text = (
        "ID,ISDELETED,NAME,STAGENAME,CLOSEDATE\n1,true,A,New,2024-01-01\n2,false,B,New,2024-01-01\n"
    )
    first, second = take(text).outcomes
    assert isinstance(first, SkippedRow)
    assert isinstance(second, Draft)


def test_blank_cells_leave_no_field_and_inherit_nothing() -> None:
    drafts = take("Name,Email,Phone\nA,a@x.org,1234567\nB,,\nC,c@x.org,\nD,,7654321\n").drafts
    assert [draft.fields for draft in drafts] == [
        {"name": "A", "email": "a@x.org", "phone": "1234567"},
        {"name": "B"},
        {"name": "C", "email": "c@x.org"},
        {"name": "D", "phone": "7654321"},
    ]


def test_unknown_columns_stay_as_own_fields_as_they_are() -> None:
    draft = take("Name,Email,Shoe Size,Größe\nAda,a@x.org,037,1.234\n").only
    assert (draft.fields["shoe_size"], draft.fields["größe"]) == ("037", "1.234")


def test_two_columns_of_one_meaning_lose_nothing() -> None:
    draft = take(
        "Name,Email,Website,Homepage,City,Town\nAda,a@x.org,https://a.org,https://b.org,Bonn,Köln\n"
    ).only
    assert draft.fields["links"] == {"website": "https://a.org", "website_2": "https://b.org"}
    assert (draft.fields["city"], draft.fields["town"]) == ("Bonn", "Köln")


def test_zip_and_country_stay_text() -> None:
    draft = take("Name,Email,PLZ,Land\nAda,a@x.org,02142,NO\n").only
    assert (draft.fields["zip"], draft.fields["country"]) == ("02142", "NO")


def test_formula_marks_are_taken_off() -> None:
    draft = take("Name,Email,Phone,Notes\n'=Ada,a@x.org,'+4930123456,'@home\n").only
    assert (draft.fields["name"], draft.fields["phone"], draft.body) == (
        "=Ada",
        "+4930123456",
        "@home",
    )


def test_a_value_that_cannot_be_read_rejects_its_row_naming_column_and_value() -> None:
    found = take(
        "Deal,Amount,Close"
        " Date\nA,1000,2024-01-01\nB,1000,wrongdate\nC,lots,2024-01-01\n,5,2024-01-01\n"
    )
    assert len(found.drafts) == 1
    assert [(reject.line, reject.reason) for reject in found.rejects] == [
        (3, 'Close Date: "wrongdate" is no date'),
        (4, 'Amount: "lots" is no amount of money'),
        (5, "no name"),
    ]


def test_a_foreign_status_stays_beside_ours() -> None:
    draft = take("Name,Email,Status\nAda,a@x.org,Very warm\n").only
    assert "status" not in draft.fields
    assert draft.fields["status_imported"] == "Very warm"


def test_links_by_id_and_by_name_speak_of_one_record() -> None:
    draft = take(
        "Record ID,Deal Name,Deal Stage,Associated Company IDs,Associated Company\n1,A,x,5,AE\n"
    ).only
    (link,) = draft.links["company"]
    assert link == LinkHint("company", "hubspot_id", "5", (LinkHint("company", "name", "AE"),))


def test_several_ids_in_a_cell_are_several_links() -> None:
    draft = take("Record ID,Deal Name,Deal Stage,Associated Contact IDs\n1,A,x,7;8\n").only
    assert [link.value for link in draft.links["contact"]] == ["7", "8"]


def test_a_person_without_a_name_goes_by_their_address() -> None:
    assert take("First Name,Last Name,Email\n,,ada@x.org\n").only.fields["name"] == "ada@x.org"


def test_rejects_are_written_mended_and_taken() -> None:
    text = (
        'Deal,Amount,Close Date\nA,1000,2024-01-01\n"B,'
        ' ""b""",lots,2024-01-01\nC,5,2024-01-01,over\n'
    )
    first = take(text)
    written = write_rejects(first.header, first.rejects)
    assert [row[3:5] for row in csv.reader(io.StringIO(written))][1:] == [
        ["3", 'Amount: "lots" is no amount of money'],
        ["4", "4 cells, but the header names 3"],
    ]
    again = take(written.replace("lots", "2000").replace(",over", ""))
    assert {
        name: word for name, word in again.mapping.columns.items() if word
    } == first.mapping.columns
    assert [draft.fields["name"] for draft in again.drafts] == ['B, "b"', "C"]
    assert not again.rejects


def test_unmended_rejects_are_rejected_for_the_same_reasons() -> None:
    first = take("Deal,Amount\nA,lots\nC,5,over\n")
    again = take(write_rejects(first.header, first.rejects))
    reasons = [
        reject.reason.replace("5 cells", "3 cells").replace("names 4", "names 2")
        for reject in again.rejects
    ]
    assert reasons == [reject.reason for reject in first.rejects]


def test_an_export_of_ours_is_known_by_its_ids() -> None:
    found = take(
        "id,name,email,company\nada-lovelace,Ada Lovelace,a@x.org,ae\nbob,Bob,b@x.org,ae\n"
    )
    assert found.mapping.key == ("id", "id")
    assert [(draft.key, draft.links["company"][0].by) for draft in found.drafts] == [
        ("ada-lovelace", "id"),
        ("bob", "id"),
    ]
    assert "id" not in found.drafts[0].fields


def test_foreign_ids_never_become_ours() -> None:
    assert take("id,name,email\n370326,Ada,a@x.org\n370327,Bob,b@x.org\n").mapping.key == (
        "external_id",
        "id",
    )


def test_every_file_of_salesforces_tests_is_read_or_refused(shared_data: Path) -> None:
    refused = []
    for path in sorted((shared_data / "salesforce_dataloader" / "tests").glob("*.csv")):
        try:
            found = take(path)
        except Refused:
            refused.append(path.name)
        else:
            assert found.outcomes, path.name
            assert not any("\0" in name for name in found.header)
    assert refused == ["csvtext_BOM_UTF32BE.csv", "csvtext_BOM_UTF32LE.csv"]


def test_naughty_strings_come_through_as_they_are(shared_data: Path) -> None:
    strings = [
        text
        for text in json.loads((shared_data / "blns" / "blns.json").read_text())
        if text.strip()
    ]
    out = io.StringIO(newline="")
    csv.writer(out).writerows(
        [["Name", "Email", "Own"], *([f"n{at}", "", text] for at, text in enumerate(strings))]
    )
    found = take(out.getvalue())
    assert len(found.drafts) == len(strings)
    for draft, text in zip(found.drafts, strings, strict=True):
        assert draft.fields.get("own", "") == trimmed(restore(text))


def test_what_was_taken_for_granted_is_said() -> None:
    text = "Deals of 2024\n\nDeal;Amount;Close Date\nA;1,500;3/4/2024\nB;2,500;4/4/2024\n"
    found = table.read(io.BytesIO(text.encode()))
    rows = list(found.rows)
    mapping, columns = choose(found.header, rows, SCHEMA), observe(found.header, rows)
    said = "\n".join(
        [*of_table(found), *of_columns(columns, mapping, SCHEMA, Locale("DE", "de", "EUR"))]
    )
    for part in (
        "UTF-8",
        "semicolons",
        "line 3",
        "Amount: 1.234 or 1,234?",
        "read as day/month".capitalize(),
    ):
        assert part in said


CELL = st.one_of(
    st.text(st.characters(codec="utf-8"), max_size=15),
    st.sampled_from(
        [
            "",
            "a@x.org",
            "3/4/2024",
            "1.234,5",
            "=1+1",
            "'+49",
            "lead",
            "yes",
            "AE; BE",
            "\n",
            "* myContacts",
        ]
    ),
)
HEADERS = [
    "Name,Email,Phone,Company,Birthday,Status,Tags,Notes,Own",
    (
        "First Name,Last Name,Labels,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Value,Organization"
        " Name,Website 1 - Value,X"
    ),
    "Deal,Amount,Currency,Stage,Probability,Close Date,Company,Contact,Y",
    (
        "Deal - Title,Person - Name,Person - First name,Person - Phone,Organization - Name,Deal -"
        " Value,Deal - Status,A,B"
    ),
    (
        "Activity Type,Activity Date,Notes/Description,Associated Contact"
        " Email,Subject,Outcome,Activity ID,C,D"
    ),
]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(HEADERS), st.lists(st.tuples(*[CELL] * 9), min_size=1, max_size=4))
def test_every_row_is_a_sound_draft_or_a_reject_and_none_is_lost(
    header: str, rows: list[tuple[str, ...]]
) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows(
        rows
    )  # else a cell `;` in one short row may look like a mark
    found = take(f"{header}\n{out.getvalue()}".replace("\0", ""))
    assert all(isinstance(outcome, Draft | Reject) for outcome in found.outcomes)
    for draft in (each for main in found.drafts for each in (main, *main.beside)):
        kind = SCHEMA.kinds.get(draft.kind)
        for name, raw in draft.fields.items() if kind else ():
            field = kind.fields.get(name) if kind else None
            for item in items(raw) if field and not field.by else ():
                assert item.text and not refusal(field, item.text)
