"""When flags are recorded and by whom, what goes with a person or a class, and what counts as the same flag."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError

from data.access.session import Database, acting_as, acting_as_nobody
from data.reading.classes.rule_scores import rule_scores
from data.reading.live import Listener
from tests import people
from tests.clusters import Scratch
from tests.database.command_line import at, run
from tests.database.rows_as_owner import ask, platform
from tests.people import ADMIN, ANN, ASSESSMENT, CLASS_1A, COORDINATOR, TEACHER

APP = text("select dashboard.record_flags()")
NOW = "select internal.record_flags('0') as done"
RECORDS = "select * from internal.flag_record order by raised_at, class_id, student_id, rule"
ANNS = "select * from internal.flag_record where student_id = %s and rule = 'failed' order by raised_at"
BACK = (
    "update internal.flag_record set raised_at = raised_at - {0}, gone_at = gone_at - {0}; "
    "update internal.flags_recorded set recorded_at = recorded_at - {0}, began_at = began_at - {0}"
)


def by_the_app(database: Database) -> bool:
    with acting_as_nobody(database) as connection:
        return bool(connection.scalar(APP))


def age(school: Scratch, interval: str) -> None:
    """As if all that was recorded so far had been that long before."""
    for statement in BACK.format(f"interval '{interval}'").split("; "):
        ask(school, statement)


def passes(school: Scratch, score: int) -> None:
    """Ann's score, which is below the mark or not."""
    platform(school, ANN, ASSESSMENT, f"score = {score}")


def test_the_app_records_once_an_hour(school: Scratch) -> None:
    assert by_the_app(school.database)
    (first,) = ask(school, ANNS, ANN)
    assert not by_the_app(school.database)
    age(school, "59 minutes")
    assert not by_the_app(school.database)
    age(school, "2 minutes")
    assert by_the_app(school.database)
    (again,) = ask(school, ANNS, ANN)
    assert (first["unseen_at"], again["gone_at"]) == (None, None)
    assert first["raised_at"] - again["raised_at"] == timedelta(minutes=61)


def test_what_is_recorded_again_is_as_it_was(school: Scratch) -> None:
    ask(school, NOW)
    records = ask(school, RECORDS)
    assert len(records) >= 1
    assert ask(school, NOW) == [{"done": True}]
    assert ask(school, RECORDS) == records


def test_of_many_who_come_at_once_one_records_and_nobody_waits(school: Scratch) -> None:
    database = school.connect(pool_size=6)
    with ThreadPoolExecutor(6) as threads:
        done = list(threads.map(lambda _: by_the_app(database), range(24)))
    assert sum(done) == 1
    age(school, "2 hours")
    with school.owner() as owner, owner.transaction():
        owner.execute("select internal.record_flags('0')")
        assert not by_the_app(database)  # while it is not yet over
    database.engine.dispose()
    assert [one for one in ask(school, RECORDS) if one["student_id"] == ANN] == ask(
        school, ANNS, ANN
    )
    assert len(ask(school, ANNS, ANN)) == 1


def test_a_person_records_nothing(school: Scratch) -> None:
    for person in (ADMIN, COORDINATOR, TEACHER, ANN):
        with (
            pytest.raises(DBAPIError),
            acting_as(people.actor(school.database, person)) as connection,
        ):
            connection.execute(APP)
    assert ask(school, RECORDS) == []
    assert by_the_app(school.database)


def test_where_nothing_can_be_written_nothing_is_recorded(school: Scratch) -> None:
    with acting_as_nobody(school.database) as connection:
        connection.execute(text("set transaction_read_only = on"))
        assert connection.scalar(APP) is False


def test_whoever_listens_for_changes_has_flags_recorded(school: Scratch) -> None:
    is_done = Event()

    def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "dashboard.record_flags()" in statement:
            is_done.set()

    event.listen(school.database.engine, "after_cursor_execute", note)
    with Listener(school.database).subscription(lambda changed: None):
        assert is_done.wait(60)
    with school.owner() as owner:  # its transaction may be ending just now
        owner.execute("select pg_advisory_xact_lock(7205759406)")
    assert len(ask(school, ANNS, ANN)) == 1


def test_the_command_line_records_too(school: Scratch) -> None:
    assert run("check", **at(school)).exit_code == 0
    assert len(ask(school, ANNS, ANN)) == 1


@pytest.mark.parametrize(("away", "times"), [("23 hours", 1), ("25 hours", 2)])
def test_a_flag_that_is_there_again_within_a_day_was_there_all_the_time(
    school: Scratch, away: str, times: int
) -> None:
    ask(school, NOW)
    passes(school, 90)
    ask(school, NOW)
    (gone,) = ask(school, ANNS, ANN)
    assert (gone["gone_at"] is not None, gone["has_left"]) == (True, False)
    age(school, away)
    passes(school, 5)
    ask(school, NOW)
    records = ask(school, ANNS, ANN)
    assert len(records) == times
    assert [one["gone_at"] is None for one in records] == [False, True][-times:]


def test_what_goes_with_a_student_is_not_gone_by_itself(school: Scratch) -> None:
    ask(school, NOW)
    ask(school, "delete from school.class_student where student_id = %s", ANN)
    ask(school, NOW)
    with acting_as(people.actor(school.database, COORDINATOR)) as connection:
        (failed,) = [one for one in rule_scores(connection).scores if one.rule == "failed"]
    assert (failed.made, failed.left_with_student, failed.gone_by_itself) == (1, 1, 0)


def test_a_class_that_is_no_more_takes_its_records_along(school: Scratch) -> None:
    ask(school, NOW)
    for table in ("class_student", "class_module", "class_teacher"):
        ask(school, f"delete from school.{table} where class_id = %s", CLASS_1A)
    ask(school, "delete from school.class where id = %s", CLASS_1A)
    ask(school, NOW)
    assert ask(school, ANNS, ANN) == []


def test_an_erased_student_leaves_no_record(school: Scratch) -> None:
    ask(school, NOW)
    assert len(ask(school, ANNS, ANN)) == 1
    (counts,) = ask(school, "select internal.erase(array[%s::uuid]) as found", ANN)
    assert counts["found"]["flag_record"] == 1
    assert ask(school, ANNS, ANN) == []


def test_of_nothing_recorded_it_is_said_since_when(school: Scratch) -> None:
    cora, tess = (people.actor(school.database, one) for one in (COORDINATOR, TEACHER))
    with acting_as(cora) as connection:
        found = rule_scores(connection)
    assert (found.began_at, sum(one.made for one in found.scores)) == (None, 0)
    ask(school, NOW)
    for actor, is_told in ((cora, True), (tess, False)):
        with acting_as(actor) as connection:
            found = rule_scores(connection)
        assert (found.began_at is not None) == is_told
        assert (sum(one.made for one in found.scores) > 0) == is_told
