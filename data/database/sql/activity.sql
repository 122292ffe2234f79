-- Activity is the student's own work. What staff write, an import, a fix, an undo or what the platform recomputes is a
-- change, and moves no "last active".

-- A change that the student made.
create or replace function internal.own_change_in(change dashboard.history) returns timestamptz
language sql immutable
return case when change.source = 'student' then change.at end;

-- A change that may have been the student's work, though nothing tells: the platform made a row that was begun, or
-- changed the details. (Without the details it recomputed.) It is as old as the platform says, but never to
-- come; a row that was made with a time that cannot be read may be of any age.
create or replace function internal.unexplained_change_in(change dashboard.history) returns timestamptz
language sql stable
return case
    when change.source <> 'platform'
        or change.operation = 'delete'
        or change.operation = 'insert' and change.after ->> 'status' = 'NotStarted'
        or change.operation = 'update'
        and not (change.before ? 'progress_details' or change.after ? 'progress_details')
    then null
    when (change.after ->> 'last_updated')::timestamptz
        between to_timestamp(0) and change.at + interval '1 day'
    then least((change.after ->> 'last_updated')::timestamptz, change.at)
    when change.operation = 'update'
    then change.at
end;

-- Did a row come further? A status of the platform's own stands between not started and completed.
create or replace function internal.is_further(
    status text, percentage integer, than_status text, than_percentage integer
)
returns boolean
language sql immutable
return (status = 'Completed')::integer + (status <> 'NotStarted')::integer
    > (than_status = 'Completed')::integer + (than_status <> 'NotStarted')::integer
    or coalesce(percentage, 0) > coalesce(than_percentage, 0);

-- A change by which it did, as old as the platform says of a row that it made. What an update left alone, the history
-- does not name on either side.
create or replace function internal.progress_in(change dashboard.history) returns timestamptz
language sql stable
return case
    when change.operation = 'delete'
        or not internal.is_further(
            coalesce(change.after ->> 'status', 'NotStarted'),
            (change.after ->> 'progress_percentage')::integer,
            coalesce(change.before ->> 'status', 'NotStarted'),
            (change.before ->> 'progress_percentage')::integer
        )
    then null
    when change.operation = 'insert'
        and (change.after ->> 'last_updated')::timestamptz between to_timestamp(0) and change.at
    then (change.after ->> 'last_updated')::timestamptz
    else change.at
end;

-- What the history of a row tells of the student's work, until a moment. What nothing explains of a row that was
-- deleted since tells nothing of the one there is now.
create or replace function internal.work_recorded(
    student uuid, module uuid, until timestamptz,
    out own_change timestamptz, out unexplained_change timestamptz
)
language sql stable
set search_path = ''
as $$
    select
        max(internal.own_change_in(history)),
        max(internal.unexplained_change_in(history)) filter (
            where history.id > coalesce(
                (
                    select max(gone.id)
                    from dashboard.history as gone
                    where gone.student_id = student
                        and gone.module_id = module
                        and gone.operation = 'delete'
                        and gone.at <= until
                ),
                0
            )
        )
    from dashboard.history
    where history.student_id = student
        and history.module_id = module
        and history.source in ('student', 'platform')
        and history.at <= until
$$;

-- When a row last came further by its history, and when others than staff took it from the completed ones. One that was
-- deleted since has begun anew.
create or replace function internal.progress_recorded(
    student uuid, module uuid, out progressed_at timestamptz, out slipped_at timestamptz
)
language sql stable
set search_path = ''
as $$
    select
        max(internal.progress_in(history)),
        (array_agg(
            case when history.source in ('student', 'platform') then history.at end
            order by history.id desc
        ) filter (where history.completions < 0))[1]
    from dashboard.history
    where history.student_id = student
        and history.module_id = module
        and history.id > coalesce(
            (
                select max(gone.id)
                from dashboard.history as gone
                where gone.student_id = student
                    and gone.module_id = module
                    and gone.operation = 'delete'
            ),
            0
        )
$$;
