-- What is kept and released changes no row of the table, so no history tells the open pages of it: a hint of
-- its own, as in 0008. No names and no values.

create index kept_at on dashboard.kept (at);
create index kept_released_at on dashboard.kept (released_at) where released_at is not null;

-- Entries are named, not numbered: a release comes to a record that has its number already. Transactions end
-- out of order, so the caller asks again for a while that it has seen.
create function dashboard.classes_kept_since(moment timestamptz)
returns table (entry text, class_id uuid)
language sql stable security definer
set search_path = ''
as $$
    select event.entry, class_student.class_id
    from (
        select 'kept ' || kept.id, kept.student_id
        from dashboard.kept
        where kept.at > moment
        union all
        select 'released ' || kept.id, kept.student_id
        from dashboard.kept
        where kept.released_at > moment
    ) as event (entry, student_id)
    join school.class_student on class_student.student_id = event.student_id
    limit 20000
$$;

revoke execute on function dashboard.classes_kept_since(timestamptz) from public;
grant execute on function dashboard.classes_kept_since(timestamptz) to dashboard_guest;

create trigger notify_of_keeping
after insert or update on dashboard.kept
for each statement execute function internal.notify_of_changes();
