"""Two students who are one: nothing of either is lost, and what differs is chosen."""

from uuid import UUID

from data.access.session import Actor, acting_as
from data.roster.changes import added
from data.roster.merging import both_rows, merge
from data.roster.reading.students import StudentEntry, student_entries
from data.roster.save import save
from data.roster.undo import undo_changes
from tests import people
from tests.clusters import Scratch
from tests.database.rows_as_owner import ask, whole_row
from tests.people import (
    ANN,
    ASSESSMENT,
    BEN,
    CLASS_1A,
    CLASS_1B,
    CLEO,
    COORDINATOR,
    COURSE,
    PROJECT,
)


def entry(actor: Actor, student: UUID) -> StudentEntry:
    with acting_as(actor) as connection:
        (found,) = student_entries(connection, (student,))
    return found


def status(school: Scratch, student: UUID, module: UUID) -> str | None:
    row = whole_row(school, student, module)
    return None if row is None else str(row["status"])


def rows(school: Scratch, student: UUID) -> list[dict[str, object]]:
    return ask(
        school,
        "select * from public.student_module_progress where student_id = %s order by module_id",
        student,
    )


def prepare(school: Scratch) -> Actor:
    """Cleo has done two modules; in one of them Ben something else."""
    ask(
        school,
        "delete from public.student_module_progress where student_id = any (%s)",
        [BEN, CLEO],
    )
    for student, module, said in (
        (CLEO, COURSE, "Completed"),
        (CLEO, PROJECT, "InProgress"),
        (CLEO, ASSESSMENT, "NotStarted"),
        (BEN, PROJECT, "Completed"),
    ):
        ask(
            school,
            "insert into public.student_module_progress (student_id, module_id, status, progress_percentage) "
            "values (%s, %s, %s, 50)",
            *(student, module, said),
        )
    return people.actor(school.database, COORDINATOR)


def test_what_is_recorded_goes_over_where_nothing_is_and_nothing_is_lost(school: Scratch) -> None:
    nora = prepare(school)
    before = rows(school, CLEO)
    with acting_as(nora) as connection:
        found = {one.module_id: one for one in both_rows(connection, BEN, CLEO)}
    assert found.keys() == {COURSE, PROJECT}
    assert (found[COURSE].is_new, found[PROJECT].differs) == (True, True)
    outcome = merge(nora, entry(nora, BEN), entry(nora, CLEO), taken=())
    assert (outcome.left, outcome.roster.problem) == (0, None)
    assert (status(school, BEN, COURSE), status(school, BEN, PROJECT)) == ("Completed", "Completed")
    ben, cleo = entry(nora, BEN), entry(nora, CLEO)
    assert set(ben.class_ids) == {CLASS_1A, CLASS_1B}
    assert (cleo.class_ids, cleo.is_active, cleo.merged_into) == ((), False, BEN)
    assert rows(school, CLEO) == before


def test_what_differs_is_taken_where_it_is_chosen(school: Scratch) -> None:
    nora = prepare(school)
    assert merge(nora, entry(nora, BEN), entry(nora, CLEO), taken={PROJECT}).left == 0
    assert status(school, BEN, PROJECT) == "InProgress"
    # Once more there is nothing to do.
    again = merge(nora, entry(nora, BEN), entry(nora, CLEO), taken={PROJECT})
    assert (again.left, again.roster.saved) == (0, 0)


def test_ids_elsewhere_and_what_is_not_known_go_over_and_come_back(school: Scratch) -> None:
    nora = prepare(school)
    key = {"organisation_id": people.NORTH, "source": "sis", "kind": "student", "source_id": "c-1"}
    ask(school, "update school.student set number = '77' where id = %s", CLEO)
    assert save(nora, [added("source_id", key, our_id=CLEO)], source="file").saved == 1
    outcome = merge(nora, entry(nora, BEN), entry(nora, CLEO), taken=())
    assert (entry(nora, BEN).number, entry(nora, CLEO).number) == ("77", None)
    assert ask(school, "select our_id from school.source_id") == [{"our_id": BEN}]
    assert outcome.roster.batch_id is not None
    with acting_as(nora) as connection:
        changes = undo_changes(connection, outcome.roster.batch_id)
    assert save(nora, changes, source="undo", undoes=outcome.roster.batch_id).problem is None
    assert (entry(nora, BEN).number, entry(nora, CLEO).number) == (None, "77")
    assert ask(school, "select our_id from school.source_id") == [{"our_id": CLEO}]
    assert entry(nora, ANN).class_ids == (CLASS_1A,)
