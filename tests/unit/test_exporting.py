"""Files say what the screen says: read back with the csv module and calamine, for any name and any cell."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from time import process_time
from uuid import UUID
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from dashboard.components import status as looks
from data.exporting import MARKS, Cell, Export, as_csv, as_xlsx, file_name, parse_cell
from data.progress import Status
from data.queries import MatrixModule, MatrixStudent, Module

NOT, IN, DONE = Status.NOT_STARTED, Status.IN_PROGRESS, Status.COMPLETED
BERLIN = ZoneInfo("Europe/Berlin")
LATE = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)  # the 23rd in Berlin
REPLACED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def module(number: int, name: str = "Fractions", kind: str = "course") -> MatrixModule:
    return MatrixModule(Module(UUID(int=number), name, kind, Decimal(50)), 3, 2, 1)


def student(name: str, cells: str, last: datetime | None = None) -> MatrixStudent:
    return MatrixStudent(UUID(int=1), name, cells, 3, 2, 1, last, False)


def export(students: list[MatrixStudent], modules: list[MatrixModule], **changes: object) -> Export:
    order = tuple(each.module.id for each in modules)
    made = Export("7 Blue", tuple(modules), tuple(students), order, "All", "Ms Ito", LATE, BERLIN)
    return replace(made, **changes)  # type: ignore[arg-type]


def from_csv(made: Export) -> list[list[str]]:
    return list(csv.reader(io.StringIO(as_csv(made).decode("utf-8-sig"), newline=""), strict=True))


def from_xlsx(made: Export, sheet: int = 0) -> list[list[object]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(as_xlsx(made)))
    return [list(row) for row in book.get_sheet_by_index(sheet).to_python(skip_empty_area=False)]


def part(made: Export, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(as_xlsx(made))) as parts:
        return parts.read(name).decode()


def about(made: Export) -> dict[object, object]:
    return {row[0]: row[1] for row in from_xlsx(made, 1)}


# --- one cell ---

D = Decimal


@pytest.mark.parametrize(
    ("written", "cell"),
    [
        ("N", Cell(NOT, None, None, "")),
        ("I40", Cell(IN, 40, None, "")),
        ("C100/85.5fe", Cell(DONE, 100, D("85.5"), "fe")),
        ("C100/45.5ef", Cell(DONE, 100, D("45.5"), "fe")),
        ("C100/85.5e", Cell(DONE, 100, D("85.5"), "e")),
        ("C/1e2", Cell(DONE, None, D("100"), "")),
        ("C/-3spp", Cell(DONE, None, D(-3), "ps")),
        ("", Cell(None, None, None, "")),
        *(
            (bad, Cell(None, None, None, "p"))
            for bad in (
                "?",
                "X",
                "C/",
                "C/--1",
                "C/.",
                "C/nan",
                "C/1e999",
                "C1x",
                "N\n",
                "C٣",
                " N",
            )
        ),
        ("C/1e9999999999999999999", Cell(None, None, None, "p")),
    ],
)
def test_a_cell_is_read_and_a_malformed_one_is_a_problem(written: str, cell: Cell) -> None:
    assert parse_cell(written) == cell


def test_the_words_are_those_of_the_screen() -> None:
    assert [(mark, word) for mark, (word, _) in MARKS.items()] == [
        (mark, look.word.lower()) for mark, look in looks.MARKS.items()
    ]
    assert [each.label for each in Status] == [look.word for look in looks.STATUSES.values()]


# What model.js draws for each: a word and a figure, by module type. XLSX has the same as a number.
@pytest.mark.parametrize(
    ("cell", "kind", "word", "figure"),
    [
        ("C100/85.55fe", "assessment", "Completed, failed, edited by staff", "85.55"),
        ("C100/85.55", "course", "Completed", "100"),
        ("C100", "assessment", "Completed", "100%"),
        ("I0", "course", "In progress", "0"),
        ("I0/0s", "assessment", "In progress, stuck", "0"),
        ("N0", "course", "Not started", ""),
        ("N0", "assessment", "Not started", ""),
        ("N5", "course", "Not started", "5"),
        ("C/104p", " Assessment quiz", "Completed, data problem", "104"),
        ("C/85.1", "assessment", "Completed", "85.1"),
        ("garbage", "course", "Unreadable, data problem", ""),
        ("", "course", "Not in this module", ""),
    ],
)
def test_word_and_figure_are_those_of_the_screen(
    cell: str, kind: str, word: str, figure: str
) -> None:
    made = export([student("Ann", cell)], [module(1, kind=kind)])
    assert from_csv(made)[1][5:] == [word, figure]
    number = figure if figure.endswith("%") or not figure else float(figure)
    assert from_xlsx(made)[1][5:] == [word, number]


# --- the table ---


def test_the_table_has_heads_rows_in_the_order_given_and_totals() -> None:
    students = [student("Zoë", "I40;C100/85.5", LATE), student("Ann", "N;C100")]
    made = export(students, [module(1), module(2, "Test", "assessment")])
    totals = "3 completed, 2 in progress, 1 not started"
    lead = ["Student", "Completed", "In progress", "Not started", "Last activity"]
    modules = ["Fractions: status", "Fractions: %", "Test: status", "Test: score"]
    assert from_csv(made) == [
        [*lead, *modules],
        ["Zoë", "3", "2", "1", "2026-11-23", "In progress", "40", "Completed", "85.5"],
        ["Ann", "3", "2", "1", "", "Not started", "", "Completed", "100%"],
        ["Total, 2 students", "6", "4", "2", "", totals, "", totals, ""],
    ]
    assert from_xlsx(made) == [
        [*lead, *modules],
        ["Zoë", 3, 2, 1, date(2026, 11, 23), "In progress", 40, "Completed", 85.5],
        ["Ann", 3, 2, 1, "", "Not started", "", "Completed", "100%"],
        ["Total, 2 students", 6, 4, 2, "", totals, "", totals, ""],
    ]


def test_hidden_modules_are_left_out_and_moved_ones_keep_their_cells() -> None:
    one, two, three, unknown = module(1), module(2), module(3), module(4)
    order = tuple(each.module.id for each in (one, two, three))
    made = export([student("Ann", "I1;I2;I3;I4")], [three, one, unknown], cell_order=order)
    unreadable = ["Unreadable, data problem", ""]
    assert from_csv(made)[1][5:] == ["In progress", "3", "In progress", "1", *unreadable]


def test_a_row_with_too_few_cells_says_so() -> None:
    row = from_csv(export([student("Ann", "C100")], [module(1), module(2)]))[1]
    assert row[5:] == ["Completed", "100", "Unreadable, data problem", ""]


@pytest.mark.parametrize("students", [[], [student("Ann", "")]])
@pytest.mark.parametrize("modules", [[], [module(1)]])
def test_an_empty_matrix_is_still_a_file(
    students: list[MatrixStudent], modules: list[MatrixModule]
) -> None:
    made = export(students, modules)
    assert len(from_csv(made)) == len(from_xlsx(made)) == 2 + len(students)
    assert {len(row) for row in from_csv(made)} == {5 + 2 * len(modules)}


# --- any name, any cell ---

anything = st.text(st.characters(codec=None), max_size=30) | st.sampled_from(
    ["<r>x", "<r></r>", "<r><t>x</t></r>", "_x0041_", "a\r\nb", '"', ";=1", "\ufeff", " ", "1e5"]
)
cell_texts = anything | st.from_regex(r"[NIC][0-9]{0,3}(/[0-9]{1,2}(\.[0-9]{1,4})?)?[fsepk]{0,3}")
rows = st.lists(st.tuples(anything, st.lists(cell_texts, min_size=2, max_size=2)), max_size=4)


@settings(deadline=None)
@given(rows, anything, anything, anything)
def test_whatever_is_on_the_screen_can_be_read_back(
    drawn: list[tuple[str, list[str]]], first: str, title: str, said: str
) -> None:
    students = [student(name, ";".join(cells)) for name, cells in drawn]
    modules = [module(1, first), module(2, kind="assessment")]
    made = export(students, modules, title=title, filters=said, author=said)
    names = [REPLACED.sub("�", each.name) for each in students]
    assert [row[0] for row in from_xlsx(made)[1:-1]] == names
    unmarked = [row[0].replace("'", "") for row in from_csv(made)[1:-1]]
    assert unmarked == [name.replace("'", "") for name in names]
    assert from_xlsx(made)[0][5] == REPLACED.sub("�", f"{first}: status")
    assert about(made)["What is shown"] == REPLACED.sub("�", said)
    with zipfile.ZipFile(io.BytesIO(as_xlsx(made))) as parts:
        for each in parts.namelist():
            ElementTree.fromstring(parts.read(each))


@settings(deadline=None)
@given(rows)
def test_both_files_say_the_same(drawn: list[tuple[str, list[str]]]) -> None:
    made = export(
        [student("Ann", ";".join(cells)) for _, cells in drawn],
        [module(1), module(2, kind="assessment")],
    )
    for line, row in zip(from_csv(made)[1:], from_xlsx(made)[1:], strict=True):
        for plain, value in zip(line, row, strict=True):
            assert plain == value or float(plain) == pytest.approx(value, rel=1e-14)


@settings(deadline=None)
@given(st.datetimes(timezones=st.timezones()), st.timezones())
def test_any_moment_is_a_day_in_the_viewers_zone(moment: datetime, zone: ZoneInfo) -> None:
    made = export([student("Ann", "", moment)], [], zone=zone, made_at=moment)
    plain, day = from_csv(made)[1][4], from_xlsx(made)[1][4]
    assert plain == (day.isoformat() if isinstance(day, date) else day)
    assert isinstance(day, date) == (date.fromisoformat(plain).year > 1900)
    assert file_name(made, "csv").startswith("7 Blue ")


@pytest.mark.parametrize(
    "last", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)]
)
@pytest.mark.parametrize("hours", [-9, 9])
def test_the_first_and_the_last_day_there_is_are_days_everywhere(
    last: datetime, hours: int
) -> None:
    zone = timezone(timedelta(hours=hours))
    made = export([student("Ann", "", last)], [], zone=zone, made_at=last)
    assert from_csv(made)[1][4] == last.date().isoformat()
    assert len(from_xlsx(made)) == 3


# --- CSV ---


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
    assert from_csv(made)[0][5] == f"{made_safe}: status"


def test_a_negative_score_stays_a_number_in_csv() -> None:
    made = export([student("Ann", "C/-3")], [module(1, kind="assessment")])
    assert from_csv(made)[1][6] == "-3"


def test_hostile_names_take_no_longer_than_others() -> None:
    began = process_time()
    as_csv(export([student(" ;" * 50_000 + "\t" * 50_000, "N")], [module(1, "(" * 100_000)]))
    assert process_time() - began < 2


# --- XLSX ---


def test_the_sheet_is_frozen_filtered_and_free_of_formulas_and_links() -> None:
    names = ["=1+1", "http://evil.example", "123", "mailto:a@b.c", "{=A1}"]
    made = export(
        [student(name, "C100/85.1", LATE) for name in names], [module(1, kind="assessment")]
    )
    sheet = part(made, "xl/worksheets/sheet1.xml")
    assert '<pane xSplit="1" ySplit="1"' in sheet
    assert '<autoFilter ref="A1:G6"/>' in sheet  # not the totals
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


# --- names ---


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


@settings(deadline=None)
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
