"""What lies in the embedded server's way: passed, or refused in words."""

import json
import os
import pwd
import resource
import signal
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from data.database import embedded
from data.database.embedded import EmbeddedError, place
from tests.database.embedded.starting import (
    AM_ROOT,
    App,
    ask,
    cluster_of,
    eventually,
    gone,
    ordinary_user,
    socket_of,
)


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
    hand.wait(60)


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
