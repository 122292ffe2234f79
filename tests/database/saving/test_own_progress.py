"""Staff who are students too: nobody corrects their own row, by no way of saving."""

from dataclasses import replace
from decimal import Decimal
from typing import get_args

import pytest

from data.access.errors import OWN_PROGRESS
from data.access.session import acting_as
from data.reading.classes.grid import grid_rows, learns_in
from data.writing.batch import Source
from data.writing.save import save
from data.writing.undo import restore_edit, undo_edits
from tests import people
from tests.clusters import Scratch
from tests.database.rows_as_owner import IN, SC, S, ask, edit, stored
from tests.database.saving.outcome_in_short import Act, tally
from tests.people import ADMIN, BEN, CLASS_1A, COORDINATOR, COURSE, NORTH, PROJECT


@pytest.fixture(autouse=True)
def enrolled(school: Scratch) -> None:
    """The coordinator and the administrator learn in 1A."""
    for person in (COORDINATOR, ADMIN):
        for statement in (
            f"insert into school.student (id, organisation_id, full_name) values (%s, '{NORTH}', 'Me')",
            f"insert into school.class_student (class_id, student_id) values ('{CLASS_1A}', %s)",
            "insert into public.student_module_progress (student_id, module_id, status) "
            f"values (%s, '{COURSE}', 'InProgress')",
        ):
            ask(school, statement, person)


@pytest.mark.parametrize("source", get_args(Source))
def test_ones_own_row_is_refused_and_the_others_are_saved(
    school: Scratch, act: Act, source: Source
) -> None:
    for person, other in ((COORDINATOR, ADMIN), (ADMIN, COORDINATOR)):
        wishes = [
            edit(school, one, module, {S: IN, SC: Decimal(5)})
            for one, module in ((person, COURSE), (person, PROJECT), (other, COURSE))
        ]
        outcome = save(act(person), wishes, "why", source=source)
        assert tally(outcome) == {"saved": 1, "refusals": 2}
        assert {one.problems for one in outcome.refusals} == {(OWN_PROGRESS,)}
        assert stored(school, person, COURSE)[SC] is None
        assert stored(school, other, COURSE)[SC] == 5  # the control: a colleague corrects it
        ask(school, "update public.student_module_progress set score = null")


def test_what_a_colleague_corrected_is_neither_undone_nor_restored_by_oneself(
    school: Scratch, act: Act
) -> None:
    wishes = [edit(school, one, COURSE, {SC: Decimal(5)}) for one in (COORDINATOR, BEN)]
    saved = save(act(ADMIN), wishes, "why").batch_id
    assert saved is not None
    with acting_as(act(COORDINATOR)) as connection:
        found = undo_edits(connection, saved)
        entry = ask(
            school, "select max(id) from dashboard.history where student_id = %s", COORDINATOR
        )[0]["max"]
        restored = restore_edit(connection, COORDINATOR, COURSE, entry, "before")
    assert {one.student_id for one in found.edits} == {COORDINATOR, BEN}
    outcome = save(act(COORDINATOR), found.edits, "Undo", source="undo", undoes=saved)
    assert tally(outcome) == {"saved": 1, "refusals": 1}
    assert tally(save(act(COORDINATOR), [restored], source="restore")) == {"refusals": 1}  # type: ignore[list-item]
    assert stored(school, COORDINATOR, COURSE)[SC] == 5
    assert stored(school, BEN, COURSE)[SC] is None


def test_with_one_own_row_among_them_nothing_is_saved_where_all_must_be(
    school: Scratch, act: Act
) -> None:
    wishes = [edit(school, one, COURSE, {SC: Decimal(5)}) for one in (COORDINATOR, BEN)]
    outcome = save(act(COORDINATOR), wishes, "why", whole=True)
    assert tally(outcome) == {"refusals": 1}
    assert stored(school, BEN, COURSE)[SC] is None


def test_the_table_of_a_class_leaves_ones_own_rows_out(school: Scratch, act: Act) -> None:
    for person, other in ((COORDINATOR, ADMIN), (ADMIN, COORDINATOR)):
        with acting_as(act(person)) as connection:
            shown = {one.student_id for one in grid_rows(connection, {"class": CLASS_1A})}
            also = {
                one.student_id
                for one in grid_rows(connection, {"class": CLASS_1A}, [(person, COURSE)])
            }
            assert learns_in(connection, CLASS_1A)
            assert not learns_in(connection, people.CLASS_1B)
        assert other in shown
        assert person not in shown | also


def test_a_way_round_the_writer_leads_nowhere(school: Scratch, act: Act) -> None:
    """The policies alone: what the writer refuses in words, PostgreSQL refuses in any case."""
    mine = edit(school, COORDINATOR, COURSE, {SC: Decimal(5)})
    somebody = replace(act(COORDINATOR))
    with acting_as(somebody) as connection:
        changed = connection.exec_driver_sql(
            "update public.student_module_progress set score = 5 where student_id = %s",
            (mine.student_id,),
        )
        assert changed.rowcount == 0
        changed = connection.exec_driver_sql(
            "update public.student_module_progress set score = 5 where student_id = %s", (BEN,)
        )
        assert changed.rowcount == 1
