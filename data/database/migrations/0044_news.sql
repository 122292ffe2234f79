-- What is new in classes, and up to where each of the staff has read it.

create table internal.news_read (
    staff_id uuid primary key,
    read_at timestamptz not null default now(),
    before_that timestamptz
);

comment on table internal.news_read is
'When somebody last had the news on the page, and when they last had it in the visit before, up to which they are read.';

alter table internal.news_read enable row level security;

create index history_staff_at on dashboard.history (student_id, at) include (module_id, author_id)
where source not in ('student', 'platform');

create or replace function internal.may_mark(before jsonb, after jsonb) returns boolean
language sql immutable
return before ? 'score'
    or jsonb_typeof(after -> 'score') = 'number'
    or before -> 'progress_details' ?| array['score', 'score_percentage', 'lesson_quiz_results']
    or after -> 'progress_details' ?| array['score', 'score_percentage', 'lesson_quiz_results'];

create index history_marks on dashboard.history (student_id, at) include (module_id, id)
where internal.may_mark(before, after);
