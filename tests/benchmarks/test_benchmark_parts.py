"""The benchmark's pure parts, and its school on a tiny scale. Nothing here is timed."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest

from tests.benchmarks import (
    bulk,
    figures,
    guard,
    loading,
    plan,
    platform_writes,
    questions,
    reports,
    rows,
    stored_databases,
    writes,
)
from tests.benchmarks.__main__ import NAMES
from tests.benchmarks.colleagues import colleagues
from tests.benchmarks.measuring import Run
from tests.benchmarks.plan import SIZES, Plan
from tests.clusters import Cluster, Scratch

TINY = Plan(2, small=8, small_modules=6, cohort=90, further=3, further_size=12, modules=12)

COLD = [Run({"open": ms}, 0.0, 1000 + ms, cpu) for ms, cpu in ((90, 20), (300, 40), (120, 30))]
WARM = [Run({"open": 60}, 0.0, 10, 5)]


def work(**changed: Any) -> dict[str, Any]:
    found = figures.work_figures("a page", COLD, WARM, rerun=[50, 40, 30], sql=[9, 10, 30])
    return found | changed


def report(**changed: Any) -> dict[str, Any]:
    made = {
        "size": "S",
        "machine": "a machine",
        "rows": 100_000,
        "runs": 9,
        "works": {"W1": work()},
    }
    return made | changed


def test_a_work_is_told_by_medians_and_its_floor_is_a_rerun_and_the_bare_sql() -> None:
    found = work()
    assert (found["ms"], found["min_ms"], found["max_ms"]) == (120, 90, 300)
    assert found["floor_ms"] == 40 + 10
    assert found["ratio"] == 2.4
    assert found["warm_ms"] == 60
    assert found["bytes"] == 1120
    assert found["server_cpu_ms"] == 30
    assert "steps" not in found


def test_a_work_of_several_steps_tells_each_and_takes_their_sum() -> None:
    cold = [Run({"save": 10, "back": 30}, 0.0, 0, 0)]
    found = figures.work_figures("an edit", cold, [], [20], [0])
    assert found["steps"] == {"save": 10, "back": 30}
    assert (found["ms"], found["ratio"], found["warm_ms"]) == (40, 2, None)


def test_the_report_is_json_of_the_promised_shape() -> None:
    found = json.loads(json.dumps(report()))
    assert {"ms", "floor_ms", "ratio"} <= found["works"]["W1"].keys()


def test_the_document_gets_new_figures_between_its_marks_and_nothing_else_changes() -> None:
    document = f"before\n{figures.BEGIN}\nold\n{figures.END}\nafter\n"
    once = figures.rewritten(document, report())
    assert once.startswith(f"before\n{figures.BEGIN}\nSize S (100,000 rows), on a machine")
    assert once.endswith(f"\n{figures.END}\nafter\n")
    assert "| W1 | a page | 120 | 50 | 2.4 | 60 | 1 | 30 |" in once
    assert "old" not in once
    assert figures.rewritten(once, report()) == once


@pytest.mark.parametrize("document", ["no marks", figures.BEGIN, f"{figures.END} {figures.BEGIN}"])
def test_a_document_without_both_marks_is_refused(document: str) -> None:
    with pytest.raises(ValueError, match="figures"):
        figures.rewritten(document, report())


def test_capacity_is_told_where_it_was_measured() -> None:
    capacity = {
        "sessions": 80,
        "every_seconds": 5.0,
        "p95_ms": 412,
        "megabytes_a_session": 1.5,
        "tried": [{"sessions": 80, "p95_ms": 412}, {"sessions": 100, "p95_ms": 612}],
    }
    told = "80 sessions that each change a filter every 5 s are answered with a p95 of 412 ms"
    assert told in figures.section(report(capacity=capacity))
    assert "Capacity" not in figures.section(report(capacity=None))


def test_a_first_opening_is_told_beside_the_bare_pages() -> None:
    opening = {"cold_ms": 900, "bare_cold_ms": 750, "cold_ratio": 1.2}
    opening |= {"warm_ms": 650, "bare_warm_ms": 500, "warm_ratio": 1.3}
    told = figures.section(report(opening=opening))
    assert "900 ms in a fresh browser, where a bare Streamlit page takes 750 (1.20 times)" in told
    assert "650 ms with a warm cache, the bare page 500 (1.30 times)" in told
    assert "W0" not in figures.section(report(opening=None))


def test_a_flood_is_told_where_it_was_measured() -> None:
    flood = {"sent": 14_000, "seconds": 14.0, "rest_ms": 40, "flood_ms": 60, "ratio": 1.5}
    flood |= {"floor_rest_ms": 10, "floor_flood_ms": 10}
    told = "sends 14,000 reruns in 14 s, another's click is answered in 60 ms, at rest in 40; "
    assert told in figures.section(report(flood=flood))
    assert "reruns" not in figures.section(report())


def test_a_bulk_is_told_where_it_was_measured() -> None:
    told = figures.section(report(bulk={"rows": 10_000, "save_ms": 1234, "undo_ms": 1567.8}))
    assert "10,000 rows in one batch: saved in 1,234 ms, undone in 1,568 ms" in told
    assert "in one batch" not in figures.section(report())


@pytest.fixture
def fresh_database(cluster_18: Cluster) -> Iterator[Scratch]:
    """Migrated and empty, on the server whose speed is measured alone."""
    scratch = cluster_18.new_database("migrated")
    yield scratch
    cluster_18.drop(scratch)


def test_reports_are_made_and_told(fresh_database: Scratch) -> None:
    with fresh_database.owner() as owner:
        loading.load(owner, TINY, lambda sentence: None)
    found = reports.timed(fresh_database.owner_url, fresh_database.app_url, TINY.groups(), 1)
    assert min(found.values()) > 0
    told = figures.section(report(reports=found))
    assert "Reports with 12 modules a student: one in " in told
    assert "a class of 12 as one PDF in " in told
    assert "Reports" not in figures.section(report())


def test_a_bulk_leaves_the_rows_and_the_history_as_they_were(fresh_database: Scratch) -> None:
    def rows(owner: questions.Connection) -> list[object]:
        tables = ("public.student_module_progress", "dashboard.fact", "dashboard.history")
        return [owner.execute(f"table {one} order by 1, 2".encode()).fetchall() for one in tables]

    with fresh_database.owner() as owner:
        loading.load(owner, TINY, lambda sentence: None)
        before = rows(owner)
        found = bulk.timed(fresh_database.owner_url, fresh_database.app_url, 200, 1)
        assert (found["rows"], found["save_ms"] > 0, found["undo_ms"] > 0) == (200, True, True)
        assert rows(owner) == before
        assert count(owner, "dashboard.batch") == 0
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            owner.execute("delete from dashboard.history")


def test_colleagues_teach_what_the_teacher_does(fresh_database: Scratch) -> None:
    with fresh_database.owner() as owner:
        loading.load(owner, TINY, lambda sentence: None)
        before = count(owner, "school.class_teacher")
        for _ in range(2):
            assert len(set(colleagues(owner, plan.teacher(0), 3))) == 3
        assert count(owner, "school.class_teacher") == before + 3 * loading.TEACHERS_CLASSES


def test_the_guard_is_measured_and_told(fresh_database: Scratch) -> None:
    with fresh_database.owner() as owner:
        loading.load(owner, TINY, lambda sentence: None)
    found = guard.timed(fresh_database.owner_url, fresh_database.app_url, 1)
    assert all(read["with_ms"] > 0 < read["without_ms"] for read in found["reads"].values())
    assert f"a teacher reads {found['students']} students' rows in" in figures.section(
        report(guard=found)
    )


def test_the_sizes_have_the_promised_rows() -> None:
    assert {size: wanted.rows for size, wanted in SIZES.items()} == {
        "S": 100_000,
        "L": 1_000_000,
        "XL": 10_000_000,
    }
    assert [group[2:] for group in SIZES["S"].groups()[:3]] == [(30, 20), (500, 50), (30, 50)]
    assert len(SIZES["S"].groups()) == 51


def test_every_status_is_held_by_another_number_of_students() -> None:
    wanted = SIZES["S"]
    cohort = wanted.groups()[1]
    held = {
        status: sum(
            any(rows.status(one, at, wanted.modules) == status for at in range(wanted.modules))
            for one in cohort.students
        )
        for status in (rows.COMPLETED, rows.IN_PROGRESS, rows.NOT_STARTED)
    }
    assert len({*held.values(), cohort.size}) == 4


def test_a_typical_course_row_has_about_300_bytes_of_details() -> None:
    pieces = rows.Pieces(3, datetime(2026, 1, 1, tzinfo=UTC))
    details = [
        pieces.of(within, 0, held)[0].split("\t")[3]
        for within in range(rows.VARIANTS)
        for held in (rows.COMPLETED, rows.IN_PROGRESS)
    ]
    assert 200 < sum(map(len, details)) / len(details) < 500
    assert all(isinstance(json.loads(each), dict) for each in details)


def test_the_fingerprint_tells_sizes_apart() -> None:
    assert len({stored_databases.fingerprint(size) for size in SIZES}) == len(SIZES)


def test_a_tiny_school_is_loaded_as_planned(fresh_database: Scratch) -> None:
    with fresh_database.owner() as owner:
        loading.load(owner, TINY, lambda sentence: None)
        assert count(owner, "public.student_module_progress") == TINY.rows
        assert count(owner, "dashboard.fact") == TINY.rows
        assert 0 < count(owner, "dashboard.history") < TINY.rows / 2
        assert count(owner, "internal.demo_marker") == 1
        assert count(owner, "school.class_teacher") == 2 * loading.TEACHERS_CLASSES
        assert TINY.students == count(owner, "school.student") - plan.QUIET == 2 * (8 + 90 + 3 * 12)


def test_the_platform_goes_on_writing_history_after_the_load(fresh_database: Scratch) -> None:
    with fresh_database.owner() as owner:
        loading.load(owner, TINY, lambda sentence: None)
        before = count(owner, "dashboard.history")
        known = questions.known(owner, TINY)
        questions.study(owner, known.in_cohort, 1)
        assert count(owner, "dashboard.history") == before + 1


def test_the_bare_sql_answers_what_the_pages_show(fresh_database: Scratch) -> None:
    with fresh_database.owner() as owner:
        loading.load(owner, TINY, lambda sentence: None)
        known = questions.known(owner, TINY)
        matrix = owner.execute(questions.MATRIX.encode(), {"class": known.small}).fetchall()
        assert len(matrix) == TINY.small
        assert {str(row[2]).count(";") + 1 for row in matrix} == {TINY.small_modules}
        held = owner.execute(questions.FILTERED.encode(), {"class": known.cohort}).fetchall()
        assert len(held) == known.students_with["NotStarted"]
        place = {"organisation": plan.organisation(0)}
        overview = owner.execute(questions.OVERVIEW.encode(), place).fetchall()
        assert len(overview) == known.classes
        for work in NAMES:
            assert len(questions.sql_ms(owner, known, work, 2)) == 2


def count(owner: questions.Connection, table: str) -> int:
    row = owner.execute(f"select count(*) from {table}".encode()).fetchone()
    assert row is not None
    return int(row[0])


def test_what_a_years_writes_take_is_measured_and_told(fresh_database: Scratch) -> None:
    found = writes.measured(fresh_database.owner_url, 2, 2, 0)
    assert 20 < found["entries"] < found["writes"]  # places in a video are told by one
    assert found["history"].keys() > {"dashboard.history", "dashboard.history_cell"}
    assert min(found["wal"], found["history"]["dashboard.history"]) > 100


def test_a_school_writes_no_faster_than_it_works(fresh_database: Scratch) -> None:
    found = writes.measured(fresh_database.owner_url, 2, 2, 15)
    a_second = platform_writes.A_DAY / platform_writes.SCHOOL_DAY.total_seconds()
    assert 2 <= found["writes"] <= found["seconds"] * a_second + 2


@pytest.mark.parametrize(("index", "gigabytes"), [(100, 39), (300, 57)])
def test_a_year_has_the_days_of_history_that_are_kept_and_all_of_the_rest(
    index: int, gigabytes: int
) -> None:
    found = {
        "writes": 1000, "entries": 1000, "seconds": 9.0, "wal": 2500.0, "rest": 8.0, "loose": 90_000_000,
        "history": {"dashboard.history": 300.0, "dashboard.history_cell": float(index)},
    }  # fmt: skip
    sentence = writes.told(found)
    assert f"{300 + index} bytes of history (history 300, history_cell {index})" in sentence
    assert f"take {gigabytes} GB after a year" in sentence
