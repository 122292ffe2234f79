"""An archived class is out of lists and counts, and is found and read all the same."""

from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from data.access.session import Actor, acting_as
from data.reading.classes.matrix import matrix
from data.reading.classes.overview import options, overview
from data.reading.modules.page import module_page
from data.reading.students.page import student_page
from data.roster.changes import added
from data.roster.classes import archived, corrected, next_year
from data.roster.files.present import present_roster
from data.roster.reading.classes import ClassEntry, class_entries
from data.roster.reading.students import student_entries
from data.roster.save import save
from data.rules.progress import EMPTY_ROW, Edit, Field, Status
from data.writing.save import save as save_progress
from tests import people
from tests.clusters import Scratch
from tests.people import ANN, CLASS_1A, COORDINATOR, COURSE, PROJECT, TEACHER


def entry(actor: Actor, class_id: UUID) -> ClassEntry:
    with acting_as(actor) as connection:
        return next(one for one in class_entries(connection) if one.id == class_id)


def told(connection: Connection) -> dict[str, Any]:
    """Where the class is listed or counted."""
    student, module = student_page(connection, ANN, None), module_page(connection, COURSE, {})
    assert student is not None
    return {
        "overview": CLASS_1A in {one.id for one in overview(connection)},
        "offered": CLASS_1A in options(connection, None).classes,
        "module": module is not None and CLASS_1A in module.options.classes,
        "student": CLASS_1A in student.student.class_ids,
        "counted": sum(one.in_class for one in student.modules),
    }


def test_it_is_out_of_the_way_and_read_all_the_same(school: Scratch) -> None:
    nora = people.actor(school.database, COORDINATOR)
    tess = people.actor(school.database, TEACHER)
    with acting_as(nora) as connection:
        before = told(connection)
        now = connection.exec_driver_sql("select now()").scalar_one()
    assert before == dict.fromkeys(("overview", "offered", "module", "student"), True) | {
        "counted": 3
    }
    assert save(nora, archived(entry(nora, CLASS_1A), now), source="form").saved == 1
    for actor in (nora, tess):
        with acting_as(actor) as connection:
            assert told(connection) == dict.fromkeys(before, False)
            assert CLASS_1A in options(connection, CLASS_1A).classes
            assert len(matrix(connection, {"class": CLASS_1A}).students) == 2
    assert save(nora, archived(entry(nora, CLASS_1A), None), source="form").saved == 1
    with acting_as(nora) as connection:
        assert told(connection) == before


def test_a_second_year_begins_beside_the_first(school: Scratch) -> None:
    nora = people.actor(school.database, COORDINATOR)
    old = entry(nora, CLASS_1A)
    changes = next_year(old, old.name, "2027/28", with_students=True)
    assert save(nora, changes, source="bulk").saved == len(changes)
    with acting_as(nora) as connection:
        names = options(connection, None).classes
        (ann,) = student_entries(connection, (ANN,))
    assert sorted(name for name in names.values() if name.startswith(old.name)) == [
        old.name,
        f"{old.name} (2027/28)",
    ]
    assert set(ann.classes) == {old.name, f"{old.name}, 2027/28"}


def test_a_class_that_is_new_can_be_worked_in_at_once(school: Scratch) -> None:
    nora = people.actor(school.database, COORDINATOR)
    new = UUID(int=77)
    changes = [
        added("class", {"id": new}, organisation_id=people.NORTH, name="1Z"),
        added("class_student", {"class_id": new, "student_id": ANN}),
        added("class_module", {"class_id": new, "module_id": people.UNUSED}, position=1),
    ]
    assert save(nora, changes, source="form").saved == 3
    edit = Edit(ANN, people.UNUSED, {Field.STATUS: Status.IN_PROGRESS}, dict(EMPTY_ROW))
    assert save_progress(nora, [edit]).saved
    with acting_as(nora) as connection:
        (student,) = matrix(connection, {"class": new}).students
    assert student.id == ANN
    assert PROJECT not in {one for one, _ in entry(nora, new).places}


def test_a_class_that_a_file_brought_is_corrected_and_the_correction_is_locked(
    school: Scratch,
) -> None:
    nora = people.actor(school.database, COORDINATOR)
    key = {"organisation_id": people.NORTH, "source": "sis", "kind": "class", "source_id": "c-1"}
    assert save(nora, [added("source_id", key, our_id=CLASS_1A)], source="file").saved == 1
    one = entry(nora, CLASS_1A)
    changes = corrected(one, {"name": "1A plus"}, one.teacher_ids, one.module_ids)
    assert save(nora, changes, source="form").saved == 2
    one = entry(nora, CLASS_1A)
    assert (one.name, one.is_from_file, one.locked) == ("1A plus", True, ("name",))
    with acting_as(nora) as connection:
        known = present_roster(connection, people.NORTH)
    assert known.locks_of(CLASS_1A) == {"name"}
