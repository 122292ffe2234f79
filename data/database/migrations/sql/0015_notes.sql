-- What staff write about a student. Append-only, for the owner too: a correction is another row that points to
-- the one it corrects, a withdrawal a row without text. What was said can always be read again.

create table dashboard.note (
    id uuid primary key,
    number bigint not null generated always as identity,
    student_id uuid not null,
    author_id uuid not null default auth.uid(),
    note_id uuid not null,
    revises uuid,
    act text not null,
    kind text,
    channel text,
    happened_on date,
    text text,
    written_at timestamptz not null default clock_timestamp(),
    -- One row corrects another: who corrects what was corrected meanwhile is told so.
    constraint note_was_revised unique (revises),
    unique (id, note_id, student_id, author_id),
    -- Only its author revises a note, and it stays about the same student.
    constraint note_is_revised_by_its_author
        foreign key (revises, note_id, student_id, author_id)
        references dashboard.note (id, note_id, student_id, author_id),
    constraint note_act check (
        case act
            when 'written' then revises is null and note_id = id
            when 'corrected' then revises is not null and note_id <> id
            when 'withdrawn' then
                revises is not null and note_id <> id
                and num_nonnulls(kind, channel, happened_on, text) = 0
            else false
        end
    ),
    constraint note_kind check (
        case kind
            when 'note' then num_nonnulls(channel, happened_on) = 0
            when 'contact' then
                channel is not null
                and channel in ('phone', 'e-mail', 'meeting', 'letter', 'message', 'other')
                and happened_on is not null
            else act = 'withdrawn' and kind is null
        end
    ),
    -- A day more than the server's: it may be tomorrow already where somebody writes.
    constraint note_day check (
        happened_on between date '1900-01-01' and (written_at at time zone 'UTC')::date + 1
    ),
    constraint note_length check (length(btrim(text, E' \t\n')) > 0 and length(text) <= 4000),
    constraint note_has_text check ((text is null) = (act = 'withdrawn')),
    -- Nothing that cannot be seen and changes how the rest is read: control characters but for tab and line
    -- feed, directions forced upon text, characters of no width (joiners belong to scripts, and stay).
    constraint note_is_plain check (
        text !~ ('[\u0001-\u0008\u000b-\u001f\u007f-\u009f\u200b\u2028-\u202e\u2060-\u2069'
            '\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]')
    )
);

comment on column dashboard.note.id is
'Chosen by whoever writes, before writing: a retry after a lost answer meets its own id and writes nothing twice.';
comment on column dashboard.note.note_id is
'The first row of the note that this row is a version of.';

create index note_student_id on dashboard.note (student_id, number);

alter table dashboard.note enable row level security;
grant select on dashboard.note to dashboard_person;
grant insert (id, student_id, author_id, revises, act, kind, channel, happened_on, text)
on dashboard.note to dashboard_person;

-- Reason: a note is for the colleagues who work with the student. Students do not read what is noted here;
-- who asks for everything that is held on them gets it from their coordinator (dashboard.held).
create policy staff_see_notes on dashboard.note
for select to dashboard_person
using (
    student_id in (select internal.my_students())
    and (select internal.my_role()) <> 'student'
);

-- Reason: whoever sees the student as staff may write, a teacher too, and signs with the own name.
create policy staff_write_notes on dashboard.note
for insert to dashboard_person
with check (
    author_id = (select auth.uid())
    and student_id in (select internal.my_students())
    and (select internal.my_role()) <> 'student'
);

create function internal.place_note() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
    revised dashboard.note;
begin
    if new.revises is null then
        new.note_id := new.id;
        return new;
    end if;
    select * into revised from dashboard.note where note.id = new.revises;
    if revised.act = 'withdrawn' and revised.author_id = new.author_id then
        raise exception 'a note that was withdrawn stays so'
            using errcode = 'check_violation', constraint = 'note_was_withdrawn';
    end if;
    -- Of somebody else's note it is null, or refused by the foreign key: nothing is told about it.
    new.note_id := revised.note_id;
    return new;
end
$$;

create trigger place_note
before insert on dashboard.note
for each row execute function internal.place_note();

create trigger note_is_append_only
before update or delete or truncate on dashboard.note
for each statement execute function internal.refuse_rewriting();

-- Everything that is held on a student, for whoever has to answer the student's request: a line a row, as JSON
-- text that keeps every digit and the dates that no calendar knows. `part` is what the row is. Whole rows, since
-- "everything" is what was asked for; of others only their names. Nothing at all for anybody but the student's
-- coordinators and admins.
create function dashboard.held(asked uuid)
returns table (part text, place bigint, line json)
language plpgsql stable security definer
set search_path = ''
set timezone = 'UTC'
as $$
begin
    if not exists (
        select from internal.my_editable_students() as mine (id) where mine.id = asked
    ) then
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
            select kept.batch_id from dashboard.kept where kept.student_id = asked
        )
    ) as entry;

    return query
    select 'kept', row_number() over (order by entry.id), row_to_json(entry)
    from (
        select
            kept.*,
            module.name as name_of_module,
            staff.full_name as name_of_author,
            releaser.full_name as name_of_releaser
        from dashboard.kept
        left join school.module on module.id = kept.module_id
        left join school.staff on staff.id = kept.author_id
        left join school.staff as releaser on releaser.id = kept.released_by
        where kept.student_id = asked
    ) as entry;

    return query
    select 'kept_attempt', row_number() over (order by entry.id), row_to_json(entry)
    from (
        select kept_attempt.*, module.name as name_of_module, staff.full_name as name_of_author
        from dashboard.kept_attempt
        left join school.module on module.id = kept_attempt.module_id
        left join school.staff on staff.id = kept_attempt.author_id
        where kept_attempt.student_id = asked
    ) as entry;

    return query
    select 'left_as_is', row_number() over (order by entry.at, entry.rule, entry.module_id), row_to_json(entry)
    from (
        select left_as_is.*, module.name as name_of_module, staff.full_name as name_of_author
        from dashboard.left_as_is
        left join school.module on module.id = left_as_is.module_id
        left join school.staff on staff.id = left_as_is.author_id
        where left_as_is.student_id = asked
    ) as entry;

    return query
    select 'note', row_number() over (order by entry.number), row_to_json(entry)
    from (
        select note.*, staff.full_name as name_of_author
        from dashboard.note
        left join school.staff on staff.id = note.author_id
        where note.student_id = asked
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
        where draft.person_id = auth.uid() and edit.value ->> 'student' = asked::text
    ) as entry;

    return query
    select 'saved_view', row_number() over (order by entry.created_at, entry.id), row_to_json(entry)
    from (
        select saved_view.*, staff.full_name as name_of_owner
        from dashboard.saved_view
        left join school.staff on staff.id = saved_view.owner_id
        join school.student on student.id = asked
        where (
                saved_view.owner_id = auth.uid()
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
end
$$;

revoke execute on all functions in schema internal from public;
revoke execute on function dashboard.held(uuid) from public;
grant execute on function dashboard.held(uuid) to dashboard_person;
