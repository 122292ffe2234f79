"""Students found and opened, their modules and cells."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, bindparam, func, select

from data.access.session import Actor, acting_as
from data.reading.catalogue import lessons_of
from data.reading.classes.matrix import matrix
from data.reading.history.changes import changes
from data.reading.students.cell import cell_page, cell_text
from data.reading.students.students import Student, find_students, student_modules
from data.reading.students.students import student as read_student
from data.rules.progress import Status
from tests.clusters import Scratch
from tests.database import odd_school
from tests.database.odd_school import FULL, Town
from tests.database.rows_as_owner import ask
from tests.people import ANN, COURSE, DAN, TEACHER

Act = Callable[[UUID], Actor]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("ömer", {"Ömer Çelik", "omer Celik"}),
        ("OMER", {"Ömer Çelik", "omer Celik"}),
        ("nguyen van", {"Nguyễn Văn An"}),
        ("ANN@example", {"Ann Ågren"}),
        ("agren", {"Ann Ågren", "ann agren"}),
        ("%", {'"Quoted" %s', "100%"}),
        ("_", set()),
        ("\\", {"back\\slash"}),
        ("'; drop", {";drop table"}),
        ("van nguyen", {"Nguyễn Văn An"}),
        ("ＡＮＮ＠ｅｘａｍｐｌｅ", {"Ann Ågren"}),
        ("Ｌｕｋａｓｚ", {"Łukasz Żak"}),
        ("maria-ana", {"Ana-María D'Souza"}),
        ("anamaria dsouza", {"Ana-María D'Souza"}),
        ("brid o’neill", {"O'Neill Bríd"}),
        ("lukasz", {"Łukasz Żak"}),
        ("ömer quinn", set()),  # each is somebody's, both are nobody's
        ("Süd", set()),  # the South's
        ("x" * 10_000, set()),
        ("\x00", set()),
        ("a\ud800", set()),
    ],
)
def test_students_are_found_by_words_of_a_name_or_part_of_an_address(
    north: Connection, name: str, found: set[str]
) -> None:
    assert {one.name for one in find_students(north, name)} == found


ALIKE = [
    ("ＹＡＭＡＤＡ　Ｔａｒｏ", "Yamada Taro"),  # letters of full width, and a space of full width
    ("ﾔﾏﾀﾞ・ﾀﾛｳ", "ヤマダ タロウ"),  # katakana of half width
    (
        "김민수",
        "\u1100\u1175\u11b7\u1106\u1175\u11ab\u1109\u116e",
    ),  # Jamo, as some keyboards leave them
    ("Groß", "GROSS"),
    ("Straße", "STRAẞE"),
    ("ﬁona Steﬀen", "Fiona Steffen"),  # ligatures of an old PDF
    ("İrem IŞIK", "irem ışık"),
    ("ırmak", "IRMAK"),
    ("Æsa Þórsdóttir", "aesa thorsdottir"),
    ("Guðrún", "gudrun"),
    ("Cœur", "COEUR"),
    ("Παπάς", "ΠΑΠΑΣ"),
    ("Юлія Ґжицька", "ЮЛІЯ ҐЖИЦЬКА"),
    ("An\u00adna\u200b Lee", "anna lee"),  # what cannot be seen
    ("O´Brien", "o’brien"),
    ("ℌenry Ⅳ", "henry iv"),
]


def test_letters_that_look_different_and_are_read_alike_find_each_other(north: Connection) -> None:
    rows = [pair for name, typed in ALIKE for pair in ((name, typed), (typed, name))]
    asked = select(func.internal.is_meant(bindparam("name"), bindparam("typed")))
    left = [
        (name, typed)
        for name, typed in rows
        if not north.execute(asked, {"name": name, "typed": typed}).scalar_one()
    ]
    assert left == []
    assert not north.execute(asked, {"name": "Ｙａｍａｄａ", "typed": "Tanaka"}).scalar_one()


def test_finding_stops_at_the_limit(north: Connection) -> None:
    assert len(find_students(north, "", limit=7)) == 7
    assert len(find_students(north, "", limit=500)) == len(odd_school.NAMES) + 3


def test_one_student_tells_who(north: Connection) -> None:
    found = read_student(north, ANN)
    assert found is not None
    assert len(set(found.class_ids)) == 2
    assert found == Student(
        *(ANN, "Ann Ågren", "ann@example.org", "North School", True),
        classes=("1A", "South 1"),
        class_ids=found.class_ids,
    )
    assert read_student(north, DAN) is None
    assert read_student(north, uuid4()) is None


def test_a_students_modules_are_those_of_the_classes_then_those_from_elsewhere(
    place: tuple[Scratch, Town], north: Connection, town: Town
) -> None:
    for student in town.students:
        if student == DAN:
            continue
        found = student_modules(north, student)
        mine = {
            module
            for of, students in town.class_students.items()
            for module in town.class_modules.get(of, [])
            if student in students
        }
        elsewhere = {module for one, module in town.facts if one == student} - mine
        assert {one.module.id for one in found if one.in_class} == mine
        assert {one.module.id for one in found if not one.in_class} == elsewhere
        assert len({one.module.id for one in found}) == len(found)
        assert [one.in_class for one in found] == sorted(
            (one.in_class for one in found), reverse=True
        )
        for one in found:
            fact = town.facts.get((student, one.module.id))
            assert one.has_row == (fact is not None)
            assert one.status == (fact["status"] if fact else "NotStarted")
            if fact:
                assert repr(one.shown_score) == repr(fact["shown_score"])
                assert (one.percentage, one.last_activity, one.has_problem) == (
                    fact["percentage"],
                    fact["last_activity"],
                    fact["has_problem"],
                )
                assert one.is_failed in (True, False)
    only = student_modules(north, ANN, COURSE)
    assert [one.module.id for one in only] == [COURSE]
    assert student_modules(north, DAN) == []


def test_a_panel_knows_its_cell_as_the_matrix_writes_it(north: Connection) -> None:
    found = matrix(north, {"class": FULL})
    for student in found.students:
        for column, cell in zip(found.modules, student.cells.split(";"), strict=True):
            page = cell_page(north, student.id, column.module.id, FULL)
            assert page is not None
            assert cell_text(north, student.id, column.module.id, FULL) == cell
            assert page.lessons == lessons_of(north, [column.module.id]).get(column.module.id, ())
            assert page.changes == changes(north, student.id, column.module.id)
    assert cell_page(north, uuid4(), found.modules[0].module.id, FULL) is None


def test_an_unreadable_date_is_none_with_its_text_beside_it(school: Scratch, act: Act) -> None:
    for text, expected in (
        ("infinity", "infinity"),
        ("0044-03-15 BC", "0044-03-15 00:00:00+00 BC"),
        ("12026-01-01", "12026-01-01 00:00:00+00"),
    ):
        ask(school, "update public.student_module_progress set completed_at = %s", text)
        with acting_as(act(TEACHER)) as connection:
            found = student_modules(connection, ANN, COURSE)[0]
        assert (found.completed_at, found.completed_at_text) == (None, expected)


def test_a_failed_assessment_can_be_completed(school: Scratch, act: Act) -> None:
    with acting_as(act(TEACHER)) as connection:
        found = {one.module.name: one for one in student_modules(connection, ANN)}
    test = found["Fractions test"]
    assert test.module.pass_mark == 70
    assert (test.status, test.is_failed) == (Status.COMPLETED, True)
    assert test.shown_score == 55
    assert not found["Fractions"].is_failed
    assert not found["A garden"].has_row


@pytest.mark.parametrize(
    ("configuration", "pass_mark"),
    [
        (None, 60),
        ("null", 60),
        ("{}", 60),
        ('{"pass_threshold": 50}', 50),
        ('{"passThreshold": "50"}', 50),
        ('{"passing_threshold": 50.5}', Decimal("50.5")),
        ('{"passingThreshold": 0}', 0),
        ('{"pass_threshold": "high", "passingThreshold": 75}', 75),
        ('{"pass_threshold": 140, "passThreshold": 80}', 80),
        ('{"pass_threshold": null}', 60),
        ('{"pass_threshold": [50]}', 60),
        ('{"pass_threshold": true}', 60),
        ('{"pass_threshold": -1}', 60),
        ("[50]", 60),
        ('"50"', 60),
    ],
)
def test_the_pass_mark_is_found_under_every_spelling(
    place: tuple[Scratch, Town], configuration: str | None, pass_mark: Any
) -> None:
    found = ask(place[0], "select internal.pass_mark(%s::jsonb) as it", configuration)
    assert found == [{"it": pass_mark}]
