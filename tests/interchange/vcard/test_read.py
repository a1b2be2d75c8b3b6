"""What real programs export arrives: the expectations were read off the files by eye."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from plaincrm.core.schema.builtin import schema
from plaincrm.errors import Refused
from plaincrm.interchange.csv.draft import Draft, Reject, SkippedRow
from plaincrm.interchange.vcard.read import ContactFile


def outcomes(data: bytes | str) -> list[Draft | Reject | SkippedRow]:
    data = data.encode() if isinstance(data, str) else data
    return list(ContactFile(io.BytesIO(data), schema()).outcomes())


def card(*lines: str, version: str = "3.0") -> Draft:
    (found,) = outcomes("\r\n".join(["BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""]))
    assert isinstance(found, Draft), found
    return found


def drafts(folder: Path, name: str) -> list[Draft]:
    found = outcomes((folder / "vcard" / name).read_bytes())
    assert all(isinstance(each, Draft) for each in found)
    return [each for each in found if isinstance(each, Draft)]


def firms(draft: Draft) -> list[str]:
    return [hint.value for hint in draft.links.get("company", ())]


JOHN = {"job": "Money Counter", "nickname": "Johny"}
NEW_YORK = {
    "city": "New York",
    "region": "New York",
    "zip": "12345",
    "country": "United States of America",
}
REAL = {
    "John_Doe_BLACK_BERRY.vcf": [
        ({"name": "John Doe", "phone": "+96123456789"}, ["Acme Solutions"], "")
    ],
    "John_Doe_EVOLUTION.vcf": [
        (
            {
                **JOHN,
                "name": "Mr. John Richter, James Doe Sr.",
                "email": "john.doe@ibm.com",
                "phone": {"mobile": "905-666-1234", "work": "905-555-1234"},
                "birthday": "1980-03-22",
                "address": "ASB-123, 15 Crescent moon drive",
                "city": "Albaney",
                "tags": "VIP",
                "links": {"website": "http://www.ibm.com"},
                "vcard_uid": "477343c8e6bf375a9bac1f96a5000837",
                "spouse": "Maria",
                "department": "Accounting, Dungeon",
                "manager": "Big Blue",
                "aim": "johnny5@aol.com",
            },
            ["IBM"],
            "POSSIBILITY OF SUCH DAMAGE.",
        )
    ],
    "John_Doe_GMAIL.vcf": [
        (
            {
                "name": "Mr. John Richter, James Doe Sr.",
                "email": "john.doe@ibm.com",
                "birthday": "1980-03-22",
                "phone": {"mobile": "905-555-1234", "home": "905-666-1234"},
                "anniversary": "1975-03-01",
                "address": (
                    "Crescent moon drive, 555-asd, Nice Area, Albaney, New York 12345, United"
                    " States of America"
                ),
                "links": {"work": "http://www.ibm.com"},
                "spouse": "Jenny",
            },
            ["IBM"],
            "DAMAGE.\nFavotire Color: Blue",
        )
    ],
    "John_Doe_IPHONE.vcf": [
        (
            {
                **JOHN,
                **NEW_YORK,
                "name": "Mr. John Richter James Doe Sr.",
                "email": "john.doe@ibm.com",
                "phone": {
                    "mobile": "905-555-1234",
                    "home": "905-666-1234",
                    "work": "905-777-1234",
                    "home_fax": "905-888-1234",
                    "work_fax": "905-999-1234",
                    "pager": "905-111-1234",
                    "assistant_phone": "905-222-1234",
                },
                "birthday": "2012-06-06",
                "address": "Silicon Alley 5,",
                "links": {"home_page": "http://www.ibm.com"},
                "address_work": "Street4, Building 6, Floor 8, New York, 12345, USA",
            },
            ["IBM"],
            "",
        )
    ],
    "John_Doe_LOTUS_NOTES.vcf": [
        (
            {
                "name": "Mr. Doe John I Johny",
                "email": {"work": "john.doe@ibm.com", "work_2": "billy_bob@gmail.com"},
                "phone": {"mobile": "+1 (212) 204-34456", "work_fax": "00-1-212-555-7777"},
                "birthday": "1980-05-21",
                "address": "25334, South cresent drive, Building 5, 3rd floo r",
                "zip": "NYC887",
                "country": "U.S.A.",
                "vcard_uid": "0e7602cc-443e-4b82-b4b1-90f62f99a199",
                "role": "Counting Money",
            },
            ["IBM"],
            "IF ADVISED OF THE\n POSSIBILITY OF SUCH DAMAGE.",
        )
    ],
    "John_Doe_MAC_ADDRESS_BOOK.vcf": [
        (
            {
                **JOHN,
                **NEW_YORK,
                "name": "Mr. John Richter,James Doe Sr.",
                "email": "john.doe@ibm.com",
                "birthday": "2012-06-06",
                "address": "Silicon Alley 5,",
                "spouse": "Jenny",
                "phone": {
                    "work": "905-777-1234",
                    "home": "905-666-1234",
                    "mobile": "905-555-1234",
                    "home_fax": "905-888-1234",
                    "work_fax": "905-999-1234",
                    "pager": "905-111-1234",
                    "assistant_phone": "905-222-1234",
                },
            },
            ["IBM"],
            "Favotire Color: Blue",
        )
    ],
    "John_Doe_MS_OUTLOOK.vcf": [
        (
            {
                **JOHN,
                "name": "Mr. John Richter James Doe Sr.",
                "email": "john.doe@ibm.cm",
                "birthday": "1980-03-22",
                "phone": {"work": "(905) 555-1234", "home": "(905) 666-1234"},
                "address": "Cresent moon drive",
                "address_home": (
                    "Silicon Alley 5,, New York, New York, 12345, United States of America"
                ),
                "links": {"work": "http://www.ibm.com"},
                "manager": "Big Blue",
                "assistant": "Jenny",
            },
            ["IBM"],
            "POSSIBILITY OF SUCH DAMAGE.",
        )
    ],
    "rfc2426-example.vcf": [
        (
            {
                "name": "Frank Dawson",
                "email": ["Frank_Dawson@Lotus.com", "fdawson@earthlink.net"],
                "phone": {"work": "+1-919-676-9515", "work_fax": "+1-919-676-9564"},
                "zip": "27613-3502",
            },
            ["Lotus Development Corporation"],
            "",
        ),
        (
            {"name": "Tim Howes", "email": "howes@netscape.com", "zip": "94043"},
            ["Netscape Communications Corp."],
            "",
        ),
    ],
    "rfc6350-example.vcf": [
        (
            {
                "name": "Simon Perreault",
                "birthday": "02-03",
                "email": "simon.perreault@viagenie.ca",
                "phone": {"work": "+1-418-656-9254 ext 102", "work_mobile": "+1-418-262-6501"},
                "language": "fr",
                "address": "Suite D2-630, 2875 Laurier",
                "city": "Quebec",
                "region": "QC",
                "zip": "G1V 2M2",
            },
            ["Viagenie"],
            "",
        )
    ],
}


@pytest.mark.parametrize("name", sorted(REAL))
def test_what_a_real_program_exports_arrives(shared_data: Path, name: str) -> None:
    found = drafts(shared_data, name)
    assert len(found) == len(REAL[name])
    for draft, (fields, companies, end_of_note) in zip(found, REAL[name], strict=True):
        assert {key: draft.fields.get(key) for key in fields} == fields
        assert firms(draft) == companies
        assert [each.fields["name"] for each in draft.beside] == companies
        assert draft.body.rstrip().endswith(end_of_note) if end_of_note else not draft.body


def test_an_android_phone(shared_data: Path) -> None:
    found = drafts(shared_data, "John_Doe_ANDROID.vcf")
    assert [draft.fields["name"] for draft in found] == [
        "john.doe@company.com",
        "jane.doe@company.com",
        "Ñ Ñ Ñ Ñ Ñ",
        "Ñ Ñ Ñ Ñ Ñ Ñ Ñ Ñ Ñ Ñ Ñ",
        "Ñ Ñ Ñ Ñ",
        "ÑÑÑÑ",
    ]
    assert found[3].fields["phone"] == {
        "mobile": "123456",
        "home": "234567",
        "mobile_2": "3456789",
        "home_2": "45678901",
    }
    assert found[3].body.count("Ñ") == 2 * 21
    assert found[4].fields["email"] == "bob@company.com"
    assert found[4].fields["email_imported"] == "Ñ" * 14, "no address, yet not lost"
    assert firms(found[4]) == ["Ñ" * 12]


def test_pictures_are_left_out_and_counted(shared_data: Path) -> None:
    with (shared_data / "vcard" / "John_Doe_ANDROID.vcf").open("rb") as stream:
        file = ContactFile(stream, schema())
        list(file.outcomes())
    assert file.left_out == {"photo": 1}


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("BDAY:--0901", "09-01"),
        ("BDAY:--09-01", "09-01"),
        ("BDAY:19850901", "1985-09-01"),
        ("BDAY:1985-09-01T00:00:00Z", "1985-09-01"),
        ("BDAY;X-APPLE-OMIT-YEAR=1604:1604-09-01", "09-01"),
    ],
)
def test_birthdays_with_and_without_a_year(line: str, day: str) -> None:
    assert card("FN:Ada", line).fields["birthday"] == day


def test_what_a_field_can_not_hold_is_kept_beside_it() -> None:
    draft = card("FN:Ada", "BDAY:in spring", "TEL:ask Bob", "EMAIL:none", "TEL:123456")
    assert draft.fields["birthday_imported"] == "in spring"
    assert draft.fields["phone"] == "123456"
    assert (draft.fields["phone_imported"], draft.fields["email_imported"]) == ("ask Bob", "none")
    assert "birthday" not in draft.fields and "email" not in draft.fields


def test_some_with_labels_and_some_without_keep_theirs() -> None:
    draft = card("FN:Ada", "TEL:123456", "TEL;TYPE=home:234567")
    assert draft.fields["phone"] == {"main": "123456", "home": "234567"}


def test_the_parts_of_a_name_where_it_lacks_some() -> None:
    assert card("N:Lovelace;Ada;;;").fields["name"] == "Ada Lovelace"
    draft = card("FN:Countess Ada", "N:Lovelace;Ada;;;")
    assert draft.fields["name"] == "Countess Ada"
    assert draft.fields["full_name"] == "Ada Lovelace"
    assert card("ORG:Fjord AS").fields["name"] == "Fjord AS"


def test_escapes_are_undone_but_not_in_old_cards() -> None:
    assert card("FN:a\\,b\\;c\\\\d\\ne", "NOTE:one\\ntwo").body == "one\ntwo"
    assert card("FN:x", "ORG:A\\;B\\, C;Sales").beside[0].fields["name"] == "A;B, C"
    assert card("FN:x", "NOTE:C:\\new\\temp", version="2.1").body == "C:\\new\\temp"


def test_quoted_printable_goes_on_over_lines_in_its_own_charset() -> None:
    draft = card("FN;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:M=FC=", "ller", version="2.1")
    assert draft.fields["name"] == "Müller"
    draft = card("FN:x", "NOTE;ENCODING=QUOTED-PRINTABLE:a=0D=0Ab=", "=", "", version="2.1")
    assert draft.body == "a\nb"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r\r\n", "\r"])
def test_encodings_and_line_ends(encoding: str, end: str) -> None:
    text = end.join(
        ["BEGIN:VCARD", "VERSION:3.0", "FN:Jürgen Müller", "NOTE:ein Sa", " tz", "END:VCARD"]
    )
    (draft,) = outcomes(text.encode(encoding))
    assert isinstance(draft, Draft)
    assert (draft.fields["name"], draft.body) == ("Jürgen Müller", "ein Satz")


def test_a_firm_is_a_company_and_a_group_is_nobody() -> None:
    assert card("FN:Fjord AS", "KIND:org", version="4.0").kind == "company"
    assert card("ORG:Fjord AS", "FN:Fjord AS", "X-ABShowAs:COMPANY").kind == "company"
    (group,) = outcomes("BEGIN:VCARD\nVERSION:4.0\nKIND:group\nFN:Friends\nEND:VCARD")
    assert isinstance(group, SkippedRow)


def test_a_card_of_nobody_is_rejected_with_its_line() -> None:
    first, second = outcomes(
        "BEGIN:VCARD\nFN:Ada\nEND:VCARD\nBEGIN:VCARD\nVERSION:3.0\nNOTE:x\nEND:VCARD"
    )
    assert isinstance(first, Draft)
    assert isinstance(second, Reject) and second.line == 4
    assert second.cells == ("BEGIN:VCARD\nVERSION:3.0\nNOTE:x\nEND:VCARD\n",)


def test_a_card_within_a_card_stays_its_own_business() -> None:
    draft = card(
        "FN:Boss", "AGENT:", "BEGIN:VCARD", "FN:Agent", "TEL:123456", "END:VCARD", version="2.1"
    )
    assert draft.fields["name"] == "Boss" and "phone" not in draft.fields


@pytest.mark.parametrize(
    "data", [b"", b"name,email\n", b"PK\x03\x04BEGIN:VCARD", b"BEGIN:VCARD\n\0\0\xff\xfe\0\0\0"]
)
def test_what_is_no_vcard_file_is_refused(data: bytes) -> None:
    with pytest.raises(Refused):
        outcomes(data)


def test_a_line_without_end_is_refused() -> None:
    with pytest.raises(Refused, match="longer"):
        outcomes(b"BEGIN:VCARD\nNOTE:" + b"x" * (1 << 25))


def test_a_formatted_name_that_a_list_would_sort_is_put_in_order() -> None:
    draft = card("FN:Müller\\, Björn", "N:Müller;Björn;;;")
    assert draft.fields["name"] == "Björn Müller"
    assert card("FN:Firma\\, Nord", "N:;;;;").fields["name"] == "Firma, Nord"
