-- The roster is written by people now: what that asks of its tables, and where its changes are recorded.

alter table school.student add column number text check (length(number) between 1 and 100);
alter table school.student add column left_on date;
alter table school.student add column merged_into uuid references school.student (id);
alter table school.student add check (left_on is null or not is_active);
alter table school.student add check (merged_into is null or (merged_into <> id and not is_active));
create unique index student_number on school.student (organisation_id, number) where number is not null;
create index student_merged_into on school.student (merged_into) where merged_into is not null;

alter table school.staff drop constraint staff_role_check;
alter table school.staff add check (role in ('viewer', 'teacher', 'coordinator', 'admin'));
alter table school.staff drop constraint staff_check;
alter table school.staff add check (role in ('coordinator', 'admin') or organisation_id is not null);

create index staff_address on school.staff (lower(email collate "C"));

alter table school.class add column school_year text check (length(school_year) between 1 and 20);
alter table school.class add column archived_at timestamptz;
alter table school.class drop constraint class_organisation_id_name_key;
alter table school.class add unique nulls not distinct (organisation_id, name, school_year);

-- Two students who are one are put together.
alter table dashboard.batch drop constraint batch_source_check;
alter table dashboard.batch add check (
    source in ('form', 'grid', 'bulk', 'file', 'undo', 'restore', 'merge', 'command line')
);

-- What a class holds is taken out of it one by one, and so recorded, before it goes.
alter table school.class_student drop constraint class_student_class_id_fkey;
alter table school.class_student add foreign key (class_id) references school.class (id);
alter table school.class_module drop constraint class_module_class_id_fkey;
alter table school.class_module add foreign key (class_id) references school.class (id);
alter table school.class_teacher drop constraint class_teacher_class_id_fkey;
alter table school.class_teacher add foreign key (class_id) references school.class (id);

create table school.retired_module (
    module_id uuid primary key references public.modules (id),
    retired_at timestamptz not null default now()
);

alter table school.retired_module enable row level security;

create table school.source_id (
    organisation_id uuid not null references public.organisations (id),
    source text not null check (length(source) between 1 and 200),
    kind text not null check (kind in ('student', 'staff', 'class', 'module')),
    source_id text not null check (length(source_id) between 1 and 500),
    our_id uuid not null,
    primary key (organisation_id, source, kind, source_id)
);

create index source_id_our_id on school.source_id (our_id);

alter table school.source_id enable row level security;

create table school.roster_lock (
    organisation_id uuid not null references public.organisations (id),
    kind text not null check (kind in ('student', 'staff', 'class')),
    locked_id uuid not null,
    field text not null check (length(field) between 1 and 100),
    primary key (locked_id, field)
);

alter table school.roster_lock enable row level security;

create table dashboard.roster_batch (
    id uuid primary key,
    at timestamptz not null default clock_timestamp(),
    author_id uuid not null,
    source text not null check (source in ('form', 'bulk', 'file', 'undo', 'command line')),
    reason text check (length(reason) between 1 and 500),
    undoes uuid references dashboard.roster_batch (id),
    digest text not null check (length(digest) = 64)
);

create index roster_batch_undoes on dashboard.roster_batch (undoes) where undoes is not null;

create index roster_batch_at on dashboard.roster_batch (at, id);

alter table dashboard.roster_batch enable row level security;

create table dashboard.roster_change (
    id bigint generated always as identity primary key,
    at timestamptz not null default clock_timestamp(),
    relation text not null,
    key jsonb not null,
    organisation_id uuid,
    operation text not null check (operation in ('insert', 'update', 'delete')),
    author_id uuid,
    batch_id uuid references dashboard.roster_batch (id),
    before jsonb,
    after jsonb
);

create index roster_change_batch on dashboard.roster_change (batch_id) where batch_id is not null;

create index roster_change_organisation on dashboard.roster_change (organisation_id, id);

create index roster_change_key on dashboard.roster_change (relation, key, id);

alter table dashboard.roster_change enable row level security;
