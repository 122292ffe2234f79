"""The dashboard on a school's own database, whose platform writes all through, and what that holds itself."""

import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import cycle
from pathlib import Path
from typing import Final, NamedTuple
from uuid import UUID

import psycopg

from data.database.attaching.adapter import SHIPPED
from data.database.claims_keys import present_key
from tests.accounts import Service, serving_over
from tests.browsing import free_port
from tests.clusters import DEBIAN_15
from tests.database.attached.attaching import asked, attached
from tests.database.attached.host import (
    CLIENT,
    MODULE,
    STAFF,
    STUDENT,
    Host,
    hosts,
    id_of,
    upsert_as_student,
)
from tests.machine import need
from tests.profiles import chosen

TEACHES: Final = """-- relation: class_teacher
select md5(profiles.client_id::text || products.id::text)::uuid as class_id, profiles.id as staff_id
from public.profiles
join public.products on products.name = 'Mathematics'
where lower(profiles.role) = 'teacher'
"""
"""In place of the last section of the shipped adapter: this platform has teachers."""

WRITES: Final = cycle([(student, 5) for student in (*range(41, 51), *range(61, 71))])
"""Whose row in which module the platform writes, over and over."""

PAUSE: Final = chosen(sample=0.2, nightly=0.02)
"""Seconds between its writes: each makes every page that is open read anew."""

CELLS: Final = """
with member as (
    select students.id as student_id, students.client_id, taken.product_id
    from public.students
    join public.clients on clients.id = students.client_id and clients.is_active
    join lateral (
        select product_id from public.client_product_assignments where client_id = students.client_id
        union
        select product_id from public.student_product_assignments where student_id = students.id
    ) as taken on true
    where students.is_active
),
part as (
    select product_id, id as module_id from public.modules where product_id is not null
    union
    select product_id, module_id from public.module_product_assignments
)
select
    client_id, md5(client_id::text || product_id::text)::uuid, student_id, module_id,
    coalesce(status::text, 'NotStarted')
from member
join part using (product_id)
left join public.student_module_progress using (student_id, module_id)
"""
"""By the platform's own tables alone, and not as its adapter asks them."""

ENROLLED: Final = """
select students.client_id
from public.students
join public.clients on clients.id = client_id
where students.is_active and clients.is_active
"""
"""The institution of each student who is there."""


PERCENTAGE: Final = """
select progress_percentage
from public.student_module_progress
where student_id = %s and module_id = %s
"""


class Cell(NamedTuple):
    """A module of a student in a class, and its status in the platform's word."""

    client: UUID
    class_id: UUID
    student: UUID
    module: UUID
    status: str


def completed(cells: Iterable[Cell]) -> int:
    """How many are."""
    return sum(one.status == "Completed" for one in cells)


def by_status(cells: Iterable[Cell]) -> str:
    """As pages say it: '3 in progress, 2 not started, 1 other'."""
    many = Counter(one.status for one in cells)
    told = f"{many['InProgress']} in progress, {many['NotStarted']} not started"
    return told + (f", {many['Paused']} other" if many["Paused"] else "")


@dataclass
class Platform:
    """It writes until it is ended; `errors` is what became of writes that failed."""

    host: Host
    written: int = 0
    errors: list[str] = field(default_factory=list)
    is_over: threading.Event = field(default_factory=threading.Event)

    def write(self) -> None:
        """Some of its rows, again and again: their status stays as it is."""
        with psycopg.connect(self.host.platform_url, autocommit=True) as connection:
            for student, module in WRITES:
                if self.is_over.wait(PAUSE):
                    return
                try:
                    self.upsert(connection, student, module, self.written % 100)
                except psycopg.Error as error:
                    self.errors.append(str(error))
                self.written += 1

    def upsert(
        self, connection: psycopg.Connection[object], student: int, module: int, percentage: int
    ) -> None:
        """One write of a student's own."""
        row = id_of(STUDENT, student), id_of(MODULE, module)
        upsert_as_student(connection, *row, "InProgress", percentage)

    def holds(self, student: int, module: int) -> object:
        """The percentage of this row."""
        row = id_of(STUDENT, student), id_of(MODULE, module)
        return asked(self.host, PERCENTAGE, *row)[0][0]

    def writes(self, student: int, module: int, percentage: int) -> None:
        """The same, this once."""
        with psycopg.connect(self.host.platform_url, autocommit=True) as connection:
            self.upsert(connection, student, module, percentage)


@dataclass(frozen=True)
class AttachedApp:
    """The running dashboard, the host that it is attached to, and who writes there."""

    url: str
    host: Host
    service: Service
    platform: Platform

    def cells(self) -> list[Cell]:
        """Every module of every student in every class, as it is just now."""
        return [Cell(*row) for row in asked(self.host, CELLS)]


def _school(host: Host, folder: Path) -> Host:
    """With a coordinator and a teacher among its staff, and an adapter of its own."""
    for role, person in (("coordinator", 20), ("teacher", 6)):
        called = "update public.profiles set role = %s, client_id = %s where id = %s"
        asked(host, called, role, id_of(CLIENT, 1), id_of(STAFF, person))
    adapter, sections = folder / "ours.sql", (SHIPPED / "institutions.sql").read_text()
    adapter.write_text(sections.partition("-- relation: class_teacher")[0] + TEACHES)
    return replace(host, adapter=str(adapter))


@contextmanager
def serving_attached(folder: Path) -> Iterator[AttachedApp]:
    """The learning platform on PostgreSQL 15, attached while it writes, and the dashboard over it."""
    need(DEBIAN_15, "Debian's PostgreSQL 15")
    service = Service(())
    with hosts("institutions", DEBIAN_15) as server:
        host = _school(server.new(), folder)
        platform = Platform(host)
        for student in (*range(41, 51), *range(61, 71)):
            platform.writes(student, 5, 1)
        writer = threading.Thread(target=platform.write)
        writer.start()
        service.up()
        try:
            attached(host).engine.dispose()
            key = present_key(host.owner_url)
            assert key is not None
            database = {"DATABASE_URL": host.app_url, "DATABASE_CLAIMS_KEY": key.written}
            services = {"school": service.section}
            with serving_over(database, folder, free_port(), services) as url:
                yield AttachedApp(url, host, service, platform)
        finally:
            platform.is_over.set()
            writer.join()
            service.down()
    assert platform.errors == []
    assert platform.written > 0
