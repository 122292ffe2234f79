"""Sorting, grouping, pinning and hiding: pure, and the same for screen and file."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.reading.catalogue import Module
from data.reading.classes.arrangement import (
    ARRANGEMENT_KEYS,
    DENSITIES,
    NEED,
    Arrangement,
    arrange,
    read_arrangement,
    write_arrangement,
)
from data.reading.classes.matrix import Matrix, MatrixModule, MatrixStudent
from data.rules.flags import Flag

MODULES = [UUID(int=number) for number in (1, 2, 3)]


def column(
    module: UUID, completed: int, in_progress: int, not_started: int, kind: str = "course"
) -> MatrixModule:
    described = Module(module, f"Module {module.int}", kind, Decimal(60))
    return MatrixModule(described, completed, in_progress, not_started)


def flag(rule: str, weight: int, day: int | None = None) -> Flag:
    since = None if day is None else datetime(2026, 11, day, tzinfo=UTC)
    return Flag(UUID(int=9), rule, weight, since=since)


def student(
    name: str, cells: str, day: int | None = None, flags: tuple[Flag, ...] = ()
) -> MatrixStudent:
    letters = [cell[0] for cell in cells.split(";")]
    active = None if day is None else datetime(2026, 11, day, tzinfo=UTC)
    counts = letters.count("C"), letters.count("I"), letters.count("N")
    return MatrixStudent(UUID(int=hash(name) % 2**64), name, cells, *counts, active, flags=flags)


FOUND = Matrix(
    (
        column(MODULES[0], 3, 0, 0),
        column(MODULES[1], 1, 1, 1),
        column(MODULES[2], 1, 1, 1, "assessment"),
    ),
    (
        student("Ann", "C100;I40;C/55f", 3, (flag("failed", 2, 4), flag("stalled", 2))),
        student("Ben", "C100;N;C/90e", None),
        student("Cleo", "C100;C100;N", 9, (flag("slipped", 4, 3),)),
    ),
)


def names(wanted: Arrangement) -> list[str]:
    return [one.name for one in arrange(FOUND, wanted).students]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("name", ["Ann", "Ben", "Cleo"]),
        ("-name", ["Cleo", "Ben", "Ann"]),
        ("attention", ["Ben", "Cleo", "Ann"]),  # as grave together, and older
        ("-attention", ["Ann", "Cleo", "Ben"]),
        ("completion", ["Ben", "Cleo", "Ann"]),
        ("-completion", ["Ann", "Ben", "Cleo"]),
        ("activity", ["Ben", "Ann", "Cleo"]),
        ("-activity", ["Cleo", "Ann", "Ben"]),
        (f"module:{MODULES[1]}", ["Ben", "Ann", "Cleo"]),
        (f"-module:{MODULES[2]}", ["Ben", "Ann", "Cleo"]),
        (f"module:{UUID(int=77)}", ["Ann", "Ben", "Cleo"]),
    ],
)
def test_students_are_sorted(sort: str, expected: list[str]) -> None:
    assert names(Arrangement(sort=sort)) == expected


def test_groups_begin_with_those_who_have_most_to_do_and_count() -> None:
    shown = arrange(FOUND, Arrangement(group=MODULES[1]))
    assert [one.name for one in shown.students] == ["Ben", "Ann", "Cleo"]
    assert shown.groups == (
        "Module 2: not started (1)",
        "Module 2: in progress (1)",
        "Module 2: completed (1)",
    )


def test_groups_by_need_begin_with_the_gravest_reason_and_none_is_said_where_nobody_has_one() -> (
    None
):
    shown = arrange(FOUND, Arrangement(sort="-name", group=NEED))
    assert [one.name for one in shown.students] == ["Cleo", "Ann", "Ben"]
    assert shown.groups == (
        "No longer completed",
        "Below a pass mark",
        "Needs no attention",
    )
    past = Matrix(FOUND.modules, tuple(replace(one, flags=()) for one in FOUND.students))
    assert arrange(past, Arrangement(group=NEED)).groups == ()


def test_finished_modules_are_hidden_with_their_cells_and_counts() -> None:
    shown = arrange(FOUND, Arrangement(hide_finished=True))
    assert [one.module.id for one in shown.modules] == MODULES[1:]
    assert shown.students[0].cells == "I40;C/55f"
    assert (shown.students[0].completed, shown.students[0].in_progress) == (1, 1)
    assert shown.hidden == 1


def test_a_pinned_module_comes_first_and_is_never_hidden() -> None:
    shown = arrange(FOUND, Arrangement(pins=(MODULES[2], MODULES[0]), hide_finished=True))
    assert [one.module.id for one in shown.modules] == [MODULES[2], MODULES[0], MODULES[1]]
    assert shown.students[0].cells == "C/55f;C100;I40"


@given(
    st.builds(
        Arrangement,
        sort=st.sampled_from(
            ["name", "-attention", "-completion", "activity", f"-module:{MODULES[0]}"]
        ),
        group=st.sampled_from([None, NEED, *MODULES]),
        pins=st.lists(st.sampled_from(MODULES), unique=True).map(tuple),
        hide_finished=st.booleans(),
        density=st.sampled_from([None, *DENSITIES]),
    )
)
def test_the_url_tells_an_arrangement_wholly_and_nobody_is_lost(wanted: Arrangement) -> None:
    written = write_arrangement(wanted)
    assert set(written) <= set(ARRANGEMENT_KEYS)
    assert read_arrangement(written) == wanted
    shown = arrange(FOUND, wanted)
    assert sorted(one.name for one in shown.students) == ["Ann", "Ben", "Cleo"]
    assert len(shown.modules) + shown.hidden == 3
    for one in shown.students:
        assert one.completed + one.in_progress + one.not_started == len(shown.modules)


@given(st.dictionaries(st.sampled_from(ARRANGEMENT_KEYS), st.text(max_size=60)))
def test_nonsense_in_a_url_is_the_default_not_an_error(written: dict[str, str]) -> None:
    arrange(FOUND, read_arrangement(written))
