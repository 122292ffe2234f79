"""Writers who want the same rows queue up; against the order of the platform a save begins again."""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import Connection

from data.access.session import Actor
from data.rules.progress import EMPTY_ROW, Edit
from data.writing import rows
from data.writing import save as beginning
from data.writing.dismissals import dismiss, withdraw_dismissals
from data.writing.rows import Wish
from data.writing.save import save
from tests.clusters import Scratch
from tests.database.data_check_findings import found
from tests.database.rows_as_owner import (
    SC,
    await_waiting,
    edit,
    is_waiting,
    platform,
    stored,
)
from tests.machine import until
from tests.people import ADMIN, ANN, ASSESSMENT, BEN, COORDINATOR, COURSE, PROJECT

MAKE = (
    "insert into public.student_module_progress (student_id, module_id, score) values (%s, %s, 1)"
)


class Step:
    """Where somebody stops until they may go on."""

    def __init__(self) -> None:
        self._reached, self._may_go_on = threading.Event(), threading.Event()

    def stop(self) -> None:
        """For whoever comes here."""
        self._reached.set()
        assert self._may_go_on.wait(20)

    def await_them(self) -> None:
        """For whoever wants to do something while they stand here."""
        assert self._reached.wait(20)

    def let_go(self) -> None:
        self._may_go_on.set()


@pytest.fixture
def before_rows_are_made(monkeypatch: pytest.MonkeyPatch) -> dict[UUID, Step]:
    """Two people who stop with their rows locked, before they make those that are missing."""
    steps = {COORDINATOR: Step(), ADMIN: Step()}
    insert = rows.insert

    def when_told(connection: Connection, wishes: Sequence[Wish]) -> list[Wish]:
        steps[connection.get_execution_options()["acting_person"]].stop()
        return insert(connection, wishes)

    monkeypatch.setattr(rows, "insert", when_told)
    return steps


@pytest.fixture
def never_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """No save is begun again: whoever was ended says so."""
    monkeypatch.setattr(beginning, "AGAIN", 0)


@pytest.mark.usefixtures("never_again")
def test_rows_that_others_made_and_change_meanwhile_deadlock_nobody(
    school: Scratch, act: Callable[[UUID], Actor], before_rows_are_made: dict[UUID, Step]
) -> None:
    """Cora is to make two rows. The platform makes the second, and Ada changes it while she makes the first."""
    cora, ada = before_rows_are_made[COORDINATOR], before_rows_are_made[ADMIN]
    both = [Edit(one, PROJECT, {SC: 5}, EMPTY_ROW) for one in (ANN, BEN)]
    with ThreadPoolExecutor(2) as aside, school.owner() as theirs:
        coras = aside.submit(save, act(COORDINATOR), both, "why")
        cora.await_them()
        theirs.execute(MAKE, (BEN, PROJECT))
        changes = [both[0], edit(school, BEN, PROJECT, {SC: 6})]
        adas = aside.submit(save, act(ADMIN), changes, "why")
        ada.await_them()
        cora.let_go()
        until(lambda: coras.done() or is_waiting(school))
        ada.let_go()
        outcomes = coras.result(20), adas.result(20)
    assert [outcome.problems for outcome in outcomes] == [(), ()]
    assert [len(outcome.saved) for outcome in outcomes] == [1, 1]
    assert [stored(school, one, PROJECT)[SC] for one in (ANN, BEN)] == [5, 6]


@pytest.fixture
def impatient(altered: None, school: Scratch) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """A platform that waits for long, in a database where whoever waits in a circle is ended at once."""
    url = school.owner_url.replace("progress_owner@", "postgres@")
    with psycopg.connect(url, autocommit=True) as platform:
        name = sql.Identifier(platform.info.dbname)
        platform.execute(sql.SQL("alter database {} set deadlock_timeout = '1ms'").format(name))
        platform.execute("set deadlock_timeout = '1min'")
        yield platform


def test_a_save_that_was_ended_for_the_platform_begins_again(
    school: Scratch,
    act: Callable[[UUID], Actor],
    impatient: psycopg.Connection[tuple[object, ...]],
    before_rows_are_made: dict[UUID, Step],
) -> None:
    """The platform makes a row that a save is to make, and then writes one that the save has locked."""
    cora = before_rows_are_made[COORDINATOR]
    wishes = [
        edit(school, ANN, COURSE, {SC: 7}),
        Edit(ANN, PROJECT, {SC: 8}, EMPTY_ROW),
        Edit(BEN, PROJECT, {SC: 9}, EMPTY_ROW),
    ]
    write = (
        "update public.student_module_progress set progress_details = '{}' where student_id = %s"
    )
    with ThreadPoolExecutor(2) as aside:
        coras = aside.submit(save, act(COORDINATOR), wishes, "why")
        cora.await_them()
        with impatient.transaction():
            impatient.execute(MAKE, (ANN, PROJECT))
            theirs = aside.submit(impatient.execute, write, (ANN,))
            await_waiting(school)
            cora.let_go()
            theirs.result(20)
        outcome = coras.result(20)
    assert outcome.problems == ()
    assert {(one.student_id, one.module_id) for one in outcome.saved} == {
        (ANN, COURSE),
        (BEN, PROJECT),
    }
    assert [conflict.edit for conflict in outcome.conflicts] == [wishes[1]]
    assert stored(school, ANN, COURSE)[SC] == 7


def test_whoever_dismisses_findings_and_whoever_lists_them_again_queue_up(
    school: Scratch, cora: Actor
) -> None:
    both = []
    for student, module in ((BEN, COURSE), (ANN, ASSESSMENT)):
        platform(school, student, module, "completed_at = null")
        both += found(cora)
        dismiss(cora, found(cora))
    back = [(one.student_id, one.module_id) for one in both]
    with school.owner() as theirs, ThreadPoolExecutor(2) as aside:
        with theirs.transaction():
            theirs.execute(
                "select from dashboard.dismissal where student_id = %s for update", (ANN,)
            )
            again = aside.submit(dismiss, cora, both)
            until(lambda: is_waiting(school))
            listed = aside.submit(withdraw_dismissals, cora, "completed_without_date", back)
            until(lambda: is_waiting(school, 2))
        assert again.result(20) is None
        assert listed.result(20) == 2
