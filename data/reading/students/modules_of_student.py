"""The question behind `student_modules()`: a student's modules in order, with what facts say of each."""

from typing import Final

MODULES: Final = """
with class as materialized (
    select class.id
    from roster.class_student
    join roster.class on class.id = class_student.class_id
    where class_student.student_id = :student_id and class.archived_at is null
),
held as materialized (
    select class_id, (figures ->> 'stuck_attempts')::integer as stuck_after
    from dashboard.attention_figures(
        array(
            select id
            from class
            where cast(:class_id as uuid) is null or id = :class_id
        )
    )
    where figures ->> 'stuck' = '1'
),
mine as (
    select
        class_module.module_id,
        min(class_module.position) as position,
        array_agg(class.id) as class_ids,
        min(held.stuck_after) as stuck_after
    from class
    join roster.class_module on class_module.class_id = class.id
    left join held on held.class_id = class.id
    group by class_module.module_id
)
select
    module.id,
    module.name,
    module.type,
    module.pass_mark,
    coalesce(mine.class_ids, '{}') as class_ids,
    progress.student_id is not null as has_row,
    coalesce(progress.status, 'NotStarted') as status,
    progress.progress_percentage,
    progress.score,
    progress.completed_at,
    progress.completed_at::text as completed_at_text,
    case
        when cast(:details_of as uuid[]) is null
            or module.id = any(cast(:details_of as uuid[]))
        then progress.progress_details
    end as progress_details,
    progress.progress_details -> 'started_at' as started,
    progress.progress_details -> 'submitted_at' as submitted,
    internal.score_in(progress.progress_details) as score_in_details,
    fact.shown_score,
    fact.score_source,
    fact.last_activity,
    fact.last_change,
    fact.unexplained_change,
    case
        when progress.completed_at is null and not exists (
            -- What was recorded first as completed may have been so for long.
            select
            from dashboard.history
            where history.student_id = fact.student_id
                and history.module_id = fact.module_id
                and history.operation = 'insert'
                and history.at = fact.completion_at
        )
        then fact.completion_at
    end as seen_completed,
    fact.attempts,
    mine.stuck_after,
    coalesce(fact.has_problem, false) as has_problem,
    coalesce(fact.edited_by_staff, false) as edited_by_staff,
    locked.id is not null as is_locked
from (
    select
        student_id, module_id, status, progress_percentage, score, completed_at,
        progress_details
    from dashboard.progress
    where student_id = :student_id
) as progress
full join mine using (module_id)
join roster.module on module.id = coalesce(mine.module_id, progress.module_id)
left join dashboard.fact
    on fact.student_id = progress.student_id and fact.module_id = progress.module_id
left join dashboard.lock as locked
    on locked.student_id = progress.student_id
    and locked.module_id = progress.module_id
    and locked.unlocked_at is null
where cast(:module_id as uuid) is null or module.id = :module_id
order by mine.position nulls last, module.name, module.id
"""
