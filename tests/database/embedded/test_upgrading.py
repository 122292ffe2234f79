"""A data folder that an older PostgreSQL made: upgraded, or told what to do, and never lost."""

import os
import shutil
import signal
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from data.database import embedded
from data.database.embedded import EmbeddedError, cluster, place, releases
from data.database.migrate import migrate
from data.open import open_database
from data.settings import read_settings
from tests import people
from tests.clusters import embedded_programs
from tests.database.embedded.starting import App, ask, cluster_of, processes, tell
from tests.database.hosts import programs
from tests.database.test_upgrade import rows
from tests.profiles import chosen

PLAIN = ("--username=postgres", "--encoding=UTF8", "--locale=C", "--auth=scram-sha-256")
Rows = dict[str, list[tuple[object, ...]]]


@contextmanager
def of_release(release: int) -> Iterator[None]:
    """This program as it were, had it brought this release."""
    older = programs("15") if release == 15 else embedded_programs().parents[1] / "pginstall/bin"
    with pytest.MonkeyPatch.context() as then:
        then.setattr(place, "programs", lambda account: older)
        then.setattr(cluster, "MAJOR", str(release))
        then.setattr(cluster, "INITDB", PLAIN)
        if release == 15:
            roles = [
                one.replace("admin true, inherit false, set true", "admin option")
                for one in cluster.ROLES
            ]
            then.setattr(cluster, "ROLES", roles)
        else:
            then.setattr(place, "CLUSTER", f"postgres{release}")
        yield


def made(release: int, folder: Path) -> Path:
    with of_release(release):
        server = embedded.start(folder)
        migrate(server.owner_url, server.app_url)
        people.load(server.owner_url)
        embedded.stop(server)
    return folder


@pytest.fixture(scope="module")
def of_15() -> Iterator[Path]:
    """A folder of 15 with the cast in it, for copies of it."""
    parent = Path(tempfile.mkdtemp(prefix="embedded-", dir="/tmp"))
    parent.chmod(0o755)
    yield made(15, parent / "data")
    shutil.rmtree(parent)


@pytest.fixture
def older(of_15: Path, above: Path) -> Path:
    """It copied, as if the program of then had just ended; and its cluster where a new one's is."""
    subprocess.run(["cp", "--archive", of_15, above / "data"], check=True)
    return above / "data"


def stored_in(folder: Path) -> Rows:
    server = embedded.start(folder)
    stored = rows(server.owner_url)
    embedded.stop(server)
    return stored


def as_then(release: int, folder: Path) -> Rows:
    """Its rows, asked by a server of its own release."""
    with of_release(release):
        return stored_in(folder)


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(one): one.read_bytes() for one in sorted(folder.rglob("*")) if one.is_file()}


@pytest.mark.parametrize("release", [15, 16])
def test_it_is_upgraded_the_old_files_stay_and_the_app_opens(above: Path, release: int) -> None:
    folder = above / 'it\'s "where" $HOME `id` 学生'
    made(release, folder)
    stored = as_then(release, folder)
    old, said = cluster_of(folder), list[str]()
    server = embedded.start(folder, said.append)
    assert rows(server.owner_url) == stored
    new = cluster_of(folder)
    assert new != old
    assert new.parent == old.parent
    assert (new / "PG_VERSION").read_text() == "18\n"
    assert (old / "PG_VERSION").read_text() == f"{release}\n"
    assert stat.S_IMODE(new.stat().st_mode) == 0o700
    assert [f"from PostgreSQL {release} to 18" in one for one in said] == [True, False]
    assert str(new) in said[1]
    database = open_database(read_settings({}).at(folder), with_demo=False)
    database.engine.dispose()
    embedded.stop(server)

    again: list[str] = []
    embedded.stop(embedded.start(folder, again.append))
    assert (again, cluster_of(folder)) == ([], new)
    assert {one.name for one in old.parent.iterdir() if one.is_dir()} == {old.name, new.name}


def test_one_whose_server_was_killed_is_upgraded_with_what_it_had_written(older: Path) -> None:
    with of_release(15):
        server = embedded.start(older)
        tell(server.owner_url, "update school.class set name = name || ' Z'")
        for process in sorted(processes(cluster_of(older).parent), reverse=True):
            os.kill(process, signal.SIGKILL)
        embedded.stop(server)
    server = embedded.start(older)
    assert ask(server.owner_url, "select count(*) from school.class where name like '% Z'") == 3


def test_without_the_old_programs_it_is_told_what_to_do_and_nothing_is_changed(
    older: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = files_of(cluster_of(older))
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(releases, "PLACES", ())
        elsewhere.setenv("PATH", "/nowhere")
        with pytest.raises(
            EmbeddedError, match="is of PostgreSQL 15, and this program brings"
        ) as told:
            embedded.start(older)
    assert "postgresql-15" in str(told.value)
    assert files_of(cluster_of(older)) == before
    assert len(stored_in(older)["student_module_progress"]) == 5


def test_where_the_disk_has_no_room_or_a_program_fails_the_old_one_stays(
    older: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = cluster_of(older)
    with monkeypatch.context() as full:
        full.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=1_000_000))
        with pytest.raises(EmbeddedError, match="must be free beside it, and 1 MB are"):
            embedded.start(older)
    with monkeypatch.context() as unlike:
        unlike.setattr(cluster, "INITDB", ("--username=somebody", *cluster.INITDB[1:]))
        with pytest.raises(EmbeddedError, match=r"is as it was\. pg_upgrade said: "):
            embedded.start(older)
    assert cluster_of(older) == old
    assert len(as_then(15, older)["student_module_progress"]) == 5
    assert len(stored_in(older)["student_module_progress"]) == 5
    assert cluster_of(older) != old


DIES = """
import os, signal, sys
from pathlib import Path
from data.database import embedded
from data.database.embedded import {module}
def die(*arguments, **options):
    os.kill(os.getpid(), signal.SIGKILL)
{module}.{name} = die
embedded.start(Path(sys.argv[1]))
"""


KILLED = {
    "begun": ("place", "run"),
    "copied": ("upgrading", "_names"),
    "named": ("files", "write_note"),
}


@pytest.mark.parametrize("when", chosen(sample=["begun", "named"], nightly=[*KILLED]))
def test_a_start_that_is_killed_meanwhile_is_begun_anew(older: Path, when: str) -> None:
    """Before the copy, between the copy and its name, and between its name and the note of it."""
    module, name = KILLED[when]
    old = cluster_of(older)
    app = App(older, code=DIES.format(module=module, name=name))
    app.leave()
    assert app.process.returncode == -signal.SIGKILL
    assert cluster_of(older) == old
    assert len(stored_in(older)["student_module_progress"]) == 5
    assert cluster_of(older) != old


def test_one_of_a_newer_release_is_left_alone(existing: Path) -> None:
    (cluster_of(existing) / "PG_VERSION").write_text("19\n")
    with pytest.raises(
        EmbeddedError, match=r"newer release of this program .* Nothing was changed"
    ):
        embedded.start(existing)
