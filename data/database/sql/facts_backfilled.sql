-- Facts of the rows that the platform had before it was attached, some at a time, so that nobody who writes them waits
-- for long. What the triggers wrote meanwhile is newer and stays. It goes on after the key where it was last.
create or replace function internal.backfill_facts(most integer) returns integer
language plpgsql
set search_path = ''
set timezone = 'UTC'
set jit = off
-- By the table's key: else a plan for any piece would read the whole table for each.
set enable_seqscan = off
set enable_bitmapscan = off
set enable_sort = off
as $$
declare
    at_student uuid;
    at_module uuid;
    done integer;
begin
    -- No id is all zeroes.
    select
        coalesce(backfilled_student, '00000000-0000-0000-0000-000000000000'),
        coalesce(backfilled_module, '00000000-0000-0000-0000-000000000000')
    into at_student, at_module
    from internal.attachment;
    with piece as materialized (
        select progress.*
        from public.student_module_progress as progress
        where (progress.student_id, progress.module_id) > (at_student, at_module)
        order by progress.student_id, progress.module_id
        limit most
    ),
    made as (
        insert into dashboard.fact (
            student_id, module_id, status, percentage, shown_score, score_source, last_activity, is_stuck,
            has_problem, edited_by_staff, last_change, own_change, unexplained_change, completion_at
        )
        select
            fact_of.student_id, fact_of.module_id, fact_of.status, fact_of.percentage, fact_of.shown_score,
            fact_of.score_source, fact_of.last_activity, fact_of.is_stuck, fact_of.has_problem,
            fact_of.edited_by_staff, fact_of.last_change, fact_of.own_change, fact_of.unexplained_change,
            internal.completion_at(piece.student_id, piece.module_id, piece.status, piece.completed_at)
        from piece
        cross join lateral internal.fact_of(
            piece.student_id,
            piece.module_id,
            piece.status,
            piece.score,
            piece.progress_details,
            piece.last_updated,
            piece.completed_at,
            piece.progress_percentage,
            false,
            null,
            null,
            true
        )
        on conflict do nothing
    ),
    reached as (
        update internal.attachment
        set backfilled_student = newest.student_id, backfilled_module = newest.module_id
        from (select student_id, module_id from piece order by student_id desc, module_id desc limit 1) as newest
    )
    select count(*) into done from piece;
    return done;
end
$$;

-- A row that went while its fact was made leaves a fact of nothing. Its fact is locked first, and looked at afterwards:
-- whoever makes the row again meanwhile then makes the fact again too.
create or replace function internal.remove_facts_of_nothing() returns bigint
language plpgsql
set search_path = ''
as $$
declare
    lone record;
    done bigint := 0;
begin
    for lone in
        select fact.student_id, fact.module_id
        from dashboard.fact
        left join public.student_module_progress as progress using (student_id, module_id)
        where progress.student_id is null
    loop
        perform
        from dashboard.fact
        where fact.student_id = lone.student_id and fact.module_id = lone.module_id
        for update;
        if not exists (
            select
            from public.student_module_progress as progress
            where progress.student_id = lone.student_id and progress.module_id = lone.module_id
        ) then
            delete from dashboard.fact
            where fact.student_id = lone.student_id and fact.module_id = lone.module_id;
            done := done + 1;
        end if;
    end loop;
    return done;
end
$$;
