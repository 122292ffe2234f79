"""Targets of classes: who sets them, that what was before stays, and that nothing is written twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta, timezone
from uuid import UUID, uuid4

import pytest

from data.access.session import Actor, acting_as
from data.reading.classes.overview import overview
from data.reading.classes.targets import class_targets, current_targets, gains_since
from data.rules import target as rules
from data.writing.classes import targets
from data.writing.classes.targets import remove_target, set_target
from tests import people
from tests.clusters import Scratch
from tests.database.rows_as_owner import ask, platform
from tests.people import (
    ADMIN,
    ANN,
    CLASS_1A,
    CLASS_1B,
    COORDINATOR,
    COURSE,
    OTHER_TEACHER,
    TEACHER,
    VIEWER,
)

TODAY = datetime.now(UTC).date()
SOON = TODAY + timedelta(days=20)


@pytest.fixture
def tess(school: Scratch) -> Actor:
    return people.actor(school.database, TEACHER)


def set_for_1a(
    actor: Actor, share: int | None = 90, by_day: date | None = SOON, key: UUID | None = None
) -> object:
    return set_target(actor, CLASS_1A, share, by_day, today=TODAY, key=key or uuid4())


def current(actor: Actor) -> dict[UUID, tuple[int | None, date | None]]:
    with acting_as(actor) as connection:
        found = current_targets(connection)
    return {key: (one.share, one.by_day) for key, one in found.items()}


def test_a_teacher_sets_a_target_and_colleagues_see_it_with_where_it_begins(
    school: Scratch, tess: Actor
) -> None:
    assert set_for_1a(tess) is None
    for person in (TEACHER, COORDINATOR, ADMIN, VIEWER):
        actor = people.actor(school.database, person)
        assert current(actor) == {CLASS_1A: (90, SOON)}, person
        with acting_as(actor) as connection:
            (found,) = class_targets(connection, CLASS_1A)
            (summary,) = [one for one in overview(connection) if one.id == CLASS_1A]
        assert found.author == "Tess Teacher"
        assert (found.completed, found.cells) == (summary.completed, summary.cells)
        target = found.target(UTC)
        assert target is not None
        assert (target.share, target.by_day, target.set_on) == (90, SOON, found.at.date())


@pytest.mark.parametrize("person", [OTHER_TEACHER, VIEWER, ANN])
def test_nobody_else_sets_one(school: Scratch, tess: Actor, person: UUID) -> None:
    stranger = people.actor(school.database, person)
    assert set_for_1a(stranger) == targets.NOT_YOURS
    assert remove_target(stranger, CLASS_1A, key=uuid4()) == targets.NOT_YOURS
    assert ask(school, "select id from dashboard.class_target") == []
    assert set_for_1a(tess) is None  # who may, can
    if person != VIEWER:
        assert current(stranger) == {}
        with acting_as(stranger) as connection:
            assert class_targets(connection, CLASS_1A) == ()


def test_another_replaces_it_and_it_is_taken_away_and_all_is_remembered(
    school: Scratch, tess: Actor
) -> None:
    cora = people.actor(school.database, COORDINATOR)
    assert set_for_1a(tess) is None
    assert set_for_1a(cora, 95) is None
    assert current(tess) == {CLASS_1A: (95, SOON)}
    assert remove_target(tess, CLASS_1A, key=uuid4()) is None
    assert current(tess) == current(cora) == {}
    with acting_as(tess) as connection:
        found = class_targets(connection, CLASS_1A)
        assert class_targets(connection, CLASS_1B) == ()
    assert [(one.share, one.author) for one in found] == [
        (None, "Tess Teacher"),
        (95, "Cora Coordinator"),
        (90, "Tess Teacher"),
    ]
    assert found[0].target(UTC) is None
    assert [one.at for one in found] == sorted((one.at for one in found), reverse=True)


@pytest.mark.parametrize(
    ("share", "by_day", "problem"),
    [
        (0, SOON, rules.NO_SHARE),
        (101, SOON, rules.NO_SHARE),
        (90, None, rules.NO_DAY),
        (90, TODAY - timedelta(days=1), rules.PAST),
        (90, TODAY + timedelta(days=731), rules.TOO_FAR),
    ],
)
def test_what_cannot_be_planned_is_refused_in_words(
    school: Scratch, tess: Actor, share: int, by_day: date | None, problem: object
) -> None:
    assert set_for_1a(tess, share, by_day) == problem
    assert ask(school, "select id from dashboard.class_target") == []


def test_the_database_refuses_a_past_day_by_its_own_clock(school: Scratch, tess: Actor) -> None:
    long_ago = date(2020, 1, 1)
    refused = set_target(tess, CLASS_1A, 90, long_ago, today=long_ago, key=uuid4())
    assert refused == rules.PAST
    assert set_for_1a(tess, 90, TODAY) is None


def test_what_is_completed_already_is_no_target(school: Scratch, tess: Actor) -> None:
    with acting_as(tess) as connection:
        (known,) = [one for one in overview(connection) if one.id == CLASS_1A]
    share = 100 * known.completed // known.cells
    assert 0 < share < 100
    assert set_for_1a(tess, share) == rules.COMPLETED
    assert set_for_1a(tess, share + 1) is None


def test_a_class_without_anything_to_complete_has_none(school: Scratch, tess: Actor) -> None:
    ask(school, "delete from school.class_module where class_id = %s", CLASS_1A)
    assert set_for_1a(tess) == rules.NOTHING_THERE


def test_the_same_asked_twice_is_written_once(school: Scratch, tess: Actor) -> None:
    key = uuid4()
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: set_for_1a(tess, key=key), range(8)))
    assert found == [None] * 8
    assert len(ask(school, "select id from dashboard.class_target")) == 1
    assert set_for_1a(tess, 91, key=key) == targets.ALREADY
    cora = people.actor(school.database, COORDINATOR)
    assert set_for_1a(cora, key=key) == targets.ALREADY
    assert current(tess) == {CLASS_1A: (90, SOON)}


def test_the_day_it_was_set_is_the_viewers(school: Scratch, tess: Actor) -> None:
    assert set_for_1a(tess) is None
    with acting_as(tess) as connection:
        (found,) = class_targets(connection, CLASS_1A)
    east, west = (timedelta(hours=hours) for hours in (14, -12))
    days = [found.target(timezone(one)) for one in (east, west)]
    assert [one.set_on for one in days if one] == [
        (found.at + east).date(),
        (found.at + west).date(),
    ]


def test_what_a_class_gains_is_told_by_day(school: Scratch, tess: Actor) -> None:
    with acting_as(tess) as connection:
        before = gains_since(connection, CLASS_1A, TODAY - timedelta(days=1))
    platform(
        school,
        ANN,
        COURSE,
        "status = 'Completed', completed_at = now(), last_updated = now(), progress_percentage = 100",
    )
    with acting_as(tess) as connection:
        gained = gains_since(connection, CLASS_1A, TODAY - timedelta(days=1))
        assert gains_since(connection, CLASS_1A, TODAY) == ()
    assert sum(one.completions for one in gained) - sum(one.completions for one in before) == 1
