-- Who looked at or exported whose data. Nobody reaches the table: one function writes a line, for whoever asks and
-- about students they see; another tells administrators the lines about one student.

create table dashboard.disclosure (
    id bigint primary key generated always as identity,
    at timestamptz not null default clock_timestamp(),
    person_id uuid,
    role text not null,
    kind text not null constraint disclosure_kind check (kind in ('look', 'file', 'report', 'record', 'mail')),
    class_id uuid,
    student_ids uuid[] not null,
    once bytea constraint disclosure_once unique
);

comment on column dashboard.disclosure.role is
'The person''s role then.';

comment on column dashboard.disclosure.once is
'Of a look what makes it the same one: person, day (UTC), class and students. What is exported has none.';

create index disclosure_student_ids on dashboard.disclosure using gin (student_ids);

alter table dashboard.disclosure enable row level security;

create or replace trigger disclosure_is_append_only
before update or delete or truncate on dashboard.disclosure
for each statement execute function internal.refuse_rewriting();

-- Who it is comes from the signed claims, and nobody can put anything into the record of a student whom they do not
-- see. Oneself is nobody else: that is left out. A look waits for no lock longer than a page may.
create or replace function dashboard.disclose(kind text, students uuid[], class uuid) returns void
language plpgsql security definer
set search_path = ''
set lock_timeout = '1s'
as $$
declare
    me uuid := internal.me();
    others uuid[] := array(
        select distinct asked.id
        from unnest(students) as asked (id)
        where asked.id <> me
        order by asked.id
    );
begin
    -- First of all: an erasure that is going on is waited for, and then its student is seen by nobody.
    lock table dashboard.disclosure in row exclusive mode;
    if internal.my_role() is null
        or exists (
            select
            from unnest(others) as other (id)
            where not case
                    when other.id <> (select internal.everybody_but())
                    then exists (select from school.student where student.id = other.id offset 0)
                    else other.id in (select internal.my_staffed_students())
                end
        )
        or (class is not null and not exists (select from internal.my_classes() as mine (id) where mine.id = class))
    then
        raise exception 'only what one sees is recorded' using errcode = 'insufficient_privilege';
    end if;
    insert into dashboard.disclosure (person_id, role, kind, class_id, student_ids, once)
    select
        me,
        internal.my_role(),
        kind,
        class,
        others,
        case
            when kind = 'look'
            then sha256(convert_to(concat_ws(' ', me, (now() at time zone 'UTC')::date, class, others), 'UTF8'))
        end
    where cardinality(others) > 0
    on conflict (once) do nothing;
end
$$;

-- The lines about one student and the entries that were put together with it, newest first. Found first, and only
-- then put in order: for the newest few of a rarely seen student the whole record was gone through.
create or replace function dashboard.disclosures(student uuid, before_id bigint, most integer)
returns table (id bigint, at timestamptz, name_of_person text, role text, kind text, name_of_class text)
language sql stable security definer
set search_path = ''
as $$
    with about as materialized (
        select *
        from dashboard.disclosure
        where (select internal.my_role()) = 'admin'
            and disclosure.student_ids && array(select internal.entries_of(student))
    )
    select about.id, about.at, staff.full_name, about.role, about.kind, class.name
    from about
    left join school.staff on staff.id = about.person_id
    left join school.class on class.id = about.class_id
    where before_id is null or about.id < before_id
    order by about.id desc
    limit most
$$;

grant execute on function
    dashboard.disclose(text, uuid[], uuid),
    dashboard.disclosures(uuid, bigint, integer)
to dashboard_person;
