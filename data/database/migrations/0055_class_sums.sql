-- What of the sums of classes is whose is kept in one row of a student in a class.

drop view if exists dashboard.class_completion, dashboard.class_score;
drop function if exists internal.class_days_since_settled(), internal.class_scores_since_settled();
drop function if exists internal.days_of(uuid[], uuid[]), internal.scores_of(uuid[], uuid[]);
drop function if exists internal.counted_days(uuid, uuid[]), internal.counted_scores(uuid, uuid[]);
drop function if exists internal.settle_days(uuid[], uuid[]), internal.settle_scores(uuid[], uuid[]);
drop function if exists internal.note_wrong_days(), internal.note_wrong_scores();

create table internal.student_part (
    class_id uuid not null,
    student_id uuid not null,
    gains date[] not null,
    losses date[] not null,
    passed uuid[] not null,
    failed uuid[] not null,
    primary key (class_id, student_id)
);

comment on table internal.student_part is
'What of the sums is whose, where it is anything: days of internal.class_day, modules of internal.class_score. It is
taken out again where it is no longer sure.';

alter table internal.student_part enable row level security;

insert into internal.student_part
select
    class_id, student_id,
    coalesce(student_days.gains, '{}'), coalesce(student_days.losses, '{}'),
    coalesce(student_scores.passed, '{}'), coalesce(student_scores.failed, '{}')
from internal.student_days
full join internal.student_scores using (class_id, student_id);

create index student_part_student_id on internal.student_part (student_id);

drop table internal.student_days, internal.student_scores;
