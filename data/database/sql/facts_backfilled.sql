-- Facts that no trigger made: of the rows that the platform had before it was attached, and of those where an error of
-- ours came up. Some at a time, so that nobody who writes them waits for long.

-- Of these rows, in their order, where none is there. What a trigger wrote meanwhile is newer and stays.
create or replace function internal.count_facts(students uuid[], modules uuid[]) returns void
language sql
set search_path = ''
set timezone = 'UTC'
set jit = off
as $$
    insert into dashboard.fact (
        student_id, module_id, status, percentage, shown_score, score_source, last_activity,
        has_problem, edited_by_staff, last_change, own_change, unexplained_change, completion_at, is_locked,
        made_of, progressed_at, slipped_at, doubts, attempts
    )
    select
        fact_of.student_id, fact_of.module_id, fact_of.status, fact_of.percentage, fact_of.shown_score,
        fact_of.score_source, fact_of.last_activity, fact_of.has_problem,
        fact_of.edited_by_staff, fact_of.last_change, fact_of.own_change, fact_of.unexplained_change,
        internal.completion_at(
            progress.student_id, progress.module_id, progress.status, progress.completed_at
        ),
        exists (
            select
            from dashboard.lock
            where lock.student_id = progress.student_id
                and lock.module_id = progress.module_id
                and lock.unlocked_at is null
        ),
        progress.row_xmin,
        coalesce(further.progressed_at, fact_of.progressed_at),
        case when progress.status <> 'Completed' then further.slipped_at end,
        internal.doubts_of_row(
            progress.status, progress.progress_percentage, progress.score, progress.completed_at,
            progress.last_updated, progress.progress_details, fact_of.shown_score,
            (select module.type from school.module where module.id = progress.module_id)
        ),
        fact_of.attempts
    from unnest(students, modules) as wanted (student_id, module_id)
    -- One by one by the key, however many they are. (offset 0: else it is a join, and may read all of the table.)
    cross join lateral (
        select known.*, known.xmin as row_xmin
        from public.student_module_progress as known
        where known.student_id = wanted.student_id and known.module_id = wanted.module_id
        offset 0
    ) as progress
    -- Most rows from before have no history: of those nothing more is asked.
    cross join lateral (
        select exists (
            select
            from dashboard.history
            where history.student_id = progress.student_id and history.module_id = progress.module_id
        ) as is_known
        offset 0
    ) as history
    left join lateral (
        select recorded.*
        from internal.work_recorded(progress.student_id, progress.module_id, 'infinity') as recorded
        where history.is_known
    ) as work on true
    left join lateral (
        select recorded.*
        from internal.progress_recorded(progress.student_id, progress.module_id) as recorded
        where history.is_known
    ) as further on true
    cross join lateral internal.fact_of(
        progress.student_id,
        progress.module_id,
        progress.status,
        progress.score,
        progress.progress_details,
        progress.last_updated,
        progress.completed_at,
        progress.progress_percentage,
        history.is_known
        and coalesce(internal.was_edited(progress.student_id, progress.module_id, 'infinity'), false),
        work.own_change,
        work.unexplained_change,
        true
    )
    on conflict do nothing
$$;

-- It goes on after the key where it was last; 0 when no row is left.
create or replace function internal.backfill_facts(most integer) returns integer
language plpgsql
set search_path = ''
-- By the table's key: else a plan for any piece would read the whole table for each.
set enable_seqscan = off
set enable_bitmapscan = off
set enable_sort = off
as $$
declare
    at_student uuid;
    at_module uuid;
    students uuid[];
    modules uuid[];
begin
    -- No id is all zeroes.
    select
        coalesce(backfilled_student, '00000000-0000-0000-0000-000000000000'),
        coalesce(backfilled_module, '00000000-0000-0000-0000-000000000000')
    into at_student, at_module
    from internal.attachment;
    select array_agg(piece.student_id), array_agg(piece.module_id)
    into students, modules
    from (
        select progress.student_id, progress.module_id
        from public.student_module_progress as progress
        where (progress.student_id, progress.module_id) > (at_student, at_module)
        order by progress.student_id, progress.module_id
        limit most
    ) as piece;
    if students is null then
        return 0;
    end if;
    perform internal.count_facts(students, modules);
    update internal.attachment
    set backfilled_student = students[array_upper(students, 1)], backfilled_module = modules[array_upper(modules, 1)];
    return cardinality(students);
end
$$;

-- Facts that are missing, of nothing, or not as the row is (as far as one can tell without reading its details).
create or replace view internal.astray_fact as
select
    progress.student_id,
    progress.module_id,
    case when fact.student_id is null then 'missing' else 'other' end as how
from public.student_module_progress as progress
left join dashboard.fact using (student_id, module_id)
where fact.student_id is null
    or (fact.status, fact.percentage) is distinct from (progress.status, progress.progress_percentage)
    or case
        when progress.score is null then fact.score_source = 'score'
        else fact.shown_score is distinct from progress.score
    end
union all
select fact.student_id, fact.module_id, 'lone'
from dashboard.fact
where not exists (
    select
    from public.student_module_progress as progress
    where progress.student_id = fact.student_id and progress.module_id = fact.module_id
);

-- Facts of some of the remembered rows, anew: how many were looked at. Each is taken away first, so that whoever writes
-- its row meanwhile waits for the new one, and then makes it what they wrote.
create or replace function internal.cure_facts(most integer) returns integer
language plpgsql
set search_path = ''
as $$
declare
    students uuid[];
    modules uuid[];
begin
    with taken as (
        delete from internal.stale_fact
        where id in (select id from internal.stale_fact order by id limit most for update skip locked)
        returning student_id, module_id
    )
    select array_agg(student_id), array_agg(module_id)
    into students, modules
    from (select distinct student_id, module_id from taken order by student_id, module_id) as each;
    if students is null then
        return 0;
    end if;
    delete from dashboard.fact
    using unnest(students, modules) as wanted (student_id, module_id)
    where fact.student_id = wanted.student_id and fact.module_id = wanted.module_id;
    perform internal.count_facts(students, modules);
    return cardinality(students);
end
$$;

-- The platform does not wait for tables of ours: what would take longer is an error of ours, which is written down, and
-- its facts are cured.
alter function internal.enforce_lock() set lock_timeout = '60ms';
alter function internal.record_history() set lock_timeout = '60ms';
alter function internal.update_facts() set lock_timeout = '60ms';
alter function internal.follow_inserted_rows() set lock_timeout = '60ms';
