-- How locks are enforced, whatever is written over them: by triggers on the progress table.

create or replace function internal.record_attempt(
    lock dashboard.lock, field text, attempted text, batch_source text default null
)
returns void
language sql security definer
set search_path = ''
as $$
    insert into dashboard.lock_attempt (
        lock_id, student_id, module_id, field, attempted, source, author_id
    )
    select
        lock.id, lock.student_id, lock.module_id, record_attempt.field,
        -- A student who goes on learning makes other values all the time: after the first hundred of a
        -- field they are counted together.
        case
            when (
                select count(*)
                from dashboard.lock_attempt as known
                where known.lock_id = lock.id and known.field = record_attempt.field
            ) < 100
            then left(record_attempt.attempted, 100)
            else 'another value'
        end,
        internal.source_of(lock.student_id, batch_source),
        internal.author()
    on conflict (lock_id, field, attempted, source, author_id) do update
    set times = lock_attempt.times + 1, last_at = clock_timestamp()
$$;

-- An edit by staff goes through, and the lock follows it: the old record ends, a new one begins.
create or replace function internal.follow_correction(
    lock dashboard.lock, progress public.student_module_progress, batch dashboard.batch
)
returns void
language plpgsql security definer
set search_path = ''
as $$
declare
    fields text[] := internal.fields_locked_with(
        lock.fields,
        progress.status,
        (select module.type from school.module where module.id = progress.module_id)
    );
    locked_values jsonb := internal.current_values(progress, fields);
begin
    if locked_values = lock.locked_values then
        return;
    end if;
    update dashboard.lock as known
    set unlocked_at = clock_timestamp(), unlocked_by = batch.author_id
    where known.id = lock.id;
    insert into dashboard.lock (
        student_id, module_id, fields, locked_values, author_id, reason, batch_id
    )
    values (
        lock.student_id, lock.module_id, fields, locked_values, batch.author_id, lock.reason, batch.id
    );
end
$$;

create or replace function internal.restore_locked(
    lock dashboard.lock, progress public.student_module_progress
)
returns public.student_module_progress
language plpgsql security definer
set search_path = ''
set timezone = 'UTC'
as $$
declare
    attempted jsonb := internal.current_values(progress, lock.fields);
    field text;
begin
    for field in
        select key
        from jsonb_each(attempted)
        where value <> lock.locked_values -> key
        order by key
    loop
        perform internal.record_attempt(
            lock,
            field,
            case field
                when 'completed_at' then split_part(attempted ->> field, 'T', 1)
                else attempted ->> field
            end
        );
    end loop;
    return jsonb_populate_record(progress, lock.locked_values);
end
$$;

create or replace function internal.enforce_lock() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
    lock dashboard.lock;
    batch dashboard.batch;
begin
    select * into lock
    from dashboard.lock as known
    where known.student_id = new.student_id
        and known.module_id = new.module_id
        and known.unlocked_at is null;
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
    where known.id = (select internal.open_batch())
        and known.author_id = (select internal.me());
    if found then
        if tg_op = 'UPDATE' then
            perform internal.follow_correction(lock, new, batch);
        end if;
        return new;
    end if;

    new := internal.restore_locked(lock, new);
    -- Nothing else was written: then nothing was.
    if tg_op = 'UPDATE' and to_jsonb(new) - 'last_updated' = to_jsonb(old) - 'last_updated' then
        new.last_updated := old.last_updated;
    end if;
    return new;
exception
    when others then
        if not internal.is_forgiven('locks: ' || sqlerrm) then
            raise;
        end if;
        return new;
end
$$;

-- The last of the BEFORE triggers, so that those of the school's own cannot undo it. Most updates change
-- none of the four, and do not even come here.
create or replace trigger zz_enforce_lock_of_updates
before update on public.student_module_progress
for each row
when (
    -- One by one, not as two rows: those come back from a dump otherwise written, and would be taken for changed.
    old.student_id is distinct from new.student_id
    or old.module_id is distinct from new.module_id
    or old.status is distinct from new.status
    or old.progress_percentage is distinct from new.progress_percentage
    or old.score is distinct from new.score
    or old.completed_at is distinct from new.completed_at
)
execute function internal.enforce_lock();

create or replace trigger zz_enforce_lock_of_inserts
before insert on public.student_module_progress
for each row execute function internal.enforce_lock();

-- A row that the platform deletes, or moves to another key, is let go: it is the platform's. That is recorded, and
-- the lock stays: it holds again as soon as the row is back.
create or replace function internal.record_deleted_rows() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    perform internal.record_attempt(lock, 'row', 'deleted')
    from old_rows
    join dashboard.lock using (student_id, module_id)
    where lock.unlocked_at is null;
    return null;
exception
    when others then
        if not internal.is_forgiven('locks: ' || sqlerrm) then
            raise;
        end if;
        return null;
end
$$;

create or replace trigger locks_of_deletes
after delete on public.student_module_progress
referencing old table as old_rows
for each statement execute function internal.record_deleted_rows();

create or replace function internal.record_moved_row() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    perform internal.record_attempt(lock, 'row', 'moved')
    from dashboard.lock
    where lock.student_id = old.student_id
        and lock.module_id = old.module_id
        and lock.unlocked_at is null;
    return null;
exception
    when others then
        if not internal.is_forgiven('locks: ' || sqlerrm) then
            raise;
        end if;
        return null;
end
$$;

create or replace trigger locks_of_moves
after update on public.student_module_progress
for each row
when ((old.student_id, old.module_id) is distinct from (new.student_id, new.module_id))
execute function internal.record_moved_row();

-- The mark in the matrix is on the narrow row that the page reads anyway.
create or replace function internal.mark_fact_locked() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    update dashboard.fact
    set is_locked = new.unlocked_at is null
    where fact.student_id = new.student_id and fact.module_id = new.module_id;
    return null;
end
$$;

create or replace trigger mark_fact_locked
after insert or update on dashboard.lock
for each row execute function internal.mark_fact_locked();

-- A row that came back: the lock follows the batch that made it (only here is it sure that the insert met no
-- conflict), and its new fact is marked as the one before.
create or replace function internal.follow_inserted_rows() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    if not exists (
        select
        from new_rows
        join dashboard.lock using (student_id, module_id)
        where lock.unlocked_at is null
    ) then
        return null;
    end if;
    perform internal.follow_correction(lock, progress, batch)
    from new_rows
    join dashboard.lock using (student_id, module_id)
    join public.student_module_progress as progress using (student_id, module_id)
    join dashboard.batch
        on batch.id = (select internal.open_batch())
        and batch.author_id = (select internal.me())
    where lock.unlocked_at is null;

    update dashboard.fact
    set is_locked = true
    from new_rows
    join dashboard.lock using (student_id, module_id)
    where lock.unlocked_at is null
        and fact.student_id = new_rows.student_id
        and fact.module_id = new_rows.module_id;
    return null;
exception
    when others then
        if not internal.is_forgiven('locks: ' || sqlerrm) then
            raise;
        end if;
        perform internal.remember_stale(array_agg(student_id), array_agg(module_id)) from new_rows;
        return null;
end
$$;

-- After `later_facts_of_inserts`, in the order of the alphabet.
create or replace trigger locks_of_inserts
after insert on public.student_module_progress
referencing new table as new_rows
for each statement execute function internal.follow_inserted_rows();
