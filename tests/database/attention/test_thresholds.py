"""Both sides of each threshold of each rule of attention, and the odd rows beside them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest

from tests.clusters import Cluster
from tests.database.attention import bench
from tests.database.attention import cases_of_figures as of_figures
from tests.database.attention import cases_of_modules as of_modules
from tests.database.attention import cases_of_work as of_work
from tests.database.attention.bench import JUST, Case, Told, ago
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

CASES: Final = [
    pytest.param(one, id=f"{rule}: {one.name}") for rule, table in TABLES.items() for one in table
]


@pytest.fixture(scope="module")
def pen(cluster: Cluster) -> Iterator[Pen]:
    """A school for all cases: each forms a class of its own."""
    clock = stopped(cluster)
    found = Pen(clock, School())
    bench.furnish(found)
    yield found
    clock.connection.close()
    cluster.drop(clock.scratch)


@pytest.mark.parametrize("case", CASES)
def test_a_student_is_flagged_on_one_side_and_not_on_the_other(pen: Pen, case: Case) -> None:
    class_id, student = bench.play(pen, case)
    assert bench.asked(pen, bench.ADMIN, class_id, student) == as_told(case)


@pytest.mark.parametrize(
    "before", [JUST, timedelta(hours=1)], ids=["just before", "an hour before"]
)
@pytest.mark.parametrize("case", CASES)
def test_what_was_kept_before_is_told_until_a_moment_changes_it(
    pen: Pen, case: Case, before: timedelta
) -> None:
    class_id, _ = bench.play(pen, case)
    pen.clock.set(START - before)
    pen.connection.execute("delete from internal.class_summary")
    pen.connection.execute("select internal.settle(1000)")
    assert bench.is_sure(pen, class_id)
    assert bench.counted(pen, class_id) == bench.flagged(pen, class_id)
    pen.clock.set(START)
    assert bench.counted(pen, class_id) == bench.flagged(pen, class_id)


def test_it_is_not_worked_out_again_before_that_moment(pen: Pen) -> None:
    """A day before somebody is inactive, and not after."""
    case = Case("a week", [bench.student(7, bench.begun())])
    class_id, _ = bench.play(pen, case)
    for moment, is_sure in (
        (START - timedelta(days=1), True),
        (START - JUST, True),
        (START, False),
    ):
        pen.clock.set(moment)
        if moment < START - JUST:
            pen.connection.execute("select internal.settle(1000)")
        assert bench.is_sure(pen, class_id) == is_sure, moment
    assert bench.counted(pen, class_id) == {"inactive": 1}


def as_told(case: Case) -> dict[str, Told]:
    return {
        rule: replace(told, since=None if told.since is None else START - ago(told.since))
        for rule, told in case.flags.items()
    }
