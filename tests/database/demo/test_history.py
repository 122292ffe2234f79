"""The demo's history, which leads to what the table holds."""

from datetime import timedelta
from typing import Any

import psycopg

from data import demo
from tests.clusters import Scratch
from tests.database.demo.queries import ask


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
            -- the cell's text is the table's own, made of the others; what is locked, in doubt and when it was
            -- completed are no facts of the row alone
            count(*) filter (
                where to_jsonb(f) - 'cell' - 'is_locked' - 'completion_at' - 'doubts'
                    = again.row - 'cell' - 'is_locked' - 'completion_at' - 'doubts'
            ),
            count(*) filter (where f.edited_by_staff)
        from dashboard.fact as f
        full join (
            select
                p.student_id,
                p.module_id,
                to_jsonb(fact_of) || jsonb_build_object(
                    'progressed_at', coalesce(further.progressed_at, fact_of.progressed_at),
                    'slipped_at', case when p.status <> 'Completed' then further.slipped_at end
                ) as row
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
            cross join lateral internal.work_recorded(student_id, module_id, now()) as work
            cross join lateral internal.progress_recorded(student_id, module_id) as further
            cross join lateral internal.fact_of(
                student_id, module_id, status, score, progress_details, last_updated, completed_at,
                progress_percentage, by_staff, own_change, unexplained_change, true
            )
        ) as again using (student_id, module_id)
    """
    with psycopg.connect(demo_database.owner_url) as connection:
        connection.execute("set time zone 'UTC'")
        ((facts, equal, edited),) = connection.execute(question).fetchall()
    assert facts == equal > 10_000
    assert edited > 20
