"""The worked example of the guide: an adapter for a school of a third kind, attached as it stands there."""

import re
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.clusters import Cluster
from tests.database.attached.attaching import asked
from tests.database.attached.host import Host, Hosts
from tests.database.command_line import run

GUIDE = Path(__file__).parents[3] / ".github" / "OPERATING.md"
EXAMPLE = re.compile(r"<!-- worked example -->\n```sql\n(.*?)```", re.DOTALL)

SCHOOL = """
create schema sis;
create table sis.forms (name text primary key, year_group integer, tutor text, second_tutor text);
create table sis.pupils (
    progress_id uuid primary key, first_name text, last_name text, mail varchar(200), left_on date,
    admission_no integer, form_name text references sis.forms, pin_hash text
);
create table sis.employees (
    progress_id uuid primary key, code text unique, display_name varchar(200), mail varchar(200),
    is_head boolean, teaches boolean, is_employed boolean, pin_hash text
);
create table public.units (
    id uuid primary key, kind varchar(20), title text, place integer, year_group integer
);
create type public.progress_status as enum ('NotStarted', 'InProgress', 'Completed');
create table public.student_module_progress (
    student_id uuid not null,
    module_id uuid not null references public.units,
    status public.progress_status not null default 'NotStarted',
    score numeric,
    progress_details jsonb,
    last_updated timestamptz not null default now(),
    completed_at timestamptz,
    progress_percentage integer check (progress_percentage between 0 and 100),
    primary key (student_id, module_id)
);
create function public.id(number integer) returns uuid language sql immutable
return ('00000000-0000-4000-8000-' || lpad(number::text, 12, '0'))::uuid;
insert into sis.forms values ('7A', 7, 'ABC', 'DEF'), ('8B', 8, 'DEF', null);
insert into sis.pupils
select
    public.id(number), 'Pupil', number::text, null, case when number = 9 then '2026-01-01'::date end, number,
    case when number <= 5 then '7A' when number <= 8 then '8B' end
from generate_series(1, 9) as number;
insert into sis.employees values
(public.id(101), 'ABC', 'A. Tutor', 'a@example.org', false, true, true),
(public.id(102), 'DEF', 'B. Tutor', 'b@example.org', false, true, true),
(public.id(103), 'GHI', 'The head', 'head@example.org', true, false, true);
insert into public.units values
(public.id(201), 'Course', 'Halves', 1, 7),
(public.id(202), 'Assessment', 'Test', 2, 7),
(public.id(203), 'Course', 'Maps', 1, 8);
insert into public.student_module_progress (student_id, module_id, status)
select public.id(pupil), public.id(unit), 'InProgress'
from generate_series(1, 8) as pupil
cross join generate_series(201, 203) as unit;
"""


@pytest.fixture
def third(cluster_18: Cluster) -> Iterator[Host]:
    owner_url, app_url = cluster_18.empty_database()
    name = owner_url.split("/")[3].split("?")[0]
    root_url = cluster_18.url("postgres", name)
    with psycopg.connect(owner_url, autocommit=True) as owner:
        owner.execute(SCHOOL.encode())
    host = Host("third", owner_url, app_url, root_url, owner_url)
    yield host
    Hosts(cluster_18, "classes").drop(host)


def test_the_worked_example_of_the_guide_attaches(third: Host, tmp_path: Path) -> None:
    found = EXAMPLE.search(GUIDE.read_text(encoding="utf-8"))
    assert found is not None
    file = tmp_path / "our_school.sql"
    file.write_text(found[1], encoding="utf-8")
    settings = {"DATABASE_URL": third.app_url, "DATABASE_OWNER_URL": third.owner_url}
    result = run("attach", "--adapter", str(file), "--yes", **settings)
    assert result.exit_code == 0, result.output
    assert (
        "A teacher, one organisation (00000000-0000-4000-8000-000000000101) sees 15, allowed 15"
        in result.stdout
    )
    assert asked(third, "select count(*) from school.class_teacher") == [(3,)]
    exported = run(
        "export", "--actor", "b@example.org", "--class", "8B", "--format", "csv", **settings
    )
    assert exported.exit_code == 0, exported.output
    assert exported.stdout.count("Maps") == 3
