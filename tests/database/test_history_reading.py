"""The history by pages and filters, its batches, and as a file's rows."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from data.access.session import Actor, acting_as
from data.reading.history import saves
from data.reading.history.changes import (
    ANY_STAFF,
    Change,
    HistoryFilter,
    history,
    history_count,
    whole_history,
)
from data.reading.history.options import history_modules, history_people, history_span
from data.reading.history.saves import SavedBatch, batch_changes, batches
from data.reading.students.students import find_students
from data.writing.save import save
from tests import people
from tests.clusters import Scratch
from tests.database import random_writes
from tests.database.rows_as_owner import SC, P, ask, edit, written_by
from tests.people import (
    ADMIN,
    ANN,
    ASSESSMENT,
    BEN,
    CLASS_1A,
    CLEO,
    COORDINATOR,
    COURSE,
    DAN,
    PROJECT,
    TEACHER,
)

Act = Callable[[UUID], Actor]
ALL = HistoryFilter()


def pages(actor: Actor, asked: HistoryFilter = ALL, limit: int = 7) -> list[Change]:
    """Every page, one after the other."""
    found: list[Change] = []
    before_id = None
    with acting_as(actor) as connection:
        while True:
            page = history(connection, asked, before_id, limit)
            found += page.changes
            assert len(page.changes) == limit or page.next_before_id is None
            if page.next_before_id is None:
                return found
            before_id = page.next_before_id


@pytest.fixture
def busy(school: Scratch, act: Act) -> Scratch:
    """A school where everybody wrote something."""
    random_writes.write(school, 60, seed=5)
    for student in (ANN, BEN, CLEO):
        ask(school, "insert into public.student_module_progress (student_id, module_id) "
                    "values (%s, %s) on conflict do nothing", student, COURSE)  # fmt: skip
    written_by(school, ANN, "update public.student_module_progress set score = 1 "
                            f"where student_id = '{ANN}'")  # fmt: skip
    wishes = [edit(school, one, COURSE, {SC: Decimal("9.123")}) for one in (ANN, BEN)]
    save(act(COORDINATOR), wishes, "both", source="bulk")
    save(
        act(ADMIN),
        [edit(school, one, COURSE, {SC: Decimal("8.765")}) for one in (CLEO, DAN)],
        "all",
        source="file",
    )
    return school


def test_pages_follow_each_other_newest_first_and_leave_nothing_out(
    busy: Scratch, act: Act
) -> None:
    everything = [
        one["id"] for one in ask(busy, "select id from dashboard.history order by id desc")
    ]
    assert len(everything) > 30
    for limit in (1, 7, len(everything) - 1, len(everything), 1000):
        assert [one.id for one in pages(act(ADMIN), limit=limit)] == everything


def asks(school: Scratch) -> dict[str, tuple[HistoryFilter, str]]:
    """Filters, and the same in SQL of the tests' own."""
    moments = ask(school, "select at from dashboard.history order by at")
    since, until = moments[20]["at"], moments[-5]["at"]
    batch = ask(school, "select id from dashboard.batch where source = 'bulk'")[0]["id"]
    return {
        "student": (HistoryFilter(student_id=ANN), f"student_id = '{ANN}'"),
        "module": (HistoryFilter(module_id=COURSE), f"module_id = '{COURSE}'"),
        "class": (
            HistoryFilter(class_id=CLASS_1A),
            f"student_id in ('{ANN}', '{BEN}') and module_id <> '{people.UNUSED}'",
        ),
        "author": (
            HistoryFilter(author_id=COORDINATOR),
            f"author_id = '{COORDINATOR}'",
        ),
        "batch": (HistoryFilter(batch_id=batch), f"batch_id = '{batch}'"),
        "student's own": (HistoryFilter(source="student"), "source = 'student'"),
        "platform": (HistoryFilter(source="platform"), "source = 'platform'"),
        "staff": (HistoryFilter(source="staff"), "source = 'staff'"),
        "staff in any way": (
            HistoryFilter(source=ANY_STAFF),
            "source not in ('student', 'platform')",
        ),
        "bulk": (HistoryFilter(source="bulk"), "source = 'bulk'"),
        "file": (HistoryFilter(source="file"), "source = 'file'"),
        "days": (HistoryFilter(since=since, until=until), f"at >= '{since}' and at < '{until}'"),
        "since": (HistoryFilter(since=since), f"at >= '{since}'"),
        "all at once": (
            HistoryFilter(ANN, COURSE, CLASS_1A, COORDINATOR, None, "staff", since, until),
            f"student_id = '{ANN}' and module_id = '{COURSE}' and author_id = '{COORDINATOR}' "
            f"and source = 'staff' and at >= '{since}' and at < '{until}'",
        ),
    }


@pytest.mark.parametrize("person", [ADMIN, COORDINATOR, TEACHER, people.SOUTH_COORDINATOR, ANN])
def test_each_filter_finds_what_it_says_of_whom_the_person_may_see(
    busy: Scratch, act: Act, person: UUID
) -> None:
    with acting_as(act(person)) as connection:
        mine = {one.id for one in find_students(connection, "")}
    assert mine
    found = 0
    for name, (asked, clause) in asks(busy).items():
        expected = ask(
            busy,
            f"select id from dashboard.history where student_id = any(%s) and {clause} order by id desc",
            list(mine),
        )
        if asked.class_id and person == people.SOUTH_COORDINATOR:
            expected = []
        assert [one.id for one in pages(act(person), asked)] == [one["id"] for one in expected], (
            name
        )
        found += len(expected)
    assert found > 0


def test_an_entry_tells_who_whom_what_and_why(busy: Scratch, act: Act) -> None:
    newest = pages(act(TEACHER), HistoryFilter(source="bulk"))
    assert {(one.student_name, one.author, one.author_id) for one in newest} == {
        ("Ann Ågren", "Cora Coordinator", COORDINATOR),
        ("Ben O'Neill", "Cora Coordinator", COORDINATOR),
    }
    assert {(one.reason, one.source, one.module_name) for one in newest} == {
        ("both", "bulk", "Fractions")
    }
    assert all(one.batch_id for one in newest)


def test_entries_are_counted_up_to_a_limit_and_modules_offered_as_far_as_one_may_see(
    busy: Scratch, act: Act
) -> None:
    with acting_as(act(ADMIN)) as connection:
        everything = len(history(connection, HistoryFilter(), limit=10_000).changes)
        assert history_count(connection, HistoryFilter(), 10_000) == everything > 30
        assert history_count(connection, HistoryFilter(), 7) == 7
        of_ann = history_count(connection, HistoryFilter(student_id=ANN), 10_000)
        assert 0 < of_ann < everything
        assert COURSE in history_modules(connection, CLASS_1A)
    with acting_as(act(people.DISABLED)) as connection:
        assert history_count(connection, HistoryFilter(), 10_000) == 0
        assert history_modules(connection) == {}


def test_people_and_days_are_offered_as_far_as_one_may_see(busy: Scratch, act: Act) -> None:
    offered: dict[UUID, Any] = {}
    for person in (ADMIN, COORDINATOR, TEACHER, people.SOUTH_COORDINATOR, people.DISABLED):
        with acting_as(act(person)) as connection:
            offered[person] = (
                history_people(connection),
                history_span(connection) is not None,
            )
    cora, ada = {COORDINATOR: "Cora Coordinator"}, {ADMIN: "Ada Admin"}
    assert offered == {
        ADMIN: (ada | cora, True),
        COORDINATOR: (ada | cora, True),
        TEACHER: (cora, True),
        people.SOUTH_COORDINATOR: (ada, True),
        people.DISABLED: ({}, False),
    }
    with acting_as(act(ADMIN)) as connection:
        first, last = history_span(connection) or (None, None)
    assert ask(busy, "select min(at) as first, max(at) as last from dashboard.history") == [
        {"first": first, "last": last}
    ]


def test_batches_come_newest_first_and_page_by_page(school: Scratch, act: Act) -> None:
    cora = act(COORDINATOR)
    made = [
        save(cora, [edit(school, ANN, COURSE, {P: percentage})]).batch_id
        for percentage in range(41, 48)
    ]
    save(act(ADMIN), [edit(school, DAN, COURSE, {P: 5})])
    found: list[SavedBatch] = []
    with acting_as(cora) as connection:
        while page := batches(connection, found[-1] if found else None, 3):
            found += page
    assert [one.id for one in found] == made[::-1]
    with acting_as(act(TEACHER)) as connection:
        seen = batches(connection)
        assert batch_changes(connection, seen[0].id)[0].after["progress_percentage"] == 47
    assert seen == [replace(one, editable=0) for one in found]


def test_batches_are_found_by_what_they_are_and_by_what_they_changed(
    school: Scratch, act: Act
) -> None:
    cora, ada = act(COORDINATOR), act(ADMIN)
    one = save(cora, [edit(school, ANN, COURSE, {P: 41})]).batch_id
    two = save(ada, [edit(school, BEN, ASSESSMENT, {SC: 60})], source="file").batch_id
    with acting_as(ada) as connection:

        def found(**asked: Any) -> list[UUID]:
            fitting = batches(connection, asked=HistoryFilter(**asked))
            return [each.id for each in fitting if each.id in (one, two)]

        assert found() == found(source=ANY_STAFF) == [two, one]
        moment = batches(connection)[0].at
        for by_one, by_two in (
            ({"author_id": COORDINATOR}, {"author_id": ADMIN}),
            ({"source": "form"}, {"source": "file"}),
            ({"until": moment}, {"since": moment}),
            ({"student_id": ANN}, {"student_id": BEN}),
            ({"module_id": COURSE}, {"module_id": ASSESSMENT}),
        ):
            assert (found(**by_one), found(**by_two)) == ([one], [two])
        assert found(student_id=ANN, module_id=ASSESSMENT) == []
        assert one in found(class_id=CLASS_1A)
        assert found(class_id=people.CLASS_SOUTH) == []


def test_a_batch_of_students_i_do_not_see_is_none_of_mine(school: Scratch, act: Act) -> None:
    theirs = save(act(ADMIN), [edit(school, DAN, COURSE, {P: 5})]).batch_id
    assert theirs
    for person in (COORDINATOR, TEACHER, people.DISABLED, people.STRANGER):
        with acting_as(act(person)) as connection:
            assert batches(connection) == []
            assert saves.batch(connection, theirs) is None
            assert batch_changes(connection, theirs) == []
    with acting_as(act(people.SOUTH_COORDINATOR)) as connection:  # the control
        told = saves.batch(connection, theirs)
        assert len(batch_changes(connection, theirs)) == 1
    assert told
    assert (told.rows, told.editable) == (1, 1)


def test_nothing_that_never_was_is_found(busy: Scratch, act: Act) -> None:
    day = ask(busy, "select max(at) as at from dashboard.history")[0]["at"] + timedelta(days=1)
    for asked in (
        HistoryFilter(student_id=uuid4()),
        HistoryFilter(source="undo"),
        HistoryFilter(since=day),
        HistoryFilter(module_id=PROJECT, source="bulk"),
    ):
        assert pages(act(ADMIN), asked) == []


def test_the_whole_history_comes_up_to_a_limit(busy: Scratch, act: Act) -> None:
    everything = pages(act(ADMIN))
    with acting_as(act(ADMIN)) as connection:
        for most in (0, 1, 10, 11, 1000):
            found = list(whole_history(connection, ALL, most, page=5))
            assert found == everything[:most]


@pytest.mark.parametrize("person", [TEACHER, COORDINATOR])
def test_who_has_a_student_twice_is_told_everything_once(
    school: Scratch, act: Act, person: UUID
) -> None:
    written_by(
        school,
        COORDINATOR,
        f"update public.student_module_progress set score = 60 where student_id = '{ANN}'",
    )
    before = pages(act(person))
    assert before
    ask(school, f"insert into school.class_teacher values ('{people.CLASS_1B}', '{TEACHER}')")
    ask(school, f"insert into school.class_student values ('{people.CLASS_1B}', '{ANN}')")
    ask(school, f"delete from school.class_student where student_id = '{CLEO}'")
    after = pages(act(person))
    assert [one.id for one in after if one.student_id != CLEO] == [
        one.id for one in before if one.student_id != CLEO
    ]


LONG = """
insert into dashboard.history (student_id, module_id, operation, source, before, after)
select
    %s, (case when entry <= 300 then %s else %s end)::uuid, 'update',
    case when entry <= 300 then 'file' else 'platform' end, '{"score": 1}', '{"score": 2}'
from generate_series(1, 60000) as entry
"""
READ = """
select
    -- To go through a month with nothing in it is as well as any way.
    coalesce(sum(seq_scan) filter (where seq_tup_read > 0), 0), sum(seq_tup_read + coalesce(idx_tup_fetch, 0))
from pg_stat_xact_user_tables
where relname ~ '^history'
"""


@pytest.mark.usefixtures("altered")
@pytest.mark.parametrize(
    "asked",
    [
        HistoryFilter(module_id=PROJECT),
        HistoryFilter(module_id=COURSE),
        HistoryFilter(source="file"),
        HistoryFilter(source="platform"),
        HistoryFilter(source="undo"),
    ],
)
def test_a_page_of_a_module_or_a_source_reads_little_of_a_long_history(
    school: Scratch, act: Act, asked: HistoryFilter
) -> None:
    ask(school, LONG, ANN, PROJECT, COURSE)
    ask(school, "analyze dashboard.history")
    before_id = None
    for _ in range(3):
        with acting_as(act(ADMIN)) as connection:
            scans, rows = connection.execute(text(READ)).one()
            page = history(connection, asked, before_id, 100)
            scans_after, rows_after = connection.execute(text(READ)).one()
        before_id = page.next_before_id
        assert scans_after == scans
        assert rows_after - rows < 3_000
        assert (len(page.changes) == 100) == (asked.source != "undo")
        if before_id is None:
            return
