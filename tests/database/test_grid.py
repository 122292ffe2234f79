"""A class as a table: a row a student and module, by the filters, and what somebody still edits besides."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from data.access.session import Actor, acting_as
from data.reading.classes.grid import GridRow, grid_rows
from data.rules.progress import EMPTY_ROW, Status
from tests.clusters import Scratch
from tests.database.rows_as_owner import SC, C, P, S, ask, platform
from tests.people import (
    ADMIN,
    ANN,
    ASSESSMENT,
    BEN,
    CLASS_1A,
    CLASS_SOUTH,
    CLEO,
    COORDINATOR,
    COURSE,
    DAN,
    PROJECT,
    SOUTH_COORDINATOR,
    STRANGER,
    TEACHER,
    UNUSED,
)

Act = Callable[[UUID], Actor]
Key = tuple[UUID, UUID]

ALL_OF_1A = [
    (student, module) for student in (ANN, BEN) for module in (COURSE, ASSESSMENT, PROJECT)
]


def grid(
    actor: Actor, also: tuple[Key, ...] = (), of: UUID = CLASS_1A, **chosen: Any
) -> list[GridRow]:
    with acting_as(actor) as connection:
        return grid_rows(connection, {"class": of, **chosen}, also)


def keys(rows: list[GridRow]) -> list[Key]:
    return [row.key for row in rows]


def test_every_student_and_module_is_a_row_in_order_with_what_is_stored(
    school: Scratch, act: Act
) -> None:
    rows = grid(act(COORDINATOR))
    assert keys(rows) == ALL_OF_1A
    started, graded, missing = rows[:3]
    assert (started.student_name, started.module_name, started.module_type) == (
        "Ann Ågren",
        "Fractions",
        "course",
    )
    assert started.values == {S: Status.IN_PROGRESS, P: 40, SC: None, C: None}
    assert graded.values == {
        S: Status.COMPLETED,
        P: 55,
        SC: Decimal(55),
        C: datetime(2026, 3, 1, 10, tzinfo=UTC),
    }
    assert missing.values == EMPTY_ROW
    assert not ask(
        school, "select from public.student_module_progress where module_id = %s", PROJECT
    )


@pytest.mark.parametrize(
    ("chosen", "fit"),
    [
        ({"module": ASSESSMENT}, [(ANN, ASSESSMENT), (BEN, ASSESSMENT)]),
        ({"module": UNUSED}, []),
        ({"name": "agren"}, ALL_OF_1A[:3]),
        ({"type": "project"}, [(ANN, PROJECT), (BEN, PROJECT)]),
        ({"status": Status.COMPLETED}, [(ANN, ASSESSMENT), (BEN, COURSE)]),
        ({"status": Status.NOT_STARTED, "module": ASSESSMENT}, [(BEN, ASSESSMENT)]),
        ({"status": Status.NOT_STARTED, "name": "ann"}, [(ANN, PROJECT)]),
    ],
)
@pytest.mark.usefixtures("school")
def test_filters_narrow_the_rows(act: Act, chosen: dict[str, Any], fit: list[Key]) -> None:
    assert keys(grid(act(COORDINATOR), **chosen)) == fit


@pytest.mark.usefixtures("school")
def test_rows_that_are_asked_for_besides_come_whatever_the_filters_say_and_none_twice(
    act: Act,
) -> None:
    also = ((BEN, PROJECT), (BEN, COURSE), (CLEO, COURSE))
    found = keys(grid(act(COORDINATOR), also, module=COURSE))
    assert found == [(ANN, COURSE), (BEN, COURSE), (BEN, PROJECT), (CLEO, COURSE)]


def test_a_date_that_no_calendar_has_is_told_as_text(school: Scratch, act: Act) -> None:
    platform(school, BEN, COURSE, "completed_at = '0044-03-15 BC'")
    unreadable = {row.key: row.unreadable_date for row in grid(act(COORDINATOR))}
    assert unreadable.pop((BEN, COURSE)) == "0044-03-15 00:00:00+00 BC"
    assert set(unreadable.values()) == {None}


@pytest.mark.usefixtures("school")
def test_nobody_sees_rows_of_students_who_are_not_theirs(act: Act) -> None:
    also = ((ANN, COURSE), (DAN, COURSE))
    assert keys(grid(act(SOUTH_COORDINATOR), also)) == [(DAN, COURSE)]
    assert grid(act(STRANGER), also) == []
    assert keys(grid(act(TEACHER), also)) == ALL_OF_1A
    # They are there, for those who may see them.
    assert keys(grid(act(ADMIN), also)) == [*ALL_OF_1A, (DAN, COURSE)]
    assert len(grid(act(SOUTH_COORDINATOR), of=CLASS_SOUTH)) == 3
