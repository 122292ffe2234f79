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

-- What is written of a row that may be news, and when; of a change, its number in the history and who made it.
create or replace view internal.event as
select student_id, module_id, completion_at as at, 'completed' as kind, null::bigint as change, null::uuid as author_id
from dashboard.fact
where completion_at is not null
union all
select student_id, module_id, at, 'changed', null, author_id
from dashboard.history
where source not in ('student', 'platform')
union all
select student_id, module_id, at, 'marked', id, null
from dashboard.history
where internal.may_mark(before, after);

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
-- PostgreSQL expects a few rows, which it would sort to count them.
set enable_sort = off
as $$
    with my_class as materialized (
        select class.id, class.organisation_id
        from school.class
        where class.archived_at is null and class.id in (select internal.my_staffed_classes())
    ),
    learner as materialized (
        select class_student.class_id, class_student.student_id
        from my_class
        join school.class_student on class_student.class_id = my_class.id
        join school.student
            on student.id = class_student.student_id
            and student.is_active
            and (
                student.organisation_id = my_class.organisation_id
                or (select internal.sees_guests())
            )
        where not exists (select from school.staff where staff.id = student.id and staff.is_active)
    ),
    wanted as materialized (
        select class_module.class_id, class_module.module_id
        from my_class
        join school.class_module on class_module.class_id = my_class.id
    ),
    module as materialized (select module.id, module.pass_mark from school.module),
    -- Of few students, found by student; where they are many, by time, whosever it is.
    event as materialized (
        select event.*
        from (select distinct learner.student_id as id from learner) as student
        cross join lateral (
            select *
            from internal.event
            where event.student_id = student.id and event.at > since
            offset 0
        ) as event
        where (select count(*) <= 3000 from learner)
        union all
        select event.*
        from internal.event
        where event.at > since and (select count(*) > 3000 from learner)
    ),
    -- Rows that may be stuck, or are below the mark now, and that came there since, and the first change that may tell.
    suspect as materialized (
        select row.*, module.pass_mark
        from (
            select touched.student_id, touched.first_change, fact.*
            from (
                select event.student_id, event.module_id, min(event.change) as first_change
                from event
                where event.kind = 'marked' and event.student_id in (select learner.student_id from learner)
                group by event.student_id, event.module_id
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
    happened as materialized (
        select event.student_id, event.module_id, event.kind, null::integer as before, null::integer as since_then
        from event
        where event.kind = 'completed'
        union all
        select distinct event.student_id, event.module_id, event.kind, null::integer, null::integer
        from event
        where event.kind = 'changed' and event.author_id is distinct from (select internal.me())
        union all
        select fact.student_id, fact.module_id, 'slipped', null, null
        from dashboard.fact
        where fact.slipped_at > since
        union all
        select before.student_id, before.module_id, 'stuck', before.before, before.attempts
        from before
        where before.attempts > before.before
        union all
        select before.student_id, before.module_id, 'failed', null, null
        from before
        where before.is_failed
    ),
    news as (
        select learner.class_id, happened.kind, learner.student_id, count(*) as modules
        from happened
        join learner on learner.student_id = happened.student_id
        join wanted on wanted.class_id = learner.class_id and wanted.module_id = happened.module_id
        left join internal.class_figures(
            array(
                select distinct learner.class_id
                from happened
                join learner on learner.student_id = happened.student_id
                where happened.kind in ('stuck', 'failed', 'slipped')
            ),
            now()
        ) as figures on figures.class_id = learner.class_id
        -- A rule that is off tells no news; who is newly stuck, the class's attempts say.
        where case happened.kind
                when 'stuck'
                then figures.stuck = 1
                    and happened.before < figures.stuck_attempts
                    and happened.since_then >= figures.stuck_attempts
                when 'failed' then figures.failed = 1
                when 'slipped' then figures.slipped = 1
                else true
            end
        group by learner.class_id, happened.kind, learner.student_id
    ),
    told as (
        select
            news.class_id,
            news.kind,
            sum(news.modules)::integer as modules,
            count(*)::integer as students,
            case when count(*) = 1 then (array_agg(news.student_id))[1] end as student_id
        from news
        group by news.class_id, news.kind
    )
    select told.*, student.full_name
    from told
    left join school.student on student.id = told.student_id
$$;

grant execute on function dashboard.read_news(), dashboard.news(timestamptz) to dashboard_person;
