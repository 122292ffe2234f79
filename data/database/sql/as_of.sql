-- A class as it stood at a moment: today's table, with what changed since put back.

-- One step back in time: the row as it stood before a change, told from how it stood after it. Null is no row.
create or replace function internal.step_back(
    state jsonb, today jsonb, operation text, before jsonb, after jsonb
)
returns jsonb
language plpgsql immutable
set search_path = ''
as $$
begin
    if operation <> 'update' then
        return before;
    end if;
    state := coalesce(state, today);
    if jsonb_typeof(before -> 'progress_details') = 'object'
        and jsonb_typeof(after -> 'progress_details') = 'object'
        and jsonb_typeof(state -> 'progress_details') = 'object'
    then
        return state || before || jsonb_build_object(
            'progress_details',
            internal.value_before(
                state -> 'progress_details',
                before -> 'progress_details',
                after -> 'progress_details',
                case when after ? '' then internal.details_depth() else 1 end
            )
        );
    end if;
    return state || before;
end
$$;

-- All changes of a row, newest first, put back one after the other; `today` is the row as it is.
create or replace aggregate internal.as_it_stood(today jsonb, operation text, before jsonb, after jsonb) (
    sfunc = internal.step_back,
    stype = jsonb
);

-- What makes a figure, as in internal.fact_of().
create or replace function internal.figures(state jsonb) returns text
language sql immutable
set search_path = ''
as $$
    select row(
        state ->> 'status',
        state ->> 'progress_percentage',
        trim_scale(
            coalesce((state ->> 'score')::numeric, internal.score_in(state -> 'progress_details'))
        )
    )::text
$$;

-- A status as it was recorded. One that the platform has renamed since is another of its own: no cast would take it.
create or replace function internal.status_in(word text) returns public.progress_status
language sql stable
set search_path = ''
as $$
    select one
    from unnest(enum_range(null::public.progress_status)) as one
    where one::text = word or dashboard.is_other(one)
    order by one::text <> word
    limit 1
$$;

-- Was dashboard.fact.edited_by_staff true at the moment? The newest change by staff, or by others of the
-- figures, decides.
create or replace function internal.was_edited(student uuid, module uuid, moment timestamptz) returns boolean
language plpgsql stable
set search_path = ''
as $$
declare
    change dashboard.history;
    stood jsonb;
    stands jsonb;
begin
    select to_jsonb(progress)
    into stands
    from public.student_module_progress as progress
    where progress.student_id = student and progress.module_id = module;
    for change in
        select *
        from dashboard.history
        where history.student_id = student and history.module_id = module
        order by history.id desc
    loop
        stood := internal.step_back(stands, stands, change.operation, change.before, change.after);
        if change.at <= moment then
            if change.source not in ('student', 'platform') then
                return true;
            end if;
            if change.operation <> 'update' or internal.figures(stood) <> internal.figures(stands) then
                return false;
            end if;
        end if;
        stands := stood;
    end loop;
    return false;
end
$$;

-- dashboard.class_cell as it stood at a moment: today's table less all that changed since. Who is in the
-- class, and what it learns, is today's. Whose work a figure was, the history tells as dashboard.fact does.
create or replace function dashboard.class_cells_as_of(of_class uuid, moment timestamptz)
returns table (
    class_id uuid,
    student_id uuid,
    full_name text,
    module_id uuid,
    status public.progress_status,
    shown_score numeric,
    last_activity timestamptz,
    last_change timestamptz,
    unexplained_change timestamptz,
    attempts integer,
    cell text
)
language sql stable security definer
set search_path = ''
set timezone = 'UTC'
set work_mem = '64MB'
as $$
    with today as materialized (
        select *
        from dashboard.class_cell
        where class_cell.class_id = of_class
    ),
    moved as (
        select
            history.student_id,
            history.module_id,
            internal.as_it_stood(
                to_jsonb(progress), history.operation, history.before, history.after
                order by history.id desc
            ) as stood
        from dashboard.history
        left join public.student_module_progress as progress
            on progress.student_id = history.student_id
            and progress.module_id = history.module_id
        where history.at > moment
            and history.student_id in (select today.student_id from today)
            and history.module_id in (select today.module_id from today)
        group by history.student_id, history.module_id
    ),
    -- Corrections are few: only where there is one is it asked what came after it, and only where that may
    -- or may not have changed the score is the row walked back to tell.
    corrected as (
        select newest.student_id, newest.module_id
        from (
            select history.student_id, history.module_id, max(history.id) as entry
            from dashboard.history
            where history.source not in ('student', 'platform')
                and history.at <= moment
                and history.student_id in (select today.student_id from today)
            group by history.student_id, history.module_id
        ) as newest
        cross join lateral (
            select
                coalesce(
                    bool_or(
                        history.operation <> 'update'
                        or history.before ?| array['status', 'progress_percentage']
                    ),
                    false
                ) as is_over,
                coalesce(
                    bool_or(
                        history.before ? 'score'
                        or history.before -> 'progress_details' ?| array['score', 'score_percentage']
                        or history.after -> 'progress_details' ?| array['score', 'score_percentage']
                    ),
                    false
                ) as may_be_over
            from dashboard.history
            where history.student_id = newest.student_id
                and history.module_id = newest.module_id
                and history.id > newest.entry
                and history.at <= moment
        ) as since
        where not since.is_over
            and case
                when since.may_be_over
                then internal.was_edited(newest.student_id, newest.module_id, moment)
                else true
            end
    ),
    rebuilt as (
        select
            moved.student_id,
            moved.module_id,
            fact.status,
            fact.percentage,
            fact.shown_score,
            fact.last_activity,
            fact.last_change,
            fact.unexplained_change,
            fact.attempts,
            fact.has_problem,
            fact.edited_by_staff
        from moved
        left join corrected using (student_id, module_id)
        cross join lateral internal.work_recorded(moved.student_id, moved.module_id, moment) as work
        left join lateral internal.fact_of(
            moved.student_id,
            moved.module_id,
            case
                when stood ->> 'status' in ('NotStarted', 'InProgress', 'Completed')
                then (stood ->> 'status')::public.progress_status
                else internal.status_in(stood ->> 'status')
            end,
            (stood ->> 'score')::numeric,
            stood -> 'progress_details',
            (stood ->> 'last_updated')::timestamptz,
            (stood ->> 'completed_at')::timestamptz,
            (stood ->> 'progress_percentage')::integer,
            corrected.student_id is not null,
            work.own_change,
            work.unexplained_change,
            true
        ) as fact on moved.stood is not null
    )
    select
        today.class_id,
        today.student_id,
        today.full_name,
        today.module_id,
        case when rebuilt.student_id is null then today.status else rebuilt.status end,
        case when rebuilt.student_id is null then today.shown_score else rebuilt.shown_score end,
        case when rebuilt.student_id is null then today.last_activity else rebuilt.last_activity end,
        case when rebuilt.student_id is null then today.last_change else rebuilt.last_change end,
        case when rebuilt.student_id is null then today.unexplained_change else rebuilt.unexplained_change end,
        case when rebuilt.student_id is null then today.attempts else rebuilt.attempts end,
        case
            when rebuilt.student_id is null then today.cell
            when rebuilt.status is null then 'N'
            else internal.cell_of(
                rebuilt.status,
                rebuilt.percentage,
                rebuilt.shown_score,
                rebuilt.edited_by_staff,
                rebuilt.has_problem
            )
        end
    from today
    left join rebuilt using (student_id, module_id)
$$;

grant execute on function dashboard.class_cells_as_of(uuid, timestamptz) to dashboard_person;
