-- When a row last came further, and when it ceased to be completed: from the history, and where that tells nothing from
-- the row as it is. Standings hold what the rules of attention ask.

alter table dashboard.fact
    add column progressed_at timestamptz,
    add column slipped_at timestamptz;

-- Everybody's standing is counted anew below: nobody is to be noted.
drop trigger if exists note_updates on dashboard.fact;

-- As internal.progress_in() and internal.fact_of(), which are not made yet.
with rank (status, number) as (
    values ('NotStarted', 0), ('Completed', 2)
),

gone as (
    select
        history.student_id,
        history.module_id,
        max(history.id) as id
    from dashboard.history
    where history.operation = 'delete'
    group by history.student_id, history.module_id
),

recorded as (
    select
        history.student_id,
        history.module_id,
        max(
            case
                when history.operation = 'insert'
                    and (history.after ->> 'last_updated')::timestamptz between '1970-01-01' and history.at
                then (history.after ->> 'last_updated')::timestamptz
                else history.at
            end
        ) filter (
            where coalesce(higher.number, (history.after ? 'status')::integer)
            > coalesce(lower.number, (history.before ? 'status')::integer, 0)
            or coalesce((history.after ->> 'progress_percentage')::integer, 0)
            > coalesce((history.before ->> 'progress_percentage')::integer, 0)
        ) as progressed_at,
        (array_agg(
            case when history.source in ('student', 'platform') then history.at end
            order by history.id desc
        ) filter (where history.completions < 0))[1] as slipped_at
    from dashboard.history
    left join gone using (student_id, module_id)
    left join rank as higher on higher.status = history.after ->> 'status'
    left join rank as lower on lower.status = history.before ->> 'status'
    where history.id > coalesce(gone.id, 0)
    group by history.student_id, history.module_id
)

update dashboard.fact
set progressed_at = coalesce(
        recorded.progressed_at,
        case
            when progress.status <> 'NotStarted' or progress.progress_percentage > 0
            then case
                when progress.last_updated between '1970-01-01' and now() then progress.last_updated
                else now()
            end
        end
    ),
    slipped_at = case when progress.status <> 'Completed' then recorded.slipped_at end
from public.student_module_progress as progress
left join recorded using (student_id, module_id)
where fact.student_id = progress.student_id
    and fact.module_id = progress.module_id;

drop view if exists dashboard.class_count;
drop function if exists internal.class_counts();
drop function if exists internal.standings(uuid[]);
drop function if exists internal.counted(uuid, uuid[]);
drop function if exists dashboard.class_rows(uuid, uuid[], numeric[], boolean);

drop table internal.standing;

create table internal.standing (
    class_id uuid not null,
    student_id uuid not null,
    completed integer not null,
    in_progress integer not null,
    other integer not null,
    has_begun boolean not null,
    idle_since timestamptz,
    progressed_at timestamptz,
    stuck integer not null,
    stuck_at timestamptz,
    slipped integer not null,
    slipped_at timestamptz,
    failed integer not null,
    failed_at timestamptz,
    doubtful integer not null,
    primary key (class_id, student_id)
);

create index standing_student_id on internal.standing (student_id);

alter table internal.standing enable row level security;

insert into internal.unsettled (class_id)
select id
from school.class;
