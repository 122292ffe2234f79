-- What is new in classes: kept beside their summaries (class_summaries.sql), and no longer sure by the same notes. By
-- class and kind it is when each of the rows that are so still came to be so, and whose they are: what is new since a
-- moment is then found without a row being read.

create table internal.class_news (
    class_id uuid not null references internal.class_summary on delete cascade,
    kind text not null,
    at timestamptz[] not null,
    students uuid[] not null,
    authors uuid[] not null,
    by_others timestamptz[] not null,
    primary key (class_id, kind)
);

comment on table internal.class_news is
'Of each row the moment, and beside it, in the same order (the oldest first), whose it is, who of the staff changed it
last, and when it was last changed by others of them. As for whoever sees guests from other organisations.';

alter table internal.class_news enable row level security;

-- For so long it is kept. Nobody asks for more (data/reading/classes/news.py); who did would have it worked out.
create or replace function internal.news_from() returns timestamptz
language sql stable
return now() - interval '33 days';

-- Whose rows of these are new since, to a reader. What I changed myself is no news to me.
create or replace function internal.new_students(news internal.class_news, since timestamptz, reader uuid)
returns setof uuid
language sql immutable rows 10
set search_path = ''
as $$
    select entry.student
    from unnest(news.at, news.students, news.authors, news.by_others) as entry (at, student, author, by_others)
    where case when entry.author = reader then entry.by_others else entry.at end > since
$$;

-- How many they are. Mostly the reader changed none of them.
create or replace function internal.count_new(news internal.class_news, since timestamptz, reader uuid) returns integer
language sql immutable
set search_path = ''
return case
    when reader = any (news.authors) then (select count(*) from internal.new_students(news, since, reader))
    else cardinality(news.at) - width_bucket(since, news.at)
end;

-- Works it out. Of whoever left, and of staff, nothing is told, as nothing is flagged; nor by a rule that is off.
create or replace function internal.made_news(classes uuid[], since timestamptz, guests boolean)
returns setof internal.class_news
language sql stable rows 100
set search_path = ''
set jit = off
as $$
    with class as materialized (
        select class.id, class.organisation_id from school.class where class.id = any (classes)
    ),
    learner as materialized (
        select class_student.class_id, class_student.student_id
        from class
        join school.class_student on class_student.class_id = class.id
        join school.student
            on student.id = class_student.student_id
            and student.is_active
            and (student.organisation_id = class.organisation_id or guests)
        where not exists (select from school.staff where staff.id = student.id and staff.is_active)
    ),
    wanted as materialized (
        select class_module.class_id, class_module.module_id
        from class
        join school.class_module on class_module.class_id = class.id
    ),
    student as materialized (select distinct learner.student_id as id from learner),
    module as materialized (select module.id, module.pass_mark from school.module),
    -- Rows that may be stuck, or are below the mark now, and that may have come there since.
    suspect as materialized (
        select row.*, dashboard.is_failed(row.shown_score, module.pass_mark) as is_failed, module.pass_mark
        from (
            select marked.student_id, fact.*
            from (
                select distinct student.id as student_id, mark.module_id
                from student
                cross join lateral (
                    select history.module_id
                    from dashboard.history
                    where history.student_id = student.id
                        and history.at > since
                        and internal.may_mark(history.before, history.after)
                    offset 0
                ) as mark
            ) as marked
            cross join lateral (
                select fact.module_id, fact.status, fact.attempts, fact.shown_score
                from dashboard.fact
                where fact.student_id = marked.student_id
                    and fact.module_id = marked.module_id
                    and (fact.attempts >= 2 or fact.shown_score >= 0)
                offset 0
            ) as fact
            -- The fence without which the modules were hashed for each row.
            offset 0
        ) as row
        join module on module.id = row.module_id
        where row.attempts >= 2 or dashboard.is_failed(row.shown_score, module.pass_mark)
    ),
    -- How these were before each change since.
    before as materialized (
        select
            suspect.student_id, suspect.module_id, suspect.attempts, suspect.is_failed, change.at,
            coalesce(was.attempts, 0) as before,
            coalesce(dashboard.is_failed(was.shown_score, suspect.pass_mark), false) as was_failed
        from suspect
        cross join lateral (
            select
                history.at,
                internal.as_it_stood(to_jsonb(progress), history.operation, history.before, history.after)
                over (order by history.id desc) as row
            from public.student_module_progress as progress
            join dashboard.history
                on history.student_id = progress.student_id
                and history.module_id = progress.module_id
            where progress.student_id = suspect.student_id
                and progress.module_id = suspect.module_id
                and history.at > since
                and internal.may_mark(history.before, history.after)
            offset 0
        ) as change
        -- As class_cells_as_of(): what a fact would have said. Of status and times nothing is asked.
        left join lateral internal.fact_of(
            suspect.student_id, suspect.module_id, suspect.status,
            (change.row ->> 'score')::numeric, change.row -> 'progress_details',
            null, null, null, false, null, null, false
        ) as was on change.row is not null
    ),
    happened as materialized (
        select
            student.id as student_id, each.module_id, each.kind, each.at, each.author_id, each.by_others,
            null::integer as before, null::integer as attempts
        from student
        cross join lateral (
            select
                fact.module_id, 'completed' as kind, fact.completion_at as at, null::uuid as author_id,
                null::timestamptz as by_others
            from dashboard.fact
            where fact.student_id = student.id and fact.completion_at > since
            union all
            select fact.module_id, 'slipped', fact.slipped_at, null, null
            from dashboard.fact
            where fact.student_id = student.id and fact.slipped_at > since
            union all
            (
                select distinct on (change.module_id)
                    change.module_id, 'changed', change.at, change.author_id,
                    lead(change.at) over (partition by change.module_id order by change.at desc)
                from (
                    select history.module_id, history.author_id, max(history.at) as at
                    from dashboard.history
                    where history.student_id = student.id
                        and history.source not in ('student', 'platform')
                        and history.at > since
                    group by history.module_id, history.author_id
                ) as change
                order by change.module_id, change.at desc
            )
            offset 0
        ) as each
        union all
        select before.student_id, before.module_id, 'stuck', before.at, null, null, before.before, before.attempts
        from before
        where before.before < before.attempts
        union all
        select before.student_id, before.module_id, 'failed', before.at, null, null, null, null
        from before
        where before.is_failed and not before.was_failed
    ),
    row as (
        select
            learner.class_id, happened.kind, learner.student_id, max(happened.at) as at,
            (array_agg(happened.author_id))[1] as author_id, max(happened.by_others) as by_others
        from happened
        join learner on learner.student_id = happened.student_id
        join wanted on wanted.class_id = learner.class_id and wanted.module_id = happened.module_id
        join internal.class_figures(classes, now()) as figures on figures.class_id = learner.class_id
        where case happened.kind
                when 'stuck'
                then figures.stuck = 1
                    and happened.before < figures.stuck_attempts
                    and happened.attempts >= figures.stuck_attempts
                when 'failed' then figures.failed = 1
                when 'slipped' then figures.slipped = 1
                else true
            end
        group by learner.class_id, happened.kind, learner.student_id, happened.module_id
    )
    select
        row.class_id, row.kind,
        array_agg(row.at order by row.at, row.student_id),
        array_agg(row.student_id order by row.at, row.student_id),
        array_agg(row.author_id order by row.at, row.student_id),
        array_agg(row.by_others order by row.at, row.student_id)
    from row
    group by row.class_id, row.kind
$$;

-- The classes of which something else is kept than is worked out now, of those whose news are thought to be sure.
create or replace function internal.wrong_news() returns setof uuid
language sql stable rows 10
set search_path = ''
set jit = off
as $$
    with sure as materialized (
        select internal.sure_classes(array(select class.id from school.class), null, true) as ids
    ),
    entry as materialized (
        select
            news.class_id, news.kind, each.at, each.student, each.author,
            case when each.by_others > internal.news_from() then each.by_others end as by_others,
            news.is_kept
        from (
            select known.*, true as is_kept
            from sure
            join internal.class_news as known on known.class_id = any (sure.ids)
            union all
            select made.*, false
            from sure
            cross join lateral internal.made_news(sure.ids, internal.news_from(), true) as made
        ) as news
        cross join lateral unnest(news.at, news.students, news.authors, news.by_others)
            as each (at, student, author, by_others)
        where each.at > internal.news_from()
    )
    select entry.class_id
    from entry
    group by entry.class_id, entry.kind, entry.at, entry.student, entry.author, entry.by_others
    having count(*) filter (where entry.is_kept) <> count(*) filter (where not entry.is_kept)
$$;

-- A change by staff may leave all facts as they are. (What is removed from the history is older, or its student is
-- removed too.)
create or replace function internal.note_news() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    insert into internal.unsettled (summary_of)
    select distinct student_id
    from new_rows
    where source not in ('student', 'platform');
    return null;
end
$$;

create or replace trigger note_news
after insert on dashboard.history
referencing new table as new_rows
for each statement execute function internal.note_news();
