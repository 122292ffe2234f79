"""pg_dump, pg_restore and psql: which ones, and how they are told where the database is."""

import os
import subprocess
from pathlib import Path
from typing import IO, Any, Final

from psycopg.conninfo import make_conninfo
from sqlalchemy.engine import make_url

from data.access.errors import DataError
from data.database.embedded import cluster, place
from data.database.embedded.releases import programs_of

NAMES: Final = ("pg_dump", "pg_restore", "psql")


def programs(major: int) -> tuple[Path, int]:
    """A folder with these programs for a server, or a file, of this major release; and of which they are.

    Of the same where they are to be had, for then that release's own tools read the file. Raises DataError.
    """
    if folder := programs_of(major, *NAMES):
        return folder, major
    if major <= int(cluster.MAJOR):
        return place.programs(None), int(cluster.MAJOR)
    raise DataError(
        f"This needs pg_dump, pg_restore and psql of PostgreSQL {major}: this program brings those of "
        f"{cluster.MAJOR}. Install them (in Debian: postgresql-client-{major})."
    )


def started(
    program: Path, *arguments: str, url: str | None = None, **streams: Any
) -> subprocess.Popen[bytes]:
    """One of them, connecting to `url` if one is given. Its password is in no list of processes."""
    environment = {**os.environ, "LC_ALL": "C"}
    if url is not None:
        it = make_url(url).set(drivername="postgresql+psycopg")
        _, told = it.get_dialect()().create_connect_args(it)  # of several hosts, too
        if "password" in told:
            environment["PGPASSWORD"] = told.pop("password")
        if "sslpassword" in told:
            raise DataError("The URL gives sslpassword, which these programs take from nobody.")
        arguments = (*arguments, "--no-password", "--dbname", make_conninfo(**told))
    return subprocess.Popen(  # noqa: S603
        [str(program), *arguments], env=environment, **streams
    )


def reason(said: IO[bytes]) -> str:
    """The first error among what a program wrote to this file, in one line."""
    said.seek(0)
    lines = said.read().decode("utf-8", "replace").strip().splitlines()
    return next((one for one in lines if "error:" in one.lower()), " ".join(lines[-1:]))
