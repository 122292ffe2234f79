-- When cells of classes became completed is counted once a day and kept; everybody is still to be counted. And facts
-- are found by their module.

create index fact_of_module on dashboard.fact (module_id, student_id) include (status, completion_at);

drop view if exists dashboard.class_completion;

create table internal.class_day (
    class_id uuid not null,
    day date not null,
    completions integer not null,
    primary key (class_id, day) include (completions)
);

alter table internal.class_day enable row level security;

create table internal.student_days (
    class_id uuid not null,
    student_id uuid not null,
    gains date[] not null,
    losses date[] not null,
    primary key (class_id, student_id)
);

comment on table internal.student_days is
'What of internal.class_day is whose: it is taken out again where it is no longer sure.';

create index student_days_student_id on internal.student_days (student_id);

alter table internal.student_days enable row level security;

insert into internal.unsettled (class_id)
select id
from school.class;
