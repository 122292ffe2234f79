"""Who reads what the data check reads, and who decides that a row is left as it is."""

from collections.abc import Iterator
from uuid import UUID

import pytest

from tests import people
from tests.clusters import Cluster, Scratch
from tests.database.rows_as_owner import ask
from tests.people import ADMIN, ANN, BEN, CLEO, COORDINATOR, COURSE, DAN, TEACHER
from tests.rls.asking import EDITORS, NAMES, NOBODY, SEES, edits, rows, touched

everybody = pytest.mark.parametrize("person", SEES, ids=lambda person: NAMES[person])

STUDENTS = {ANN, BEN}
DIGEST = "0" * 32


@pytest.fixture(scope="module")
def judged(cluster: Cluster) -> Iterator[Scratch]:
    """The cast, with a judgement about three students."""
    scratch = cluster.new_database("cast")
    for student in (ANN, CLEO, DAN):
        ask(
            scratch,
            "insert into dashboard.dismissal (rule, student_id, module_id, values_digest, author_id) "
            "values ('x', %s, %s, %s, %s)",
            student,
            COURSE,
            DIGEST,
            ADMIN,
        )
    yield scratch
    cluster.drop(scratch)


@everybody
@pytest.mark.parametrize(
    ("relation", "there"),
    [("dashboard.checked_row", {ANN, BEN, CLEO, DAN}), ("dashboard.dismissal", {ANN, CLEO, DAN})],
)
def test_staff_read_of_their_students_and_students_nothing(
    judged: Scratch, person: UUID | None, relation: str, there: set[UUID]
) -> None:
    source = relation.replace("dashboard.checked", "internal.checked")
    control = ask(judged, f"select student_id from {source}")
    assert {one["student_id"] for one in control} == there
    found = rows(judged, person, f"select student_id from {relation}")
    if person is NOBODY:
        assert found is None
        return
    expected = set() if person in STUDENTS else SEES[person] & there
    assert {student for (student,) in found or []} == expected


@everybody
def test_nobody_reads_the_rows_of_everybody(judged: Scratch, person: UUID | None) -> None:
    assert ask(judged, "select 1 from internal.checked_row")  # the control
    assert rows(judged, person, "select 1 from internal.checked_row") is None


LEAVE = (
    "insert into dashboard.dismissal (rule, student_id, module_id, values_digest, author_id) "
    "values ('y', :student, :module, :judged, :author)"
)


@everybody
def test_only_editors_leave_rows_and_only_in_their_own_name(
    judged: Scratch, person: UUID | None
) -> None:
    for student in (ANN, CLEO, DAN):
        for author in {person, ADMIN, COORDINATOR}:
            allowed = student in edits(person) and author == person
            bound = {"student": student, "module": COURSE, "judged": DIGEST, "author": author}
            assert touched(judged, person, LEAVE, **bound) == (1 if allowed else None)


@everybody
def test_only_editors_judge_anew_and_take_back(judged: Scratch, person: UUID | None) -> None:
    anew = "update dashboard.dismissal set values_digest = :judged, author_id = :author"
    for student in (ANN, CLEO, DAN):
        whose = f" where student_id = '{student}'"
        changed = touched(judged, person, anew + whose, judged=DIGEST, author=person)
        removed = touched(judged, person, "delete from dashboard.dismissal" + whose)
        may = student in edits(person)
        expected = None if person is NOBODY else int(may)
        assert (changed, removed) == (expected, expected)
        if may:
            other = touched(judged, person, anew + whose, judged=DIGEST, author=people.TEACHER)
            assert other is None


@pytest.mark.parametrize("person", EDITORS, ids=lambda person: NAMES[person])
def test_a_judgement_stays_with_its_row_and_rule(judged: Scratch, person: UUID) -> None:
    assert rows(judged, person, "select 1 from dashboard.dismissal")  # the control
    for column in ("rule = 'z'", f"student_id = '{BEN}'", f"module_id = '{people.PROJECT}'"):
        assert touched(judged, person, f"update dashboard.dismissal set {column}") is None
    assert touched(judged, TEACHER, "delete from dashboard.dismissal") == 0
