"""What was dropped of the history is still somebody's: erased, due, told and brought back."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy import text

from data.access.session import Actor, acting_as
from data.database.backup import months
from data.database.backup.file import opened
from tests.clusters import Scratch
from tests.database.command_line import at, refused, run
from tests.database.data_protection.test_dropped_months import (
    done,
    dropped,
    entries,
    history,
    retained,
)
from tests.database.rows_as_owner import ask
from tests.machine import until
from tests.people import ANN, ASSESSMENT, BEN, COORDINATOR, DAN, PROJECT

Act = Callable[[UUID], Actor]

pytestmark = pytest.mark.usefixtures("altered")

APRIL, MAY = "2019-04", "2019-05"
WAITS = "select 1 from pg_locks where not granted and relation = %s::regclass"


@pytest.fixture(autouse=True)
def two_months(school: Scratch) -> None:
    for month in (APRIL, MAY):
        ask(school, "select internal.make_month(%s)", f"{month}-01")


def wrote(
    school: Scratch,
    moment: str,
    student: UUID,
    *,
    module: UUID = PROJECT,
    author: UUID | None = None,
    batch: UUID | None = None,
    side: str = "progress_percentage",
) -> None:
    ask(
        school,
        "insert into dashboard.history "
        "(at, student_id, module_id, operation, source, author_id, batch_id, before, after) "
        "values (%s, %s, %s, 'update', 'form', %s, %s, %s, %s)",
        *(moment, student, module, author, batch),
        *(json.dumps({side: figure}) for figure in (1, 2)),
    )


def saved(school: Scratch, moment: str, student: UUID, reason: str) -> UUID:
    batch = uuid4()
    ask(
        school,
        "insert into dashboard.batch (id, at, author_id, source, reason) "
        "values (%s, %s, %s, 'form', %s)",
        *(batch, moment, COORDINATOR, reason),
    )
    wrote(school, moment, student, author=COORDINATOR, batch=batch)
    return batch


def restored(school: Scratch, file: Path) -> tuple[int, int]:
    with opened(file) as backup:
        return months.restore(backup, school.owner_url)


def erased(school: Scratch, student: UUID) -> None:
    ask(
        school,
        "update school.student set is_active = false, left_on = now() where id = %s",
        student,
    )
    ask(school, "select internal.erase(array[%s])", student)


def reasons(school: Scratch) -> dict[UUID, str | None]:
    return {
        row["id"]: row["reason"] for row in ask(school, "select id, reason from dashboard.batch")
    }


def test_what_a_later_month_makes_superfluous_comes_back_too(
    school: Scratch, tmp_path: Path
) -> None:
    for student in (ANN, BEN):
        wrote(school, "2019-04-02", student)
        wrote(school, "2019-04-12", student, side="progress_details")
    wrote(school, "2019-05-12", ANN)
    wrote(school, "2019-05-13", ANN, side="progress_details")
    before = entries(school)
    files = [dropped(school, month, tmp_path) for month in (APRIL, MAY)]
    assert len(entries(school)) < len(before)
    assert restored(school, files[1])[1] == 0
    assert restored(school, files[0]) == (4, 0)
    assert entries(school) == before


def test_reasons_of_what_was_dropped_are_whose_they_were(
    school: Scratch, act: Act, tmp_path: Path
) -> None:
    of = {
        student: saved(school, f"{APRIL}-05", student, f"about {number}")
        for number, student in enumerate((ANN, BEN, DAN))
    }
    for student in of:  # so that nothing stays of the saves
        wrote(school, f"{APRIL}-06", student, author=COORDINATOR)
    file = dropped(school, APRIL, tmp_path)
    with acting_as(act(COORDINATOR)) as connection:
        told = text(
            "select line ->> 'reason' from dashboard.all_stored_data(:asked) where part = 'batch'"
        )
        assert "about 0" in connection.scalars(told, {"asked": ANN}).all()
        assert "about 0" not in connection.scalars(told, {"asked": BEN}).all()
    erased(school, ANN)
    found = reasons(school)
    assert [found[one] for one in of.values()] == ["erased", "about 1", "about 2"]
    retained(school, 3)
    found = reasons(school)
    assert [found[of[one]] for one in (BEN, DAN)] == [None, "about 2"]
    restored(school, file)
    assert ask(
        school, "select distinct student_id from dashboard.history where at < '2019-05-01'"
    ) == [{"student_id": DAN}]


def test_a_month_that_is_partly_due_comes_back_in_part(school: Scratch, tmp_path: Path) -> None:
    wrote(school, "2019-05-05", ANN)
    wrote(school, "2019-05-05", DAN)
    wrote(school, "2019-05-25", ANN, module=ASSESSMENT)
    dropped(school, APRIL, tmp_path)
    file = dropped(school, MAY, tmp_path)
    retained(school, 48, "2023-05-15 00:00Z")
    assert restored(school, file) == (2, 1)
    assert ask(
        school,
        "select student_id, extract(day from at)::int as day from dashboard.history "
        "where at < '2019-06-01' order by day",
    ) == [{"student_id": DAN, "day": 5}, {"student_id": ANN, "day": 25}]


def test_authors_come_back_but_who_was_erased(school: Scratch, tmp_path: Path) -> None:
    stranger = uuid4()
    for author in (stranger, ANN):
        wrote(school, f"{APRIL}-05", BEN, author=author)
    wrote(school, f"{APRIL}-06", BEN)
    file = dropped(school, APRIL, tmp_path)
    erased(school, ANN)
    restored(school, file)
    assert ask(
        school, "select author_id from dashboard.history where at < '2019-05-01' order by id"
    ) == [{"author_id": stranger}, {"author_id": None}, {"author_id": None}]


def test_what_came_late_for_a_dropped_month_is_not_lost(school: Scratch, tmp_path: Path) -> None:
    wrote(school, f"{APRIL}-05", ANN)
    wrote(school, f"{MAY}-05", ANN)
    before = set(entries(school))
    files = [dropped(school, month, tmp_path) for month in (APRIL, MAY)]
    wrote(school, f"{MAY}-07", BEN)
    wrote(school, f"{APRIL}-07", BEN)
    for file in reversed(files):
        restored(school, file)
    assert len(entries(school)) == len(before) + 2
    assert before < set(entries(school))


def test_an_archive_of_the_month_as_it_was_earlier_is_none_of_it(
    school: Scratch, tmp_path: Path
) -> None:
    stale = tmp_path / "stale"
    done(school, "archive", MAY, str(stale))
    dropped(school, APRIL, tmp_path)  # just as empty
    wrote(school, f"{MAY}-05", ANN)
    before = entries(school)
    file = dropped(school, MAY, tmp_path)
    thinned = entries(school)
    found = run("restore", str(stale), **at(school))
    assert found.exit_code == 1
    assert "was not dropped from this database as this file has it" in found.stderr
    assert entries(school) == thinned
    restored(school, file)  # the control
    assert entries(school) == before


def test_what_found_no_month_is_first(school: Scratch, tmp_path: Path) -> None:
    file = tmp_path / "file"
    done(school, "archive", APRIL, str(file))
    wrote(school, "2018-03-03", ANN)
    assert refused(history(school, "drop", APRIL, str(file)), "drop 2018-03 first")
    dropped(school, "2018-03", tmp_path)
    done(school, "drop", APRIL, str(file))


@pytest.mark.parametrize(
    "begun",
    [
        "insert into dashboard.batch (id, author_id, source) "
        "values (gen_random_uuid(), gen_random_uuid(), 'form')",
        "select from dashboard.batch",
    ],
)
def test_a_save_that_has_begun_goes_on_while_a_month_goes_and_comes_back(
    school: Scratch, tmp_path: Path, begun: str
) -> None:
    wrote(school, f"{APRIL}-05", ANN)
    file = tmp_path / "file"
    done(school, "archive", APRIL, str(file))

    def meanwhile(what: Callable[[], object]) -> None:
        with ThreadPoolExecutor(1) as pool, psycopg.connect(school.owner_url) as saving:
            saving.execute(begun.encode())
            going = pool.submit(what)
            until(lambda: bool(ask(school, WAITS, "dashboard.batch")))
            saving.execute("set lock_timeout = '3s'")
            saving.execute(
                "insert into dashboard.history (student_id, module_id, operation, source) "
                "values (%s, %s, 'update', 'form')",
                [BEN, PROJECT],
            )
            saving.commit()
            going.result(60)

    meanwhile(lambda: months.drop(school.owner_url, APRIL, file))
    meanwhile(lambda: restored(school, file))


def test_nobody_waits_while_it_is_found_out_what_comes_back(
    school: Scratch, tmp_path: Path
) -> None:
    wrote(school, f"{APRIL}-05", ANN)
    file = dropped(school, APRIL, tmp_path)
    with ThreadPoolExecutor(1) as pool, psycopg.connect(school.owner_url) as holding:
        holding.execute("lock table internal.dropped_trace in access exclusive mode")
        going = pool.submit(restored, school, file)
        until(lambda: bool(ask(school, WAITS, "internal.dropped_trace")))
        ask(school, "set lock_timeout = '3s'; select from dashboard.history limit 1")
        holding.rollback()
        assert going.result(60) == (1, 0)


def test_an_erasure_waits_for_a_drop_before_anybody_waits_for_it(school: Scratch) -> None:
    waiting = "select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like %s"
    with ThreadPoolExecutor(1) as pool, psycopg.connect(school.owner_url) as dropping:
        dropping.execute(str(months.ALONE).encode())
        dropping.execute("lock table internal.history_2019_04 in share mode")
        going = pool.submit(ask, school, "select internal.erase(array[gen_random_uuid()])")
        until(lambda: bool(ask(school, waiting, "select internal.erase%")))
        ask(school, "set lock_timeout = '3s'; lock table dashboard.draft in row exclusive mode")
        # Nor does it keep the drop from what it waits for.
        dropping.execute("lock table dashboard.history in access exclusive mode nowait")
        dropping.rollback()
        going.result(60)
