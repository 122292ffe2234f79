"""When something was completed: one answer for the line over time, the tables, the trend and the report."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import pytest
from psycopg.types.json import Jsonb

from dashboard.details import cell_facts
from data.access.session import Actor, acting_as
from data.files.reporting import contents
from data.files.reporting.contents import ReportOptions
from data.i18n.dates import day
from data.reading.classes.overview import overview
from data.reading.students.comparison import reached
from data.reading.students.page import student_page
from data.reading.students.report import reported
from data.reading.students.standing import completions
from tests.clusters import Scratch
from tests.database.rows_as_owner import ask
from tests.people import ANN, ASSESSMENT, BEN, CLASS_1A, COORDINATOR, COURSE, PROJECT

Act = Callable[[UUID], Actor]

Move = tuple[datetime, str | None, str]
"""When the status became which, from which (none: the row was made then)."""

TABLE: Final = "public.student_module_progress"
NOW = datetime.now(UTC)
BEGAN = NOW - timedelta(days=60)
MODULES = (COURSE, ASSESSMENT, PROJECT)


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def stand(
    school: Scratch,
    *cells: tuple[datetime | None, list[Move]],
    status: str = "Completed",
) -> None:
    """Ann's modules: each with its completed date, and a history of statuses (none before it is an insert)."""
    with school.owner() as connection:
        connection.execute("alter table dashboard.history disable trigger user")
        connection.execute(f"alter table {TABLE} disable trigger history_of_inserts".encode())
        connection.execute("delete from dashboard.history")
        connection.execute(f"delete from {TABLE}".encode())
        connection.execute("delete from dashboard.history")
        entries: list[tuple[UUID, UUID, datetime, str | None, str]] = [
            (COURSE, BEN, BEGAN, None, "NotStarted")
        ]
        for module, (date, history) in zip(MODULES, cells, strict=False):
            connection.execute(
                f"insert into {TABLE} (student_id, module_id, status, completed_at) "
                "values (%s, %s, %s, %s)".encode(),
                (ANN, module, status, date),
            )
            entries += [(module, ANN, *entry) for entry in history]
        for module, student, at, before, after in sorted(entries, key=lambda entry: entry[2]):
            connection.execute(
                "insert into dashboard.history (student_id, module_id, operation, source, at, before, "
                "after) values (%s, %s, %s, 'platform', %s, %s, %s)",
                (student, module, "update" if before else "insert", at,
                 Jsonb({"status": before}) if before else None, Jsonb({"status": after})),
            )  # fmt: skip
        connection.execute("select internal.recall_work()")
        connection.execute("delete from internal.worked_week")
        connection.execute(
            "insert into internal.worked_week "
            "select distinct student_id, internal.worked_week_of(history), module_id "
            "from dashboard.history where internal.worked_week_of(history) is not null"
        )
        connection.execute(f"alter table {TABLE} enable trigger history_of_inserts".encode())
        connection.execute("alter table dashboard.history enable trigger user")


def told(actor: Actor) -> dict[str, Any]:
    """What the pages and the paper say of Ann."""
    with acting_as(actor) as connection:
        page = student_page(connection, ANN)
        (report,) = reported(connection, [ANN], CLASS_1A)
        history = completions(connection, ANN)
        trend = next(one for one in overview(connection) if one.id == CLASS_1A).trend
    assert page is not None
    assert list(report.completions) == list(history.completions)
    before, after = reached(history.completions, MODULES, page.completed, history.since)
    paper = contents.student(report, ReportOptions(NOW, UTC, "Cora"))
    in_order = sorted(page.modules, key=lambda one: MODULES.index(one.module.id))
    rows = {row["name"]: row["completed"] for row in paper["modules"]}
    return {
        "line": [before, *((day(one.completion.at, UTC), one.completed) for one in after)],
        "paper": [rows[one.module.name] for one in in_order if one.has_row],
        "page": [cell_facts.completed(one, UTC) for one in in_order if one.has_row],
        "finding": paper["chart"]["finding"] if paper["chart"] else None,
        "trend": list(trend),
    }


SEEN: list[Move] = [(BEGAN, None, "NotStarted")]


def test_the_completed_date_counts_whenever_it_was_recorded(school: Scratch, act: Act) -> None:
    """Rows first seen as completed: two of late, and one before anything was recorded."""
    stand(
        school,
        (ago(5), [(ago(3), None, "Completed")]),
        (ago(20), [(ago(3), None, "Completed")]),
        (ago(69), [(BEGAN, None, "Completed")]),
    )
    found = told(act(COORDINATOR))
    assert found["line"] == [1, (day(ago(20), UTC), 2), (day(ago(5), UTC), 3)]
    assert found["paper"] == found["page"] == [day(ago(one), UTC) for one in (5, 20, 69)]
    assert found["finding"] == "2 modules were completed in the last four weeks."
    assert found["trend"] == [1, 1, 1, 1, 1, 1, 2, 2, 3]


def test_without_a_date_the_history_tells_when(school: Scratch, act: Act) -> None:
    stand(school, (None, [*SEEN, (ago(10), "InProgress", "Completed")]))
    found = told(act(COORDINATOR))
    assert found["line"] == [0, (day(ago(10), UTC), 1)]
    assert found["paper"] == [day(ago(10), UTC)]
    assert found["page"] == [f"{day(ago(10), UTC)} (from the history)"]
    assert found["finding"] == "1 module was completed in the last four weeks."
    assert found["trend"] == [0] * 7 + [1, 1]


def test_what_was_recorded_first_as_completed_without_a_date_is_told_as_no_day(
    school: Scratch, act: Act
) -> None:
    stand(school, (None, [(ago(10), None, "Completed")]))
    found = told(act(COORDINATOR))
    assert found["line"] == [0, (day(ago(10), UTC), 1)]
    assert found["paper"] == found["page"] == [None]
    assert found["finding"] == "No module was completed in the last four weeks."


@pytest.mark.parametrize("date", [ago(-400), datetime(1960, 1, 1, tzinfo=UTC)])
def test_a_date_that_nobody_could_mean_is_none(school: Scratch, act: Act, date: datetime) -> None:
    stand(school, (date, [*SEEN, (ago(10), "InProgress", "Completed")]))
    found = told(act(COORDINATOR))
    assert found["line"] == [0, (day(ago(10), UTC), 1)]
    assert found["finding"] == "1 module was completed in the last four weeks."


def test_what_was_taken_back_is_told_by_the_history(school: Scratch, act: Act) -> None:
    moves: list[Move] = [
        *SEEN,
        (ago(20), "InProgress", "Completed"),
        (ago(10), "Completed", "InProgress"),
    ]
    stand(school, (None, moves), status="InProgress")
    found = told(act(COORDINATOR))
    assert found["line"] == [0, (day(ago(20), UTC), 1), (day(ago(10), UTC), 0)]
    assert found["finding"] == "No module was completed in the last four weeks."
    assert found["trend"] == [0] * 6 + [1, 0, 0]


def test_what_was_taken_back_by_mistake_was_completed_all_the_time(
    school: Scratch, act: Act
) -> None:
    moves: list[Move] = [
        *SEEN,
        (ago(20), "InProgress", "Completed"),
        (ago(10), "Completed", "InProgress"),
        (ago(9), "InProgress", "Completed"),
    ]
    stand(school, (ago(20), moves))
    found = told(act(COORDINATOR))
    assert found["line"] == [0, (day(ago(20), UTC), 1)]
    assert found["paper"] == found["page"] == [day(ago(20), UTC)]
    assert found["trend"] == [0] * 6 + [1, 1, 1]
    # Completed anew on another day: that it was not is told.
    stand(school, (ago(9), moves))
    anew = told(act(COORDINATOR))
    assert anew["line"] == [0, *((day(ago(one), UTC), n) for one, n in ((20, 1), (10, 0), (9, 1)))]
    assert anew["paper"] == [day(ago(9), UTC)]


def test_the_stored_moment_follows_every_write(school: Scratch) -> None:
    """A date given, taken away again, and the completion itself: by triggers, without recalling anything."""

    def stored() -> Any:
        question = (
            "select completion_at from dashboard.fact where student_id = %s and module_id = %s"
        )
        return ask(school, question, ANN, COURSE)[0]["completion_at"]

    def write(assignments: str) -> None:
        ask(
            school,
            f"update {TABLE} set {assignments} where student_id = %s and module_id = %s",
            ANN,
            COURSE,
        )

    write("status = 'InProgress', completed_at = null")
    assert stored() is None
    write("status = 'Completed'")
    seen = ask(school, "select max(at) as at from dashboard.history")[0]["at"]
    assert stored() == seen
    write("completed_at = '2026-02-01T10:00Z'")
    assert stored() == datetime(2026, 2, 1, 10, tzinfo=UTC)
    write("progress_percentage = 99, completed_at = null")
    assert stored() == seen
    write("status = 'InProgress'")
    assert stored() is None
