"""What a probe is told of the database, what that costs, and how soon."""

import asyncio
import time
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from dashboard.web import health
from dashboard.web.health import Prober
from data.database import migrate, migrations
from data.readiness import CHECKS, Checks, Readiness
from data.settings import read_settings
from tests.browsing import free_port
from tests.clusters import Cluster, Scratch
from tests.database.silent_proxy import proxy
from tests.machine import ran

FINE = dict.fromkeys(CHECKS, "ok")


def readiness(url: str, key: str = "") -> Readiness:
    return Readiness(read_settings({"DATABASE_URL": url, "DATABASE_CLAIMS_KEY": key}))


def of(scratch: Scratch) -> Readiness:
    assert scratch.key is not None
    return readiness(scratch.app_url, scratch.key.written)


def test_a_database_that_is_fit_is_ready(school: Scratch, fresh_database: Scratch) -> None:
    assert of(school).checks() == FINE
    assert of(fresh_database).checks() == FINE


@pytest.mark.parametrize(
    ("revision", "told"),
    [("0060_of_before", "ahead"), ("9999_to_come", "ahead"), ("", "behind"), (None, "unknown")],
)
def test_a_schema_of_another_release_is_not_ready(
    fresh_database: Scratch, revision: str | None, told: str
) -> None:
    asked = of(fresh_database)
    assert asked.checks() == FINE
    before = next(
        one.down_revision
        for one in migrations.revisions().walk_revisions()
        if one.revision == migrate.head()
    )
    with fresh_database.owner() as owner:
        owner.execute(
            "update dashboard_migrations.alembic_version set version_num = %s, serves_since = '9999'",
            [revision or str(before)],
        )
        if revision is None:
            owner.execute("delete from dashboard_migrations.alembic_version")
        elif not revision:  # from before it said which programs it serves
            owner.execute("alter table dashboard_migrations.alembic_version drop serves_since")
    assert asked.checks() == FINE | {"revision": told}


def test_one_that_can_only_be_read_is_not_ready(cluster: Cluster, fresh_database: Scratch) -> None:
    name = make_url(fresh_database.app_url).database
    assert of(fresh_database).checks() == FINE
    with fresh_database.owner() as owner:
        owner.execute(f"alter database {name} set default_transaction_read_only = on".encode())
    assert of(fresh_database).checks() == FINE | {"writable": "read only"}


def test_one_that_was_never_prepared_or_is_not_there_is_not_ready(cluster: Cluster) -> None:
    _, app_url = cluster.empty_database()
    nothing = dict.fromkeys(CHECKS, "unknown")
    assert readiness(app_url).checks() == nothing | {"database": "not ready"}
    nowhere = f"postgresql://app@127.0.0.1:{free_port()}/progress"
    assert readiness(nowhere).checks() == nothing | {"database": "away"}


def test_an_embedded_one_that_does_not_run_is_away(tmp_path: Path) -> None:
    told = Readiness(read_settings({"PROGRESS_DATA_DIR": str(tmp_path)})).checks()
    assert told["database"] == "away"


class Counted(Readiness):
    def __init__(self) -> None:
        self.asked = 0

    def checks(self) -> Checks:
        self.asked += 1
        time.sleep(0.05)
        return dict.fromkeys(CHECKS, "ok")


def test_many_who_probe_at_once_ask_once_and_again_only_a_second_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    counted = Counted()
    prober = Prober(counted)

    async def probe(times: int) -> None:
        told = await asyncio.gather(*(prober.checks() for _ in range(times)))
        assert told == [FINE] * times

    async def probe_on() -> None:
        await probe(50)
        await probe(50)
        assert counted.asked == 1
        monkeypatch.setattr(health, "FRESH", 0.0)
        await probe(50)
        assert counted.asked == 2

    ran(probe_on())


def test_a_silent_database_is_told_within_seconds_is_asked_once_and_is_ready_when_it_speaks_again(
    cluster: Cluster, school: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "FRESH", 0.0)
    assert school.key is not None

    async def timed() -> tuple[str, float]:
        began = time.monotonic()
        told = await prober.checks()
        return told["database"], time.monotonic() - began

    with proxy(cluster.socket / ".s.PGSQL.5432") as line:
        through = make_url(school.app_url).set(host="127.0.0.1", port=line.port, query={})
        prober = Prober(readiness(through.render_as_string(), school.key.written))

        async def silence() -> None:
            assert await prober.checks() == FINE
            line.hush()
            told, seconds = await timed()
            assert (told, seconds < health.PATIENCE + 1) == ("silent", True)
            told, seconds = await timed()
            assert (told, seconds < 1) == ("silent", True)
            assert len(line._callers) == 1
            line.speak()
            while (await timed())[0] == "silent":
                await asyncio.sleep(0.05)
            assert await prober.checks() == FINE
            assert len(line._callers) == 1

        ran(silence())
