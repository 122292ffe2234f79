-- Another school: classes with teachers, on plain PostgreSQL. No schema auth, no roles of a web interface, and an owner
-- whom nothing but owning sets apart. Said by that owner.

create table public.schools (id uuid primary key, name text not null);

create table public.teachers (
    id uuid primary key,
    school_id uuid references public.schools (id),
    full_name text not null,
    email text not null,
    role text not null default 'teacher',
    is_active boolean not null default true,
    password_hash text
);

create table public.students (
    id uuid primary key,
    school_id uuid not null references public.schools (id),
    full_name text not null,
    email text,
    is_active boolean not null default true
);

create table public.classes (
    id uuid primary key,
    school_id uuid not null references public.schools (id),
    name text not null,
    school_year text
);

-- No key: somebody may be in a class twice.
create table public.class_students (
    class_id uuid not null references public.classes (id),
    student_id uuid not null references public.students (id)
);

create table public.class_teachers (
    class_id uuid not null references public.classes (id),
    teacher_id uuid not null references public.teachers (id)
);

create table public.modules (
    id uuid primary key,
    type text not null,
    name text not null,
    sequence integer,
    configuration jsonb
);

create table public.lessons (
    id uuid primary key,
    module_id uuid not null references public.modules (id),
    title text not null,
    sequence integer,
    has_quiz boolean not null default false
);

create type public.progress_status as enum ('NotStarted', 'InProgress', 'Completed');

create table public.student_module_progress (
    student_id uuid not null references public.students (id),
    module_id uuid not null references public.modules (id),
    status public.progress_status not null default 'NotStarted',
    score numeric,
    progress_details jsonb,
    last_updated timestamptz not null default now(),
    completed_at timestamptz,
    progress_percentage integer check (progress_percentage between 0 and 100),
    primary key (student_id, module_id)
);

create index student_module_progress_module_id on public.student_module_progress (module_id);
alter table public.student_module_progress enable row level security;

create function pg_temp.id(kind text, number bigint) returns uuid
language sql immutable
as $$
    select (kind || '000000-0000-4000-8000-' || lpad(number::text, 12, '0'))::uuid
$$;

insert into public.schools (id, name)
select pg_temp.id('c1', number), 'School ' || number
from generate_series(1, 2) as number;

-- 6's word for a role nobody knows; 7 has left; 8 teaches nothing.
insert into public.teachers (id, school_id, full_name, email, role, is_active, password_hash)
select
    pg_temp.id('5f', number), case when number > 1 then pg_temp.id('c1', 1 + number % 2) end, 'Teacher ' || number,
    'teacher' || number || '@example.org',
    (array['admin', 'coordinator', 'Coordinator', 'teacher', 'Teacher', 'head of year', 'teacher', 'teacher'])[number],
    number <> 7, 'hash-' || number
from generate_series(1, 8) as number;

insert into public.students (id, school_id, full_name, email, is_active)
select
    pg_temp.id('5d', number), pg_temp.id('c1', 1 + number % 2), 'Student ' || number,
    'student' || number || '@example.org', number <> 30
from generate_series(1, 30) as number;

-- 5 is empty.
insert into public.classes (id, school_id, name, school_year)
select pg_temp.id('d0', number), pg_temp.id('c1', 1 + number % 2), 'Class ' || number, '2026'
from generate_series(1, 5) as number;

-- 1 is in two classes, and in one of them twice.
insert into public.class_students (class_id, student_id)
select pg_temp.id('d0', 1 + (number - 1) % 4), pg_temp.id('5d', number)
from generate_series(1, 30) as number
union all
values (pg_temp.id('d0', 3), pg_temp.id('5d', 1)), (pg_temp.id('d0', 3), pg_temp.id('5d', 1));

insert into public.class_teachers (class_id, teacher_id)
select pg_temp.id('d0', number - 3), pg_temp.id('5f', number)
from generate_series(4, 7) as number;

insert into public.modules (id, type, name, sequence)
select pg_temp.id('a0', number), (array['Course', 'Assessment'])[1 + number % 2], 'Module ' || number, number
from generate_series(1, 6) as number;

insert into public.lessons (id, module_id, title, sequence, has_quiz)
select pg_temp.id('1e', number), pg_temp.id('a0', 2), 'Lesson ' || number, number, number = 1
from generate_series(1, 3) as number;

insert into public.student_module_progress (student_id, module_id, status, score, last_updated, progress_percentage)
select
    pg_temp.id('5d', student), pg_temp.id('a0', module),
    (array['NotStarted', 'InProgress', 'Completed'])[1 + (student + module) % 3]::public.progress_status,
    case when module % 2 = 1 and (student + module) % 3 = 2 then 50 + student end,
    '2026-03-01T08:00:00Z'::timestamptz + student * interval '1 hour',
    50 * ((student + module) % 3)
from generate_series(1, 30) as student
cross join generate_series(1, 6) as module
where (student + 2 * module) % 4 <> 0;
