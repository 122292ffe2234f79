-- How history is recorded: by triggers on the progress table, whoever writes there.

-- The part of `theirs` that `mine` does not hold with the same value: the changed keys of one side.
create or replace function internal.difference(theirs jsonb, mine jsonb) returns jsonb
language sql immutable
set search_path = ''
as $$
    select coalesce(jsonb_object_agg(key, value), '{}')
    from jsonb_each(theirs)
    where mine -> key is distinct from value
$$;

-- Where a change came from: a saved batch says so; else it was the student's own work, other staff, or
-- (no person at all) the platform.
create or replace function internal.source_of(student uuid, batch_source text) returns text
language sql stable
set search_path = ''
as $$
    select case
        when internal.author() is null then 'platform'
        when batch_source is not null then batch_source
        when internal.author() = student then 'student'
        else 'staff'
    end
$$;

-- One moment is one text, whatever the writer's zone: hence UTC.
--
-- The columns of the table as the school's contract has it are told apart one by one, each in its own type: half the
-- work, where thousands of rows are written at once. What else a live table carries goes through JSON.
create or replace function internal.record_history() returns trigger
language plpgsql security definer
set search_path = ''
set timezone = 'UTC'
set work_mem = '32MB'
as $$
declare
    author uuid;
    batch dashboard.batch;
    source text;
    has_further boolean;
    -- What people save, and what staff write, is told each time.
    may_go_on boolean;
    known constant text[] := array[
        'student_id', 'module_id', 'status', 'score', 'progress_details', 'last_updated', 'completed_at',
        'progress_percentage'
    ];
begin
    author := internal.author();
    -- A platform mostly writes "insert or update", of which one has no rows.
    if tg_op = 'INSERT' then
        if not exists (select from new_rows) then
            return null;
        end if;
    elsif not exists (select from old_rows) then
        return null;
    end if;
    select *
    into batch
    from dashboard.batch as opened
    where opened.id = (select internal.open_batch())
        and opened.author_id = author;
    -- As internal.source_of(); null where each row has to tell whether it is the author's own.
    source := case when author is null then 'platform' else batch.source end;

    if tg_op = 'INSERT' then
        insert into dashboard.history (
            student_id, module_id, operation, source, author_id, batch_id, after
        )
        select
            student_id, module_id, 'insert',
            coalesce(source, case when author = student_id then 'student' else 'staff' end),
            author, batch.id, to_jsonb(new_rows) - 'student_id' - 'module_id'
        from new_rows;
    elsif tg_op = 'DELETE' then
        insert into dashboard.history (
            student_id, module_id, operation, source, author_id, batch_id, before
        )
        select
            student_id, module_id, 'delete',
            coalesce(source, case when author = student_id then 'student' else 'staff' end),
            author, batch.id, to_jsonb(old_rows) - 'student_id' - 'module_id'
        from old_rows;
    else
        may_go_on := batch.id is null;
        -- Nothing to be told: mostly a place in a video. To begin to write an entry costs more than to ask.
        if may_go_on
            and not exists (
                select
                from old_rows as o
                full join new_rows as n using (student_id, module_id)
                where not coalesce(
                    coalesce(author = n.student_id, true)
                    and internal.goes_on(to_jsonb(o), to_jsonb(n), author, 'infinity'),
                    false
                )
            )
        then
            return null;
        end if;
        has_further := exists (
            select
            from pg_catalog.pg_attribute
            where attrelid = tg_relid
                and attnum > 0
                and not attisdropped
                and attname <> all (known)
        );
        -- A full join: a changed key is the old row's end and the new row's beginning. (offset 0: else the
        -- sides would be made anew wherever they are named.)
        insert into dashboard.history (
            student_id, module_id, operation, source, author_id, batch_id, before, after
        )
        select
            changed.student_id,
            changed.module_id,
            changed.operation,
            coalesce(source, case when author = changed.student_id then 'student' else 'staff' end),
            author,
            batch.id,
            changed.before,
            changed.after
        from (
            select
                student_id,
                module_id,
                case
                    when o.last_updated is null then 'insert'
                    when n.last_updated is null then 'delete'
                    else 'update'
                end as operation,
                case
                    when o.last_updated is null then null
                    when n.last_updated is null then to_jsonb(o) - 'student_id' - 'module_id'
                    else jsonb_build_object(
                        'status', o.status,
                        'score', o.score,
                        'last_updated', o.last_updated,
                        'completed_at', o.completed_at,
                        'progress_percentage', o.progress_percentage
                    ) - same.columns
                        || case same.details
                            when 'object' then jsonb_build_object('progress_details', within.before)
                            when 'other' then jsonb_build_object('progress_details', o.progress_details)
                            else '{}'
                        end
                        || case
                            when has_further then internal.difference(to_jsonb(o) - known, to_jsonb(n))
                            else '{}'
                        end
                end as before,
                case
                    when n.last_updated is null then null
                    when o.last_updated is null then to_jsonb(n) - 'student_id' - 'module_id'
                    else jsonb_build_object(
                        'status', n.status,
                        'score', n.score,
                        'last_updated', n.last_updated,
                        'completed_at', n.completed_at,
                        'progress_percentage', n.progress_percentage
                    ) - same.columns
                        || case same.details
                            when 'object' then jsonb_build_object('progress_details', within.after)
                            when 'other' then jsonb_build_object('progress_details', n.progress_details)
                            else '{}'
                        end
                        || case when within.is_within then '{"": true}'::jsonb else '{}' end
                        || case
                            when has_further then internal.difference(to_jsonb(n) - known, to_jsonb(o))
                            else '{}'
                        end
                end as after
            from old_rows as o
            full join new_rows as n using (student_id, module_id)
            cross join lateral (
                select
                    array[
                        case when o.status is not distinct from n.status then 'status' end,
                        case when o.score is not distinct from n.score then 'score' end,
                        case when o.last_updated is not distinct from n.last_updated then 'last_updated' end,
                        case when o.completed_at is not distinct from n.completed_at then 'completed_at' end,
                        case
                            when o.progress_percentage is not distinct from n.progress_percentage
                            then 'progress_percentage'
                        end
                    ] as columns,
                    case
                        when coalesce(o.progress_details, 'null') = coalesce(n.progress_details, 'null')
                        then 'same'
                        when jsonb_typeof(o.progress_details) = 'object'
                            and jsonb_typeof(n.progress_details) = 'object'
                        then 'object'
                        else 'other'
                    end as details
                offset 0
            ) as same
            left join lateral (
                select found.*
                from internal.changes_within(
                    o.progress_details, n.progress_details, internal.details_depth()
                ) as found
                where same.details = 'object'
                offset 0
            ) as within on true
            where case
                when may_go_on and coalesce(author = n.student_id, true)
                then coalesce(not internal.goes_on(to_jsonb(o), to_jsonb(n), author, 'infinity'), true)
                else true
            end
            offset 0
        ) as changed
        where changed.before is distinct from changed.after;
    end if;
    return null;
exception
    when others then
        if not internal.is_forgiven('history: ' || sqlerrm) then
            raise;
        end if;
        return null;
end
$$;

create or replace trigger history_of_inserts
after insert on public.student_module_progress
referencing new table as new_rows
for each statement execute function internal.record_history();

create or replace trigger history_of_updates
after update on public.student_module_progress
referencing old table as old_rows new table as new_rows
for each statement execute function internal.record_history();

create or replace trigger history_of_deletes
after delete on public.student_module_progress
referencing old table as old_rows
for each statement execute function internal.record_history();
