-- What happened, by whom and why. Append-only: for the owner too.

create table dashboard.batch (
    id uuid primary key,
    at timestamptz not null default clock_timestamp(),
    author_id uuid not null,
    source text not null check (source in ('form', 'grid', 'bulk', 'file', 'undo', 'restore', 'command line')),
    reason text check (length(reason) between 1 and 500)
);

comment on column dashboard.batch.id is
'Chosen by whoever saves, before saving: a retry after a lost answer meets its own id and applies nothing twice.';

alter table dashboard.batch enable row level security;
grant insert (id, author_id, source, reason) on dashboard.batch to dashboard_person;
grant select (id, at, author_id, source, reason) on dashboard.batch to dashboard_person;

-- Reason: nobody signs with somebody else's name, and only those who may change progress open a batch.
create policy editors_open_batches on dashboard.batch
for insert to dashboard_person
with check (
    author_id = (select auth.uid())
    and (select internal.my_role()) in ('coordinator', 'admin')
);

-- Reason: a retry must find its own batch. What others wrote and why is read through dashboard.change.
create policy authors_see_their_batches on dashboard.batch
for select to dashboard_person
using (author_id = (select auth.uid()));

create table dashboard.history (
    id bigint generated always as identity primary key,
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
    ) stored
);

comment on column dashboard.history.before is
'Changed columns only, as they were; of progress_details (when an object before and after) changed keys only.';
comment on column dashboard.history.completions is
'+1 where the row became Completed, -1 where it ceased to be: completion on any past day is a sum.';

create index history_cell on dashboard.history (student_id, module_id, id);
create index history_batch on dashboard.history (batch_id) where batch_id is not null;
create index history_completions on dashboard.history (student_id, at)
include (module_id, completions) where completions <> 0;

alter table dashboard.history enable row level security;

create function internal.refuse_rewriting() returns trigger
language plpgsql
set search_path = ''
as $$
begin
    raise exception 'history is append-only' using errcode = 'insufficient_privilege';
end
$$;

create trigger history_is_append_only
before update or delete or truncate on dashboard.history
for each statement execute function internal.refuse_rewriting();

create trigger batch_is_append_only
before update or delete or truncate on dashboard.batch
for each statement execute function internal.refuse_rewriting();

-- The part of `theirs` that `mine` does not hold with the same value: the changed keys of one side.
create function internal.difference(theirs jsonb, mine jsonb) returns jsonb
language sql immutable
set search_path = ''
as $$
    select coalesce(jsonb_object_agg(key, value), '{}')
    from jsonb_each(theirs)
    where mine -> key is distinct from value
$$;

-- One side of a change: changed columns, and of two detail objects only the changed keys.
create function internal.changed_side(side jsonb, other jsonb) returns jsonb
language sql immutable
set search_path = ''
as $$
    select internal.difference(side, other)
        || case
            when side -> 'progress_details' is distinct from other -> 'progress_details'
                and jsonb_typeof(side -> 'progress_details') = 'object'
                and jsonb_typeof(other -> 'progress_details') = 'object'
            then jsonb_build_object(
                'progress_details',
                internal.difference(side -> 'progress_details', other -> 'progress_details')
            )
            else '{}'
        end
$$;

-- Where a change came from: a saved batch says so; else it was the student's own work, other staff, or
-- (no person at all) the platform.
create function internal.source_of(student uuid, batch_source text) returns text
language sql stable
set search_path = ''
as $$
    select case
        when auth.uid() is null then 'platform'
        when batch_source is not null then batch_source
        when auth.uid() = student then 'student'
        else 'staff'
    end
$$;

-- One moment is one text, whatever the writer's zone: hence UTC.
create function internal.record_history() returns trigger
language plpgsql security definer
set search_path = ''
set timezone = 'UTC'
as $$
declare
    batch dashboard.batch;
begin
    select *
    into batch
    from dashboard.batch as known
    where known.id = nullif(current_setting('dashboard.batch', true), '')::uuid
        and known.author_id = auth.uid();

    if tg_op = 'INSERT' then
        insert into dashboard.history (
            student_id, module_id, operation, source, author_id, batch_id, after
        )
        select
            student_id, module_id, 'insert', internal.source_of(student_id, batch.source),
            auth.uid(), batch.id, to_jsonb(new_rows) - 'student_id' - 'module_id'
        from new_rows;
    elsif tg_op = 'DELETE' then
        insert into dashboard.history (
            student_id, module_id, operation, source, author_id, batch_id, before
        )
        select
            student_id, module_id, 'delete', internal.source_of(student_id, batch.source),
            auth.uid(), batch.id, to_jsonb(old_rows) - 'student_id' - 'module_id'
        from old_rows;
    else
        -- A full join: a changed key is the old row's end and the new row's beginning.
        insert into dashboard.history (
            student_id, module_id, operation, source, author_id, batch_id, before, after
        )
        select
            coalesce(o.student_id, n.student_id),
            coalesce(o.module_id, n.module_id),
            case when o is null then 'insert' when n is null then 'delete' else 'update' end,
            internal.source_of(coalesce(o.student_id, n.student_id), batch.source),
            auth.uid(),
            batch.id,
            case when n is null then o.facts else internal.changed_side(o.facts, n.facts) end,
            case when o is null then n.facts else internal.changed_side(n.facts, o.facts) end
        from (
            select student_id, module_id, to_jsonb(old_rows) - 'student_id' - 'module_id' as facts
            from old_rows
        ) as o
        full join (
            select student_id, module_id, to_jsonb(new_rows) - 'student_id' - 'module_id' as facts
            from new_rows
        ) as n using (student_id, module_id)
        where o.facts is distinct from n.facts;
    end if;
    return null;
end
$$;

create trigger history_of_inserts
after insert on public.student_module_progress
referencing new table as new_rows
for each statement execute function internal.record_history();

create trigger history_of_updates
after update on public.student_module_progress
referencing old table as old_rows new table as new_rows
for each statement execute function internal.record_history();

create trigger history_of_deletes
after delete on public.student_module_progress
referencing old table as old_rows
for each statement execute function internal.record_history();

-- TRUNCATE would leave no trace of what it removed.
create trigger history_refuses_truncate
before truncate on public.student_module_progress
for each statement execute function internal.refuse_rewriting();

-- The history as people may read it: with the author's name and the batch's reason, narrowed to my students.
create view dashboard.change with (security_barrier) as
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
    history.completions
from dashboard.history
left join dashboard.batch on batch.id = history.batch_id
left join school.staff on staff.id = history.author_id
where history.student_id in (select internal.my_students());

grant select on dashboard.change to dashboard_person;

revoke execute on all functions in schema internal from public;
