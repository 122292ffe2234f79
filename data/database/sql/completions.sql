-- When something was completed: asked here by the student's page, the classes' trend and the report alike.

-- Of a row: completed_at where it is a day that can be meant, else when the history saw it become completed; null where
-- neither tells, and for what is not completed.
create or replace function internal.completion_at(
    student uuid, module uuid, status public.progress_status, completed_at timestamptz
)
returns timestamptz
language plpgsql stable
set search_path = ''
as $$
begin
    if status <> 'Completed' then
        return null;
    end if;
    -- As internal.plausible().
    if completed_at between '1970-01-01' and now() + interval '1 day' then
        return completed_at;
    end if;
    return (
        select history.at
        from dashboard.history
        where history.student_id = student
            and history.module_id = module
            and history.completions > 0
        order by history.id desc
        limit 1
    );
end
$$;

-- When rows became completed (+1) and ceased to be (-1). A completion that was taken back is told by the history; not
-- so one that what stands now says was earlier: then it had been completed all the time.
create or replace view internal.completion as
select
    fact.student_id,
    fact.module_id,
    fact.completion_at as at,
    1 as change
from dashboard.fact
where fact.completion_at is not null
union all
select
    loss.student_id,
    loss.module_id,
    event.at,
    event.change
from dashboard.history as loss
left join dashboard.fact
    on fact.student_id = loss.student_id
    and fact.module_id = loss.module_id
cross join lateral (
    select loss.at, -1
    union all
    (
        select gain.at, 1
        from dashboard.history as gain
        where gain.student_id = loss.student_id
            and gain.module_id = loss.module_id
            and gain.id < loss.id
            and gain.completions > 0
        order by gain.id desc
        limit 1
    )
) as event (at, change)
where loss.completions < 0
    and (fact.completion_at is null or loss.at < fact.completion_at);

-- Of my students. `is_first` is a record that began as completed, without a date: it was completed by then.
create or replace view dashboard.completion with (security_barrier) as
with my_student as materialized (select internal.my_students() as id)
select
    completion.student_id,
    completion.module_id,
    completion.at,
    completion.change,
    completion.change > 0 and exists (
        select
        from dashboard.history
        where history.student_id = completion.student_id
            and history.module_id = completion.module_id
            and history.operation = 'insert'
            and history.at = completion.at
    )
    -- Recorded the moment it was completed, it has a date.
    and not exists (
        select
        from public.student_module_progress as dated
        where dated.student_id = completion.student_id
            and dated.module_id = completion.module_id
            and dated.completed_at = completion.at
    ) as is_first
from internal.completion
where case
        when completion.student_id <> (select internal.everybody_but())
        then exists (select from roster.anybody where anybody.id = completion.student_id offset 0)
        else completion.student_id in (select id from my_student)
    end;

grant select on dashboard.completion to dashboard_person;
