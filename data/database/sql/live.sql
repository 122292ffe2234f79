-- Which classes, and whose rosters, changed just now: so that one listener a process can tell the pages that show them.

-- Hints only, no names and no values, of all organisations: asked by the app itself, for no person. Entries can become
-- visible out of order, so the caller asks again for some that it has seen.
create or replace function dashboard.classes_changed_since(entry bigint)
returns table (id bigint, class_id uuid)
language sql stable security definer
set search_path = ''
as $$
    select history.id, class_student.class_id
    from dashboard.history
    join school.class_student on class_student.student_id = history.student_id
    where history.id > entry and (select internal.is_guest())
    order by history.id
    limit 20000
$$;

create or replace function dashboard.newest_change() returns bigint
language sql stable security definer
set search_path = ''
as $$
    select coalesce(max(id), 0)
    from dashboard.history
    where (select internal.is_guest())
$$;

grant execute on function dashboard.classes_changed_since(bigint), dashboard.newest_change() to dashboard_guest;

-- Locking and unlocking change no row of the table, so no history tells the open pages of it: a hint of its own.
-- Entries are named, not numbered: an unlock comes to a record that has its number already. Transactions end out of
-- order, so the caller asks again for a while that it has seen.
create or replace function dashboard.classes_locked_since(moment timestamptz)
returns table (entry text, class_id uuid)
language sql stable security definer
set search_path = ''
as $$
    select event.entry, class_student.class_id
    from (
        select 'locked ' || lock.id, lock.student_id
        from dashboard.lock
        where lock.at > moment
        union all
        select 'unlocked ' || lock.id, lock.student_id
        from dashboard.lock
        where lock.unlocked_at > moment
    ) as event (entry, student_id)
    join school.class_student on class_student.student_id = event.student_id
    where (select internal.is_guest())
    limit 20000
$$;

grant execute on function dashboard.classes_locked_since(timestamptz) to dashboard_guest;

-- The same of the roster: the classes whose members, modules or names are others now, and whose roster it is that
-- changed. No place is an entry that nobody is told of; modules are everybody's, which is no organisation's id. A row a
-- transaction and place: all that a save of thousands did comes at once.
create or replace function dashboard.rosters_changed_since(newest bigint)
returns table (id bigint, entry text, place uuid)
language sql stable security definer
set search_path = ''
as $$
    with fresh as materialized (
        select
            id,
            xmin::text as saved,
            relation,
            case
                when relation in ('module', 'lesson', 'retired_module') then '00000000-0000-0000-0000-000000000000'
                else organisation_id
            end as whose,
            (key ->> 'id')::uuid as own_id,
            (key ->> 'class_id')::uuid as class_id
        from dashboard.roster_change
        where id > newest and (select internal.is_guest())
    ),
    told as (
        select id, saved, whose as place from fresh
        union all
        select id, saved, coalesce(class_id, own_id) from fresh where class_id is not null or relation = 'class'
        union all
        select fresh.id, fresh.saved, class_student.class_id
        from fresh
        join school.class_student on class_student.student_id = fresh.own_id
        where fresh.relation = 'student'
        union all
        select fresh.id, fresh.saved, class_module.class_id
        from fresh
        join school.class_module on class_module.module_id = fresh.own_id
        where fresh.relation = 'module'
    )
    select max(id), concat(saved, ' ', place), place
    from told
    group by saved, place
$$;

create or replace function dashboard.newest_roster_change() returns bigint
language sql stable security definer
set search_path = ''
as $$
    select coalesce(max(id), 0)
    from dashboard.roster_change
    where (select internal.is_guest())
$$;

grant execute on function
    dashboard.rosters_changed_since(bigint),
    dashboard.newest_roster_change()
to dashboard_guest;

-- Wakes the listeners at commit. The payload says nothing: what changed is asked with the functions above.
create or replace function internal.notify_of_changes() returns trigger
language plpgsql
set search_path = ''
as $$
begin
    perform pg_notify('progress_changed', '');
    return null;
end
$$;

create or replace trigger notify_of_changes
after insert on dashboard.history
for each statement execute function internal.notify_of_changes();

create or replace trigger notify_of_locks
after insert or update on dashboard.lock
for each statement execute function internal.notify_of_changes();

create or replace trigger notify_of_rosters
after insert on dashboard.roster_change
for each statement execute function internal.notify_of_changes();
