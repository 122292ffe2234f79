-- How people change progress: a batch's rows at once, and which of them it were. Through the view that says whose rows
-- are theirs to change, with the rights of whoever asks; or (attached_progress.sql) with the owner's, where triggers of
-- the platform's ask what our roles may not. What is done before and after is for where no trigger of ours records it
-- (saves_recorded.sql).

-- A column that no wish sets keeps the very value it has, an unreadable date included (with `exact` also where the
-- completion goes). last_updated moves forward only, also past a clock that was set back; a poisoned one is healed.
create or replace function dashboard.update_progress(
    students uuid[],
    modules uuid[],
    statuses public.progress_status[],
    percentages integer[],
    scores numeric[],
    completions timestamptz[],
    sets_status boolean[],
    sets_percentage boolean[],
    sets_score boolean[],
    sets_completed_at boolean[],
    exact boolean
)
returns setof bigint
language plpgsql
set search_path = ''
as $$
declare
    among uuid[] := array(select distinct one from unnest(students) as one);
begin
    perform internal.remember_rows(students, modules);
    return query
    update dashboard.editable_progress as progress
    set status = case when wish.sets_status then wish.status else progress.status end,
        progress_percentage = case
            when wish.sets_percentage then wish.percentage else progress.progress_percentage
        end,
        score = case when wish.sets_score then wish.score else progress.score end,
        completed_at = case
            when wish.sets_completed_at then wish.completed_at
            -- Nobody can see or clear an unreadable date: it goes when the completion does.
            when wish.sets_status
                and not exact
                and wish.status <> 'Completed'
                and progress.completed_at not between '0001-01-01Z' and '9999-12-31T23:59:59.999999Z'
            then null
            else progress.completed_at
        end,
        last_updated = case
            when progress.last_updated < clock_timestamp() + interval '1 day'
            then greatest(clock_timestamp(), progress.last_updated + interval '1 microsecond')
            else clock_timestamp()
        end
    from unnest(
        students, modules, statuses, percentages, scores, completions, sets_status, sets_percentage, sets_score,
        sets_completed_at
    ) with ordinality as wish (
        student_id, module_id, status, percentage, score, completed_at, sets_status, sets_percentage, sets_score,
        sets_completed_at, place
    )
    where progress.student_id = wish.student_id
        and progress.module_id = wish.module_id
        -- The same said again, for a plan that reads these students and not the whole table.
        and progress.student_id = any (among)
    returning wish.place;
    perform internal.record_changed();
end
$$;

-- Rows that were missing; where somebody else made one meanwhile, it is theirs.
create or replace function dashboard.add_progress(
    students uuid[],
    modules uuid[],
    statuses public.progress_status[],
    percentages integer[],
    scores numeric[],
    completions timestamptz[]
)
returns setof bigint
language plpgsql
set search_path = ''
as $$
declare
    places bigint[];
begin
    -- Before anything else: that a row is there already is nobody else's business.
    if exists (
        select
        from unnest(students) as wanted (id)
        where not exists (select from roster.editable where editable.id = wanted.id offset 0)
    ) then
        raise exception 'whose progress this is may not be changed' using errcode = 'insufficient_privilege';
    end if;

    with wish as materialized (
        select *
        from unnest(students, modules, statuses, percentages, scores, completions) with ordinality
            as one (student_id, module_id, status, percentage, score, completed_at, place)
    ),
    made as (
        insert into dashboard.editable_progress (
            student_id, module_id, status, progress_percentage, score, completed_at, last_updated
        )
        select
            wish.student_id, wish.module_id, coalesce(wish.status, 'NotStarted'), wish.percentage, wish.score,
            wish.completed_at, clock_timestamp()
        from wish
        order by wish.place
        on conflict do nothing
        returning student_id, module_id
    )
    select array_agg(wish.place) into places
    from made
    join wish using (student_id, module_id);
    perform internal.record_added(
        array(select students[place] from unnest(places) as place),
        array(select modules[place] from unnest(places) as place)
    );
    return query
    select unnest(places);
end
$$;

grant execute on function
    dashboard.update_progress(
        uuid[], uuid[], public.progress_status[], integer[], numeric[], timestamptz[], boolean[], boolean[], boolean[],
        boolean[], boolean
    ),
    dashboard.add_progress(uuid[], uuid[], public.progress_status[], integer[], numeric[], timestamptz[])
to dashboard_person;
