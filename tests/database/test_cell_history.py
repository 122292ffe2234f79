"""A cell tells every value it had, and goes back to any of them."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from data.access.session import Actor, acting_as
from data.reading.history.cell import history_of_cell
from data.rules.progress import Edit, Problem
from data.writing.save import save
from data.writing.undo import restore_edit
from tests import people
from tests.clusters import Scratch
from tests.database.rows_as_owner import DONE, IN, NOT, SC, C, P, S, ask, edit, platform, stored
from tests.people import ANN, BEN, CLEO, COORDINATOR, COURSE

Act = Callable[[UUID], Actor]


def test_a_cell_tells_every_value_it_ever_had(school: Scratch, act: Act) -> None:
    platform(school, ANN, COURSE, "completed_at = 'infinity', score = 66.6666666666666667")
    platform(school, ANN, COURSE, "progress_details = '{\"video\": 9}'")
    save(act(COORDINATOR), [edit(school, ANN, COURSE, {S: DONE})], "done")
    with acting_as(act(people.TEACHER)) as connection:
        found = history_of_cell(connection, ANN, COURSE)
        assert history_of_cell(connection, CLEO, COURSE) == []
    assert [one.values for one in found] == [
        stored(school, ANN, COURSE),
        {S: IN, P: 40, SC: Decimal("66.6666666666666667"), C: None},
        {S: IN, P: 40, SC: None, C: None},
    ]
    assert [one.unreadable for one in found] == [frozenset(), {C}, frozenset()]
    assert [(one.author, one.reason, one.source, one.side) for one in found] == [
        ("Cora Coordinator", "done", "form", "after"),
        (None, None, "platform", "after"),
        (None, None, "platform", "after"),
    ]


def test_a_cell_goes_back_to_any_value_it_had(school: Scratch, act: Act) -> None:
    cora = act(COORDINATOR)
    platform(school, ANN, COURSE, "status = 'Completed', progress_percentage = 55, score = 140")
    legacy = stored(school, ANN, COURSE)
    save(cora, [edit(school, ANN, COURSE, {S: NOT, SC: Decimal(5)})])
    ask(school, "delete from public.student_module_progress where student_id = %s", ANN)
    save(cora, [edit(school, ANN, COURSE, {S: DONE})])
    with acting_as(cora) as connection:
        values = history_of_cell(connection, ANN, COURSE)
    assert [one.values for one in values].count(legacy) == 1
    for value in values:
        with acting_as(cora) as connection:
            wish = restore_edit(connection, ANN, COURSE, value.change_id, value.side)
        assert isinstance(wish, Edit)
        assert not save(cora, [wish], source="restore").conflicts
        assert stored(school, ANN, COURSE) == value.values
    with acting_as(cora) as connection:
        first = values[-2]
        wish = restore_edit(connection, ANN, COURSE, first.change_id, "before")
        assert isinstance(wish, Edit)
        assert {**wish.seen, **wish.changes} == values[-1].values


def test_a_cell_is_not_restored_over_what_came_since_nor_to_what_nobody_can_read(
    school: Scratch, act: Act
) -> None:
    cora = act(COORDINATOR)
    platform(school, ANN, COURSE, "completed_at = 'infinity'")
    platform(school, ANN, COURSE, "completed_at = null, score = 7")
    with acting_as(cora) as connection:
        newest, unreadable, first = history_of_cell(connection, ANN, COURSE)
        wish = restore_edit(connection, ANN, COURSE, first.change_id, first.side)
        refused = restore_edit(connection, ANN, COURSE, unreadable.change_id, unreadable.side)
        unknown = restore_edit(connection, BEN, COURSE, newest.change_id, newest.side)
    assert isinstance(wish, Edit)
    assert isinstance(refused, Problem)
    assert isinstance(unknown, Problem)
    platform(school, ANN, COURSE, "score = 8")
    outcome = save(cora, [wish], source="restore")
    assert (outcome.saved, outcome.conflicts[0].fields) == ((), (SC,))
    again = replace(wish, seen=outcome.conflicts[0].current)
    assert save(cora, [again], source="restore").saved  # the control
