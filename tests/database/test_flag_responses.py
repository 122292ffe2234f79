"""Responses to flags: how long each hides one, from whom, and that nothing is written twice or by halves."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from data.access.session import Actor, acting_as
from data.reading.attention import flags_of, most_urgent
from data.reading.classes.matrix import matrix
from data.reading.classes.overview import overview
from data.reading.flag_responses import GivenResponse, flag_responses
from data.rules.flags import Flag
from data.writing import flag_responses as responses
from data.writing.flag_responses import FlagResponse, respond
from data.writing.notes import NOT_YOURS, Content
from tests import people
from tests.clusters import Scratch
from tests.database.rows_as_owner import ask, platform
from tests.people import ADMIN, ANN, BEN, CLASS_1A, CLASS_1B, COORDINATOR, COURSE, TEACHER, VIEWER

CALLED = Content("Called the mother", "phone", date(2026, 3, 1))
WEEKS = timedelta(days=14)


@pytest.fixture
def tess(school: Scratch) -> Actor:
    return people.actor(school.database, TEACHER)


@pytest.fixture
def failed(school: Scratch, tess: Actor) -> Flag:
    """Ann is below a pass mark; that is all she is flagged for."""
    (flag,) = flags(tess)
    assert (flag.rule, flag.modules) == ("failed", 1)
    return flag


def flags(actor: Actor, student: UUID = ANN) -> tuple[Flag, ...]:
    """What is flagged, as every page has it: the same on all of them."""
    with acting_as(actor) as connection:
        found = flags_of(connection, student, [CLASS_1A]).flags
        urgent = {one.flagged.id: one.flagged.flags for one in most_urgent(connection, 50).students}
        rows = {one.id: one.flags for one in matrix(connection, {"class": CLASS_1A}).students}
        (count,) = [one for one in overview(connection) if one.id == CLASS_1A]
    assert urgent.get(student, ()) == found
    assert [one.rule for one in rows[student]] == [one.rule for one in found]
    assert count.needs_attention == sum(bool(each) for each in rows.values())
    return found


LATER = text("""
    select student_id
    from dashboard.flags(array[cast(:class as uuid)], now() + :later)
    where rule = 'failed' and student_id = :student
""")


def is_flagged_after(actor: Actor, later: timedelta) -> bool:
    with acting_as(actor) as connection:
        bound = {"class": CLASS_1A, "later": later, "student": ANN}
        return bool(connection.scalars(LATER, bound).all())


def to(flag: Flag, response: str, student: UUID = ANN) -> FlagResponse:
    return FlagResponse(flag.class_id, student, flag.rule, response, flag.modules, flag.since)


def taken_back(flag: Flag) -> FlagResponse:
    return FlagResponse(flag.class_id, ANN, flag.rule, responses.TAKEN_BACK)


def change_sign(school: Scratch) -> None:
    platform(
        school, ANN, people.ASSESSMENT, "score = 4, completed_at = now(), last_updated = now()"
    )


def stored(school: Scratch) -> tuple[int, int]:
    """How many responses, how many notes."""
    tables = ("dashboard.flag_response", "dashboard.note")
    responded, noted = (len(ask(school, f"select id from {one}")) for one in tables)
    return responded, noted


def last(actor: Actor) -> GivenResponse:
    with acting_as(actor) as connection:
        (found,) = flag_responses(connection, ANN)
    return found


def test_seen_hides_a_flag_from_everybody_until_it_changes(
    school: Scratch, tess: Actor, failed: Flag
) -> None:
    assert respond(tess, to(failed, "seen"), key=uuid4()) is None
    cora = people.actor(school.database, COORDINATOR)
    assert flags(tess) == flags(cora) == ()
    assert not is_flagged_after(tess, timedelta(days=400))
    assert (last(cora).author, last(cora).response, last(cora).text) == (
        "Tess Teacher",
        "seen",
        None,
    )
    change_sign(school)
    (again,) = flags(tess)
    assert (again.rule, again.since) != (failed.rule, failed.since)


def test_contacted_hides_a_flag_for_two_weeks_and_writes_the_note(
    school: Scratch, tess: Actor, failed: Flag
) -> None:
    assert respond(tess, to(failed, "contacted"), CALLED, key=uuid4()) is None
    assert flags(tess) == ()
    assert not is_flagged_after(tess, WEEKS - timedelta(minutes=1))
    assert is_flagged_after(tess, WEEKS)
    assert last(tess).text == "Called the mother"
    assert ask(
        school, "select kind, channel, author_id from dashboard.note where student_id = %s", ANN
    ) == [{"kind": "contact", "channel": "phone", "author_id": TEACHER}]
    change_sign(school)
    assert flags(tess)


def test_not_a_concern_hides_a_flag_whatever_becomes_of_it_until_it_is_taken_back(
    school: Scratch, tess: Actor, failed: Flag
) -> None:
    assert respond(tess, to(failed, "not_a_concern"), Content("Ill"), key=uuid4()) is None
    change_sign(school)
    assert flags(tess) == ()
    assert not is_flagged_after(tess, timedelta(days=400))
    cora = people.actor(school.database, COORDINATOR)
    assert respond(cora, taken_back(failed), key=uuid4()) is None
    assert [one.rule for one in flags(tess)] == ["failed"]
    with acting_as(tess) as connection:
        assert flag_responses(connection, ANN) == []


def test_the_last_response_is_the_one_that_holds(
    school: Scratch, tess: Actor, failed: Flag
) -> None:
    for response in ("not_a_concern", "seen"):
        assert respond(tess, to(failed, response), key=uuid4()) is None
    change_sign(school)
    assert flags(tess)


def test_another_rule_class_or_student_is_another_flag(
    school: Scratch, tess: Actor, failed: Flag
) -> None:
    ada = people.actor(school.database, ADMIN)
    elsewhere = Flag(CLASS_1B, "failed", 2, failed.modules, failed.since)
    other_rule = Flag(CLASS_1A, "inactive", 3, failed.modules, failed.since)
    for given in (
        to(elsewhere, "not_a_concern"),
        to(other_rule, "not_a_concern"),
        to(failed, "seen", BEN),
    ):
        assert respond(ada, given, key=uuid4()) is None
    assert flags(tess) == (failed,)


def test_a_rule_without_a_sign_is_seen_as_long_as_it_holds(school: Scratch, tess: Actor) -> None:
    """Not begun says neither of how many modules nor since when."""
    ask(school, "delete from public.student_module_progress where student_id = %s", BEN)
    platform(school, ANN, COURSE, "status = 'InProgress', last_updated = now()")
    (flag,) = flags(tess, BEN)
    assert (flag.rule, flag.modules, flag.since) == ("not_begun", None, None)
    assert respond(tess, to(flag, "seen", BEN), key=uuid4()) is None
    assert flags(tess, BEN) == ()


@pytest.mark.parametrize(
    ("response", "note"), [("seen", None), ("seen", Content("Spoke")), ("contacted", CALLED)]
)
def test_a_retry_writes_once_and_another_response_under_its_id_is_told(
    school: Scratch, tess: Actor, failed: Flag, response: str, note: Content | None
) -> None:
    key, given = uuid4(), to(failed, response)
    with ThreadPoolExecutor(4) as threads:
        told = list(threads.map(lambda _: respond(tess, given, note, key=key), range(6)))
    assert told == [None] * 6
    assert respond(tess, to(failed, "not_a_concern"), note, key=key) == responses.ALREADY
    if note:
        other = replace(note, text="x")
        assert respond(tess, given, other, key=key) == responses.ALREADY
    assert stored(school) == (1, 1 if note else 0)


@pytest.mark.parametrize("person", [VIEWER, people.OTHER_TEACHER, ANN, people.SOUTH_COORDINATOR])
def test_whoever_may_not_respond_leaves_no_note_either(
    school: Scratch, failed: Flag, person: UUID
) -> None:
    actor = people.actor(school.database, person)
    for note in (None, CALLED):
        assert respond(actor, to(failed, "seen"), note, key=uuid4()) == NOT_YOURS
    assert stored(school) == (0, 0)


def test_a_contact_says_how_it_was(school: Scratch, tess: Actor, failed: Flag) -> None:
    for note in (None, Content("Spoke")):
        assert respond(tess, to(failed, "contacted"), note, key=uuid4()) == responses.NO_CONTACT
    problem = respond(
        tess, to(failed, "contacted"), Content(" ", "phone", CALLED.happened_on), key=uuid4()
    )
    assert problem is not None
    assert problem.code == "empty"
    assert flags(tess) == (failed,)


@pytest.mark.parametrize(
    "values",
    [
        "'contacted', null, null, null",  # without a note
        "'ignored', null, null, null",
        "null, null, null, null",
        "'taken_back', 1, null, null",  # what is taken back has no sign
        "'seen', null, null, gen_random_uuid()",  # another note than its own
    ],
)
def test_postgresql_refuses_a_response_that_cannot_be(tess: Actor, values: str) -> None:
    statement = (
        "insert into dashboard.flag_response "
        "(id, class_id, student_id, rule, response, modules, since, note_id) "
        f"values (gen_random_uuid(), '{CLASS_1A}', '{ANN}', 'failed', {values})"
    )
    with pytest.raises(DBAPIError), acting_as(tess) as connection:
        connection.execute(text(statement))


def test_a_response_stays_when_its_note_has_gone_by_its_period(
    school: Scratch, tess: Actor, failed: Flag
) -> None:
    assert respond(tess, to(failed, "contacted"), CALLED, key=uuid4()) is None
    ask(
        school,
        "insert into school.retention (organisation_id, notes_months) values (%s, 1)",
        people.NORTH,
    )
    ask(school, "select internal.retain(%s, now() + interval '2 months')", people.NORTH)
    assert ask(school, "select 1 from dashboard.note") == []
    assert (last(tess).response, last(tess).text) == ("contacted", None)
    assert flags(tess) == ()
