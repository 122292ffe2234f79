-- When standings are no longer sure (standings.sql): what is written is noted in the same statement.

-- Whose counts or moments a statement may have changed.
create or replace function internal.note_facts() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    if tg_op = 'INSERT' then
        insert into internal.unsettled (student_id)
        select distinct student_id from new_rows;
    elsif tg_op = 'DELETE' then
        insert into internal.unsettled (student_id)
        select distinct student_id from old_rows;
    else
        insert into internal.unsettled (student_id)
        select student_id
        from (
            select
                student_id, module_id, status, attempts, shown_score, has_problem, last_activity, unexplained_change,
                last_change, completion_at, progressed_at, slipped_at, doubts
            from new_rows
            except
            select
                student_id, module_id, status, attempts, shown_score, has_problem, last_activity, unexplained_change,
                last_change, completion_at, progressed_at, slipped_at, doubts
            from old_rows
        ) as changed
        union
        select student_id
        from (
            select student_id, module_id from old_rows
            except
            select student_id, module_id from new_rows
        ) as moved;
    end if;
    return null;
end
$$;

create or replace trigger note_inserts
after insert on dashboard.fact
referencing new table as new_rows
for each statement execute function internal.note_facts();

create or replace trigger note_updates
after update on dashboard.fact
referencing old table as old_rows new table as new_rows
for each statement execute function internal.note_facts();

create or replace trigger note_deletes
after delete on dashboard.fact
referencing old table as old_rows
for each statement execute function internal.note_facts();

-- Where the history is cut, it may tell no more that something was taken back.
create or replace function internal.note_forgotten() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    insert into internal.unsettled (student_id)
    select distinct student_id
    from old_rows
    where completions <> 0;
    return null;
end
$$;

create or replace trigger note_deletes
after delete on dashboard.history
referencing old table as old_rows
for each statement execute function internal.note_forgotten();

-- Who comes into a class, and who leaves.
create or replace function internal.note_students() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    if tg_op <> 'INSERT' then
        insert into internal.unsettled (student_id, summary_of)
        select distinct student_id, null::uuid from old_rows
        union all
        select distinct null::uuid, class_id from old_rows;
    end if;
    if tg_op <> 'DELETE' then
        insert into internal.unsettled (student_id)
        select distinct student_id from new_rows;
    end if;
    return null;
end
$$;

-- Classes that are given other modules.
create or replace function internal.note_modules() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    if tg_op <> 'INSERT' then
        insert into internal.unsettled (class_id)
        select distinct class_id from old_rows;
    end if;
    if tg_op <> 'DELETE' then
        insert into internal.unsettled (class_id)
        select distinct class_id from new_rows;
    end if;
    return null;
end
$$;

create or replace trigger note_inserts
after insert on school.class_student
referencing new table as new_rows
for each statement execute function internal.note_students();

create or replace trigger note_updates
after update on school.class_student
referencing old table as old_rows new table as new_rows
for each statement execute function internal.note_students();

create or replace trigger note_deletes
after delete on school.class_student
referencing old table as old_rows
for each statement execute function internal.note_students();

create or replace trigger note_inserts
after insert on school.class_module
referencing new table as new_rows
for each statement execute function internal.note_modules();

create or replace trigger note_updates
after update on school.class_module
referencing old table as old_rows new table as new_rows
for each statement execute function internal.note_modules();

create or replace trigger note_deletes
after delete on school.class_module
referencing old table as old_rows
for each statement execute function internal.note_modules();

-- Modules that are passed by another mark now; where they stand, roster_refreshed.sql and modules_written.sql tell.
create or replace function internal.note_pass_marks() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    insert into internal.unsettled (module_id)
    select id
    from (
        select * from new_rows
        except
        select * from old_rows
    ) as changed;
    return null;
end
$$;
