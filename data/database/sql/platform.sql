-- The host platform's side, as a Supabase-like learning platform has it. Only a database that has no progress table
-- of its own gets this. Row level security is on and no policy lets anybody in: people read what roster.sql narrows.

create schema if not exists auth;

grant usage on schema auth, public to dashboard_person;
grant usage on schema auth to dashboard_guest;

create table auth.users (
    id uuid primary key default gen_random_uuid(),
    email text
);

alter table auth.users enable row level security;

-- After a commit the transaction-local setting is '' and not null, hence nullif.
create or replace function auth.uid() returns uuid
language sql stable
set search_path = ''
as $$
    select (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')::uuid
$$;

grant execute on function auth.uid() to dashboard_guest, dashboard_person;

-- Who writes where we have no signature (claims.sql).
create or replace function internal.platform_author() returns uuid
language sql stable
set search_path = ''
as $$
    select auth.uid()
$$;

-- An error while we record what the platform writes is its error too (attachment.sql has the other answer).
create or replace function internal.is_forgiven(what text) returns boolean
language sql stable
return false;

-- Accounts of who is erased (erased.sql): nobody signs in or is written about meanwhile, and afterwards there is none.
create or replace function internal.hold_accounts(ids uuid[]) returns void
language plpgsql
set search_path = ''
as $$
begin
    perform from auth.users where users.id = any (ids) for update;
end
$$;

create or replace function internal.remove_accounts(ids uuid[]) returns void
language sql
set search_path = ''
as $$
    delete from auth.users where users.id = any (ids)
$$;

create table public.organisations (
    id uuid primary key default gen_random_uuid(),
    name text not null
);

alter table public.organisations enable row level security;

create table public.modules (
    id uuid primary key default gen_random_uuid(),
    type text not null,
    name text not null,
    sequence integer,
    configuration jsonb
);

alter table public.modules enable row level security;

create table public.lessons (
    id uuid primary key default gen_random_uuid(),
    module_id uuid not null references public.modules (id),
    title text not null,
    sequence integer,
    has_quiz boolean not null default false
);

create index lessons_module_id on public.lessons (module_id);

alter table public.lessons enable row level security;

create type public.progress_status as enum ('NotStarted', 'InProgress', 'Completed');

create table public.student_module_progress (
    student_id uuid not null references auth.users (id),
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

-- See closed.sql.
revoke all on schema auth from public;
revoke all on auth.users, public.student_module_progress from public;
revoke all on function auth.uid() from public;
