"""Whatever reads the history says after a cut what it said before, where it needs no more than was left."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from data.access.session import Actor, acting_as
from data.i18n.dates import day
from data.reading.classes.as_of import first_day
from data.reading.classes.matrix import Matrix
from data.reading.history.options import history_cut
from data.reading.history.saves import batch
from data.rules.progress import Field
from data.writing.save import save
from data.writing.undo import undo_edits
from tests import people
from tests.clusters import Scratch
from tests.database import random_writes
from tests.database.command_line import at, refused, run
from tests.database.rows_as_owner import ask, edit, platform
from tests.database.test_as_of import as_of, now, today
from tests.database.test_completions import MODULES, SEEN, Move, ago, stand, told
from tests.people import (
    ADMIN,
    ANN,
    ASSESSMENT,
    BEN,
    COORDINATOR,
    COURSE,
    DAN,
    NORTH,
    PROJECT,
    SOUTH,
)
from tests.rls.reads import OF_QUERIES, OTHERS

Act = Callable[[UUID], Actor]


def cut(school: Scratch, moment: datetime, organisation: UUID = NORTH) -> int:
    """As if four years had gone by: whole ones, so that the moment comes out again."""
    ask(
        school,
        "insert into school.retention (organisation_id, history_months) values (%s, 48) "
        "on conflict do nothing",
        organisation,
    )
    (removed,) = ask(
        school,
        "select internal.retain(%s, cast(%s as timestamptz) + interval '48 months') as counts",
        *(organisation, moment),
    )
    found: int = removed["counts"]["history"]
    return found


TELLS_THE_HISTORY = {
    *("changes", "history", "history_count", "history_of_cell", "history_people", "whole_history"),
    *("history_span", "history_cut", "first_day", "all stored data", "module_times"),
    *("cell_page's changes", "student_page's took", "changed_since", "news"),
    # What they say of the time after a cut is told below.
    *("completions", "overview", "reported", "weekly_completions", "weekly_activity"),
    "module_tallies",
}
CHANGES_BY_ITSELF = {"version", "clock", "actor", "erasures", "due"}


def answers(actor: Actor) -> dict[str, str]:
    """What every read of the program says."""
    with acting_as(actor) as connection:
        found: dict[str, Any] = {
            name: read(connection) for name, read in {**OF_QUERIES, **OTHERS}.items()
        }
    for page, part, none in (("cell_page", "changes", ()), ("student_page", "took", {})):
        found[f"{page}'s {part}"] = getattr(found[page], part)
        found[page] = replace(found[page], **{part: none})
    return {name: str(one) for name, one in found.items()}


@pytest.mark.parametrize("person", [COORDINATOR, ADMIN, people.TEACHER])
def test_every_read_says_what_it_said_or_is_known_to_tell_the_history(
    school: Scratch, act: Act, person: UUID
) -> None:
    random_writes.write(school, 60, seed=5)
    moment = now(school)
    edits = [edit(school, one, PROJECT, {Field.SCORE: 11}) for one in (ANN, BEN)]
    assert save(act(COORDINATOR), edits, "after the cut").batch_id
    before = answers(act(person))
    assert cut(school, moment) > 20
    after = answers(act(person))
    other = {name for name in before if before[name] != after[name]}
    assert other - TELLS_THE_HISTORY - CHANGES_BY_ITSELF == set()
    assert {"first_day", "history_span", "changed_since"} <= other


def test_each_moment_after_the_cut_shows_what_the_page_showed_then(
    school: Scratch, act: Act
) -> None:
    seen = []
    for step in range(12):
        seen.append((now(school), today(act(COORDINATOR))))
        random_writes.write(school, 4, seed=step)
    moment = seen[6][0]
    assert cut(school, moment) > 5
    with acting_as(act(COORDINATOR)) as connection:
        began = first_day(connection)
    assert began == moment
    for shown_at, matrix in seen[6:]:
        assert figures(as_of(act(COORDINATOR), shown_at)) == figures(matrix)


def figures(matrix: Matrix) -> Any:
    """All but whose work it was, and when the student was last active: that may lie before the cut."""
    return [
        (one.id, one.cells.replace("e", ""), one.completed, one.in_progress)
        for one in matrix.students
    ]


def test_what_is_known_of_a_completion_stays_known(school: Scratch, act: Act) -> None:
    """By a date; by the history that saw it; and that nobody saw it."""
    moves: list[Move] = [*SEEN, (ago(40), "InProgress", "Completed")]
    stand(school, (ago(30), moves), (None, moves), (None, [(ago(50), None, "Completed")]))
    before = told(act(COORDINATOR))
    assert before["page"][2] is None
    assert cut(school, ago(35)) == 6

    def same() -> None:
        after = told(act(COORDINATOR))
        assert {name: after[name] for name in ("page", "paper", "finding")} == {
            name: before[name] for name in ("page", "paper", "finding")
        }
        assert after["line"] == [2, (day(ago(30), UTC), 3)]
        assert after["trend"][-4:] == before["trend"][-4:] == [3] * 4

    same()
    for module in MODULES:  # what writes the facts anew
        platform(school, ANN, module, "progress_details = '{\"score\": 5}'")
        platform(school, ANN, module, "score = 61")
    same()
    platform(school, ANN, COURSE, "completed_at = null")
    assert told(act(COORDINATOR))["page"][0] is None  # which day it was, nobody says any more
    platform(school, ANN, ASSESSMENT, "status = 'InProgress'")
    assert told(act(COORDINATOR))["page"][1] is None


def test_a_save_that_is_gone_is_said_so_and_cannot_be_undone(school: Scratch, act: Act) -> None:
    cora = act(COORDINATOR)
    saved = save(cora, [edit(school, ANN, PROJECT, {Field.SCORE: 11})], "Ann’s own words")
    assert saved.batch_id
    with acting_as(cora) as connection:
        undoing = undo_edits(connection, saved.batch_id)
    assert undoing.edits
    cut(school, now(school))
    assert ask(school, "select reason from dashboard.batch") == [{"reason": None}]
    with acting_as(cora) as connection:
        assert batch(connection, saved.batch_id) is None
        assert undo_edits(connection, saved.batch_id).edits == ()
    late = save(cora, undoing.edits, "too late", source="undo", undoes=saved.batch_id)
    assert [one.code for one in late.problems] == ["refused"]
    again = save(cora, undoing.edits, "by hand")
    assert again.batch_id


def test_of_several_organisations_the_history_begins_where_it_does_in_all(
    school: Scratch, act: Act
) -> None:
    random_writes.write(school, 10, seed=1)
    moment = now(school)
    assert cut(school, moment, SOUTH) > 0

    def begins(person: UUID) -> tuple[datetime | None, datetime | None]:
        with acting_as(act(person)) as connection:
            return first_day(connection), history_cut(connection)

    assert begins(ADMIN) == begins(people.EVERYWHERE) == (moment, moment)
    north, known = begins(COORDINATOR)
    assert north
    assert north < moment
    assert known is None
    assert begins(DAN) == begins(people.SOUTH_COORDINATOR) == (moment, moment)


def test_what_changed_before_the_cut_is_not_exported_as_if_nothing_had(
    school: Scratch, act: Act
) -> None:
    asked = ("export", "--actor", "cora@example.org", "--class", "1A", "--shape", "moodle")
    cut(school, now(school))
    assert refused(
        run(*asked, "--since", "2020-01-01", **at(school)), "is not known. Say a later day"
    )
