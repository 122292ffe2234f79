-- When a row was completed: its own date, else the history's.

drop view if exists dashboard.class_completion;
drop index if exists dashboard.history_completions;
create index history_losses on dashboard.history (student_id, module_id, at) where completions < 0;

alter table dashboard.fact add column completion_at timestamptz;

-- As internal.completion_at(), which is not made yet.
update dashboard.fact
set completion_at = case
        when progress.completed_at between '1970-01-01' and now() + interval '1 day'
        then progress.completed_at
        else gained.at
    end
from public.student_module_progress as progress
left join (
    select distinct on (student_id, module_id) student_id, module_id, at
    from dashboard.history
    where completions > 0
    order by student_id, module_id, id desc
) as gained using (student_id, module_id)
where fact.student_id = progress.student_id
    and fact.module_id = progress.module_id
    and fact.status = 'Completed';

create index fact_completions on dashboard.fact (student_id, completion_at)
include (module_id) where completion_at is not null;
