"""`python -m data restore`: all of a backup or nothing, in an empty database of another server or release."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest

from dashboard.signin import opening, providers
from dashboard.signin.demo_allowed import SignInKind
from data.access.errors import DataError
from data.access.session import acting_as, connect
from data.database import claims_keys, embedded
from data.database.backup import dumping, restoring
from data.database.backup.file import Backup, opened
from data.database.migrate import head
from data.database.preflight import faults
from data.settings import SETTINGS
from tests import people
from tests.clusters import Cluster, Scratch, embedded_programs, running_cluster
from tests.database import schema_0026
from tests.database.command_line import ROOT, at, refused, run
from tests.database.test_migrations import EVERYTHING, ask
from tests.database.test_upgrade import rows
from tests.machine import until


def settings(urls: tuple[str, str]) -> dict[str, str | None]:
    return {"DATABASE_OWNER_URL": urls[0], "DATABASE_URL": urls[1]}


def taken(school: Scratch, file: Path) -> Path:
    """Checked shortly before, so that the check after restoring it has nothing to note in it."""
    assert run("check", **at(school)).exit_code == 0
    dumping.back_up(school.owner_url, file)
    return file


def restored(file: Path, urls: tuple[str, str], stored: dict[str, list[tuple[Any, ...]]]) -> None:
    """It says what it was, it is as it was, to the row, and it starts with the key that is printed."""
    done = run("restore", str(file), **settings(urls))
    assert done.exit_code == 0, done.output
    assert "Counted: every table has the rows that it had: 4 students, 3 classes" in done.stdout
    assert "Checked: no problems found." in done.stdout
    assert rows(urls[0]) == stored
    key = claims_keys.present_key(urls[0])
    assert key is not None
    assert f"DATABASE_CLAIMS_KEY={key.written}" in done.stdout
    assert faults(urls[1], key) == []
    database = connect(urls[1], key=key, pool_size=1)
    with acting_as(people.actor(database, people.TEACHER)) as connection:
        seen = connection.exec_driver_sql("select count(*) from public.student_module_progress")
        assert seen.scalar_one() == 3
    database.engine.dispose()


@pytest.mark.parametrize(
    "way", [("18", "15"), ("15", "18"), ("18", "18"), ("15", "15")], ids="-".join
)
def test_from_release_to_release_every_row_is_there_and_migrate_has_nothing_to_do(
    request: pytest.FixtureRequest, way: tuple[str, str], tmp_path: Path
) -> None:
    first, second = (request.getfixturevalue(f"cluster_{release}") for release in way)
    scratch, urls = first.new_database("cast"), second.empty_database()
    file = taken(scratch, tmp_path / "one")
    restored(file, urls, rows(scratch.owner_url))
    before = ask(urls[0], EVERYTHING)
    assert run("migrate", **settings(urls)).exit_code == 0
    assert ask(urls[0], EVERYTHING) == before
    first.drop(scratch)


@pytest.fixture
def folder() -> Iterator[Path]:
    """Which any user can pass through, as the embedded server's may be another."""
    folder = Path(tempfile.mkdtemp(prefix="embedded-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    for note in folder.rglob("embedded.json"):
        embedded.stop(embedded.Server(note.parent, "", "", True))
    shutil.rmtree(folder)


def test_from_the_embedded_database_to_a_server_and_back(
    cluster_15: Cluster, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there, file = folder / "here", folder / "there", folder / "one"
    assert run("--data-dir", str(here), "migrate").exit_code == 0
    server = embedded.start(here)
    people.load(server.owner_url)
    assert run("--data-dir", str(here), "migrate").exit_code == 0
    checked = run("--data-dir", str(here), "check")
    assert checked.exit_code == 0, checked.output
    stored = rows(server.owner_url)
    done = run("--data-dir", str(here), "backup", str(file))
    assert done.exit_code == 0, done.output
    assert embedded.running(here), "it ran before, and somebody works with it"
    embedded.stop(server)

    urls = cluster_15.empty_database()
    restored(file, urls, stored)

    assert run("backup", str(file), "--overwrite", **settings(urls)).exit_code == 0
    at_school = ["--data-dir", str(there), "--school"]
    done = run(*at_school, "restore", str(file))
    assert done.exit_code == 0, done.output
    assert done.stdout.endswith("Checked: no problems found.\n")
    assert "KEY" not in done.stdout
    assert embedded.running(there / "school") is None
    # As whoever tries a backup opens it: by the link, as one of its administrators.
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PROGRESS_DATA_DIR", str(there / "school"))
    monkeypatch.setattr(providers, "is_configured", lambda: False)
    opened_by_link = opening.open_all("127.0.0.1", is_school=True)
    assert opened_by_link.sign_in_kind is SignInKind.LINK
    opened_by_link.database.engine.dispose()
    again = embedded.running(there / "school")
    assert again
    identities = "dashboard.identity"
    assert rows(again.owner_url) | {identities: []} == stored | {identities: []}
    embedded.stop(again)

    asleep = run(*at_school, "backup", str(folder / "two"))
    assert asleep.exit_code == 0, asleep.output


def nothing_in(owner_url: str) -> bool:
    return ask(owner_url, str(restoring.HOLDS)) == []


def test_a_database_that_holds_anything_is_refused_and_left_alone(
    school: Scratch, cluster_18: Cluster, tmp_path: Path
) -> None:
    file = tmp_path / "one"
    dumping.back_up(school.owner_url, file)
    stored = rows(school.owner_url)
    done = run("restore", str(file), **at(school))
    assert "made at an earlier start, with 4 students, 3 classes, 5 rows" in done.stderr
    assert rows(school.owner_url) == stored
    owner, app = cluster_18.empty_database()
    with psycopg.connect(owner) as connection:
        connection.execute("create table public.theirs ()")
    done = run("restore", str(file), **settings((owner, app)))
    assert "not empty: it holds public.theirs." in done.stderr
    with psycopg.connect(owner) as connection:
        connection.execute("drop table public.theirs")
    assert run("restore", str(file), **settings((owner, app))).exit_code == 0


HANGS = """
import sys, time
from data.database.backup import restoring
def pass_on(said, told):
    told.write(said.read(int(sys.argv[2])))
    told.flush()
    print("half", flush=True)
    time.sleep(120)
restoring.copyfileobj = pass_on
from data.__main__ import data
data(["restore", sys.argv[1]])
"""


def kill_amid(file: Path, part: int, **settings: object) -> None:
    """A restore of this file, killed once so many bytes of it were told to the database."""
    process = subprocess.Popen(
        [sys.executable, "-c", HANGS, str(file), str(part)],
        cwd=ROOT,
        env=os.environ | {name: str(value) for name, value in settings.items()},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert "half\n" in iter(process.stdout.readline, "")
    process.kill()
    process.communicate()


OTHERS = """
select count(*) from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'
"""


@pytest.mark.parametrize("part", [1_000, 400_000, 10_000_000], ids=["schema", "rows", "all"])
def test_one_that_is_killed_leaves_the_database_empty(
    school: Scratch, cluster_18: Cluster, tmp_path: Path, part: int
) -> None:
    urls = cluster_18.empty_database()
    file = taken(school, tmp_path / "one")
    kill_amid(file, part, **settings(urls))
    until(lambda: ask(urls[0], OTHERS) == [(0,)])
    assert nothing_in(urls[0])
    restored(file, urls, rows(school.owner_url))


def test_one_that_is_killed_over_the_embedded_database_may_be_run_again(
    school: Scratch, folder: Path
) -> None:
    file, there = taken(school, folder / "one"), folder / "there"
    kill_amid(file, 400_000, PROGRESS_DATA_DIR=str(there))
    done = run("--data-dir", str(there), "restore", str(file))
    assert done.exit_code == 0, done.output
    server = embedded.start(there)
    assert rows(server.owner_url) == rows(school.owner_url)


def test_what_the_server_refuses_is_told_and_nothing_is_restored(
    school: Scratch, cluster_15: Cluster, tmp_path: Path
) -> None:
    """Such as a right of a role of the school's own, which a backup does not bring."""
    urls = cluster_15.empty_database()
    with psycopg.connect(school.owner_url.replace("progress_owner@", "postgres@")) as root:
        root.execute("create role reporting_of_theirs nologin")
        root.execute("grant select on school.class to reporting_of_theirs")
    file = taken(school, tmp_path / "one")
    done = run("restore", str(file), **settings(urls))
    assert done.exit_code == 1
    assert 'Nothing was restored. ERROR:  role "reporting_of_theirs" does not exist' in done.stderr
    assert nothing_in(urls[0])
    with psycopg.connect(cluster_15.url("postgres", "postgres")) as root:
        root.execute("create role reporting_of_theirs nologin")
    restored(file, urls, rows(school.owner_url))


def changed(backup: Backup, **fields: object) -> Backup:
    return replace(backup, manifest=backup.manifest.model_copy(update=fields))


def test_rows_that_are_not_there_are_found_before_anything_is(
    school: Scratch, cluster_18: Cluster, tmp_path: Path
) -> None:
    urls, file = cluster_18.empty_database(), tmp_path / "one"
    dumping.back_up(school.owner_url, file)
    with opened(file) as backup:
        tables = backup.manifest.tables | {"school.class": 4}
        with pytest.raises(DataError, match=r"school\.class has 3 rows, and the backup 4"):
            restoring.restore(changed(backup, tables=tables), *urls, print)
        assert nothing_in(urls[0])
        for revision, sentence in (
            ("9999_later", "newer release"),
            ("0001_first", "trial version"),
        ):
            with pytest.raises(DataError, match=sentence):
                restoring.restore(changed(backup, revision=revision), *urls, print)
        assert nothing_in(urls[0])
        assert restoring.restore(backup, *urls, print).faults == []


def test_one_of_an_older_release_is_migrated(tmp_path: Path) -> None:
    file = tmp_path / "one"
    # On a server of its own: it makes roles that are the whole server's.
    with running_cluster(embedded_programs()) as server:
        owner, _ = server.empty_database()
        schema_0026.make(owner)
        assert dumping.back_up(owner, file).revision == schema_0026.REVISION
        urls = server.empty_database()
        done = run("restore", str(file), **settings(urls))
    assert done.exit_code == 0, done.output
    assert f"Migrated from {schema_0026.REVISION} to {head()}." in done.stdout
    assert "Checked: no problems found." in done.stdout


def test_the_server_must_know_every_letter(
    school: Scratch, cluster_18: Cluster, tmp_path: Path
) -> None:
    file = tmp_path / "one"
    dumping.back_up(school.owner_url, file)
    with psycopg.connect(cluster_18.url("postgres", "postgres"), autocommit=True) as root:
        root.execute(
            "create database lettersless template template0 encoding 'SQL_ASCII' locale 'C' "
            "owner progress_owner"
        )
    urls = tuple(cluster_18.url(user, "lettersless") for user in ("progress_owner", "progress_app"))
    done = run("restore", str(file), DATABASE_OWNER_URL=urls[0], DATABASE_URL=urls[1])
    assert "encoding 'UTF8' template template0" in done.stderr
    assert nothing_in(urls[0])


def test_without_settings_of_a_database_no_file_is_needed_to_be_told(tmp_path: Path) -> None:
    assert refused(
        run("restore", str(Path(__file__)), PROGRESS_DATA_DIR=str(tmp_path / "x")), "no backup"
    )
    assert not (tmp_path / "x").exists()
