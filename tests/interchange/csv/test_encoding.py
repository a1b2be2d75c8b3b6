from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaincrm.errors import Refused
from plaincrm.interchange.csv import table
from plaincrm.interchange.csv.encoding import sniff

ROWS = [("row1-1", "row1-2", "row1-3"), ("row2-1", "row2-2", "row2-3")]


@pytest.mark.parametrize(
    "name", ["csvtext", "csvtext_BOM_UTF8", "csvtext_BOM_UTF16BE", "csvtext_BOM_UTF16LE"]
)
def test_reads_each_of_salesforces_encodings(shared_data: Path, name: str) -> None:
    with (shared_data / "salesforce_dataloader" / "tests" / f"{name}.csv").open("rb") as stream:
        read = table.read(stream)
        assert read.header == ("column1", "column2", "column3")
        assert [row.cells for row in read.rows] == ROWS


@pytest.mark.parametrize("name", ["csvtext_BOM_UTF32BE", "csvtext_BOM_UTF32LE"])
def test_refuses_utf32_under_the_mark_of_utf16(shared_data: Path, name: str) -> None:
    data = (shared_data / "salesforce_dataloader" / "tests" / f"{name}.csv").read_bytes()
    with pytest.raises(Refused, match="byte order mark is wrong"):
        sniff(data)


def test_salesforces_own_sample_is_cp1252_far_below_its_head(shared_data: Path) -> None:
    with (shared_data / "salesforce_dataloader" / "accountData.csv").open("rb") as stream:
        assert sniff(stream).name == "cp1252"
        names = {row.cells[3] for row in table.read(stream).rows}
    assert any(name.startswith("Crédito") for name in names)


TEXTS = {
    "utf-8": "Name,Ort\nJürgen,Köln\n山田,東京\n",
    "utf-16-le": "Name,City\nAda,London\n",
    "utf-16-be": "Name,City\nAda,London\n",
    "cp1252": (
        "Name,Ort\nJosé Müller,Köln\nFrançois L’Été,5 € Orléans – Nord\nØystein Åsheim,Tromsø\n"
    ),
    "cp1250": (
        "Imię,Miasto\nŁukasz Żółtowski,Łódź\nGrażyna Świątek,Kraków\nMichał Wójcik,Wrocław\nPaweł"
        " K,Gdańsk\n"
    ),
    "cp1251": (
        "Имя,Город\nАнна Петрова,Москва\nДмитрий Соколов,Санкт-Петербург\nОльга"
        " Смирнова,Новосибирск\n"
    ),
    "shift_jis": "名前,会社\n山田太郎,日本株式会社\n鈴木花子,東京商事株式会社\n",
}


@pytest.mark.parametrize("name", TEXTS)
def test_text_comes_back_without_mojibake(name: str) -> None:
    text = TEXTS[name]
    assert text.encode(name).decode(sniff(text.encode(name)).name) == text


@pytest.mark.parametrize("name", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_is_believed_and_taken_off(name: str) -> None:
    read = table.read(io.BytesIO("Name,Ort\nJürgen,Köln\n".encode(name)))
    assert read.encoding.bom
    assert read.header == ("Name", "Ort")


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"PK\x03\x04\x14\x00\x06\x00", "Excel workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel"),
        (b"%PDF-1.7\n", "PDF"),
        (b"<!DOCTYPE html><html>", "web page"),
        (b"", "empty"),
        (b"\xef\xbb\xbf\r\n \n", "empty"),
        (b"Name,City\nA\0da,Lon\0don\n\0\0\0", "NUL"),
        (b"Name\nM\xc3\xbcller K\xc3\xb6ln J\xfcrgen\n", "nearly all UTF-8"),
        (b"\xff\xfeN\x00a\x00m\x00e\x00\n\x00x", "claims to be UTF-16"),
    ],
)
def test_refuses_what_it_cannot_read_surely_and_says_what_it_looks_like(
    data: bytes, what: str
) -> None:
    with pytest.raises(Refused) as refused:
        sniff(data)
    assert what in refused.value.message
    assert refused.value.hint


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1).filter(str.strip))
def test_what_is_valid_utf8_is_read_as_utf8(text: str) -> None:
    try:
        name = sniff(("a" + text).encode()).name
    except Refused as refused:
        assert "NUL" not in refused.message
    else:
        assert name == "utf-8"


@given(st.binary(max_size=300))
def test_no_bytes_ever_give_a_nul_or_another_error(data: bytes) -> None:
    try:
        encoding = sniff(data)
    except Refused:
        return
    assert "\0" not in data.decode(encoding.name)


@pytest.mark.parametrize(
    "data", [bytes(range(256)), bytes(range(256)) * 9, b"\0\1\2\3", b"\0\1\2\3\4\5\6\7" * 50]
)
def test_bytes_that_count_up_are_no_utf16(data: bytes) -> None:
    with pytest.raises(Refused):
        sniff(data)
