-- What the data check reads, and the findings that people dismissed.

-- When an assessment was handed in, by its own details; null where they do not say it readably.
create or replace function internal.handed_in_at(details jsonb) returns timestamptz
language sql stable security definer
set search_path = ''
set timezone = 'UTC'
as $$
    select case
        when details ->> 'submitted_at' ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}|$)'
        then internal.moment_in(details ->> 'submitted_at')
    end
$$;

-- Is anything recorded in details that are an object?
create or replace function internal.has_work(details jsonb) returns boolean
language sql immutable
set search_path = ''
as $$
    select exists (
        select
        from jsonb_each(details) as part
        where part.value not in ('null', '0', 'false', '""', '[]', '{}')
    )
$$;

-- One row a progress row, with what the rules of the data check ask of it. Nobody but the owner (the command line) reads all.
create or replace view internal.checked_row as
select
    progress.student_id,
    progress.module_id,
    progress.status,
    progress.progress_percentage,
    progress.score,
    progress.completed_at,
    progress.last_updated,
    progress.progress_details,
    coalesce(student.full_name, '') as student_name,
    coalesce(module.name, '') as module_name,
    module.type as module_type,
    fact.shown_score,
    fact.last_activity,
    fact.unexplained_change,
    coalesce(fact.edited_by_staff, false) as edited_by_staff,
    -- Of all classes, whoever asks: a row is not astray because its class is somebody else's.
    exists (
        select
        from school.class_student
        join school.class_module using (class_id)
        where class_student.student_id = progress.student_id and class_module.module_id = progress.module_id
    ) as in_class,
    fact.doubts,
    student.id is not null as is_student
from public.student_module_progress as progress
-- Left joins all: else students are multiplied by modules first, and progress is looked up for each pair.
-- And each student by the key: a few rows are not worth a list of everybody.
left join lateral (
    select known.id, known.full_name
    from school.student as known
    where known.id = progress.student_id
    offset 0
) as student on true
left join school.module on module.id = progress.module_id
left join dashboard.fact
    on fact.student_id = progress.student_id
    and fact.module_id = progress.module_id;

-- Those of my students, with the rules that each breaks. Whoever sees everybody is not made to list them.
create or replace view dashboard.checked_row with (security_barrier) as
with my_student as materialized (
    select internal.my_staffed_students() as id
    where not (select internal.sees_everybody())
)
select
    checked.*,
    case
        when doubts && internal.passing_doubts()
        then internal.doubts_of_row(
            status, progress_percentage, score, completed_at, last_updated, progress_details, shown_score, module_type
        )
        else doubts
    end || case when not in_class then array['not_in_class'] end as rules
from internal.checked_row as checked
where case
        when (select internal.sees_everybody()) then is_student and student_id <> (select internal.me())
        else student_id in (select id from my_student)
    end;

grant select on dashboard.checked_row to dashboard_person;

-- A rule asks it of the rows that it may be about, which a column of the view would do of every row.
grant execute on function internal.handed_in_at(jsonb) to dashboard_person;

-- Functions inside a view run with the rights of whoever asks; these hold no secret.
grant execute on function internal.passing_doubts(), internal.doubts_of_row, internal.has_work to dashboard_person;

create table dashboard.dismissal (
    rule text not null check (length(rule) between 1 and 50),
    student_id uuid not null,
    module_id uuid not null,
    values_digest text not null check (length(values_digest) = 32),
    author_id uuid not null default internal.me(),
    reason text check (length(btrim(reason)) between 1 and 500),
    at timestamptz not null default clock_timestamp(),
    primary key (rule, student_id, module_id)
);

comment on column dashboard.dismissal.values_digest is
'Of the values that the dismissed finding was about: as soon as the row has others, it is listed again.';

create index dismissal_student_id on dashboard.dismissal (student_id);

alter table dashboard.dismissal enable row level security;
grant select, delete on dashboard.dismissal to dashboard_person;
grant insert (rule, student_id, module_id, values_digest, author_id, reason) on dashboard.dismissal to dashboard_person;
grant update (values_digest, author_id, reason, at) on dashboard.dismissal to dashboard_person;

-- Reason: whoever sees the finding sees that it was dismissed, and by whom.
create policy staff_see_dismissals on dashboard.dismissal
for select to dashboard_person
using (
    case
        when dismissal.student_id <> (select internal.everybody_but())
        then exists (select from roster.anybody where anybody.id = dismissal.student_id offset 0)
        else dismissal.student_id in (select internal.my_staffed_students())
    end
);

-- Reason: to dismiss a finding decides about the row as much as to edit it does.
create policy editors_dismiss on dashboard.dismissal
for insert to dashboard_person
with check (
    author_id = (select internal.me())
    and exists (select from roster.editable where editable.id = dismissal.student_id offset 0)
);

create policy editors_dismiss_again on dashboard.dismissal
for update to dashboard_person
using (exists (select from roster.editable where editable.id = dismissal.student_id offset 0))
with check (
    author_id = (select internal.me())
    and exists (select from roster.editable where editable.id = dismissal.student_id offset 0)
);

create policy editors_withdraw_dismissals on dashboard.dismissal
for delete to dashboard_person
using (exists (select from roster.editable where editable.id = dismissal.student_id offset 0));
