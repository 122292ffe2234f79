"""A list of changes is saved whole or not at all, only over what was seen, and can be put back."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from data.access.session import Actor, acting_as
from data.roster.changes import RosterChange, added, changed, removed
from data.roster.save import BROKEN, RosterOutcome, save
from data.roster.undo import undo_changes
from tests import people
from tests.clusters import Scratch
from tests.database.rows_as_owner import ask
from tests.people import (
    ADMIN,
    ANN,
    BEN,
    CLASS_1A,
    CLASS_1B,
    COORDINATOR,
    COURSE,
    DAN,
    NORTH,
    SOUTH,
    TEACHER,
    UNUSED,
)


@pytest.fixture
def nora(school: Scratch) -> Actor:
    return people.actor(school.database, COORDINATOR)


@pytest.fixture
def root(school: Scratch) -> Actor:
    return people.actor(school.database, ADMIN)


def student(name: str, organisation: UUID = NORTH, **values: Any) -> RosterChange:
    return added("student", {"id": uuid4()}, organisation_id=organisation, full_name=name, **values)


def renamed(person: UUID, before: str, after: str) -> RosterChange:
    found = changed("student", {"id": person}, {"full_name": before}, {"full_name": after})
    assert found is not None
    return found


def rows(school: Scratch, relation: str) -> set[tuple[Any, ...]]:
    return {tuple(map(str, row.values())) for row in ask(school, f"select * from {relation}")}


def undo(actor: Actor, outcome: RosterOutcome) -> RosterOutcome:
    assert outcome.batch_id is not None
    with acting_as(actor) as connection:
        changes = undo_changes(connection, outcome.batch_id)
    return save(actor, changes, source="undo", undoes=outcome.batch_id)


def test_what_is_saved_together_stands_together_and_is_undone_together(
    school: Scratch, nora: Actor
) -> None:
    relations = ("school.student", "school.class", "school.class_student", "school.class_module")
    before = [rows(school, one) for one in relations]
    eve, new = student("Eve Moss", number="77"), uuid4()
    outcome = save(
        nora,
        [
            added("class_student", {"class_id": new, "student_id": eve.key["id"]}),
            added("class_module", {"class_id": new, "module_id": COURSE}, position=1),
            added("class", {"id": new}, organisation_id=NORTH, name="1C", school_year="2026/27"),
            eve,
            removed("class_student", {"class_id": CLASS_1A, "student_id": BEN}),
            added("class_student", {"class_id": CLASS_1B, "student_id": BEN}),
            renamed(ANN, "Ann Ågren", "Ann Berg"),
        ],
        source="form",
    )
    assert outcome.problem is None
    assert outcome.saved == 7
    names = {row["full_name"] for row in ask(school, "select full_name from school.student")}
    assert {"Eve Moss", "Ann Berg"} <= names
    assert undo(nora, outcome).saved == 7
    assert [rows(school, one) for one in relations] == before


def test_nothing_is_saved_where_one_row_is_another_by_now(
    school: Scratch, nora: Actor, root: Actor
) -> None:
    assert save(root, [renamed(ANN, "Ann Ågren", "Ann Berg")], source="form").saved == 1
    eve = student("Eve Moss")
    outcome = save(nora, [eve, renamed(ANN, "Ann Ågren", "Ann Falk")], source="form")
    (late,) = outcome.overtaken
    assert (late.change.after, late.now and late.now["full_name"]) == (
        {"full_name": "Ann Falk"},
        "Ann Berg",
    )
    assert not ask(school, "select id from school.student where full_name = 'Eve Moss'")
    # What nobody else touched can be changed all the same.
    other = changed("student", {"id": ANN}, {"number": None}, {"number": "12"})
    assert other is not None
    assert save(nora, [other], source="form").saved == 1


def test_what_is_gone_or_there_already_is_told(nora: Actor) -> None:
    gone = removed("class_student", {"class_id": CLASS_1B, "student_id": ANN})
    there = added("class_student", {"class_id": CLASS_1A, "student_id": ANN})
    for change in (gone, there):
        outcome = save(nora, [change], source="form")
        assert [one.change for one in outcome.overtaken] == [change]


def test_the_same_batch_is_saved_once(school: Scratch, nora: Actor) -> None:
    key, eve = uuid4(), student("Eve Moss")
    first = save(nora, [eve], source="form", batch_id=key)
    again = save(nora, [eve], source="form", batch_id=key)
    assert (first.repeated, again.repeated, again.batch_id) == (False, True, key)
    other = save(nora, [student("Mo Moss")], source="form", batch_id=key)
    assert other.problem is not None
    assert len(ask(school, "select id from school.student where full_name like '%Moss'")) == 1


def test_history_tells_who_changed_what_from_what(school: Scratch, nora: Actor) -> None:
    outcome = save(nora, [renamed(ANN, "Ann Ågren", "Ann Berg")], source="form", reason="married")
    (found,) = ask(
        school,
        "select relation, key ->> 'id' as id, operation, author_id, batch_id, before, after, organisation_id "
        "from dashboard.roster_change order by roster_change.id desc limit 1",
    )
    assert found == {
        "relation": "student",
        "id": str(ANN),
        "operation": "update",
        "author_id": COORDINATOR,
        "batch_id": outcome.batch_id,
        "before": {"full_name": "Ann Ågren"},
        "after": {"full_name": "Ann Berg"},
        "organisation_id": NORTH,
    }


def staff(person: UUID, before: dict[str, Any], after: dict[str, Any]) -> RosterChange:
    found = changed("staff", {"id": person}, before, after)
    assert found is not None
    return found


REFUSED: dict[str, tuple[UUID, Callable[[], RosterChange]]] = {
    "a student of another organisation": (COORDINATOR, lambda: renamed(DAN, "Dan Dale", "Dan")),
    "a student into another organisation": (COORDINATOR, lambda: student("Eve", SOUTH)),
    "by a teacher": (TEACHER, lambda: student("Eve")),
    "a role above one's own": (
        COORDINATOR,
        lambda: staff(TEACHER, {"role": "teacher"}, {"role": "admin"}),
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_who_may_not_changes_nothing(school: Scratch, what: str) -> None:
    person, change = REFUSED[what]
    before = rows(school, "school.student"), rows(school, "school.staff")
    outcome = save(people.actor(school.database, person), [change()], source="form")
    assert outcome.problem or outcome.overtaken
    assert outcome.batch_id is None
    assert before == (rows(school, "school.student"), rows(school, "school.staff"))


def test_nobody_raises_or_switches_off_themselves(nora: Actor, root: Actor) -> None:
    mine = staff(COORDINATOR, {"role": "coordinator"}, {"role": "teacher"})
    assert save(nora, [mine], source="form").problem == BROKEN["own_role"]
    off = staff(ADMIN, {"is_active": True}, {"is_active": False})
    assert save(root, [off], source="form").problem == BROKEN["own_role"]
    assert save(root, [mine], source="form").saved == 1  # the control


def test_the_last_administrator_stays(school: Scratch, root: Actor) -> None:
    second = uuid4()
    new = added(
        "staff", {"id": second}, full_name="Ida Holt", email="holt@example.org", role="admin"
    )
    assert save(root, [new], source="form").saved == 1
    other = people.actor(school.database, second)
    off = staff(ADMIN, {"is_active": True}, {"is_active": False})
    assert save(other, [off], source="form").saved == 1
    again = staff(second, {"is_active": True}, {"is_active": False})
    assert save(root, [again], source="form").problem is not None  # no administrator any more
    remaining = ask(school, "select id from school.staff where role = 'admin' and is_active")
    assert remaining == [{"id": second}]


def test_what_has_progress_is_not_removed(school: Scratch, nora: Actor) -> None:
    ann = removed("student", {"id": ANN})
    out = [removed("class_student", {"class_id": CLASS_1A, "student_id": ANN})]
    assert save(nora, [ann, *out], source="form").problem == BROKEN["student_has_progress"]
    eve = save(nora, [student("Eve Moss")], source="form")
    assert undo(nora, eve).saved == 1  # the control
    assert save(nora, [removed("module", {"id": UNUSED})], source="form").saved == 1
    used = removed("module", {"id": COURSE})
    assert save(nora, [used], source="form").problem is not None
