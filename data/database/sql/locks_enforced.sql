-- How kept values are kept, whatever is written over them: see locks.sql for what is kept.

create or replace function internal.note_attempt(
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
        internal.author()
    on conflict (kept_id, field, attempted, source, author_id) do update
    set times = kept_attempt.times + 1, last_at = clock_timestamp()
$$;

-- A correction by staff goes through, and what is kept follows it: the old record ends, a new one begins.
create or replace function internal.follow_correction(
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

create or replace function internal.put_back(
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

create or replace function internal.hold_what_is_kept() returns trigger
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
        and known.author_id = (select internal.me());
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
create or replace trigger zz_hold_what_is_kept_of_updates
before update on public.student_module_progress
for each row
when (
    (old.student_id, old.module_id, old.status, old.progress_percentage, old.score, old.completed_at)
    is distinct from
    (new.student_id, new.module_id, new.status, new.progress_percentage, new.score, new.completed_at)
)
execute function internal.hold_what_is_kept();

create or replace trigger zz_hold_what_is_kept_of_inserts
before insert on public.student_module_progress
for each row execute function internal.hold_what_is_kept();

-- A row that the platform deletes, or moves to another key, is let go: it is the platform's. That is noted,
-- and what is kept stands on: it holds again as soon as the row is back.
create or replace function internal.note_lost_rows() returns trigger
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

create or replace trigger kept_rows_deleted
after delete on public.student_module_progress
referencing old table as old_rows
for each statement execute function internal.note_lost_rows();

create or replace function internal.note_moved_row() returns trigger
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

create or replace trigger kept_rows_moved
after update on public.student_module_progress
for each row
when ((old.student_id, old.module_id) is distinct from (new.student_id, new.module_id))
execute function internal.note_moved_row();

create or replace function internal.pin_fact() returns trigger
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

create or replace trigger pin_fact
after insert or update on dashboard.kept
for each row execute function internal.pin_fact();

-- A row that came back: what is kept follows the batch that made it (only here is it sure that the insert
-- met no conflict), and its new fact is pinned as the one before.
create or replace function internal.keep_on_with_inserts() returns trigger
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
        and batch.author_id = (select internal.me())
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
create or replace trigger kept_rows_inserted
after insert on public.student_module_progress
referencing new table as new_rows
for each statement execute function internal.keep_on_with_inserts();
