"""A file that does not say what its bytes mean: known words decide, else its letters, else a person."""

import pytest

from data.files.importing.reading.encodings import ENCODINGS
from data.files.importing.reading.file import read_file
from data.files.importing.sheet import UnreadableFile
from tests.unit.made_tables import cells

NAMES = {
    "cp1250": "Žofie Petrů", "iso8859_2": "Łucja Wąs", "mac_roman": "Jörg Åberg", "cp1251": "Ольга Ким",
    "cp1253": "Γιώργος Λεύκης", "cp1254": "Gülşen Yıldız", "cp850": "Renée Dupré", "cp932": "山田 太郎",
    "gb18030": "王小明", "cp949": "김민수", "mac_latin2": "Ondřej Krejčí", "cp1257": "Jānis Bērziņš",
    "koi8_u": "Іван Їжак", "cp852": "Šárka Nová", "cp1256": "ليلى حسن", "cp1255": "נועה לוי",
}  # fmt: skip
OTHERS = ("Ann Ågren", "Zoë Quinn", "Łukasz Wąs", "Иван Петров", "Éva Kovács")


def table(name: str) -> str:
    return f"Student,Module,Score\n{name},Fractions,84\n"


@pytest.mark.parametrize("encoding", NAMES)
def test_names_that_are_known_decide_what_a_file_is(encoding: str) -> None:
    name = NAMES[encoding]
    content = table(name).encode(encoding)
    sheet = read_file("a.csv", content, known=lambda: [*OTHERS, name])
    assert cells(sheet) == [(name, "Fractions", "84")]
    assert sheet.encoding
    assert f"The text is taken for {ENCODINGS[sheet.encoding]}." in sheet.assumed


def test_names_that_nobody_knows_leave_it_to_the_letters() -> None:
    text = table("Ольга Ким") + "Иван Петров,Fractions,70\nМария Соколова,Fractions,60\n"
    assert cells(read_file("a.csv", text.encode("cp1251")))[0][0] == "Ольга Ким"
    western = table("Jörg Müller") + "Éloïse Dupré,Fractions,70\n"
    assert cells(read_file("a.csv", western.encode("cp1252")))[0][0] == "Jörg Müller"


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_person_can_choose_every_encoding(encoding: str) -> None:
    content = table("Ann").encode(encoding)
    sheet = read_file("a.csv", content, encoding=encoding)
    assert cells(sheet) == [("Ann", "Fractions", "84")]
    assert sheet.encoding == encoding


def test_what_was_chosen_is_taken_and_what_cannot_be_is_refused_in_words() -> None:
    content = table("Žofie").encode("cp1250")
    assert cells(read_file("a.csv", content, encoding="mac_roman"))[0][0] == "éofie"
    with pytest.raises(UnreadableFile, match="The text is not UTF-8"):
        read_file("a.csv", content, encoding="utf-8")


def test_what_says_itself_what_it_is_is_never_guessed() -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        sheet = read_file("a.csv", table("Žofie").encode(encoding), known=lambda: 1 / 0)  # type: ignore[arg-type,return-value]
        assert (cells(sheet)[0][0], sheet.encoding) == ("Žofie", None)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_that_does_not_say_so_is_read(encoding: str) -> None:
    sheet = read_file("a.csv", table("Žofie").encode(encoding))
    assert cells(sheet)[0][0] == "Žofie"
