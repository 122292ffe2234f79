"""How the demo's students stand, and the messy rows among theirs."""

import pytest

from data import demo
from tests.clusters import Scratch
from tests.database.demo.queries import ask

CLASS_ROWS = """
    (
        select p.*, lower(m.type) as type, f.attempts, f.has_problem, f.shown_score, f.score_source
        from public.student_module_progress as p
        join school.class_student using (student_id)
        join school.class_module using (class_id, module_id)
        join public.modules as m on m.id = module_id
        join dashboard.fact as f using (student_id, module_id)
        where class_id = %(class)s
    ) as p
"""


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
    "9 stuck": "attempts >= 3 and status <> 'Completed'",
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
