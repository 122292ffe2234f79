-- How changes of the roster are recorded: by triggers, whoever writes there.

-- These keys of an object, with their values.
create or replace function internal.part(line jsonb, keys text[]) returns jsonb
language sql immutable
set search_path = ''
as $$
    select jsonb_object_agg(name, line -> name)
    from unnest(keys) as wanted (name)
$$;

-- Whose the row is: its own word, or its class's.
create or replace function internal.organisation_of(line jsonb) returns uuid
language sql stable
set search_path = ''
as $$
    select coalesce(
        (line ->> 'organisation_id')::uuid,
        (select organisation_id from school.class where id = (line ->> 'class_id')::uuid)
    )
$$;

-- The arguments of a trigger are the relation's name and the columns of its key.
create or replace function internal.record_roster_change() returns trigger
language plpgsql security definer
set search_path = ''
set timezone = 'UTC'
as $$
declare
    author uuid := internal.author();
    batch uuid;
    keys text[] := array(select word from unnest(tg_argv) with ordinality as given (word, place) where place > 1);
begin
    select opened.id
    into batch
    from dashboard.roster_batch as opened
    where opened.id = nullif(current_setting('dashboard.roster_batch', true), '')::uuid
        and opened.author_id = author;

    if tg_op = 'INSERT' then
        insert into dashboard.roster_change (relation, key, organisation_id, operation, author_id, batch_id, after)
        select tg_argv[0], changed.key, internal.organisation_of(changed.line), 'insert', author, batch, changed.line - keys
        from (
            select to_jsonb(new_rows) as line, internal.part(to_jsonb(new_rows), keys) as key
            from new_rows
        ) as changed;
    elsif tg_op = 'DELETE' then
        insert into dashboard.roster_change (relation, key, organisation_id, operation, author_id, batch_id, before)
        select tg_argv[0], changed.key, internal.organisation_of(changed.line), 'delete', author, batch, changed.line - keys
        from (
            select to_jsonb(old_rows) as line, internal.part(to_jsonb(old_rows), keys) as key
            from old_rows
        ) as changed;
    else
        insert into dashboard.roster_change (relation, key, organisation_id, operation, author_id, batch_id, before, after)
        select
            tg_argv[0],
            earlier.key,
            internal.organisation_of(later.line),
            'update',
            author,
            batch,
            internal.difference(earlier.line, later.line),
            internal.difference(later.line, earlier.line)
        from (
            select to_jsonb(old_rows) as line, internal.part(to_jsonb(old_rows), keys) as key
            from old_rows
        ) as earlier
        join (
            select to_jsonb(new_rows) as line, internal.part(to_jsonb(new_rows), keys) as key
            from new_rows
        ) as later on later.key = earlier.key
        where earlier.line <> later.line;
    end if;
    return null;
end
$$;

create or replace trigger roster_inserts
after insert on public.organisations
referencing new table as new_rows
for each statement execute function internal.record_roster_change('organisation', 'id');

create or replace trigger roster_updates
after update on public.organisations
referencing old table as old_rows new table as new_rows
for each statement execute function internal.record_roster_change('organisation', 'id');

create or replace trigger roster_deletes
after delete on public.organisations
referencing old table as old_rows
for each statement execute function internal.record_roster_change('organisation', 'id');

create or replace trigger roster_inserts
after insert on school.student
referencing new table as new_rows
for each statement execute function internal.record_roster_change('student', 'id');

create or replace trigger roster_updates
after update on school.student
referencing old table as old_rows new table as new_rows
for each statement execute function internal.record_roster_change('student', 'id');

create or replace trigger roster_deletes
after delete on school.student
referencing old table as old_rows
for each statement execute function internal.record_roster_change('student', 'id');

create or replace trigger roster_inserts
after insert on school.staff
referencing new table as new_rows
for each statement execute function internal.record_roster_change('staff', 'id');

create or replace trigger roster_updates
after update on school.staff
referencing old table as old_rows new table as new_rows
for each statement execute function internal.record_roster_change('staff', 'id');

create or replace trigger roster_deletes
after delete on school.staff
referencing old table as old_rows
for each statement execute function internal.record_roster_change('staff', 'id');

create or replace trigger roster_inserts
after insert on school.class
referencing new table as new_rows
for each statement execute function internal.record_roster_change('class', 'id');

create or replace trigger roster_updates
after update on school.class
referencing old table as old_rows new table as new_rows
for each statement execute function internal.record_roster_change('class', 'id');

create or replace trigger roster_deletes
after delete on school.class
referencing old table as old_rows
for each statement execute function internal.record_roster_change('class', 'id');

create or replace trigger roster_inserts
after insert on school.class_student
referencing new table as new_rows
for each statement execute function internal.record_roster_change('class_student', 'class_id', 'student_id');

create or replace trigger roster_updates
after update on school.class_student
referencing old table as old_rows new table as new_rows
for each statement execute function internal.record_roster_change('class_student', 'class_id', 'student_id');

create or replace trigger roster_deletes
after delete on school.class_student
referencing old table as old_rows
for each statement execute function internal.record_roster_change('class_student', 'class_id', 'student_id');

create or replace trigger roster_inserts
after insert on school.class_teacher
referencing new table as new_rows
for each statement execute function internal.record_roster_change('class_teacher', 'class_id', 'staff_id');

create or replace trigger roster_updates
after update on school.class_teacher
referencing old table as old_rows new table as new_rows
for each statement execute function internal.record_roster_change('class_teacher', 'class_id', 'staff_id');

create or replace trigger roster_deletes
after delete on school.class_teacher
referencing old table as old_rows
for each statement execute function internal.record_roster_change('class_teacher', 'class_id', 'staff_id');

create or replace trigger roster_inserts
after insert on school.class_module
referencing new table as new_rows
for each statement execute function internal.record_roster_change('class_module', 'class_id', 'module_id');

create or replace trigger roster_updates
after update on school.class_module
referencing old table as old_rows new table as new_rows
for each statement execute function internal.record_roster_change('class_module', 'class_id', 'module_id');

create or replace trigger roster_deletes
after delete on school.class_module
referencing old table as old_rows
for each statement execute function internal.record_roster_change('class_module', 'class_id', 'module_id');

create or replace trigger roster_inserts
after insert on public.modules
referencing new table as new_rows
for each statement execute function internal.record_roster_change('module', 'id');

create or replace trigger roster_updates
after update on public.modules
referencing old table as old_rows new table as new_rows
for each statement execute function internal.record_roster_change('module', 'id');

create or replace trigger roster_deletes
after delete on public.modules
referencing old table as old_rows
for each statement execute function internal.record_roster_change('module', 'id');

create or replace trigger roster_inserts
after insert on public.lessons
referencing new table as new_rows
for each statement execute function internal.record_roster_change('lesson', 'id');

create or replace trigger roster_updates
after update on public.lessons
referencing old table as old_rows new table as new_rows
for each statement execute function internal.record_roster_change('lesson', 'id');

create or replace trigger roster_deletes
after delete on public.lessons
referencing old table as old_rows
for each statement execute function internal.record_roster_change('lesson', 'id');

create or replace trigger roster_inserts
after insert on school.retired_module
referencing new table as new_rows
for each statement execute function internal.record_roster_change('retired_module', 'module_id');

create or replace trigger roster_updates
after update on school.retired_module
referencing old table as old_rows new table as new_rows
for each statement execute function internal.record_roster_change('retired_module', 'module_id');

create or replace trigger roster_deletes
after delete on school.retired_module
referencing old table as old_rows
for each statement execute function internal.record_roster_change('retired_module', 'module_id');

create or replace trigger roster_inserts
after insert on school.source_id
referencing new table as new_rows
for each statement execute function internal.record_roster_change('source_id', 'organisation_id', 'source', 'kind', 'source_id');

create or replace trigger roster_updates
after update on school.source_id
referencing old table as old_rows new table as new_rows
for each statement execute function internal.record_roster_change('source_id', 'organisation_id', 'source', 'kind', 'source_id');

create or replace trigger roster_deletes
after delete on school.source_id
referencing old table as old_rows
for each statement execute function internal.record_roster_change('source_id', 'organisation_id', 'source', 'kind', 'source_id');

create or replace trigger roster_inserts
after insert on school.roster_lock
referencing new table as new_rows
for each statement execute function internal.record_roster_change('roster_lock', 'locked_id', 'field');

create or replace trigger roster_updates
after update on school.roster_lock
referencing old table as old_rows new table as new_rows
for each statement execute function internal.record_roster_change('roster_lock', 'locked_id', 'field');

create or replace trigger roster_deletes
after delete on school.roster_lock
referencing old table as old_rows
for each statement execute function internal.record_roster_change('roster_lock', 'locked_id', 'field');
