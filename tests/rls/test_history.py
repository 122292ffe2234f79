"""Who reads the history, who signs a batch, and with which name."""

from collections.abc import Iterator
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from data.access.session import acting_as
from data.writing.save import save
from tests import people
from tests.clusters import Cluster, Scratch
from tests.database.rows_as_owner import SC, ask, edit
from tests.people import ADMIN, ANN, BEN, CLEO, COORDINATOR, COURSE, DAN, SOUTH_COORDINATOR, TEACHER
from tests.rls.asking import EDITORS, NAMES, NOBODY, SEES, edits, rows, touched

SIGNERS = (COORDINATOR, SOUTH_COORDINATOR, ADMIN)
"""Who saved a batch here."""

everybody = pytest.mark.parametrize("person", SEES, ids=lambda person: NAMES[person])


@pytest.fixture(scope="module")
def written(cluster: Cluster) -> Iterator[Scratch]:
    """The cast, with a batch by each of the editors."""
    scratch = cluster.new_database("cast")
    for person, student in zip(SIGNERS, (ANN, DAN, CLEO), strict=True):
        actor = people.actor(scratch.database, person)
        wish = edit(scratch, student, COURSE, {SC: Decimal(70)})
        assert save(actor, [wish], f"reason of {NAMES[person]}").saved
    yield scratch
    cluster.drop(scratch)


@everybody
def test_people_read_the_history_of_their_students_and_no_other(
    written: Scratch, person: UUID | None
) -> None:
    everything = ask(written, "select student_id, operation from dashboard.history")
    assert {one["student_id"] for one in everything} == {ANN, BEN, CLEO, DAN}  # the control
    found = rows(written, person, "select student_id, operation from dashboard.change")
    if person is NOBODY:
        assert found is None
        return
    expected = [tuple(one.values()) for one in everything if one["student_id"] in SEES[person]]
    assert sorted(found or []) == sorted(expected)


def test_a_teacher_reads_who_changed_what_and_why(written: Scratch) -> None:
    question = (
        "select author_name, source, reason, after ->> 'score' from dashboard.change "
        "where operation = 'update'"
    )
    assert rows(written, TEACHER, question) == [
        ("Cora Coordinator", "form", "reason of coordinator", "70")
    ]
    assert rows(written, SOUTH_COORDINATOR, question) == [
        ("Sol South", "form", "reason of south_coordinator", "70")
    ]


@everybody
def test_a_batch_is_read_by_who_sees_one_of_its_students_and_by_no_other(
    written: Scratch, person: UUID | None
) -> None:
    signed = dict(zip(SIGNERS, (ANN, DAN, CLEO), strict=True))
    assert len(ask(written, "select 1 from dashboard.batch")) == 3  # the control
    found = rows(written, person, "select author_id from dashboard.batch")
    if person is NOBODY:
        assert found is None
        return
    seen = {author for author, student in signed.items() if student in SEES[person]}
    assert {author for (author,) in found or []} == seen


@everybody
def test_a_page_of_the_history_finds_what_the_view_shows(
    written: Scratch, person: UUID | None
) -> None:
    everything = ask(written, "select id, student_id from dashboard.history")
    found = rows(written, person, "select id from dashboard.history")
    if person is NOBODY:
        assert found is None
        return
    expected = {one["id"] for one in everything if one["student_id"] in SEES[person]}
    assert {entry for (entry,) in found or []} == expected
    assert rows(written, person, "select before from dashboard.history") is None
    assert rows(written, person, "select after from dashboard.history") is None


UNDOING = (
    "insert into dashboard.batch (id, author_id, source, undoes) values (:id, :me, :source, :it)"
)


@everybody
def test_a_batch_is_undone_by_who_may_change_its_rows_and_by_no_other(
    written: Scratch, person: UUID | None
) -> None:
    for editor, student in zip(SIGNERS, (ANN, DAN, CLEO), strict=True):
        batch = ask(written, "select id from dashboard.batch where author_id = %s", editor)[0]["id"]
        bound = {"id": uuid4(), "me": person, "it": batch}
        count = touched(written, person, UNDOING, source="undo", **bound)
        assert count == (1 if student in edits(person) else None), NAMES[editor]
        assert touched(written, person, UNDOING, source="form", **bound) is None
    assert touched(written, ADMIN, UNDOING, source="undo", id=uuid4(), me=ADMIN, it=uuid4()) is None


BATCH = "insert into dashboard.batch (id, author_id, source) values (:id, :author, 'form')"


@everybody
def test_only_editors_open_batches_and_only_in_their_own_name(
    written: Scratch, person: UUID | None
) -> None:
    for author in (person, ADMIN, COORDINATOR, ANN):
        allowed = person in EDITORS and author == person
        count = touched(written, person, BATCH, id=uuid4(), author=author)
        assert count == (1 if allowed else None), author


@pytest.mark.parametrize("person", EDITORS, ids=lambda person: NAMES[person])
def test_a_batch_is_never_changed_by_anybody(written: Scratch, person: UUID) -> None:
    assert (1,) in (rows(written, person, "select 1 from dashboard.batch") or [])  # the control
    assert touched(written, person, "update dashboard.batch set reason = 'another'") is None
    assert touched(written, person, "delete from dashboard.batch") is None
    backdated = BATCH.replace("source)", "source, at)").replace("'form')", "'form', '2020-01-01')")
    assert touched(written, person, backdated, id=uuid4(), author=person) is None


@pytest.mark.parametrize("person", EDITORS, ids=lambda person: NAMES[person])
def test_nobody_writes_history_by_hand(written: Scratch, person: UUID) -> None:
    by_hand = (
        "insert into dashboard.history (student_id, module_id, operation, source) "
        "values (:student, :student, 'update', 'x')"
    )
    assert touched(written, person, by_hand, student=ANN) is None
    assert touched(written, person, "delete from dashboard.history where true") is None
    assert touched(written, person, "update dashboard.history set source = 'x'") is None
    assert rows(written, person, "select 1 from dashboard.change")  # the control


def test_a_write_under_somebody_elses_batch_is_not_booked_on_it(school: Scratch) -> None:
    cora, ada = (people.actor(school.database, person) for person in (COORDINATOR, ADMIN))
    theirs = save(ada, [edit(school, BEN, COURSE, {SC: Decimal(9)})], "mine")
    for claimed in (theirs.batch_id, uuid4(), ""):
        with acting_as(cora) as connection:
            connection.execute(
                text("select set_config('dashboard.batch', :id, true)"), {"id": str(claimed)}
            )
            connection.execute(
                text("update public.student_module_progress set score = coalesce(score, 0) + 1"
                     " where student_id = :ann"), {"ann": ANN}
            )  # fmt: skip
        newest = ask(
            school,
            "select batch_id, author_id, source from dashboard.history where student_id = %s "
            "order by id desc limit 1",
            ANN,
        )
        assert newest == [{"batch_id": None, "author_id": COORDINATOR, "source": "staff"}]
