-- Facts where no trigger of ours is on the progress table: rows are compared with what their facts were made of, and
-- what differs is made again.

-- At most so many at once; how many it were. Of a row that somebody saves just now the fact is waited for first, and the
-- row read afterwards. What is known of the work before stays; whose the new figures are, nobody saw.
create or replace function internal.refresh_facts(most integer) returns integer
language plpgsql
set search_path = ''
set timezone = 'UTC'
set jit = off
set work_mem = '64MB'
as $$
declare
    students uuid[];
    modules uuid[];
begin
    select array_agg(differing.student_id), array_agg(differing.module_id)
    into students, modules
    from (
        select progress.student_id, progress.module_id
        from public.student_module_progress as progress
        left join dashboard.fact using (student_id, module_id)
        where fact.made_of is distinct from progress.xmin
        limit most
    ) as differing;

    perform
    from dashboard.fact
    join unnest(students, modules) as wanted (student_id, module_id) using (student_id, module_id)
    order by fact.student_id, fact.module_id
    for update of fact;

    insert into dashboard.fact as known (
        student_id, module_id, status, percentage, shown_score, score_source, last_activity,
        has_problem, edited_by_staff, is_locked, last_change, completion_at, made_of,
        progressed_at, doubts, attempts
    )
    select
        progress.student_id, progress.module_id, fact_of.status, fact_of.percentage, fact_of.shown_score,
        fact_of.score_source, fact_of.last_activity, fact_of.has_problem, false,
        exists (
            select
            from dashboard.lock
            where lock.student_id = progress.student_id
                and lock.module_id = progress.module_id
                and lock.unlocked_at is null
        ),
        fact_of.last_change,
        internal.completion_at(
            progress.student_id, progress.module_id, progress.status, progress.completed_at
        ),
        progress.row_xmin,
        fact_of.progressed_at,
        internal.doubts_of_row(
            progress.status, progress.progress_percentage, progress.score, progress.completed_at,
            progress.last_updated, progress.progress_details, fact_of.shown_score,
            (select module.type from school.module where module.id = progress.module_id)
        ),
        fact_of.attempts
    from unnest(students, modules) as wanted (student_id, module_id)
    cross join lateral (
        select row.*, row.xmin as row_xmin
        from public.student_module_progress as row
        where row.student_id = wanted.student_id and row.module_id = wanted.module_id
        offset 0
    ) as progress
    cross join lateral internal.fact_of(
        progress.student_id,
        progress.module_id,
        progress.status,
        progress.score,
        progress.progress_details,
        progress.last_updated,
        progress.completed_at,
        progress.progress_percentage,
        false,
        null,
        null,
        true
    )
    on conflict (student_id, module_id) do update set
        status = excluded.status,
        percentage = excluded.percentage,
        shown_score = excluded.shown_score,
        score_source = excluded.score_source,
        last_activity = greatest(excluded.last_activity, known.own_change),
        attempts = excluded.attempts,
        has_problem = excluded.has_problem,
        doubts = excluded.doubts,
        edited_by_staff = known.edited_by_staff
            and (known.status, known.percentage, known.shown_score)
                is not distinct from (excluded.status, excluded.percentage, excluded.shown_score),
        last_change = case when known.own_change is null then excluded.last_change end,
        completion_at = coalesce(
            excluded.completion_at, case when excluded.status = 'Completed' then known.completion_at end
        ),
        made_of = excluded.made_of,
        progressed_at = case
            when internal.is_further(excluded.status::text, excluded.percentage, known.status::text, known.percentage)
            -- Not every writer of the platform says when.
            then case
                when excluded.progressed_at > greatest(known.progressed_at, known.last_change)
                then excluded.progressed_at
                else now()
            end
            else known.progressed_at
        end,
        slipped_at = case
            when excluded.status = 'Completed' then null
            when known.status = 'Completed' then now()
            else known.slipped_at
        end;

    delete from dashboard.fact
    where not exists (
        select
        from public.student_module_progress as progress
        where progress.student_id = fact.student_id and progress.module_id = fact.module_id
    );
    return coalesce(cardinality(students), 0);
end
$$;
