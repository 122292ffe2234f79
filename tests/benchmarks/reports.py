"""Reports as somebody waits for them, without the page: of a student, of a class of 30, of a cohort of 500."""

import resource
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any, Final

from data.access.session import Actor, acting_as, connect
from data.database import embedded
from data.database.claims_keys import present_key
from data.files.reporting.contents import ReportOptions
from data.files.reporting.making import Kind, OfClass, Report, class_report, student_report
from data.reading.students.students import students_of_class
from tests.benchmarks import plan

RUNS: Final = 5


def measured(data_dir: Path, groups: list[plan.Group], runs: int = RUNS) -> dict[str, Any]:
    """Over the running server's database, which it only reads."""
    server = embedded.running(data_dir)
    if server is None:
        raise RuntimeError(f"No database runs over {data_dir}.")
    return timed(server.owner_url, server.app_url, groups, runs)


def timed(owner_url: str, app_url: str, groups: list[plan.Group], runs: int) -> dict[str, Any]:
    """Medians in milliseconds, each in a transaction of its own and with a program of its own that sets the
    pages; of the cohort one run. `setting_mb` is the most that this program ever took."""
    database = connect(app_url, key=present_key(owner_url), pool_size=1)
    coordinator = Actor(plan.coordinator(0), "", "coordinator", database=database)
    cohort, group = groups[1], groups[2]
    found = {
        "modules": group.modules,
        "class": group.size,
        "cohort": cohort.size,
        "student_ms": _median(runs, lambda: _of_student(coordinator, group)),
        "class_ms": _median(runs, lambda: _of_class(coordinator, group, "pdf")),
        "class_zip_ms": _median(runs, lambda: _of_class(coordinator, group, "zip")),
        "cohort_zip_ms": _median(1, lambda: _of_class(coordinator, cohort, "zip")),
        "setting_mb": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,
    }
    database.engine.dispose()
    return found


def _options() -> ReportOptions:
    return ReportOptions(datetime.now(UTC), UTC, "Benchmark", attention=True)


def _of_student(actor: Actor, group: plan.Group) -> Report:
    with acting_as(actor) as connection:
        return student_report(connection, plan.student(0, group.first), _options())


def _of_class(actor: Actor, group: plan.Group, kind: Kind) -> Report:
    class_id = plan.class_id(0, group)
    with acting_as(actor) as connection:
        students = [one.id for one in students_of_class(connection, class_id)]
        return class_report(connection, OfClass(class_id, group.name, students), _options(), kind)


def _median(runs: int, make: Callable[[], Report]) -> float:
    taken = []
    for _ in range(runs):
        began = time.perf_counter()
        make()
        taken.append(1000 * (time.perf_counter() - began))
    return round(median(taken), 1)
