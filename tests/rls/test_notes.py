"""Who sees notes, who writes them and in whose name; who takes along all stored data."""

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from sqlalchemy.exc import IntegrityError

from data.access.session import acting_as
from data.reading.notes import notes
from data.writing.notes import Content, correct, write
from tests import people
from tests.clusters import Cluster, Scratch
from tests.database.rows_as_owner import ask
from tests.people import ADMIN, ANN, BEN, CLEO, COORDINATOR, DAN, SOUTH_COORDINATOR, TEACHER
from tests.rls.asking import NAMES, NOBODY, SEES, edits, rows, touched

everybody = pytest.mark.parametrize("person", SEES, ids=lambda person: NAMES[person])

NOTED = {ANN: TEACHER, CLEO: COORDINATOR, DAN: SOUTH_COORDINATOR}
"""Whom there is a note on, and by whom."""
STUDENTS = {ANN, BEN}


@pytest.fixture(scope="module")
def noted(cluster: Cluster) -> Iterator[Scratch]:
    """The cast, with a note on three students, Ann's corrected once."""
    scratch = cluster.new_database("cast")
    for student, author in NOTED.items():
        actor = people.actor(scratch.database, author)
        assert write(actor, student, Content("Reads well"), key=uuid4()) is None
    tess = people.actor(scratch.database, TEACHER)
    with acting_as(tess) as connection:
        (note,) = notes(connection, ANN)
    assert correct(tess, note, Content("Reads very well"), key=uuid4()) is None
    yield scratch
    cluster.drop(scratch)


def sees(person: UUID | None) -> set[UUID]:
    """Whose notes this person sees: those of the students seen, but for students themselves."""
    return set() if person in STUDENTS else SEES[person]


@everybody
def test_staff_see_the_notes_on_their_students_and_students_see_none(
    noted: Scratch, person: UUID | None
) -> None:
    question = "select student_id from dashboard.note"
    control = [one["student_id"] for one in ask(noted, question)]
    assert sorted(control) == sorted([ANN, ANN, CLEO, DAN])
    found = rows(noted, person, question)
    if person is NOBODY:
        assert found is None
    else:
        assert {student for (student,) in found or []} == sees(person) & set(NOTED)


WRITE = (
    "insert into dashboard.note (id, student_id, author_id, act, kind, text) "
    "values (gen_random_uuid(), :student, :author, 'written', 'note', 'x')"
)


@everybody
def test_staff_write_about_their_students_and_only_in_their_own_name(
    noted: Scratch, person: UUID | None
) -> None:
    for student in (ANN, BEN, CLEO, DAN):
        for author in {person, ADMIN, TEACHER}:
            allowed = (
                student in sees(person)
                and author == person
                and person not in (people.VIEWER, people.INSPECTOR)
            )
            count = touched(noted, person, WRITE, student=student, author=author)
            assert count == (1 if allowed else None), (student, author)


REVISE = """
insert into dashboard.note (id, student_id, author_id, revises, act, kind, text)
select gen_random_uuid(), :student, :author, cast(:revises as uuid), 'corrected', 'note', 'y'
"""
NEWEST = "select id, student_id, author_id from dashboard.note order by number desc"


@everybody
def test_only_its_author_corrects_a_note_about_the_same_student(
    noted: Scratch, person: UUID | None
) -> None:
    latest = {one["student_id"]: one for one in reversed(ask(noted, NEWEST))}
    for student, note in latest.items():
        mine = note["author_id"] == person
        same = {"revises": note["id"], "student": student}
        assert revised(noted, person, author=person, **same) is (mine and student in sees(person))
        # Not in another's name, and never to become a note on somebody else.
        assert not revised(noted, person, author=note["author_id"], **same) or mine
        assert not revised(noted, person, author=person, revises=note["id"], student=BEN)


def revised(school: Scratch, person: UUID | None, **bound: object) -> bool:
    """Could it be written? A foreign key's refusal is one too."""
    try:
        return touched(school, person, REVISE, **bound) == 1
    except IntegrityError:
        return False


@everybody
def test_nobody_changes_or_removes_a_note(noted: Scratch, person: UUID | None) -> None:
    assert len(ask(noted, "select 1 from dashboard.note where student_id = %s", ANN)) == 2
    for statement in (
        "update dashboard.note set text = 'z'",
        "delete from dashboard.note",
        "truncate dashboard.note cascade",
    ):
        assert touched(noted, person, statement) is None


@pytest.mark.parametrize("person", [TEACHER, COORDINATOR, ADMIN], ids=lambda one: NAMES[one])
def test_nobody_chooses_when_a_note_was_written_or_its_place(noted: Scratch, person: UUID) -> None:
    assert touched(noted, person, WRITE, student=ANN, author=person) == 1  # the control
    for column, value in ("written_at", "now()"), ("number", "1"), ("note_id", "gen_random_uuid()"):
        statement = (
            WRITE.replace("text)", f"text, {column})")
            .replace("values", "overriding system value values")
            .replace("'x')", f"'x', {value})")
        )
        assert touched(noted, person, statement, student=ANN, author=person) is None


@everybody
def test_only_a_students_coordinators_and_admins_take_along_everything(
    noted: Scratch, person: UUID | None
) -> None:
    for student in (ANN, CLEO, DAN):
        found = rows(
            noted, person, "select part from dashboard.all_stored_data(:student)", student=student
        )
        if person is NOBODY:
            assert found is None
        else:
            parts = {part for (part,) in found or []}
            assert parts >= {"person", "progress", "history", "note"} or not parts
            assert bool(parts) == (student in edits(person))
