-- The digest, which `python -m data digest` sends by mail: where it is sent at all, and to whom it went.

create table school.digest (
    organisation_id uuid primary key,
    is_sent boolean not null,
    names_students boolean not null
);

comment on table school.digest is
'Whether an organisation has the digest sent, and names students in it. Without a row: neither.';

alter table school.digest enable row level security;
grant select on school.digest to dashboard_person;
grant insert (organisation_id, is_sent, names_students) on school.digest to dashboard_person;
grant update (is_sent, names_students) on school.digest to dashboard_person;

create policy managers_see_digests on school.digest
for select to dashboard_person
using (organisation_id in (select internal.my_managed_organisations()));

create policy managers_add_digests on school.digest
for insert to dashboard_person
with check (organisation_id in (select internal.my_managed_organisations()));

create policy managers_change_digests on school.digest
for update to dashboard_person
using (organisation_id in (select internal.my_managed_organisations()));

create table internal.digest_reader (
    staff_id uuid primary key,
    token uuid not null default gen_random_uuid() constraint digest_reader_token unique,
    unsubscribed_at timestamptz,
    claimed_at timestamptz,
    sent_at timestamptz
);

comment on table internal.digest_reader is
'Who gets the digest: the secret of their link to unsubscribe, and when it was last sent.';

comment on column internal.digest_reader.claimed_at is
'Since when somebody is sending it: two who do at once send it once.';

alter table internal.digest_reader enable row level security;

-- May it be sent to me? Only where all organisations of my classes have it sent.
create or replace function dashboard.is_digest_sent() returns boolean
language sql stable security definer
set search_path = ''
as $$
    select coalesce(bool_and(coalesce(digest.is_sent, false)), false)
    from (
        select distinct class.organisation_id
        from school.class
        where class.archived_at is null and class.id in (select internal.my_staffed_classes())
    ) as mine
    left join school.digest on digest.organisation_id = mine.organisation_id
$$;

-- May it name students to me? Only where that holds in those, and in the organisations of their students.
create or replace function dashboard.digest_names_students() returns boolean
language sql stable security definer
set search_path = ''
as $$
    with my_class as materialized (
        select class.id, class.organisation_id
        from school.class
        where class.archived_at is null and class.id in (select internal.my_staffed_classes())
    )
    select coalesce(bool_and(coalesce(digest.names_students, false)), false)
    from (
        select my_class.organisation_id
        from my_class
        union
        select student.organisation_id
        from my_class
        join school.class_student on class_student.class_id = my_class.id
        join school.student on student.id = class_student.student_id
    ) as organisation
    left join school.digest on digest.organisation_id = organisation.organisation_id
$$;

-- Do I want it? Everybody does who did not say otherwise; null where it is not sent.
create or replace function dashboard.wants_digest() returns boolean
language sql stable security definer
set search_path = ''
as $$
    select not exists (
        select
        from internal.digest_reader
        where digest_reader.staff_id = (select internal.me()) and digest_reader.unsubscribed_at is not null
    )
    where (select dashboard.is_digest_sent())
$$;

create or replace function dashboard.want_digest(wanted boolean) returns void
language plpgsql security definer
set search_path = ''
as $$
begin
    if internal.my_role() is null or internal.my_role() = 'student' then
        raise exception 'the digest is for staff' using errcode = 'insufficient_privilege';
    end if;
    insert into internal.digest_reader (staff_id, unsubscribed_at)
    values (internal.me(), case when not wanted then now() end)
    on conflict (staff_id) do update set unsubscribed_at = excluded.unsubscribed_at;
end
$$;

grant execute on function
    dashboard.is_digest_sent(),
    dashboard.digest_names_students(),
    dashboard.wants_digest(),
    dashboard.want_digest(boolean)
to dashboard_person;

-- The same by the link in a mail, from whoever has that, without signing in. Tells whether it is anybody's.
create or replace function dashboard.want_digest_by_link(secret uuid, wanted boolean) returns boolean
language plpgsql security definer
set search_path = ''
as $$
begin
    update internal.digest_reader
    set unsubscribed_at = case when not wanted then now() end
    where digest_reader.token = secret and internal.is_guest();
    return found;
end
$$;

grant execute on function dashboard.want_digest_by_link(uuid, boolean) to dashboard_guest;
