"""What is due is shown, goes when an administrator says so, and nothing else ever does."""

import json
import logging
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from data.access.session import Actor, acting_as
from data.data_protection.erasure import erasures
from data.data_protection.retention import (
    BROKEN,
    OUT_OF_RANGE,
    REFUSED,
    Due,
    Leaver,
    Periods,
    Removed,
    due,
    keep_for,
    remove_due,
)
from data.rules.progress import Problem
from tests import people
from tests.clusters import Scratch
from tests.database.command_line import at, run
from tests.database.data_protection.stored import lines
from tests.database.rows_as_owner import ask
from tests.people import (
    ADMIN,
    ANN,
    BEN,
    CLEO,
    COORDINATOR,
    COURSE,
    DAN,
    NORTH,
    SOUTH,
    SOUTH_COORDINATOR,
    TEACHER,
)

NOW = datetime.now(UTC)
NAME = "North School"
YEAR = Periods(12, 12, 12)
LONG_AGO, LATELY = timedelta(days=400), timedelta(days=300)


@pytest.fixture
def ada(school: Scratch) -> Actor:
    return people.actor(school.database, ADMIN)


def left(school: Scratch, student: UUID, ago: timedelta) -> None:
    gone = "update school.student set is_active = false, left_on = %s where id = %s"
    ask(school, gone, (NOW - ago).date(), student)


def note(school: Scratch, student: UUID, ago: timedelta, revises: UUID | None = None) -> UUID:
    one = uuid4()
    ask(
        school,
        "insert into dashboard.note (id, student_id, author_id, revises, act, kind, text, written_at) "
        "values (%s, %s, %s, %s, %s, 'note', 'x', %s)",
        *(one, student, TEACHER, revises, "corrected" if revises else "written", NOW - ago),
    )
    return one


def change(school: Scratch, student: UUID, ago: timedelta) -> None:
    ask(
        school,
        "insert into dashboard.history (student_id, module_id, operation, source, at) "
        "values (%s, %s, 'update', 'platform', %s)",
        *(student, COURSE, NOW - ago),
    )


@pytest.fixture
def old(school: Scratch) -> Scratch:
    """Beside what is due under a year's period, what is not."""
    left(school, CLEO, LONG_AGO)
    left(school, BEN, LATELY)
    ask(school, "update school.student set is_active = false where id = %s", people.DAN)
    note(school, ANN, LONG_AGO)
    note(school, ANN, LATELY, note(school, ANN, LONG_AGO))
    note(school, DAN, LONG_AGO)
    for ago in (LONG_AGO, LONG_AGO + timedelta(days=9), LATELY):
        change(school, ANN, ago)
    change(school, DAN, LONG_AGO)
    return school


def dues(actor: Actor) -> dict[UUID, Due]:
    with acting_as(actor) as connection:
        return {one.organisation_id: one for one in due(connection)}


def shown(ada: Actor, periods: Periods = YEAR) -> Due:
    assert keep_for(ada, NORTH, periods) is None
    return dues(ada)[NORTH]


def test_nothing_is_due_without_a_period(old: Scratch, ada: Actor) -> None:
    before = lines(old)
    assert not any(one.is_any or one.periods != Periods() for one in dues(ada).values())
    assert lines(old) == before
    assert remove_due(ada, dues(ada)[NORTH], NAME) == BROKEN["periods_are_others"]
    assert shown(ada, Periods()).is_any is False


def test_a_period_shows_what_is_due_and_removes_nothing(old: Scratch, ada: Actor) -> None:
    before = lines(old)
    found = shown(ada)
    assert found.organisation == NAME
    assert found.leavers == (Leaver("Cleo Zhang", (NOW - LONG_AGO).date()),)
    assert (found.notes, found.history) == (1, 2)
    assert found.first
    assert found.last == found.first + timedelta(days=9)
    after = lines(old)
    assert len(after.pop("school.retention")) == 1
    before.pop("school.retention")
    assert after == before
    assert not dues(ada)[SOUTH].is_any


@pytest.mark.parametrize(
    ("periods", "went"),
    [
        (YEAR, Removed(1, 1, 2)),
        (Periods(leavers=12), Removed(1, 0, 0)),
        (Periods(notes=12), Removed(0, 1, 0)),
        (Periods(history=12), Removed(0, 0, 2)),
        (Periods(24, 24, 24), Removed()),
    ],
)
def test_what_was_shown_is_what_goes_and_all_else_stays(
    old: Scratch, ada: Actor, periods: Periods, went: Removed
) -> None:
    found = shown(ada, periods)
    assert (len(found.leavers), found.notes, found.history) == tuple(vars(went).values())
    before = lines(old)
    assert remove_due(ada, found, NAME) == went
    after = lines(old)
    gone = {table: len(rows) - len(after[table]) for table, rows in before.items()}
    assert gone["dashboard.note"] == went.notes
    cleos = ask(old, "select 1 from dashboard.history where student_id = %s", CLEO)
    assert bool(cleos) is not bool(went.leavers)
    # Each of the two changes that went was the only one of its week; a class is counted without who left.
    lost = {"dashboard.note": went.notes, "internal.worked_week": went.history}
    others = {
        *("dashboard.erasure", "dashboard.history", "school.retention"),
        *("internal.class_day", "internal.class_score"),
    }
    for table, rows in before.items():
        if table not in others:
            kept = [row for row in rows if str(CLEO) not in row or not went.leavers]
            assert len(set(kept) - set(after[table])) == lost.get(table, 0), table
    assert not dues(ada)[NORTH].is_any


def test_that_it_happened_is_noted_without_a_name(
    old: Scratch, ada: Actor, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "progress.audit"):
        remove_due(ada, shown(ada), NAME)
    assert [one.getMessage().replace(str(NORTH), "N") for one in caplog.records] == [
        f"periods set actor={ADMIN} organisation=N leavers=12 notes=12 history=12",
        f"period applied actor={ADMIN} organisation=N leavers=0 notes=1 history=2",
        f"period applied actor={ADMIN} organisation=N leavers=1 notes=0 history=0",
    ]
    with acting_as(ada) as connection:
        assert [one.author for one in erasures(connection)] == ["Ada Admin"] * 2


@pytest.mark.parametrize("person", [p for p in people.ROLES if p != ADMIN] + [ANN, people.STRANGER])
def test_nobody_but_an_administrator_decides(old: Scratch, ada: Actor, person: UUID) -> None:
    actor, found = people.actor(old.database, person), shown(ada)
    before = lines(old)
    assert keep_for(actor, NORTH, Periods(1, 1, 3)) == REFUSED
    assert remove_due(actor, found, NAME) == REFUSED
    assert lines(old) == before
    sees = person in (COORDINATOR, people.EVERYWHERE)
    assert [one.periods for one in dues(actor).values() if one.organisation_id == NORTH] == (
        [YEAR] if sees else [Periods()] if NORTH in dues(actor) else []
    )
    assert NORTH not in dues(people.actor(old.database, SOUTH_COORDINATOR))


@pytest.mark.parametrize("typed", ["", "north school", "South School", "%", "North School\x00"])
def test_the_name_is_typed_as_it_is_written(old: Scratch, ada: Actor, typed: str) -> None:
    found = shown(ada)
    before = lines(old)
    assert remove_due(ada, found, typed) == BROKEN["retention_not_confirmed"]
    assert lines(old) == before


def test_what_was_not_shown_does_not_go(old: Scratch, ada: Actor) -> None:
    """Periods that somebody else shortened; a moment that is to come; somebody who came back."""
    found = shown(ada)
    assert keep_for(ada, NORTH, Periods(1, 1, 3)) is None
    assert remove_due(ada, found, NAME) == BROKEN["periods_are_others"]
    found = shown(ada)
    ask(old, "update school.student set is_active = true, left_on = null where id = %s", CLEO)
    later = replace(found, moment=NOW + timedelta(days=4000))
    assert remove_due(ada, later, NAME) == Removed(0, 1, 2)
    assert ask(old, "select 1 from school.student where id = %s", CLEO)


def test_whoever_was_entered_twice_is_due_by_the_entry_that_stands(
    old: Scratch, ada: Actor
) -> None:
    merged = "update school.student set is_active = false, merged_into = %s where id = %s"
    ask(old, merged, ANN, CLEO)
    assert shown(ada).leavers == ()
    left(old, ANN, LONG_AGO)
    found = shown(ada)
    assert [one.full_name for one in found.leavers] == ["Ann Ågren"]
    assert isinstance(remove_due(ada, found, NAME), Removed)
    assert not ask(old, "select 1 from school.student where id in (%s, %s)", ANN, CLEO)


def test_nobody_erases_themselves(old: Scratch, ada: Actor) -> None:
    ask(old, "insert into school.student values (%s, %s, 'Ada', null)", ADMIN, NORTH)
    left(old, ADMIN, LONG_AGO)
    ask(old, "update school.student set merged_into = %s, left_on = null where id = %s", ADMIN, BEN)
    assert [one.full_name for one in shown(ada).leavers] == ["Cleo Zhang"]


@pytest.mark.parametrize("periods", [Periods(0), Periods(notes=601), Periods(history=2)])
def test_a_period_is_of_a_sensible_length(school: Scratch, ada: Actor, periods: Periods) -> None:
    assert keep_for(ada, NORTH, periods) == OUT_OF_RANGE
    assert isinstance(keep_for(ada, uuid4(), Periods(1)), Problem)


def test_the_command_prints_what_is_due_and_removes_it_when_told(old: Scratch, ada: Actor) -> None:
    assert run("retention", **at(old)).stdout.startswith("No organisation has a period")
    shown(ada)
    before = lines(old)
    printed = run("retention", **at(old)).stdout
    assert printed.startswith(
        f"{NAME}: due are 1 who left, 1 notes and 2 changes of progress, from 20"
    )
    assert "Cleo" not in printed
    assert "Cleo Zhang, left on 20" in run("retention", "--names", **at(old)).stdout
    assert lines(old) == before
    (told,) = json.loads(run("retention", "--apply", "--json", **at(old)).stdout)
    assert told["due"] == told["removed"] == {"leavers": 1, "notes": 1, "history": 2}
    assert date.fromisoformat(told["first"][:10]) < date.fromisoformat(told["last"][:10])
    assert run("retention", "--apply", **at(old)).stdout == f"{NAME}: nothing is due.\n"
    with acting_as(ada) as connection:
        assert {one.author for one in erasures(connection)} == {"The command line"}
