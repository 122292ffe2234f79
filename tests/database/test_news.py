"""What is new in classes since a moment: each kind on both sides of it, and up to where it was read."""

import json
import random
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import pytest
from sqlalchemy import text

from data.access.session import Actor, acting_as
from data.reading.classes.news import ClassNews, GravestNews, news
from data.writing.news_read import read_news
from tests import people
from tests.clusters import Scratch
from tests.database import random_writes
from tests.database.rows_as_owner import ask, platform, written_by
from tests.database.test_standings import settle
from tests.people import (
    ANN,
    ASSESSMENT,
    BEN,
    CLASS_1A,
    CLASS_1B,
    CLASS_SOUTH,
    CLEO,
    COORDINATOR,
    COURSE,
    DAN,
    PROJECT,
    TEACHER,
)
from tests.rls.facts import IDENTITIES, Identity, is_everywhere, is_staff, role, staffs
from tests.rls.staff_students import STAFF_STUDENTS

Act = Callable[[UUID], Actor]

FEW: Final = json.dumps({"lesson_quiz_results": {"1": {"attempts": 2, "passed": False}}})
MANY: Final = json.dumps({"lesson_quiz_results": {"1": {"attempts": 3, "passed": False}}})
UPDATE: Final = (
    "update public.student_module_progress set {} where student_id = '{}' and module_id = '{}'"
)


def now(school: Scratch) -> datetime:
    found: datetime = ask(school, "select clock_timestamp() as at")[0]["at"]
    return found


def told(actor: Actor, since: datetime, most: int = 99) -> GravestNews:
    with acting_as(actor) as connection:
        return news(connection, since, most)


def found(
    school: Scratch, actor: Actor, since: datetime
) -> list[tuple[UUID, str, int, int, UUID | None]]:
    """What is told alike before it is kept and from what is kept."""
    answer = told(actor, since)
    settle(school)
    assert told(actor, since) == answer
    assert answer.classes == len({one.class_id for one in answer.first})
    return [
        (one.class_id, one.kind, one.modules, one.students, one.student_id) for one in answer.first
    ]


def as_staff(school: Scratch, person: UUID, student: UUID, module: UUID, change: str) -> None:
    written_by(school, person, UPDATE.format(change, student, module))


def test_nothing_is_new_where_nothing_happened(school: Scratch, act: Act) -> None:
    assert found(school, act(TEACHER), now(school)) == []


HAPPENED: Final = {
    "stuck": (COURSE, f"progress_details = '{FEW}'", f"progress_details = '{MANY}'"),
    "failed": (ASSESSMENT, "score = 70", "score = 69.9"),
    "failed by what the details say": (
        ASSESSMENT,
        "score = null, progress_details = '{\"score\": 90}'",
        "progress_details = '{\"score\": 20}'",
    ),
    "slipped": (
        COURSE,
        "status = 'Completed', completed_at = now() - interval '1 day'",
        "status = 'InProgress', completed_at = null",
    ),
    "completed": (
        COURSE,
        "status = 'InProgress', completed_at = null",
        "status = 'Completed', completed_at = clock_timestamp()",
    ),
}
"""A module, how a row of it is before, and what happens to it."""


@pytest.mark.parametrize("name", HAPPENED)
def test_it_is_new_on_one_side_of_the_moment_and_old_on_the_other(
    school: Scratch, act: Act, name: str
) -> None:
    module, before, change = HAPPENED[name]
    student = BEN if module == COURSE else ANN
    platform(school, student, module, before)
    since = now(school)
    platform(school, student, module, change)
    assert found(school, act(TEACHER), since) == [(CLASS_1A, name.split()[0], 1, 1, student)]
    later = now(school)
    platform(school, student, module, "last_updated = clock_timestamp(), progress_percentage = 41")
    assert found(school, act(TEACHER), later) == []


@pytest.mark.parametrize("name", HAPPENED)
def test_what_holds_no_more_is_not_told(school: Scratch, act: Act, name: str) -> None:
    module, before, change = HAPPENED[name]
    student = BEN if module == COURSE else ANN
    platform(school, student, module, before)
    since = now(school)
    platform(school, student, module, change)
    platform(school, student, module, before)
    kinds = {kind for _, kind, *_ in found(school, act(TEACHER), since)}
    assert name.split()[0] not in kinds


def test_a_row_that_comes_stuck_and_failed_is_new(school: Scratch, act: Act) -> None:
    since = now(school)
    ask(
        school,
        "insert into public.student_module_progress (student_id, module_id, status, score, progress_details) "
        f"values ('{BEN}', '{ASSESSMENT}', 'InProgress', 5, '{MANY}')",
    )
    assert found(school, act(TEACHER), since) == [
        (CLASS_1A, kind, 1, 1, BEN) for kind in ("stuck", "failed")
    ]


def test_another_try_that_fails_again_is_not_new(school: Scratch, act: Act) -> None:
    platform(school, ANN, COURSE, f"progress_details = '{MANY}'")
    since = now(school)
    platform(school, ANN, COURSE, f"progress_details = '{MANY.replace('3', '4')}'")
    platform(school, ANN, ASSESSMENT, "score = 56")  # it was 55
    assert found(school, act(TEACHER), since) == []


def test_a_completion_entered_late_is_as_old_as_its_date(school: Scratch, act: Act) -> None:
    since = now(school)
    as_staff(
        school,
        COORDINATOR,
        ANN,
        COURSE,
        "status = 'Completed', completed_at = now() - interval '3 days'",
    )
    assert found(school, act(TEACHER), since) == [(CLASS_1A, "changed", 1, 1, ANN)]
    completed = (CLASS_1A, "completed", 1, 1, ANN)
    assert completed in found(school, act(TEACHER), since - timedelta(days=4))
    assert completed not in found(school, act(TEACHER), since - timedelta(days=2))


def test_what_staff_took_back_was_changed_and_did_not_slip(school: Scratch, act: Act) -> None:
    since = now(school)
    as_staff(school, COORDINATOR, BEN, COURSE, "status = 'InProgress', completed_at = null")
    assert found(school, act(TEACHER), since) == [(CLASS_1A, "changed", 1, 1, BEN)]


def test_what_i_changed_myself_is_no_news_to_me(school: Scratch, act: Act) -> None:
    since = now(school)
    as_staff(school, COORDINATOR, ANN, PROJECT, "score = 90")  # no row there
    as_staff(school, COORDINATOR, ANN, COURSE, "progress_percentage = 50")
    as_staff(school, COORDINATOR, ANN, COURSE, "progress_percentage = 60")
    as_staff(school, COORDINATOR, BEN, COURSE, "score = 80")
    as_staff(school, ANN, ANN, COURSE, "progress_percentage = 70")  # her own work
    assert found(school, act(TEACHER), since) == [(CLASS_1A, "changed", 2, 2, None)]
    assert found(school, act(COORDINATOR), since) == []


def test_one_student_is_named_and_several_are_not(school: Scratch, act: Act) -> None:
    since = now(school)
    for student in (ANN, BEN):
        platform(school, student, COURSE, f"progress_details = '{MANY}'")
    platform(school, ANN, ASSESSMENT, "score = 80")
    platform(school, ANN, ASSESSMENT, "score = 50, completed_at = now()")
    for _ in range(2):
        assert told(act(TEACHER), since).first == [
            ClassNews(CLASS_1A, "stuck", 2, 2, None, None),
            ClassNews(CLASS_1A, "failed", 1, 1, ANN, "Ann Ågren"),  # with 80 she was not
            ClassNews(CLASS_1A, "completed", 1, 1, ANN, "Ann Ågren"),
        ]
        settle(school)


LEFT_OUT: Final = {
    "a class that is archived": f"update school.class set archived_at = now() where id = '{CLASS_1A}'",
    "who is not there any more": f"update school.student set is_active = false where id = '{ANN}'",
    "who left the class": f"delete from school.class_student where student_id = '{ANN}'",
    "a module of no class": f"delete from school.class_module where module_id = '{COURSE}'",
    "staff who try it": "insert into school.staff (id, organisation_id, full_name, email, role) "
    f"values ('{ANN}', null, 'Ann', 'staff@example.org', 'viewer')",
}


@pytest.mark.parametrize("name", LEFT_OUT)
def test_of_these_nothing_is_told(school: Scratch, act: Act, name: str) -> None:
    since = now(school)
    platform(school, ANN, COURSE, f"progress_details = '{MANY}'")
    assert found(school, act(TEACHER), since)
    ask(school, LEFT_OUT[name])
    assert found(school, act(TEACHER), since) == []


def test_each_hears_of_their_own_classes_and_some_of_guests(school: Scratch, act: Act) -> None:
    ask(school, f"insert into school.class_student values ('{CLASS_1A}', '{DAN}')")  # of the South
    since = now(school)
    for student in (ANN, CLEO, DAN):
        platform(school, student, COURSE, f"progress_details = '{MANY}'")
    heard = {}
    for who in IDENTITIES:
        if who.person and who.person not in STAFF_STUDENTS:
            found_there = found(school, act(who.person), since)
            heard[who] = {class_: students for class_, _, _, students, _ in found_there}
    assert heard == {
        who: {
            class_: len(pupils) + (class_ == CLASS_1A and hears_of_guests(who))
            for class_, pupils in {CLASS_1A: {ANN}, CLASS_1B: {CLEO}, CLASS_SOUTH: {DAN}}.items()
            if is_staff(who) and staffs(who, class_)
        }
        for who in heard
    }
    assert (
        sorted(len(classes) for classes in heard.values()) == [0] * 4 + [1] * 3 + [2] * 2 + [3] * 3
    )


def hears_of_guests(who: Identity) -> bool:
    return role(who) == "teacher" or is_everywhere(who)


# --- against what stood and stands ---

STANDS: Final = """
select
    fact.student_id,
    fact.module_id,
    coalesce(attempts >= %s, false) as is_stuck,
    shown_score >= 0 and shown_score < pass_mark as is_failed,
    completion_at,
    slipped_at
from dashboard.fact
join school.module on module.id = module_id
join school.class_student using (student_id)
join school.class_module using (class_id, module_id)
where class_id = %s
"""
GET_STUCK: Final = (
    "update public.student_module_progress set progress_details = "
    "case when jsonb_typeof(progress_details) = 'object' then progress_details else '{}' end || '%s' "
    "where random() < 0.3"
)


CHOOSES: Final = (
    "insert into dashboard.attention_change (class_id, figure, value, author_id) "
    "values (%s, 'stuck_attempts', %s, %s)"
)


def stands(school: Scratch, attempts: int) -> dict[tuple[UUID, UUID], dict[str, Any]]:
    rows = ask(school, STANDS, attempts, CLASS_1A)
    return {(one["student_id"], one["module_id"]): one for one in rows}


@pytest.mark.parametrize("attempts", [2, 3])
def test_it_is_what_was_otherwise_at_some_time_since_after_any_writes(
    school: Scratch, act: Act, attempts: int
) -> None:
    ask(school, CHOOSES, CLASS_1A, attempts, COORDINATOR)
    pupils = random_writes.crowd(school, 60)
    rng = random.Random(16)
    random_writes.write_many(school, pupils, rng)
    ask(school, GET_STUCK.replace("%s", MANY))
    stood, since = [stands(school, attempts)], now(school)

    def look() -> None:
        stood.append(stands(school, attempts))

    for _ in range(2):
        random_writes.write_many(school, pupils, rng, look)
        for quizzes in (MANY, FEW):
            ask(school, GET_STUCK.replace("%s", quizzes))
            look()

    expected: defaultdict[str, set[tuple[UUID, UUID]]] = defaultdict(set)
    for key, row in stood[-1].items():
        for kind in ("stuck", "failed"):
            if row[f"is_{kind}"] and not all(
                key in was and was[key][f"is_{kind}"] for was in stood
            ):
                expected[kind].add(key)
        for kind, at in (("completed", row["completion_at"]), ("slipped", row["slipped_at"])):
            if at and at > since:
                expected[kind].add(key)
    heard = {
        kind: (modules, students)
        for _, kind, modules, students, _ in found(school, act(TEACHER), since)
        if kind != "changed"
    }
    assert heard == {
        kind: (len(keys), len({student for student, _ in keys})) for kind, keys in expected.items()
    }
    assert set(heard) == {"stuck", "failed", "completed", "slipped"}
    assert min(modules for modules, _ in heard.values()) > 3
    assert ask(school, "select internal.note_wrong_summaries() as wrong") == [{"wrong": 0}]


MUCH: Final = """
insert into dashboard.history (at, student_id, module_id, operation, source, author_id, before, after)
select
    %s - minute * interval '1 minute', student.id, %s, 'update',
    case when minute %% 50 = 0 then 'form' else 'student' end, case when minute %% 50 = 0 then %s::uuid end,
    '{"progress_percentage": 1}',
    case when minute %% 20 = 0 then '{"score": 80}'::jsonb else '{"progress_percentage": 2}' end
from school.student
cross join generate_series(1, 4000) as minutes (minute)
"""
SCANS: Final = """
select coalesce(whole.relname, part.relname), sum(pg_stat_get_xact_numscans(part.oid))::integer as scans
from pg_class as part
left join pg_inherits on inhrelid = part.oid
left join pg_class as whole on whole.oid = inhparent
where coalesce(whole.relname, part.relname) ~ '^(history|fact|student_module_progress)'
    and (whole.oid is null or pg_relation_size(part.oid) > 8192)  -- months with nothing in them apart
group by 1
"""


@pytest.mark.parametrize("is_kept", [False, True])
def test_a_long_history_is_not_looked_through(school: Scratch, act: Act, is_kept: bool) -> None:
    # In the midst of a month, whatever day it is: of two, each is planned by what is in it.
    ended = now(school).replace(day=1) - timedelta(days=12)
    ask(school, MUCH, ended, COURSE, COORDINATOR)
    ask(school, "analyze dashboard.history")
    if is_kept:
        settle(school)
    since = ended - timedelta(hours=1)
    with acting_as(act(TEACHER)) as connection:
        # What is read first, and as whom, decides what is known of an index from then on.
        connection.execute(text("select id from dashboard.history limit 1"))
        before: dict[str, int] = dict(connection.execute(text(SCANS)).all())
        assert news(connection, since, 9).first
        after: dict[str, int] = dict(connection.execute(text(SCANS)).all())
    scanned = {name for name in after if after[name] > before[name]}
    if is_kept:
        assert scanned <= {"history_at"}  # to plan it, PostgreSQL looks at its end
    else:
        assert scanned >= {"history_marks", "history_staff_at"}
        assert "history" not in scanned


GRAVITY: Final = (
    {"stuck": 2},
    {"stuck": 1, "failed": 1},
    {"stuck": 1, "completed": 9},
    {"failed": 3, "changed": 1},
    {"slipped": 1},
    {"completed": 5, "changed": 9},
    {"completed": 5},
    {"changed": 1},
)
"""What is new in classes, the gravest first."""
CLASS: Final = """
with made as (
    insert into school.class (id, organisation_id, name)
    select gen_random_uuid(), organisation_id, clock_timestamp()::text from school.class where id = %s
    returning id
)
insert into internal.class_summary
select (jsonb_populate_record(summary, jsonb_build_object('class_id', made.id))).*
from internal.class_summary as summary cross join made
where summary.class_id = %s
returning class_id
"""
KEPT: Final = """
insert into internal.class_news
select %s, key, array_agg(clock_timestamp() order by 1), array_agg(%s::uuid), array_fill(null::uuid, array[n]),
    array_fill(null::timestamptz, array[n])
from jsonb_each_text(%s) cross join lateral (select value::integer as n) as its cross join generate_series(1, n)
group by key, n
"""


def test_the_gravest_comes_first_of_as_many_as_are_asked_for(school: Scratch, act: Act) -> None:
    settle(school)
    since, ids = now(school), {}
    for at in (*range(1, len(GRAVITY), 2), *range(0, len(GRAVITY), 2)):
        (made,) = ask(school, CLASS, CLASS_1A, CLASS_1A)
        ids[at] = made["class_id"]
        ask(school, KEPT, ids[at], ANN, json.dumps(GRAVITY[at]))
    coordinator = act(COORDINATOR)
    for most in (3, 99):
        answer = told(coordinator, since, most)
        assert answer.classes == len(GRAVITY)
        assert [(one.class_id, one.kind, one.modules) for one in answer.first] == [
            (ids[at], kind, modules)
            for at, of_class in enumerate(GRAVITY[:most])
            for kind, modules in of_class.items()
        ]


WRONG: Final = (
    "update internal.class_news set at = array_fill(at[1] - interval '1 minute', array[cardinality(at)])",
    f"update internal.class_news set students = array_fill('{CLEO}'::uuid, array[cardinality(at)])",
    f"update internal.class_news set authors = array_fill('{TEACHER}'::uuid, array[cardinality(at)])",
    "update internal.class_news set by_others = at",
    "delete from internal.class_news where kind = 'changed'",
    "insert into internal.class_news select class_id, 'slipped', at, students, authors, by_others "
    "from internal.class_news where kind = 'changed'",
)


@pytest.mark.parametrize("wrong", WRONG)
def test_check_works_out_again_what_is_wrong(school: Scratch, act: Act, wrong: str) -> None:
    since = now(school)
    as_staff(school, COORDINATOR, ANN, COURSE, "score = 90")
    right = found(school, act(TEACHER), since)
    noted = "select internal.note_wrong_summaries() as wrong"
    assert ask(school, noted) == [{"wrong": 0}]
    ask(school, wrong)
    assert ask(school, noted) == [{"wrong": 1}]
    assert found(school, act(TEACHER), since) == right
    assert ask(school, noted) == [{"wrong": 0}]


def test_a_change_that_leaves_the_figures_alone_is_noted(school: Scratch, act: Act) -> None:
    as_staff(school, COORDINATOR, ANN, COURSE, "progress_details = '{\"a\": 1}'")
    settle(school)
    since = now(school)
    as_staff(school, COORDINATOR, ANN, COURSE, "progress_details = '{\"a\": 2}'")
    assert found(school, act(TEACHER), since) == [(CLASS_1A, "changed", 1, 1, ANN)]


@pytest.mark.parametrize("erased", [ANN, BEN])
def test_who_is_erased_is_in_no_news(school: Scratch, act: Act, erased: UUID) -> None:
    since = now(school)
    as_staff(school, BEN, ANN, COURSE, "score = 90")
    assert found(school, act(TEACHER), since)
    kept = "select to_jsonb(class_news)::text as kept from internal.class_news"
    assert str(erased) in str(ask(school, kept))
    ask(school, f"select internal.erase(array['{erased}']::uuid[])")
    assert str(erased) not in str(ask(school, kept))
    settle(school)
    assert str(erased) not in str(ask(school, kept))


# --- up to where they were read ---


def away(school: Scratch, person: UUID, time: str) -> None:
    """So much time goes by."""
    ask(
        school,
        "update internal.news_read set read_at = read_at - %s::interval, "
        "before_that = before_that - %s::interval where staff_id = %s",
        time,
        time,
        person,
    )


def test_since_is_when_the_visit_before_ended(school: Scratch, act: Act) -> None:
    tess = act(TEACHER)
    assert read_news(tess) is None  # never here
    assert read_news(tess) is None  # nor in the visit before this one
    first = ask(school, "select read_at from internal.news_read")[0]["read_at"]
    away(school, TEACHER, "59 minutes")
    assert read_news(tess) is None  # the same visit: 59 minutes later
    away(school, TEACHER, "61 minutes")
    last = ask(school, "select read_at from internal.news_read")[0]["read_at"]
    assert first < last + timedelta(minutes=61)
    for _ in range(3):  # loaded anew, it is still there
        assert read_news(tess) == last
    away(school, TEACHER, "30 minutes")
    assert read_news(tess) == last - timedelta(minutes=30)
    assert read_news(act(COORDINATOR)) is None  # each their own


def test_what_is_read_again_within_ten_minutes_is_not_written_again(
    school: Scratch, act: Act
) -> None:
    read_news(act(TEACHER))
    row = "select xmin::text, read_at from internal.news_read"
    before = ask(school, row)
    read_news(act(TEACHER))
    assert ask(school, row) == before
    away(school, TEACHER, "11 minutes")
    read_news(act(TEACHER))
    assert ask(school, row) != before


@pytest.mark.parametrize("person", [ANN, people.DISABLED, people.STRANGER])
def test_of_who_is_no_staff_nothing_is_noted(school: Scratch, act: Act, person: UUID) -> None:
    assert read_news(act(person)) is None
    assert ask(school, "select staff_id from internal.news_read") == []


def test_where_nothing_can_be_written_they_are_read_all_the_same(school: Scratch, act: Act) -> None:
    read_news(act(TEACHER))
    away(school, TEACHER, "2 days")
    since = read_news(act(TEACHER))
    away(school, TEACHER, "2 days")
    with acting_as(act(TEACHER)) as connection:
        connection.execute(text("set transaction_read_only = on"))
        assert since is not None
        told = connection.scalar(text("select dashboard.read_news()"))
        assert told == since - timedelta(days=2)
