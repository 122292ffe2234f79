-- How changes of the roster are recorded: by triggers, whoever writes there.

-- The arguments of a trigger are the relation's name and the columns of its key. A change is of a batch only in the
-- transaction in which its author opened it: nothing is added to what was saved before. Whose a row is tells its own
-- word, or its class's. (Said here and not in functions: 20,000 rows would call them 20,000 times.)
create or replace function internal.record_roster_change() returns trigger
language plpgsql security definer
set search_path = ''
set timezone = 'UTC'
as $$
declare
    author uuid := internal.roster_author();
    batch uuid;
    named text := tg_argv[0];
    keys text[] := array(select word from unnest(tg_argv) with ordinality as given (word, place) where place > 1);
    -- What is kept beside a name only to find it.
    kept text[] := array['plain_name', 'plain_email', 'found_by'];
    organisation text := case named when 'organisation' then 'id' else 'organisation_id' end;
begin
    select opened.id
    into batch
    from dashboard.roster_batch as opened
    -- What is no id is none, as in internal.open_batch().
    where opened.id = case
            when current_setting('dashboard.roster_batch', true) ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
            then current_setting('dashboard.roster_batch', true)::uuid
        end
        and opened.author_id = author
        and opened.at >= now();

    if tg_op = 'INSERT' then
        insert into dashboard.roster_change (relation, key, organisation_id, operation, author_id, batch_id, after)
        select
            named,
            (select jsonb_object_agg(name, changed.line -> name) from unnest(keys) as part (name)),
            coalesce((changed.line ->> organisation)::uuid, class.organisation_id),
            'insert',
            author,
            batch,
            changed.line - keys
        from (select to_jsonb(new_rows) - kept as line from new_rows offset 0) as changed
        left join school.class on class.id = (changed.line ->> 'class_id')::uuid;
    elsif tg_op = 'DELETE' then
        insert into dashboard.roster_change (relation, key, organisation_id, operation, author_id, batch_id, before)
        select
            named,
            (select jsonb_object_agg(name, changed.line -> name) from unnest(keys) as part (name)),
            coalesce((changed.line ->> organisation)::uuid, class.organisation_id),
            'delete',
            author,
            batch,
            changed.line - keys
        from (select to_jsonb(old_rows) - kept as line from old_rows offset 0) as changed
        left join school.class on class.id = (changed.line ->> 'class_id')::uuid;
    else
        -- A full join: a changed key is the old row's end and the new row's beginning.
        insert into dashboard.roster_change (
            relation, key, organisation_id, operation, author_id, batch_id, before, after
        )
        select
            named,
            key,
            coalesce((coalesce(n.line, o.line) ->> organisation)::uuid, class.organisation_id),
            case when o.line is null then 'insert' when n.line is null then 'delete' else 'update' end,
            author,
            batch,
            case when n.line is null then o.line - keys else internal.difference(o.line, n.line) end,
            case when o.line is null then n.line - keys else internal.difference(n.line, o.line) end
        from (
            select line, (select jsonb_object_agg(name, line -> name) from unnest(keys) as part (name)) as key
            from (select to_jsonb(old_rows) - kept as line from old_rows offset 0) as old_lines
        ) as o
        full join (
            select line, (select jsonb_object_agg(name, line -> name) from unnest(keys) as part (name)) as key
            from (select to_jsonb(new_rows) - kept as line from new_rows offset 0) as new_lines
        ) as n using (key)
        left join school.class on class.id = (coalesce(n.line, o.line) ->> 'class_id')::uuid
        where o.line is distinct from n.line;
    end if;
    return null;
end
$$;

-- On each table that is recorded the same three triggers, with their arguments. Where a name is only a view of the
-- platform's table (platform_roster.sql), they are on that one.
do $$
declare
    recorded record;
    recorded_table text;
    recording text;
begin
    for recorded in
        values
            ('school.organisation', array['organisation', 'id']),
            ('school.student', array['student', 'id']),
            ('school.staff', array['staff', 'id']),
            ('school.class', array['class', 'id']),
            ('school.class_student', array['class_student', 'class_id', 'student_id']),
            ('school.class_teacher', array['class_teacher', 'class_id', 'staff_id']),
            ('school.class_module', array['class_module', 'class_id', 'module_id']),
            ('school.module', array['module', 'id']),
            ('school.lesson', array['lesson', 'id']),
            ('school.retired_module', array['retired_module', 'module_id']),
            ('school.source_id', array['source_id', 'organisation_id', 'source', 'kind', 'source_id']),
            ('school.roster_lock', array['roster_lock', 'locked_id', 'field'])
    loop
        recorded_table := case
            when recorded.column1::regclass in (select oid from pg_class where relkind = 'v')
            then replace(recorded.column1, 'school.', 'public.') || 's'
            else recorded.column1
        end;
        recording := format(
            'for each statement execute function internal.record_roster_change(%s)',
            (select string_agg(quote_literal(word), ', ') from unnest(recorded.column2) as given (word))
        );
        execute format(
            'create or replace trigger roster_inserts after insert on %s referencing new table as new_rows %s',
            recorded_table,
            recording
        );
        execute format(
            'create or replace trigger roster_updates after update on %s '
            'referencing old table as old_rows new table as new_rows %s',
            recorded_table,
            recording
        );
        execute format(
            'create or replace trigger roster_deletes after delete on %s referencing old table as old_rows %s',
            recorded_table,
            recording
        );
    end loop;
end
$$;
