"""What the overview says of each class, who comes first and what is new, from what is kept: the same as if
nothing were, whoever writes what, and whoever asks. (As moments pass:
tests/database/attention/test_thresholds.py.)"""

import json
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from psycopg.errors import SerializationFailure
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from data.access.session import Actor, Database, acting_as, acting_as_nobody
from data.database import doctor
from data.database.migrate import migrate
from tests import people
from tests.clusters import Scratch
from tests.database import random_writes
from tests.database.rows_as_owner import ask, platform
from tests.database.test_standings import APP, meanwhile, settle
from tests.people import ADMIN, ANN, BEN, CLASS_1A, CLASS_1B, CLEO, COORDINATOR, COURSE, DAN, NORTH
from tests.profiles import chosen

Act = Callable[[UUID], Actor]

WRITES = chosen(sample=160, nightly=100_000)
PERSONS = (
    *(ADMIN, COORDINATOR, people.TEACHER, people.SOUTH_COORDINATOR),
    *(people.VIEWER, people.EVERYWHERE, people.STRANGER),
)

FORGETTING = """
create function dashboard.forget_summaries() returns void
language sql security definer as $$ delete from internal.class_summary $$;
grant execute on function dashboard.forget_summaries() to dashboard_person
"""
FORGET = text("select dashboard.forget_summaries()")
COUNTS = text("select * from dashboard.class_count order by class_id")
NEWS = text(
    "select each.* from (values (1), (20), (33), (60)) as ago (days) cross join lateral "
    "dashboard.news(now() - make_interval(days => days), 99) as each order by days, place, kind"
)
URGENT = text("select * from dashboard.urgent_flags(now(), 3)")
SURE = "select unnest(internal.sure_classes(array(select id from school.class), now(), true)) as id"
KEPT = "select to_jsonb(class_summary) as kept from internal.class_summary order by class_id"


@pytest.fixture
def settled(school: Scratch) -> Iterator[Scratch]:
    """A school of which everything is kept: Dan of the South is a guest, Cleo is in two classes, flags are of
    several rules, and staff responded to one."""
    ask(school, FORGETTING)
    ask(
        school,
        f"insert into school.class_student values ('{CLASS_1A}', '{DAN}'), ('{CLASS_1A}', '{CLEO}')",
    )
    for student, score in ((DAN, 7), (ANN, 12), (BEN, 13), (CLEO, 1)):
        ask(
            school,
            "insert into public.student_module_progress (student_id, module_id, status, score, last_updated) "
            f"values ('{student}', '{COURSE}', 'InProgress', {score}, now() - interval '30 days') "
            "on conflict (student_id, module_id) do update "
            "set status = excluded.status, score = excluded.score, last_updated = excluded.last_updated",
        )
    responded(school, BEN, "not_a_concern")
    settle(school)
    assert len(ask(school, SURE)) == 3
    yield school
    ask(school, "drop function dashboard.forget_summaries()")


def responded(school: Scratch, student: UUID, response: str) -> None:
    ask(
        school,
        "insert into dashboard.flag_response "
        "(id, class_id, student_id, rule, author_id, response, modules, since) "
        "select %s, class_id, student_id, rule, %s, %s, modules, since "
        "from internal.raised(array[%s::uuid], now(), true) where student_id = %s and rule = 'failed'",
        *(uuid4(), COORDINATOR, response, CLASS_1A, student),
    )


def plainly(connection: Connection) -> list[Any]:
    return [connection.execute(asked).all() for asked in (COUNTS, URGENT, NEWS)]


def differences(school: Scratch) -> list[Any]:
    """What each is told otherwise than if nothing were kept, in one snapshot."""
    engine = school.database.engine.execution_options(isolation_level="REPEATABLE READ")
    found: list[Any] = []
    for person in PERSONS:
        actor = Actor(person, "", "", database=Database(engine, school.key))
        try:
            with acting_as(actor) as connection:
                told = plainly(connection)
                connection.execute(FORGET)
                if told != (plain := plainly(connection)):
                    found.append((person, told, plain))
                connection.rollback()
        except OperationalError as error:
            if not isinstance(error.orig, SerializationFailure):  # settled meanwhile
                raise
    return found


def test_everybody_is_told_what_is_told_if_nothing_is_kept(settled: Scratch, act: Act) -> None:
    told = {}
    for person in PERSONS:
        with acting_as(act(person)) as connection:
            counts, urgent, _ = plainly(connection)
        told[person] = {one.class_id: one for one in counts}, [one.student_id for one in urgent]
    assert told[ADMIN][0][CLASS_1A].students == 4 > told[COORDINATOR][0][CLASS_1A].students == 3
    # Ben is below the mark, but that is not a concern.
    assert told[ADMIN][0][CLASS_1A].by_rule["failed"] == 3
    assert told[COORDINATOR][0][CLASS_1A].by_rule["failed"] == 2
    assert told[ADMIN][0][CLASS_1B].by_rule["failed"] == 1
    assert {ANN, BEN, CLEO, DAN} >= {*told[ADMIN][1]} > {*()}
    assert told[people.STRANGER] == ({}, [])
    assert differences(settled) == []


def test_it_is_so_while_eight_write_and_somebody_settles(settled: Scratch) -> None:
    found: list[Any] = []

    def move_the_roster() -> None:
        with settled.owner() as connection:
            for change in ROSTER:
                try:
                    connection.execute(change.encode())
                except SerializationFailure:
                    continue

    with (
        meanwhile(lambda: settle(settled)),
        meanwhile(lambda: found.extend(differences(settled))),
        meanwhile(move_the_roster),
    ):
        assert random_writes.write_at_once(settled, WRITES, writers=8) > WRITES / 2
    assert found == []
    settle(settled)
    assert len(ask(settled, SURE)) == 3
    assert differences(settled) == []
    assert ask(settled, "select internal.note_wrong_summaries() as wrong") == [{"wrong": 0}]


def chooses(of: str, its: UUID) -> str:
    return (
        f"insert into dashboard.attention_change ({of}, figure, value, follows, author_id) "
        f"select '{its}', 'failed', 0, max(number), '{ADMIN}' from dashboard.attention_change "
        f"where {of} = '{its}' and figure = 'failed'"
    )


HOLIDAY = (
    "insert into dashboard.holiday (id, organisation_id, name, first_day, last_day, author_id) "
    f"values (gen_random_uuid(), '{NORTH}', 'Off', current_date - 100, current_date, '{ADMIN}')"
)
STAFF = (
    "insert into school.staff (id, organisation_id, full_name, email, role) "
    f"values ('{ANN}', '{NORTH}', 'A', 'ann@staff.org', 'teacher')"
)
CHANGES = {
    "work": f"update public.student_module_progress set score = 99 where student_id = '{ANN}'",
    "one who comes": f"insert into school.class_student values ('{CLASS_1B}', '{ANN}')",
    "one who leaves": f"delete from school.class_student where student_id = '{ANN}'",
    "another module": f"insert into school.class_module values ('{CLASS_1A}', '{people.UNUSED}', 9)",
    "a module less": f"delete from school.class_module where module_id = '{COURSE}'",
    "another mark": """update public.modules set configuration = '{"pass_threshold": 5}'""",
    "switched off": f"update school.student set is_active = false where id = '{ANN}'",
    "a guest": f"update school.student set organisation_id = '{people.SOUTH}' where id = '{ANN}'",
    "among the staff": STAFF,
    "archived": f"update school.class set archived_at = now() where id = '{CLASS_1A}'",
    "moved": f"update school.class set organisation_id = '{people.SOUTH}' where id = '{CLASS_1A}'",
    "a class's figure": chooses("class_id", CLASS_1A),
    "an organisation's figure": chooses("organisation_id", NORTH),
    "days off": HOLIDAY,
}
ROSTER = (
    *(
        CHANGES["another mark"],
        CHANGES["switched off"],
        CHANGES["a guest"],
        CHANGES["archived"],
        HOLIDAY,
    ),
    *(CHANGES["a class's figure"], CHANGES["one who comes"], CHANGES["moved"]),
    f"update school.class set archived_at = null, organisation_id = '{NORTH}'  where id = '{CLASS_1A}'",
    f"update school.student set is_active = true, organisation_id = '{NORTH}' where id = '{ANN}'",
    f"delete from school.class_student where student_id = '{ANN}' and class_id = '{CLASS_1B}'",
    "update dashboard.holiday set removed_by = author_id, removed_at = now() where removed_at is null",
)


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_changes_it_is_noted(settled: Scratch, change: str) -> None:
    before = ask(settled, KEPT)
    ask(settled, f"begin; {change}; rollback")
    assert len(ask(settled, SURE)) == 3
    ask(settled, change)
    assert len(ask(settled, SURE)) < 3
    assert differences(settled) == []
    settle(settled)
    assert len(ask(settled, SURE)) == 3
    assert differences(settled) == []
    assert ask(settled, KEPT) != before


def test_what_is_taken_back_is_noted_too(settled: Scratch) -> None:
    ask(settled, f"{HOLIDAY}; {STAFF}")
    settle(settled)
    before = ask(settled, KEPT)
    for back in (
        "update dashboard.holiday set removed_by = author_id, removed_at = now()",
        f"update school.staff set is_active = false where id = '{ANN}'",
        f"update school.staff set is_active = true where id = '{ANN}'",
        f"delete from school.staff where id = '{ANN}'",
    ):
        ask(settled, back)
        assert len(ask(settled, SURE)) < 3, back
        assert differences(settled) == []
        settle(settled)
        after = ask(settled, KEPT)
        assert after != before, back
        before = after


def test_a_class_that_is_gone_is_kept_no_longer(settled: Scratch) -> None:
    for table, key in (("class_student", "class_id"), ("class_module", "class_id"),
                       ("class_teacher", "class_id"), ("class", "id")):  # fmt: skip
        ask(settled, f"delete from school.{table} where {key} = '{CLASS_1A}'")
    assert differences(settled) == []
    settle(settled)
    assert len(ask(settled, KEPT)) == 2
    assert differences(settled) == []


def test_neither_another_name_nor_the_same_again_is_noted(settled: Scratch) -> None:
    for change in (
        "update school.student set full_name = full_name || 'x', is_active = is_active",
        "update school.staff set full_name = full_name || 'x'",
        "update school.class set name = name || 'x'",
    ):
        ask(settled, change)
    assert len(ask(settled, SURE)) == 3


@pytest.mark.parametrize("response", ["seen", "not_a_concern", "taken_back"])
def test_a_response_is_heeded_at_once(settled: Scratch, act: Act, response: str) -> None:
    def failed() -> int:
        with acting_as(act(ADMIN)) as connection:
            (one,) = [one for one in connection.execute(COUNTS) if one.class_id == CLASS_1A]
        return int(one.by_rule["failed"])

    before = failed()
    if response == "taken_back":
        ask(
            settled,
            "insert into dashboard.flag_response (id, class_id, student_id, rule, author_id, response) "
            "values (%s, %s, %s, 'failed', %s, 'taken_back')",
            *(uuid4(), CLASS_1A, BEN, COORDINATOR),
        )
    else:
        responded(settled, ANN, response)
    assert failed() == before + (1 if response == "taken_back" else -1)
    assert len(ask(settled, SURE)) == 3
    assert differences(settled) == []
    platform(settled, ANN, COURSE, "score = 3, last_updated = now()")
    settle(settled)
    assert differences(settled) == []


def test_who_is_in_several_classes_counts_once_by_each_rule(settled: Scratch, act: Act) -> None:
    with acting_as(act(ADMIN)) as connection:
        urgent = connection.execute(URGENT).all()
    rules = {(one.student_id, one.rule) for one in urgent if one.student_id == CLEO}
    twice = [one for one in urgent if one.student_id == CLEO]
    assert len(twice) > len(rules) > 0
    assert differences(settled) == []


def test_the_app_by_itself_settles_what_many_would_work_out(settled: Scratch) -> None:
    due = (
        "insert into internal.class_summary select (jsonb_populate_record(kept, jsonb_build_object("
        "'class_id', gen_random_uuid(), 'holds_until', now()))).* "
        "from internal.class_summary as kept cross join generate_series(1, {})"
    )
    ask(settled, due.format(66))
    ask(settled, "update internal.class_summary set kept_at = now() - interval '1 hour'")
    with acting_as_nobody(settled.database) as connection:
        connection.execute(APP)
    assert len(ask(settled, KEPT)) == 3 + 198
    ask(settled, due.format(1))
    with acting_as_nobody(settled.database) as connection:
        connection.execute(APP)
    assert len(ask(settled, KEPT)) == 3


def test_who_is_erased_is_in_none(settled: Scratch) -> None:
    assert str(ANN) in json.dumps(ask(settled, KEPT))
    ask(settled, f"select internal.erase(array['{ANN}']::uuid[])")
    assert str(ANN) not in json.dumps(ask(settled, KEPT))
    assert differences(settled) == []
    settle(settled)
    assert differences(settled) == []


@pytest.mark.parametrize("is_newer", [True, False])
def test_a_release_that_says_a_rule_otherwise_forgets_them(
    settled: Scratch, is_newer: bool
) -> None:
    ask(settled, "update internal.class_summary set students = 99")
    if is_newer:
        ask(
            settled, "update dashboard_migrations.in_force set digest = '' where file = 'attention'"
        )
    ask(settled, "drop function dashboard.forget_summaries()")
    migrate(settled.owner_url, settled.app_url)
    ask(settled, FORGETTING)
    assert len(ask(settled, SURE)) == 3
    assert (99 in [row["kept"]["students"] for row in ask(settled, KEPT)]) != is_newer


def test_a_person_may_not_read_them(settled: Scratch, act: Act) -> None:
    for refused in (
        "select * from internal.class_summary",
        "select * from internal.class_news",
        "select internal.sure_classes('{}', now(), true)",
        "select * from internal.told_flags('{}', now())",
        "select internal.keep_summaries('{}')",
        "select internal.note_wrong_summaries()",
    ):
        with (
            pytest.raises(ProgrammingError, match="denied"),
            acting_as(act(ADMIN)) as connection,
        ):
            connection.execute(text(refused))
    assert len(ask(settled, KEPT)) == 3


@pytest.mark.usefixtures("altered")
@pytest.mark.parametrize(
    "wrong",
    [
        "students = students + 1",
        "by_rule = '{}'",
        "flagged = '{}'",
        "since = array_fill(null::timestamptz, array[cardinality(since)])",
        "holds_until = 'infinity'",
    ],
)
def test_check_works_out_again_what_is_wrong(settled: Scratch, wrong: str) -> None:
    platform(settled, CLEO, COURSE, "last_updated = now()")  # inactive in a week
    settle(settled)
    ask(settled, f"update internal.class_summary set {wrong} where class_id = '{CLASS_1B}'")
    ask(settled, "drop function dashboard.forget_summaries()")
    (fault,) = doctor.examine(settled.app_url, settled.owner_url, settled.key).faults
    assert fault.message.startswith("What the overview says of 1 class was wrong")
    assert doctor.examine(settled.app_url, settled.owner_url, settled.key).faults == []
    ask(settled, FORGETTING)
    assert differences(settled) == []
    settle(settled)
    assert differences(settled) == []
