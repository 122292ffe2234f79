-- Reading the history page by page, undoing batches, and a class as it stood.

-- Pages come newest first, by whatever they are filtered by.
create index history_at on dashboard.history (at, id);
create index history_module on dashboard.history (module_id, id);
create index history_source on dashboard.history (source, id);
create index history_author on dashboard.history (author_id, id) where source not in ('student', 'platform');
create index history_by_staff on dashboard.history (student_id, module_id, id)
where source not in ('student', 'platform');
create index history_batch_student on dashboard.history (batch_id, student_id) where batch_id is not null;
drop index dashboard.history_batch;

-- A page walks an index backwards until it is full, which no view with a security barrier lets it do: it
-- finds its entries here, narrowed by the policy, and reads them through dashboard.change.
grant select (id, at, student_id, module_id, operation, source, author_id, batch_id)
on dashboard.history to dashboard_person;

-- Reason: the same people as in dashboard.change.
create policy people_see_their_students on dashboard.history
for select to dashboard_person
using (student_id in (select internal.my_students()));

-- As in 0004, with the student's name.
create or replace view dashboard.change with (security_barrier) as
select
    history.id,
    history.at,
    history.student_id,
    history.module_id,
    history.operation,
    history.source,
    history.author_id,
    staff.full_name as author_name,
    history.batch_id,
    batch.reason,
    history.before,
    history.after,
    history.completions,
    student.full_name as student_name
from dashboard.history
left join dashboard.batch on batch.id = history.batch_id
left join school.staff on staff.id = history.author_id
left join school.student on student.id = history.student_id
where history.student_id in (select internal.my_students());

-- Undoing.

alter table dashboard.batch add column undoes uuid references dashboard.batch (id);
alter table dashboard.batch add column digest text check (length(digest) = 64);

comment on column dashboard.batch.undoes is
'The batch whose rows, all or some, this one puts back.';
comment on column dashboard.batch.digest is
'SHA-256 of the edits: the same key with other edits is a mistake and no retry.';

create index batch_undoes on dashboard.batch (undoes) where undoes is not null;
create index batch_at on dashboard.batch (at, id);

grant insert (undoes, digest) on dashboard.batch to dashboard_person;
grant select (undoes, digest) on dashboard.batch to dashboard_person;

-- May I change at least one of the rows that the batch changed? Each row is guarded by itself.
create function internal.may_undo(batch uuid) returns boolean
language sql stable security definer
set search_path = ''
as $$
    select exists (
        select
        from dashboard.history
        where history.batch_id = batch
            and history.student_id in (select internal.my_editable_students())
    )
$$;

-- Reason: as before; and what is undone must be the editor's to change.
alter policy editors_open_batches on dashboard.batch
with check (
    author_id = (select auth.uid())
    and (select internal.my_role()) in ('coordinator', 'admin')
    and (undoes is null or (source = 'undo' and internal.may_undo(undoes)))
);

-- Reason: who sees a change may see what it was part of, and whether it was undone.
create policy people_see_batches_of_their_students on dashboard.batch
for select to dashboard_person
using (
    exists (
        -- Narrowed by the history's own policy. With offset 0 it is asked of each batch of a page, where
        -- else a list of all batches would be made first.
        select
        from dashboard.history
        where history.batch_id = batch.id
        offset 0
    )
);

-- As in 0004, at half the price: both sides of a change are told apart in one go, and in the query
-- itself, where a function was called twice a row.
create or replace function internal.record_history() returns trigger
language plpgsql security definer
set search_path = ''
set timezone = 'UTC'
as $$
declare
    author uuid := auth.uid();
    batch dashboard.batch;
    source text;
begin
    select *
    into batch
    from dashboard.batch as known
    where known.id = nullif(current_setting('dashboard.batch', true), '')::uuid
        and known.author_id = author;
    -- As internal.source_of(); null where each row has to tell whether it is the author's own.
    source := case when author is null then 'platform' else batch.source end;

    if tg_op = 'INSERT' then
        insert into dashboard.history (
            student_id, module_id, operation, source, author_id, batch_id, after
        )
        select
            student_id, module_id, 'insert',
            coalesce(source, case when author = student_id then 'student' else 'staff' end),
            author, batch.id, to_jsonb(new_rows) - 'student_id' - 'module_id'
        from new_rows;
    elsif tg_op = 'DELETE' then
        insert into dashboard.history (
            student_id, module_id, operation, source, author_id, batch_id, before
        )
        select
            student_id, module_id, 'delete',
            coalesce(source, case when author = student_id then 'student' else 'staff' end),
            author, batch.id, to_jsonb(old_rows) - 'student_id' - 'module_id'
        from old_rows;
    else
        -- A full join: a changed key is the old row's end and the new row's beginning. (offset 0: else a row
        -- would be made JSON anew for each of its columns.)
        insert into dashboard.history (
            student_id, module_id, operation, source, author_id, batch_id, before, after
        )
        select
            coalesce(o.student_id, n.student_id),
            coalesce(o.module_id, n.module_id),
            case when o is null then 'insert' when n is null then 'delete' else 'update' end,
            coalesce(
                source,
                case when author = coalesce(o.student_id, n.student_id) then 'student' else 'staff' end
            ),
            author,
            batch.id,
            case when n is null then o.facts - 'student_id' - 'module_id' else changed.before end,
            case when o is null then n.facts - 'student_id' - 'module_id' else changed.after end
        from (
            select student_id, module_id, to_jsonb(old_rows) as facts
            from old_rows
            offset 0
        ) as o
        full join (
            select student_id, module_id, to_jsonb(new_rows) as facts
            from new_rows
            offset 0
        ) as n using (student_id, module_id)
        cross join lateral (
            select
                jsonb_object_agg(
                    key,
                    case when by_key then internal.difference(was, becomes) else was end
                ) as before,
                jsonb_object_agg(
                    key,
                    case when by_key then internal.difference(becomes, was) else becomes end
                ) as after
            from (
                select
                    each.key,
                    each.value as was,
                    n.facts -> each.key as becomes,
                    each.key = 'progress_details'
                        and jsonb_typeof(each.value) = 'object'
                        and jsonb_typeof(n.facts -> each.key) = 'object' as by_key
                from jsonb_each(o.facts) as each
                where n.facts -> each.key is distinct from each.value
            ) as differing
        ) as changed
        where o.facts is distinct from n.facts;
    end if;
    return null;
end
$$;

-- As in 0005, at half the price: nothing is searched for where its key is not there, and the search is one
-- query whose plan is kept.
create or replace function internal.last_moment_in(details jsonb) returns timestamptz
language plpgsql stable
set search_path = ''
as $$
begin
    if not details ?| array[
        'submitted_at', 'started_at', 'completion_date', 'lesson_quiz_results', 'lesson_quiz_attempts'
    ]
    then
        return null;
    end if;
    return (
        select max((written #>> '{}')::timestamptz) filter (
            where (written #>> '{}')::timestamptz between '1970-01-01' and now() + interval '1 day'
        )
        from (
            select details -> key as written
            from unnest(array['submitted_at', 'started_at', 'completion_date']) as key
            union all
            select jsonb_path_query(
                details,
                'lax $.lesson_quiz_results.* ? (@.type() == "object").keyvalue()
                    ? (@.key starts with "last_attempt").value',
                '{}',
                true
            )
            union all
            select jsonb_path_query(details, 'lax $.lesson_quiz_attempts.*[*].submitted_at', '{}', true)
        ) as moments
        where jsonb_typeof(written) = 'string'
            and written #>> '{}' ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}|$)'
    );
exception
    when data_exception then
        return (
            select max(internal.moment_in(written))
            from internal.moments_written_in(details) as written
        );
end
$$;

create or replace function internal.fact_of(
    student_id uuid,
    module_id uuid,
    status public.progress_status,
    score numeric,
    details jsonb,
    last_updated timestamptz,
    completed_at timestamptz,
    percentage integer,
    by_staff boolean
)
returns dashboard.fact
language plpgsql stable
set search_path = ''
as $$
declare
    fact dashboard.fact;
    latest timestamptz := now() + interval '1 day';
begin
    fact.student_id := student_id;
    fact.module_id := module_id;
    fact.status := status;
    fact.percentage := percentage;
    fact.shown_score := score;
    -- As internal.plausible().
    fact.last_activity := case when last_updated between '1970-01-01' and latest then last_updated end;
    fact.is_stuck := false;
    fact.edited_by_staff := by_staff;
    fact.has_problem :=
        fact.last_activity is null
        or completed_at not between '1970-01-01' and latest
        or jsonb_typeof(details) not in ('object', 'null');
    if jsonb_typeof(details) = 'object' then
        if score is null and details ?| array['score_percentage', 'score'] then
            fact.shown_score := coalesce(
                internal.number_in(details -> 'score_percentage'),
                internal.number_in(details -> 'score')
            );
        end if;
        fact.last_activity := greatest(fact.last_activity, internal.last_moment_in(details));
        fact.is_stuck :=
            details ? 'lesson_quiz_results'
            and coalesce(
                jsonb_path_exists(
                    details,
                    'lax $.lesson_quiz_results.* ? (@.attempts >= 3 && @.passed == false)',
                    '{}',
                    true
                ),
                false
            );
    end if;
    fact.score_source := case
        when score is not null then 'score'
        when fact.shown_score is not null then 'details'
    end;
    fact.has_problem :=
        coalesce(fact.has_problem, false) or coalesce(fact.shown_score not between 0 and 100, false);
    return fact;
end
$$;

-- As in 0005, asking once who writes, where each row asked.
create or replace function internal.keep_facts() returns trigger
language plpgsql security definer
set search_path = ''
set timezone = 'UTC'
as $$
declare
    author uuid := auth.uid();
begin
    if tg_op = 'DELETE' then
        delete from dashboard.fact
        using old_rows
        where fact.student_id = old_rows.student_id and fact.module_id = old_rows.module_id;
        return null;
    end if;

    if tg_op = 'UPDATE' then
        -- Only where the key itself was changed does an old row have no new one.
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

    insert into dashboard.fact (
        student_id, module_id, status, percentage, shown_score, score_source, last_activity, is_stuck,
        has_problem, edited_by_staff
    )
    select
        fact_of.student_id, fact_of.module_id, fact_of.status, fact_of.percentage, fact_of.shown_score,
        fact_of.score_source, fact_of.last_activity, fact_of.is_stuck, fact_of.has_problem,
        fact_of.edited_by_staff
    from new_rows
    cross join lateral internal.fact_of(
        new_rows.student_id,
        new_rows.module_id,
        new_rows.status,
        new_rows.score,
        new_rows.progress_details,
        new_rows.last_updated,
        new_rows.completed_at,
        new_rows.progress_percentage,
        coalesce(author <> new_rows.student_id, false)
    )
    order by new_rows.student_id, new_rows.module_id
    on conflict (student_id, module_id) do update set
        status = excluded.status,
        percentage = excluded.percentage,
        shown_score = excluded.shown_score,
        score_source = excluded.score_source,
        last_activity = excluded.last_activity,
        is_stuck = excluded.is_stuck,
        has_problem = excluded.has_problem,
        -- Who made the figures what they are: a write that leaves them alone does not change that.
        edited_by_staff = case
            when (fact.status, fact.percentage, fact.shown_score)
                is distinct from (excluded.status, excluded.percentage, excluded.shown_score)
            then excluded.edited_by_staff
            else fact.edited_by_staff or excluded.edited_by_staff
        end;
    return null;
end
$$;

-- As of.

-- One step back in time: the row as it stood before a change, told from how it stood after it. Null is no row.
create function internal.step_back(
    state jsonb, stands jsonb, operation text, before jsonb, after jsonb
)
returns jsonb
language plpgsql immutable
set search_path = ''
as $$
begin
    if operation <> 'update' then
        return before;
    end if;
    state := coalesce(state, stands);
    if jsonb_typeof(before -> 'progress_details') = 'object'
        and jsonb_typeof(after -> 'progress_details') = 'object'
        and jsonb_typeof(state -> 'progress_details') = 'object'
    then
        return state || before || jsonb_build_object(
            'progress_details',
            (state -> 'progress_details')
            - array(select jsonb_object_keys(after -> 'progress_details'))
            || (before -> 'progress_details')
        );
    end if;
    return state || before;
end
$$;

-- All changes of a row, newest first, put back one after the other; `stands` is the row today.
create aggregate internal.as_it_stood(stands jsonb, operation text, before jsonb, after jsonb) (
    sfunc = internal.step_back,
    stype = jsonb
);

-- What makes a figure, as in internal.fact_of().
create function internal.figures(state jsonb) returns text
language sql immutable
set search_path = ''
as $$
    select row(
        state ->> 'status',
        state ->> 'progress_percentage',
        trim_scale(
            coalesce(
                (state ->> 'score')::numeric,
                internal.number_in(state -> 'progress_details' -> 'score_percentage'),
                internal.number_in(state -> 'progress_details' -> 'score')
            )
        )
    )::text
$$;

-- Was dashboard.fact.edited_by_staff true at the moment? The newest change by staff, or by others of the
-- figures, decides.
create function internal.was_edited(student uuid, module uuid, moment timestamptz) returns boolean
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
create function dashboard.class_cells_as_of(of_class uuid, moment timestamptz)
returns table (
    class_id uuid,
    student_id uuid,
    full_name text,
    module_id uuid,
    status public.progress_status,
    shown_score numeric,
    last_activity timestamptz,
    is_stuck boolean,
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
            fact.is_stuck,
            fact.has_problem,
            fact.edited_by_staff
        from moved
        left join corrected using (student_id, module_id)
        left join lateral internal.fact_of(
            moved.student_id,
            moved.module_id,
            (stood ->> 'status')::public.progress_status,
            (stood ->> 'score')::numeric,
            stood -> 'progress_details',
            (stood ->> 'last_updated')::timestamptz,
            (stood ->> 'completed_at')::timestamptz,
            (stood ->> 'progress_percentage')::integer,
            corrected.student_id is not null
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
        case when rebuilt.student_id is null then today.is_stuck else coalesce(rebuilt.is_stuck, false) end,
        case
            when rebuilt.student_id is null then today.cell
            when rebuilt.status is null then 'N'
            -- As dashboard.fact.cell.
            else case rebuilt.status when 'Completed' then 'C' when 'InProgress' then 'I' else 'N' end
                || coalesce(rebuilt.percentage::text, '')
                || case
                    when rebuilt.shown_score between -9999 and 9999
                    then '/' || trim_scale(rebuilt.shown_score)
                    else ''
                end
                || case when rebuilt.is_stuck then 's' else '' end
                || case when rebuilt.edited_by_staff then 'e' else '' end
                || case when rebuilt.has_problem then 'p' else '' end
        end
    from today
    left join rebuilt using (student_id, module_id)
$$;

revoke execute on function dashboard.class_cells_as_of(uuid, timestamptz) from public;
grant execute on function dashboard.class_cells_as_of(uuid, timestamptz) to dashboard_person;

revoke execute on all functions in schema internal from public;
-- The policy calls it with the rights of whoever saves.
grant execute on function internal.may_undo(uuid) to dashboard_person;
