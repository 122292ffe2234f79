-- What happened to progress: by whom, when, from what to what. Append-only, for the owner too. By months: see
-- history_months.sql.

create table dashboard.history (
    id bigint generated always as identity,
    at timestamptz not null default clock_timestamp(),
    student_id uuid not null,
    module_id uuid not null,
    operation text not null check (operation in ('insert', 'update', 'delete')),
    source text not null,
    author_id uuid,
    batch_id uuid references dashboard.batch (id),
    before jsonb,
    after jsonb,
    completions smallint not null generated always as (
        coalesce((after ->> 'status' = 'Completed')::integer, 0)
        - coalesce((before ->> 'status' = 'Completed')::integer, 0)
    ) stored,
    primary key (id, at)
) partition by range (at);

comment on column dashboard.history.before is
'Changed columns only, as they were; of progress_details (when an object before and after) changed keys only.';

comment on column dashboard.history.completions is
'+1 where the row became Completed, -1 where it ceased to be. When it was completed, completions.sql says.';

create index history_cell on dashboard.history (student_id, module_id, id);
create index history_student on dashboard.history (student_id, at, id);
create index history_losses on dashboard.history (student_id, module_id, at) where completions < 0;

-- Pages come newest first, by whatever they are filtered by.
create index history_at on dashboard.history (at, id);
-- Of what has millions of entries, 1,024 numbers count as one: the same key many times takes a tenth of the disk, and
-- these few are sorted when they are read.
create index history_module on dashboard.history (module_id, (id >> 10));
create index history_source on dashboard.history (source, (id >> 10));
create index history_author on dashboard.history (author_id, id) where source not in ('student', 'platform');
create index history_by_staff on dashboard.history (student_id, module_id, id)
where source not in ('student', 'platform');
-- May a change have made a row stuck, or its shown score another? An index holds those of which it says so.
create or replace function internal.may_mark(before jsonb, after jsonb) returns boolean
language sql immutable
return before ? 'score'
    or jsonb_typeof(after -> 'score') = 'number'
    or before -> 'progress_details' ?| array['score', 'score_percentage', 'lesson_quiz_results']
    or after -> 'progress_details' ?| array['score', 'score_percentage', 'lesson_quiz_results'];

-- Whoever asks anything of the history has the index's condition read: for who may not call it, it would be another
-- condition than the one in news_kept.sql, and the index of no use there.
grant execute on function internal.may_mark(jsonb, jsonb) to dashboard_person;

-- What is new since somebody was last here: marks, and what colleagues changed.
create index history_marks on dashboard.history (student_id, at) include (module_id, id)
where internal.may_mark(before, after);
create index history_staff_at on dashboard.history (student_id, at) include (module_id, author_id)
where source not in ('student', 'platform');
create index history_batch_student on dashboard.history (batch_id, student_id) where batch_id is not null;

alter table dashboard.history enable row level security;

-- A page walks an index backwards until it is full, which no view with a security barrier lets it do: it
-- finds its entries here, narrowed by the policy, and reads them through dashboard.change.
grant select (id, at, student_id, module_id, operation, source, author_id, batch_id)
on dashboard.history to dashboard_person;

-- Reason: the same people as in dashboard.change.
create policy people_see_their_students on dashboard.history
for select to dashboard_person
using (
    case
        when history.student_id <> (select internal.everybody_but())
        then exists (select from roster.anybody where anybody.id = history.student_id offset 0)
        else history.student_id in (select internal.my_students())
    end
);

create or replace trigger history_is_append_only
before update or delete or truncate on dashboard.history
for each statement execute function internal.refuse_rewriting();

-- The history as people may read it: with the author's name and the batch's reason, narrowed to my students.
create or replace view dashboard.change with (security_barrier) as
with my_student as materialized (select internal.my_students() as id)
select
    history.id,
    history.at,
    history.student_id,
    history.module_id,
    history.operation,
    history.source,
    history.author_id,
    staff.full_name as author_name,
    history.batch_id,
    batch.reason,
    history.before,
    history.after,
    history.completions,
    student.full_name as student_name
from dashboard.history
left join dashboard.batch on batch.id = history.batch_id
left join school.staff on staff.id = history.author_id
left join school.student on student.id = history.student_id
where case
        when history.student_id <> (select internal.everybody_but())
        then exists (select from roster.anybody where anybody.id = history.student_id offset 0)
        else history.student_id in (select id from my_student)
    end;

grant select on dashboard.change to dashboard_person;

-- May I change at least one of the rows that the batch changed? Each row is guarded by itself.
create or replace function internal.may_undo(batch uuid) returns boolean
language sql stable security definer
set search_path = ''
as $$
    select exists (
        select
        from dashboard.history
        where history.batch_id = batch
            and exists (select from roster.editable where editable.id = history.student_id offset 0)
    )
$$;

-- The policy calls it with the rights of whoever saves.
grant execute on function internal.may_undo(uuid) to dashboard_person;

-- Reason: nobody signs with somebody else's name, only those who may change progress open a batch, and what is undone
-- must be the editor's to change.
create policy editors_open_batches on dashboard.batch
for insert to dashboard_person
with check (
    author_id = (select internal.me())
    and (select internal.my_role()) in ('coordinator', 'admin')
    and (undoes is null or (source = 'undo' and internal.may_undo(undoes)))
);

-- Reason: who sees a change may see what it was part of, and whether it was undone.
create policy people_see_batches_of_their_students on dashboard.batch
for select to dashboard_person
using (
    exists (
        -- Narrowed by the history's own policy. With offset 0 it is asked of each batch of a page, where
        -- else a list of all batches would be made first.
        select
        from dashboard.history
        where history.batch_id = batch.id
        offset 0
    )
);
