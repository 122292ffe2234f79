"""Who asks, by which clock, as of which version."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Connection

from data.access.session import Actor, acting_as
from data.reading.people import actor, clock, demo_people
from data.reading.people import version as read_version
from data.writing.save import save
from tests import people
from tests.clusters import Scratch
from tests.database.odd_school import Town
from tests.database.rows_as_owner import P, ask, edit
from tests.people import ADMIN, ANN, COORDINATOR, COURSE, TEACHER

Act = Callable[[UUID], Actor]


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        (TEACHER, ("Tess Teacher", "teacher", "North School")),
        (COORDINATOR, ("Cora Coordinator", "coordinator", "North School")),
        (ADMIN, ("Ada Admin", "admin", None)),
        (people.DISABLED, None),
        (people.STRANGER, None),
        (ANN, None),
    ],
)
def test_the_person_is_looked_up_anew_in_the_database(
    place: tuple[Scratch, Town], person: UUID, expected: tuple[str, ...] | None
) -> None:
    database = place[0].database
    with acting_as(people.actor(database, person)) as connection:
        found = actor(connection, database)
    assert (found and (found.full_name, found.role, found.organisation)) == expected


def test_there_are_demo_people_only_where_the_marker_is(school: Scratch) -> None:
    assert demo_people(school.database) == []
    ask(school, "insert into internal.demo_marker default values")
    found = demo_people(school.database)
    of_one = ["teacher"] * 2 + ["coordinator"] * 2
    assert Counter(one.role for one in found) == Counter(
        [*of_one, *["viewer"] * 2, "coordinator", "admin"]
    )
    assert people.DISABLED not in {one.id for one in found}


def test_the_version_advances_with_every_write_and_with_nothing_else(
    school: Scratch, act: Act
) -> None:
    def version() -> str:
        with acting_as(act(TEACHER)) as connection:
            return read_version(connection)

    seen = [version()]
    assert version() == version() == seen[0]
    save(act(COORDINATOR), [edit(school, ANN, COURSE, {P: 41})])
    seen.append(version())
    ask(school, "update school.student set full_name = 'New' where id = %s", ANN)
    seen.append(version())
    assert len(set(seen)) == 3
    assert version() == seen[-1]


def test_the_clock_is_the_databases_with_a_zone(north: Connection) -> None:
    assert abs(clock(north) - datetime.now(UTC)) < timedelta(minutes=1)
