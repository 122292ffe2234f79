"""A OneRoster package: its results are read by the names in its other tables; a roster is told to be one."""

import io
import zipfile
from dataclasses import replace

import pytest

from data.files.importing.columns.recognising import recognise_table
from data.files.importing.judging.lines import judge
from data.files.importing.reading.file import read_file
from data.files.importing.sheet import UnreadableFile
from tests.unit.made_tables import ANN, BEN, NOW, ROSTER, SC, TEST, holding, told

USERS = """sourcedId,status,enabledUser,role,username,givenName,familyName,email
u-1,active,true,student,ann,Ann,Ågren,ann@example.org
u-2,active,true,student,ben,Ben,O'Neill,
"""
ITEMS = """sourcedId,status,title,resultValueMin,resultValueMax
i-1,active,Fractions test,0,50
i-2,active,Garden party,0,10
"""
RESULTS = """SOURCEDID,status,lineItemSourcedId,studentSourcedId,scoreStatus,score
r-1,active,i-1,u-1,fully graded,42
r-2,active,i-1,u-2,exempt,
r-3,tobedeleted,i-1,u-2,fully graded,50
r-4,active,i-2,u-9,fully graded,5
"""


def package(folder: str = "", **tables: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as parts:
        for name, text in {"manifest": "propertyName,value\n", **tables}.items():
            parts.writestr(f"{folder}{name}.csv", "\ufeff" + text)
    return packed.getvalue()


@pytest.mark.parametrize("folder", ["", "export/"])
def test_results_are_read_with_names_and_in_percent(folder: str) -> None:
    content = package(folder, users=USERS, lineItems=ITEMS, results=RESULTS)
    sheet = read_file("oneroster.zip", content)
    columns = recognise_table(sheet, ROSTER)
    assert columns.problems == ()
    lines = judge(sheet, columns, ROSTER, holding(), NOW).lines
    assert [line.line for line in lines] == [2, 3, 5]
    assert [(line.student, line.module) for line in lines[:2]] == [(ANN, TEST), (BEN, TEST)]
    assert lines[0].edit is not None
    assert lines[0].edit.changes == {SC: 84}
    assert lines[1].edit is None
    assert [problem.heading for problem in lines[2].problems] == ["Student", "Module"]
    assert sheet.notices == (
        "A OneRoster package: points are percent of each item’s highest possible.",
        "1 deleted result was left out.",
    )


def test_a_package_of_people_is_a_roster_and_results_alone_name_nobody() -> None:
    with pytest.raises(UnreadableFile, match="This is a roster"):
        read_file("oneroster.zip", package(users=USERS))
    with pytest.raises(UnreadableFile, match=r"no users\.csv and no lineitems\.csv"):
        read_file("oneroster.zip", package(results=RESULTS))
    assert read_file("a.zip", package(users=USERS, lineItems=ITEMS, results=RESULTS)).rows


def test_points_without_a_highest_possible_are_no_percent_and_any_encoding_is_read() -> None:
    items = ITEMS.replace("0,50", "0,")
    content = package(users=USERS, lineItems=items, results=RESULTS)
    sheet = read_file("oneroster.zip", content)
    line = judge(sheet, recognise_table(sheet, ROSTER), ROSTER, holding(), NOW).lines[0]
    assert "“42 of an unknown maximum”" in told(line)
    old = io.BytesIO()
    with zipfile.ZipFile(old, "w") as parts:
        for name, text in {"users": USERS, "lineItems": ITEMS, "results": RESULTS}.items():
            parts.writestr(f"{name}.csv", text.encode("cp1252"))
    assert read_file("a.zip", old.getvalue()).rows[0].cells[0] == ANN.name


def test_results_that_are_marked_in_part_are_said() -> None:
    results = RESULTS.replace("u-1,fully graded", "u-1,Partially graded")
    sheet = read_file("a.zip", package(users=USERS, lineItems=ITEMS, results=results))
    assert "1 result is marked only in part, and read like the others." in sheet.notices


def test_a_package_with_a_password_says_so() -> None:
    content = bytearray(package(users=USERS, lineItems=ITEMS, results=RESULTS))
    for mark, at in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        place = content.find(mark)
        while place >= 0:
            content[place + at] |= 1
            place = content.find(mark, place + 4)
    with pytest.raises(UnreadableFile, match="has a password"):
        read_file("a.zip", bytes(content))


def test_results_alone_are_read_by_the_ids_that_a_roster_brought() -> None:
    text = (
        "sourcedId,status,lineItemSourcedId,studentSourcedId,scoreStatus,score\n"
        "r-1,active,i-1,u-1,fully graded,42\nr-2,active,i-1,u-2,fully graded,50\n"
        "r-3,tobedeleted,i-1,u-2,fully graded,50\nr-4,active,i-1,u-404,fully graded,5\n"
    )
    known = replace(ROSTER, student_ids={"u-1": ANN.id, "u-2": BEN.id}, module_ids={"i-1": TEST.id})
    sheet = read_file("results.csv", text.encode())
    columns = recognise_table(sheet, known)
    assert columns.problems == ()
    assert "1 deleted result was left out." in columns.notices
    lines = judge(sheet, columns, known, holding(), NOW).lines
    assert [(one.line, one.student, one.module) for one in lines] == [
        (2, ANN, TEST),
        (3, BEN, TEST),
        (5, None, TEST),
    ]
    assert [one.edit.changes for one in lines if one.edit] == [{SC: 42}, {SC: 50}]
    with pytest.raises(UnreadableFile, match="first take its people"):
        recognise_table(sheet, ROSTER)


@pytest.mark.parametrize("table", ["users", "lineItems", "results"])
def test_a_package_that_was_damaged_on_the_way_is_refused_in_words(table: str) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as parts:
        for name, text in {"users": USERS, "lineItems": ITEMS, "results": RESULTS}.items():
            parts.writestr(f"{name}.csv", text * 50)
        damaged = parts.getinfo(f"{table}.csv")
    content = bytearray(packed.getvalue())
    begins = damaged.header_offset + len(damaged.FileHeader())
    content[begins : begins + 20] = b"\xff" * 20  # begins with no block that there is
    with pytest.raises(UnreadableFile):
        read_file("oneroster.zip", bytes(content))
