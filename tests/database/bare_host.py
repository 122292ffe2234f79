"""A platform's database as small as can be, whose own policy and grants open everything, and attached."""

from typing import Final

import psycopg
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from data.access.session import connect
from data.database import app_login, claims_keys, migrate
from data.database.kinds import Kind, platform_triggers
from tests import people
from tests.clusters import Cluster, Scratch

TABLES: Final = """
do $$
begin
    if not exists (select from pg_roles where rolname = 'pupils_of_a_host') then
        create role pupils_of_a_host nologin noinherit;
    end if;
end
$$;
create type public.progress_status as enum ('NotStarted', 'InProgress', 'Completed', 'Paused');
create table public.students (id uuid primary key, temporary_password text);
create table public.student_module_progress (
    student_id uuid not null references public.students (id),
    module_id uuid not null,
    status public.progress_status not null default 'NotStarted',
    score numeric,
    progress_details jsonb,
    last_updated timestamptz not null default now(),
    completed_at timestamptz,
    progress_percentage integer check (progress_percentage between 0 and 100),
    completed_videos text[],
    primary key (student_id, module_id)
);
create function public.asks_its_own() returns trigger language plpgsql as $$
begin
    if new.progress_details is null and not exists (select from public.students where id = new.student_id) then
        raise exception 'nobody';
    end if;
    return new;
end
$$;
create trigger asks_its_own before insert or update on public.student_module_progress
for each row execute function public.asks_its_own();
alter table public.student_module_progress enable row level security;
create policy opens_everything on public.student_module_progress using (true) with check (true);
grant all on all tables in schema public to pupils_of_a_host;
"""
"""With a column more than the contract has, a status that it does not know, and a trigger that asks its own
tables with the rights of whoever writes.

The role is none that real hosts have: tests look whether those are there.
"""

CAST: Final = f"""
insert into public.students (id, temporary_password)
select id, 'secret'
from unnest(array['{people.ANN}', '{people.BEN}', '{people.CLEO}', '{people.DAN}']::uuid[]) as id;
insert into public.student_module_progress (student_id, module_id, status, progress_percentage) values
    ('{people.ANN}', '{people.COURSE}', 'InProgress', 40),
    ('{people.BEN}', '{people.COURSE}', 'Paused', 50),
    ('{people.CLEO}', '{people.COURSE}', 'InProgress', 10),
    ('{people.DAN}', '{people.COURSE}', 'InProgress', 20);
"""


def bare(cluster: Cluster) -> tuple[str, str]:
    """Owner and app URLs of a platform's database, with the rows of the cast of tests/people.py."""
    owner, app = cluster.empty_database()
    with psycopg.connect(owner) as connection:
        connection.execute((TABLES + CAST).encode())
    return owner, app


ROSTER: Final = (
    *(
        "organisation",
        "module",
        "lesson",
        "student",
        "staff",
        "class",
        "class_student",
        "class_module",
    ),
    "class_teacher",
)


def fill(owner_url: str, from_url: str) -> None:
    """The roster of another database, by hand."""
    with psycopg.connect(owner_url) as owner, psycopg.connect(from_url) as other:
        for name in ROSTER:
            ask = "select array_agg(quote_ident(attname)) from pg_attribute where attrelid = %s::regclass"
            asked = owner.execute(f"{ask} and attnum > 0".encode(), (f"school.{name}",)).fetchone()
            assert asked is not None
            columns = ", ".join(asked[0])
            rows = other.execute(f"select {columns} from school.{name}".encode()).fetchall()
            places = ", ".join(["%s"] * len(asked[0]))
            owner.cursor().executemany(
                f"insert into school.{name} ({columns}) values ({places})".encode(), rows
            )


def attached(owner: str, app: str) -> Scratch:
    """Attached, with nobody in the roster yet."""
    engine = create_engine(make_url(owner).set(drivername="postgresql+psycopg"))
    with engine.begin() as connection:
        migrate.make(connection, Kind.ATTACHED)
        app_login.admit(connection, make_url(app))
        claims_keys.make_first(connection)
        for trigger in platform_triggers(Kind.ATTACHED).values():
            connection.exec_driver_sql(trigger.replace("%", "%%"))
    engine.dispose()
    key = claims_keys.present_key(owner)
    return Scratch(owner, app, connect(app, key=key, pool_size=3), key)
