"""A status that this program was not made for: read everywhere, counted apart, set nowhere, and restored."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import product

import pytest

from data.access.session import Actor, acting_as
from data.files.importing.columns.headings import recognise
from data.files.importing.judging.lines import concerned, judge
from data.files.importing.judging.verdicts import Judgement, Verdict
from data.files.importing.reading.file import read_file
from data.files.importing.stored import current_values, roster, stored_rows
from data.files.importing.template import template_csv
from data.reading.classes.as_of import matrix_as_of
from data.reading.classes.matrix import Matrix, matrix
from data.reading.data_check.found import counts
from data.reading.drafts import draft
from data.reading.people import clock
from data.rules.cell import parse_cell, split_cells
from data.rules.progress import Problem, Status
from data.writing.drafts import save_draft
from data.writing.locks import lock
from data.writing.save import Outcome, save
from data.writing.undo import Impossible, restore_edit, undo_edits
from tests import people
from tests.cells_in_browser import same
from tests.clusters import Cluster, Scratch
from tests.database import test_cell_codec as codec
from tests.database.rows_as_owner import DONE, IN, NOT, P, S, ask, edit, platform, stored
from tests.database.test_as_of import now
from tests.people import ANN, BEN, CLASS_1A, COORDINATOR, COURSE
from tests.rls.reads import OF_QUERIES, OTHERS

PAUSED = Status("Paused")
IN_1A = {"class": CLASS_1A}


@pytest.fixture
def paused(cluster: Cluster) -> Iterator[Scratch]:
    """A database of its own, for types are not put back: Ann has paused the course, at 40 percent."""
    scratch = cluster.new_database("cast")
    ask(scratch, "alter type public.progress_status add value 'Paused'")
    platform(scratch, ANN, COURSE, "status = 'Paused'")
    yield scratch
    cluster.drop(scratch)


@pytest.fixture
def cora(paused: Scratch) -> Actor:
    return people.actor(paused.database, COORDINATOR)


def of_class(actor: Actor) -> Matrix:
    with acting_as(actor) as connection:
        return matrix(connection, IN_1A)


def counted(found: Matrix) -> tuple[int, ...]:
    return found.completed, found.in_progress, found.not_started, found.other


def test_every_cell_of_it_is_read_as_it_is_written(cluster: Cluster) -> None:
    words = ("Paused", "a;b", "{x}", "Ä 🎓", "N", "skf")
    scratch = cluster.new_database("cast")
    with scratch.owner() as owner:
        for word in words:
            owner.execute(f"alter type public.progress_status add value '{word}'".encode())
    for row in codec.written_by(scratch):
        assert parse_cell(row[-1]) == codec.meant(row), row
    cells = [row[-1] for row in codec.written_by(scratch)]
    same([cell + marks for cell, marks in product(cells[::7], ("", "k", "kf"))])
    cluster.drop(scratch)


@pytest.mark.parametrize("name", [*OF_QUERIES, *OTHERS])
def test_every_read_answers(paused_class: tuple[Scratch, Actor], name: str) -> None:
    with acting_as(paused_class[1]) as connection:
        {**OF_QUERIES, **OTHERS}[name](connection)


@pytest.fixture(scope="module")
def paused_class(cluster: Cluster) -> Iterator[tuple[Scratch, Actor]]:
    """Everybody's rows are so."""
    scratch = cluster.new_database("cast")
    ask(scratch, "alter type public.progress_status add value 'Paused'")
    actor = people.actor(scratch.database, COORDINATOR)
    save(actor, [edit(scratch, ANN, COURSE, {P: 41})], "x", source="bulk")
    ask(scratch, "update public.student_module_progress set status = 'Paused'")
    yield scratch, actor
    cluster.drop(scratch)


def test_it_is_counted_apart_now_and_then(paused: Scratch, cora: Actor) -> None:
    paused_at = now(paused)
    assert counted(of_class(cora)) == (2, 0, 3, 1)
    assert [one.other for one in of_class(cora).modules] == [1, 0, 0]
    platform(paused, ANN, COURSE, "status = 'InProgress'")
    assert counted(of_class(cora)) == (2, 1, 3, 0)
    with acting_as(cora) as connection:
        then = matrix_as_of(connection, IN_1A, paused_at, 3)
        assert counted(then) == (2, 0, 3, 1)
        assert split_cells(then.students[0].cells)[0] == "X{Paused}40"
        before = matrix_as_of(connection, IN_1A, paused_at - timedelta(days=1), 3)
        assert counted(before)[-1] == 0


@pytest.mark.parametrize("status", [NOT, IN, DONE])
def test_a_row_of_it_is_set_to_one_of_ours_and_put_back(
    paused: Scratch, cora: Actor, status: Status
) -> None:
    before = stored(paused, ANN, COURSE)
    assert before[S] == PAUSED
    done = save(cora, [edit(paused, ANN, COURSE, {S: status})])
    assert done.batch_id
    assert stored(paused, ANN, COURSE)[S] is status
    undone = undo(cora, done)
    assert undone.saved
    assert stored(paused, ANN, COURSE) == before


def undo(actor: Actor, done: Outcome) -> Outcome:
    assert done.batch_id
    with acting_as(actor) as connection:
        asked = undo_edits(connection, done.batch_id)
    return save(actor, asked.edits, "undone", source="undo", undoes=done.batch_id)


def test_nothing_else_of_it_changes_its_status(paused: Scratch, cora: Actor) -> None:
    done = save(cora, [edit(paused, ANN, COURSE, {P: 60, S: PAUSED})])
    assert done.saved
    assert {S: PAUSED, P: 60}.items() <= stored(paused, ANN, COURSE).items()


@pytest.mark.parametrize("source", ["form", "grid", "bulk", "file"])
def test_nobody_sets_it(paused: Scratch, cora: Actor, source: str) -> None:
    wish = edit(paused, BEN, COURSE, {S: PAUSED})
    found = save(cora, [wish], "x", source=source)  # type: ignore[arg-type]
    (refusal,) = found.refusals
    assert [one.code for one in refusal.problems] == ["unknown_status"]
    assert stored(paused, BEN, COURSE)[S] is DONE


def test_what_the_platform_no_longer_knows_cannot_be_restored(paused: Scratch, cora: Actor) -> None:
    paused_at = now(paused)
    done = save(cora, [edit(paused, ANN, COURSE, {S: DONE})])
    assert done.batch_id
    ask(paused, "alter type public.progress_status rename value 'Paused' to 'On hold'")
    with acting_as(cora) as connection:
        asked = undo_edits(connection, done.batch_id)
        (change,) = connection.exec_driver_sql(
            f"select max(id) from dashboard.change where student_id = '{ANN}'"
        ).one()
        restored = restore_edit(connection, ANN, COURSE, change, "before")
        then = matrix_as_of(connection, IN_1A, paused_at, 3)
    message = "The platform no longer knows the earlier status, so it cannot be restored."
    assert asked.impossible == (Impossible(ANN, COURSE, message),)
    assert not asked.edits
    assert isinstance(restored, Problem)
    assert restored.message == message
    assert counted(then) == (2, 0, 3, 1)


def test_a_lock_holds_it_against_the_platform(paused: Scratch, cora: Actor) -> None:
    assert lock(cora, ANN, COURSE, [S], "agreed") is None
    platform(paused, ANN, COURSE, "status = 'InProgress'")
    assert stored(paused, ANN, COURSE)[S] == PAUSED


def test_a_draft_over_it_comes_back(paused: Scratch, cora: Actor) -> None:
    wish = edit(paused, ANN, COURSE, {P: 50})
    assert save_draft(cora, CLASS_1A, [wish]) is None
    with acting_as(cora) as connection:
        assert draft(connection, CLASS_1A).edits == (wish,)


def test_the_data_check_takes_it_for_no_problem(paused: Scratch, cora: Actor) -> None:
    platform(paused, ANN, COURSE, "completed_at = '2026-03-01', progress_percentage = 100")
    with acting_as(cora) as connection:
        found = counts(connection)
    assert not found.get("date_without_completion")
    assert not found.get("completed_below_100")


def judged(actor: Actor, content: bytes) -> Judgement:
    sheet = read_file("any", content)
    columns = recognise(sheet.headings)
    with acting_as(actor) as connection:
        known = roster(connection, CLASS_1A)
        current = current_values(connection, concerned(sheet, columns, known))
        return judge(sheet, columns, known, current, clock(connection))


def test_a_file_of_it_changes_nothing_where_it_comes_back_and_sets_it_nowhere(
    paused: Scratch, cora: Actor
) -> None:
    with acting_as(cora) as connection:
        content = template_csv(stored_rows(connection, CLASS_1A))
    assert b"Paused" in content
    assert judged(cora, content).counts[Verdict.CHANGE] == 0
    other = content.replace(b"Completed,100", b"Paused,100")
    assert other != content
    found = judged(cora, other)
    assert found.counts[Verdict.CHANGE] == 0
    assert found.questions
