-- All stored data about a student, for whoever has to answer the student's request: a line a row, as JSON
-- text that keeps every digit and the dates that no calendar knows. `part` is what the row is. Whole rows, since
-- "everything" is what was asked for; of others only their names. Nothing at all for anybody but the student's
-- coordinators and admins.
create or replace function dashboard.all_stored_data(asked uuid)
returns table (part text, place bigint, line json)
language plpgsql stable security definer
set search_path = ''
set timezone = 'UTC'
as $$
begin
    if not exists (select from roster.editable where editable.id = asked) then
        return;
    end if;

    return query
    select 'person', 1::bigint, row_to_json(entry)
    from (
        select student.*, organisation.name as name_of_organisation
        from school.student
        left join school.organisation on organisation.id = student.organisation_id
        where student.id = asked
    ) as entry;

    return query
    select 'class', row_number() over (order by entry.name_of_class, entry.class_id), row_to_json(entry)
    from (
        select class_student.*, class.name as name_of_class
        from school.class_student
        left join school.class on class.id = class_student.class_id
        where class_student.student_id = asked
    ) as entry;

    return query
    select 'progress', row_number() over (order by entry.name_of_module, entry.module_id), row_to_json(entry)
    from (
        select progress.*, module.name as name_of_module, module.type as type_of_module
        from public.student_module_progress as progress
        left join school.module on module.id = progress.module_id
        where progress.student_id = asked
    ) as entry;

    return query
    select 'fact', row_number() over (order by entry.name_of_module, entry.module_id), row_to_json(entry)
    from (
        select fact.*, module.name as name_of_module
        from dashboard.fact
        left join school.module on module.id = fact.module_id
        where fact.student_id = asked
    ) as entry;

    return query
    select 'history', row_number() over (order by entry.id), row_to_json(entry)
    from (
        select history.*, module.name as name_of_module, staff.full_name as name_of_author
        from dashboard.history
        left join school.module on module.id = history.module_id
        left join school.staff on staff.id = history.author_id
        where history.student_id = asked
    ) as entry;

    return query
    select 'batch', row_number() over (order by entry.at, entry.id), row_to_json(entry)
    from (
        select batch.*, staff.full_name as name_of_author
        from dashboard.batch
        left join school.staff on staff.id = batch.author_id
        where batch.id in (
            select history.batch_id from dashboard.history where history.student_id = asked
            union
            select trace.batch_id from internal.dropped_trace as trace where trace.student_id = asked
            union
            select lock.batch_id from dashboard.lock where lock.student_id = asked
        )
    ) as entry;

    return query
    select 'lock', row_number() over (order by entry.id), row_to_json(entry)
    from (
        select
            lock.*,
            module.name as name_of_module,
            staff.full_name as name_of_author,
            unlocker.full_name as name_of_unlocker
        from dashboard.lock
        left join school.module on module.id = lock.module_id
        left join school.staff on staff.id = lock.author_id
        left join school.staff as unlocker on unlocker.id = lock.unlocked_by
        where lock.student_id = asked
    ) as entry;

    return query
    select 'lock_attempt', row_number() over (order by entry.id), row_to_json(entry)
    from (
        select lock_attempt.*, module.name as name_of_module, staff.full_name as name_of_author
        from dashboard.lock_attempt
        left join school.module on module.id = lock_attempt.module_id
        left join school.staff on staff.id = lock_attempt.author_id
        where lock_attempt.student_id = asked
    ) as entry;

    return query
    select 'dismissal', row_number() over (order by entry.at, entry.rule, entry.module_id), row_to_json(entry)
    from (
        select dismissal.*, module.name as name_of_module, staff.full_name as name_of_author
        from dashboard.dismissal
        left join school.module on module.id = dismissal.module_id
        left join school.staff on staff.id = dismissal.author_id
        where dismissal.student_id = asked
    ) as entry;

    return query
    select 'note', row_number() over (order by entry.number), row_to_json(entry)
    from (
        select note.*, staff.full_name as name_of_author
        from dashboard.note
        left join school.staff on staff.id = note.author_id
        where note.student_id = asked
    ) as entry;

    return query
    select 'flag_response', row_number() over (order by entry.number), row_to_json(entry)
    from (
        select flag_response.*, class.name as name_of_class, staff.full_name as name_of_author
        from dashboard.flag_response
        left join school.class on class.id = flag_response.class_id
        left join school.staff on staff.id = flag_response.author_id
        where flag_response.student_id = asked
    ) as entry;

    return query
    select 'flag_record', row_number() over (order by entry.raised_at, entry.rule, entry.class_id), row_to_json(entry)
    from (
        select flag_record.*, class.name as name_of_class
        from internal.flag_record
        left join school.class on class.id = flag_record.class_id
        where flag_record.student_id = asked
    ) as entry;

    -- What nobody but its author sees is told to its author only.
    return query
    select
        'draft',
        row_number() over (order by entry.updated_at, entry.class_id, entry.position),
        row_to_json(entry)
    from (
        select draft.class_id, class.name as name_of_class, draft.updated_at, edit.position, edit.value as edit
        from dashboard.draft
        left join school.class on class.id = draft.class_id
        cross join lateral jsonb_array_elements(draft.edits) with ordinality as edit (value, position)
        where draft.person_id = (select internal.me()) and edit.value ->> 'student' = asked::text
    ) as entry;

    return query
    select 'saved_view', row_number() over (order by entry.created_at, entry.id), row_to_json(entry)
    from (
        select saved_view.*, staff.full_name as name_of_owner
        from dashboard.saved_view
        left join school.staff on staff.id = saved_view.owner_id
        join school.student on student.id = asked
        where (
                saved_view.owner_id = (select internal.me())
                or saved_view.organisation_id in (select internal.my_organisations())
            )
            and (
                strpos(saved_view.parameters::text, asked::text) > 0
                or (
                    btrim(student.full_name) <> ''
                    and (
                        strpos(internal.plain(saved_view.name), internal.plain(btrim(student.full_name))) > 0
                        or strpos(
                            internal.plain(saved_view.parameters ->> 'name'),
                            internal.plain(btrim(student.full_name))
                        ) > 0
                    )
                )
            )
    ) as entry;

    -- For administrators alone, as the function says.
    return query
    select 'disclosure', row_number() over (order by entry.id), row_to_json(entry)
    from dashboard.disclosures(asked, null, null) as entry;
end
$$;

grant execute on function dashboard.all_stored_data(uuid) to dashboard_person;
