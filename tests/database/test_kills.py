"""Server and app killed again and again while they write: what was acknowledged is there, and once.

`pytest -s tests/database/test_kills.py` prints the counts.
"""

import multiprocessing
import os
import random
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import click
import pytest

from data.access.session import Database, connect
from data.database import claims_keys, embedded
from data.database.embedded import Server, files, place
from data.database.migrate import migrate
from tests import people
from tests.database.counting_writer import (
    STEP,
    WRITERS,
    Writer,
    await_more,
    begin_anew,
    count_up,
    stands_at,
    stored_batches,
    write_on,
)
from tests.machine import slower
from tests.profiles import chosen

KILLS = chosen(sample=6, nightly=20)
USABLE_AGAIN = 5.0  # seconds: from the kill until everybody has saved something again


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """The data folder of an embedded server with the cast, which is running; ended and removed after."""
    above = Path(tempfile.mkdtemp(prefix="kills-", dir="/tmp"))
    above.chmod(0o755)
    server = embedded.start(above / "data")
    migrate(server.owner_url, server.app_url)
    people.load(server.owner_url)
    yield server.data_dir
    embedded.stop(server)
    home = cluster_of(server.data_dir).parent
    if home.parent == place.SYSTEM_HOME:
        shutil.rmtree(home)
    shutil.rmtree(above)


def cluster_of(folder: Path) -> Path:
    note = files.read_note(folder)
    assert note is not None
    return note.cluster


def kill_server(folder: Path) -> None:
    """The postmaster is gone at once; its children end themselves as soon as they see it."""
    pid = int((cluster_of(folder) / "postmaster.pid").read_text().splitlines()[0])
    os.kill(pid, signal.SIGKILL)


def alone(server: Server, options: str = "") -> Database:
    """The server through a connection of one's own."""
    key = claims_keys.present_key(server.owner_url)
    return connect(server.app_url + options, key=key, pool_size=1)


def test_a_killed_server_loses_nothing_acknowledged(folder: Path) -> None:
    server = embedded.start(folder)
    begin_anew(server.owner_url)
    writers, stop, rng = [Writer(one) for one in WRITERS], threading.Event(), random.Random(1)
    history = {one.student: len(stored_batches(server.owner_url, one)) for one in writers}
    away = []
    with ThreadPoolExecutor(len(writers)) as threads:
        running = [threads.submit(one.write, alone(server), stop, again=True) for one in writers]
        try:
            for _ in range(KILLS):
                await_more(writers)
                time.sleep(rng.uniform(0, 0.1))
                killed = time.monotonic()
                kill_server(folder)
                server = embedded.start(folder)
                await_more(writers)
                away.append(time.monotonic() - killed)
        finally:
            stop.set()
        for one in running:
            one.result(60)
    for writer in writers:
        assert (
            stored_batches(server.owner_url, writer)[history[writer.student] :]
            == writer.acknowledged
        )
        assert stands_at(server.owner_url, writer) == len(writer.acknowledged) * STEP
    # More processes than cores make everything slower alike, and no quiet machine is near the limit.
    limit = USABLE_AGAIN * slower()
    assert max(away) < limit
    click.echo(
        f"\nServer killed {KILLS} times: {sum(len(one.acknowledged) for one in writers)} saves "
        f"acknowledged and there, once each; {sum(one.repeated for one in writers)} answers had been lost; "
        f"writing again after {max(away):.1f} s at most (of {limit:.1f} s)"
    )


def test_with_commits_that_wait_for_no_disk_acknowledged_work_is_lost(folder: Path) -> None:
    """The control: the test above would see it."""
    server = embedded.start(folder)
    for turn in range(1, 40):
        begin_anew(server.owner_url)
        writers, stop = [Writer(one) for one in WRITERS], threading.Event()
        with ThreadPoolExecutor(len(writers)) as threads:
            hasty = [alone(server, "&options=-csynchronous_commit%3Doff") for _ in writers]
            running = [
                threads.submit(one.write, database, stop, again=False)
                for one, database in zip(writers, hasty, strict=True)
            ]
            await_more(writers)
            await_more(writers)
            kill_server(folder)
            for one in running:
                one.result(60)
        server = embedded.start(folder)
        lost = sum(
            len(set(one.acknowledged) - set(stored_batches(server.owner_url, one)))
            for one in writers
        )
        if lost:
            click.echo(f"\nControl: {lost} acknowledged saves lost in kill {turn}")
            return
    raise AssertionError("nothing was ever lost")


# A server that has imported what the app needs, and whose every child is an app that has done nothing yet.
APPS = multiprocessing.get_context("forkserver")
APPS.set_forkserver_preload(["tests.database.counting_writer"])


def run_and_kill(server: Server, writer: Writer, patience: float) -> None:
    """The app as a process, killed `patience` seconds after it was first told that something is saved."""
    hears, says = APPS.Pipe(duplex=False)
    process = APPS.Process(
        target=write_on,
        args=(
            *(server.owner_url, server.app_url, writer.student),
            *(len(writer.acknowledged), writer.began, says),
        ),
    )
    process.start()
    says.close()
    heard = [hears.recv(), hears.recv()]
    time.sleep(patience)
    process.kill()
    with hears, suppress(EOFError):
        while True:
            heard.append(hears.recv())
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    for words in heard:
        match words:
            case ("try", number, batch):
                assert number == len(writer.acknowledged)
                writer.began = batch
            case ("told", repeated):
                writer.told(repeated)
            case _:
                raise AssertionError(words)


def test_a_killed_app_loses_nothing_acknowledged_and_applies_nothing_twice(folder: Path) -> None:
    server = embedded.start(folder)
    begin_anew(server.owner_url)
    writer, rng = Writer(people.ANN), random.Random(2)
    history = len(stored_batches(server.owner_url, writer))
    for _ in range(KILLS):
        run_and_kill(server, writer, rng.uniform(0, 0.15))
    unanswered = writer.began
    database = alone(server)
    actor = people.actor(database, people.COORDINATOR)
    outcome = count_up(actor, writer.student, len(writer.acknowledged), writer.began)
    writer.told(outcome.repeated)
    database.engine.dispose()
    assert writer.acknowledged[-1] == unanswered
    assert stored_batches(server.owner_url, writer)[history:] == writer.acknowledged
    assert stands_at(server.owner_url, writer) == len(writer.acknowledged) * STEP
    click.echo(
        f"\nApp killed {KILLS} times: {len(writer.acknowledged)} saves acknowledged and there, once each; "
        f"{writer.repeated} had been saved when the app was killed before it heard"
    )
