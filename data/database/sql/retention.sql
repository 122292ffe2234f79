-- Nothing kept for longer than an organisation says: who left, notes, the history. No period does anything by itself:
-- an administrator applies them, or the owner of the database, after what is due was shown.

create table school.retention (
    organisation_id uuid primary key,
    leavers_months smallint check (leavers_months between 1 and 600),
    notes_months smallint check (notes_months between 1 and 600),
    history_months smallint check (history_months between 3 and 600),
    history_cut_at timestamptz
);

comment on table school.retention is
'After how many months what is due may go; null is never.';

comment on column school.retention.history_cut_at is
'Of the organisation''s history everything before this was removed; null where nothing was.';

alter table school.retention enable row level security;
grant select (organisation_id, leavers_months, notes_months, history_months, history_cut_at) on school.retention
to dashboard_person;
grant insert (organisation_id, leavers_months, notes_months, history_months) on school.retention to dashboard_person;
grant update (leavers_months, notes_months, history_months) on school.retention to dashboard_person;

create policy managers_see_periods on school.retention
for select to dashboard_person
using (organisation_id in (select internal.my_managed_organisations()));

create policy admins_add_periods on school.retention
for insert to dashboard_person
with check ((select internal.my_role()) = 'admin');

create policy admins_change_periods on school.retention
for update to dashboard_person
using ((select internal.my_role()) = 'admin');

-- What is due at a moment, in one organisation or (null) in all. With the rights of whoever asks: what is shown to
-- people is what they may see.

-- Nobody erases themselves, whichever entry they were. (Only who is not active has left: the table checks it.)
create or replace function internal.due_leavers(organisation uuid, moment timestamptz)
returns table (organisation_id uuid, id uuid)
language sql stable
set search_path = ''
set timezone = 'UTC'
as $$
    select retention.organisation_id, student.id
    from school.retention
    join school.student on student.organisation_id = retention.organisation_id
    where (organisation is null or retention.organisation_id = organisation)
        and student.merged_into is null
        and student.left_on < (moment - make_interval(months => retention.leavers_months))::date
        and not exists (
            select
            from internal.entries_of((select internal.me())) as mine (id)
            where mine.id = student.id
        )
$$;

-- A note with its versions is as old as the last of them.
create or replace function internal.due_notes(organisation uuid, moment timestamptz)
returns table (organisation_id uuid, id uuid)
language sql stable
set search_path = ''
set timezone = 'UTC'
as $$
    select retention.organisation_id, note.note_id
    from school.retention
    join school.student on student.organisation_id = retention.organisation_id
    join dashboard.note on note.student_id = student.id
    where organisation is null or retention.organisation_id = organisation
    group by retention.organisation_id, retention.notes_months, note.note_id
    having max(note.written_at) < moment - make_interval(months => retention.notes_months)
$$;

create or replace function internal.due_history(organisation uuid, moment timestamptz)
returns table (organisation_id uuid, id bigint, at timestamptz)
language sql stable
set search_path = ''
set timezone = 'UTC'
as $$
    select retention.organisation_id, history.id, history.at
    from school.retention
    join school.student on student.organisation_id = retention.organisation_id
    join dashboard.history
        on history.student_id = student.id
        and history.at < moment - make_interval(months => retention.history_months)
    where organisation is null or retention.organisation_id = organisation
$$;

-- Before this moment something is missing in the history of students I may see, be it that it was removed or that
-- nobody recorded it; null where nothing is.
create or replace function dashboard.history_cut() returns timestamptz
language sql stable security definer
set search_path = ''
as $$
    select greatest(
        max(retention.history_cut_at),
        (select known_since from dashboard.attachment()),
        (select max(beyond)::timestamp at time zone 'UTC' from internal.dropped_month)
    )
    from school.retention
    where retention.history_cut_at is not null
        and exists (
            select
            from school.student
            where student.organisation_id = retention.organisation_id
                and case
                    when student.id <> (select internal.everybody_but()) then true
                    else student.id in (select internal.my_students())
                end
        )
$$;

grant execute on function
    internal.entries_of(uuid),
    internal.due_leavers(uuid, timestamptz),
    internal.due_notes(uuid, timestamptz),
    internal.due_history(uuid, timestamptz),
    dashboard.history_cut()
to dashboard_person;

-- Part of what was due at that moment goes, no more than is soon done; nothing is left where all counts are 0. People
-- go last: what they leave is counted as theirs.
create or replace function internal.retain(organisation uuid, moment timestamptz) returns jsonb
language plpgsql
set search_path = ''
set timezone = 'UTC'
as $$
declare
    leavers uuid[] := '{}';
    notes bigint;
    changes bigint;
    counts jsonb := '{}';
begin
    perform pg_catalog.pg_advisory_xact_lock_shared(7205759407);  -- erased.sql
    lock table dashboard.note in share row exclusive mode;
    select count(*) into notes from internal.due_notes(organisation, moment);
    insert into internal.erasing (transaction) values (pg_current_xact_id());
    delete from dashboard.note
    where note.note_id in (select due.id from internal.due_notes(organisation, moment) as due);
    changes := internal.cut_history(organisation, moment);
    delete from internal.erasing;

    if notes + changes = 0 then
        -- Who has come back meanwhile is waited for, and looked at again.
        perform
        from school.student
        where student.id in (select due.id from internal.due_leavers(organisation, moment) as due)
        for update;
        leavers := array(select due.id from internal.due_leavers(organisation, moment) as due limit 50);
    end if;
    if leavers <> '{}' then
        counts := internal.erase(
            array(select internal.entries_of(leaver) from unnest(leavers) as leaver)
        );
    end if;
    if notes + changes + cardinality(leavers) > 0 then
        insert into dashboard.erasure (author_id, counts)
        values (internal.me(), jsonb_build_object('note', notes, 'history', changes) || counts);
    end if;
    return jsonb_build_object('leavers', cardinality(leavers), 'notes', notes, 'history', changes);
end
$$;

-- The due part of the history goes, and what only it could tell. What is known stands beside the rows (facts.sql).
create or replace function internal.cut_history(organisation uuid, moment timestamptz) returns bigint
language plpgsql
set search_path = ''
set timezone = 'UTC'
as $$
declare
    changes bigint;
begin
    -- Whoever was completed when recording began had been so for long: without the entry that says so it would
    -- look like a day that is known.
    update dashboard.fact
    set completion_at = null
    from dashboard.history
    join public.student_module_progress as progress using (student_id, module_id)
    where history.id in (select due.id from internal.due_history(organisation, moment) as due)
        and history.operation = 'insert'
        and fact.student_id = history.student_id
        and fact.module_id = history.module_id
        and fact.completion_at = history.at
        and progress.completed_at is distinct from fact.completion_at;

    delete from dashboard.history
    where history.id in (
        select due.id
        from internal.due_history(organisation, moment) as due
        limit 100000
    );
    get diagnostics changes = row_count;
    if changes > 0 then
        update school.retention
        set history_cut_at = greatest(
            history_cut_at, moment - make_interval(months => retention.history_months)
        )
        where retention.organisation_id = organisation;

        delete from internal.dropped_trace
        using school.student, school.retention, dashboard.batch
        where student.id = dropped_trace.student_id
            and student.organisation_id = organisation
            and retention.organisation_id = organisation
            and batch.id = dropped_trace.batch_id
            and batch.at < retention.history_cut_at;

        update dashboard.batch
        set reason = null
        where batch.reason is not null
            and batch.at < (
                select retention.history_cut_at
                from school.retention
                where retention.organisation_id = organisation
            )
            and not exists (select from dashboard.history where history.batch_id = batch.id)
            and not exists (select from internal.dropped_trace as trace where trace.batch_id = batch.id)
            and not exists (select from dashboard.lock where lock.batch_id = batch.id);
    end if;
    return changes;
end
$$;

-- By an administrator, who saw what was due at that moment under these periods, and types the organisation's name.
create or replace function dashboard.apply_retention(
    organisation uuid, moment timestamptz, periods smallint[], confirmation text
)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
begin
    if internal.my_role() is distinct from 'admin' then
        raise exception 'only an administrator applies the periods' using errcode = 'insufficient_privilege';
    end if;
    perform
    from school.retention
    where retention.organisation_id = organisation
        and array[leavers_months, notes_months, history_months] = periods
    for update;
    if not found then
        raise exception 'the periods are others'
            using errcode = 'check_violation', constraint = 'periods_are_others';
    end if;
    perform
    from school.organisation as known
    where known.id = organisation and internal.as_typed(known.name) = internal.as_typed(confirmation);
    if not found then
        raise exception 'the name that was typed is another'
            using errcode = 'check_violation', constraint = 'retention_not_confirmed';
    end if;
    return internal.retain(organisation, least(moment, now()));
end
$$;

grant execute on function dashboard.apply_retention(uuid, timestamptz, smallint[], text) to dashboard_person;
