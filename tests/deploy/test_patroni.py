"""Patroni, etcd and HAProxy as the files of `.github/deploy` have them: the primary and its Patroni are killed
while people write."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import click
import pytest

from data.access.session import connect
from data.addresses import as_database_url
from data.database import claims_keys
from data.reading.live import Listener
from data.reading.live.bell import Bell
from tests import people
from tests.database.command_line import run
from tests.database.counting_writer import (
    STEP,
    WRITERS,
    Writer,
    await_more,
    begin_anew,
    hears,
    stands_at,
    stored_batches,
)
from tests.deploy.patroni import Park, park
from tests.machine import slower, until

pytestmark = pytest.mark.by_night  # minutes, and programs that a machine may lack

WRITING_AGAIN = 10.0  # seconds after the promotion
OWNER = "create role progress_owner login createrole password 'secret'"


@pytest.fixture(scope="module")
def three() -> Iterator[Park]:
    with park() as one:
        with one.primary().root() as root:
            root.execute(OWNER)
            root.execute("create database progress owner progress_owner")
        yield one


def url(user: str, servers: str) -> str:
    return f"postgresql://{user}:secret@{servers}/progress"


def test_every_command_finds_the_primary(three: Park, tmp_path: Path) -> None:
    for servers in (three.servers, three.proxy):
        named = {
            "DATABASE_OWNER_URL": url("progress_owner", servers),
            "DATABASE_URL": url("progress_app", servers),
        }
        for command in (["migrate"], ["check"], ["backup", str(tmp_path / f"{len(servers)}")]):
            done = run(*command, **named)
            assert done.exit_code == 0, done.output
    people.load(url("progress_owner", three.primary().address))


@pytest.mark.parametrize("way", ["servers", "proxy"])
def test_a_primary_that_is_killed_with_its_patroni_costs_nothing_that_was_acknowledged(
    three: Park, way: str
) -> None:
    before = three.primary()
    owner = url("progress_owner", before.address)
    begin_anew(owner)
    writers, stop, changed = [Writer(one) for one in WRITERS], threading.Event(), threading.Event()
    older = {one.student: len(stored_batches(owner, one)) for one in writers}
    named = as_database_url(url("progress_app", getattr(three, way)))
    database = connect(named, key=claims_keys.present_key(owner))
    ear = Bell(database)
    with (
        ThreadPoolExecutor(len(writers)) as threads,
        Listener(database).subscription(lambda _: changed.set()),
    ):
        running = [threads.submit(one.write, database, stop, again=True) for one in writers]
        try:
            await_more(writers)
            until(lambda: hears(ear))
            killed = time.monotonic()
            before.end()
            others = [one for one in three.nodes if one is not before]
            until(lambda: any(one.is_primary() for one in others), 60)
            promoted = time.monotonic()
            took = await_more(writers)
            until(lambda: hears(ear))
            changed.clear()
            assert changed.wait(10 * slower())
            heard = time.monotonic() - promoted
            before.run()
            until(lambda: before.says("select pg_is_in_recovery()") is True, 120)
            await_more(writers)  # whoever asks first does not stay with it
        finally:
            stop.set()
        for one in running:
            one.result(120)
    ear.close()
    after = three.primary()
    assert after is not before
    there = url("progress_owner", after.address)
    for writer in writers:
        assert stored_batches(there, writer)[older[writer.student] :] == writer.acknowledged
        assert stands_at(there, writer) == len(writer.acknowledged) * STEP
    assert took < WRITING_AGAIN
    acknowledged = sum(len(one.acknowledged) for one in writers)
    repeated = sum(one.repeated for one in writers)
    click.echo(
        f"\n{way}: {acknowledged} saves acknowledged and there, once each ({repeated} answers "
        f"had been lost); promoted {promoted - killed:.1f} s after the kill, all writing again "
        f"{took:.1f} s and heard {heard:.1f} s after that"
    )
