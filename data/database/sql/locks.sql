-- Corrections that hold: what the platform, the student or a stray SQL statement writes over a kept field is
-- put back before it is stored, and the attempt is noted. Only a batch of ours, by whoever may edit, goes
-- through: then the kept values follow it, and both records tell so.

create table dashboard.kept (
    id bigint primary key generated always as identity,
    student_id uuid not null,
    module_id uuid not null,
    fields text[] not null,
    held jsonb not null,
    author_id uuid not null default internal.me(),
    reason text not null check (length(btrim(reason)) between 1 and 500),
    at timestamptz not null default clock_timestamp(),
    batch_id uuid references dashboard.batch (id),
    released_at timestamptz,
    released_by uuid,
    release_reason text check (length(btrim(release_reason)) between 1 and 500),
    check ((released_at is null) = (released_by is null)),
    check (released_at is not null or release_reason is null),
    -- What belongs together is kept together (internal.fields_kept_with says why).
    check (
        cardinality(fields) > 0
        and fields <@ array['status', 'progress_percentage', 'score', 'completed_at']
        and ('status' = any (fields)) = ('completed_at' = any (fields))
        and ('status' = any (fields) or not 'progress_percentage' = any (fields))
        and held ?& fields
        and held - fields = '{}'
    )
);

comment on column dashboard.kept.held is 'The values that stand, by field.';

comment on column dashboard.kept.batch_id is
'The batch whose correction the kept values followed; null where somebody kept what the row held.';

-- One at most stands for a cell; all that stood before remain, released.
create unique index kept_stands on dashboard.kept (student_id, module_id) where released_at is null;
create index kept_cell on dashboard.kept (student_id, module_id, id);
create index kept_batch on dashboard.kept (batch_id) where batch_id is not null;
create index kept_at on dashboard.kept (at);
create index kept_released_at on dashboard.kept (released_at) where released_at is not null;

alter table dashboard.kept enable row level security;
grant select on dashboard.kept to dashboard_person;
grant insert (student_id, module_id, fields, author_id, reason) on dashboard.kept to dashboard_person;
grant update (released_by, release_reason) on dashboard.kept to dashboard_person;

-- Reason: whoever sees the cell as staff sees why it stands. Students are not told who keeps what.
create policy staff_see_what_is_kept on dashboard.kept
for select to dashboard_person
using (
    student_id in (select internal.my_students())
    and (select internal.my_role()) <> 'student'
);

-- Reason: who may correct may keep the correction, in their own name.
create policy editors_keep on dashboard.kept
for insert to dashboard_person
with check (
    author_id = (select internal.me())
    and student_id in (select internal.my_editable_students())
);

-- Reason: any editor of the student may release, in their own name; nothing else about it ever changes.
create policy editors_release on dashboard.kept
for update to dashboard_person
using (student_id in (select internal.my_editable_students()))
with check (
    released_by = (select internal.me())
    and student_id in (select internal.my_editable_students())
);

create table dashboard.kept_attempt (
    id bigint primary key generated always as identity,
    kept_id bigint not null references dashboard.kept (id),
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
    unique nulls not distinct (kept_id, field, attempted, source, author_id)
);

comment on column dashboard.kept_attempt.attempted is
'The value as text (of a date its day), null for empty; of field "row": deleted or moved.';

create index kept_attempt_cell on dashboard.kept_attempt (student_id, module_id, id);

alter table dashboard.kept_attempt enable row level security;
grant select on dashboard.kept_attempt to dashboard_person;

-- Reason: as for what is kept. Nobody writes it but the triggers.
create policy staff_see_attempts on dashboard.kept_attempt
for select to dashboard_person
using (
    student_id in (select internal.my_students())
    and (select internal.my_role()) <> 'student'
);

-- Status, percentage and completed date are one statement: a row whose Completed stands while its date or
-- its 100 percent go would break the rules of the domain. But an assessment's percentage may be its grade,
-- which goes on living, unless nothing was started. A score stands alone.
create or replace function internal.fields_kept_with(
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

create or replace function internal.held_in(progress public.student_module_progress, fields text[])
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

-- What a person keeps is what the row holds at that moment, never a value of the person's own: the row is
-- locked, so that nothing comes in between. Where something of it stood already, that is kept on with it.
create or replace function internal.fill_kept() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
    progress public.student_module_progress;
    standing dashboard.kept;
begin
    if new.held is not null then
        return new;  -- the trigger below fills them itself; people may not write this column
    end if;
    select * into progress
    from public.student_module_progress as row
    where row.student_id = new.student_id and row.module_id = new.module_id
    for update;
    if not found or not exists (
        select from internal.my_editable_students() as mine (id) where mine.id = new.student_id
    ) then
        return new;  -- refused: by the policy, else because nothing is held
    end if;
    update dashboard.kept as known
    set released_at = clock_timestamp(), released_by = (select internal.me())
    where known.student_id = new.student_id
        and known.module_id = new.module_id
        and known.released_at is null
    returning * into standing;
    new.fields := internal.fields_kept_with(
        new.fields || coalesce(standing.fields, '{}'),
        progress.status,
        (select module.type from school.module where module.id = new.module_id)
    );
    new.held := internal.held_in(progress, new.fields);
    return new;
end
$$;

create or replace trigger fill_kept
before insert on dashboard.kept
for each row execute function internal.fill_kept();

-- Only a release, and only once.
create or replace function internal.release_kept() returns trigger
language plpgsql
set search_path = ''
as $$
begin
    if old.released_at is not null
        or to_jsonb(new) - array['released_at', 'released_by', 'release_reason']
            <> to_jsonb(old) - array['released_at', 'released_by', 'release_reason']
    then
        raise exception 'what was kept is only ever released'
            using errcode = 'insufficient_privilege';
    end if;
    new.released_at := clock_timestamp();
    return new;
end
$$;

create or replace trigger release_kept
before update on dashboard.kept
for each row execute function internal.release_kept();

create or replace trigger kept_is_append_only
before delete or truncate on dashboard.kept
for each statement execute function internal.refuse_rewriting();

create or replace trigger kept_attempt_is_append_only
before delete or truncate on dashboard.kept_attempt
for each statement execute function internal.refuse_rewriting();

grant execute on function internal.fields_kept_with(text[], public.progress_status, text) to dashboard_person;
