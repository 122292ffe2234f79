-- How facts follow what is written: in the same statement, and once more where rows came in beside the triggers.

-- One day has 24 hours and one text one moment, whatever the writer's zone: hence UTC. Who writes is asked once, and
-- only where a key was changed is anything deleted. Whose work it was, the history has just recorded: the newest change
-- adds to what is known. Of a row that is new here the student may have worked on one before.
create or replace function internal.update_facts() returns trigger
language plpgsql security definer
set search_path = ''
set timezone = 'UTC'
set work_mem = '32MB'
as $$
declare
    author uuid;
    -- What people save never touches the details, nor is it the student's work: then nothing is looked up.
    is_saved boolean;
    is_new boolean := tg_op = 'INSERT';
begin
    author := internal.author();
    -- As in internal.record_history().
    if tg_op = 'INSERT' then
        if not exists (select from new_rows) then
            return null;
        end if;
    elsif not exists (select from old_rows) then
        return null;
    end if;
    is_saved := exists (
        select
        from dashboard.batch as opened
        where opened.id = (select internal.open_batch())
            and opened.author_id = author
    );
    if tg_op = 'DELETE' then
        delete from dashboard.fact
        using old_rows
        where fact.student_id = old_rows.student_id and fact.module_id = old_rows.module_id;
        return null;
    end if;

    -- Only where the key itself was changed does an old row have no new one.
    if tg_op = 'UPDATE' then
        -- What an entry of before has told of (history_spans.sql), that one's facts hold too.
        if not is_saved
            and not exists (
                select
                from old_rows as o
                full join new_rows as n using (student_id, module_id)
                where not coalesce(
                    coalesce(author = n.student_id, true)
                    and n.status <> 'NotStarted' -- or it may be the first work in it
                    and n.last_updated between '1970-01-01' and now() + interval '1 day'
                    and internal.goes_on(to_jsonb(o), to_jsonb(n), author, statement_timestamp())
                    and exists (
                        select
                        from dashboard.fact
                        where fact.student_id = n.student_id
                            and fact.module_id = n.module_id
                            and fact.last_change is null
                            and not fact.has_problem
                    ),
                    false
                )
            )
        then
            return null;
        end if;
        if exists (
            select student_id, module_id
            from old_rows
            except
            select student_id, module_id
            from new_rows
        )
        then
            is_new := true;
            delete from dashboard.fact
            using old_rows
            where fact.student_id = old_rows.student_id
                and fact.module_id = old_rows.module_id
                and not exists (
                    select
                    from new_rows
                    where new_rows.student_id = old_rows.student_id
                        and new_rows.module_id = old_rows.module_id
                );
        end if;
    end if;

    insert into dashboard.fact (
        student_id, module_id, status, percentage, shown_score, score_source, last_activity,
        has_problem, edited_by_staff, last_change, own_change, unexplained_change, completion_at, progressed_at, doubts,
        attempts
    )
    select
        fact_of.student_id, fact_of.module_id, fact_of.status, fact_of.percentage, fact_of.shown_score,
        fact_of.score_source, greatest(fact_of.last_activity, known.last_activity), fact_of.has_problem,
        fact_of.edited_by_staff,
        case when known.last_activity is null then fact_of.last_change end,
        fact_of.own_change, fact_of.unexplained_change,
        case
            when new_rows.status = 'Completed'
            then internal.completion_at(
                new_rows.student_id, new_rows.module_id, new_rows.status, new_rows.completed_at
            )
        end,
        fact_of.progressed_at,
        internal.doubts_of_row(
            new_rows.status, new_rows.progress_percentage, new_rows.score, new_rows.completed_at,
            new_rows.last_updated, new_rows.progress_details, fact_of.shown_score,
            (select module.type from school.module where module.id = new_rows.module_id)
        ),
        fact_of.attempts
    from new_rows
    left join lateral (
        select history as change
        from dashboard.history
        where history.student_id = new_rows.student_id
            and history.module_id = new_rows.module_id
            and (is_new or not is_saved)
            -- What was just recorded is in the newest months, unless a clock was set back.
            and history.at >= now() - interval '1 day'
        order by history.id desc
        limit 1
    ) as newest on true
    -- What the details were found to say, where they did not change: to search them costs more than all the rest.
    left join lateral (
        select fact.student_id, fact.last_activity
        from dashboard.fact
        where fact.student_id = new_rows.student_id
            and fact.module_id = new_rows.module_id
            and not is_new
            and not is_saved
            and not coalesce(
                (newest.change).before ? 'progress_details' or (newest.change).after ? 'progress_details',
                false
            )
    ) as known on true
    cross join lateral internal.fact_of(
        new_rows.student_id,
        new_rows.module_id,
        new_rows.status,
        new_rows.score,
        new_rows.progress_details,
        new_rows.last_updated,
        new_rows.completed_at,
        new_rows.progress_percentage,
        coalesce(author <> new_rows.student_id, false),
        greatest(
            internal.own_change_in(newest.change),
            (
                select max(internal.own_change_in(history))
                from dashboard.history
                where history.student_id = new_rows.student_id
                    and history.module_id = new_rows.module_id
                    and is_new
            )
        ),
        internal.unexplained_change_in(newest.change),
        is_new or not is_saved and known.student_id is null
    )
    order by new_rows.student_id, new_rows.module_id
    on conflict (student_id, module_id) do update set
        status = excluded.status,
        percentage = excluded.percentage,
        shown_score = excluded.shown_score,
        score_source = excluded.score_source,
        last_activity = case
            when is_new or not is_saved then greatest(excluded.last_activity, fact.own_change)
            else fact.last_activity
        end,
        attempts = excluded.attempts,
        has_problem = excluded.has_problem,
        doubts = excluded.doubts,
        -- Who made the figures what they are: a write that leaves them alone does not change that.
        edited_by_staff = case
            when (fact.status, fact.percentage, fact.shown_score)
                is distinct from (excluded.status, excluded.percentage, excluded.shown_score)
            then excluded.edited_by_staff
            else fact.edited_by_staff or excluded.edited_by_staff
        end,
        last_change = case
            when case
                when is_new or not is_saved then fact.own_change else fact.last_activity
            end is null
            then excluded.last_change
        end,
        own_change = greatest(fact.own_change, excluded.own_change),
        unexplained_change = greatest(fact.unexplained_change, excluded.unexplained_change),
        -- Where the history does not tell any more what it did; but not a day that was just taken away.
        completion_at = coalesce(
            excluded.completion_at,
            case
                when excluded.status = 'Completed' and not exists (
                    select
                    from dashboard.history
                    where history.student_id = excluded.student_id
                        and history.module_id = excluded.module_id
                        and history.at >= now()
                        and history.before ? 'completed_at'
                )
                then fact.completion_at
            end
        ),
        progressed_at = case
            when internal.is_further(
                excluded.status::text, excluded.percentage, fact.status::text, fact.percentage
            )
            then now()
            else fact.progressed_at
        end,
        slipped_at = case
            when excluded.status = 'Completed' then null
            when fact.status <> 'Completed' then fact.slipped_at
            when not excluded.edited_by_staff then now()
        end;
    return null;
exception
    when others then
        if not internal.is_forgiven('facts: ' || sqlerrm) then
            raise;
        end if;
        if tg_op <> 'INSERT' then
            perform internal.remember_stale(array_agg(student_id), array_agg(module_id)) from old_rows;
        end if;
        if tg_op <> 'DELETE' then
            perform internal.remember_stale(array_agg(student_id), array_agg(module_id)) from new_rows;
        end if;
        return null;
end
$$;

-- Later than `history_of_inserts`, in the order of the alphabet.
create or replace trigger later_facts_of_inserts
after insert on public.student_module_progress
referencing new table as new_rows
for each statement execute function internal.update_facts();

create or replace trigger later_facts_of_updates
after update on public.student_module_progress
referencing old table as old_rows new table as new_rows
for each statement execute function internal.update_facts();

create or replace trigger later_facts_of_deletes
after delete on public.student_module_progress
referencing old table as old_rows
for each statement execute function internal.update_facts();

-- What the history tells of everybody's work, after rows and their history were written beside each other and no
-- trigger saw both.
create or replace function internal.recall_work() returns void
language sql
set search_path = ''
as $$
    update dashboard.fact
    set last_activity = greatest(fact.last_activity, work.own_change),
        last_change = case
            when greatest(fact.last_activity, work.own_change) is null then fact.last_change
        end,
        own_change = work.own_change,
        unexplained_change = work.unexplained_change,
        completion_at = coalesce(
            fact.completion_at, case when fact.status = 'Completed' then work.completion_at end
        ),
        progressed_at = coalesce(work.progressed_at, fact.progressed_at),
        slipped_at = case when fact.status <> 'Completed' then work.slipped_at end
    from (
        select
            history.student_id,
            history.module_id,
            max(internal.own_change_in(history)) as own_change,
            max(internal.unexplained_change_in(history)) filter (
                where gone.id is null or history.id > gone.id
            ) as unexplained_change,
            max(history.at) filter (where history.completions > 0) as completion_at,
            max(internal.progress_in(history)) filter (
                where gone.id is null or history.id > gone.id
            ) as progressed_at,
            (array_agg(
                case when history.source in ('student', 'platform') then history.at end
                order by history.id desc
            ) filter (
                where history.completions < 0 and (gone.id is null or history.id > gone.id)
            ))[1] as slipped_at
        from dashboard.history
        left join (
            select history.student_id, history.module_id, max(history.id) as id
            from dashboard.history
            where history.operation = 'delete'
            group by history.student_id, history.module_id
        ) as gone using (student_id, module_id)
        group by history.student_id, history.module_id
    ) as work
    where work.student_id = fact.student_id
        and work.module_id = fact.module_id
$$;
