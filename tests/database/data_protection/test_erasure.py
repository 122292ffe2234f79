"""Whoever is erased is nowhere in the database any more; everybody else is as before."""

import logging
from uuid import UUID

import psycopg
import pytest
from psycopg.types.json import Jsonb

from data.access.session import Actor, acting_as
from data.data_protection.erasure import (
    BROKEN,
    KINDS,
    REFUSED,
    Extent,
    erase_student,
    erasures,
    extent_of_erasure,
)
from data.roster.changes import RosterChange, added
from data.roster.save import save as save_roster
from data.rules.progress import EMPTY_ROW, Edit, Field, Status
from data.writing.disclosures import disclosed_by
from data.writing.save import save
from tests import people
from tests.clusters import Scratch
from tests.database.data_protection.stored import lines, traces
from tests.database.rows_as_owner import ask, platform
from tests.database.test_student_record import fill
from tests.people import (
    ADMIN,
    ANN,
    BEN,
    CLASS_1B,
    CLEO,
    COORDINATOR,
    COURSE,
    NORTH,
    PROJECT,
)

NAME = "Ann Ågren"
TWIN = UUID(int=ANN.int + 900)
"""Ann, entered a second time."""

WORDS = ("Ågren", "ann@example.org", "N-4711", str(ANN), str(TWIN))


@pytest.fixture
def ada(school: Scratch) -> Actor:
    return people.actor(school.database, ADMIN)


@pytest.fixture
def full(school: Scratch, ada: Actor) -> Scratch:
    """Of Ann there is something wherever there can be."""
    fill(school, people.actor(school.database, COORDINATOR))
    ask(school, "update school.student set full_name = %s where id = %s", NAME, ANN)
    ask(
        school,
        "insert into dashboard.saved_view (owner_id, name, parameters) values (%s, %s, '{}'), (%s, 'x', %s)",
        *(ADMIN, f"For {NAME}", COORDINATOR, Jsonb({"name": NAME})),
    )
    _change_roster(ada)
    both = [Edit(one, PROJECT, {Field.SCORE: 77}, EMPTY_ROW) for one in (BEN, CLEO)]
    both += [Edit(TWIN, PROJECT, {Field.STATUS: Status.IN_PROGRESS}, EMPTY_ROW)]
    assert save(ada, both, f"As {NAME} says").batch_id
    disclosed_by(ada, "file", [ANN, BEN])
    disclosed_by(ada, "record", [TWIN])
    ask(school, "update auth.users set email = 'ann@example.org' where id = %s", ANN)
    return school


def _change_roster(ada: Actor) -> None:
    key = {"organisation_id": NORTH, "source": "office", "kind": "student", "source_id": "N-4711"}
    lock = {"locked_id": ANN, "field": "number"}
    twin = {"organisation_id": NORTH, "full_name": f"{NAME} (twice)", "is_active": True}
    _save(
        ada,
        "Our Ann",
        RosterChange("student", {"id": ANN}, {"number": None}, {"number": "N-4711"}),
        added("source_id", key, our_id=ANN),
        added("roster_lock", lock, organisation_id=NORTH, kind="student"),
        added("student", {"id": TWIN}, **twin),
        *(added("class_student", {"class_id": CLASS_1B, "student_id": one}) for one in (ANN, TWIN)),
    )
    left, merged = (
        {"is_active": True, "merged_into": None},
        {"is_active": False, "merged_into": ANN},
    )
    _save(ada, f"{NAME} was there twice", RosterChange("student", {"id": TWIN}, left, merged))
    names = {"full_name": "Ben O'Neill"}, {"full_name": "Ben O’Neill"}
    _save(ada, f"not {NAME}", RosterChange("student", {"id": BEN}, *names))


def _save(ada: Actor, reason: str, *changes: RosterChange) -> None:
    outcome = save_roster(ada, changes, source="form", reason=reason)
    assert outcome.batch_id, outcome


def extent(actor: Actor, student: UUID = ANN) -> Extent:
    with acting_as(actor) as connection:
        found = extent_of_erasure(connection, student)
    assert isinstance(found, Extent)
    return found


def test_no_trace_is_left_anywhere_in_the_database(full: Scratch, ada: Actor) -> None:
    before = traces(full, WORDS)
    assert all(before.values()), before  # the control: each was somewhere
    named = set().union(*before.values())
    assert len(named) >= 15
    erased = erase_student(ada, ANN, NAME)
    assert isinstance(erased, Extent)
    assert erased.counts.keys() == KINDS.keys()
    assert traces(full, WORDS) == {word: set() for word in WORDS}


def test_what_is_shown_first_is_what_goes_and_nothing_goes_yet(full: Scratch, ada: Actor) -> None:
    before = lines(full)
    shown = extent(ada)
    assert lines(full) == before
    assert shown.counts == {
        **shown.counts,
        "student": 2,
        "class_student": 3,
        "draft": 2,
        "source_id": 1,
        "roster_lock": 1,
        "disclosure": 2,
        "reason": 5,
    }
    stored = ask(
        full, "select count(*) as n from dashboard.history where student_id in (%s, %s)", ANN, TWIN
    )
    assert shown.counts["history"] == stored[0]["n"] > 3
    erased = erase_student(ada, ANN, NAME)
    assert isinstance(erased, Extent)
    assert erased.counts == shown.counts


def test_everybody_else_keeps_all_there_is(full: Scratch, ada: Actor) -> None:
    before = lines(full)
    erase_student(ada, ANN, NAME)
    after = lines(full)
    kept = ("dashboard.batch", "dashboard.roster_batch", "dashboard.draft", "dashboard.erasure")
    for table, rows in before.items():
        others = [row for row in rows if not any(word in row for word in WORDS)]
        # Of classes, without hers: test_class_sums.py and test_class_summaries.py.
        sums = (
            "internal.class_day",
            "internal.class_score",
            "internal.class_summary",
            "internal.class_news",
        )
        if table == "internal.unsettled":  # her classes are to be counted again
            assert set(others) <= set(after[table]), table
        elif table not in (*kept, "dashboard.saved_view", "dashboard.disclosure", *sums):
            assert after[table] == others, table
    (seen,) = after["dashboard.disclosure"]
    assert f"{{{BEN}}}" in seen
    assert [len(before[table]) for table in kept[:2]] == [len(after[table]) for table in kept[:2]]
    assert len(after["dashboard.draft"]) == 2  # with Ben's edits
    assert all(str(BEN) in row for row in after["dashboard.draft"])
    reasons = {row["reason"] for row in ask(full, "select reason from dashboard.roster_batch")}
    assert reasons == {"erased"}


def test_that_it_happened_stays_without_a_name(
    full: Scratch, ada: Actor, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "progress.audit"):
        erased = erase_student(ada, ANN, NAME)
    assert isinstance(erased, Extent)
    (line,) = [one.getMessage() for one in caplog.records]
    assert line == f"student erased actor={ADMIN} rows={erased.rows}"
    with acting_as(ada) as connection:
        (known,) = erasures(connection)
    assert (known.author, known.rows) == ("Ada Admin", erased.rows)
    with acting_as(people.actor(full.database, COORDINATOR)) as connection:
        assert erasures(connection) == []


@pytest.mark.parametrize(
    "typed", ["", " ", "Ann", "ann ågren", "Ben O'Neill", "%", "Ann Ågren\x00"]
)
def test_the_name_is_typed_as_it_is_written(school: Scratch, ada: Actor, typed: str) -> None:
    before = lines(school)
    problem = erase_student(ada, ANN, typed)
    assert not isinstance(problem, Extent)
    assert lines(school) == before


def test_a_name_is_the_same_however_it_is_put_in_bytes(school: Scratch, ada: Actor) -> None:
    ask(school, "update school.student set full_name = 'Ann  Ågren' where id = %s", ANN)
    assert isinstance(erase_student(ada, ANN, " Ann A\u030agren "), Extent)


@pytest.mark.parametrize("person", [p for p in people.ROLES if p != ADMIN] + [ANN, people.STRANGER])
def test_nobody_but_an_administrator_erases_or_is_told_what_would_go(
    school: Scratch, person: UUID
) -> None:
    actor = people.actor(school.database, person)
    before = lines(school)
    assert erase_student(actor, ANN, NAME) == REFUSED
    with pytest.raises(Exception, match="only another administrator"):
        extent(actor)
    assert lines(school) == before
    assert isinstance(erase_student(people.actor(school.database, ADMIN), ANN, NAME), Extent)


def test_an_administrator_who_is_a_student_does_not_erase_themselves(
    school: Scratch, ada: Actor
) -> None:
    ask(
        school,
        "insert into school.student (id, organisation_id, full_name) values (%s, %s, 'Ada')",
        *(ADMIN, NORTH),
    )
    assert erase_student(ada, ADMIN, "Ada") == REFUSED
    entered = "update school.student set is_active = false, merged_into = %s where id = %s"
    ask(school, entered, ADMIN, ANN)
    assert erase_student(ada, ANN, NAME) == REFUSED  # who is they themselves


def test_whoever_is_staff_too_stays_as_staff(school: Scratch, ada: Actor) -> None:
    ask(
        school,
        "insert into school.student (id, organisation_id, full_name) values (%s, %s, 'Cora Coordinator')",
        *(COORDINATOR, NORTH),
    )
    cora = people.actor(school.database, COORDINATOR)
    assert save(cora, [Edit(BEN, PROJECT, {Field.SCORE: 9}, EMPTY_ROW)], "Ben's").saved
    platform(school, COORDINATOR, COURSE, "score = 12.00")
    assert isinstance(erase_student(ada, COORDINATOR, "Cora Coordinator"), Extent)
    assert ask(school, "select 1 from school.staff where id = %s", COORDINATOR)
    assert ask(school, "select 1 from dashboard.history where author_id = %s", COORDINATOR)
    assert not ask(school, "select 1 from dashboard.history where student_id = %s", COORDINATOR)
    assert save(cora, [Edit(BEN, people.ASSESSMENT, {Field.SCORE: 9}, EMPTY_ROW)], None).saved


def test_a_student_twice_erased_is_not_there_any_more(school: Scratch, ada: Actor) -> None:
    assert isinstance(erase_student(ada, ANN, NAME), Extent)
    assert erase_student(ada, ANN, NAME) == BROKEN["student_is_gone"]
    with acting_as(ada) as connection:
        assert len(erasures(connection)) == 1


def test_a_reason_is_read_once_for_all_whom_it_might_name(school: Scratch) -> None:
    """Who are due go many at once: each name against each reason would be too much work for one statement."""
    with psycopg.connect(school.owner_url.replace("progress_owner@", "postgres@")) as connection:
        connection.execute("set track_functions = 'all'")
        connection.execute(
            "insert into dashboard.batch (id, author_id, source, reason) "
            "select gen_random_uuid(), %s, 'form', 'x' from generate_series(1, 40)",
            (ADMIN,),
        )
        connection.execute("select internal.erase(%s)", ([ANN, BEN, CLEO, people.DAN],))
        ((calls,),) = connection.execute(
            "select calls from pg_stat_xact_user_functions where funcname = 'plain'"
        ).fetchall()
        connection.rollback()
    assert 40 <= calls < 2 * 40
