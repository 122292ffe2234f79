"""A database that was dumped and restored starts: nothing of it counts as changed, and what is changed does."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from data.access.errors import NOT_OWNER, DataError
from data.database import claims_keys
from data.database.embedded import place
from data.database.migrate import NOT_UTF8, PROGRESSLESS, ROWLESS, head, migrate
from data.database.preflight import RIGHTLESS, faults
from data.database.schema_drift import drift
from tests.clusters import Cluster, running_cluster
from tests.database.hosts import generous_database, host, programs
from tests.database.test_migrations import EVERYTHING, ask
from tests.database.test_upgrade import rows
from tests.profiles import chosen

WAYS: Final = chosen(
    sample=[("18", "15", "18")],
    nightly=[("15", "15", "18"), ("18", "18", "15"), ("18", "15", "18")],
)

CHANGED: Final = {
    "alter policy people_see_their_drafts on dashboard.draft using (true)": "policy",
    "alter table public.student_module_progress disable trigger zz_enforce_lock_of_updates": "trigger",
    "create or replace trigger zz_enforce_lock_of_updates "
    "before update on public.student_module_progress for each row "
    "when (old.score is distinct from new.score) execute function internal.enforce_lock()": "trigger",
}


def dump(release: str, url: str, file: Path, kind: str = "custom", *options: str) -> Path:
    program = programs(release) / "pg_dump"
    command = [str(program), f"--format={kind}", *options, "--file", str(file), "--dbname", url]
    subprocess.run(command, check=True)
    return file


def restore(release: str, file: Path, cluster: Cluster, *options: str) -> tuple[str, str]:
    """Owner and app URLs of a new database with what was dumped, by the tools of this release."""
    owner, app = cluster.empty_database()
    restore_into(owner, release, file, *options)
    return owner, app


def restore_into(owner: str, release: str, file: Path, *options: str) -> None:
    command = [str(programs(release) / "pg_restore"), *options, "--dbname", owner, str(file)]
    # Newer tools set what an older server does not know, and go on: what is missing then is found below.
    subprocess.run(command, check=False, stderr=subprocess.DEVNULL)


def give_the_databases_rights(cluster: Cluster, url: str) -> None:
    """What `pg_restore --create` brings along: a right on the database itself is in no other dump of it."""
    database = sql.Identifier(url.split("/")[3].split("?")[0])
    with psycopg.connect(cluster.url("postgres", "postgres"), autocommit=True) as root:
        root.execute(sql.SQL("revoke temporary on database {} from public").format(database))


@pytest.fixture(params=WAYS, ids="-".join)
def ways(request: pytest.FixtureRequest) -> list[tuple[str, Cluster]]:
    """Releases in turn: from the first to the second, and from there to the third."""
    return [(one, request.getfixturevalue(f"cluster_{one}")) for one in request.param]


def test_a_restored_database_starts_and_migrate_has_nothing_to_do(
    ways: list[tuple[str, Cluster]], tmp_path: Path
) -> None:
    (release, cluster), *further = ways
    scratch = cluster.new_database("cast")
    owner, stored = scratch.owner_url, rows(scratch.owner_url)
    for number, (next_release, next_cluster) in enumerate(further):
        next_cluster.drop(next_cluster.new_database())  # its roles are there
        file = dump(release, owner, tmp_path / str(number))
        owner, app = restore(max(release, next_release), file, next_cluster)
        give_the_databases_rights(next_cluster, owner)
        release = next_release
        key = claims_keys.present_key(owner)
        assert faults(app, key) == []
        assert rows(owner) == stored
        before = ask(owner, EVERYTHING)
        assert migrate(owner, app) == head()
        assert ask(owner, EVERYTHING) == before
        what_is_changed_is_found(owner)
    cluster.drop(scratch)


def test_a_database_of_a_turkish_locale_starts(cluster_15: Cluster, tmp_path: Path) -> None:
    """There the small letter of I is another: INSERT is no insert."""
    scratch, turkish = cluster_15.new_database("cast"), "turkish"
    with psycopg.connect(cluster_15.url("postgres", "postgres"), autocommit=True) as root:
        root.execute(
            "create database turkish template template0 encoding 'UTF8' locale_provider icu "
            "icu_locale 'tr-TR' owner progress_owner"
        )
    owner, app = (cluster_15.url(user, turkish) for user in ("progress_owner", "progress_app"))
    restore_into(owner, "15", dump("15", scratch.owner_url, tmp_path / "dump"))
    give_the_databases_rights(cluster_15, owner)
    assert faults(app, claims_keys.present_key(owner)) == []
    cluster_15.drop(scratch)


def refusal(owner: str, app: str) -> str:
    """Why migrate changes nothing."""
    with pytest.raises(DataError, match=r"[Nn]othing was changed") as refused:
        migrate(owner, app)
    assert "LINE" not in str(refused.value)
    return str(refused.value)


def test_what_a_restore_left_out_is_told_with_its_cure(cluster_18: Cluster, tmp_path: Path) -> None:
    scratch = cluster_18.new_database("cast")
    file, stored = dump("18", scratch.owner_url, tmp_path / "dump"), rows(scratch.owner_url)

    owner, app = restore("18", file, cluster_18, "--schema-only")
    assert [(one.code, one.message) for one in faults(app, None)] == [("revision", ROWLESS)]
    assert refusal(owner, app).startswith(ROWLESS)

    owner, app = restore("18", file, cluster_18, "--no-privileges")
    assert [(one.code, one.message) for one in faults(app, None)] == [("rights", RIGHTLESS)]
    migrate(owner, app)
    (left,) = faults(app, claims_keys.present_key(owner))
    assert left.message.endswith("Run: revoke execute on function auth.uid() from public")
    assert rows(owner) == stored

    owner, app = cluster_18.empty_database()
    restore_into(owner.replace("progress_owner@", "postgres@"), "18", file, "--no-owner")
    assert NOT_OWNER in refusal(owner, app)
    with pytest.raises(DataError, match="to whom the tables belong"):
        claims_keys.present_key(owner)
    cluster_18.drop(scratch)


@pytest.mark.parametrize("release", chosen(sample=["18"], nightly=["15", "18"]))
def test_a_dump_in_a_folder_goes_over_what_is_there(
    request: pytest.FixtureRequest, release: str, tmp_path: Path
) -> None:
    """By several processes; of rows alone `migrate` tells that the triggers let no progress in."""
    cluster: Cluster = request.getfixturevalue(f"cluster_{release}")
    scratch, folder = cluster.new_database("cast"), tmp_path / "dump"
    stored = rows(scratch.owner_url)
    dump(release, scratch.owner_url, folder, "directory", "--jobs=2")
    restore_into(scratch.owner_url, release, folder, "--jobs=2", "--clean", "--if-exists")
    assert faults(scratch.app_url, scratch.key) == []
    assert rows(scratch.owner_url) == stored
    migrated = cluster.new_database("migrated")
    restore_into(migrated.owner_url, release, folder, "--data-only")
    assert PROGRESSLESS in refusal(migrated.owner_url, migrated.app_url)
    cluster.drop(scratch)
    cluster.drop(migrated)


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
def test_an_encoding_that_lacks_letters_is_told(cluster_18: Cluster, encoding: str) -> None:
    name = sql.Identifier(encoding.lower())
    create = sql.SQL(
        "create database {} template template0 encoding {} locale 'C' owner progress_owner"
    )
    with psycopg.connect(cluster_18.url("postgres", "postgres"), autocommit=True) as root:
        root.execute(create.format(name, sql.Literal(encoding)))
    owner = cluster_18.url("progress_owner", encoding.lower())
    assert "encoding" in {one.code for one in faults(owner, None)}
    assert refusal(owner, owner).startswith(NOT_UTF8)


def test_an_upgraded_server_starts() -> None:
    """What pg_upgrade makes of a server of PostgreSQL 15."""
    with running_cluster(programs("15")) as old:
        scratch = old.new_database("cast")
        stored = rows(scratch.owner_url)
        scratch.database.engine.dispose()
        with upgraded(old.socket):
            assert faults(scratch.app_url, claims_keys.present_key(scratch.owner_url)) == []
            assert rows(scratch.owner_url) == stored


@contextmanager
def upgraded(folder: Path) -> Iterator[None]:
    """The server of 15 over this folder ended, and one of 18 in its place, with its data."""
    account = place.server_account(None)
    old, new, log = folder / "data", folder / "new", folder / "log_18"
    start = [
        "start",
        "-l",
        str(log),
        "-o",
        f"-c listen_addresses= -c unix_socket_directories={folder}",
    ]

    def run(release: str, program: str, *arguments: str) -> None:
        command = [str(programs(release) / program), *arguments]
        place.run(
            account, "sh", "-c", 'cd "$0" && exec "$@"', str(folder), *command
        ).check_returncode()

    run("15", "pg_ctl", "-D", str(old), "-m", "fast", "stop")
    run("18", "initdb", "-D", str(new), "-U", "postgres", "-A", "trust", "--no-sync", "--encoding=UTF8",
        "--locale=C", "--no-data-checksums")  # fmt: skip
    run("18", "pg_upgrade", "-b", str(programs("15")), "-B", str(programs("18")), "-d", str(old),
        "-D", str(new), "-U", "postgres", "--no-sync")  # fmt: skip
    run("18", "pg_ctl", "-D", str(new), *start)
    try:
        yield
    finally:
        run("18", "pg_ctl", "-D", str(new), "-m", "immediate", "stop")


def what_is_changed_is_found(owner: str) -> None:
    engine = create_engine(make_url(owner).set(drivername="postgresql+psycopg"))
    for statement, kind in CHANGED.items():
        with engine.connect() as connection:  # never committed
            connection.exec_driver_sql(statement)
            assert [code for code, _ in drift(connection)] == [kind], statement
    engine.dispose()


def test_where_roles_are_missing_and_rights_are_given_away_migrate_mends_it(
    cluster_18: Cluster, tmp_path: Path
) -> None:
    """A dump holds no roles: on a new server every grant and policy for ours fails. And some hosts give all
    rights on whatever is made to roles of theirs."""
    scratch = cluster_18.new_database("cast")
    file, stored = dump("18", scratch.owner_url, tmp_path / "dump"), rows(scratch.owner_url)
    cluster_18.drop(scratch)
    with host("18") as new:
        owner, app = generous_database(new)
        restore_into(owner, "18", file)
        migrate(owner, app)
        key = claims_keys.present_key(owner)
        # A host's programs may call it too: this one is for whoever administers the server.
        (left,) = faults(app, key)
        _, _, cure = left.message.partition("Run: ")
        assert cure == "revoke execute on function auth.uid() from public"
        ask(owner, cure)
        assert faults(app, key) == []
        migrate(owner, app)
        assert faults(app, key) == []
        assert rows(owner) == stored
