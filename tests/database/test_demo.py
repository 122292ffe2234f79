"""The demo data: its sizes, its messy rows, and a history that leads to what the table holds."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import psycopg
import pytest
from psycopg.types.json import set_json_loads

from data import demo
from data.demo.classes import groups
from data.demo.clock import Clock
from data.errors import DatabaseNotReady, DataError
from tests.clusters import Cluster, Scratch

Rows = list[tuple[Any, ...]]

CLASS_ROWS = """
    (
        select p.*, lower(m.type) as type, f.is_stuck, f.has_problem, f.shown_score, f.score_source
        from public.student_module_progress as p
        join school.class_student using (student_id)
        join school.class_module using (class_id, module_id)
        join public.modules as m on m.id = module_id
        join dashboard.fact as f using (student_id, module_id)
        where class_id = %(class)s
    ) as p
"""

VALUES = """
    select student_id, module_id, status, score, progress_percentage, completed_at is null
    from public.student_module_progress
    order by student_id, module_id
"""


FACTS = """
    select student_id, module_id, shown_score, is_stuck, has_problem, edited_by_staff
    from dashboard.fact
    order by student_id, module_id
"""


def silently(_sentence: str) -> None:
    """Says nothing."""


def ask(database: Scratch, question: str, **values: Any) -> Rows:
    """The answer as rows; JSON numbers as exact decimals."""
    with psycopg.connect(database.owner_url) as connection:
        set_json_loads(lambda text: json.loads(text, parse_float=Decimal), connection)
        return connection.execute(question.encode(), values or None).fetchall()


@pytest.fixture(scope="module")
def demo_database(cluster_18: Cluster) -> Iterator[Scratch]:
    """Loaded once; no test here writes to it."""
    scratch = cluster_18.new_database("demo")
    yield scratch
    cluster_18.drop(scratch)


def test_it_has_the_promised_sizes(demo_database: Scratch) -> None:
    sizes = ask(
        demo_database,
        """
        select
            (select count(*) from public.organisations),
            (select count(*) between 1900 and 2100 from school.student),
            (select count(distinct email) = count(*) from school.student),
            (select count(*) from auth.users where id not in (select id from school.student))
        """,
    )
    assert sizes == [(2, True, True, 5)]


def test_six_classes_and_a_cohort(demo_database: Scratch) -> None:
    classes = ask(
        demo_database,
        """
        select
            class.id,
            (select count(*) from school.class_student where class_id = class.id),
            (select count(*) from school.class_module where class_id = class.id)
        from school.class
        """,
    )
    sizes = {found: (students, modules) for found, students, modules in classes}
    assert sizes.pop(demo.COHORT) == (500, 50)
    assert len(sizes) == 6
    assert all(24 <= students <= 34 and modules == 20 for students, modules in sizes.values())


def test_the_cast_has_its_roles_and_classes(demo_database: Scratch) -> None:
    staff = ask(
        demo_database,
        """
        select id, role, organisation_id, array(select class_id from school.class_teacher where staff_id = id)
        from school.staff
        """,
    )
    found = {person: (role, where, set(classes)) for person, role, where, classes in staff}
    firsts = {demo.CLASS_ONE, demo.CLASS_TWO, demo.CLASS_THREE}
    seconds = {demo.CLASS_FOUR, demo.CLASS_FIVE, demo.CLASS_SIX, demo.COHORT}
    assert found == {
        demo.TEACHER_ONE: ("teacher", demo.SCHOOL, firsts),
        demo.TEACHER_TWO: ("teacher", demo.INSTITUTE, seconds),
        demo.COORDINATOR_ONE: ("coordinator", demo.SCHOOL, set()),
        demo.COORDINATOR_TWO: ("coordinator", demo.INSTITUTE, set()),
        demo.ADMIN: ("admin", None, set()),
    }


def test_names_are_as_names_are(demo_database: Scratch) -> None:
    names = [name for (name,) in ask(demo_database, "select full_name from school.student")]
    everything = " ".join(names)
    for sign in "'-éøłİعה伟к":
        assert sign in everything, sign
    assert any(" " not in name and name.isascii() for name in names)
    assert max(map(len, names)) > 90
    twins = ask(
        demo_database,
        """
        select count(*)
        from school.class_student
        join school.student on student.id = student_id
        where class_id = %(class)s
        group by full_name
        having count(*) > 1
        """,
        **{"class": demo.CLASS_ONE},
    )
    assert twins == [(2,)]


def test_former_students_are_in_no_class_and_have_rows(demo_database: Scratch) -> None:
    question = """
        select
            count(distinct student.id),
            count(distinct student.id) filter (where not is_active),
            count(module_id)
        from school.student
        left join public.student_module_progress on student_id = student.id
        where student.id not in (select student_id from school.class_student)
    """
    ((students, inactive, rows),) = ask(demo_database, question)
    assert students > 1200
    assert students > inactive > 500
    assert rows > 3000


def test_a_student_and_a_module_belong_to_two_classes(demo_database: Scratch) -> None:
    shared = (
        "select count(*) from (select from school.{} group by {} having count(*) > 1) as shared"
    )
    assert ask(demo_database, shared.format("class_student", "student_id")) == [(4,)]
    assert ask(demo_database, shared.format("class_module", "module_id")) >= [(2,)]


def test_three_buckets_sum_to_the_eligible_cells_and_some_rows_are_missing(
    demo_database: Scratch,
) -> None:
    question = """
        select
            count(*),
            count(*) filter (where p.student_id is null),
            count(*) filter (where coalesce(status, 'NotStarted') = 'NotStarted'),
            count(*) filter (where status = 'InProgress'),
            count(*) filter (where status = 'Completed')
        from school.class_student
        join school.class_module using (class_id)
        left join public.student_module_progress as p using (student_id, module_id)
        group by class_id
    """
    for eligible, missing, *buckets in ask(demo_database, question):
        assert sum(buckets) == eligible
        assert eligible > missing > 0
        assert all(buckets)


def test_every_class_has_students_who_never_started_and_who_stopped(demo_database: Scratch) -> None:
    question = """
        select
            count(*) filter (where latest is null),
            count(*) filter (where latest < now() - interval '7 days')
        from (
            select class_id, student_id, max(last_activity) as latest
            from school.class_student
            left join dashboard.fact using (student_id)
            group by class_id, student_id
        ) as students
        group by class_id
    """
    for never, stopped in ask(demo_database, question):
        assert never >= 1
        assert stopped >= 1


def test_modules_are_written_in_every_way(demo_database: Scratch) -> None:
    spellings = {name for (name,) in ask(demo_database, "select distinct type from public.modules")}
    assert spellings >= {
        "Course",
        "course",
        "Assessment",
        "ASSESSMENT",
        "project",
        "expert session",
    }
    keys = ask(
        demo_database, "select distinct jsonb_object_keys(configuration) from public.modules"
    )
    assert {key for (key,) in keys} >= {
        "pass_threshold",
        "passThreshold",
        "passing_threshold",
        "passingThreshold",
    }
    question = """
        select count(*) filter (where lessons between 4 and 10), count(*)
        from (
            select (select count(*) from public.lessons where module_id = modules.id) as lessons
            from public.modules
            where lower(type) = 'course'
        ) as courses
    """
    ((fitting, courses),) = ask(demo_database, question)
    assert fitting == courses > 80


MESSY = {
    "1 completed without a date": "status = 'Completed' and type = 'course' and completed_at is null",
    "2 a grade as percentage": (
        "status = 'Completed' and type = 'assessment' and progress_percentage = 55 and score = 55"
    ),
    "3 completed and failed": "status = 'Completed' and shown_score < 50",
    "3 completed without figures": (
        "status = 'Completed' and score is null and progress_percentage is null"
    ),
    "4 in progress at 0": "status = 'InProgress' and type = 'course' and progress_percentage = 0",
    "4 in progress at 100": "status = 'InProgress' and progress_percentage = 100",
    "4 in progress at nothing": "status = 'InProgress' and progress_percentage is null",
    "4 not started with details": "status = 'NotStarted' and progress_details <> '{}'",
    "5 a date on an unfinished row": "status <> 'Completed' and completed_at is not null",
    "5 a date after the completion": (
        "isfinite(completed_at) and progress_details ->> 'submitted_at' ~ '^20..-..-..T..:..:..[+]' "
        "and completed_at > (progress_details ->> 'submitted_at')::timestamptz"
    ),
    "6 two thirds": "score = 66.6666666666666667",
    "6 a score above 100": "score > 100",
    "6 a course with a score": "type = 'course' and score is not null",
    "7 last_updated not bumped": (
        "jsonb_path_query_array(progress_details, '$.lesson_quiz_results.*.last_attempt_at') ->> 0 "
        "> to_jsonb(last_updated at time zone 'UTC') #>> '{}'"
    ),
    "8 computed again by the platform": (
        "status = 'InProgress' and exists (select from dashboard.history as h where h.student_id = "
        "p.student_id and h.module_id = p.module_id and h.source = 'platform' and h.completions = -1)"
    ),
    "9 stuck": "is_stuck and status <> 'Completed'",
    "a score in the details only": "score is null and score_source = 'details'",
    "a score written as text": "jsonb_typeof(progress_details -> 'score_percentage') = 'string'",
    "unknown keys": "progress_details ? 'ai_feedback'",
    "malformed parts": "jsonb_typeof(progress_details -> 'completed_lesson_ids') = 'string'",
    "unreadable moments": "progress_details ->> 'started_at' = 'infinity'",
    "details that are no object": "jsonb_typeof(progress_details) not in ('object', 'null')",
}


@pytest.mark.parametrize("kind", MESSY)
def test_teacher_one_meets_every_messy_row(demo_database: Scratch, kind: str) -> None:
    question = f"select count(*), (select count(*) from {CLASS_ROWS}) from {CLASS_ROWS} where {MESSY[kind]}"
    ((messy, every),) = ask(demo_database, question, **{"class": demo.CLASS_ONE})
    assert messy >= 1
    assert messy < every / 3


def test_exactly_one_row_is_poisoned_and_teacher_one_sees_it(demo_database: Scratch) -> None:
    question = f"select count(*) from {CLASS_ROWS} where completed_at = 'infinity' and has_problem"
    assert ask(demo_database, question, **{"class": demo.CLASS_ONE}) == [(1,)]
    everywhere = """
        select count(*)
        from public.student_module_progress
        where not isfinite(completed_at) or not isfinite(last_updated)
    """
    assert ask(demo_database, everywhere) == [(1,)]


def test_details_come_in_every_shape(demo_database: Scratch) -> None:
    question = """
        select distinct key
        from public.student_module_progress
        cross join lateral jsonb_object_keys(progress_details) as key
        where jsonb_typeof(progress_details) = 'object'
    """
    assert {key for (key,) in ask(demo_database, question)} >= {
        *("completed_lesson_ids", "fully_watched_video_ids", "last_viewed_lesson_sequence"),
        *("last_completed_lesson_id", "video_playback_positions", "video_playback_position"),
        *("lesson_quiz_results", "lesson_quiz_attempts"),
        *("answers", "correct_answers", "total_questions", "score", "score_percentage"),
        *("tier_achieved", "time_spent_seconds", "started_at", "submitted_at"),
        *("project_title", "project_submitted", "passed", "submission_id", "completion_date"),
    }


def test_nothing_happens_after_now(demo_database: Scratch) -> None:
    question = """
        select
            (select max(at) <= now() from dashboard.history),
            (select max(last_updated) <= now() from public.student_module_progress),
            (
                select max(completed_at) <= now()
                from public.student_module_progress
                where isfinite(completed_at)
            )
    """
    assert ask(demo_database, question) == [(True, True, True)]


def test_the_history_covers_sixty_days_in_order(demo_database: Scratch) -> None:
    question = """
        select
            now() - min(at),
            now() - max(at),
            (
                select count(*)
                from (select at < lag(at) over (order by id) as is_back from dashboard.history) as steps
                where is_back
            )
        from dashboard.history
    """
    ((oldest, newest, backwards),) = ask(demo_database, question)
    assert timedelta(days=57) < oldest < timedelta(days=64)
    assert newest < timedelta(days=4)
    assert backwards == 0


def test_every_one_of_the_last_eight_weeks_has_completions(demo_database: Scratch) -> None:
    question = """
        select sum(completions)
        from dashboard.history
        where at > now() - interval '56 days'
        group by floor(extract(epoch from now() - at) / 604800)
    """
    weeks = [completions for (completions,) in ask(demo_database, question)]
    assert len(weeks) == 8
    assert min(weeks) > 100


def test_replaying_the_history_gives_the_table(demo_database: Scratch) -> None:
    events = ask(
        demo_database,
        "select student_id, module_id, operation, before, after from dashboard.history order by id",
    )
    replayed: dict[tuple[Any, Any], dict[str, Any]] = {}
    for student, module, operation, before, after in events:
        key = student, module
        assert (key in replayed) == (operation == "update")
        replayed[key] = applied(replayed[key], before, after) if before else after
    table = ask(
        demo_database,
        """
        select student_id, module_id, to_jsonb(p) - 'student_id' - 'module_id'
        from public.student_module_progress as p
        """,
    )
    assert replayed == {(student, module): row for student, module, row in table}


def applied(row: dict[str, Any], before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """The row after one update, which must have found what it says it found, and changed all it names."""
    assert before.keys() == after.keys()
    details, old, new = (side.get("progress_details") for side in (row, before, after))
    result = {**row, **after}
    for name in before:
        assert before[name] != after[name]
        if name != "progress_details" or not (isinstance(old, dict) and isinstance(new, dict)):
            assert row[name] == before[name]
    if isinstance(old, dict) and isinstance(new, dict) and isinstance(details, dict):
        assert old.items() <= details.items()
        assert not any(old[key] == new[key] for key in old.keys() & new.keys())
        kept = {key: value for key, value in details.items() if key not in old}
        result["progress_details"] = {**kept, **new}
    return result


def test_staff_corrections_have_a_batch_with_a_reason(demo_database: Scratch) -> None:
    question = """
        select h.source, b.source, h.author_id, b.author_id, h.at = b.at, length(reason) > 5, organisation_id
        from dashboard.history as h
        full join dashboard.batch as b on b.id = h.batch_id
        left join school.student on student.id = h.student_id
        where b.id is not null or h.source not in ('student', 'platform')
    """
    found = ask(demo_database, question)
    assert {row[0] for row in found} == {"form", "bulk"}
    coordinators = {demo.SCHOOL: demo.COORDINATOR_ONE, demo.INSTITUTE: demo.COORDINATOR_TWO}
    for source, batch_source, author, batch_author, same_moment, has_reason, organisation in found:
        assert source == batch_source
        assert author == batch_author == coordinators[organisation]
        assert same_moment
        assert has_reason
    others = """
        select count(*)
        from dashboard.history
        where (source = 'student' and author_id is distinct from student_id)
            or (source = 'platform' and author_id is not null)
    """
    assert ask(demo_database, others) == [(0,)]


def test_facts_equal_facts_worked_out_again(demo_database: Scratch) -> None:
    question = """
        select
            count(*),
            -- the cell's text is the table's own, made of the others; what is kept is no fact of the row
            count(*) filter (
                where to_jsonb(f) - 'cell' - 'is_kept' = to_jsonb(again) - 'cell' - 'is_kept'
            ),
            count(*) filter (where f.edited_by_staff)
        from dashboard.fact as f
        full join (
            select fact_of.*
            from public.student_module_progress as p
            left join lateral (
                select author_id is not null and author_id <> student_id as by_staff
                from dashboard.history as h
                where h.student_id = p.student_id
                    and h.module_id = p.module_id
                    and after ?| array['status', 'progress_percentage', 'score']
                order by id desc
                limit 1
            ) as latest on true
            cross join lateral internal.fact_of(
                student_id, module_id, status, score, progress_details, last_updated, completed_at,
                progress_percentage, by_staff
            )
        ) as again using (student_id, module_id)
    """
    with psycopg.connect(demo_database.owner_url) as connection:
        connection.execute("set time zone 'UTC'")
        ((facts, equal, edited),) = connection.execute(question).fetchall()
    assert facts == equal > 10_000
    assert edited > 20


def test_afterwards_every_trigger_is_on(demo_database: Scratch) -> None:
    question = """
        select distinct tgenabled
        from pg_trigger
        where tgrelid in ('public.student_module_progress'::regclass, 'dashboard.history'::regclass)
    """
    assert ask(demo_database, question) == [("O",)]


def test_a_second_load_is_refused_and_changes_nothing(demo_database: Scratch) -> None:
    everything = """
        select md5(string_agg(p::text, '' order by student_id, module_id))
        from public.student_module_progress as p
    """
    counts = (
        "select (select count(*) from dashboard.history), (select count(*) from school.student)"
    )
    before = ask(demo_database, everything), ask(demo_database, counts)
    with pytest.raises(DataError, match="already holds"):
        demo.load(demo_database.owner_url, silently)
    assert (ask(demo_database, everything), ask(demo_database, counts)) == before


def test_one_module_is_enough_to_be_refused(fresh_database: Scratch) -> None:
    with fresh_database.owner() as connection:
        connection.execute("insert into public.modules (type, name) values ('Course', 'Mine')")
    with pytest.raises(DataError, match="already holds"):
        demo.load(fresh_database.owner_url, silently, mark=True)
    assert ask(fresh_database, "select name from public.modules") == [("Mine",)]
    assert ask(fresh_database, "select count(*) from school.student") == [(0,)]
    assert ask(fresh_database, "select count(*) from internal.demo_marker") == [(0,)]


def test_a_database_that_was_never_migrated_is_refused(cluster: Cluster) -> None:
    owner_url, _ = cluster.empty_database()
    with pytest.raises(DatabaseNotReady, match="migrate"):
        demo.load(owner_url, silently)


def test_the_app_itself_cannot_load(fresh_database: Scratch) -> None:
    with pytest.raises(DataError, match="owner"):
        demo.load(fresh_database.app_url, silently)


def test_postgresql_15_holds_the_same(cluster_15: Cluster, demo_database: Scratch) -> None:
    other = cluster_15.new_database("demo")
    for question in (VALUES, FACTS):
        assert ask(other, question) == ask(demo_database, question)
    cluster_15.drop(other)


def test_two_loads_give_the_same_people_and_values(cluster_18: Cluster) -> None:
    first, second = cluster_18.new_database("demo"), cluster_18.new_database("migrated")
    said: list[str] = []
    demo.load(second.owner_url, said.append, mark=True)
    assert said[0].startswith("Students")
    for question in (
        VALUES,
        "select * from school.student order by id",
        "select * from public.modules order by id",
        "select * from public.lessons order by id",
        "select id, author_id, source, reason from dashboard.batch order by id",
    ):
        assert ask(first, question) == ask(second, question)
    marked = "select count(*) from internal.demo_marker"
    assert ask(first, marked) == [(0,)]
    assert ask(second, marked) == [(1,)]
    cluster_18.drop(first)
    cluster_18.drop(second)


SUNDAY_NIGHT = datetime(2026, 3, 1, 2, 30, tzinfo=UTC)
WEDNESDAY_NOON = datetime(2026, 6, 17, 12, 0, 7, tzinfo=UTC)


def test_the_day_of_loading_changes_moments_only() -> None:
    found = []
    for now in (SUNDAY_NIGHT, WEDNESDAY_NOON):
        clock = Clock(now)
        rows = [row for group in groups(clock) for row in group.rows]
        found.append(
            [
                (row.student, row.module.id, len(row.events), row.state.status, row.state.score)
                for row in rows
            ]
        )
    assert found[0] == found[1]
    assert Counter(status for *_, status, _ in found[0]).keys() == {
        "NotStarted",
        "InProgress",
        "Completed",
    }


@pytest.mark.parametrize("hour", range(0, 24 * 7, 5))
def test_the_clock_never_runs_ahead_or_backwards(hour: int) -> None:
    now = SUNDAY_NIGHT + timedelta(hours=hour)
    clock = Clock(now)
    moments = [datetime.fromisoformat(clock.at(age / 10)) for age in range(700)]
    assert moments[0] <= now
    assert all(earlier <= later for later, earlier in pairwise(moments))
    assert timedelta(days=57) < now - moments[600] < timedelta(days=63.1)
