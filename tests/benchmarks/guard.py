"""What row level security costs: the same reads as a teacher and as the owner, whom no policy binds."""

import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, Final

from sqlalchemy import Connection, TextClause, create_engine, text
from sqlalchemy.engine import make_url

from data.access.session import Actor, acting_as, connect
from data.database import embedded
from data.database.claims_keys import present_key
from tests.benchmarks import plan

RUNS: Final = 25
WARMING: Final = 6
COHORT: Final = """
select student_id, module_id, status, progress_percentage, score
from public.student_module_progress
where student_id = any(:students)
"""
STUDENT: Final = COHORT.replace("any(:students)", "cast(:student as uuid)")
COUNT: Final = COHORT.replace(
    "student_id, module_id, status, progress_percentage, score",
    "count(*), sum(progress_percentage)",
)


def measured(data_dir: Path, runs: int = RUNS) -> dict[str, Any]:
    """Over the running server's database; nothing is written."""
    server = embedded.running(data_dir)
    if server is None:
        raise RuntimeError(f"No database runs over {data_dir}.")
    return timed(server.owner_url, server.app_url, runs)


def timed(owner_url: str, app_url: str, runs: int) -> dict[str, Any]:
    """Medians in milliseconds by read, with and without policies, and of an empty transaction."""
    database = connect(app_url, key=present_key(owner_url), pool_size=1)
    teacher = Actor(plan.teacher(0), "", "teacher", database=database)
    owner = create_engine(make_url(owner_url).set(drivername="postgresql+psycopg"))
    try:
        with acting_as(teacher) as connection:
            students = list(connection.scalars(text("select id from roster.student")))
        reads: dict[str, tuple[str, Mapping[str, object]]] = {
            "cohort": (COHORT, {"students": students}),
            "count": (COUNT, {"students": students}),
            "student": (STUDENT, {"student": students[0]}),
        }
        with owner.connect() as bare, acting_as(teacher) as guarded:
            told = {name: _compared(guarded, bare, *read, runs) for name, read in reads.items()}
        empty = median(_once(lambda: _empty(teacher)) for _ in range(runs))
    finally:
        database.engine.dispose()
        owner.dispose()
    return {"students": len(students), "reads": told, "empty_transaction_ms": empty}


def _empty(teacher: Actor) -> None:
    with acting_as(teacher):
        pass


def _compared(
    guarded: Connection, bare: Connection, sql: str, bound: Mapping[str, object], runs: int
) -> dict[str, float]:
    """In turns, so that whatever else the machine does slows both; after a few rounds, as a pool's connection
    has seen them, in which the rules' plans are made."""
    statement = text(sql)
    taken: dict[Connection, list[float]] = {guarded: [], bare: []}
    for number in range(-WARMING, runs):
        for connection, times in taken.items():
            ms = _once(partial(_read, connection, statement, bound))
            if number >= 0:
                times.append(ms)
    within, without = median(taken[guarded]), median(taken[bare])
    return {"with_ms": within, "without_ms": without, "ratio": within / without}


def _read(connection: Connection, statement: TextClause, bound: Mapping[str, object]) -> None:
    connection.execute(statement, bound).all()


def _once(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000
