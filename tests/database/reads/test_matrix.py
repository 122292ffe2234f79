"""The matrix: compared with plain Python over the same rows, odd and poisoned ones among them."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from data.access.session import Actor, acting_as
from data.reading.classes.matrix import Matrix, matrix, sort_key
from data.rules.progress import Status
from data.writing.save import save
from tests import people
from tests.clusters import Scratch
from tests.database.odd_school import BARE, EMPTY, FULL, MIXED, Town
from tests.database.rows_as_owner import SC, edit
from tests.people import BEN, CLASS_1A, COORDINATOR, COURSE, TEACHER
from tests.profiles import examples

Act = Callable[[UUID], Actor]

LETTERS = str.maketrans({
    **dict(zip("łøđðħıς", "loddhiσ", strict=True)), "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"
})  # fmt: skip
PARTING = r"[\s.,·・、\u2010-\u2015-]"


def plain(name: str) -> str:
    apart = unicodedata.normalize("NFKD", name.replace("´", ""))
    bare = "".join(
        letter
        for letter in apart
        if not "\u0300" <= letter <= "\u036f" and unicodedata.category(letter) != "Cf"
    )
    return re.sub("['’‘ʼ`]", "", bare.lower().translate(LETTERS))


def is_meant(name: str, typed: str) -> bool:
    """Each word of what was typed is somewhere in the name, however that is joined or parted."""
    joined = re.sub(PARTING, "", plain(name))
    return all(word in joined for word in re.split(f"(?:{PARTING})+", plain(typed)))


class Expected:
    """The matrix as plain Python makes it of the rows."""

    def __init__(self, town: Town, chosen: dict[str, Any]) -> None:
        self.modules = [
            module
            for module in town.class_modules.get(chosen["class"], [])
            if chosen.get("type") in (None, town.modules[module][1])
            and chosen.get("module") in (None, module)
        ]
        self.students = {
            student: cells
            for student in town.class_students.get(chosen["class"], [])
            if is_meant(town.students[student], chosen.get("name", ""))
            and (cells := [town.facts.get((student, module)) for module in self.modules])
            and self.keeps(chosen, cells)
        }

    @staticmethod
    def keeps(chosen: dict[str, Any], cells: list[Any]) -> bool:
        def fits(fact: dict[str, Any] | None) -> bool:
            status = fact["status"] if fact else "NotStarted"
            if chosen.get("status") not in (None, status):
                return False
            if "score" not in chosen:
                return True
            score = fact["shown_score"] if fact else None
            low, high = chosen["score"]
            return score is not None and not score.is_nan() and low <= score <= high

        if ("status" in chosen or "score" in chosen) and not any(map(fits, cells)):
            return False
        moments = [fact["last_activity"] for fact in cells if fact and fact["last_activity"]]
        return "since" not in chosen or any(moment.date() >= chosen["since"] for moment in moments)


CELL = re.compile(r"([CIN])(\d*)(?:/(-?\d+(?:\.\d+)?))?([a-z]*)")


def assert_cell(written: str, fact: dict[str, Any] | None, pass_mark: int) -> None:
    if fact is None:
        assert written == "N"
        return
    found = CELL.fullmatch(written)
    assert found, written
    letter, percentage, score, marks = found.groups()
    assert letter == {"NotStarted": "N", "InProgress": "I", "Completed": "C"}[fact["status"]]
    assert percentage == ("" if fact["percentage"] is None else str(fact["percentage"]))
    shown = fact["shown_score"]
    if shown is None or shown.is_nan() or not -9999 <= shown <= 9999:
        assert score is None
    else:
        assert Decimal(score) == shown
    failed = shown is not None and not shown.is_nan() and 0 <= shown < pass_mark
    assert len(set(marks)) == len(marks)
    assert {*marks} == {
        mark
        for mark, is_so in {
            "f": failed,
            "s": (fact["attempts"] or 0) >= 3,
            "e": fact["edited_by_staff"],
            "p": fact["has_problem"],
        }.items()
        if is_so
    }


def assert_matrix(town: Town, chosen: dict[str, Any], found: Matrix) -> None:
    expected = Expected(town, chosen)
    assert [one.module.id for one in found.modules] == expected.modules
    assert {one.id for one in found.students} == set(expected.students)
    names = [sort_key(one.name) for one in found.students]
    assert names == sorted(names)
    columns: list[Counter[str]] = [Counter() for _ in expected.modules]
    for student in found.students:
        facts = expected.students[student.id]
        cells = student.cells.split(";")
        assert student.name == town.students[student.id]
        for cell, fact, module, column in zip(cells, facts, expected.modules, columns, strict=True):
            assert_cell(cell, fact, town.modules[module][2])
            column[cell[0]] += 1
        letters = Counter(cell[0] for cell in cells)
        assert (student.completed, student.in_progress, student.not_started) == (
            letters["C"],
            letters["I"],
            letters["N"],
        )
        moments = [fact["last_activity"] for fact in facts if fact and fact["last_activity"]]
        assert student.last_activity == max(moments, default=None)
    for module_column, counted in zip(found.modules, columns, strict=True):
        assert (module_column.completed, module_column.in_progress, module_column.not_started) == (
            counted["C"],
            counted["I"],
            counted["N"],
        )
    assert found.cells == len(expected.students) * len(expected.modules)
    assert found.completed + found.in_progress + found.not_started == found.cells


@pytest.mark.parametrize("of", [CLASS_1A, FULL, EMPTY, BARE, MIXED, people.CLASS_SOUTH, uuid4()])
def test_the_matrix_is_students_times_modules_missing_rows_included(
    north: Connection, town: Town, of: UUID
) -> None:
    found = matrix(north, {"class": of})
    if of in (people.CLASS_SOUTH, BARE):
        assert (found.students, found.cells) == ((), 0)
    else:
        assert_matrix(town, {"class": of}, found)
        assert len(found.students) == len(town.class_students.get(of, []))
    assert (len(found.students) > 0) == (of in (CLASS_1A, FULL, MIXED))


FILTERS = st.fixed_dictionaries(
    {"class": st.sampled_from([FULL, FULL, FULL, MIXED, CLASS_1A, EMPTY])},
    optional={
        "name": st.sampled_from(
            ["o", "omer", "ÖMER", "Éva", "eva", "ang", "zak", "%", "_", "'", '"', "\\", "<b>",
             ":name", "%s", "علي", "小", "nobody", "  x", "drop table", "ngu", "Ễ", "\u0301",
             "ＯＭＥＲ", "ﬁ", "ss", "ẞ", "İ"]
        ),
        "type": st.sampled_from(["course", "assessment", "interview", "project", "Course", "none"]),
        "module": st.sampled_from([*(UUID(int=3000 + number) for number in range(5)), COURSE]),
        "status": st.sampled_from(Status),
        "score": st.tuples(st.integers(0, 100), st.integers(0, 100)).map(
            lambda pair: tuple(map(float, sorted(pair)))
        ),
        "since": st.dates(date(2025, 6, 1), date(2027, 1, 1)) | st.sampled_from([date.min, date.max]),
    },
)  # fmt: skip


def test_every_combination_of_filters_narrows_to_what_it_says(
    place: tuple[Scratch, Town],
) -> None:
    school, town = place
    left: Counter[str] = Counter()
    with acting_as(people.actor(school.database, COORDINATOR)) as connection:

        @examples(150)
        @given(FILTERS)
        def any_filters(chosen: dict[str, Any]) -> None:
            found = matrix(connection, chosen)
            assert_matrix(town, chosen, found)
            full = len(town.class_students.get(chosen["class"], []))
            left[
                "all" if len(found.students) == full else "some" if found.students else "none"
            ] += 1

        any_filters()
    assert min(left["all"], left["some"], left["none"]) > 5, left


def test_status_and_score_must_hold_in_the_same_cell(school: Scratch, act: Act) -> None:
    # Ann is in progress at 40 without a score, and completed with 55.
    with acting_as(act(TEACHER)) as connection:
        chosen = {"class": CLASS_1A, "status": Status.IN_PROGRESS, "score": (50.0, 60.0)}
        assert matrix(connection, chosen).students == ()
        chosen |= {"status": Status.COMPLETED}
        assert [one.name for one in matrix(connection, chosen).students] == ["Ann Ågren"]


def test_the_cells_of_the_cast_read_as_documented(school: Scratch, act: Act) -> None:
    save(act(COORDINATOR), [edit(school, BEN, COURSE, {SC: Decimal("45.50")})])
    with acting_as(act(TEACHER)) as connection:
        found = matrix(connection, {"class": CLASS_1A})
    assert {one.name: one.cells for one in found.students} == {
        "Ann Ågren": "I40;C55/55f;N",
        "Ben O'Neill": "C100/45.5ef;N;N",
    }


def test_names_sort_without_regard_to_accents_and_capitals(north: Connection) -> None:
    names = [one.name for one in matrix(north, {"class": FULL}).students]
    for one, other in (
        ("ann agren", "Éva Ångström"),
        ("Eva Angstrom", "Ivan\u200b Zero"),
        ("Nguyễn Văn An", "O'Neill Bríd"),
        ("Ömer Çelik", "x"),
        ("omer Celik", "Zoë Quinn"),
    ):
        assert names.index(one) < names.index(other)
    assert abs(names.index("Zoë Quinn") - names.index("zoe quinn")) == 1
