"""The history replayed gives the table, whoever wrote whatever in whichever way."""

import random
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from data.access.session import Actor, acting_as
from data.reading.history.changes import changes
from data.rules.progress import EMPTY_ROW, Edit, Status, Values
from data.writing.save import save
from tests import people
from tests.clusters import Cluster, Scratch
from tests.database import random_writes
from tests.database.history_replay import Told, replay_on, table
from tests.database.rows_as_owner import SC, P, S, ask
from tests.people import ANN, COORDINATOR
from tests.profiles import chosen

Act = Callable[[UUID], Actor]

EDITS = chosen(sample=8_000, nightly=100_000)
CHUNK = EDITS // 8


@pytest.mark.usefixtures("altered")
def test_the_table_can_be_told_from_the_history(school: Scratch, act: Act) -> None:
    with school.owner() as connection:
        name = school.owner_url.split("/")[3].split("?")[0]
        connection.execute(f"alter database {name} set timezone = 'Asia/Kolkata'".encode())
    assert random_writes.write_at_once(school, 300, writers=3) > 200
    told: Told = {}
    replay_on(school, told, 0)
    assert told == table(school)
    with acting_as(act(COORDINATOR)) as connection:
        assert len(changes(connection, ANN, limit=1000)) > 50


def test_thousands_of_edits_replayed_are_the_table(cluster_18: Cluster) -> None:
    school = cluster_18.new_database("cast")
    cora = people.actor(school.database, COORDINATOR)
    rng = random.Random(11)
    pupils = random_writes.crowd(school, 250)
    told: Told = {}
    newest, compared = 0, 0
    while newest < EDITS:
        while _newest(school) < newest + CHUNK:
            random_writes.write_many(school, pupils, rng)
            _save_some(school, cora, rng)
        newest = replay_on(school, told, newest)
        assert told == table(school)
        compared += 1
    assert compared > 3
    sources = ask(school, "select source, count(*) as entries from dashboard.history group by 1")
    counted = {one["source"]: one["entries"] for one in sources}
    assert counted.keys() == {"platform", "staff", "student", "bulk"}
    assert min(counted.values()) > EDITS / 100, counted
    operations = ask(school, "select count(*) from dashboard.history group by operation")
    assert all(one["count"] > EDITS / 100 for one in operations)
    assert len(operations) == 3
    cluster_18.drop(school)


def _newest(school: Scratch) -> int:
    found: int = ask(school, "select coalesce(max(id), 0) as id from dashboard.history")[0]["id"]
    return found


def _save_some(school: Scratch, actor: Actor, rng: random.Random) -> None:
    """Random edits by save(), of rows that are there and of some that are not."""
    rows = ask(
        school,
        "select student_id, module_id, status, progress_percentage, score, completed_at "
        "from school.class_student join school.class_module using (class_id) "
        "left join public.student_module_progress using (student_id, module_id) "
        "where class_id = %s",
        people.CLASS_1A,
    )
    edits = [_edit(row, rng) for row in rng.sample(rows, 400)]
    outcome = save(actor, edits, "random", source="bulk")
    assert outcome.problems == ()


def _edit(row: dict[str, Any], rng: random.Random) -> Edit:
    seen = EMPTY_ROW
    if row["status"] is not None:
        seen = {**{name: row[name] for name in EMPTY_ROW}, S: Status(row["status"])}
    status = rng.choice(list(Status))
    wishes: list[Values] = [
        {S: status},
        {SC: Decimal(rng.randrange(10_000)) / 100},
        {S: Status.IN_PROGRESS, P: rng.randrange(100)},
        {S: status, SC: None},
    ]
    return Edit(row["student_id"], row["module_id"], rng.choice(wishes), seen)
