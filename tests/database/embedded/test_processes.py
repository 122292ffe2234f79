"""The embedded server shared, stopped and killed: nothing is left running, nothing is lost."""

import os
import signal
import threading
import time
from pathlib import Path

import psycopg
import pytest

from data.database import embedded
from data.database.embedded import Server
from tests.database.embedded.starting import (
    APP,
    App,
    ask,
    cluster_of,
    eventually,
    gone,
    keep,
    processes,
    socket_of,
)
from tests.machine import slower


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
    assert time.monotonic() - started < 1.5 * slower(), (
        "an existing cluster takes 0.1 s, a new one 0.7 s"
    )
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
