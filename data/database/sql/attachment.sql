-- Attached: the platform's tables are the platform's. What an attachment is, how far it has come, and what differs
-- where we own nothing of the platform. Only a database that was attached has this.

create table internal.attachment (
    only_one boolean primary key default true check (only_one),
    adapter text not null,
    accounts_of text,
    step text not null default 'made' check (step in ('made', 'filled', 'recording', 'ready')),
    made_at timestamptz not null default clock_timestamp(),
    known_since timestamptz,
    backfilled_student uuid,
    backfilled_module uuid,
    grants_before jsonb not null default '{}',
    refresh_every interval not null default interval '5 minutes',
    refreshed_at timestamptz,
    not_taken jsonb not null default '{}',
    refresh_failed_at timestamptz,
    refresh_error text,
    check (step <> 'ready' or known_since is not null)
);

comment on column internal.attachment.accounts_of is
'The platform''s own sign-in service, whose accounts are the ids of its staff; null where there is none.';

comment on column internal.attachment.step is
'How far it has come: our own objects made, the roster filled, the triggers in place, the rows from before counted.';

comment on column internal.attachment.known_since is
'When the last of the triggers was in place: of what was before, only the rows are known.';

comment on column internal.attachment.backfilled_student is
'With backfilled_module the last key of which the facts are made: where to go on.';

comment on column internal.attachment.grants_before is
'What was changed of the database''s own rights, as it was: to be given back.';

comment on column internal.attachment.not_taken is
'How many lines of the platform''s roster were left out when it was last read, by the reason.';

alter table internal.attachment enable row level security;

-- What the platform's words for roles mean here. Who has any other word is nobody here.
create table internal.role_word (
    word text primary key,
    role text check (role in ('viewer', 'teacher', 'coordinator', 'admin'))
);

alter table internal.role_word enable row level security;

create or replace function internal.folded_role(word text) returns text
language sql immutable
return btrim(regexp_replace(lower(word), '[_[:space:]]+', ' ', 'g'));

-- What went wrong while we recorded what the platform wrote. It went on: our errors are not the platform's.
create table internal.platform_error (
    id bigint primary key generated always as identity,
    at timestamptz not null default clock_timestamp(),
    what text not null,
    said text not null
);

alter table internal.platform_error enable row level security;

-- Rows whose facts were not made, since that went wrong: they are made again as soon as anybody looks.
create table internal.stale_fact (
    id bigint primary key generated always as identity,
    student_id uuid not null,
    module_id uuid not null
);

alter table internal.stale_fact enable row level security;

-- Something that the roster is read from was written since it was read last: as often as it was noted.
create table internal.roster_mark ();

alter table internal.roster_mark enable row level security;

-- Who writes, by the platform's own word; null where it has none.
create or replace function internal.platform_author() returns uuid
language plpgsql stable
set search_path = ''
as $$
begin
    return auth.uid();
exception
    when others then
        return null;
end
$$;

-- Is an error of ours to be forgiven? From the app's own login it is not: there it is the app's write that fails. Of
-- the same error one a minute is written down.
create or replace function internal.is_forgiven(what text) returns boolean
language plpgsql security definer
set search_path = ''
as $$
begin
    if exists (select from internal.app_login as known where known.name = session_user) then
        return false;
    end if;
    insert into internal.platform_error (what, said)
    select split_part(is_forgiven.what, ': ', 1), left(is_forgiven.what, 500)
    where not exists (
        select
        from internal.platform_error as known
        where known.said = left(is_forgiven.what, 500) and known.at > clock_timestamp() - interval '1 minute'
    );
    return true;
exception
    when others then
        return true;
end
$$;

-- From where an error was forgiven, so it makes none of its own.
create or replace function internal.remember_stale(students uuid[], modules uuid[]) returns void
language plpgsql security definer
set search_path = ''
as $$
begin
    insert into internal.stale_fact (student_id, module_id)
    select wanted.student_id, wanted.module_id
    from unnest(students, modules) as wanted (student_id, module_id);
exception
    when others then
        return;
end
$$;

-- Does what the platform writes pass our triggers? Where it was not agreed to there is this table, of nothing: the
-- catalogue tells everybody of it, the app's login too, which reads no row of ours before it acts for somebody.
create or replace function internal.has_triggers() returns boolean
language sql stable
return to_regclass('internal.without_triggers') is null;

-- Accounts and progress are the platform's to erase, and it erases first: what is left here is ours alone.
create or replace function internal.hold_accounts(ids uuid[]) returns void
language plpgsql
set search_path = ''
as $$
begin
    if exists (select from public.student_module_progress as progress where progress.student_id = any (ids))
        or exists (select from school.student where student.id = any (ids) and student.is_active)
    then
        raise exception 'the platform has this student'
            using errcode = 'restrict_violation', constraint = 'platform_has_student';
    end if;
end
$$;

create or replace function internal.remove_accounts(ids uuid[]) returns void
language sql
set search_path = ''
as $$
    select
$$;
