"""Many editors on one cell, many bulk editors on the same cells: nothing lost, everybody told the truth.

`pytest -s tests/database/test_many_editors.py` prints the counts.
"""

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from typing import Any
from uuid import UUID

import click
import pytest

from data.access.session import Database
from data.rules.progress import EMPTY_ROW, Edit, Values
from data.writing.save import Outcome, save
from tests import people
from tests.clusters import Scratch
from tests.database.random_writes import crowd
from tests.database.rows_as_owner import SC, ask, stored
from tests.people import ADMIN, ANN, COORDINATOR, COURSE
from tests.profiles import chosen

Key = tuple[UUID, UUID]
Claim = tuple[UUID, Key, Any, Any]
"""What somebody was told is saved: the batch, the cell, the score before and after."""

EDITORS, BULK_EDITORS, CELLS = chosen(sample=(20, 10, 40), nightly=(50, 20, 200))


@pytest.fixture
def wide(school_18: Scratch) -> Iterator[Database]:
    """The same database with a connection for everybody: nobody queues before the server."""
    database = school_18.connect(pool_size=EDITORS)
    yield database
    database.engine.dispose()


@dataclass
class Told:
    """All that the editors were told."""

    claims: list[Claim] = field(default_factory=list)
    conflicts: int = 0
    batches: int = 0
    lies: list[object] = field(default_factory=list)

    def hear(self, outcome: Outcome, edits: int) -> None:
        """Every edit ends as saved, or as a conflict that shows another's value and name."""
        if outcome.problems or outcome.refusals or outcome.unchanged:
            self.lies.append(outcome)
        if len(outcome.saved) + len(outcome.conflicts) != edits:
            self.lies.append(outcome)
        for each in outcome.conflicts:
            differs = each.current[SC] != each.edit.seen[SC]
            if each.fields != (SC,) or not differs or each.changed_by not in NAMES:
                self.lies.append(each)
        self.conflicts += len(outcome.conflicts)
        self.batches += bool(outcome.saved)
        for one in outcome.saved:
            assert outcome.batch_id is not None
            key = (one.student_id, one.module_id)
            self.claims.append((outcome.batch_id, key, one.before[SC], one.after[SC]))


NAMES = {"Cora Coordinator", "Ada Admin"}


def all_at_once(editors: int, work: Callable[[int], None]) -> None:
    """Everybody begins in the same moment; what one raises is raised."""
    gate = threading.Barrier(editors)

    def begin(number: int) -> None:
        gate.wait()
        work(number)

    with ThreadPoolExecutor(editors) as threads:
        list(threads.map(begin, range(editors)))


def nothing_was_lost(school: Scratch, told: Told) -> None:
    """The history holds every claim and no other, each after what it replaced; the table its last word."""
    rows = ask(
        school,
        "select batch_id, student_id, module_id, (before ->> 'score')::numeric as before, "
        "(after ->> 'score')::numeric as after from dashboard.history "
        "where batch_id is not null order by id",
    )
    written = [
        (r["batch_id"], (r["student_id"], r["module_id"]), r["before"], r["after"]) for r in rows
    ]
    assert Counter(written) == Counter(told.claims)
    chains: dict[Key, list[tuple[Any, Any]]] = {}
    for _, key, before, after in written:
        chains.setdefault(key, []).append((before, after))
    for key, chain in chains.items():
        assert all(one[1] == next_[0] for one, next_ in pairwise(chain))
        assert stored(school, *key)[SC] == chain[-1][1]
    assert told.lies == []


def deadlocks(school: Scratch) -> int:
    found = ask(school, "select deadlocks from pg_stat_database where datname = current_database()")
    return int(found[0]["deadlocks"])


def test_many_editors_on_one_cell_lose_nothing(school_18: Scratch, wide: Database) -> None:
    """Each saves until it went through, over what the last conflict told."""
    told, heard = Told(), threading.Lock()
    first = stored(school_18, ANN, COURSE)

    def work(number: int) -> None:
        person = people.actor(wide, (COORDINATOR, ADMIN)[number % 2])
        seen: Values = first
        for _ in range(EDITORS):
            wish = Edit(ANN, COURSE, {SC: Decimal(number + 1)}, seen)
            outcome = save(person, [wish])
            with heard:
                told.hear(outcome, 1)
            if not outcome.conflicts:
                return
            seen = outcome.conflicts[0].current
        raise AssertionError("always overtaken")

    all_at_once(EDITORS, work)
    nothing_was_lost(school_18, told)
    assert sorted(after for *_, after in told.claims) == list(range(1, EDITORS + 1))
    assert told.conflicts > 0
    assert deadlocks(school_18) == 0
    click.echo(
        f"\n{EDITORS} editors, one cell: {len(told.claims)} saved, {told.conflicts} conflicts told"
    )


def test_many_bulk_editors_on_the_same_cells_lose_nothing(
    school_18: Scratch, wide: Database
) -> None:
    """Each until every cell was its own once, in an order of its own; half of them without a row at first."""
    told, heard = Told(), threading.Lock()
    pupils = crowd(school_18, CELLS)
    with school_18.owner() as owner:
        owner.execute(
            "insert into public.student_module_progress (student_id, module_id, status, score) "
            "select unnest(%s::uuid[]), %s, 'InProgress', 0",
            (pupils[: CELLS // 2], COURSE),
        )
    first = {pupil: stored(school_18, pupil, COURSE) for pupil in (pupils[0], pupils[-1])}
    assert first[pupils[-1]] == EMPTY_ROW

    def work(number: int) -> None:
        person = people.actor(wide, (COORDINATOR, ADMIN)[number % 2])
        rng = random.Random(number)
        seen = {
            pupil: first[pupils[0]] if at < CELLS // 2 else first[pupils[-1]]
            for at, pupil in enumerate(pupils)
        }
        to_do = set(pupils)
        while to_do:
            # Nobody else ever writes this one.
            edits = [
                Edit(pupil, COURSE, {SC: Decimal(number + 1)}, seen[pupil])
                for pupil in rng.sample(sorted(to_do), len(to_do))
            ]
            outcome = save(person, edits, "all at once", source="bulk")
            with heard:
                told.hear(outcome, len(edits))
            to_do -= {one.student_id for one in outcome.saved}
            seen |= {each.edit.student_id: each.current for each in outcome.conflicts}

    all_at_once(BULK_EDITORS, work)
    nothing_was_lost(school_18, told)
    assert Counter(key for _, key, *_ in told.claims) == {
        (pupil, COURSE): BULK_EDITORS for pupil in pupils
    }
    assert told.conflicts > 0
    assert deadlocks(school_18) == 0
    click.echo(
        f"\n{BULK_EDITORS} bulk editors, the same {CELLS} cells: "
        f"{len(told.claims)} edits saved in {told.batches} batches, {told.conflicts} conflicts told"
    )
