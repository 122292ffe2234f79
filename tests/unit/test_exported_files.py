"""What a CSV, a workbook and their names must be, to be safe wherever they are opened."""

import io
import re
import zipfile
from datetime import datetime, timedelta, timezone
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from data.files.exporting.delimited import as_csv
from data.files.exporting.names import file_name
from data.files.exporting.rows import Export
from data.files.exporting.workbook import as_xlsx
from tests.unit.exported import LATE, about, export, from_csv, from_xlsx, module, student


def part(made: Export, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(as_xlsx(made))) as parts:
        return parts.read(name).decode()


def test_csv_begins_with_a_byte_order_mark_and_ends_lines_as_rfc_4180_does() -> None:
    written = as_csv(export([student('O"Neil, Ann\nMay', "N")], [module(1)]))
    assert written.startswith(b"\xef\xbb\xbfStudent,")
    assert b'\r\n"O""Neil, Ann\nMay",3,' in written
    assert written.count(b"\r\n") == 3
    assert written.endswith(b"\r\n")


@pytest.mark.parametrize(
    ("name", "made_safe"),
    [
        *((f"{lead}{sign}1", f"'{lead}{sign}1")
          for sign in "=+-@\t\r＝＋－＠﹦−" for lead in ("", " ", '"', "'", "\u200b", "\ufeff", " \u202e(")),
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("\nx", "'\nx"),
        ("x;=1+1", "x;'=1+1"),
        ("x\n@SUM(A1)", "x\n'@SUM(A1)"),
        ("Anna-Maria", "Anna-Maria"),
        ("“Zoë” + co", "“Zoë” + co"),
        ("(Ann)", "(Ann)"),
        ("a\ud800b\x00", "a�b�"),
    ],
)  # fmt: skip
def test_no_text_of_a_csv_is_a_formula(name: str, made_safe: str) -> None:
    made = export([student(name, "N")], [module(1, name)])
    assert from_csv(made)[1][0] == made_safe
    assert from_csv(made)[0][6] == f"{made_safe}: status"


def test_a_negative_score_stays_a_number_in_csv() -> None:
    made = export([student("Ann", "C/-3")], [module(1, kind="assessment")])
    assert from_csv(made)[1][7] == "-3"


def test_hostile_names_take_no_longer_than_others() -> None:
    began = process_time()
    as_csv(export([student(" ;" * 50_000 + "\t" * 50_000, "N")], [module(1, "(" * 100_000)]))
    assert process_time() - began < 2


def test_the_sheet_is_frozen_filtered_and_free_of_formulas_and_links() -> None:
    names = ["=1+1", "http://evil.example", "123", "mailto:a@b.c", "{=A1}"]
    made = export(
        [student(name, "C100/85.1", LATE) for name in names], [module(1, kind="assessment")]
    )
    sheet = part(made, "xl/worksheets/sheet1.xml")
    assert '<pane xSplit="1" ySplit="1"' in sheet
    assert '<autoFilter ref="A1:H6"/>' in sheet  # not the totals
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert "<v>85.1</v>" in sheet
    assert 'formatCode="yyyy-mm-dd"' in part(made, "xl/styles.xml")
    assert 'quotePrefix="1"' in part(made, "xl/styles.xml")
    assert [row[0] for row in from_xlsx(made)[1:-1]] == names


def test_a_sheet_says_what_was_filtered_by_whom_and_when() -> None:
    made = export([student("Ann", "N;C/33.33333333333333333")],
                  [module(1), module(2, kind="assessment")], filters="Showing 1 of 9")  # fmt: skip
    said = about(made)
    expected = {
        "Class": "7 Blue", "What is shown": "Showing 1 of 9", "Made by": "Ms Ito",
        "Made at": datetime(2026, 11, 23, 0, 30), "Time zone of all dates": "Europe/Berlin (UTC+01:00)",  # noqa: DTZ001
        "Students": 1, "Modules": 2, "Cells": 2,
        "Scores with more than the 15 digits that Excel holds, rounded": 1,
    }  # fmt: skip
    assert {key: said[key] for key in expected} == expected
    assert "Failed" in said
    assert not any("characters" in str(key) for key in said)


def test_what_excel_cannot_hold_is_marked_and_counted() -> None:
    names = ["😀" * 20_000, "a" + "😀" * 20_000, "a\x01\ud800"]
    made = export([student(name, "N") for name in names], [module(1)])
    cut, between, replaced = (row[0] for row in from_xlsx(made)[1:4])
    assert cut == "😀" * 16_383 + "…"
    assert between == "a" + "😀" * 16_382 + "…"  # never half a character
    assert replaced == "a��"
    counted = {key: value for key, value in about(made).items() if str(key).startswith("Texts")}
    assert sorted(map(str, counted.values())) == ["1.0", "2.0"]


def test_progress_runs_from_0_to_1_and_never_back() -> None:
    heard: list[float] = []
    as_xlsx(export([student("Ann", "N")] * 120, [module(1)]), heard.append)
    assert heard == sorted(heard)
    assert (heard[0], heard[-1]) == (0, 1)
    assert len(heard) > 20


def test_500_students_by_50_modules_take_less_than_2_seconds() -> None:
    cells = [f"{'NIC'[n % 3]}{n % 101}/{n % 1000 / 10}{'f' * (n % 2)}" for n in range(25_000)]
    modules = [module(n, f"Module {n}", ["course", "assessment"][n % 2]) for n in range(50)]
    students = [student(f"S {n}", ";".join(cells[n * 50 : n * 50 + 50]), LATE) for n in range(500)]
    began = process_time()
    as_xlsx(export(students, modules))
    assert process_time() - began < 2


@pytest.mark.parametrize(
    ("title", "base"),
    [
        ("Mathematics 9A", "Mathematics 9A"),
        ("../../etc/passwd", "etc passwd"),
        ('a<b>c:d"e|f?g*h[i]\\j', "a b c d e f g h i j"),
        ("\u202eexe.9A\x00\x1f\ud800", "exe.9A"),
        ("a\nb\tc", "a b c"),
        ("...", "Class"),
        ("", "Class"),
        ("CON", "Class CON"),
        ("nul.txt", "Class nul.txt"),
        ("Com1 .x", "Class Com1 .x"),
        ("Console", "Console"),
        ("~$9A. ", "$9A"),
        ("ä" * 300, "ä" * 60),
    ],
)
def test_a_file_name_is_safe_everywhere(title: str, base: str) -> None:
    assert file_name(export([], [], title=title), "xlsx") == f"{base} 2026-11-23.xlsx"


@given(st.text(st.characters(codec=None), max_size=300))
def test_no_class_name_makes_an_unsafe_file_name(title: str) -> None:
    name = file_name(export([], [], title=title), "csv")
    assert len(name.encode()) <= 143
    assert not re.search(
        r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]', name
    )
    assert not name.startswith((".", "-", "~", " "))


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("9A: [x]/y?*\\", "9A x y"), ("'quoted'", "quoted"), ("😀" * 40, "😀" * 15 + "…"), ("", "Class"),
        ("HISTORY", "Class HISTORY"), ("about this File", "Class about this File"),
    ],
)  # fmt: skip
def test_a_sheet_name_is_one_that_excel_takes(title: str, name: str) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(as_xlsx(export([], [], title=title))))
    assert book.sheet_names == [name, "About this file"]


def test_the_zone_may_be_a_bare_offset() -> None:
    made = export([], [], zone=timezone(timedelta(hours=-3, minutes=-30)))
    assert about(made)["Time zone of all dates"] == "UTC-03:30 (UTC-03:30)"
