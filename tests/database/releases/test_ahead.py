"""A database that a newer release migrated: this program works on it, or says that it does not."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from data.access.errors import DatabaseNotReady
from data.database import migrate, migrations
from data.database.preflight import faults
from data.readiness import CHECKS, Readiness
from data.rules.progress import Field
from data.settings import read_settings
from data.writing.save import save
from tests import people
from tests.clusters import Cluster, Scratch
from tests.database.command_line import at, refused, run
from tests.database.releases.next_release import REVISION, make_next, migrate_by
from tests.database.rows_as_owner import ask, edit, stored
from tests.unit.copied_house import copy_to

TOO_FAR = "update dashboard_migrations.alembic_version set serves_since = version_num"
FINE = dict.fromkeys(CHECKS, "ok")


@pytest.fixture(scope="module")
def newer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_next(copy_to(tmp_path_factory.mktemp("newer")))


@pytest.fixture
def ahead(cluster: Cluster, newer: Path) -> Iterator[Scratch]:
    """The cast, on a server that the next release has migrated."""
    scratch = cluster.new_database("cast")
    assert migrate_by(newer, scratch.owner_url, scratch.app_url) == REVISION
    yield scratch
    cluster.drop(scratch)


def refuse(school: Scratch) -> None:
    with school.owner() as owner:
        owner.execute(TOO_FAR)


def test_a_start_takes_it_unless_it_says_that_it_serves_newer_programs_alone(
    ahead: Scratch,
) -> None:
    assert faults(ahead.app_url, ahead.key) == []
    refuse(ahead)
    (fault,) = faults(ahead.app_url, ahead.key)
    assert (
        fault.message
        == f"The database is at {REVISION}, newer than this program. Update the program."
    )


def test_row_level_security_that_is_off_is_found_there_too(ahead: Scratch) -> None:
    with ahead.owner() as owner:
        owner.execute("alter table dashboard.note disable row level security")
    assert [one.code for one in faults(ahead.app_url, ahead.key)] == ["rls_off"]


def test_a_probe_is_told_that_it_is_ready(ahead: Scratch) -> None:
    assert ahead.key is not None
    settings = {"DATABASE_URL": ahead.app_url, "DATABASE_CLAIMS_KEY": ahead.key.written}
    asked = Readiness(read_settings(settings))
    assert asked.checks() == FINE
    refuse(ahead)
    assert asked.checks() == FINE | {"revision": "ahead"}


def test_the_check_says_that_the_program_is_the_older_one(ahead: Scratch) -> None:
    told = run("check", "--json", **at(ahead))
    assert told.exit_code == 0, told.output
    (note,) = json.loads(told.stdout)
    assert (note["code"], note["severity"]) == ("release", "note")
    assert f"at {REVISION}, of a newer release" in note["message"]


def test_migrate_leaves_it_as_it_is_or_refuses_it(ahead: Scratch) -> None:
    in_force = "select * from dashboard_migrations.in_force order by file"
    before = ask(ahead, in_force)
    assert migrate.migrate(ahead.owner_url, ahead.app_url) == REVISION
    assert ask(ahead, in_force) == before
    assert refused(run("demo", **at(ahead)), "already holds people")
    refuse(ahead)
    assert refused(run("migrate", **at(ahead)), "newer release")
    with pytest.raises(DatabaseNotReady, match="newer release"):
        migrate.migrate(ahead.owner_url, ahead.app_url)


def test_who_saves_by_the_older_program_is_saved(ahead: Scratch) -> None:
    key = people.ANN, people.COURSE
    act = people.actor(ahead.database, people.COORDINATOR)
    assert len(save(act, [edit(ahead, *key, {Field.PERCENTAGE: 41})]).saved) == 1
    assert stored(ahead, *key)[Field.PERCENTAGE] == 41


def test_a_database_says_which_programs_it_serves(fresh_database: Scratch) -> None:
    known = [migrations.FIRST, *(one.revision for one in migrations.revisions().walk_revisions())]
    assert migrations.SERVES_SINCE in known
    said = "select serves_since from dashboard_migrations.alembic_version"
    assert ask(fresh_database, said) == [{"serves_since": migrations.SERVES_SINCE}]
