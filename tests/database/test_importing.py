"""From the database to a file and back: nothing changes by itself, and only who may write does."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from data.access.session import Actor, acting_as
from data.files.importing.columns.headings import recognise
from data.files.importing.judging.lines import concerned, judge
from data.files.importing.judging.verdicts import CurrentRow, Judgement, Verdict
from data.files.importing.people import recognise_people
from data.files.importing.reading.file import read_file
from data.files.importing.stored import current_values, roster, stored_rows
from data.files.importing.template import template_csv, template_xlsx
from data.reading.people import clock
from data.rules.progress import EMPTY_ROW, Status
from data.writing.save import save
from tests import people
from tests.clusters import Scratch
from tests.database import odd_school
from tests.database.rows_as_owner import SC as SCORE
from tests.database.rows_as_owner import P, S, ask, stored
from tests.unit.made_tables import grid

Act = Callable[..., Actor]


def judged(actor: Actor, content: bytes, class_id: UUID | None = None) -> Judgement:
    sheet = read_file("any", content)
    columns = recognise(sheet.headings)
    with acting_as(actor) as connection:
        known = roster(connection, class_id)
        current = current_values(connection, concerned(sheet, columns, known))
        return judge(sheet, columns, known, current, clock(connection))


def names(actor: Actor, class_id: UUID | None = None) -> tuple[list[str], list[str]]:
    with acting_as(actor) as connection:
        known = roster(connection, class_id)
    return [one.name for one in known.students], [one.name for one in known.modules]


def test_the_roster_is_whom_the_person_may_see(act: Act) -> None:
    mine = ["Ann Ågren", "Ben O'Neill", "Cleo Zhang"]
    modules = ["A garden", "Fractions", "Fractions test"]
    assert names(act(people.COORDINATOR)) == (mine, [*modules, "Old course"])
    assert names(act(people.ADMIN))[0] == [*mine, "Dan Süd"]
    assert names(act(people.TEACHER))[0] == mine[:2]
    assert names(act(people.COORDINATOR), people.CLASS_1B) == (mine[2:], modules)
    assert names(act(people.COORDINATOR), people.CLASS_SOUTH) == ([], [])
    assert names(act(people.ADMIN), people.CLASS_SOUTH) == (["Dan Süd"], modules)
    assert names(act(people.STRANGER)) == ([], [])


def test_current_values_are_what_is_stored_and_who_has_the_module(
    school: Scratch, act: Act
) -> None:
    ask(
        school,
        "insert into public.student_module_progress (student_id, module_id, status, completed_at) "
        "values (%s, %s, 'Completed', 'infinity')",
        people.BEN,
        people.UNUSED,
    )
    keys = [
        (people.ANN, people.COURSE),
        (people.ANN, people.PROJECT),
        (people.ANN, people.UNUSED),
        (people.BEN, people.UNUSED),
        (people.DAN, people.COURSE),
    ]
    with acting_as(act(people.COORDINATOR)) as connection:
        found = current_values(connection, keys)
        assert current_values(connection, []) == {}
    assert found == {
        keys[0]: CurrentRow(stored(school, *keys[0]), True),
        keys[1]: CurrentRow(EMPTY_ROW, True),
        keys[2]: CurrentRow(EMPTY_ROW, False),
        keys[3]: CurrentRow({**EMPTY_ROW, S: Status.COMPLETED}, True),
        keys[4]: CurrentRow(EMPTY_ROW, False),
    }
    with acting_as(act(people.ADMIN)) as connection:
        assert current_values(connection, keys)[keys[4]].values[P] == 20


@pytest.mark.parametrize("write", [template_csv, template_xlsx])
def test_what_is_exported_comes_back_without_a_change(
    school: Scratch, act: Act, write: Callable[..., bytes]
) -> None:
    """A town of odd names, poisoned dates, scores beyond 100 and NaN."""
    odd_school.build(school)
    admin = act(people.ADMIN)
    with acting_as(admin) as connection:
        rows = stored_rows(connection)
        known = roster(connection)
    pairs = ask(
        school, "select distinct student_id, module_id from school.class_student "
        "join school.class_module using (class_id)",
    )  # fmt: skip
    assert {(row.student.id, row.module.id) for row in rows} == {
        (pair["student_id"], pair["module_id"]) for pair in pairs
    }
    judgement = judged(admin, write(rows, UTC, known))
    assert [
        line.problems for line in judgement.lines if line.verdict is not Verdict.NO_CHANGE
    ] == []
    assert judgement.counts[Verdict.NO_CHANGE] == len(pairs) > 100


def test_what_was_judged_is_what_is_saved(school: Scratch, act: Act) -> None:
    coordinator = act(people.COORDINATOR)
    content = grid(
        ["E-mail", "Module", "Status", "Score", "Completed on"],
        ["ann@example.org", "Fractions", "Done", None, date(2026, 4, 3)],
        ["ann@example.org", "Fractions test", None, 66.5],
        ["ben@example.org", "Fractions test", "In progress", 12],
        ["ben@example.org", "Fractions", "Completed"],
    )
    judgement = judged(coordinator, content)
    assert judgement.counts[Verdict.CHANGE] == 3
    assert judgement.counts[Verdict.NO_CHANGE] == 1
    outcome = save(coordinator, judgement.edits, "Marks of the term", source="file")
    assert len(outcome.saved) == 3
    for line in judgement.lines:
        if line.edit and line.settled:
            key = line.edit.student_id, line.edit.module_id
            assert stored(school, *key) == {**line.edit.seen, **line.settled.values}
    again = judged(coordinator, content)
    assert again.counts[Verdict.NO_CHANGE] == 4
    stored_ann = stored(school, people.ANN, people.COURSE)
    assert list(stored_ann.values()) == [
        Status.COMPLETED, 100, None, datetime(2026, 4, 3, 12, tzinfo=UTC),
    ]  # fmt: skip
    assert stored(school, people.ANN, people.ASSESSMENT)[SCORE] == Decimal("66.5")


def test_people_are_recognised_among_those_i_may_see(act: Act) -> None:
    text = "ann agren\ndan@example.org\nCleo Zhnag"
    with acting_as(act(people.COORDINATOR)) as connection:
        mine = recognise_people(text, roster(connection))
    with acting_as(act(people.ADMIN)) as connection:
        everybodys = recognise_people(text, roster(connection))
    assert mine.found == (people.ANN,)
    assert [written for written, _ in mine.unknown] == ["dan@example.org", "Cleo Zhnag"]
    assert [one.id for one in mine.unknown[1][1]] == [people.CLEO]
    assert everybodys.found == (people.ANN, people.DAN)
