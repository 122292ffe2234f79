"""Schools' own databases as real ones were seen: a platform on Supabase, and classes on plain PostgreSQL."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import psycopg
from psycopg import sql
from sqlalchemy import Connection
from sqlalchemy.engine import make_url

from data.access.engine import engine_for_once
from tests.clusters import Cluster, running_cluster

SQL: Final = Path(__file__).parent
NUMBERS: Final = count(1)

CLIENT, STUDENT, STAFF, PRODUCT = "c1", "5d", "5f", "b0"
MODULE, LESSON, CLASS, NOBODY = "a0", "1e", "d0", "99"
"""The kinds of ids in the SQL files."""


def id_of(kind: str, number: int) -> UUID:
    """`id_of(STUDENT, 7)`: the seventh student."""
    return UUID(f"{kind}000000-0000-4000-8000-{number:012d}")


@dataclass(frozen=True)
class Host:
    """A school's database with nothing of ours in it.

    `adapter` names the one that reads it. The platform itself connects at `platform_url`. The app's login at
    `app_url` is not made yet.
    """

    adapter: str
    owner_url: str
    app_url: str
    root_url: str
    platform_url: str

    def owner(self) -> psycopg.Connection[Any]:
        """A connection as the owner of the tables, who is no superuser; each statement is committed."""
        return psycopg.connect(self.owner_url, autocommit=True)

    def root(self) -> psycopg.Connection[Any]:
        """A connection as the server's superuser; each statement is committed."""
        return psycopg.connect(self.root_url, autocommit=True)

    def spoil(self, statements: str) -> None:
        """Something of the host's made otherwise, by the superuser."""
        with self.root() as root:
            root.execute(statements.encode())

    @contextmanager
    def otherwise(self, statements: str = "") -> Iterator[Connection]:
        """A transaction of the owner's in which this is otherwise; nothing of it stays, be it a role."""
        with engine_for_once(self.root_url) as engine, engine.connect() as connection:
            driver = connection.connection.driver_connection
            assert driver
            driver.execute(statements.encode())
            driver.execute(f'set local role "{OWNERS[self.adapter]}"'.encode())
            yield connection

    def grow(self, rows: int) -> None:
        """So many rows of progress more, 50 a student. (A million take about 15 seconds.)"""
        with self.root() as root:
            root.execute((SQL / "grow.sql").read_bytes())
            root.execute("call public.grow(%s)", (rows // 50,))
            root.execute("drop procedure public.grow")
            root.execute("analyze")


@dataclass
class Hosts:
    """Such databases of one shape on a server of their own; the first is the template of the others."""

    cluster: Cluster
    shape: str
    template: str = ""

    def new(self) -> Host:
        """A host for a test to do with as it likes."""
        if not self.template:
            self.template = self._create("template1")
            MAKERS[self.shape](self._host(self.template))
        return self._host(self._create(self.template))

    def empty(self) -> Host:
        """A database of the shape's owner with nothing of a school's in it yet."""
        return self._host(self._create("template1"))

    def drop(self, host: Host) -> None:
        """With the roles of ours, where no other database of the server needs them."""
        command = sql.SQL("drop database {} with (force)")
        self._admin(command.format(sql.Identifier(make_url(host.root_url).database or "")))
        for role in ("progress_app", "dashboard_person", "dashboard_guest"):
            with suppress(psycopg.errors.DependentObjectsStillExist):
                self._admin(sql.SQL("drop role if exists {}").format(sql.Identifier(role)))

    def _host(self, name: str) -> Host:
        users = (OWNERS[self.shape], "progress_app", "postgres", WRITERS[self.shape])
        return Host(self.shape, *(self.cluster.url(user, name) for user in users))

    def _create(self, template: str) -> str:
        name = f"host_{next(NUMBERS)}"
        command = sql.SQL("create database {} template {} owner {} strategy file_copy")
        names = (sql.Identifier(one) for one in (name, template, OWNERS[self.shape]))
        self._admin(command.format(*names))
        return name

    def _admin(self, command: sql.Composed) -> None:
        with psycopg.connect(self.cluster.url("postgres", "postgres"), autocommit=True) as admin:
            admin.execute(command)


@contextmanager
def hosts(shape: str, programs: Path) -> Iterator[Hosts]:
    """A server for hosts of the shape `institutions` or `classes`, until the end.

    Of its own, since other tests look whether a host's roles are there, and detaching removes ours.
    """
    with running_cluster(programs) as cluster:
        with psycopg.connect(cluster.url("postgres", "postgres"), autocommit=True) as root:
            root.execute(ROLES[shape])
        yield Hosts(cluster, shape)


def _make_institutions(host: Host) -> None:
    with host.root() as root:
        root.execute((SQL / "supabase.sql").read_bytes())
    with host.owner() as owner:
        owner.execute((SQL / "platform.sql").read_bytes())
    with host.root() as root:
        root.execute((SQL / "rows.sql").read_bytes())
        root.execute("analyze")


def _make_classes(host: Host) -> None:
    with host.owner() as owner:
        owner.execute((SQL / "classes_host.sql").read_bytes())
        owner.execute("analyze")


ROLES: Final = {
    "institutions": (SQL / "roles.sql").read_bytes(),
    "classes": b'create role "School-Owner" login createrole',
}
OWNERS: Final = {"institutions": "host_owner", "classes": "School-Owner"}
WRITERS: Final = {"institutions": "authenticator", "classes": "School-Owner"}
MAKERS: Final = {"institutions": _make_institutions, "classes": _make_classes}

UPSERT: Final = """
insert into public.student_module_progress as it (student_id, module_id, status, progress_percentage)
values (%s, %s, %s, %s)
on conflict (student_id, module_id) do update
set status = excluded.status, progress_percentage = excluded.progress_percentage, last_updated = now()
"""


def upsert_as_student(
    platform: psycopg.Connection[Any], student: UUID, module: UUID, status: str, percentage: int
) -> None:
    """One write of the platform's own, as its web interface does it: `platform` connects to `platform_url`."""
    with platform.transaction():
        claims = json.dumps({"sub": str(student), "role": "authenticated"})
        platform.execute(
            "select set_config('role', 'authenticated', true), set_config('request.jwt.claims', %s, true)",
            (claims,),
        )
        platform.execute(UPSERT, (student, module, status, percentage))
