"""Files say what the screen says: read back with the csv module and calamine, for any name and any cell."""

import io
import re
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from uuid import UUID
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.components import status as looks
from data.files.exporting.names import file_name
from data.files.exporting.rows import MARKS
from data.files.exporting.workbook import as_xlsx
from data.reading.classes.matrix import MatrixModule, MatrixStudent
from data.rules.flags import Flag
from data.rules.progress import Status
from tests.unit.exported import LATE, about, export, from_csv, from_xlsx, module, student

REPLACED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def test_the_words_are_those_of_the_screen() -> None:
    assert [*MARKS.items()] == [(mark, look.word.lower()) for mark, look in looks.MARKS.items()]
    assert [each.label for each in Status] == [look.word for look in looks.STATUSES.values()]


# What model.js draws for each: a word and a figure, by module type. XLSX has the same as a number.
@pytest.mark.parametrize(
    ("cell", "kind", "word", "figure"),
    [
        ("C100/85.55fe", "assessment", "Completed, failed, edited by staff", "85.55"),
        ("C100/85.55", "course", "Completed", "100"),
        ("C100", "assessment", "Completed", "100 % done"),
        ("I0", "course", "In progress", "0"),
        ("I0/0s", "assessment", "In progress, stuck", "0"),
        ("N0", "course", "Not started", ""),
        ("N0", "assessment", "Not started", ""),
        ("N5", "course", "Not started", "5"),
        ("C/104p", " Assessment ", "Completed, data problem", "104"),
        ("C/85.1", "assessment", "Completed", "85.1"),
        ("garbage", "course", "Unreadable, data problem", ""),
        ("", "course", "Not in this module", ""),
    ],
)
def test_word_and_figure_are_those_of_the_screen(
    cell: str, kind: str, word: str, figure: str
) -> None:
    made = export([student("Ann", cell)], [module(1, kind=kind)])
    assert from_csv(made)[1][6:] == [word, figure]
    number = figure if figure.endswith("done") or not figure else float(figure)
    assert from_xlsx(made)[1][6:] == [word, number]


def test_the_table_has_heads_rows_in_the_order_given_and_totals() -> None:
    students = [student("Zoë", "I40;C100/85.5", LATE), student("Ann", "N;C100")]
    made = export(students, [module(1), module(2, "Test", "assessment")])
    totals = "3 completed, 2 in progress, 1 not started"
    lead = ["Student", "Completed", "In progress", "Not started", "Last activity", "Student id"]
    one = str(UUID(int=1))
    modules = ["Fractions: status", "Fractions: %", "Test: status", "Test: score"]
    assert from_csv(made) == [
        [*lead, *modules],
        ["Zoë", "3", "2", "1", "2026-11-23", one, "In progress", "40", "Completed", "85.5"],
        ["Ann", "3", "2", "1", "", one, "Not started", "", "Completed", "100 % done"],
        ["Total, 2 students", "6", "4", "2", "", "", totals, "", totals, ""],
    ]
    assert from_xlsx(made) == [
        [*lead, *modules],
        ["Zoë", 3, 2, 1, date(2026, 11, 23), one, "In progress", 40, "Completed", 85.5],
        ["Ann", 3, 2, 1, "", one, "Not started", "", "Completed", "100 % done"],
        ["Total, 2 students", 6, 4, 2, "", "", totals, "", totals, ""],
    ]


def test_why_somebody_needs_attention_is_a_column_where_anybody_does() -> None:
    failed, inactive = (
        Flag(UUID(int=9), "failed", 2, 2),
        Flag(UUID(int=9), "inactive", 3, figure=12),
    )
    needy = replace(student("Ann", "C"), flags=(inactive, failed))
    made = export([needy, student("Zoë", "C")], [module(1)])
    assert [row[:3] for row in from_csv(made)] == [
        ["Student", "Why", "Completed"],
        ["Ann", "inactive 12 days · 2 below the mark", "3"],
        ["Zoë", "", "3"],
        ["Total, 2 students", "1", "6"],
    ]
    assert [row[1] for row in from_xlsx(made)] == [
        "Why",
        *(row[1] for row in from_csv(made)[1:3]),
        1,
    ]


def test_a_last_change_is_not_written_as_activity() -> None:
    changed = replace(student("Ann", "I40"), last_change=LATE)
    made = export([changed, replace(changed, last_activity=LATE)], [module(1)])
    assert from_csv(made)[1][4] == from_xlsx(made)[1][4] == "last change 23 Nov 2026"
    assert from_csv(made)[2][4] == "2026-11-23"


def test_hidden_modules_are_left_out_and_moved_ones_keep_their_cells() -> None:
    one, two, three, unknown = module(1), module(2), module(3), module(4)
    order = tuple(each.module.id for each in (one, two, three))
    made = export([student("Ann", "I1;I2;I3;I4")], [three, one, unknown], cell_order=order)
    unreadable = ["Unreadable, data problem", ""]
    assert from_csv(made)[1][6:] == ["In progress", "3", "In progress", "1", *unreadable]


def test_a_row_with_too_few_cells_says_so() -> None:
    row = from_csv(export([student("Ann", "C100")], [module(1), module(2)]))[1]
    assert row[6:] == ["Completed", "100", "Unreadable, data problem", ""]


@pytest.mark.parametrize("students", [[], [student("Ann", "")]])
@pytest.mark.parametrize("modules", [[], [module(1)]])
def test_an_empty_matrix_is_still_a_file(
    students: list[MatrixStudent], modules: list[MatrixModule]
) -> None:
    made = export(students, modules)
    assert len(from_csv(made)) == len(from_xlsx(made)) == 2 + len(students)
    assert {len(row) for row in from_csv(made)} == {6 + 2 * len(modules)}


anything = st.text(st.characters(codec=None), max_size=30) | st.sampled_from(
    ["<r>x", "<r></r>", "<r><t>x</t></r>", "_x0041_", "a\r\nb", '"', ";=1", "\ufeff", " ", "1e5"]
)
cell_texts = anything | st.from_regex(r"[NIC][0-9]{0,3}(/[0-9]{1,2}(\.[0-9]{1,4})?)?[fsepk]{0,3}")
rows = st.lists(st.tuples(anything, st.lists(cell_texts, min_size=2, max_size=2)), max_size=4)


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
    assert from_xlsx(made)[0][6] == REPLACED.sub("�", f"{first}: status")
    assert about(made)["What is shown"] == REPLACED.sub("�", said)
    with zipfile.ZipFile(io.BytesIO(as_xlsx(made))) as parts:
        for each in parts.namelist():
            ElementTree.fromstring(parts.read(each))


@given(rows)
def test_both_files_say_the_same(drawn: list[tuple[str, list[str]]]) -> None:
    made = export(
        [student("Ann", ";".join(cells)) for _, cells in drawn],
        [module(1), module(2, kind="assessment")],
    )
    for line, row in zip(from_csv(made)[1:], from_xlsx(made)[1:], strict=True):
        for plain, value in zip(line, row, strict=True):
            assert plain == value or float(plain) == pytest.approx(value, rel=1e-14)


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
