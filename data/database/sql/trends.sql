-- What the trends page counts of many classes at once. A guest from another organisation is for the class's teachers and
-- for admins, as in internal.my_students().

-- Who is in these of my classes.
create or replace function internal.students_counted(classes uuid[])
returns table (class_id uuid, student_id uuid)
language sql stable rows 1000
set search_path = ''
as $$
    select class.id, class_student.student_id
    from school.class
    join school.class_student on class_student.class_id = class.id
    join school.student on student.id = class_student.student_id
    where class.id = any (classes)
        and class.id in (select internal.my_staffed_classes())
        and ((select internal.sees_guests()) or student.organisation_id = class.organisation_id)
$$;

-- How often the classes' modules (or one) were completed from one day to another, less what was taken back. A clock that
-- is ahead wrote on the database's own day.
create or replace function dashboard.module_completions(classes uuid[], of_module uuid, first date, last date)
returns table (class_id uuid, module_id uuid, completions integer)
language sql stable security definer rows 1000
set search_path = ''
set jit = off
as $$
    with tally as materialized (
        select counted.class_id, event.module_id, sum(event.change)::integer as completions
        from internal.students_counted(classes) as counted
        cross join lateral (
            select completion.module_id, completion.change
            from internal.completion
            where completion.student_id = counted.student_id
                and completion.at >= timezone('UTC', first::timestamp)
                and least(timezone('UTC', completion.at)::date, timezone('UTC', now())::date) <= last
                and (of_module is null or completion.module_id = of_module)
            offset 0
        ) as event
        group by counted.class_id, event.module_id
    )
    select tally.*
    from tally
    join school.class_module using (class_id, module_id)
$$;

-- Of whoever completed the classes' modules (or one) in these days, and has not ceased to have: what tells how long it
-- took (data/reading/durations.py).
create or replace function dashboard.completion_times(classes uuid[], of_module uuid, first date, last date)
returns table (
    class_id uuid, module_id uuid, type text, completed_at timestamptz, started jsonb, submitted jsonb,
    moved_at timestamptz[], was text[], became text[]
)
language sql stable security definer rows 1000
set search_path = ''
set jit = off
as $$
    select
        counted.class_id, known.module_id, module.type, progress.completed_at,
        progress.started, progress.submitted, moved.at, moved.was, moved.became
    from internal.students_counted(classes) as counted
    cross join lateral (
        select fact.module_id
        from dashboard.fact
        where fact.student_id = counted.student_id
            and fact.completion_at >= timezone('UTC', first::timestamp)
            and least(timezone('UTC', fact.completion_at)::date, timezone('UTC', now())::date) <= last
            and (of_module is null or fact.module_id = of_module)
        offset 0
    ) as known
    join school.class_module
        on class_module.class_id = counted.class_id
        and class_module.module_id = known.module_id
    join school.module on module.id = known.module_id
    cross join lateral (
        select
            row.completed_at,
            row.progress_details -> 'started_at' as started,
            row.progress_details -> 'submitted_at' as submitted
        from public.student_module_progress as row
        where row.student_id = counted.student_id and row.module_id = known.module_id
        offset 0
    ) as progress
    cross join lateral (
        select
            array_agg(history.at order by history.id) as at,
            array_agg(history.before ->> 'status' order by history.id) as was,
            array_agg(history.after ->> 'status' order by history.id) as became
        from dashboard.history
        where history.student_id = counted.student_id
            and history.module_id = known.module_id
            and history.before ->> 'status' is distinct from history.after ->> 'status'
        offset 0
    ) as moved
$$;

-- How many of their students worked on a module in each week from that of one day to another. (In whichever module,
-- class_sums.sql says.)
create or replace function dashboard.active_weeks(classes uuid[], of_module uuid, first date, last date)
returns table (class_id uuid, monday date, students integer)
language sql stable security definer rows 1000
set search_path = ''
set jit = off
as $$
    select counted.class_id, worked_week.monday, count(*)::integer
    from internal.worked_week
    join internal.students_counted(classes) as counted on counted.student_id = worked_week.student_id
    where worked_week.module_id = of_module
        and worked_week.monday between date_trunc('week', first::timestamp)::date and last
    group by counted.class_id, worked_week.monday
$$;

grant execute on function
dashboard.module_completions(uuid[], uuid, date, date),
dashboard.completion_times(uuid[], uuid, date, date),
dashboard.active_weeks(uuid[], uuid, date, date)
to dashboard_person;
