-- The erasure of a student: all that is stored about one person goes, the histories included, and nothing is left but
-- that it happened. For administrators, and by dashboard.erase_student() alone.

-- The transaction in which it is going on. The row is there only while the function below works; the histories' triggers
-- (batches.sql) ask for it, and no setting, claim or role of a session stands for it. A row that somebody left is of
-- another transaction, and opens nothing.
create table internal.erasing (
    transaction xid8 primary key
);

-- Whoever grants too much one day has granted nothing yet.
alter table internal.erasing enable row level security;

create table dashboard.erasure (
    id bigint primary key generated always as identity,
    at timestamptz not null default clock_timestamp(),
    author_id uuid,
    counts jsonb not null
);

comment on table dashboard.erasure is
'That somebody was erased, or a period applied, when, by whom and how much of each kind it was: not who.';

alter table dashboard.erasure enable row level security;
grant select on dashboard.erasure to dashboard_person;

create policy admins_see_erasures on dashboard.erasure
for select to dashboard_person
using ((select internal.my_role()) = 'admin');

create or replace trigger erasure_is_append_only
before update or delete or truncate on dashboard.erasure
for each statement execute function internal.refuse_rewriting();

-- Whoever was entered twice is one person: all entries that were put together.
create or replace function internal.entries_of(student uuid) returns setof uuid
language sql stable
set search_path = ''
as $$
    with recursive entry (id) as (
        select student
        union
        select other.id
        from entry
        join school.student as known on known.id = entry.id
        join school.student as other on other.merged_into = known.id or other.id = known.merged_into
    )
    select id
    from entry
$$;

-- Does a text name one of these, which are plain? A name of one word may be any word: then only where it is all there
-- is.
create or replace function internal.is_named(said text, names text[]) returns boolean
language sql immutable
set search_path = ''
as $$
    select exists (
        select
        from (select internal.plain(said) as text offset 0) as plain -- once, not for each name
        cross join unnest(names) as name
        where name <> ''
            and case
                when name ~ '[[:space:]@]' then strpos(plain.text, name) > 0
                else btrim(plain.text) = name
            end
    )
$$;

-- A name as it is compared with what somebody typed: one space where a browser shows one.
create or replace function internal.as_typed(name text) returns text
language sql immutable
set search_path = ''
as $$
    select regexp_replace(btrim(normalize(name)), '[[:space:]]+', ' ', 'g')
$$;

-- Is a line of the roster's history about these? Not what they are as staff.
create or replace function internal.is_about(change dashboard.roster_change, meant text[], staff uuid[]) returns boolean
language sql immutable
set search_path = ''
as $$
    select (change.key::text || coalesce(change.before::text, '') || coalesce(change.after::text, '')) like any (meant)
        and (
            cardinality(staff) = 0
            or (
                change.relation not in ('staff', 'class_teacher')
                and coalesce(change.key ->> 'kind', change.after ->> 'kind', change.before ->> 'kind', '') <> 'staff'
            )
        )
$$;

-- Who may erase this student, and whom that means. Nobody erases themselves.
create or replace function internal.entries_to_erase(student uuid) returns uuid[]
language plpgsql stable
set search_path = ''
as $$
declare
    ids uuid[] := array(select internal.entries_of(student));
begin
    if internal.my_role() is distinct from 'admin' or internal.me() = any (ids) then
        raise exception 'only another administrator erases a student' using errcode = 'insufficient_privilege';
    end if;
    return ids;
end
$$;

-- What would go, of each kind: erased and taken back, so that it cannot be anything else. Beside it how many notes about
-- others name the student: those stay.
create or replace function dashboard.erasure_preview(student uuid) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
    ids uuid[] := internal.entries_to_erase(student);
    mentions bigint;
    counts jsonb;
begin
    select count(*) into mentions
    from dashboard.note
    where note.student_id <> all (ids)
        and internal.is_named(
            note.text,
            array(
                select internal.plain(btrim(entry.full_name))
                from school.student as entry
                where entry.id = any (ids)
            )
        );
    begin
        counts := internal.erase(ids);
        raise exception using errcode = 'DB001';
    exception
        when sqlstate 'DB001' then
            return counts || jsonb_build_object('mention', mentions);
    end;
end
$$;

-- The one way to erase somebody: the name is typed as it is written.
create or replace function dashboard.erase_student(student uuid, confirmation text) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
    ids uuid[] := internal.entries_to_erase(student);
    name text;
    counts jsonb;
begin
    select coalesce(nullif(btrim(entry.full_name), ''), entry.id::text)
    into name
    from school.student as entry
    where entry.id = erase_student.student
    for update;
    if name is null then
        raise exception 'there is no such student any more'
            using errcode = 'check_violation', constraint = 'student_is_gone';
    end if;
    if internal.as_typed(confirmation) is distinct from internal.as_typed(name) then
        raise exception 'the name that was typed is another'
            using errcode = 'check_violation', constraint = 'erasure_not_confirmed';
    end if;
    counts := internal.erase(ids);
    insert into dashboard.erasure (author_id, counts) values (internal.me(), counts);
    return counts;
end
$$;

grant execute on function dashboard.erasure_preview(uuid), dashboard.erase_student(uuid, text) to dashboard_person;
