"""Whatever a class chose: overview, class, student and module page, past day, panel and report say the same."""

from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg.types.json import Jsonb
from psycopg.types.multirange import TimestamptzMultirange
from psycopg.types.range import TimestamptzRange
from sqlalchemy import Connection

from data.access.session import Actor, acting_as
from data.reading.attention import most_urgent
from data.reading.attention_rules.chosen import attention_rules
from data.reading.classes.page import class_page
from data.reading.modules.needs import NeedGroup, by_need
from data.reading.modules.page import ModulePage, module_page
from data.reading.modules.sections import module_funnel
from data.reading.students.cell import cell_page, cell_text
from data.reading.students.page import student_page
from data.reading.students.report import reported
from data.rules.attention_figures import USUAL, ClassFigures
from data.rules.cell import parse_cell, split_cells
from data.writing.attention_rules.figures import choose_figures
from data.writing.attention_rules.holidays import add_holiday
from tests import people
from tests.clusters import Scratch
from tests.database.rows_as_owner import ask
from tests.people import (
    ADMIN,
    ANN,
    CLASS_1A,
    CLASS_1B,
    COORDINATOR,
    COURSE,
    EVERYWHERE,
    INSPECTOR,
    LESSONS,
    NORTH,
    TEACHER,
    VIEWER,
)
from tests.profiles import examples

EVERYBODY: Final = (TEACHER, COORDINATOR, VIEWER, ADMIN, EVERYWHERE, INSPECTOR)
NOW: Final = datetime(2026, 11, 12, 10, tzinfo=UTC)
DAY: Final = timedelta(days=1)


@pytest.fixture
def cora(school: Scratch) -> Actor:
    return people.actor(school.database, COORDINATOR)


def choose(cora: Actor, class_id: UUID | None, **values: int | None) -> None:
    with acting_as(cora) as connection:
        newest = attention_rules(connection, NORTH).choice_of(class_id).newest
    assert choose_figures(cora, NORTH, class_id, values, dict(newest)) is None


def tried(school: Scratch, attempts: int) -> None:
    """Ann, so often, at a quiz that she did not pass."""
    quiz = {"attempts": attempts, "passed": False, "best_score": 40}
    ask(
        school,
        "update public.student_module_progress set progress_details = %s "
        "where student_id = %s and module_id = %s",
        Jsonb({"lesson_quiz_results": {str(LESSONS[0]): quiz}}),
        ANN,
        COURSE,
    )


def groups(page: ModulePage | None) -> dict[str, tuple[NeedGroup, set[UUID]]]:
    assert page is not None
    found = by_need(page.found.students, page.judged_by, datetime.now(UTC))
    return {need.key: (need, {one.row.id for one in those}) for need, those in found.items()}


def is_under(page: ModulePage | None, need: str) -> bool:
    return ANN in groups(page).get(need, (None, set()))[1]


def said_stuck(connection: Connection) -> dict[str, bool]:
    """Of Ann, by each page that may say so."""
    urgent = most_urgent(connection, 50).students
    now = class_page(connection, {"class": CLASS_1A})
    then = class_page(connection, {"class": CLASS_1A}, datetime.now(UTC) + DAY)
    student = student_page(connection, ANN)
    module = module_page(connection, COURSE, {"class": CLASS_1A})
    panel = cell_page(connection, ANN, COURSE, CLASS_1A)
    assert now.matrix
    assert then.matrix
    assert student
    assert module
    assert panel
    row = next(one for one in now.matrix.students if one.id == ANN)
    ((paper,),) = (
        [one.stuck for one in each.modules if one.module.id == COURSE]
        for each in reported(connection, [ANN], CLASS_1A)
    )
    rules_of = [flag.rule for one in urgent if one.flagged.id == ANN for flag in one.flagged.flags]
    return {
        "overview": "stuck" in rules_of,
        "class": "stuck" in {flag.rule for flag in row.flags},
        "matrix": "s" in marks(row.cells),
        "past day": "s" in marks(then.matrix.students[0].cells),
        "panel": panel.one.is_stuck,
        "cell": "s" in marks(cell_text(connection, ANN, COURSE, CLASS_1A) or ""),
        "student": "stuck" in {flag.rule for flag in student.flagged.flags},
        "student's modules": any(one.is_stuck for one in student.modules),
        "module": is_under(module, "stuck"),
        "quiz": bool(module.stuck.get(ANN)),
        "funnel": any(step.stuck for step in module_funnel(connection, module).steps),
        "all classes": is_under(module_page(connection, COURSE, {}), "stuck"),
        "report": paper is not None,
    }


def marks(cells: str) -> str:
    return "".join(parse_cell(cell).marks for cell in split_cells(cells))


STUCK: Final[list[tuple[int, dict[str, int], dict[str, int], bool]]] = [
    (3, {}, {}, True),
    (2, {}, {}, False),
    (4, {"stuck_attempts": 5}, {}, False),
    (5, {"stuck_attempts": 5}, {}, True),
    (2, {"stuck_attempts": 2}, {}, True),
    (1, {"stuck_attempts": 2}, {}, False),
    (4, {"stuck_attempts": 2}, {"stuck_attempts": 5}, False),
    (2, {"stuck_attempts": 5}, {"stuck_attempts": 2}, True),
    (9, {"stuck": 0}, {}, False),
    (9, {}, {"stuck": 0}, False),
    (9, {"stuck": 0}, {"stuck": 1}, True),
]


@pytest.mark.parametrize(("attempts", "organisation", "class_", "is_stuck"), STUCK, ids=str)
def test_who_is_stuck_is_the_same_on_every_page_for_everybody(
    school: Scratch,
    cora: Actor,
    attempts: int,
    organisation: dict[str, int],
    class_: dict[str, int],
    is_stuck: bool,
) -> None:
    tried(school, attempts)
    for of, values in ((None, organisation), (CLASS_1A, class_)):
        if values:
            choose(cora, of, **values)
    for person in EVERYBODY:
        with acting_as(people.actor(school.database, person)) as connection:
            said = said_stuck(connection)
        assert set(said.values()) == {is_stuck}, (people.ROLES[person], said)


def test_of_two_classes_either_may_say_so_and_the_page_of_each_says_its_own(
    school: Scratch, cora: Actor
) -> None:
    ask(school, "insert into school.class_student values (%s, %s)", CLASS_1B, ANN)
    tried(school, 4)
    choose(cora, CLASS_1A, stuck_attempts=5)
    with acting_as(cora) as connection:
        of_a, of_b, of_all = (
            module_page(connection, COURSE, asked)
            for asked in ({"class": CLASS_1A}, {"class": CLASS_1B}, {})
        )
        cells = [
            marks(cell_text(connection, ANN, COURSE, one) or "") for one in (CLASS_1A, CLASS_1B)
        ]
        student = student_page(connection, ANN)
    assert [is_under(page, "stuck") for page in (of_a, of_b, of_all)] == [False, True, True]
    assert ["s" in cell for cell in cells] == [False, True]
    assert student
    assert [one.module.id for one in student.modules if one.is_stuck] == [COURSE]
    assert {one.class_id for one in student.flagged.flags if one.rule == "stuck"} == {CLASS_1B}
    assert of_all
    assert of_all.stuck[ANN]
    assert groups(of_all)["stuck"][0].sentence.startswith(
        "A lesson's quiz was tried 3 to 5 times or more"
    )
    # Where all say no, nobody does.
    choose(cora, CLASS_1B, stuck=0)
    with acting_as(cora) as connection:
        assert not is_under(module_page(connection, COURSE, {}), "stuck")


IDLE: Final[list[tuple[timedelta, dict[str, int], bool]]] = [
    (8 * DAY, {}, True),
    (6 * DAY, {}, False),
    (8 * DAY, {"inactive_days": 10}, False),
    (11 * DAY, {"inactive_days": 10}, True),
    (4 * DAY, {"inactive_days": 3}, True),
    (2 * DAY, {"inactive_days": 3}, False),
    (90 * DAY, {"inactive": 0}, False),
]


def idle_for(school: Scratch, time: timedelta) -> None:
    """Ann, with everything in progress."""
    ask(
        school,
        "update public.student_module_progress set status = 'InProgress' where student_id = %s",
        ANN,
    )
    ask(
        school,
        "update dashboard.fact set last_activity = now() - %s, last_change = null where student_id = %s",
        time,
        ANN,
    )


def said_inactive(school: Scratch) -> set[bool]:
    said: set[bool] = set()
    for person in EVERYBODY:
        with acting_as(people.actor(school.database, person)) as connection:
            page = class_page(connection, {"class": CLASS_1A})
            assert page.matrix
            row = next(one for one in page.matrix.students if one.id == ANN)
            said.add("inactive" in {flag.rule for flag in row.flags})
            for asked in ({"class": CLASS_1A}, {}):
                said.add(is_under(module_page(connection, COURSE, asked), "inactive"))
    return said


@pytest.mark.parametrize(("time", "chosen", "is_inactive"), IDLE, ids=str)
def test_who_is_inactive_is_so_in_the_module_after_the_same_days(
    school: Scratch, cora: Actor, time: timedelta, chosen: dict[str, int], is_inactive: bool
) -> None:
    idle_for(school, time)
    choose(cora, CLASS_1A, **chosen)
    assert said_inactive(school) == {is_inactive}


def test_holidays_do_not_count_in_the_module_either(school: Scratch, cora: Actor) -> None:
    idle_for(school, 9 * DAY)
    assert said_inactive(school) == {True}
    today = datetime.now(UTC).date()
    days = today - 6 * DAY, today - 3 * DAY
    assert add_holiday(cora, NORTH, "Break", days, key=UUID(int=7)) is None
    assert said_inactive(school) == {False}
    choose(cora, CLASS_1A, inactive_days=5)
    assert said_inactive(school) == {True}


MOMENTS: Final = st.integers(-40 * 24 * 60, 10 * 24 * 60).map(
    lambda minutes: NOW + timedelta(minutes=minutes)
)


COUNTED: Final = """
select
    %(since)s <= internal.days_before(%(now)s, %(days)s, %(off)s),
    internal.days(%(since)s, %(now)s, (
        select coalesce(sum(extract(epoch from upper(part) - lower(part))), 0)
        from unnest(%(off)s * tstzmultirange(tstzrange(%(since)s, %(now)s))) as part
    ))
"""


@examples(100)
@given(
    st.lists(st.tuples(MOMENTS, st.integers(1, 20 * 24 * 60)), max_size=3),
    MOMENTS.filter(lambda at: at <= NOW),
    st.integers(2, 30),
)
def test_python_counts_days_as_the_database_does(
    shared: Scratch,
    holidays: list[tuple[datetime, int]],
    since: datetime,
    days: int,
) -> None:
    off: list[tuple[datetime, datetime]] = []
    for first, minutes in sorted(holidays):
        # As a multirange has them: none overlaps another.
        if not off or first > off[-1][1]:
            off.append((first, first + timedelta(minutes=minutes)))
    counted, _ = ClassFigures(USUAL, off).days(since, NOW)
    bound = {
        "since": since,
        "now": NOW,
        "days": days,
        "off": TimestamptzMultirange([TimestamptzRange(*each) for each in off]),
    }
    with shared.owner() as owner:
        told = owner.execute(COUNTED.encode(), bound).fetchone()
    assert told == (counted >= days, counted)
