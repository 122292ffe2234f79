-- Locks: what the platform, the student or a stray SQL statement writes over a locked field is undone before it is
-- stored, and the attempt is recorded (locks_enforced.sql). Only a batch of ours, by whoever may edit, goes through:
-- then the locked values follow it, and both records say so.

create table dashboard.lock (
    id bigint primary key generated always as identity,
    student_id uuid not null,
    module_id uuid not null,
    fields text[] not null,
    locked_values jsonb not null,
    author_id uuid not null default internal.me(),
    reason text not null check (length(btrim(reason)) between 1 and 500),
    at timestamptz not null default clock_timestamp(),
    batch_id uuid references dashboard.batch (id),
    unlocked_at timestamptz,
    unlocked_by uuid,
    unlock_reason text check (length(btrim(unlock_reason)) between 1 and 500),
    check ((unlocked_at is null) = (unlocked_by is null)),
    check (unlocked_at is not null or unlock_reason is null),
    -- What belongs together is locked together (internal.fields_locked_with says why).
    check (
        cardinality(fields) > 0
        and fields <@ array['status', 'progress_percentage', 'score', 'completed_at']
        and ('status' = any (fields)) = ('completed_at' = any (fields))
        and ('status' = any (fields) or not 'progress_percentage' = any (fields))
        and locked_values ?& fields
        and locked_values - fields = '{}'
    )
);

comment on column dashboard.lock.locked_values is 'The values that may not be overwritten, by field.';

comment on column dashboard.lock.batch_id is
'The batch whose edit the locked values followed; null where somebody locked the values that the row had.';

-- A cell has one current lock at most; all that were before it remain, unlocked.
create unique index lock_current on dashboard.lock (student_id, module_id) where unlocked_at is null;
create index lock_cell on dashboard.lock (student_id, module_id, id);
create index lock_batch on dashboard.lock (batch_id) where batch_id is not null;
create index lock_at on dashboard.lock (at);
create index lock_unlocked_at on dashboard.lock (unlocked_at) where unlocked_at is not null;

alter table dashboard.lock enable row level security;
grant select on dashboard.lock to dashboard_person;
grant insert (student_id, module_id, fields, author_id, reason) on dashboard.lock to dashboard_person;
grant update (unlocked_by, unlock_reason) on dashboard.lock to dashboard_person;

-- Reason: whoever sees the cell as staff sees why it does not change. Students are not told who locks what.
create policy staff_see_locks on dashboard.lock
for select to dashboard_person
using (
    case
        when lock.student_id <> (select internal.everybody_but())
        then exists (select from roster.anybody where anybody.id = lock.student_id offset 0)
        else lock.student_id in (select internal.my_staffed_students())
    end
);

-- Reason: who may edit may lock, in their own name.
create policy editors_lock on dashboard.lock
for insert to dashboard_person
with check (
    author_id = (select internal.me())
    and exists (select from roster.editable where editable.id = lock.student_id offset 0)
);

-- Reason: any editor of the student may unlock, in their own name; nothing else about a lock ever changes.
create policy editors_unlock on dashboard.lock
for update to dashboard_person
using (exists (select from roster.editable where editable.id = lock.student_id offset 0))
with check (
    unlocked_by = (select internal.me())
    and exists (select from roster.editable where editable.id = lock.student_id offset 0)
);

create table dashboard.lock_attempt (
    id bigint primary key generated always as identity,
    lock_id bigint not null references dashboard.lock (id),
    student_id uuid not null,
    module_id uuid not null,
    field text not null
        check (field in ('status', 'progress_percentage', 'score', 'completed_at', 'row')),
    attempted text check (length(attempted) <= 100),
    source text not null,
    author_id uuid,
    at timestamptz not null default clock_timestamp(),
    last_at timestamptz not null default clock_timestamp(),
    times integer not null default 1,
    -- The same attempt again counts up: a platform that computes a row every minute fills no table.
    unique nulls not distinct (lock_id, field, attempted, source, author_id)
);

comment on column dashboard.lock_attempt.attempted is
'The value as text (of a date its day), null for empty; of field "row": deleted or moved.';

create index lock_attempt_cell on dashboard.lock_attempt (student_id, module_id, id);

alter table dashboard.lock_attempt enable row level security;
grant select on dashboard.lock_attempt to dashboard_person;

-- Reason: as for locks. Nobody writes it but the triggers.
create policy staff_see_attempts on dashboard.lock_attempt
for select to dashboard_person
using (
    case
        when lock_attempt.student_id <> (select internal.everybody_but())
        then exists (select from roster.anybody where anybody.id = lock_attempt.student_id offset 0)
        else lock_attempt.student_id in (select internal.my_staffed_students())
    end
);

-- Status, percentage and completed date are locked together: a row that stays Completed while its date or its
-- 100 percent go would break the rules of the domain. But an assessment's percentage may be its grade, which may
-- change, unless nothing was started. A score is locked alone.
create or replace function internal.fields_locked_with(
    fields text[], status public.progress_status, type text
)
returns text[]
language sql immutable
set search_path = ''
as $$
    select array_agg(field order by position)
    from unnest(array['status', 'progress_percentage', 'score', 'completed_at'])
        with ordinality as known (field, position)
    where case field
        when 'score' then field = any (fields)
        when 'progress_percentage' then
            field = any (fields)
            or (
                fields && array['status', 'completed_at']
                and (type <> 'assessment' or status = 'NotStarted')
            )
        else fields && array['status', 'progress_percentage', 'completed_at']
    end
$$;

create or replace function internal.current_values(progress public.student_module_progress, fields text[])
returns jsonb
language sql stable
set search_path = ''
set timezone = 'UTC'
as $$
    select jsonb_object_agg(key, value)
    from jsonb_each(
        jsonb_build_object(
            'status', progress.status,
            'progress_percentage', progress.progress_percentage,
            'score', progress.score,
            'completed_at', progress.completed_at
        )
    )
    where key = any (fields)
$$;

-- What a person locks are the row's current values, never a value of the person's own: the row is locked for the
-- transaction, so that nothing comes in between. What of it was locked already stays locked with it.
create or replace function internal.fill_lock() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
    progress public.student_module_progress;
    current_lock dashboard.lock;
begin
    if new.locked_values is not null then
        return new;  -- the trigger below fills them itself; people may not write this column
    end if;
    -- As the policy asks it, which comes only later: who may not lock makes nobody wait.
    if new.author_id is distinct from internal.me()
        or not exists (select from roster.editable where editable.id = new.student_id)
    then
        return new;
    end if;
    select * into progress
    from public.student_module_progress as row
    where row.student_id = new.student_id and row.module_id = new.module_id
    for update;
    if not found then
        return new;  -- nothing would be locked, which is refused
    end if;
    update dashboard.lock as known
    set unlocked_at = clock_timestamp(), unlocked_by = (select internal.me())
    where known.student_id = new.student_id
        and known.module_id = new.module_id
        and known.unlocked_at is null
    returning * into current_lock;
    new.fields := internal.fields_locked_with(
        new.fields || coalesce(current_lock.fields, '{}'),
        progress.status,
        (select module.type from school.module where module.id = new.module_id)
    );
    new.locked_values := internal.current_values(progress, new.fields);
    return new;
end
$$;

create or replace trigger fill_lock
before insert on dashboard.lock
for each row execute function internal.fill_lock();

-- A lock is only ever unlocked, and only once.
create or replace function internal.only_unlock() returns trigger
language plpgsql
set search_path = ''
as $$
begin
    if old.unlocked_at is not null
        or to_jsonb(new) - array['unlocked_at', 'unlocked_by', 'unlock_reason']
            <> to_jsonb(old) - array['unlocked_at', 'unlocked_by', 'unlock_reason']
    then
        raise exception 'a lock is only ever unlocked'
            using errcode = 'insufficient_privilege';
    end if;
    new.unlocked_at := clock_timestamp();
    return new;
end
$$;

create or replace trigger only_unlock
before update on dashboard.lock
for each row execute function internal.only_unlock();

create or replace trigger lock_is_append_only
before delete or truncate on dashboard.lock
for each statement execute function internal.refuse_rewriting();

create or replace trigger lock_attempt_is_append_only
before delete or truncate on dashboard.lock_attempt
for each statement execute function internal.refuse_rewriting();

grant execute on function internal.fields_locked_with(text[], public.progress_status, text) to dashboard_person;
