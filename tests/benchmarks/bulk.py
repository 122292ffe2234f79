"""10,000 rows corrected in one batch and put back: what the coordinator waits for, without the page."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any, Final
from uuid import UUID, uuid4

import psycopg
from sqlalchemy import text

from data import embedded
from data.commands import Outcome, save
from data.progress import Edit, Field, Status
from data.session import Actor, acting_as, connect
from data.undoing import undo_edits
from tests.benchmarks import plan

ROWS: Final = 10_000
RUNS: Final = 5

SOME: Final = """
select student_id, module_id, status, progress_percentage, score, completed_at
from public.student_module_progress
order by student_id, module_id
limit :rows
"""
PUT_BACK: Final = """
update public.student_module_progress as progress
set last_updated = was.last_updated
from before_bulk as was
where was.student_id = progress.student_id and was.module_id = progress.module_id
"""


def measured(data_dir: Path, rows: int = ROWS, runs: int = RUNS) -> dict[str, Any]:
    """Medians in milliseconds of saving a batch of `rows` edits, and of undoing it (working out the edits,
    and saving them), after one of each to warm up. Every row is afterwards as it was."""
    server = embedded.running(data_dir)
    if server is None:
        raise RuntimeError(f"No database runs over {data_dir}.")
    coordinator = Actor(
        plan.coordinator(0), "", "coordinator", database=connect(server.app_url, pool_size=1)
    )
    with psycopg.connect(server.owner_url, autocommit=True) as owner:
        owner.execute("create temporary table before_bulk as table public.student_module_progress")
        try:
            taken = [_once(coordinator, rows, run) for run in range(1 + runs)][1:]
        finally:
            owner.execute(PUT_BACK)
            coordinator.database.engine.dispose()
    saved, undone = ([run[at] for run in taken] for at in (0, 1))
    return {"rows": rows, "save_ms": round(median(saved), 1), "undo_ms": round(median(undone), 1)}


def _once(coordinator: Actor, rows: int, run: int) -> tuple[float, float]:
    edits, batch = _edits(coordinator, rows, run), uuid4()
    saved_ms = _timed(lambda: save(coordinator, edits, "bulk", source="bulk", batch_id=batch), rows)
    return saved_ms, _timed(lambda: _undo(coordinator, batch), rows)


def _edits(coordinator: Actor, rows: int, run: int) -> list[Edit]:
    """Of every row its score; where it is no completed course, the status or the percentage as well."""
    with acting_as(coordinator) as connection:
        found = connection.execute(text(SOME), {"rows": rows}).all()
    edits = []
    for number, row in enumerate(found):
        seen = {
            Field.STATUS: Status(row.status),
            Field.PERCENTAGE: row.progress_percentage,
            Field.SCORE: row.score,
            Field.COMPLETED_AT: row.completed_at,
        }
        changes: dict[Field, Any] = {Field.SCORE: 1 + (number + run) % 30}
        if row.status != Status.COMPLETED:
            changes[Field.STATUS] = Status.COMPLETED
        edits.append(Edit(row.student_id, row.module_id, changes, seen))
    return edits


def _undo(coordinator: Actor, batch: UUID) -> Outcome:
    with acting_as(coordinator) as connection:
        undoing = undo_edits(connection, batch)
    return save(coordinator, undoing.edits, "bulk undone", source="undo", undoes=batch)


def _timed(work: Callable[[], Outcome], rows: int) -> float:
    """Milliseconds. AssertionError where not every row was written: then it measured something else."""
    began = time.perf_counter()
    outcome = work()
    taken = 1000 * (time.perf_counter() - began)
    if len(outcome.saved) != rows:
        raise AssertionError(f"{len(outcome.saved)} of {rows} rows were saved: {outcome.problems}")
    return taken
