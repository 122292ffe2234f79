"""`python -m tests.benchmarks.writes`: what a million platform writes a day take of the disk in a year.

A platform writes (platform_writes.py) as on a school day, or as fast as the machine lets it. What that added is
counted for each table, and told for a year in which 90 days of full history are kept. Ends with 1 above what is
allowed.
"""

import sys
import tempfile
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import click
import psycopg

from data.database import embedded
from data.database.migrate import migrate
from tests.benchmarks.platform_writes import A_DAY, Connection, Platform, fill

KEPT_DAYS: Final = 90
MOST_GB: Final = 50

SIZES: Final = """
select
    coalesce(pg_partition_root(pg_index.indrelid), pg_index.indrelid, pg_partition_root(stored.oid), stored.oid)
        ::regclass::text as of_table,
    coalesce(pg_partition_root(stored.oid), stored.oid)::regclass::text as name,
    sum(case when stored.relkind = 'i' then pg_relation_size(stored.oid) else pg_table_size(stored.oid) end)
        ::bigint as bytes
from pg_class as stored
left join pg_index on pg_index.indexrelid = stored.oid
where stored.relkind in ('r', 'i')
    and stored.relnamespace in (
        select oid from pg_namespace where nspname in ('school', 'dashboard', 'internal')
    )
group by 1, 2
"""
HISTORY: Final = "dashboard.history"

Sizes = dict[tuple[str, str], int]


def sizes(owner: Connection) -> Sizes:
    """Bytes of each of our own tables and indexes, all months of the history as one."""
    return {(table, name): size for table, name, size in owner.execute(SIZES)}


def packed(owner: Connection) -> int:
    """The bytes of all tables but the history, without room for more and with nothing left to be worked out."""
    owner.execute("select internal.settle(1000000000)")
    for table in sorted({table for table, _ in sizes(owner)}):
        if table != HISTORY:
            owner.execute(f"vacuum full {table}".encode())
    return sum(size for (table, _), size in sizes(owner).items() if table != HISTORY)


def measured(owner_url: str, seconds: float, writers: int, between: float) -> dict[str, Any]:
    """Bytes a write, in an empty database: of the history by table and index, of all else what stays of it, and
    of WAL; and once what is loose in all else."""
    with psycopg.connect(owner_url, autocommit=True) as owner:
        platform = Platform(owner_url, fill(owner))
        platform.begin()
        rest = packed(owner)
        before, wal, entries = sizes(owner), _wal(owner), _entries(owner)
        began = time.monotonic()
        with ThreadPoolExecutor(writers) as threads:
            parts = [
                threads.submit(platform.run, one, writers, one, between) for one in range(writers)
            ]
            while time.monotonic() < began + seconds and not any(part.done() for part in parts):
                time.sleep(min(1, seconds))
                owner.execute("select internal.settle(1000)")
            platform.is_over.set()
            writes = sum(part.result() for part in parts)
        took = time.monotonic() - began
        wal, entries, after = _wal(owner) - wal, _entries(owner) - entries, sizes(owner)
        full = packed(owner)
    history = {
        name: (size - before.get((table, name), 0)) / writes
        for (table, name), size in after.items()
        if table == HISTORY
    }
    loose = sum(size for (table, _), size in after.items() if table != HISTORY) - full
    return {
        "writes": writes, "entries": entries, "seconds": took, "history": history, "wal": wal / writes,
        "rest": (full - rest) / writes, "loose": loose,
    }  # fmt: skip


def _wal(owner: Connection) -> int:
    return int(owner.execute("select pg_current_wal_insert_lsn() - '0/0'::pg_lsn").fetchone()[0])  # type: ignore[index]


def _entries(owner: Connection) -> int:
    return int(owner.execute("select count(*) from dashboard.history").fetchone()[0])  # type: ignore[index]


def gigabytes_a_year(found: Mapping[str, Any]) -> float:
    """History of the days it is kept, what else stays of a year's writes, and once what is loose."""
    history = sum(found["history"].values()) * A_DAY * KEPT_DAYS
    return float(history + found["rest"] * A_DAY * 365 + found["loose"]) / 1e9


def told(found: Mapping[str, Any]) -> str:
    parts = sorted(found["history"].items(), key=lambda part: -part[1])
    by_part = ", ".join(
        f"{name.rpartition('.')[2]} {size:.0f}" for name, size in parts if size >= 0.5
    )
    return (
        f"{found['writes']:,} writes in {found['seconds']:.0f} s, {found['entries']:,} entries. A write took "
        f"{sum(found['history'].values()):.0f} bytes of history ({by_part}), {found['rest']:.0f} of everything "
        f"else, and {found['wal'] / 1000:.1f} kB of WAL. A million writes a day, with {KEPT_DAYS} days of full "
        f"history kept, take {gigabytes_a_year(found):.0f} GB after a year (at most {MOST_GB} wanted)."
    )


@click.command()
@click.option("--minutes", default=60.0, show_default=True, help="How long it writes.")
@click.option("--writers", default=2, show_default=True, help="How many write at once.")
@click.option(
    "--between",
    default=15.0,
    show_default=True,
    help="Seconds from one write of a student to the next; 0: none.",
)
def main(minutes: float, writers: int, between: float) -> None:
    """Write as a platform does, and say what a year of it takes."""
    with tempfile.TemporaryDirectory(prefix="progress-writes-") as folder:
        server = embedded.start(Path(folder) / "database")
        try:
            migrate(server.owner_url, server.app_url)
            found = measured(server.owner_url, 60 * minutes, writers, between)
        finally:
            embedded.stop(server)
    click.echo(told(found))
    sys.exit(gigabytes_a_year(found) > MOST_GB)


if __name__ == "__main__":
    main(prog_name="python -m tests.benchmarks.writes")
