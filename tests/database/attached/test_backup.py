"""A platform's database is the platform's to back up, and what was made here comes back with it."""

from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url

from data.database import claims_keys
from tests.database.attached.host import Host
from tests.database.attached.test_attach_command import at
from tests.database.command_line import refused, run
from tests.database.test_restoring import dump, restore_into
from tests.database.test_upgrade import TABLES


def contents(host: Host) -> dict[str, object]:
    """Every row of every table, as text."""
    with host.root() as root:
        return {
            table: root.execute(
                f"select array_agg(it::text order by it::text) from {table} as it".encode()
            ).fetchone()
            for (table,) in root.execute(TABLES.encode()).fetchall()
        }


def test_backup_is_refused_and_the_platforms_own_copy_restores_all_of_it(
    platform: Host, cluster: str, tmp_path: Path
) -> None:
    assert run("attach", "--adapter", platform.adapter, "--yes", **at(platform)).exit_code == 0
    assert refused(run("backup", str(tmp_path / "one"), **at(platform)), "is the platform's")
    assert list(tmp_path.iterdir()) == []
    stored = contents(platform)
    file = dump(cluster, platform.root_url, tmp_path / "theirs")
    name = make_url(platform.root_url).database
    admin = platform.root_url.replace(f"/{name}?", "/postgres?")
    with psycopg.connect(admin, autocommit=True) as root:
        root.execute(f"drop database {name} with (force)".encode())
        root.execute(f"create database {name} template template0 owner host_owner".encode())
    restore_into(platform.root_url, cluster, file)
    assert contents(platform) == stored
    done = run("migrate", **at(platform))
    assert done.exit_code == 0, done.output
    key = claims_keys.present_key(platform.owner_url)
    assert key is not None
    checked = run("check", **at(platform))
    assert checked.exit_code == 0, checked.output
