"""A messy school over days, under a clock that is set: the database flags whom rules in plain Python flag.

Every write goes through the real triggers at the moment it is of, and nothing that is stored is touched
otherwise. What is told of a row is worked out twice: by the database, and from what was written (record.py).
"""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import pytest
from sqlalchemy import TextClause, text

from data.access.session import Actor, acting_as
from tests.clusters import Cluster
from tests.database.attention import messy_school as cast
from tests.database.attention.clock import START, stopped
from tests.database.attention.days import before_all, some_hours
from tests.database.attention.oracle import WEIGHTS, Flag, Flags, counted, flags, most_urgent
from tests.database.attention.pen import Pen
from tests.database.attention.roster_moves import some_moves
from tests.profiles import chosen

STUDENTS, DAYS, WRITES, ASKED = chosen(sample=(200, 10, 20, 3), nightly=(2000, 60, 150, 13))
"""How big the school is, how many days go by, how many rows change in half a day, and how many people ask."""

FLAGS: Final = text("select * from dashboard.flags(cast(:classes as uuid[]), :moment)")
URGENT: Final = text(
    "select distinct place, student_id from dashboard.urgent_flags(:moment, 10) order by 1"
)
COUNTS: Final = text("select class_id, needs_attention, by_rule from dashboard.class_count")
NAMED: Final = text(
    "select class_id, student_id, rule, count(*) as named from "
    "dashboard.flag_modules(:classes, array(select id from roster.student)) group by 1, 2, 3"
)
PEOPLE: Final = (*cast.STAFF, cast.STRANGER)
SETTLE: Final = "select internal.settle(%s)"
RECALL: Final = "select internal.recall_work()"


@pytest.fixture
def pen(cluster: Cluster) -> Iterator[Pen]:
    """A school that was built under a stopped clock."""
    clock = stopped(cluster)
    yield Pen(clock, cast.build(clock.scratch, STUDENTS, seed=16))
    clock.connection.close()
    cluster.drop(clock.scratch)


def ask(pen: Pen, person: UUID, question: TextClause) -> Sequence[Any]:
    """What the database says now to somebody who asks for all classes."""
    actor = Actor(person, "", "", database=pen.clock.scratch.database)
    with acting_as(actor) as connection:
        return connection.execute(
            question, {"classes": list(pen.school.classes), "moment": pen.now}
        ).all()


def differences(pen: Pen, person: UUID, expected: Flags) -> list[str]:
    """Flag by flag."""
    rows = ask(pen, person, FLAGS)
    found = {(row.class_id, row.student_id, row.rule): row for row in rows}
    assert len(found) == len(rows), "a flag was told twice"
    return [
        f"{key}: expected {expected.get(key)}, told {found.get(key)}"
        for key in expected.keys() | found.keys()
        if key not in found or key not in expected or not says(found[key], expected[key])
    ]


def check(pen: Pen, person: UUID) -> Flags:
    """Are flags, who comes first, counts of classes and modules as plain rules have them? Returns the flags."""
    expected = flags(pen.school, person, pen.now)
    assert differences(pen, person, expected) == [], (pen.now, person)
    urgent = [row.student_id for row in ask(pen, person, URGENT)]
    assert urgent == most_urgent(expected, 10), (pen.now, person)
    counts = {
        row.class_id: (row.needs_attention, Counter(row.by_rule))
        for row in ask(pen, person, COUNTS)
        if row.needs_attention
    }
    assert counts == counted(expected), (pen.now, person)
    named = {tuple(row[:3]): row.named for row in ask(pen, person, NAMED)}
    assert {one: named.get(one) for one in expected} == {
        one: flag.modules for one, flag in expected.items()
    }, (pen.now, person)
    return expected


def says(row: Any, flag: Flag) -> bool:
    """Is it this flag, with all that its rule tells?"""
    told = Flag(row.modules, row.since, row.figure, row.beside)
    return told == flag and row.weight == WEIGHTS[row.rule]


def test_the_flags_of_each_day_are_those_of_plain_rules(pen: Pen) -> None:
    rng = random.Random(60)
    seen: Counter[str] = Counter()
    before_all(pen, rng, START)
    for day in range(DAYS):
        for hours in (rng.randint(0, 4), rng.randint(5, 12)):
            pen.clock.set(START + timedelta(days=day, hours=hours, minutes=rng.randint(0, 59)))
            some_hours(pen, rng, WRITES)
        some_moves(pen, rng)
        for person in [*rng.sample(PEOPLE, ASKED - 1), cast.ADMIN]:
            pen.clock.set(pen.now + timedelta(minutes=rng.randint(0, 40)))
            seen.update(rule for _, _, rule in check(pen, person))
            # Part of what was noted is settled between the one who asks and the next.
            pen.connection.execute(SETTLE, (rng.choice([0, 0, 3, 20]),))
        if day % 4:
            pen.connection.execute(SETTLE, (1_000_000,))
            check(pen, cast.ADMIN)
    assert seen.keys() == WEIGHTS.keys()
    assert min(seen.values()) > DAYS, seen
    # The history, read from its beginning, tells the same as each write told by itself.
    pen.connection.execute(RECALL)
    check(pen, cast.ADMIN)
