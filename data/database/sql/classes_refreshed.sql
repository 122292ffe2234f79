-- The classes of the copied roster, who and what is in them, and when all of it is read again.

create or replace function internal.merge_classes() returns jsonb
language plpgsql
set search_path = ''
as $$
declare
    not_taken jsonb;
begin
    with given as materialized (
        select
            id, organisation_id, btrim(name) as name,
            case when length(btrim(school_year)) between 1 and 20 then btrim(school_year) end as school_year,
            case
                when not exists (select from school.organisation as known where known.id = organisation_id)
                then 'class without an organisation'
                when coalesce(btrim(name), '') = '' then 'class without a name'
            end as reason
        from (select distinct on (id) * from internal.adapter_class() where id is not null order by id) as once
    ),
    changed as (
        update school.class as known
        set organisation_id = given.organisation_id, name = given.name, school_year = given.school_year
        from given
        where given.id = known.id
            and reason is null
            and (known.organisation_id, known.name, known.school_year)
                is distinct from (given.organisation_id, given.name, given.school_year)
    ),
    added as (
        insert into school.class (id, organisation_id, name, school_year)
        select id, organisation_id, name, school_year
        from given
        where reason is null and not exists (select from school.class as known where known.id = given.id)
    )
    select coalesce(jsonb_object_agg(reason, times), '{}')
    into not_taken
    from (select reason, count(*) as times from given where reason is not null group by reason) as counted;
    return not_taken;
end
$$;

-- What of it was not taken is not taken of somebody who was not, or of a class that was not: told of them.
create or replace function internal.merge_class_parts() returns void
language plpgsql
set search_path = ''
as $$
begin
    with given as materialized (
        select distinct member.class_id, member.student_id
        from internal.adapter_class_student() as member
        join school.class on class.id = member.class_id and class.id in (select id from internal.adapter_class())
        join school.student on student.id = member.student_id
    ),
    gone as (
        delete from school.class_student as known
        where not exists (
            select
            from given
            where given.class_id = known.class_id and given.student_id = known.student_id
        )
    )
    insert into school.class_student (class_id, student_id)
    select class_id, student_id
    from given
    where not exists (
        select
        from school.class_student as known
        where known.class_id = given.class_id and known.student_id = given.student_id
    );

    with given as materialized (
        select distinct on (part.class_id, part.module_id)
            part.class_id, part.module_id, coalesce(part.position, 0) as position
        from internal.adapter_class_module() as part
        join school.class on class.id = part.class_id and class.id in (select id from internal.adapter_class())
        join school.module on module.id = part.module_id
        order by part.class_id, part.module_id, part.position
    ),
    gone as (
        delete from school.class_module as known
        where not exists (
            select
            from given
            where given.class_id = known.class_id and given.module_id = known.module_id
        )
    ),
    changed as (
        update school.class_module as known
        set position = given.position
        from given
        where given.class_id = known.class_id
            and given.module_id = known.module_id
            and given.position <> known.position
    )
    insert into school.class_module (class_id, module_id, position)
    select class_id, module_id, position
    from given
    where not exists (
        select
        from school.class_module as known
        where known.class_id = given.class_id and known.module_id = given.module_id
    );

    with given as materialized (
        select distinct taught.class_id, taught.staff_id
        from internal.adapter_class_teacher() as taught
        join school.class on class.id = taught.class_id and class.id in (select id from internal.adapter_class())
        join school.staff on staff.id = taught.staff_id
    ),
    gone as (
        delete from school.class_teacher as known
        where not exists (
            select
            from given
            where given.class_id = known.class_id and given.staff_id = known.staff_id
        )
    )
    insert into school.class_teacher (class_id, staff_id)
    select class_id, staff_id
    from given
    where not exists (
        select
        from school.class_teacher as known
        where known.class_id = given.class_id and known.staff_id = given.staff_id
    );

    -- Nothing is in them any more.
    delete from school.class as known
    where not exists (select from internal.adapter_class() as given where given.id = known.id);

    delete from school.organisation as known
    where not exists (select from internal.adapter_organisation() as given where given.id = known.id)
        and not exists (select from school.student where student.organisation_id = known.id)
        and not exists (select from school.staff where staff.organisation_id = known.id)
        and not exists (select from school.class where class.organisation_id = known.id);
end
$$;

-- On the tables that the roster is read from, where that was agreed to. One mark does for many who write: each holds it
-- to the end, so that no reading which could not see their rows takes it away. Nobody waits for it.
create or replace function internal.mark_roster() returns trigger
language plpgsql security definer
set search_path = ''
set lock_timeout = '60ms'
as $$
begin
    -- Elsewhere one that was taken away would be an error.
    if current_setting('transaction_isolation') = 'read committed' then
        perform from internal.roster_mark limit 1 for key share skip locked;
        if found then
            return null;
        end if;
    end if;
    insert into internal.roster_mark default values;
    return null;
exception
    when others then
        if not internal.is_forgiven('roster: ' || sqlerrm) then
            raise;
        end if;
        return null;
end
$$;

-- Reads the whole roster again, all or nothing: where anything cannot be read, what was read last stays, with the words
-- of the error. Whoever comes meanwhile need not. Facts that no trigger makes are made again with it; where more of them
-- differ than are made at once, it is as old as it was, and the next who asks goes on.
create or replace function internal.refresh_roster() returns boolean
language plpgsql
set search_path = ''
set jit = off
as $$
declare
    reasons jsonb;
    is_whole boolean := true;
begin
    if not pg_try_advisory_xact_lock(7205759405) then
        return false;
    end if;
    begin
        delete from internal.roster_mark
        where ctid = any (array(select ctid from internal.roster_mark for update skip locked));
        reasons := internal.merge_organisations() || internal.merge_modules();
        reasons := reasons || internal.merge_students() || internal.merge_staff() || internal.merge_classes();
        perform internal.merge_class_parts();
        if not internal.has_triggers() and exists (select from internal.attachment where step = 'ready') then
            is_whole := internal.refresh_facts(50000) < 50000;
        end if;
    exception
        when others then
            update internal.attachment set refresh_failed_at = clock_timestamp(), refresh_error = sqlerrm;
            return false;
    end;
    update internal.attachment
    set
        refreshed_at = case when is_whole then clock_timestamp() else refreshed_at end,
        refresh_failed_at = null,
        refresh_error = null,
        not_taken = (select coalesce(jsonb_object_agg(key, value), '{}') from jsonb_each(reasons) where value <> '0');
    return true;
end
$$;

-- By the app itself, as often as it likes: it is done where the last time is long enough ago, a minute where something
-- was marked. (On some platforms everybody who signs in changes a table.) By an administrator at once. What went wrong while the platform wrote is mended by the way, last of all: nobody waits for it for long.
create or replace function dashboard.refresh_roster() returns boolean
language plpgsql security definer
set search_path = ''
as $$
declare
    is_read boolean;
begin
    is_read := exists (
        select
        from internal.attachment
        where attachment.step = 'ready'
            and (
                internal.my_role() = 'admin'
                or internal.is_guest()
                and coalesce(
                    greatest(refreshed_at, refresh_failed_at) < now() - case
                        when exists (select from internal.roster_mark) then least(refresh_every, interval '1 minute')
                        else refresh_every
                    end,
                    true
                )
            )
    )
    and internal.refresh_roster();
    if internal.my_role() = 'admin' or internal.is_guest() then
        perform internal.cure_facts(500);
    end if;
    return is_read;
end
$$;

-- What everybody who is signed in may know of it, and the app itself: how old the names are, and since when anything is
-- known. What was wrong is for whoever can do something about it.
create or replace function dashboard.attachment()
returns table (
    adapter text,
    known_since timestamptz,
    refreshed_at timestamptz,
    failed_at timestamptz,
    error text,
    not_taken jsonb,
    has_triggers boolean
)
language sql stable security definer
set search_path = ''
as $$
    select
        attachment.adapter,
        attachment.known_since,
        attachment.refreshed_at,
        attachment.refresh_failed_at,
        case when internal.my_role() = 'admin' then attachment.refresh_error end,
        case when internal.my_role() in ('coordinator', 'admin') then attachment.not_taken end,
        internal.has_triggers()
    from internal.attachment
    where internal.my_role() is not null
        or internal.is_guest()
$$;

grant execute on function dashboard.refresh_roster(), dashboard.attachment() to dashboard_guest, dashboard_person;
