"""A messy school over weeks, under a clock that is set: what is recorded of flags, and each rule's score, are
those of plain Python. Flags are looked at now and then, sometimes not for days."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

import pytest

from data.access.session import Actor, acting_as
from data.reading.classes.rule_scores import RuleScores, rule_scores
from data.rules.rule_scores import RuleScore
from tests.clusters import Cluster
from tests.database.attention import messy_school as cast
from tests.database.attention.clock import START, stopped
from tests.database.attention.days import before_all, some_hours
from tests.database.attention.oracle import WEIGHTS
from tests.database.attention.pen import Pen
from tests.database.attention.roster_moves import some_moves
from tests.database.scores.oracle import Flag, FlagRecord, Moves, Recorder
from tests.profiles import chosen

STUDENTS, DAYS, WRITES = chosen(sample=(150, 30, 15), nightly=(1000, 60, 100))

RESPOND: Final = (
    "insert into dashboard.flag_response (id, class_id, student_id, rule, author_id, response, note_id) "
    "values (%(id)s, %(class)s, %(student)s, %(rule)s, %(author)s, %(response)s, %(note)s)"
)
STORED: Final = (
    "select class_id, student_id, rule, raised_at, unseen_at, gone_at, has_left, moved_at, "
    "has_new_figures "
    "from internal.flag_record order by raised_at"
)
ANSWERS: Final = ("seen", "contacted", "contacted", "not_a_concern", "taken_back")


@pytest.fixture
def pen(cluster: Cluster) -> Iterator[Pen]:
    """A school that was built under a stopped clock."""
    clock = stopped(cluster)
    pen = Pen(clock, cast.build(clock.scratch, STUDENTS, seed=16))
    pen.school.record = Moves()
    yield pen
    clock.connection.close()
    cluster.drop(clock.scratch)


def stored(pen: Pen) -> dict[Flag, list[FlagRecord]]:
    found: dict[Flag, list[FlagRecord]] = {}
    for row in pen.connection.execute(STORED.encode()):
        key, values = row[:3], row[3:]
        found.setdefault(key, []).append(FlagRecord(*values))  # type: ignore[arg-type]
    return found


def told(pen: Pen, person: UUID, days: int | None) -> RuleScores:
    actor = Actor(person, "", "", database=pen.clock.scratch.database)
    with acting_as(actor) as connection:
        return rule_scores(connection, days)


def respond(pen: Pen, recorder: Recorder, rng: random.Random) -> None:
    """To what is flagged now, or was."""
    key = rng.choice(list(recorder.records))
    response, new = rng.choice(ANSWERS), uuid4()
    names = ("class", "student", "rule")
    bound = dict(zip(names, key, strict=True)) | {
        "id": new,
        "author": cast.CORA,
        "response": response,
        "note": new if response == "contacted" else None,
    }
    pen.connection.execute(RESPOND.encode(), bound)
    recorder.responses[key].append((response, pen.now))


def record(pen: Pen, recorder: Recorder) -> None:
    pen.connection.execute("select internal.record_flags('0')")
    recorder.record(pen.now)


def check(pen: Pen, recorder: Recorder) -> None:
    assert stored(pen) == {key: found for key, found in recorder.records.items() if found}, pen.now
    for person in (*cast.STAFF, cast.STRANGER):
        for days in (None, 9):
            since = None if days is None else pen.now - timedelta(days=days)
            found, expected = told(pen, person, days), recorder.scores(person, since)
            assert {one.rule: one for one in found.scores if one.made} == expected, (
                pen.now,
                person,
            )
            assert [
                one.rule for one in found.scores if not one.made and one != RuleScore(one.rule)
            ] == []
            manages = (me := pen.school.active(person)) is not None and me.role in (
                "coordinator",
                "admin",
            )
            facts = (
                (recorder.began, recorder.last, recorder.longest_gap) if manages else (None,) * 3
            )
            assert (found.began_at, found.recorded_at, found.longest_gap) == facts, (
                pen.now,
                person,
            )


def test_what_is_recorded_and_each_score_are_those_of_plain_rules(pen: Pen) -> None:
    rng = random.Random(49)
    assert isinstance(pen.school.record, Moves)
    recorder = Recorder(pen.school, cast.ADMIN, pen.school.record)
    before_all(pen, rng, START)
    for day in range(DAYS):
        for moment in _moments(rng, START + timedelta(days=day)):
            pen.clock.set(moment)
            some_hours(pen, rng, WRITES)
            if recorder.records:
                for _ in range(4):
                    respond(pen, recorder, rng)
            if day not in (7, 8, 9):
                pen.clock.set(moment + timedelta(minutes=rng.randint(0, 50)))
                record(pen, recorder)
        some_moves(pen, rng)
        if day % 5 == 4:
            check(pen, recorder)
    scores = recorder.scores(cast.ADMIN, None)
    assert scores.keys() == WEIGHTS.keys()
    _has_all_outcomes(recorder, list(scores.values()))


def _moments(rng: random.Random, day: datetime) -> list[datetime]:
    return [
        day + timedelta(hours=hours, minutes=rng.randint(0, 9)) for hours in (1, rng.choice([2, 8]))
    ]


def _has_all_outcomes(recorder: Recorder, scores: list[RuleScore]) -> None:
    """Nothing of it was equal because there was none."""
    for what in (
        "still_there",
        "left_with_student",
        "gone_with_figures",
        "gone_by_itself",
        "contacted",
        "dismissed",
        "moved",
    ):
        assert sum(getattr(one, what) for one in scores) > 5, what
    assert 0 < sum(one.moved for one in scores) < sum(one.settled for one in scores)
    assert any(len(found) > 1 for found in recorder.records.values()), "none that came again"
    assert recorder.longest_gap > timedelta(days=3)
