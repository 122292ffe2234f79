-- What is saved here, where no trigger of ours on the progress table records it: the rows come by here before and
-- after, and the same functions record them as if this were the table. No row outlasts its transaction.

create unlogged table internal.changed_row (
    student_id uuid not null,
    module_id uuid not null,
    status public.progress_status not null,
    score numeric,
    progress_details jsonb,
    last_updated timestamptz not null,
    completed_at timestamptz,
    progress_percentage integer
);

alter table internal.changed_row enable row level security;

create unlogged table internal.added_row (like internal.changed_row);

alter table internal.added_row enable row level security;

create or replace trigger history_of_updates
after update on internal.changed_row
referencing old table as old_rows new table as new_rows
for each statement execute function internal.record_history();

create or replace trigger later_facts_of_updates
after update on internal.changed_row
referencing old table as old_rows new table as new_rows
for each statement execute function internal.update_facts();

create or replace trigger locks_of_updates
after update on internal.changed_row
referencing new table as new_rows
for each statement execute function internal.follow_inserted_rows();

create or replace trigger history_of_inserts
after insert on internal.added_row
referencing new table as new_rows
for each statement execute function internal.record_history();

create or replace trigger later_facts_of_inserts
after insert on internal.added_row
referencing new table as new_rows
for each statement execute function internal.update_facts();

create or replace trigger locks_of_inserts
after insert on internal.added_row
referencing new table as new_rows
for each statement execute function internal.follow_inserted_rows();

-- Whatever the table was agreed to have: while triggers come and go each save is recorded once.
create or replace function internal.is_recorded(by_trigger name) returns boolean
language sql stable
set search_path = ''
as $$
    select exists (
        select
        from pg_catalog.pg_trigger
        where tgrelid = 'public.student_module_progress'::regclass and tgname = by_trigger
    )
$$;

-- As they are now, to be compared with what becomes of them; held, so that nobody else's write is taken for mine.
create or replace function internal.remember_rows(students uuid[], modules uuid[]) returns void
language plpgsql
set search_path = ''
as $$
begin
    if internal.is_recorded('history_of_updates') then
        return;
    end if;
    -- Before the rows, as a reading of them takes its time: what records the save waits for nothing.
    perform
    from dashboard.fact
    join unnest(students, modules) as wanted (student_id, module_id) using (student_id, module_id)
    where exists (select from roster.editable where editable.id = fact.student_id offset 0)
    order by fact.student_id, fact.module_id
    for update of fact;
    insert into internal.changed_row
    select progress.*
    from unnest(students, modules) as wanted (student_id, module_id)
    cross join lateral (
        select
            student_id, module_id, status, score, progress_details, last_updated, completed_at,
            progress_percentage
        from public.student_module_progress as row
        where row.student_id = wanted.student_id and row.module_id = wanted.module_id
        offset 0
        for update
    ) as progress
    where exists (select from roster.editable where editable.id = wanted.student_id offset 0);
end
$$;

create or replace function internal.record_changed() returns void
language plpgsql
set search_path = ''
as $$
begin
    if internal.is_recorded('history_of_updates') then
        return;
    end if;
    update internal.changed_row as known
    set status = progress.status,
        score = progress.score,
        progress_details = progress.progress_details,
        last_updated = progress.last_updated,
        completed_at = progress.completed_at,
        progress_percentage = progress.progress_percentage
    from public.student_module_progress as progress
    where progress.student_id = known.student_id and progress.module_id = known.module_id;
    delete from internal.changed_row;
end
$$;

create or replace function internal.record_added(students uuid[], modules uuid[]) returns void
language plpgsql
set search_path = ''
as $$
begin
    if internal.is_recorded('history_of_inserts') then
        return;
    end if;
    insert into internal.added_row
    select progress.*
    from unnest(students, modules) as wanted (student_id, module_id)
    cross join lateral (
        select
            student_id, module_id, status, score, progress_details, last_updated, completed_at,
            progress_percentage
        from public.student_module_progress as row
        where row.student_id = wanted.student_id and row.module_id = wanted.module_id
        offset 0
    ) as progress;
    delete from internal.added_row;
end
$$;
