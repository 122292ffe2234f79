"""The narrow rows that pages read: always what the progress rows say, whatever those hold."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import psycopg
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from data.access.session import Actor, acting_as, connect
from data.database import claims_keys
from data.database.migrate import migrate
from data.reading.classes.matrix import matrix
from data.reading.history.changes import changes
from data.reading.students.students import student_modules
from tests import people
from tests.clusters import Cluster, Scratch
from tests.database import random_writes
from tests.database.fact_of_row import fact, fact_of
from tests.database.rows_as_owner import SC, ask, platform
from tests.people import ANN, COORDINATOR, COURSE, PROJECT
from tests.profiles import examples

Act = Callable[[UUID], Actor]
NEW = "2026-02-01T10:00:00Z"

RECOMPUTED = """
select
    row.student_id, row.module_id, fact.status, fact.percentage, fact.shown_score, fact.score_source,
    fact.last_activity, fact.has_problem, fact.last_change, fact.own_change,
    fact.unexplained_change, fact.attempts,
    internal.completion_at(row.student_id, row.module_id, row.status, row.completed_at) as completion_at,
    internal.doubts_of(row.student_id, row.module_id) as doubts
from public.student_module_progress as row
cross join lateral internal.work_recorded(row.student_id, row.module_id, 'infinity') as work
cross join lateral internal.fact_of(
    row.student_id, row.module_id, row.status, row.score, row.progress_details, row.last_updated,
    row.completed_at, row.progress_percentage, false, work.own_change, work.unexplained_change, true
) as fact
order by 1, 2
"""
KEPT = """
select
    student_id, module_id, status, percentage, shown_score, score_source, last_activity,
    has_problem, last_change, own_change, unexplained_change, attempts, completion_at, doubts
from dashboard.fact
order by 1, 2
"""


def test_facts_equal_what_the_table_says_after_anything(school: Scratch) -> None:
    assert random_writes.write_at_once(school, 300, writers=3) > 200
    recomputed = ask(school, RECOMPUTED)
    assert len(recomputed) > 3
    assert repr(ask(school, KEPT)) == repr(recomputed)  # NaN equals nothing
    ask(school, "delete from public.student_module_progress where student_id = %s", ANN)
    left = ask(school, KEPT)
    assert left
    assert ANN not in {one["student_id"] for one in left}


def test_a_row_moved_to_another_module_takes_its_fact_along(school: Scratch) -> None:
    before = fact(school)
    ask(
        school,
        "update public.student_module_progress set module_id = %s where student_id = %s "
        "and module_id = %s",
        PROJECT,
        ANN,
        COURSE,
    )
    moved = fact(school, ANN, PROJECT)
    assert moved["doubts"] == ["details_of_another_type"]
    assert {**moved, "module_id": COURSE, "doubts": None} == before
    assert ask(school, "select 1 from dashboard.fact where module_id = %s", COURSE) != []
    mine = "select module_id from dashboard.fact where student_id = %s"
    assert COURSE not in {one["module_id"] for one in ask(school, mine, ANN)}


KEYS = st.sampled_from(
    [
        *("lesson_quiz_results", "lesson_quiz_attempts", "submitted_at", "started_at", "attempts"),
        *("last_attempt_at", "last_attempted_at", "completion_date", "passed", "score"),
        "score_percentage",
    ]
)
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT
    | st.sampled_from([3, False, "infinity", "NaN", NEW, "2026-02-30", "0000-00-00 00:00", 10**400])
    | st.datetimes().map(datetime.isoformat)
    | st.from_regex(r"\A\d{4}-\d\d-\d\d([T ]\d\d:\d\d.{0,6})?\Z").filter(lambda s: "\x00" not in s)
)
JSON: SearchStrategy[Any] = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS | TEXT, inner, max_size=4),
    max_leaves=20,
)


def test_any_json_can_be_written_and_every_page_still_reads_it(cluster_18: Cluster) -> None:
    school = cluster_18.new_database("cast")
    cora = people.actor(school.database, COORDINATOR)
    sql = "update public.student_module_progress set progress_details = %s::jsonb where student_id = %s"

    with school.owner() as connection:

        @examples(200)
        @given(JSON)
        def any_details(details: Any) -> None:
            written = json.dumps(details, ensure_ascii=False)
            connection.execute(sql, (written, ANN))
            with acting_as(cora) as acting:
                modules = student_modules(acting, ANN)
                assert [one.has_row for one in modules] == [True, True, False]
                assert matrix(acting, {"class": people.CLASS_1A}).cells == 6
                assert len(changes(acting, ANN)) > 1

        any_details()
    assert repr(ask(school, KEPT)) == repr(ask(school, RECOMPUTED))
    cluster_18.drop(school)


def test_digits_of_other_scripts_do_no_harm_in_any_locale(cluster_15: Cluster) -> None:
    with psycopg.connect(cluster_15.url("postgres", "postgres"), autocommit=True) as connection:
        connection.execute(
            "create database icu template template0 encoding 'UTF8' locale_provider icu "
            "icu_locale 'en' owner progress_owner"
        )
    owner, app = cluster_15.url("progress_owner", "icu"), cluster_15.url("progress_app", "icu")
    migrate(owner, app)
    people.load(owner)
    school = Scratch(owner, app, connect(app, key=claims_keys.present_key(owner)))
    for details, shown in (({"score": "٣٠"}, None), ({"score": "30"}, 30)):
        found = fact_of(school, details | {"submitted_at": "٢٠٢٦-٠٢-٠١"})
        assert found["shown_score"] == shown
    cluster_15.drop(school)


def test_details_of_any_depth_and_size_are_taken(school: Scratch, act: Act) -> None:
    deep = "[" * 900 + "]" * 900
    for written in (
        f'{{"answers": {deep}}}',
        json.dumps({"answers": "x" * 2_000_000}),
        '{"score": 1' + "0" * 5000 + "}",
        json.dumps({"lesson_quiz_results": {str(n): {"attempts": 1} for n in range(5000)}}),
    ):
        platform(school, ANN, COURSE, f"progress_details = '{written}'")
        with acting_as(act(COORDINATOR)) as connection:
            assert student_modules(connection, ANN, COURSE)[0].has_row


def test_last_activity_stays_in_the_past(shared: Scratch) -> None:
    soon = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    found = fact_of(shared, {"submitted_at": soon, "started_at": NEW})
    assert found["last_activity"] == datetime.fromisoformat(NEW)
    assert found["shown_score"] is None
    assert fact_of(shared, {"score": 3}, **{SC: Decimal(4)})["shown_score"] == 4
