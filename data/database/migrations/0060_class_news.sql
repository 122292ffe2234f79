-- What is new in classes is kept beside what the overview says of them, and found by nobody's time any more.

drop function if exists dashboard.news(timestamptz);
drop view if exists internal.event;

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

-- Beside it there is none.
delete from internal.class_summary;

drop index if exists
    dashboard.history_marks_at, dashboard.history_at_by_staff, dashboard.fact_completed_at, dashboard.fact_slipped_at;

create index fact_slipped on dashboard.fact (student_id, slipped_at)
include (module_id) where slipped_at is not null;
