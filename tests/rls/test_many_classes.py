"""Where a person has thousands of classes, no read compares each of them with each other thing there is.

A function that says who may see what is expected to answer few rows: a join of two such answers was planned as
pairs of them.
"""

from collections.abc import Iterator
from typing import Any, Final

import psycopg
import pytest
from sqlalchemy import Connection, event

from data.access.session import acting_as, connect
from tests import people
from tests.clusters import Cluster, Scratch
from tests.people import ADMIN, ANN, COORDINATOR, COURSE
from tests.rls.reads import OF_QUERIES
from tests.rls.roster_reads import OF_ROSTER, SAVE

CLASSES: Final = 5_000
MOST: Final = 30 * CLASSES
"""So many pairs may be looked at and left: each class with a few things, and not with each other class."""

FILL: Final = f"""
set local session_replication_role = replica;
insert into public.organisations (id, name)
select gen_random_uuid(), 'Organisation ' || number from generate_series(1, 100) as number;
insert into school.class (organisation_id, name)
select organisation.id, 'Class ' || row_number() over ()
from school.organisation
cross join generate_series(1, {CLASSES // 100})
where organisation.name like 'Organisation %';
insert into school.class_module
select class.id, module.id, 1
from school.class
cross join (select id from public.modules order by sequence limit 2) as module
where class.name like 'Class %';
insert into dashboard.batch (id, author_id, source, reason)
select '{SAVE}', '{COORDINATOR}', 'form', 'x';
insert into dashboard.history (student_id, module_id, operation, source, author_id, batch_id, after)
select '{ANN}', '{COURSE}', 'insert', 'form', '{COORDINATOR}', '{SAVE}', '{{"status": "Completed"}}';
insert into dashboard.roster_batch (id, author_id, source, digest)
select '{SAVE}', '{COORDINATOR}', 'form', repeat('0', 64);
"""


@pytest.fixture(scope="module")
def many(cluster: Cluster) -> Iterator[Scratch]:
    """The cast beside a hundred organisations, of which an administrator is shown every class."""
    scratch = cluster.new_database("cast")
    with psycopg.connect(scratch.owner_url.replace("progress_owner@", "postgres@")) as owner:
        owner.execute(FILL.encode())
    with scratch.owner() as owner:
        owner.execute("select internal.settle(100000)")
        owner.execute("vacuum (analyze)")
    yield scratch
    cluster.drop(scratch)


class Pairs:
    """How many pairs of rows each statement looks at in vain, by its own plan, run once more."""

    def __init__(self, school: Scratch) -> None:
        self.database = connect(school.app_url, key=school.key, pool_size=1)
        self.found: dict[str, int] = {}
        event.listen(self.database.engine, "after_cursor_execute", self._explain)

    def _explain(
        self, connection: Connection, _: object, statement: str, parameters: Any, *__: object
    ) -> None:
        if not statement.lstrip().startswith(("select", "with")) or "set_config" in statement:
            return
        driver: Any = connection.connection.driver_connection
        told = driver.execute(
            f"explain (analyze, timing off, format json) {statement}".encode(), parameters
        ).fetchone()[0]
        asked = " ".join(statement.split())
        self.found[asked] = max(_looked_at(told[0]["Plan"]), self.found.get(asked, 0))

    @property
    def too_many(self) -> dict[str, int]:
        return {statement: pairs for statement, pairs in self.found.items() if pairs > MOST}


def _looked_at(plan: dict[str, Any]) -> int:
    removed = plan.get("Rows Removed by Join Filter", 0) * plan["Actual Loops"]
    return int(removed) + sum(_looked_at(inner) for inner in plan.get("Plans", ()))


@pytest.fixture
def pairs(many: Scratch) -> Iterator[Pairs]:
    found = Pairs(many)
    yield found
    found.database.engine.dispose()


def test_no_read_compares_each_class_with_each_other(pairs: Pairs) -> None:
    for read in (*OF_QUERIES.values(), *OF_ROSTER.values()):
        with acting_as(people.actor(pairs.database, ADMIN)) as connection:
            read(connection)
    assert pairs.too_many == {}
    assert len(pairs.found) > 100


def test_pairs_of_classes_would_be_seen(pairs: Pairs) -> None:
    """The control: a question that can be answered by pairs alone, of as many classes."""
    with acting_as(people.actor(pairs.database, ADMIN)) as connection:
        connection.exec_driver_sql(
            "select from roster.class as one join (select name from roster.class limit 50) as few "
            "on one.name || few.name = ''"
        )
    assert min(pairs.too_many.values()) >= 50 * CLASSES
