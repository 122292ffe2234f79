-- In which weeks students worked on their modules, as far as the history tells: noted when it is written. A platform may
-- write every second, and what is asked of thousands of students would read all of that.

create table internal.worked_week (
    student_id uuid not null,
    monday date not null,
    module_id uuid not null,
    primary key (student_id, monday, module_id)
);

comment on table internal.worked_week is
'A week, by UTC''s days, in which a change of the student''s own is on record, or one of the platform''s that nothing else
explains (activity.sql). What came in late, older than its week, is none.';

create index worked_week_of_module on internal.worked_week (module_id, monday, student_id);

alter table internal.worked_week enable row level security;

-- In which week a change says that they did, if it does.
create or replace function internal.worked_week_of(change dashboard.history) returns date
language sql stable
return case
    when change.source in ('student', 'platform')
        and coalesce(internal.own_change_in(change), internal.unexplained_change_in(change))
            >= date_trunc('week', change.at, 'UTC')
    then (date_trunc('week', change.at, 'UTC') at time zone 'UTC')::date
end;

-- Of what is removed from the history, nothing is left; of a week what is still on record.
create or replace function internal.note_worked_weeks() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    if tg_op = 'INSERT' then
        with came as (
            insert into internal.worked_week (student_id, monday, module_id)
            select distinct student_id, internal.worked_week_of(new_rows::dashboard.history), module_id
            from new_rows
            where internal.worked_week_of(new_rows::dashboard.history) is not null
            -- In one order, so that nobody waits for somebody who waits for them.
            order by 1, 2, 3
            on conflict do nothing
            returning student_id
        )
        insert into internal.unsettled (student_id)
        select distinct student_id
        from came;
        return null;
    end if;
    with gone as (
        select distinct student_id, module_id, internal.worked_week_of(old_rows::dashboard.history) as monday
        from old_rows
    ),
    went as (
        delete from internal.worked_week as known
        using gone
        where (known.student_id, known.monday, known.module_id) = (gone.student_id, gone.monday, gone.module_id)
            and not exists (
                select
                from dashboard.history
                where history.student_id = gone.student_id
                    and history.at >= gone.monday::timestamp at time zone 'UTC'
                    and history.at < (gone.monday + 7)::timestamp at time zone 'UTC'
                    and history.module_id = gone.module_id
                    and internal.worked_week_of(history) is not null
            )
        returning known.student_id
    )
    insert into internal.unsettled (student_id)
    select distinct student_id
    from went;
    return null;
end
$$;

create or replace trigger worked_weeks_of_inserts
after insert on dashboard.history
referencing new table as new_rows
for each statement execute function internal.note_worked_weeks();

create or replace trigger worked_weeks_of_deletes
after delete on dashboard.history
referencing old table as old_rows
for each statement execute function internal.note_worked_weeks();
