-- Corrections that hold: what the platform, the student or a stray SQL statement writes over a kept field is
-- put back before it is stored, and the attempt is noted. Only a batch of ours, by whoever may edit, goes
-- through: then the kept values follow it, and both records tell so.

create table dashboard.kept (
    id bigint primary key generated always as identity,
    student_id uuid not null,
    module_id uuid not null,
    fields text[] not null,
    held jsonb not null,
    author_id uuid not null default auth.uid(),
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
    author_id = (select auth.uid())
    and student_id in (select internal.my_editable_students())
);

-- Reason: any editor of the student may release, in their own name; nothing else about it ever changes.
create policy editors_release on dashboard.kept
for update to dashboard_person
using (student_id in (select internal.my_editable_students()))
with check (
    released_by = (select auth.uid())
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
create function internal.fields_kept_with(
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

create function internal.held_in(progress public.student_module_progress, fields text[])
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
create function internal.fill_kept() returns trigger
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
    set released_at = clock_timestamp(), released_by = auth.uid()
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

create trigger fill_kept
before insert on dashboard.kept
for each row execute function internal.fill_kept();

-- Only a release, and only once.
create function internal.release_kept() returns trigger
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

create trigger release_kept
before update on dashboard.kept
for each row execute function internal.release_kept();

create trigger kept_is_append_only
before delete or truncate on dashboard.kept
for each statement execute function internal.refuse_rewriting();

create trigger kept_attempt_is_append_only
before delete or truncate on dashboard.kept_attempt
for each statement execute function internal.refuse_rewriting();

create function internal.note_attempt(
    kept dashboard.kept, field text, attempted text, batch_source text default null
)
returns void
language sql security definer
set search_path = ''
as $$
    insert into dashboard.kept_attempt (
        kept_id, student_id, module_id, field, attempted, source, author_id
    )
    select
        kept.id, kept.student_id, kept.module_id, note_attempt.field,
        -- A student who goes on learning makes other values all the time: after the first hundred of a
        -- field they are counted together.
        case
            when (
                select count(*)
                from dashboard.kept_attempt as known
                where known.kept_id = kept.id and known.field = note_attempt.field
            ) < 100
            then left(note_attempt.attempted, 100)
            else 'another value'
        end,
        internal.source_of(kept.student_id, batch_source),
        auth.uid()
    on conflict (kept_id, field, attempted, source, author_id) do update
    set times = kept_attempt.times + 1, last_at = clock_timestamp()
$$;

-- A correction by staff goes through, and what is kept follows it: the old record ends, a new one begins.
create function internal.follow_correction(
    kept dashboard.kept, progress public.student_module_progress, batch dashboard.batch
)
returns void
language plpgsql security definer
set search_path = ''
as $$
declare
    fields text[] := internal.fields_kept_with(
        kept.fields,
        progress.status,
        (select module.type from school.module where module.id = progress.module_id)
    );
    held jsonb := internal.held_in(progress, fields);
begin
    if held = kept.held then
        return;
    end if;
    update dashboard.kept as known
    set released_at = clock_timestamp(), released_by = batch.author_id
    where known.id = kept.id;
    insert into dashboard.kept (
        student_id, module_id, fields, held, author_id, reason, batch_id
    )
    values (
        kept.student_id, kept.module_id, fields, held, batch.author_id, kept.reason, batch.id
    );
end
$$;

create function internal.put_back(
    kept dashboard.kept, progress public.student_module_progress
)
returns public.student_module_progress
language plpgsql security definer
set search_path = ''
set timezone = 'UTC'
as $$
declare
    attempted jsonb := internal.held_in(progress, kept.fields);
    field text;
begin
    for field in
        select key
        from jsonb_each(attempted)
        where value <> kept.held -> key
        order by key
    loop
        perform internal.note_attempt(
            kept,
            field,
            case field
                when 'completed_at' then split_part(attempted ->> field, 'T', 1)
                else attempted ->> field
            end
        );
    end loop;
    return jsonb_populate_record(progress, kept.held);
end
$$;

create function internal.hold_what_is_kept() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
    kept dashboard.kept;
    batch dashboard.batch;
begin
    select * into kept
    from dashboard.kept as known
    where known.student_id = new.student_id
        and known.module_id = new.module_id
        and known.released_at is null;
    if not found then
        return new;
    end if;
    -- Of an upsert the update decides.
    if tg_op = 'INSERT' and exists (
        select
        from public.student_module_progress as row
        where row.student_id = new.student_id and row.module_id = new.module_id
    ) then
        return new;
    end if;

    select * into batch
    from dashboard.batch as known
    where known.id = nullif(current_setting('dashboard.batch', true), '')::uuid
        and known.author_id = auth.uid();
    if found then
        if tg_op = 'UPDATE' then
            perform internal.follow_correction(kept, new, batch);
        end if;
        return new;
    end if;

    new := internal.put_back(kept, new);
    -- Nothing else was written: then nothing was.
    if tg_op = 'UPDATE' and to_jsonb(new) - 'last_updated' = to_jsonb(old) - 'last_updated' then
        new.last_updated := old.last_updated;
    end if;
    return new;
end
$$;

-- The last of the BEFORE triggers, so that those of the school's own cannot undo it. Most updates change
-- none of the four, and do not even come here.
create trigger zz_hold_what_is_kept_of_updates
before update on public.student_module_progress
for each row
when (
    (old.student_id, old.module_id, old.status, old.progress_percentage, old.score, old.completed_at)
    is distinct from
    (new.student_id, new.module_id, new.status, new.progress_percentage, new.score, new.completed_at)
)
execute function internal.hold_what_is_kept();

create trigger zz_hold_what_is_kept_of_inserts
before insert on public.student_module_progress
for each row execute function internal.hold_what_is_kept();

-- A row that the platform deletes, or moves to another key, is let go: it is the platform's. That is noted,
-- and what is kept stands on: it holds again as soon as the row is back.
create function internal.note_lost_rows() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    perform internal.note_attempt(kept, 'row', 'deleted')
    from old_rows
    join dashboard.kept using (student_id, module_id)
    where kept.released_at is null;
    return null;
end
$$;

create trigger kept_rows_deleted
after delete on public.student_module_progress
referencing old table as old_rows
for each statement execute function internal.note_lost_rows();

create function internal.note_moved_row() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    perform internal.note_attempt(kept, 'row', 'moved')
    from dashboard.kept
    where kept.student_id = old.student_id
        and kept.module_id = old.module_id
        and kept.released_at is null;
    return null;
end
$$;

create trigger kept_rows_moved
after update on public.student_module_progress
for each row
when ((old.student_id, old.module_id) is distinct from (new.student_id, new.module_id))
execute function internal.note_moved_row();

-- The pin in the matrix: on the narrow row that the page reads anyway.
alter table dashboard.fact add column is_kept boolean not null default false;

create function internal.pin_fact() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    update dashboard.fact
    set is_kept = new.released_at is null
    where fact.student_id = new.student_id and fact.module_id = new.module_id;
    return null;
end
$$;

create trigger pin_fact
after insert or update on dashboard.kept
for each row execute function internal.pin_fact();

-- A row that came back: what is kept follows the batch that made it (only here is it sure that the insert
-- met no conflict), and its new fact is pinned as the one before.
create function internal.keep_on_with_inserts() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    if not exists (
        select
        from new_rows
        join dashboard.kept using (student_id, module_id)
        where kept.released_at is null
    ) then
        return null;
    end if;
    perform internal.follow_correction(kept, progress, batch)
    from new_rows
    join dashboard.kept using (student_id, module_id)
    join public.student_module_progress as progress using (student_id, module_id)
    join dashboard.batch
        on batch.id = nullif(current_setting('dashboard.batch', true), '')::uuid
        and batch.author_id = auth.uid()
    where kept.released_at is null;

    update dashboard.fact
    set is_kept = true
    from new_rows
    join dashboard.kept using (student_id, module_id)
    where kept.released_at is null
        and fact.student_id = new_rows.student_id
        and fact.module_id = new_rows.module_id;
    return null;
end
$$;

-- After `facts_of_inserts`, in the order of the alphabet.
create trigger kept_rows_inserted
after insert on public.student_module_progress
referencing new table as new_rows
for each statement execute function internal.keep_on_with_inserts();

create or replace view dashboard.class_cell with (security_barrier) as
select
    class_student.class_id,
    class_student.student_id,
    student.full_name,
    class_module.module_id,
    fact.status,
    fact.shown_score,
    fact.last_activity,
    coalesce(fact.is_stuck, false) as is_stuck,
    case when fact.is_kept then fact.cell || 'k' else coalesce(fact.cell, 'N') end as cell
from school.class
join school.class_student on class_student.class_id = class.id
join school.student on student.id = class_student.student_id
join school.class_module on class_module.class_id = class_student.class_id
left join dashboard.fact
    on fact.student_id = class_student.student_id
    and fact.module_id = class_module.module_id
where class_student.class_id in (select internal.my_staffed_classes())
    and (
        student.organisation_id = class.organisation_id
        or (select internal.my_role()) <> 'coordinator'
    );

revoke execute on all functions in schema internal from public;
grant execute on function internal.fields_kept_with(text[], public.progress_status, text) to dashboard_person;
