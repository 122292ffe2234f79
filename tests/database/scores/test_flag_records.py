"""When flags are recorded and by whom, what goes with a person or a class, and what counts as the same flag."""

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
from tests.people import (
    ADMIN,
    ANN,
    ASSESSMENT,
    CLASS_1A,
    CLASS_1B,
    COORDINATOR,
    NORTH,
    SOUTH,
    TEACHER,
)

APP = text("select dashboard.record_flags()")
NOW = "select internal.record_flags('0') as done"
RECORDS = "select * from internal.flag_record order by raised_at, class_id, student_id, rule"
ANNS = "select * from internal.flag_record where student_id = %s and rule = 'failed' order by raised_at"
BACK = (
    "update internal.flag_record set raised_at = raised_at - {0}, gone_at = gone_at - {0}; "
    "update internal.flags_recorded set recorded_at = recorded_at - {0}, began_at = began_at - {0}"
)

CHANGED = (
    "insert into dashboard.attention_change (class_id, organisation_id, figure, value, at, author_id) "
    f"values (%s, %s, %s, %s, now() - %s::interval, '{ADMIN}')"
)
HAS_OFF = (
    "insert into dashboard.holiday (id, organisation_id, name, first_day, last_day, at, author_id) values "
    f"(gen_random_uuid(), %s, 'x', current_date - 20, current_date, now() - %s::interval, '{ADMIN}')"
)
REMOVED = f"update dashboard.holiday set removed_by = '{ADMIN}', removed_at = now()"
FLAGGED = "insert into internal.flag_record (class_id, student_id, rule, raised_at) values (%s, %s, %s, now())"


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


def of_rule(school: Scratch, rule: str) -> tuple[int, int, int, int]:
    """How many of its flags were made, left with a student, are gone with figures and by themselves."""
    with acting_as(people.actor(school.database, COORDINATOR)) as connection:
        (one,) = [one for one in rule_scores(connection).scores if one.rule == rule]
    return one.made, one.left_with_student, one.gone_with_figures, one.gone_by_itself


@pytest.mark.parametrize("of", [(CLASS_1A, None), (None, NORTH)], ids=["class", "organisation"])
@pytest.mark.parametrize(
    "figure", [("failed", 0), ("failed_modules", 9)], ids=["off", "another figure"]
)
def test_what_goes_with_a_figure_is_not_gone_by_itself(
    school: Scratch, of: tuple[object, object], figure: tuple[str, int]
) -> None:
    ask(school, NOW)
    ask(school, CHANGED, *of, *figure, "0")
    ask(school, NOW)
    assert of_rule(school, "failed") == (1, 0, 1, 0)


def test_what_goes_with_a_student_does_so_whatever_the_figures(school: Scratch) -> None:
    ask(school, NOW)
    ask(school, CHANGED, CLASS_1A, None, "failed", 0, "0")
    ask(school, "delete from school.class_student where student_id = %s", ANN)
    ask(school, NOW)
    assert of_rule(school, "failed") == (1, 1, 0, 0)


@pytest.mark.parametrize(
    ("of", "figure"),
    [
        ((CLASS_1B, None), "failed"),
        ((None, SOUTH), "failed"),
        ((CLASS_1A, None), "stuck"),
        ((CLASS_1A, None), "inactive_days"),
    ],
    ids=["another class", "another organisation", "another rule", "of days"],
)
def test_figures_of_others_tell_nothing_of_a_flag(
    school: Scratch, of: tuple[object, object], figure: str
) -> None:
    ask(school, NOW)
    ask(school, CHANGED, *of, figure, 0 if figure != "inactive_days" else 9, "0")
    ask(school, HAS_OFF, NORTH, "0")
    passes(school, 90)
    ask(school, NOW)
    assert of_rule(school, "failed") == (1, 0, 0, 1)


@pytest.mark.parametrize(("before", "is_new"), [("50 seconds", True), ("70 seconds", False)])
def test_a_figure_that_was_changed_before_it_was_last_looked_is_known(
    school: Scratch, before: str, is_new: bool
) -> None:
    """But for the minute in which that may not have been saved."""
    ask(school, NOW)
    ask(school, CHANGED, CLASS_1A, None, "failed_modules", 1, before)
    passes(school, 90)
    ask(school, NOW)
    assert of_rule(school, "failed") == (1, 0, int(is_new), int(not is_new))


def test_a_flag_that_is_there_again_did_not_go_with_a_figure(school: Scratch) -> None:
    ask(school, NOW)
    ask(school, CHANGED, CLASS_1A, None, "failed", 0, "0")
    ask(school, NOW)
    ask(
        school,
        CHANGED.replace("at,", "follows, at,").replace("now()", "1, now()"),
        CLASS_1A,
        None,
        "failed",
        1,
        "0",
    )
    ask(school, NOW)
    assert [one["has_new_figures"] for one in ask(school, ANNS, ANN)] == [False]
    assert of_rule(school, "failed") == (1, 0, 0, 0)


@pytest.mark.parametrize("is_removed", [False, True])
@pytest.mark.parametrize("rule", ["inactive", "stalled"])
def test_a_holiday_is_a_change_of_the_rules_that_count_days(
    school: Scratch, rule: str, is_removed: bool
) -> None:
    ask(school, NOW)
    ask(school, FLAGGED, CLASS_1A, ANN, rule)
    ask(school, HAS_OFF, NORTH, "1 hour" if is_removed else "0")
    if is_removed:
        ask(school, REMOVED)
    ask(school, NOW)
    assert of_rule(school, rule)[2:] == (1, 0)


def test_a_holiday_that_was_known_before_is_no_change(school: Scratch) -> None:
    ask(school, HAS_OFF, NORTH, "70 seconds")
    ask(school, NOW)
    ask(school, FLAGGED, CLASS_1A, ANN, "stalled")
    ask(school, NOW)
    assert of_rule(school, "stalled")[2:] == (0, 1)


def test_who_is_inactive_by_another_figure_was_not_stalled_by_it(school: Scratch) -> None:
    ask(school, NOW)
    ask(school, FLAGGED, CLASS_1A, ANN, "stalled")
    ask(school, CHANGED, CLASS_1A, None, "inactive_days", 2, "0")
    ask(school, NOW)
    assert of_rule(school, "stalled")[2:] == (1, 0)


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
