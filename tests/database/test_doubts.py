"""What the data check found, kept: equal to a look at every row at any moment, whoever writes what."""

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from data.access.owner import as_owner
from data.access.session import Actor, acting_as
from data.database import doctor
from data.reading.data_check.found import counts, counts_of_everybody, findings_of
from data.reading.data_check.rules import RULES
from data.writing.dismissals import dismiss
from tests import people
from tests.clusters import Scratch
from tests.database import random_writes
from tests.database.data_check_findings import found, keys
from tests.database.rows_as_owner import ask, platform
from tests.database.test_standings import meanwhile, settle
from tests.people import ANN, BEN, CLASS_1A, COURSE, PROJECT, UNUSED
from tests.profiles import chosen
from tests.rls import judging

Act = Callable[[UUID], Actor]

WRITES = chosen(sample=240, nightly=100_000)

MESS = (
    ("completed_at = null, progress_percentage = 3", "status = 'InProgress', score = 300"),
    ("progress_percentage = 100", "last_updated = '2999-01-01'", "progress_details = '[1]'"),
)


def of_everybody(school: Scratch) -> dict[str, int]:
    with as_owner(school.owner_url) as connection:
        connection.execute(text("set local timezone = 'UTC'"))
        return counts_of_everybody(connection)


def kept(act: Act) -> dict[str, int]:
    with acting_as(act(people.ADMIN)) as connection:
        return counts(connection)


def are_right(school: Scratch, act: Act) -> bool:
    """Before they are settled, and after."""
    noted, expected = kept(act), of_everybody(school)
    settle(school)
    return noted == kept(act) == expected


@pytest.fixture
def messy(school: Scratch) -> Scratch:
    for student, changes in zip((ANN, BEN), MESS, strict=True):
        for change, module in zip(changes, (COURSE, people.ASSESSMENT, PROJECT), strict=False):
            platform(school, student, module, change)
    settle(school)
    return school


def test_the_schema_judges_a_row_by_the_rules_of_the_data_check() -> None:
    assert judging.FILE.read_text(encoding="utf-8") == judging.written()
    assert len(judging.OF_A_ROW) == len(RULES) - 1


def test_they_are_a_look_at_every_row_after_eight_wrote_and_somebody_settled(
    school: Scratch, act: Act
) -> None:
    with meanwhile(lambda: settle(school)):
        random_writes.write_at_once(school, WRITES, writers=8)
    assert are_right(school, act)
    assert sum(kept(act).values()) > 3


CHANGES = {
    "an unreadable date": "update public.student_module_progress set completed_at = '-infinity'",
    "details alone": "update public.student_module_progress set progress_details = '{\"answers\": {}}'",
    "put right": "update public.student_module_progress set score = 50, last_updated = now()",
    "removed": "delete from public.student_module_progress",
    "one who left": f"delete from school.class_student where student_id = '{ANN}'",
    "another module": f"insert into school.class_module values ('{CLASS_1A}', '{UNUSED}', 9)",
    "a module less": f"delete from school.class_module where module_id = '{COURSE}'",
    "another type": "update public.modules set type = ' Assessment'",
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_changes_them_is_noted_and_counted(messy: Scratch, act: Act, change: str) -> None:
    ask(
        messy,
        "insert into public.student_module_progress (student_id, module_id, status, progress_percentage) "
        "values (%s, %s, 'Completed', 7)",
        *(ANN, UNUSED),
    )
    settle(messy)
    before = kept(act)
    ask(messy, change)
    assert are_right(messy, act)
    assert kept(act) != before


def test_a_moment_that_was_in_the_future_passes(school: Scratch, act: Act, cora: Actor) -> None:
    platform(school, BEN, COURSE, "completed_at = '2999-01-01', last_updated = '2999-01-01'")
    settle(school)
    assert keys(cora) == ["completed_in_future", "last_update_unreadable"]
    quietly(school, "completed_at = '2020-01-01', last_updated = '2020-01-01'")  # as time does it
    assert keys(cora) == []
    assert are_right(school, act)


def quietly(school: Scratch, change: str) -> None:
    with school.owner() as owner:
        for statement in (
            "alter table public.student_module_progress disable trigger user",
            f"update public.student_module_progress set {change} where student_id = '{BEN}'",
            "alter table public.student_module_progress enable trigger user",
        ):
            owner.execute(statement.encode())


def test_the_check_judges_all_rows_again(messy: Scratch, act: Act) -> None:
    def examined() -> list[str]:
        found = doctor.examine(messy.app_url, messy.owner_url, messy.database.key)
        return [one.code for one in found.faults]

    assert examined() == []
    quietly(messy, "status = 'NotStarted', score = 5")
    with messy.owner() as owner:
        owner.execute("delete from internal.doubt where rule = 'not_in_class'")
    assert kept(act) != of_everybody(messy)
    assert "doubts" in examined()
    assert are_right(messy, act)
    assert "doubts" not in examined()


def test_a_page_goes_on_behind_whom_all_was_left_as_it_is(messy: Scratch, cora: Actor) -> None:
    ask(messy, "update public.student_module_progress set score = 300")
    everything = found(cora, "score_out_of_range")
    assert len({one.student_id for one in everything}) > 2
    first, *rest = everything
    left = [one for one in everything if one.student_id == first.student_id]
    assert dismiss(cora, left) is None
    with acting_as(cora) as connection:
        assert findings_of(connection, "score_out_of_range", 1) == rest[len(left) - 1 : len(left)]
        assert findings_of(connection, "score_out_of_range", 50) == rest[len(left) - 1 :]
        assert findings_of(connection, "score_out_of_range", 50, everything[-1]) == []


def test_a_person_may_neither_read_nor_settle_them(messy: Scratch, act: Act) -> None:
    for question in (
        "select * from internal.doubt",
        "select * from internal.my_doubts(null)",
        f"select * from internal.counted_doubts('{{{ANN}}}')",
        "select internal.settle_doubts('{}')",
    ):
        with (
            pytest.raises(ProgrammingError, match="denied"),
            acting_as(act(people.ADMIN)) as connection,
        ):
            connection.execute(text(question))
