-- What the data check finds is judged when a row is written, and counted once and kept; what stands already is judged now.

alter table dashboard.fact add column doubts text[];

comment on column dashboard.fact.doubts is
'What of the row cannot be right, as internal.doubts_of_row() judged it when it was written; null where nothing is.';

create table internal.doubt (
    rule text not null,
    student_id uuid not null,
    rows integer not null,
    primary key (rule, student_id)
);

create index doubt_student_id on internal.doubt (student_id);

alter table internal.doubt enable row level security;
