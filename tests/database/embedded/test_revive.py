"""The embedded server is started again by itself where it ended unasked, and only there."""

import logging
import os
import signal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from data import open as opening
from data.access.errors import DatabaseAway
from data.access.session import Database, acting_as_nobody
from data.database import embedded
from data.database.embedded import Server, revive
from data.open import keep_running, open_database, start_embedded
from data.settings import Settings
from tests.database.embedded.starting import App, cluster_of, eventually, gone, keep
from tests.machine import slower

PATIENCE = 20.0


def served(folder: Path) -> tuple[Settings, Server]:
    settings = Settings(data_dir=folder)
    server = start_embedded(settings, with_demo=False)
    return settings, server


def kill(folder: Path) -> int:
    """The postmaster, as a system short of memory does; its process id."""
    pid = int((cluster_of(folder) / "postmaster.pid").read_text().splitlines()[0])
    os.kill(pid, signal.SIGKILL)
    return pid


def is_there(database: Database) -> bool:
    try:
        with acting_as_nobody(database) as connection:
            return bool(connection.scalar(text("select 1")))
    except DatabaseAway:
        return False


def why(database: Database) -> DatabaseAway:
    with pytest.raises(DatabaseAway) as away, acting_as_nobody(database):
        pass
    return away.value


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [one.getMessage() for one in caplog.records if one.name == "data.database"]


def test_a_killed_server_is_there_again_without_a_click(
    existing: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings, server = served(existing)
    kept = keep(server.owner_url)
    database = open_database(settings, with_demo=False)
    assert is_there(database)
    for times in (1, 2):
        kill(existing)
        assert eventually(lambda: not is_there(database), PATIENCE * slower())  # the control
        assert eventually(lambda: is_there(database), PATIENCE * slower())
        assert eventually(lambda: len(told(caplog)) == 2 * times, PATIENCE)  # noqa: B023
        lines = told(caplog)
        assert lines[-2].startswith("the embedded database has ended")
        assert lines[-1].startswith("the embedded database runs again, after ")
    assert kept(server.owner_url)
    database.engine.dispose()


def test_a_server_that_was_stopped_stays_so(
    existing: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings, server = served(existing)
    keeper = keep_running(settings, server)
    assert keep_running(settings, server) is keeper
    embedded.stop(server)
    assert eventually(lambda: keeper.has_ended, PATIENCE)
    assert gone(existing)
    assert told(caplog) == []
    # Begun anew, it is looked after anew.
    _, server = served(existing)
    assert keep_running(settings, server) is not keeper


def test_who_shares_a_server_goes_on_with_it_when_its_process_was_killed(existing: Path) -> None:
    embedded.stop(served(existing)[1])
    other = App(existing)
    other.says()
    settings, server = served(existing)
    assert not server.mine
    database = open_database(settings, with_demo=False)
    other.kill()
    assert eventually(lambda: not is_there(database), PATIENCE * slower())
    assert eventually(lambda: is_there(database), PATIENCE * slower())
    # It can be reached a moment before it is known whose it is.
    assert eventually(lambda: is_mine(existing), PATIENCE)
    database.engine.dispose()


def is_mine(folder: Path) -> bool:
    found = embedded.running(folder)
    return found is not None and found.mine


def test_a_server_that_does_not_start_is_tried_later_each_time_and_told_once(
    existing: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(revive, "WAITS", (0.0, 0.2, 0.4))
    settings, _ = served(existing)
    database = open_database(settings, with_demo=False)
    config = cluster_of(existing) / "postgresql.conf"
    sound = config.read_text()
    tries: list[int] = []
    start = opening.start_embedded

    def counted(*given: Any, **named: Any) -> Server:
        tries.append(1)
        return start(*given, **named)

    monkeypatch.setattr(opening, "start_embedded", counted)
    config.write_text("nonsense = 1\n")
    kill(existing)
    assert eventually(lambda: len(tries) > 2, PATIENCE * slower())
    assert eventually(lambda: str(why(database)) == revive.STOPPED, PATIENCE * slower())
    assert "nonsense" in why(database).why
    config.write_text(sound)
    assert eventually(lambda: is_there(database), PATIENCE * slower())
    assert eventually(lambda: len(told(caplog)) == 3, PATIENCE)
    assert [one.levelno for one in caplog.records].count(logging.ERROR) == 1
    lines = told(caplog)
    assert [one.split(" (")[0].split(":")[0].split(",")[0] for one in lines] == [
        "the embedded database has ended",
        "the embedded database cannot be started again",
        "the embedded database runs again",
    ]
    database.engine.dispose()


def test_a_folder_that_was_deleted_is_told_and_no_empty_database_made_in_its_place(
    existing: Path, above: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(revive, "WAITS", (0.0, 0.2))
    settings, server = served(existing)
    kept = keep(server.owner_url)
    database = open_database(settings, with_demo=False)
    assert is_there(database)
    backup = above / "backup"
    existing.rename(backup)
    assert eventually(lambda: not is_there(database), PATIENCE * slower())

    assert eventually(lambda: str(why(database)) == revive.GONE, PATIENCE * slower())
    assert "Restore the data folder from a backup" in why(database).why
    with pytest.raises(DatabaseAway, match="are gone"):
        open_database(settings, with_demo=True)
    assert not existing.exists()
    backup.rename(existing)
    assert eventually(lambda: is_there(database), PATIENCE * slower())
    assert kept(server.owner_url)
    assert eventually(lambda: len(told(caplog)) == 3, PATIENCE)
    database.engine.dispose()


def test_an_app_that_ends_takes_its_server_with_it_though_it_kept_it_running(
    existing: Path,
) -> None:
    embedded.stop(served(existing)[1])
    code = APP
    app = App(existing, code=code)
    app.says()
    app.leave()
    assert gone(existing)


APP = """
import json, sys
from pathlib import Path
from data.open import keep_running, start_embedded
from data.settings import Settings
settings = Settings(data_dir=Path(sys.argv[1]))
keep_running(settings, start_embedded(settings, with_demo=False))
print(json.dumps({}))
sys.stdout.flush()
sys.stdin.read()
"""
