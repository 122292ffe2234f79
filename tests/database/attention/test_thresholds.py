"""Both sides of each threshold of each rule of attention, and the odd rows beside them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import pytest

from tests.clusters import Cluster
from tests.database.attention import bench
from tests.database.attention import cases_of_figures as of_figures
from tests.database.attention import cases_of_modules as of_modules
from tests.database.attention import cases_of_work as of_work
from tests.database.attention.bench import Case, Told, ago
from tests.database.attention.clock import START, stopped
from tests.database.attention.oracle import School
from tests.database.attention.pen import Pen

TABLES: Final = {
    "inactive": of_work.INACTIVE,
    "stalled": of_work.STALLED,
    "stuck": of_modules.STUCK,
    "slipped": of_modules.SLIPPED,
    "not begun": of_modules.NOT_BEGUN,
    "far behind": of_modules.FAR_BEHIND,
    "failed": of_modules.FAILED,
    "doubtful": of_modules.ODD,
    "figures": of_figures.FIGURES,
    "holidays": of_figures.HOLIDAYS,
}


@pytest.fixture(scope="module")
def pen(cluster: Cluster) -> Iterator[Pen]:
    """A school for all cases: each forms a class of its own."""
    clock = stopped(cluster)
    found = Pen(clock, School())
    bench.furnish(found)
    yield found
    clock.connection.close()
    cluster.drop(clock.scratch)


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(one, id=f"{rule}: {one.name}")
        for rule, table in TABLES.items()
        for one in table
    ],
)
def test_a_student_is_flagged_on_one_side_and_not_on_the_other(pen: Pen, case: Case) -> None:
    class_id, student = bench.play(pen, case)
    assert bench.asked(pen, bench.ADMIN, class_id, student) == as_told(case)


def as_told(case: Case) -> dict[str, Told]:
    return {
        rule: replace(told, since=None if told.since is None else START - ago(told.since))
        for rule, told in case.flags.items()
    }
