"""`python -m data backup`: one file, whole or not there, of a database in use."""

import io
import os
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from errno import EOPNOTSUPP
from pathlib import Path
from typing import Any

import psycopg
import pytest

from data.access.errors import DataError
from data.database.backup import dumping, file
from data.database.backup.file import Manifest, opened
from data.database.backup.programs import programs, started
from tests import people
from tests.clusters import Cluster, Scratch
from tests.database.command_line import ROOT, at, refused, run
from tests.database.test_upgrade import rows


@pytest.fixture
def any_mask() -> Iterator[None]:
    """As where new files are everybody's."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.fixture(params=[True, False], ids=["nameless", "hidden"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a file may be without a name until it is whole, and where not."""
    opens = os.open

    def open_named(path: Any, flags: int, *arguments: Any, **options: Any) -> int:
        if flags & os.O_TMPFILE == os.O_TMPFILE:
            raise OSError(EOPNOTSUPP, "no such files here")
        return opens(path, flags, *arguments, **options)

    if not request.param:
        monkeypatch.setattr(os, "open", open_named)


@pytest.mark.usefixtures("any_mask", "way")
def test_a_backup_is_one_file_for_its_owner_alone_and_replaces_nothing_unasked(
    school: Scratch, tmp_path: Path
) -> None:
    path = tmp_path / "one.backup"
    done = run("backup", str(path), **at(school))
    assert done.exit_code == 0, done.output
    assert "4 students, 3 classes" in done.stdout
    assert [one.name for one in tmp_path.iterdir()] == ["one.backup"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.read_bytes()
    assert refused(run("backup", str(path), **at(school)), "exists already")
    assert path.read_bytes() == before
    assert run("backup", str(path), "--overwrite", **at(school)).exit_code == 0
    assert path.read_bytes() != before
    assert [one.name for one in tmp_path.iterdir()] == ["one.backup"]
    with opened(path) as backup:
        counts = {name.removeprefix("public."): n for name, n in backup.manifest.tables.items()}
    stored = {table: len(found) for table, found in rows(school.owner_url).items()}
    by_month = [n for name, n in counts.items() if name.startswith("internal.history_")]
    assert sum(by_month) == stored.pop("dashboard.history") > 0
    assert stored.items() <= counts.items()


@pytest.mark.usefixtures("way")
def test_a_file_that_appears_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "one.backup"
    making = file.new_file(path, replaces=False)
    making.__enter__().write(b"mine")
    path.write_bytes(b"somebody's")
    with pytest.raises(DataError, match="exists already"):
        making.__exit__(None, None, None)
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [
        ("one.backup", b"somebody's")
    ]


def test_it_is_of_one_moment_while_others_write(school: Scratch, tmp_path: Path) -> None:
    """Each transaction of the writer changes two tables: a copy that has one of them alone is none."""
    with school.owner() as owner:
        owner.execute("create table public.one (n int); create table public.other (n int)")
        owner.execute('create table public."100 %" (n int)')
    ended = threading.Event()

    def write() -> None:
        with psycopg.connect(school.owner_url) as connection:
            while not ended.is_set():
                connection.execute(
                    "insert into public.one values (1); insert into public.other values (1)"
                )
                connection.commit()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(3):
            tables = dumping.back_up(school.owner_url, tmp_path / str(number)).tables
            assert tables["public.one"] == tables["public.other"]
    finally:
        ended.set()
        writer.join()
    with school.owner() as owner:
        counted = owner.execute("select count(*) from public.one").fetchone()
    assert counted != (tables["public.one"],), "nobody wrote meanwhile"


HANGS = """
import sys, time
from data.database.backup import dumping
def write(file, dump, manifest):
    file.write(dump.read(50_000))
    file.flush()
    print("half", flush=True)
    time.sleep(120)
dumping.write = write
from data.__main__ import data
data(["backup", *sys.argv[1:]])
"""


@pytest.mark.parametrize("way", [[], ["--overwrite"], ["--keep", "3"]], ids=["new", "over", "kept"])
def test_one_that_is_killed_leaves_nothing(school: Scratch, tmp_path: Path, way: list[str]) -> None:
    there = tmp_path / "one.backup"
    there.write_bytes(b"yesterday's")
    target = {"--overwrite": there, "--keep": tmp_path}.get("".join(way[:1]), tmp_path / "new")
    process = subprocess.Popen(
        [sys.executable, "-c", HANGS, str(target), *way],
        cwd=ROOT,
        env=os.environ | {name: str(value) for name, value in at(school).items()},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "half\n"
    process.kill()
    process.communicate()
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [
        ("one.backup", b"yesterday's")
    ]


FULL = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
from data.__main__ import data
data(["backup", *sys.argv[1:]])
"""


def test_one_for_which_there_is_no_room_is_told_and_leaves_nothing(
    school: Scratch, tmp_path: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path / "one")],
        cwd=ROOT,
        env=os.environ | {name: str(value) for name, value in at(school).items()},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == f"Error: {tmp_path / 'one'} cannot be written: File too large.\n"
    assert list(tmp_path.iterdir()) == []


def test_what_pg_dump_refuses_is_told_and_leaves_nothing(school: Scratch, tmp_path: Path) -> None:
    with psycopg.connect(school.owner_url.replace("progress_owner@", "postgres@")) as root:
        root.execute("create sequence public.locked")
    done = run("backup", str(tmp_path / "one"), **at(school))
    assert refused(done, "The backup failed: pg_dump: error: failed to get data for sequence")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_lacks_rows_is_not_kept(
    school: Scratch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = dumping._manifest

    def one_more(connection: Any) -> Manifest:
        manifest = told(connection)
        manifest.tables["dashboard.note"] += 1
        return manifest

    monkeypatch.setattr(dumping, "_manifest", one_more)
    assert refused(run("backup", str(tmp_path / "one"), **at(school)), "has not the rows")
    assert list(tmp_path.iterdir()) == []


def test_rows_that_break_off_are_counted_to_where_they_do() -> None:
    begun = b"COPY school.class (id) FROM stdin;\n1\n2\n"
    assert dumping._counted(io.BytesIO(begun + b"\\.\n")) == {"school.class": 2}
    # Its reader was killed: without an end of its own the counting would go on for ever.
    assert dumping._counted(io.BytesIO(begun)) == {"school.class": 2}


def test_a_time_that_transactions_may_take_ends_no_backup(
    school: Scratch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = file.write

    def slowly(*given: Any) -> Any:
        time.sleep(4)
        return write(*given)

    with psycopg.connect(school.owner_url, autocommit=True) as connection:
        name = connection.info.dbname
        connection.execute(f"alter database {name} set transaction_timeout = '3s'")
    with (
        psycopg.connect(school.owner_url) as other,
        pytest.raises(psycopg.errors.TransactionTimeout),
    ):
        other.execute("select pg_sleep(4)")
    monkeypatch.setattr(dumping, "write", slowly)
    assert dumping.back_up(school.owner_url, tmp_path / "one.backup").tables


def test_of_those_that_cron_makes_the_newest_stay_and_nothing_is_said(
    school: Scratch, tmp_path: Path
) -> None:
    own = [f"progress-202611{day:02}T010000Z.backup" for day in range(1, 5)]
    others = ["a.txt", "progress-20261101T010000Z.backup.txt", "progress.backup"]
    for name in own + others:
        (tmp_path / name).touch()
    done = run("backup", str(tmp_path), "--keep", "3", **at(school))
    assert (done.exit_code, done.output) == (0, "")
    left = {one.name for one in tmp_path.iterdir()} - set(others)
    assert len(left) == 3
    assert set(own[-2:]) < left
    (new,) = left - set(own)
    with opened(tmp_path / new) as backup:
        assert backup.manifest.tables["school.class"] == 3
    assert all((tmp_path / name).exists() for name in others)


def test_one_that_failed_removes_none_of_the_older(tmp_path: Path) -> None:
    older = tmp_path / "progress-20261101T010000Z.backup"
    older.touch()
    away = "postgresql://u:hunter2@/db?host=/nowhere"
    done = run("backup", str(tmp_path), "--keep", "1", DATABASE_URL=away, DATABASE_OWNER_URL=away)
    assert refused(done)
    assert "hunter2" not in done.output
    assert list(tmp_path.iterdir()) == [older]


def test_a_folder_needs_a_number_and_a_file_takes_none(school: Scratch, tmp_path: Path) -> None:
    for command in (["backup", str(tmp_path)], ["backup", str(tmp_path / "one"), "--keep", "3"]):
        assert run(*command, **at(school)).exit_code == 2
    assert list(tmp_path.iterdir()) == []


def test_where_there_is_no_database_none_is_made(tmp_path: Path) -> None:
    folder = tmp_path / "mistyped"
    done = run("--data-dir", str(folder), "backup", str(tmp_path / "one"))
    assert refused(done, f"There is no database in {folder}")
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_written_is_told(school: Scratch, tmp_path: Path) -> None:
    done = run("backup", str(tmp_path / "none" / "one"), **at(school))
    assert refused(done, "cannot be written: No such file or directory")


def test_no_password_is_in_the_list_of_processes() -> None:
    url = "postgresql://u:hunter%402@/d?host=one:1&host=two:2&sslmode=require"
    code = "import os, sys; print(*sys.argv[1:], os.environ['PGPASSWORD'], sep='\\n')"
    process = started(Path(sys.executable), "-c", code, url=url, stdout=subprocess.PIPE)
    said = process.communicate()[0].decode().splitlines()
    assert said[-1] == "hunter@2"
    assert {"host=one,two", "port=1,2", "sslmode=require"} < set(said[-2].split())
    assert not any("hunter" in one for one in said[:-1])
    with pytest.raises(DataError, match="sslpassword"):
        started(Path(sys.executable), url=url + "&sslpassword=hunter3")


def test_tools_of_a_newer_server_are_asked_for() -> None:
    assert programs(18)[1] == 18
    assert programs(17)[1] in (17, 18)
    with pytest.raises(DataError, match="postgresql-client-19"):
        programs(19)


@pytest.mark.parametrize("spoilt", ["bit", "end", "other", "empty"])
def test_what_is_no_whole_backup_is_told(school: Scratch, tmp_path: Path, spoilt: str) -> None:
    path = tmp_path / "one"
    dumping.back_up(school.owner_url, path)
    assert run("restore", str(path), "--look").exit_code == 0
    written = bytearray(path.read_bytes())
    match spoilt:
        case "bit":
            written[len(written) // 2] ^= 1
        case "end":
            del written[len(written) // 2 :]
        case "other":
            written[:] = b"PGDMP, the school's own"
        case "empty":
            written.clear()
    path.write_bytes(written)
    sentence = "is damaged" if spoilt == "bit" else "is no backup"
    assert refused(run("restore", str(path), "--look"), sentence)


def test_what_was_never_prepared_holds_nothing_to_back_up(
    cluster_18: Cluster, tmp_path: Path
) -> None:
    owner, app = cluster_18.empty_database()
    done = run("backup", str(tmp_path / "one"), DATABASE_URL=app, DATABASE_OWNER_URL=owner)
    assert refused(done, "nothing of this program's")


def test_the_look_tells_what_is_in_it(school: Scratch, tmp_path: Path) -> None:
    path = tmp_path / "one"
    dumping.back_up(school.owner_url, path)
    told = run("restore", str(path), "--look").stdout
    assert "Taken on 20" in told
    assert "4 students, 3 classes" in told
    assert str(people.ANN) not in told
