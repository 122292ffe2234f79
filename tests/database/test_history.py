"""The history: who, when, from where, why, what changed; and the table can be told from it."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import psycopg
import pytest

from data.access.session import Actor, acting_as
from data.reading.history.changes import changes
from data.rules.progress import Status
from data.writing.save import save
from tests import people
from tests.clusters import Scratch
from tests.database.rows_as_owner import SC, P, S, ask, edit, platform, written_by
from tests.people import ANN, BEN, COORDINATOR, COURSE, PROJECT

Act = Callable[[UUID], Actor]


def newest(school: Scratch) -> dict[str, Any]:
    return ask(school, "select * from dashboard.history order by id desc limit 1")[0]


UPDATE = "update public.student_module_progress set score = 5 where progress_percentage = 40"


def test_a_saved_edit_is_recorded_with_who_when_where_and_why(school: Scratch, act: Act) -> None:
    outcome = save(
        act(COORDINATOR), [edit(school, ANN, COURSE, {P: 41})], " typing error ", source="grid"
    )
    entry = newest(school)
    assert (entry["student_id"], entry["module_id"]) == (ANN, COURSE)
    assert (entry["operation"], entry["source"]) == ("update", "grid")
    assert (entry["author_id"], entry["batch_id"]) == (COORDINATOR, outcome.batch_id)
    assert abs(datetime.now(UTC) - entry["at"]) < timedelta(minutes=1)
    assert set(entry["before"]) == set(entry["after"]) == {"progress_percentage", "last_updated"}
    assert (entry["before"]["progress_percentage"], entry["after"]["progress_percentage"]) == (
        40,
        41,
    )
    batch = ask(school, "select author_id, source, reason from dashboard.batch")
    assert batch == [{"author_id": COORDINATOR, "source": "grid", "reason": "typing error"}]
    with acting_as(act(people.TEACHER)) as connection:
        change = changes(connection, ANN, COURSE)[0]
    assert (change.author, change.reason, change.source) == (
        "Cora Coordinator",
        "typing error",
        "grid",
    )
    assert (change.module_name, change.operation) == ("Fractions", "update")


@pytest.mark.parametrize(
    ("person", "source"), [(None, "platform"), (ANN, "student"), (COORDINATOR, "staff")]
)
def test_a_write_past_the_app_tells_where_it_came_from(
    school: Scratch, person: UUID | None, source: str
) -> None:
    if person is None:
        ask(school, UPDATE)
    else:
        written_by(school, person, UPDATE)
    entry = newest(school)
    assert (entry["source"], entry["author_id"], entry["batch_id"]) == (source, person, None)
    assert (entry["before"], entry["after"]) == ({"score": None}, {"score": 5})


DETAILS: list[tuple[Any, Any, Any, Any]] = [
    # (details before, after, what is recorded before, after)
    ({"a": 1, "b": 2}, {"a": 1, "b": 3}, {"b": 2}, {"b": 3}),
    ({"a": 1}, {"a": 1, "b": [1]}, {}, {"b": [1]}),
    ({"a": 1, "b": None}, {"a": 1}, {"b": None}, {}),
    ({"a": {"x": 1}}, {"a": {"y": 3}}, {"a": {"x": 1}}, {"a": {"y": 3}}),
    ({}, {"a": 1}, {}, {"a": 1}),
    (None, {"a": 1}, None, {"a": 1}),
    ({"a": 1}, None, {"a": 1}, None),
    ({"a": 1}, [1], {"a": 1}, [1]),
    ("text", 5, "text", 5),
]  # fmt: skip


@pytest.mark.parametrize(("stands", "becomes", "before", "after"), DETAILS)
def test_of_details_the_changed_keys_only_are_recorded(
    school: Scratch, stands: Any, becomes: Any, before: Any, after: Any
) -> None:
    for details in (stands, becomes):
        ask(
            school,
            "update public.student_module_progress set progress_details = %s::jsonb "
            "where student_id = %s and module_id = %s",
            None if details is None else json.dumps(details),
            ANN,
            COURSE,
        )
    entry = newest(school)
    assert entry["before"] == {"progress_details": before}
    assert entry["after"] == {"progress_details": after}


def test_a_write_that_changes_nothing_is_no_entry(school: Scratch) -> None:
    before = newest(school)
    ask(school, "update public.student_module_progress set status = status, score = score")
    assert newest(school) == before
    ask(school, UPDATE)  # the control
    assert newest(school)["id"] > before["id"]


def test_inserted_and_deleted_rows_are_recorded_whole(school: Scratch) -> None:
    ask(
        school,
        "insert into public.student_module_progress (student_id, module_id, score) "
        "values (%s, %s, 5)",
        ANN,
        PROJECT,
    )
    made = newest(school)
    assert (made["operation"], made["before"]) == ("insert", None)
    assert set(made["after"]) == {
        "status",
        "score",
        "progress_details",
        "last_updated",
        "completed_at",
        "progress_percentage",
    }
    ask(school, "delete from public.student_module_progress where module_id = %s", PROJECT)
    gone = newest(school)
    assert (gone["operation"], gone["before"], gone["after"]) == ("delete", made["after"], None)


def test_a_changed_key_is_an_end_and_a_beginning(school: Scratch) -> None:
    ask(
        school,
        "update public.student_module_progress set module_id = %s "
        "where student_id = %s and module_id = %s",
        PROJECT,
        BEN,
        COURSE,
    )
    found = ask(school, "select * from dashboard.history order by id desc limit 2")
    assert {(one["operation"], one["module_id"]) for one in found} == {
        ("delete", COURSE),
        ("insert", PROJECT),
    }
    assert sorted(one["completions"] for one in found) == [-1, 1]


@pytest.mark.parametrize("writer_zone", ["UTC", "Asia/Kolkata", "America/St_Johns"])
def test_one_moment_is_recorded_as_one_text_whatever_the_writers_zone(
    school: Scratch, writer_zone: str
) -> None:
    with school.owner() as connection:
        connection.execute(f"set timezone = '{writer_zone}'".encode())
        connection.execute(
            "update public.student_module_progress set completed_at = '2026-03-01T10:00Z' "
            "where progress_percentage = 40"
        )
    assert newest(school)["after"] == {"completed_at": "2026-03-01T10:00:00+00:00"}


@pytest.mark.parametrize(
    ("assignments", "row_triggers"),
    [
        # What may be kept is looked up a row, but only where one of the four fields is written.
        ("score = 1, progress_percentage = 5", {"zz_enforce_lock_of_updates": 5}),
        ("progress_details = '{}', last_updated = now()", {}),
    ],
)
def test_each_trigger_is_called_once_a_statement(
    school: Scratch, assignments: str, row_triggers: dict[str, int]
) -> None:
    with school.owner() as connection:
        plan = connection.execute(
            "explain (analyze, format json) "
            f"update public.student_module_progress set {assignments}".encode()
        ).fetchone()
    assert plan is not None
    told: Any = plan[0]
    assert told[0]["Plan"]["Plans"][0]["Actual Rows"] == 5
    calls = {one["Trigger Name"]: one["Calls"] for one in told[0]["Triggers"]}
    assert calls == {"history_of_updates": 1, "later_facts_of_updates": 1} | row_triggers
    assert len(ask(school, "select 1 from dashboard.history where operation = 'update'")) == 5


REFUSED = psycopg.errors.InsufficientPrivilege


@pytest.mark.parametrize("table", ["dashboard.history", "dashboard.batch"])
@pytest.mark.parametrize(
    "rewriting", ["update {} set source = 'x'", "delete from {}", "truncate {} cascade"]
)
def test_what_happened_is_not_rewritten_by_the_owner_either(
    school: Scratch, act: Act, table: str, rewriting: str
) -> None:  # fmt: skip
    save(act(COORDINATOR), [edit(school, ANN, COURSE, {P: 41})])
    before = ask(school, f"select * from {table} order by id")
    assert before
    with pytest.raises(REFUSED, match="append-only"):
        ask(school, rewriting.format(table))
    assert ask(school, f"select * from {table} order by id") == before


def test_the_progress_table_is_not_truncated_not_even_by_cascade(school: Scratch) -> None:
    for statement in ("public.student_module_progress", "public.modules cascade"):
        with pytest.raises(REFUSED, match="append-only"):
            ask(school, f"truncate {statement}")
    assert len(ask(school, "select 1 from public.student_module_progress")) == 5
    ask(school, "delete from public.student_module_progress")  # the control: this leaves a trace
    assert len(ask(school, "select 1 from dashboard.history where operation = 'delete'")) == 5


@pytest.mark.parametrize(
    ("stands", "becomes", "completions"),
    [
        ("InProgress", "Completed", 1),
        ("NotStarted", "Completed", 1),
        ("Completed", "InProgress", -1),
        ("Completed", "Completed", 0),
        ("InProgress", "NotStarted", 0),
    ],
)
def test_completions_are_counted_where_the_status_crosses(
    school: Scratch, stands: str, becomes: str, completions: int
) -> None:
    platform(school, ANN, COURSE, f"status = '{stands}'")
    platform(school, ANN, COURSE, f"status = '{becomes}', score = 1")
    assert newest(school)["completions"] == completions


def test_changes_are_newest_first_limited_and_of_one_module(school: Scratch, act: Act) -> None:
    for percentage in (41, 42, 43):
        save(act(COORDINATOR), [edit(school, ANN, COURSE, {P: percentage})])
    save(act(COORDINATOR), [edit(school, ANN, PROJECT, {S: Status.IN_PROGRESS, SC: Decimal(1)})])
    with acting_as(act(people.TEACHER)) as connection:
        everything = changes(connection, ANN)
        course = changes(connection, ANN, COURSE, limit=2)
        foreign = changes(connection, people.CLEO)
    assert len(everything) == 6
    assert [one.module_id for one in everything[:2]] == [PROJECT, COURSE]
    assert [one.after["progress_percentage"] for one in course] == [43, 42]
    assert not foreign


@pytest.mark.usefixtures("altered")
def test_further_columns_of_any_type_are_told_where_they_changed(school: Scratch) -> None:
    ask(
        school,
        # Of json there is no telling whether two are the same, but as jsonb there is.
        "alter table public.student_module_progress add settings json, add watched integer default 1",
    )
    platform(school, ANN, COURSE, "settings = '{\"speed\": 2}', score = 7")
    entry = newest(school)
    assert entry["before"] == {"settings": None, "score": None}
    assert entry["after"] == {"settings": {"speed": 2}, "score": 7}
    platform(school, ANN, COURSE, "watched = 2, settings = '{ \"speed\" : 2 }', score = 7.0")
    entry = newest(school)
    assert (entry["before"], entry["after"]) == ({"watched": 1}, {"watched": 2})


@pytest.mark.parametrize(
    ("held", "written", "before", "after"),
    [
        ("null", "'null'", None, None),
        ("'null'", "'{\"a\": 1}'", {"d": None}, {"d": {"a": 1}}),
        ("'{\"a\": 1}'", "null", {"d": {"a": 1}}, {"d": None}),
        ('\'{"a": 1, "b": 2}\'', '\'{"a": 1, "c": 3}\'', {"d": {"b": 2}}, {"d": {"c": 3}}),
        ("'{\"a\": 1}'", "'[1]'", {"d": {"a": 1}}, {"d": [1]}),
        ("'{\"a\": 1}'", "'{\"a\": 1.0}'", None, None),
    ],
)
def test_of_details_only_what_changed_is_told(
    school: Scratch, held: str, written: str, before: Any, after: Any
) -> None:
    platform(school, ANN, COURSE, f"progress_details = {held}")
    entries = ask(school, "select count(*) from dashboard.history")
    platform(school, ANN, COURSE, f"progress_details = {written}")
    if before is None:
        assert ask(school, "select count(*) from dashboard.history") == entries
        return
    entry = newest(school)
    assert entry["before"] == {"progress_details": before["d"]}
    assert entry["after"] == {"progress_details": after["d"]}
