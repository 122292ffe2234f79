"""10,000 rows corrected in one batch and put back: what the coordinator waits for, without the page."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any, Final
from uuid import UUID, uuid4

import psycopg
from sqlalchemy import text

from data.access.session import Actor, acting_as, connect
from data.database import embedded
from data.database.claims_keys import present_key
from data.rules.progress import Edit, Field, Status
from data.writing.save import Outcome, save
from data.writing.undo import undo_edits
from tests.benchmarks import plan

ROWS: Final = 10_000
RUNS: Final = 5

SOME: Final = """
select student_id, module_id, status, progress_percentage, score, completed_at
from dashboard.progress
order by student_id, module_id
limit :rows
"""
REMEMBER: Final = """
create temporary table before_bulk as
select
    student_id, module_id, progress.last_updated, fact.edited_by_staff, fact.progressed_at, fact.slipped_at
from public.student_module_progress as progress
join dashboard.fact using (student_id, module_id)
where student_id in (select id from school.student where organisation_id = %s)
"""
# Undone are the values; this takes away the rest of it, the history (which no person could) included.
PUT_BACK: Final = (
    "alter table public.student_module_progress disable trigger history_of_updates",
    "alter table dashboard.history disable trigger history_is_append_only",
    "alter table dashboard.batch disable trigger batch_is_append_only",
    """
    update public.student_module_progress as progress
    set last_updated = was.last_updated
    from before_bulk as was
    where was.student_id = progress.student_id
        and was.module_id = progress.module_id
        and was.last_updated <> progress.last_updated
    """,
    """
    update dashboard.fact
    set edited_by_staff = was.edited_by_staff,
        progressed_at = was.progressed_at,
        slipped_at = was.slipped_at
    from before_bulk as was
    where was.student_id = fact.student_id
        and was.module_id = fact.module_id
        and (was.edited_by_staff, was.progressed_at, was.slipped_at)
            is distinct from (fact.edited_by_staff, fact.progressed_at, fact.slipped_at)
    """,
    "delete from dashboard.history using dashboard.batch where batch.id = batch_id and reason = 'benchmark'",
    "delete from dashboard.batch where reason = 'benchmark'",
    "alter table public.student_module_progress enable trigger history_of_updates",
    "alter table dashboard.history enable trigger history_is_append_only",
    "alter table dashboard.batch enable trigger batch_is_append_only",
)


def measured(data_dir: Path, rows: int = ROWS, runs: int = RUNS) -> dict[str, Any]:
    """Over the running server's database; every row is afterwards as it was."""
    server = embedded.running(data_dir)
    if server is None:
        raise RuntimeError(f"No database runs over {data_dir}.")
    return timed(server.owner_url, server.app_url, rows, runs)


def timed(owner_url: str, app_url: str, rows: int, runs: int) -> dict[str, Any]:
    """Medians in milliseconds of saving a batch of `rows` edits, and of undoing it (working out the edits,
    and saving them), after one of each to warm up."""
    database = connect(app_url, key=present_key(owner_url), pool_size=1)
    coordinator = Actor(plan.coordinator(0), "", "coordinator", database=database)
    with _as_it_was(owner_url):
        taken = [_once(coordinator, rows) for _ in range(1 + runs)][1:]
    database.engine.dispose()
    saved, undone = ([run[at] for run in taken] for at in (0, 1))
    return {"rows": rows, "save_ms": round(median(saved), 1), "undo_ms": round(median(undone), 1)}


@contextmanager
def _as_it_was(owner_url: str) -> Iterator[None]:
    with psycopg.connect(owner_url, autocommit=True) as owner:
        owner.execute(REMEMBER, (plan.organisation(0),))
        try:
            yield
        finally:
            with owner.transaction():
                for statement in PUT_BACK:
                    owner.execute(statement.encode())
            for table in ("public.student_module_progress", "dashboard.fact", "dashboard.history"):
                owner.execute(f"vacuum analyze {table}".encode())


def _once(coordinator: Actor, rows: int) -> tuple[float, float]:
    edits, batch = _edits(coordinator, rows), uuid4()
    saved = _ms(rows, lambda: save(coordinator, edits, "benchmark", source="bulk", batch_id=batch))
    return saved, _ms(rows, lambda: _undo(coordinator, batch))


def _edits(coordinator: Actor, rows: int) -> list[Edit]:
    """Of every row another score; what was not completed is, with what follows from it."""
    with acting_as(coordinator) as connection:
        found = connection.execute(text(SOME), {"rows": rows}).all()
    edits = []
    for row in found:
        seen = {
            Field.STATUS: Status(row.status),
            Field.PERCENTAGE: row.progress_percentage,
            Field.SCORE: row.score,
            Field.COMPLETED_AT: row.completed_at,
        }
        changes = {Field.STATUS: Status.COMPLETED, Field.SCORE: 17 if row.score != 17 else 18}
        edits.append(Edit(row.student_id, row.module_id, changes, seen))
    return edits


def _undo(coordinator: Actor, batch: UUID) -> Outcome:
    with acting_as(coordinator) as connection:
        undoing = undo_edits(connection, batch)
    return save(coordinator, undoing.edits, "benchmark", source="undo", undoes=batch)


def _ms(rows: int, work: Callable[[], Outcome]) -> float:
    """AssertionError where not every row was written: then it measured something else."""
    began = time.perf_counter()
    outcome = work()
    taken = 1000 * (time.perf_counter() - began)
    if len(outcome.saved) != rows:
        raise AssertionError(f"{len(outcome.saved)} of {rows} rows were saved: {outcome.problems}")
    return taken
