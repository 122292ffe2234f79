-- The progress table where it is the platform's. People have no right on it, and no policy of ours is on it, so that no
-- policy or grant of the platform's reaches them, and nobody truncates it: these views alone read and write it, with
-- their owner's rights. (A `with` would make the view one that nobody can write to.)

create or replace view dashboard.progress with (security_barrier) as
select student_id, module_id, status, score, progress_details, last_updated, completed_at, progress_percentage
from public.student_module_progress as progress
where case
        when progress.student_id <> (select internal.everybody_but())
        then exists (select from roster.anybody where anybody.id = progress.student_id offset 0)
        else progress.student_id in (select internal.my_students())
    end;

create or replace view dashboard.editable_progress with (security_barrier) as
select student_id, module_id, status, score, last_updated, completed_at, progress_percentage
from public.student_module_progress as progress
where exists (select from roster.editable where editable.id = progress.student_id offset 0)
with cascaded check option;

grant select on dashboard.progress, dashboard.editable_progress to dashboard_person;
-- To hold rows until they are written.
grant update (last_updated) on dashboard.editable_progress to dashboard_person;

-- The platform's own triggers run as whoever writes, and may ask what no role of ours may (auth.uid(), its tables). As
-- the owner whose rights the view has, they may all they could before.
alter function dashboard.update_progress(
    uuid[], uuid[], public.progress_status[], integer[], numeric[], timestamptz[], boolean[], boolean[], boolean[],
    boolean[], boolean
) security definer;
alter function dashboard.add_progress(
    uuid[], uuid[], public.progress_status[], integer[], numeric[], timestamptz[]
) security definer;

-- The type of a status is named by its schema, which most databases let everybody use.
do $$
begin
    if not has_schema_privilege('dashboard_person', 'public', 'usage') then
        grant usage on schema public to dashboard_person;
    end if;
end
$$;

-- The platform may empty its table: what that removed is recorded as removed.
create or replace function internal.record_truncate() returns trigger
language plpgsql security definer
set search_path = ''
set timezone = 'UTC'
as $$
begin
    insert into dashboard.history (student_id, module_id, operation, source, author_id, before)
    select
        progress.student_id,
        progress.module_id,
        'delete',
        internal.source_of(progress.student_id, null),
        internal.author(),
        to_jsonb(progress) - 'student_id' - 'module_id'
    from public.student_module_progress as progress;
    delete from dashboard.fact;
    return null;
exception
    when others then
        if not internal.is_forgiven('truncate: ' || sqlerrm) then
            raise;
        end if;
        perform internal.remember_stale(array_agg(student_id), array_agg(module_id))
        from public.student_module_progress;
        return null;
end
$$;

create or replace trigger history_of_truncate
before truncate on public.student_module_progress
for each statement execute function internal.record_truncate();
