-- How many students of a class are below a module's pass mark is counted once and kept; everybody is still to be counted.

create table internal.class_score (
    class_id uuid not null,
    module_id uuid not null,
    passed integer not null,
    failed integer not null,
    primary key (class_id, module_id)
);

alter table internal.class_score enable row level security;

create table internal.student_scores (
    class_id uuid not null,
    student_id uuid not null,
    passed uuid[] not null,
    failed uuid[] not null,
    primary key (class_id, student_id)
);

comment on table internal.student_scores is
'What of internal.class_score is whose, as modules: it is taken out again where it is no longer sure.';

create index student_scores_student_id on internal.student_scores (student_id);

alter table internal.student_scores enable row level security;

insert into internal.unsettled (class_id)
select id
from school.class;
