"""Choosing the figures of the rules of attention: for whom they hold, what is refused, and what is recorded."""

from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from data.access.session import Actor, acting_as
from data.reading.attention import flags_of
from data.reading.attention_rules.changes import rule_changes
from data.reading.attention_rules.chosen import attention_rules, figures_of
from data.reading.attention_rules.preview import (
    attention_preview,
    proposed_figures,
    proposed_holidays,
)
from data.rules.attention_figures import (
    FIGURES,
    LONGEST_HOLIDAY,
    USUAL,
    ClassFigures,
    RuleFigure,
    check_figures,
    check_holiday,
)
from data.writing.attention_rules.figures import choose_figures
from data.writing.attention_rules.holidays import GONE, add_holiday, remove_holiday
from tests import people
from tests.clusters import Scratch
from tests.database.rows_as_owner import ask
from tests.people import (
    ADMIN,
    ANN,
    CLASS_1A,
    CLASS_1B,
    CLASS_SOUTH,
    COORDINATOR,
    EVERYWHERE,
    INSPECTOR,
    NORTH,
    SOUTH,
    SOUTH_COORDINATOR,
    TEACHER,
    VIEWER,
)

TODAY: Final = datetime.now(UTC).date()


@pytest.fixture
def cora(school: Scratch) -> Actor:
    return people.actor(school.database, COORDINATOR)


@pytest.fixture
def tess(school: Scratch) -> Actor:
    return people.actor(school.database, TEACHER)


def rules(actor: Actor, student: UUID = ANN, class_id: UUID = CLASS_1A) -> set[str]:
    """By which rules they are flagged there."""
    with acting_as(actor) as connection:
        return {one.rule for one in flags_of(connection, student, [class_id]).flags}


def newest(actor: Actor, class_id: UUID | None = None) -> dict[str, int]:
    with acting_as(actor) as connection:
        return dict(attention_rules(connection, NORTH).choice_of(class_id).newest)


def choose(actor: Actor, class_id: UUID | None = None, **values: int | None) -> None:
    """As somebody does who sees what holds."""
    assert choose_figures(actor, NORTH, class_id, values, newest(actor, class_id)) is None


def test_the_database_and_the_words_have_the_same_figures_with_the_same_limits(
    school: Scratch,
) -> None:
    told = ask(school, "select * from internal.attention_figures()")
    assert [tuple(one.values()) for one in told] == [
        (one.key, one.usual, one.lowest, one.highest) for one in FIGURES
    ]


def test_a_class_goes_by_its_own_then_its_organisations_then_what_is_usual(
    cora: Actor, tess: Actor
) -> None:
    assert "failed" in rules(tess)
    choose(cora, failed=0)
    assert "failed" not in rules(tess)
    choose(cora, CLASS_1A, failed=1)
    assert "failed" in rules(tess)
    choose(cora, CLASS_1A, failed_modules=2)
    assert "failed" not in rules(tess)
    choose(cora, CLASS_1A, failed_modules=None, failed=None)
    assert "failed" not in rules(tess)
    choose(cora, failed=None)
    assert "failed" in rules(tess)


def test_who_works_with_a_class_is_told_its_figures(cora: Actor, tess: Actor) -> None:
    choose(cora, inactive_days=10, stalled=0)
    choose(cora, CLASS_1A, inactive_days=5)
    with acting_as(tess) as connection:
        told = figures_of(connection, (CLASS_1A, CLASS_1B, CLASS_SOUTH))
    assert told == {CLASS_1A: ClassFigures({**USUAL, "inactive_days": 5, "stalled": 0})}
    with acting_as(cora) as connection:
        told = figures_of(connection, (CLASS_1A, CLASS_1B, CLASS_SOUTH))
    assert {one: held.figures["inactive_days"] for one, held in told.items()} == {
        CLASS_1A: 5,
        CLASS_1B: 10,
    }


@pytest.mark.parametrize("known", FIGURES, ids=lambda one: one.key)
def test_a_value_beyond_the_limits_is_refused_in_words_and_by_the_database(
    school: Scratch, cora: Actor, known: RuleFigure
) -> None:
    for value in (known.lowest - 1, known.highest + 1):
        problem = check_figures({known.key: value})
        assert problem is not None
        assert f"from {known.lowest} to {known.highest}" in problem.message
        assert choose_figures(cora, NORTH, None, {known.key: value}, {}) == problem
        with pytest.raises(Exception, match="attention_change_value"):
            ask(
                school,
                "insert into dashboard.attention_change (organisation_id, figure, value, author_id) "
                "values (%s, %s, %s, %s)",
                *(NORTH, known.key, value, ADMIN),
            )
    for allowed in (known.lowest, known.highest, None):
        values = {known.key: allowed}
        assert choose_figures(cora, NORTH, None, values, newest(cora)) is None


def test_a_figure_that_nobody_knows_is_refused(school: Scratch) -> None:
    with pytest.raises(Exception, match="attention_change_value"):
        ask(
            school,
            "insert into dashboard.attention_change (organisation_id, figure, value, author_id) "
            "values (%s, 'luck', 1, %s)",
            *(NORTH, ADMIN),
        )


def test_what_a_colleague_changed_meanwhile_is_told_and_stays(school: Scratch, cora: Actor) -> None:
    eva = people.actor(school.database, EVERYWHERE)
    choose(cora, inactive_days=10)
    seen = newest(cora)
    choose(eva, inactive_days=12)
    wanted = {"inactive_days": 14, "stalled_days": 21}
    problem = choose_figures(cora, NORTH, None, wanted, seen)
    assert problem is not None
    assert "Inactive: days at least is 12 now. Nothing was saved" in problem.message
    with acting_as(cora) as connection:
        assert attention_rules(connection, NORTH).choice.own == {"inactive_days": 12}
    assert choose_figures(cora, NORTH, None, wanted, newest(cora)) is None
    with acting_as(cora) as connection:
        assert attention_rules(connection, NORTH).choice.own == wanted


def test_where_a_colleague_chose_the_same_nothing_else_is_said_to_be_saved(
    school: Scratch, cora: Actor
) -> None:
    eva = people.actor(school.database, EVERYWHERE)
    assert choose_figures(eva, NORTH, None, {"failed": 0}, {}) is None
    problem = choose_figures(cora, NORTH, None, {"failed": 0, "slipped": 0}, {})
    assert problem is not None
    assert "Below a pass mark is off now" in problem.message
    with acting_as(cora) as connection:
        assert attention_rules(connection, NORTH).choice.own == {"failed": 0}


def test_a_save_that_is_repeated_after_a_lost_answer_is_saved_once(cora: Actor) -> None:
    for _ in range(2):
        assert choose_figures(cora, NORTH, CLASS_1A, {"failed": 0}, {}) is None
    with acting_as(cora) as connection:
        assert len(rule_changes(connection, NORTH, 9)) == 1


@pytest.mark.parametrize(
    ("person", "class_id"),
    [
        *((TEACHER, one) for one in (None, CLASS_1A)),
        *((VIEWER, one) for one in (None, CLASS_1A)),
        *((INSPECTOR, one) for one in (None, CLASS_1A)),
        *((SOUTH_COORDINATOR, one) for one in (None, CLASS_1A)),
        *((ANN, one) for one in (None, CLASS_1A)),
    ],
)
def test_only_those_who_manage_the_organisation_choose(
    school: Scratch, cora: Actor, person: UUID, class_id: UUID | None
) -> None:
    other = people.actor(school.database, person)
    problem = choose_figures(other, NORTH, class_id, {"failed": 0}, {})
    assert problem is not None
    assert problem.code == "refused"
    problem = add_holiday(other, NORTH, "Break", (TODAY, TODAY), key=uuid4())
    assert problem is not None
    assert problem.code == "refused"
    assert choose_figures(cora, NORTH, class_id, {"failed": 0}, {}) is None
    assert add_holiday(cora, NORTH, "Break", (TODAY, TODAY), key=uuid4()) is None


def test_every_change_is_told_with_who_and_from_what_to_what(
    school: Scratch, cora: Actor, tess: Actor
) -> None:
    choose(cora, inactive_days=10)
    choose(people.actor(school.database, ADMIN), inactive_days=None)
    choose(cora, CLASS_1A, failed=0)
    assert add_holiday(cora, NORTH, "Winter", (TODAY, TODAY), key=UUID(int=7)) is None
    assert remove_holiday(cora, UUID(int=7)) is None
    with acting_as(cora) as connection:
        told = rule_changes(connection, NORTH, 9)
    assert [
        (one.author, one.class_name, one.figure, one.before, one.after, one.holiday, one.removed)
        for one in told
    ] == [
        ("Cora Coordinator", None, None, None, None, "Winter", True),
        ("Cora Coordinator", None, None, None, None, "Winter", False),
        ("Cora Coordinator", "1A", "failed", None, 0, None, False),
        ("Ada Admin", None, "inactive_days", 10, None, None, False),
        ("Cora Coordinator", None, "inactive_days", None, 10, None, False),
    ]
    assert [one.at for one in told] == sorted((one.at for one in told), reverse=True)
    with acting_as(cora) as connection:
        assert len(rule_changes(connection, NORTH, 2)) == 2
        assert rule_changes(connection, SOUTH, 9) == []
    with acting_as(tess) as connection:
        assert len(rule_changes(connection, NORTH, 9)) == 5


# --- previews ---


def test_a_preview_counts_now_and_then_and_saves_nothing(cora: Actor, tess: Actor) -> None:
    with acting_as(cora) as connection:
        found = attention_preview(connection, proposed_figures(NORTH, {"failed": 0}))
        in_class = attention_preview(connection, proposed_figures(CLASS_1A, {"failed": 0}))
    now, then = found.students["failed"]
    assert (now, then) == (now, 0)
    assert now > 0
    assert (found.classes, in_class.classes) == (2, 1)
    assert "failed" in rules(tess)
    choose(cora, failed=0)
    assert "failed" not in rules(tess)
    with acting_as(cora) as connection:
        after = attention_preview(connection, proposed_figures(NORTH, {"failed": None}))
    assert after.students["failed"] == (0, now)
    assert after.students[None] == tuple(reversed(found.students[None]))


def test_a_class_with_its_own_choice_is_not_moved_by_its_organisations(cora: Actor) -> None:
    choose(cora, CLASS_1A, failed=1)
    with acting_as(cora) as connection:
        found = attention_preview(connection, proposed_figures(NORTH, {"failed": 0}))
        of_1a = attention_preview(connection, proposed_figures(CLASS_1A, {"failed": 1}))
    assert found.students["failed"][1] == of_1a.students["failed"][0] > 0


def test_a_preview_of_days_off_says_who_is_inactive_without_them(
    school: Scratch, cora: Actor, tess: Actor
) -> None:
    ask(
        school,
        "update public.student_module_progress set status = 'InProgress' where student_id = %s",
        ANN,
    )
    ask(
        school,
        "update dashboard.fact set last_activity = now() - interval '9 days' where student_id = %s",
        ANN,
    )
    assert "inactive" in rules(tess)
    days = [(TODAY - timedelta(days=6), TODAY - timedelta(days=3))]
    with acting_as(cora) as connection:
        found = attention_preview(connection, proposed_holidays(NORTH, days))
    assert found.students["inactive"] == (1, 0)
    assert add_holiday(cora, NORTH, "Break", days[0], key=UUID(int=7)) is None
    assert "inactive" not in rules(tess)
    with acting_as(cora) as connection:
        found = attention_preview(connection, proposed_holidays(NORTH, []))
    assert found.students["inactive"] == (0, 1)
    assert remove_holiday(cora, UUID(int=7)) is None
    assert "inactive" in rules(tess)


@pytest.mark.parametrize("person", [TEACHER, VIEWER, SOUTH_COORDINATOR, ANN])
def test_nobody_else_is_told_what_a_change_would_do(
    school: Scratch, cora: Actor, person: UUID
) -> None:
    proposed = proposed_figures(NORTH, {"failed": 0})
    with acting_as(people.actor(school.database, person)) as connection:
        assert attention_preview(connection, proposed).students in ({}, {None: (0, 0)})
    with acting_as(cora) as connection:
        assert attention_preview(connection, proposed).students["failed"][0] > 0


# --- days off ---


@pytest.mark.parametrize(
    ("name", "first", "last", "said"),
    [
        (" ", TODAY, TODAY, "a name"),
        ("x" * 101, TODAY, TODAY, "100 characters"),
        ("x", None, TODAY, "first day and the last day"),
        ("x", TODAY, None, "first day and the last day"),
        ("x", TODAY, TODAY - timedelta(days=1), "before the first day"),
        ("x", date(1999, 12, 31), date(2000, 1, 1), "from 2000 to 2099"),
        ("x", date(2099, 12, 31), date(2100, 1, 1), "from 2000 to 2099"),
        (
            "x",
            TODAY,
            TODAY + timedelta(days=LONGEST_HOLIDAY),
            "121 days; a holiday has at most 120",
        ),
        ("x\x00", TODAY, TODAY, "cannot be stored"),
    ],
)
def test_days_off_that_cannot_be_are_refused_in_words(
    cora: Actor, name: str, first: date | None, last: date | None, said: str
) -> None:
    problem = add_holiday(cora, NORTH, name, (first, last), key=uuid4())
    assert problem is not None
    assert said in problem.message
    longest = TODAY + timedelta(days=LONGEST_HOLIDAY - 1)
    for days in (
        (TODAY, TODAY),
        (TODAY, longest),
        (date(2000, 1, 1), date(2000, 1, 1)),
        (date(2099, 12, 31), date(2099, 12, 31)),
    ):
        assert check_holiday("x", *days) is None
        assert add_holiday(cora, NORTH, "x", days, key=uuid4()) is None


@pytest.mark.parametrize(
    ("first", "last", "constraint"),
    [
        ("2026-01-02", "2026-01-01", "holiday_days"),
        ("2026-01-01", "2026-05-01", "holiday_days"),
        ("1999-12-31", "2000-01-01", "holiday_days"),
        ("2099-12-31", "2100-01-01", "holiday_days"),
    ],
)
def test_the_database_refuses_them_too(
    school: Scratch, first: str, last: str, constraint: str
) -> None:
    insert = (
        "insert into dashboard.holiday (id, organisation_id, name, first_day, last_day, author_id) "
        "values (gen_random_uuid(), %s, %s, %s, %s, %s)"
    )
    ask(school, insert, NORTH, "x", "2026-01-01", "2026-04-30", ADMIN)
    with pytest.raises(Exception, match=constraint):
        ask(school, insert, NORTH, "x", first, last, ADMIN)
    with pytest.raises(Exception, match="holiday_name"):
        ask(school, insert, NORTH, " ", "2026-01-01", "2026-01-01", ADMIN)


def test_a_holiday_is_removed_once_and_in_ones_own_name(school: Scratch, cora: Actor) -> None:
    for _ in range(2):  # the second after a lost answer
        assert add_holiday(cora, NORTH, "Winter", (TODAY, TODAY), key=UUID(int=7)) is None
    with acting_as(cora) as connection:
        (one,) = attention_rules(connection, NORTH).holidays
    assert remove_holiday(people.actor(school.database, SOUTH_COORDINATOR), one.id) == GONE
    forged = text(
        "update dashboard.holiday set removed_by = :other, removed_at = now() where id = :id"
    )
    with pytest.raises(DBAPIError), acting_as(cora) as connection:
        connection.execute(forged, {"other": ADMIN, "id": one.id})
    assert remove_holiday(cora, one.id) is None
    assert remove_holiday(cora, one.id) == GONE
    with acting_as(cora) as connection:
        assert attention_rules(connection, NORTH).holidays == ()
