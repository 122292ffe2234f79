-- What is new is found by time where it is many students'.

create index fact_completed_at on dashboard.fact (completion_at)
include (student_id, module_id) where completion_at is not null;
create index fact_slipped_at on dashboard.fact (slipped_at)
include (student_id, module_id) where slipped_at is not null;
create index history_marks_at on dashboard.history (at) include (student_id, module_id, id)
where internal.may_mark(before, after);
create index history_at_by_staff on dashboard.history (at) include (student_id, module_id, author_id)
where source not in ('student', 'platform');
