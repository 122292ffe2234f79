-- When each flag was first seen, when it was gone, and whether the student moved. Flags come and go by the clock alone
-- (attention.sql): what nobody wrote down then cannot be told later. What became of them: rule_scores.sql.

create table internal.flag_record (
    class_id uuid not null,
    student_id uuid not null,
    rule text not null,
    raised_at timestamptz not null,
    unseen_at timestamptz,
    gone_at timestamptz,
    has_left boolean not null default false,
    moved_at timestamptz,
    has_new_figures boolean not null default false,
    primary key (class_id, student_id, rule, raised_at)
);

comment on table internal.flag_record is
'That a rule held of a student in a class, whatever staff responded: from one moment at which that was looked at to
another. One that is gone and is there again within 24 hours was there all the time.';

comment on column internal.flag_record.unseen_at is
'When it was looked at last before, and there was no such flag; null where nobody had looked.';

comment on column internal.flag_record.has_left is
'It is gone with the student: out of the class, not active any more, among the staff; or the class was archived.';

comment on column internal.flag_record.has_new_figures is
'Since it was last looked at, a figure of the rule was changed for the class or its organisation, or holidays were: that it
is gone tells nothing of the student.';

comment on column internal.flag_record.moved_at is
'When a module of the class first came further after that, by others than staff; null where none did in two weeks.';

create unique index flag_record_open on internal.flag_record (class_id, student_id, rule) where gone_at is null;
create index flag_record_student_id on internal.flag_record (student_id);

alter table internal.flag_record enable row level security;

create table internal.flags_recorded (
    began_at timestamptz not null,
    recorded_at timestamptz not null,
    longest_gap interval not null default '0',
    is_only boolean primary key default true check (is_only)
);

comment on table internal.flags_recorded is
'Since when flags are recorded, when they last were, and for how long nobody did between: one row.';

alter table internal.flags_recorded enable row level security;

-- When a module of a class first came further in the two weeks after a moment, by others than staff. Where no trigger of
-- ours is on the progress table, the history tells only what staff saved: the facts tell it, as far as they know.
create or replace function internal.moved_at(class uuid, student uuid, since timestamptz) returns timestamptz
language sql stable
set search_path = ''
as $$
    select min(step.at)
    from (
        (
            select history.at
            from dashboard.history
            where history.student_id = student
                and history.at > since
                and history.at <= since + interval '336 hours'
                and history.source in ('student', 'platform')
                and internal.progress_in(history) > since
                and exists (
                    select
                    from school.class_module
                    where class_module.class_id = class and class_module.module_id = history.module_id
                )
            order by history.at
            limit 1
        )
        union all
        select fact.progressed_at
        from dashboard.fact
        where to_regclass('internal.without_triggers') is not null
            and fact.student_id = student
            and fact.progressed_at > since
            and fact.progressed_at <= since + interval '336 hours'
            and not fact.edited_by_staff
            and exists (
                select
                from school.class_module
                where class_module.class_id = class and class_module.module_id = fact.module_id
            )
    ) as step (at)
$$;

-- Compares what is flagged with what is recorded, where that was done longer ago than `pause`; tells whether it was done.
-- One at a time: whoever comes meanwhile has nothing to do. Guests count, as they do for the class's teachers. What a
-- changed figure newly raises is a flag like others, of when it was first seen: from then on it is told to staff.
create or replace function internal.record_flags(pause interval) returns boolean
language plpgsql
set search_path = ''
set jit = off
set work_mem = '64MB'
as $$
declare
    moment timestamptz := now();
    last timestamptz;
begin
    if current_setting('transaction_read_only') = 'on'
        or not pg_catalog.pg_try_advisory_xact_lock(7205759406)
    then
        return false;
    end if;
    select flags_recorded.recorded_at into last from internal.flags_recorded;
    if last > moment - pause then
        return false;
    end if;

    -- What was noted, and what holds no more, is worked out once.
    perform internal.settle(5000);
    delete from internal.flag_record
    where not exists (select from school.class where class.id = flag_record.class_id);

    -- Sets are compared as sets: how many flags there are, no plan knows before.
    with flag as materialized (
        select known.class_id, known.student_id, known.rule
        from internal.known_flags(array(select class.id from school.class), moment, true) as known
    ),
    lost as materialized (
        select known.class_id, known.student_id, known.rule
        from internal.flag_record as known
        where known.gone_at is null
        except
        select flag.class_id, flag.student_id, flag.rule
        from flag
    ),
    -- Of which rules the figures changed; a minute more, for what was written then and could not be read yet.
    changed as materialized (
        select class.id as class_id, figure.rule
        from (
            select change.organisation_id, change.class_id, known.figure
            from dashboard.attention_change as change
            join internal.attention_figures() as known
                on starts_with(change.figure, known.figure)
                -- Whoever is inactive is not stalled.
                or change.figure = 'inactive_days' and known.figure = 'stalled'
            where change.at > last - interval '1 minute'
            union
            select holiday.organisation_id, null, rule.name
            from dashboard.holiday
            cross join unnest(array['inactive', 'stalled']) as rule (name)
            where greatest(holiday.at, holiday.removed_at) > last - interval '1 minute'
        ) as figure (organisation_id, class_id, rule)
        join school.class
            on class.id = figure.class_id
            or class.organisation_id = figure.organisation_id
    ),
    gone as (
        update internal.flag_record as record
        set gone_at = moment,
            has_new_figures = (record.class_id, record.rule) in (
                select changed.class_id, changed.rule
                from changed
            ),
            has_left = not exists (
                select
                from school.class_student
                join school.class on class.id = class_student.class_id and class.archived_at is null
                join school.student on student.id = class_student.student_id and student.is_active
                left join school.staff on staff.id = student.id and staff.is_active
                where class_student.class_id = record.class_id
                    and class_student.student_id = record.student_id
                    and staff.id is null
            )
        from lost
        where record.gone_at is null
            and record.class_id = lost.class_id
            and record.student_id = lost.student_id
            and record.rule = lost.rule
    ),
    back as materialized (
        select known.class_id, known.student_id, known.rule
        from internal.flag_record as known
        where known.gone_at > moment - interval '24 hours'
        intersect
        select flag.class_id, flag.student_id, flag.rule
        from flag
    ),
    returned as (
        update internal.flag_record as record
        set gone_at = null, has_left = false, has_new_figures = false
        from back
        where record.gone_at > moment - interval '24 hours'
            and record.class_id = back.class_id
            and record.student_id = back.student_id
            and record.rule = back.rule
    )
    insert into internal.flag_record (class_id, student_id, rule, raised_at, unseen_at)
    select fresh.class_id, fresh.student_id, fresh.rule, moment, last
    from (
        select flag.class_id, flag.student_id, flag.rule
        from flag
        except
        (
            select known.class_id, known.student_id, known.rule
            from internal.flag_record as known
            where known.gone_at is null
            union all
            select back.class_id, back.student_id, back.rule
            from back
        )
    ) as fresh;

    -- Of whoever came further since; an hour more, for what was written then and could not be read yet.
    update internal.flag_record as record
    set moved_at = moved.at
    from (
        select known.class_id, known.student_id, known.rule, known.raised_at, step.at
        from internal.flag_record as known
        cross join lateral internal.moved_at(known.class_id, known.student_id, known.raised_at) as step (at)
        where known.moved_at is null
            and known.raised_at > last - interval '337 hours'
            and step.at is not null
            and (
                known.student_id in (
                    select history.student_id
                    from dashboard.history
                    where history.at > last - interval '1 hour'
                        and history.source in ('student', 'platform')
                        and internal.progress_in(history) is not null
                )
                or to_regclass('internal.without_triggers') is not null
            )
    ) as moved
    where record.class_id = moved.class_id
        and record.student_id = moved.student_id
        and record.rule = moved.rule
        and record.raised_at = moved.raised_at;

    insert into internal.flags_recorded as known (began_at, recorded_at)
    values (moment, moment)
    on conflict (is_only) do update set
        recorded_at = excluded.recorded_at,
        longest_gap = greatest(known.longest_gap, excluded.recorded_at - known.recorded_at);
    return true;
end
$$;

-- By the app itself, as often as it likes: it is done once an hour. (Any write has all pages read anew.)
create or replace function dashboard.record_flags() returns boolean
language plpgsql security definer
set search_path = ''
as $$
begin
    return internal.is_guest()
        and not exists (
            select
            from internal.flags_recorded
            where flags_recorded.recorded_at > now() - interval '1 hour'
        )
        and internal.record_flags(interval '1 hour');
end
$$;

grant execute on function dashboard.record_flags() to dashboard_guest;
