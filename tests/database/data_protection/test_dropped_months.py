"""A month of the history goes to a file and comes back; what pages say of later times stays as it was."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from data.access.session import Actor, acting_as
from data.database.preflight import faults
from data.reading.history.options import history_cut
from data.rules.progress import Field
from data.writing.save import save
from tests import people
from tests.clusters import Scratch
from tests.database import random_writes
from tests.database.command_line import at, refused, run
from tests.database.data_protection.test_cut_history import (
    CHANGES_BY_ITSELF,
    TELLS_THE_HISTORY,
    answers,
)
from tests.database.rows_as_owner import ask, edit
from tests.database.test_as_of import now
from tests.people import ANN, BEN, COORDINATOR, NORTH, PROJECT

Act = Callable[[UUID], Actor]

pytestmark = pytest.mark.usefixtures("altered")

STILL_TOLD = {
    *("overview", "weekly_completions", "weekly_activity", "module_tallies", "module_times"),
    *("student_page's took", "news"),
}
"""What tells of the history as a whole, too, and for which enough stays."""

OF_THE_SAVE = {"batch", "batches", "batch_changes", "undo_edits"}
"""What is asked of a save that is gone."""

MOMENTS = (
    "last_activity",
    "own_change",
    "unexplained_change",
    "completion_at",
    "progressed_at",
    "slipped_at",
)
AGE = (
    "alter table dashboard.history disable trigger user",
    """
update dashboard.history
set at = at - interval '5 months',
    after = case
        when (after ->> 'last_updated') !~ 'BC|inf'
        then after || jsonb_build_object(
            'last_updated', (after ->> 'last_updated')::timestamptz - interval '5 months'
        )
        else after
    end
""",
    "alter table dashboard.history enable trigger user",
    "update dashboard.fact set "
    + ", ".join(f"{one} = {one} - interval '5 months'" for one in MOMENTS),
    "select internal.keep_months()",
)
ENTRIES = "select t::text as it from dashboard.history as t order by id, at"
KNOWN = (
    "select month::text as it, first, beyond, is_guarded from internal.history_months() order by 1"
)
RECORDED = """
select
    student_id, module_id, work.*, further.*, internal.was_edited(student_id, module_id, 'infinity') as edited,
    internal.was_edited(student_id, module_id, now() - interval '1 month') as was_edited,
    internal.completion_at(student_id, module_id, 'Completed', null) as completed
from public.student_module_progress
cross join lateral internal.work_recorded(student_id, module_id, 'infinity') as work
cross join lateral internal.progress_recorded(student_id, module_id) as further
order by 1, 2
"""
AS_OF = """
select array_agg(cell::text order by cell::text) as it
from school.class
cross join lateral dashboard.class_cells_as_of(class.id, %s) as cell
"""
MONTH = "select to_char(now() at time zone 'UTC' - interval '5 months', 'YYYY-MM') as it"


def aged(school: Scratch, seed: int = 5) -> str:
    """A school with a history of five months ago, and of now; the month that it was."""
    random_writes.write(school, 80, seed=seed)
    cora = people.actor(school.database, COORDINATOR)
    assert save(cora, [edit(school, ANN, PROJECT, {Field.SCORE: 12})], "long ago").batch_id
    with school.owner() as owner:
        for statement in AGE:
            owner.execute(statement.encode())
    random_writes.write(school, 40, seed=seed + 1)
    assert save(cora, [edit(school, BEN, PROJECT, {Field.SCORE: 11})], "now").batch_id
    return str(ask(school, MONTH)[0]["it"])


def entries(school: Scratch) -> list[str]:
    return [one["it"] for one in ask(school, ENTRIES)]


def history(school: Scratch, *arguments: str) -> Any:
    return run("history", *arguments, **at(school))


def done(school: Scratch, *arguments: str) -> str:
    found = history(school, *arguments)
    assert found.exit_code == 0, found.stderr
    return str(found.stdout)


def dropped(school: Scratch, month: str, tmp_path: Path) -> Path:
    file = tmp_path / f"{month}.archive"
    done(school, "archive", month, str(file))
    assert done(school, "drop", month, str(file)).startswith("Dropped: ")
    return file


def retained(school: Scratch, months: int, moment: str = "now") -> None:
    """What is due in the history of North is removed."""
    ask(
        school,
        "insert into school.retention (organisation_id, history_months) values (%s, %s)",
        *(NORTH, months),
    )
    ask(school, "select internal.retain(%s, %s::timestamptz)", NORTH, moment)


@pytest.mark.parametrize("seed", [5, 25])
def test_what_pages_say_stays_but_for_the_entries(
    school: Scratch, act: Act, tmp_path: Path, seed: int
) -> None:
    month = aged(school, seed)
    whole = entries(school)
    moments = [now(school) - timedelta(days=days) for days in (0, 1, 45)]

    def said() -> dict[str, Any]:
        return {
            "recorded": ask(school, RECORDED),
            "as of": [ask(school, AS_OF, moment) for moment in moments],
            "weeks": ask(school, "select * from internal.worked_week order by 1, 2, 3"),
            "completions": ask(school, "select * from internal.completion order by 1, 2, 3, 4"),
        }

    before, shown = said(), {one: answers(act(one)) for one in (COORDINATOR, people.TEACHER)}
    dropped(school, month, tmp_path)
    assert said() == before
    for person, earlier in shown.items():
        later = answers(act(person))
        other = {name for name in earlier if earlier[name] != later[name]}
        told = TELLS_THE_HISTORY - STILL_TOLD | OF_THE_SAVE | CHANGES_BY_ITSELF
        assert other - told == set()
        assert {"first_day", "history_cut"} <= other
    assert len(whole) * 0.2 < len(entries(school)) < len(whole)
    assert faults(school.app_url, school.key) == []


def test_it_comes_back_entry_by_entry(school: Scratch, act: Act, tmp_path: Path) -> None:
    month = aged(school)
    before, known = entries(school), ask(school, KNOWN)
    file = dropped(school, month, tmp_path)
    assert ask(school, KNOWN) != known
    with acting_as(act(COORDINATOR)) as connection:
        assert history_cut(connection)
    assert f"{month}: " in run("restore", str(file), "--look", **at(school)).stdout
    assert "before-" in done(school, "list")
    found = run("restore", str(file), **at(school))
    assert found.exit_code == 0, found.stderr
    assert "Left out" not in found.stdout
    assert entries(school) == before
    assert ask(school, KNOWN) == known
    with acting_as(act(COORDINATOR)) as connection:
        assert history_cut(connection) is None
    assert faults(school.app_url, school.key) == []


def test_it_is_restored_once_and_where_it_was_dropped(
    school: Scratch, fresh_database: Scratch, tmp_path: Path
) -> None:
    month = aged(school)
    file = dropped(school, month, tmp_path)
    other = run("restore", str(file), **at(fresh_database))
    assert "was not dropped from this database" in other.stderr
    assert run("restore", str(file), **at(school)).exit_code == 0
    before = entries(school)
    again = run("restore", str(file), **at(school))
    assert again.exit_code == 1
    assert "restored already" in again.stderr
    assert entries(school) == before


def test_whoever_was_erased_meanwhile_does_not_come_back(
    school: Scratch, act: Act, tmp_path: Path
) -> None:
    month = aged(school)
    of_ann = "select count(*) as n from dashboard.history where student_id = %s"
    (before,) = ask(school, of_ann, BEN)
    file = dropped(school, month, tmp_path)
    assert ask(school, of_ann, ANN) != [{"n": 0}]
    ask(school, "update school.student set is_active = false, left_on = now() where id = %s", ANN)
    with school.owner() as owner:
        owner.execute("select internal.erase(array[%s])", [ANN])
    found = run("restore", str(file), **at(school))
    assert found.exit_code == 0, found.stderr
    assert "Left out: " in found.stdout
    assert ask(school, of_ann, ANN) == [{"n": 0}]
    assert ask(school, of_ann, BEN) == [before]  # the control


def test_a_month_goes_only_as_its_file_says(school: Scratch, tmp_path: Path) -> None:
    month = aged(school)
    (this,) = ask(school, "select to_char(now() at time zone 'UTC', 'YYYY-MM') as it")
    file, young = tmp_path / "old", tmp_path / "young"
    done(school, "archive", month, str(file))
    done(school, "archive", this["it"], str(young))
    before = entries(school)
    assert refused(history(school, "drop", this["it"], str(young)), "3 whole months")
    assert refused(history(school, "drop", month, str(young)), "no archive of")
    assert refused(history(school, "drop", "2001-01", str(file)), "There is no 2001-01")
    assert refused(history(school, "archive", month, str(file)), "exists already")
    backup = tmp_path / "backup"
    assert run("backup", str(backup), **at(school)).exit_code == 0
    assert refused(history(school, "drop", month, str(backup)), "backup of a whole database")
    ask(
        school,
        "insert into dashboard.history (at, student_id, module_id, operation, source) "
        "select min(at), %s, %s, 'update', 'platform' from dashboard.history",
        *(ANN, PROJECT),
    )
    assert refused(history(school, "drop", month, str(file)), "Archive it again")
    damaged = tmp_path / "damaged"
    damaged.write_bytes(file.read_bytes().replace(b"history", b"HISTORY", 1)[:-3000])
    assert refused(history(school, "drop", month, str(damaged)), str(damaged))
    assert [one for one in entries(school) if one in before] == before
    file.unlink()
    done(school, "archive", month, str(file))
    done(school, "drop", month, str(file))  # the control
    assert refused(history(school, "drop", month, str(file)), f"There is no {month}")


def test_months_go_the_oldest_first_and_come_back_the_newest_first(
    school: Scratch, tmp_path: Path
) -> None:
    month = aged(school)
    ask(
        school,
        "insert into dashboard.history (at, student_id, module_id, operation, source) "
        "values ('2019-05-05', %s, %s, 'update', 'platform')",
        *(ANN, PROJECT),
    )
    ask(school, "select internal.keep_months()")
    before = entries(school)
    newer = tmp_path / "newer"
    done(school, "archive", month, str(newer))
    assert refused(history(school, "drop", month, str(newer)), "drop 2019-05 first")
    older = dropped(school, "2019-05", tmp_path)
    done(school, "drop", month, str(newer))
    wrong = run("restore", str(older), **at(school))
    assert f"restore {month} first" in wrong.stderr
    for file in (newer, older):
        assert run("restore", str(file), **at(school)).exit_code == 0
    assert entries(school) == before


def test_the_list_says_what_may_go(school: Scratch, tmp_path: Path) -> None:
    month = aged(school)
    lines = done(school, "list").splitlines()
    assert [line for line in lines if "may be dropped" in line] == [
        line for line in lines if line.startswith(f"{month}: ")
    ]
    assert len(lines) >= 2
    written = done(school, "archive", month, str(tmp_path))
    assert str(tmp_path / f"history-{month}.archive") in written
    done(school, "drop", month, str(tmp_path / f"history-{month}.archive"))
    assert "only what pages ask for" in done(school, "list").splitlines()[0]


def test_a_period_of_an_organisation_goes_on_to_hold(
    school: Scratch, act: Act, tmp_path: Path
) -> None:
    """What stays of a month is the history's: it is due, and goes with the rest; and does not come back."""
    month = aged(school)
    file = dropped(school, month, tmp_path)
    retained(school, 3)
    of_north = (
        "select count(*) as n from dashboard.history join school.student on student.id = student_id "
        "where organisation_id = %s and at < now() - interval '4 months'"
    )
    assert ask(school, of_north, NORTH) == [{"n": 0}]
    assert run("restore", str(file), **at(school)).exit_code == 0
    assert ask(school, of_north, NORTH) == [{"n": 0}]
