-- Which classes changed just now: so that one listener a process can tell the pages that show them.

-- Hints only, no names and no values: it is asked before anybody is anybody. Entries can become visible out
-- of order, so the caller asks again for some that it has seen.
create function dashboard.classes_changed_since(entry bigint)
returns table (id bigint, class_id uuid)
language sql stable security definer
set search_path = ''
as $$
    select history.id, class_student.class_id
    from dashboard.history
    join school.class_student on class_student.student_id = history.student_id
    where history.id > entry
    order by history.id
    limit 20000
$$;

create function dashboard.newest_change() returns bigint
language sql stable security definer
set search_path = ''
as $$
    select coalesce(max(id), 0)
    from dashboard.history
$$;

revoke execute on function dashboard.classes_changed_since(bigint), dashboard.newest_change() from public;
grant execute on function dashboard.classes_changed_since(bigint), dashboard.newest_change() to dashboard_guest;

-- Wakes the listeners at commit. The payload says nothing: what changed is asked with classes_changed_since.
create function internal.notify_of_changes() returns trigger
language plpgsql
set search_path = ''
as $$
begin
    perform pg_notify('progress_changed', '');
    return null;
end
$$;

create trigger notify_of_changes
after insert on dashboard.history
for each statement execute function internal.notify_of_changes();

revoke execute on all functions in schema internal from public;
