-- What happened in my classes since a moment, and up to where each of the staff has read it.

create table internal.news_read (
    staff_id uuid primary key,
    read_at timestamptz not null default now(),
    before_that timestamptz
);

comment on table internal.news_read is
'When somebody last had the news on the page, and when they last had it in the visit before, up to which they are read.';

alter table internal.news_read enable row level security;

-- I have the news before me: a visit ends an hour after I last did. Up to when they were read before this visit; null
-- for who never was here, and for whom they are not. Written once in ten minutes at most: any write has all pages read
-- anew. A standby tells what is known.
create or replace function dashboard.read_news() returns timestamptz
language plpgsql security definer
set search_path = ''
as $$
declare
    me uuid := internal.me();
begin
    if current_setting('transaction_read_only') = 'off'
        and internal.my_role() <> 'student'
        and not exists (
            select
            from internal.news_read
            where staff_id = me and read_at > now() - interval '10 minutes'
        )
    then
        insert into internal.news_read (staff_id)
        values (me)
        on conflict (staff_id) do update set
            read_at = excluded.read_at,
            before_that = case
                when news_read.read_at < now() - interval '1 hour' then news_read.read_at
                else news_read.before_that
            end;
    end if;
    return (select news_read.before_that from internal.news_read where news_read.staff_id = me);
end
$$;

-- For each class I staff, but those that are archived: what happened there after `since`, and still holds, by kind. In
-- how many modules of how many students, and whose they are where it is one student. Of whoever left, and of staff,
-- nothing is told, as nothing is flagged. What I changed myself is no news to me.
create or replace function dashboard.news(since timestamptz)
returns table (
    class_id uuid,
    kind text,
    modules integer,
    students integer,
    student_id uuid,
    student_name text
)
language sql stable security definer rows 100
set search_path = ''
set timezone = 'UTC'
set jit = off
as $$
    with my_class as materialized (
        select class.id, class.organisation_id
        from school.class
        where class.archived_at is null and class.id in (select internal.my_staffed_classes())
    ),
    standing as materialized (
        select standing.*, student.full_name
        from internal.standings(array(select my_class.id from my_class)) as standing
        join my_class on my_class.id = standing.class_id
        join school.student
            on student.id = standing.student_id
            and student.is_active
            and (
                student.organisation_id = my_class.organisation_id
                or (select internal.sees_guests())
            )
        left join school.staff on staff.id = student.id and staff.is_active
        where staff.id is null
    ),
    figures as materialized (
        select *
        from internal.class_figures(array(select my_class.id from my_class), now())
    ),
    learner as materialized (select distinct standing.student_id as id from standing),
    module as materialized (select module.id, module.pass_mark from school.module),
    -- Rows that may be stuck, or are below the mark now, and that came there since, and the first change that may tell.
    suspect as materialized (
        select row.*, module.pass_mark
        from (
            select touched.student_id, touched.first_change, fact.*
            from (
                select learner.id as student_id, change.module_id, min(change.id) as first_change
                from (
                    select distinct standing.student_id as id
                    from standing
                    where standing.attempts is not null or standing.failed > 0
                ) as learner
                cross join lateral (
                    select history.module_id, history.id
                    from dashboard.history
                    where history.student_id = learner.id
                        and history.at > since
                        and internal.may_mark(history.before, history.after)
                    offset 0
                ) as change
                group by learner.id, change.module_id
            ) as touched
            cross join lateral (
                select fact.module_id, fact.status, fact.attempts, fact.shown_score
                from dashboard.fact
                where fact.student_id = touched.student_id
                    and fact.module_id = touched.module_id
                    and (fact.attempts >= 2 or fact.shown_score >= 0)
                offset 0
            ) as fact
            -- The fence without which the modules were hashed for each row.
            offset 0
        ) as row
        join module on module.id = row.module_id
        where row.attempts >= 2 or dashboard.is_failed(row.shown_score, module.pass_mark)
    ),
    -- The same rows as they were. A score that was replaced tells it; else what was written since is put back.
    before as (
        select
            suspect.student_id,
            suspect.module_id,
            suspect.attempts,
            coalesce(stood.attempts, 0) as before,
            coalesce(dashboard.is_failed(suspect.shown_score, suspect.pass_mark), false)
            and not coalesce(
                dashboard.is_failed(coalesce(told.score, stood.shown_score), suspect.pass_mark), false
            ) as is_failed
        from suspect
        cross join lateral (
            select
                case
                    when suspect.attempts is null and jsonb_typeof(history.before -> 'score') = 'number'
                    then (history.before ->> 'score')::numeric
                end as score
            from dashboard.history
            where history.id = suspect.first_change
            offset 0
        ) as told
        left join lateral (
            select fact_of.attempts, fact_of.shown_score
            from (
                select internal.as_it_stood(
                    to_jsonb(progress), history.operation, history.before, history.after
                    order by history.id desc
                ) as row
                from public.student_module_progress as progress
                join dashboard.history
                    on history.student_id = progress.student_id
                    and history.module_id = progress.module_id
                where told.score is null
                    and progress.student_id = suspect.student_id
                    and progress.module_id = suspect.module_id
                    and history.at > since
                offset 0
            ) as put_back
            -- As class_cells_as_of(): what a fact would have said. Of status and times nothing is asked.
            cross join lateral internal.fact_of(
                suspect.student_id, suspect.module_id, suspect.status,
                (put_back.row ->> 'score')::numeric, put_back.row -> 'progress_details',
                null, null, null, false, null, null, false
            ) as fact_of
            where put_back.row is not null
            offset 0
        ) as stood on true
    ),
    event as (
        select before.student_id, before.module_id, 'stuck' as kind, before.before, before.attempts as since_then
        from before
        where before.attempts > before.before
        union all
        select before.student_id, before.module_id, 'failed', null, null
        from before
        where before.is_failed
        union all
        select fact.student_id, fact.module_id, 'slipped', null, null
        from (
            select distinct standing.student_id as id
            from standing
            where standing.slipped_at > since
        ) as learner
        join dashboard.fact on fact.student_id = learner.id
        where fact.slipped_at > since
        union all
        select learner.id, fact.module_id, 'completed', null, null
        from learner
        cross join lateral (
            select fact.module_id
            from dashboard.fact
            where fact.student_id = learner.id and fact.completion_at > since
            offset 0
        ) as fact
        union all
        select learner.id, history.module_id, 'changed', null, null
        from learner
        cross join lateral (
            select distinct history.module_id
            from dashboard.history
            where history.student_id = learner.id
                and history.at > since
                and history.source not in ('student', 'platform')
                and history.author_id is distinct from (select internal.me())
            offset 0
        ) as history
    )
    select
        standing.class_id,
        event.kind,
        count(*)::integer,
        count(distinct event.student_id)::integer,
        case when count(distinct event.student_id) = 1 then (array_agg(event.student_id))[1] end,
        case when count(distinct event.student_id) = 1 then min(standing.full_name) end
    from event
    join standing on standing.student_id = event.student_id
    join school.class_module
        on class_module.class_id = standing.class_id and class_module.module_id = event.module_id
    join figures on figures.class_id = standing.class_id
    -- A rule that is off tells no news; who is newly stuck, the class's attempts say.
    where case event.kind
            when 'stuck'
            then figures.stuck = 1
                and event.before < figures.stuck_attempts
                and event.since_then >= figures.stuck_attempts
            when 'failed' then figures.failed = 1
            when 'slipped' then figures.slipped = 1
            else true
        end
    group by standing.class_id, event.kind
$$;

grant execute on function dashboard.read_news(), dashboard.news(timestamptz) to dashboard_person;
