-- Names, modules and lessons where they are the platform's: copies, so that no page waits for its tables and no view of
-- ours is in the way of its own changes. internal.refresh_roster() fills them.

create table school.organisation (
    id uuid primary key,
    name text not null
);

alter table school.organisation enable row level security;

create table school.module (
    id uuid primary key,
    name text not null,
    type text not null,
    sequence integer,
    pass_mark numeric not null
);

alter table school.module enable row level security;

create table school.lesson (
    id uuid primary key,
    module_id uuid not null,
    title text not null,
    sequence integer,
    has_quiz boolean not null
);

create index lesson_module_id on school.lesson (module_id);

alter table school.lesson enable row level security;

-- Whoever asked that it be read again is not who changed it: the platform says nobody's name.
create or replace function internal.roster_author() returns uuid
language sql immutable
return null::uuid;

-- Who on the staff has this account of the platform's own service, whatever the e-mail.
create or replace function internal.staff_of_account(issuer text, subject text) returns setof uuid
language sql stable
set search_path = ''
as $$
    select staff.id
    from school.staff
    where staff.id::text = lower(subject)
        and staff.is_active
        and exists (select from internal.attachment where attachment.accounts_of = issuer)
$$;
