-- Activity is the student's own work: what is known of it is told anew, from the details and the history.

drop trigger if exists facts_of_inserts on public.student_module_progress;
drop trigger if exists facts_of_updates on public.student_module_progress;
drop trigger if exists facts_of_deletes on public.student_module_progress;

-- They take or give more now; the files make them again.
drop function if exists internal.fact_of(
    uuid, uuid, public.progress_status, numeric, jsonb, timestamptz, timestamptz, integer, boolean
);
drop function if exists dashboard.class_cells_as_of(uuid, timestamptz);
drop function if exists dashboard.class_rows(uuid, uuid[], numeric[], boolean);
drop view if exists dashboard.class_cell;
drop view if exists dashboard.checked_row;
drop view if exists internal.checked_row;

alter table dashboard.fact add column last_change timestamptz;
alter table dashboard.fact add column own_change timestamptz;
alter table dashboard.fact add column unexplained_change timestamptz;

-- As internal.own_change_in() and internal.unexplained_change_in(), which are not made yet.
with gone as (
    select student_id, module_id, max(id) as id
    from dashboard.history
    where operation = 'delete'
    group by student_id, module_id
),

work as (
    select
        student_id,
        module_id,
        max(at) filter (where source = 'student') as own_change,
        max(
            case
                when (after ->> 'last_updated')::timestamptz between '1970-01-01' and at + interval '1 day'
                then least((after ->> 'last_updated')::timestamptz, at)
                when operation = 'update'
                then at
            end
        ) filter (
            where source = 'platform'
                and (gone.id is null or history.id > gone.id)
                and (
                    operation = 'insert' and after ->> 'status' <> 'NotStarted'
                    or operation = 'update'
                    and (before ? 'progress_details' or after ? 'progress_details')
                )
        ) as unexplained_change
    from dashboard.history
    left join gone using (student_id, module_id)
    where source in ('student', 'platform')
    group by student_id, module_id
),

told as (
    select
        progress.student_id,
        progress.module_id,
        internal.plausible(progress.last_updated) as last_updated,
        greatest(
            work.own_change,
            case
                when jsonb_typeof(progress.progress_details) = 'object'
                then internal.last_moment_in(progress.progress_details)
            end
        ) as last_activity,
        work.own_change,
        work.unexplained_change
    from public.student_module_progress as progress
    left join work using (student_id, module_id)
)

update dashboard.fact
set last_activity = told.last_activity,
    last_change = case when told.last_activity is null then told.last_updated end,
    own_change = told.own_change,
    unexplained_change = told.unexplained_change
from told
where told.student_id = fact.student_id and told.module_id = fact.module_id;
