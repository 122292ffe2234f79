"""Loading the demo: once, only where nothing is, and the same every time."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from data import demo
from data.access.errors import DatabaseNotReady, DataError
from data.demo.classes import groups
from data.demo.clock import Clock
from tests.clusters import Cluster, Scratch
from tests.database.demo.queries import ask, silently

VALUES = """
    select student_id, module_id, status, score, progress_percentage, completed_at is null
    from public.student_module_progress
    order by student_id, module_id
"""

FACTS = """
    select student_id, module_id, shown_score, attempts, has_problem, edited_by_staff
    from dashboard.fact
    order by student_id, module_id
"""


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


@pytest.mark.by_night  # by day: what is to be loaded is the same twice, in the test after this one
def test_two_loads_give_the_same_on_postgresql_15_too(
    cluster_15: Cluster, demo_database: Scratch
) -> None:
    second = cluster_15.new_database("migrated")
    said: list[str] = []
    demo.load(second.owner_url, said.append)
    assert said[0].startswith("Students")
    for question in (
        VALUES,
        FACTS,
        "select * from school.student order by id",
        "select * from public.modules order by id",
        "select * from public.lessons order by id",
        "select id, author_id, source, reason from dashboard.batch order by id",
    ):
        assert ask(demo_database, question) == ask(second, question)
    marked = "select count(*) from internal.demo_marker"
    assert ask(demo_database, marked) == [(1,)]  # by the launcher
    assert ask(second, marked) == [(0,)]
    cluster_15.drop(second)


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
