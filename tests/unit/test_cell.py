"""The text of a cell means the same in Python and in the browser: the real model.js is run by node."""

import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.views.classroom import matrix
from dashboard.views.classroom.matrix import ModuleColumn, StudentRow
from data.rules.cell import MARKS, MatrixCell, join_cells, letters, parse_cell, split_cells
from data.rules.progress import Status
from tests.cells_in_browser import from_model, same

NOT, IN, DONE = Status.NOT_STARTED, Status.IN_PROGRESS, Status.COMPLETED
D = Decimal

READABLE = [
    ("N", MatrixCell(NOT, None, None, "")),
    ("I40", MatrixCell(IN, 40, None, "")),
    ("C100/85.5fe", MatrixCell(DONE, 100, D("85.5"), "fe")),
    ("C100/45.5ef", MatrixCell(DONE, 100, D("45.5"), "fe")),
    ("C100/85.5e", MatrixCell(DONE, 100, D("85.5"), "e")),
    ("C/1e2", MatrixCell(DONE, None, D("100"), "")),
    ("C/-3spp", MatrixCell(DONE, None, D(-3), "ps")),
    ("C/.5", MatrixCell(DONE, None, D("0.5"), "")),
    ("I999999999999999", MatrixCell(IN, 999999999999999, None, "")),
    ("X{Paused}40/85.5fe", MatrixCell(Status("Paused"), 40, D("85.5"), "fe")),
    ("X{Zürück · I40/3e}", MatrixCell(Status("Zürück · I40/3e"), None, None, "")),
    ("", MatrixCell(None, None, None, "")),
]
UNREADABLE = [
    *("X{", "X{a;b}", "X{a}}", "X{a", "N{a}", "X{}{}"),
    *("?", "X", "C/", "C/--1", "C/.", "C/nan", "C/1e999", "C1x", "N\n", "C٣", " N"),
    *("C/1e9999999999999999999", "I1234567890123456", "C100;I40", "Cz"),
]

texts = st.text(max_size=10) | st.from_regex(
    rf"([NIC]|X\{{[Paused;}}{{]{{0,4}}\}})[0-9]{{0,16}}(/-?[0-9]{{1,3}}(\.[0-9]{{1,4}})?(e[0-9])?)?[{MARKS}]{{0,6}}\Z"
)


@pytest.mark.parametrize(
    ("written", "cell"),
    [*READABLE, *((bad, MatrixCell(None, None, None, "p")) for bad in UNREADABLE)],
)
def test_a_cell_is_read_and_a_malformed_one_is_a_problem(written: str, cell: MatrixCell) -> None:
    assert parse_cell(written) == cell


def test_the_browser_reads_every_cell_of_the_table_as_python_does() -> None:
    same([text for text, _ in READABLE] + UNREADABLE)


@settings(max_examples=5, deadline=None)
@given(st.lists(texts, min_size=50, max_size=300))
def test_the_browser_reads_any_text_as_python_does(written: list[str]) -> None:
    same([text.encode("utf-8", "replace").decode() for text in written])


def test_a_column_sorts_by_status_then_by_what_it_shows() -> None:
    cells = ["C100/45.5f", "X{Paused}7", "", "I40", "N", "C/104p", "?", "I40/3", "C100", "I20/88"]
    ordered = sorted(cells, key=lambda cell: parse_cell(cell).rank(scored=True))
    assert ordered == [
        "",
        "?",
        "N",
        "I40/3",
        "I40",
        "I20/88",
        "C100/45.5f",
        "C100",
        "C/104p",
        "X{Paused}7",
    ]
    # A course shows its percentages, whatever score is stored besides.
    ordered = sorted(cells, key=lambda cell: parse_cell(cell).rank(scored=False))
    assert ordered == [
        "",
        "?",
        "N",
        "I20/88",
        "I40",
        "I40/3",
        "C/104p",
        "C100/45.5f",
        "C100",
        "X{Paused}7",
    ]


def test_a_cell_of_another_status_is_counted_anew_where_it_changes() -> None:
    modules = [ModuleColumn("m", "Fractions", "course", 1, 0, 0, other=1)]
    students = [
        StudentRow("a", "Ann", "X{Paused}40", 0, 0, 0, None, other=1),
        StudentRow("b", "Ben", "C100", 1, 0, 0, None),
    ]
    drawn = matrix.drawn(
        key="", label="", modules=modules, students=students, sort=None, density="compact",
        can_edit=True, module_href="", read_only_note=None, cleared=0,
    )  # fmt: skip
    renewed = """((data, text) => {
        const model = readModel(data);
        const counted = () => [...model.students, ...model.modules].map(countsOf);
        const before = counted();
        renewCell(model, "a", "m", text, "not begun");
        return [before, counted(), reasonsOf(model.students[0])];
    })"""
    (found,) = from_model(renewed, [[json.loads(drawn), "I40"]])
    assert found == [
        [[0, 0, 0, 1], [1, 0, 0, 0], [1, 0, 0, 1]],
        [[0, 1, 0, 0], [1, 0, 0, 0], [1, 1, 0, 0]],
        ["not begun"],
    ]


COURSE, TEST = {"scored": False, "passMark": 60}, {"scored": True, "passMark": 60}


@pytest.mark.parametrize(
    ("cells", "module", "shown"),
    [
        (["C100", "I50", "N", ""], COURSE, "50 %"),  # who is not in the module does not count
        (["C100", "C100", "N0"], COURSE, "67 %"),
        (["C", "I40", "?", "I140"], COURSE, "40 %"),  # what is not known, or cannot be, is left out
        (["C100"] * 250 + ["I99"], COURSE, "> 99 %"),
        ([""], COURSE, "–"),
        (["C100/66.66666666", "I40", "C/80", "C/104p"], TEST, "73.3 /\u00a060"),
        (["C/59.96", "C/59.97"], TEST, "59.965 /\u00a060"),  # as a score: never like the mark
        (["I40"], TEST, "–"),
    ],
)
def test_an_average_is_of_what_its_cells_count(
    cells: list[str], module: dict[str, object], shown: str
) -> None:
    average = """((cells, module) => averageFigure(
        averageOf(cells, (text) => [parseCell(text), module]), module))"""
    assert from_model(average, [[cells, module]]) == [shown]


def test_a_figure_tells_whether_it_is_a_score_or_a_percentage() -> None:
    asked = [["C100/55", TEST], ["C100/55", COURSE], ["I40", TEST], ["I40", COURSE], ["N", TEST]]
    figures = from_model("((text, module) => figure(parseCell(text), module))", asked)
    assert figures == ["55 /\u00a060", "100 %", "40 %", "40 %", ""]
    facts = from_model("((text, module) => cellFacts(parseCell(text), module))", asked[:2])
    said = ["completed", "100 %", "score 55, pass mark 60"]
    assert facts == [said, [*said[:2], "score 55"]]


def test_cells_are_split_and_joined() -> None:
    assert split_cells(join_cells(["N", "", "C100/45.5ef"])) == ["N", "", "C100/45.5ef"]
    assert letters(["N", "", "C100/45.5ef", "X{Paused}"]) == ["N", "", "C", "X"]
