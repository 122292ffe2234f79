-- When cells of classes became completed, day by day: counted once and kept, and no longer sure by the same notes as how
-- students stand (standings.sql). What pages ask of whole schools adds up days, and not every completion. A day is one of
-- UTC's, whoever asks.

create table internal.class_day (
    class_id uuid not null,
    day date not null,
    completions integer not null,
    primary key (class_id, day) include (completions)
);

alter table internal.class_day enable row level security;

create table internal.student_days (
    class_id uuid not null,
    student_id uuid not null,
    gains date[] not null,
    losses date[] not null,
    primary key (class_id, student_id)
);

comment on table internal.student_days is
'What of internal.class_day is whose: it is taken out again where it is no longer sure.';

create index student_days_student_id on internal.student_days (student_id);

alter table internal.student_days enable row level security;

-- On which days these students of a class completed its modules, and ceased to have.
create or replace function internal.counted_days(class uuid, students uuid[])
returns table (student_id uuid, gains date[], losses date[])
language sql stable
as $$
    select one.id, row.*
    from unnest(students) as one (id)
    cross join lateral (
        select
            coalesce(array_agg(event.day order by event.day) filter (where event.change > 0), '{}'),
            coalesce(array_agg(event.day order by event.day) filter (where event.change < 0), '{}')
        from (
            select completion.module_id, (completion.at at time zone 'UTC')::date as day, completion.change
            from internal.completion
            where completion.student_id = one.id
            offset 0
        ) as event
        join (
            select class_module.module_id
            from school.class_module
            where class_module.class_id = class
            offset 0
        ) as wanted on wanted.module_id = event.module_id
    ) as row
    -- As in internal.counted().
    offset 0
$$;

-- What was counted of whom these notes mean, whether they are in the class still or not.
create or replace function internal.days_of(students uuid[], classes uuid[]) returns setof internal.student_days
language sql stable rows 100
set search_path = ''
as $$
    select kept.*
    from unnest(students) as noted (id)
    join internal.student_days as kept on kept.student_id = noted.id
    union
    select kept.*
    from unnest(classes) as noted (id)
    join internal.student_days as kept on kept.class_id = noted.id
$$;

-- How my classes' days are otherwise than they were settled: what was counted of whoever is noted is taken out, and
-- counted now; a guest from another organisation is for the class's teachers and for admins, as in internal.my_students().
create or replace function internal.class_days_since_settled()
returns table (class_id uuid, day date, completions integer)
language sql stable security definer rows 1000
set search_path = ''
set jit = off
as $$
    with my_class as materialized (select internal.my_staffed_classes() as id),
    noted as materialized (
        select
            array(select distinct student_id from internal.unsettled where student_id is not null) as students,
            array(
                select distinct unsettled.class_id
                from internal.unsettled
                where unsettled.class_id in (select my_class.id from my_class)
            ) as classes
    ),
    guest as materialized (
        select class_student.class_id, class_student.student_id
        from school.class
        join school.class_student on class_student.class_id = class.id
        join school.student on student.id = class_student.student_id
        where not (select internal.sees_guests())
            and class.id in (select my_class.id from my_class)
            and student.organisation_id is distinct from class.organisation_id
    ),
    taken_out as (
        select kept.*
        from noted
        cross join lateral internal.days_of(noted.students, noted.classes) as kept
        union
        select kept.*
        from guest
        join internal.student_days as kept using (class_id, student_id)
    ),
    counted as (
        select meant.class_id, counted.*
        from noted
        cross join lateral internal.meant_by(noted.students, noted.classes) as meant
        cross join lateral internal.counted_days(meant.class_id, meant.students) as counted
        where meant.class_id in (select my_class.id from my_class)
            and not exists (
                select
                from guest
                where guest.class_id = meant.class_id and guest.student_id = counted.student_id
            )
    )
    select event.class_id, event.day, event.change
    from (
        select taken_out.class_id, unnest(gains) as day, -1 as change from taken_out
        union all
        select taken_out.class_id, unnest(losses), 1 from taken_out
        union all
        select counted.class_id, unnest(gains), 1 from counted
        union all
        select counted.class_id, unnest(losses), -1 from counted
    ) as event
    where event.class_id in (select my_class.id from my_class)
$$;

-- Of the cells of the classes I staff; several rows of a day are to be added up.
create or replace view dashboard.class_completion with (security_barrier) as
with my_class as materialized (select internal.my_staffed_classes() as id)
select class_id, day, completions
from internal.class_day
where class_id in (select id from my_class)
union all
select class_id, day, completions
from internal.class_days_since_settled();

grant execute on function internal.class_days_since_settled() to dashboard_person;
grant select on dashboard.class_completion to dashboard_person;

-- Counts again whom these notes meant. One at a time: by internal.settle(), and where somebody is erased.
create or replace function internal.settle_days(students uuid[], classes uuid[]) returns void
language plpgsql
set search_path = ''
set jit = off
as $$
declare
    emptied uuid[];
begin
    with counted as materialized (
        select meant.class_id, counted.*
        from internal.meant_by(students, classes) as meant
        cross join lateral internal.counted_days(meant.class_id, meant.students) as counted
        where (counted.gains, counted.losses) <> ('{}', '{}')
    ),
    was as materialized (
        select * from internal.days_of(students, classes)
    ),
    gone as (
        delete from internal.student_days as kept
        using was
        where kept.class_id = was.class_id
            and kept.student_id = was.student_id
            and not exists (
                select
                from counted
                where counted.class_id = was.class_id and counted.student_id = was.student_id
            )
    ),
    came as (
        insert into internal.student_days as kept
        select * from counted
        on conflict (class_id, student_id) do update set gains = excluded.gains, losses = excluded.losses
        where kept is distinct from excluded
    ),
    settled as (
        insert into internal.class_day as known
        select event.class_id, event.day, sum(event.change)
        from (
            select class_id, unnest(gains) as day, 1 as change from counted
            union all
            select class_id, unnest(losses), -1 from counted
            union all
            select class_id, unnest(gains), -1 from was
            union all
            select class_id, unnest(losses), 1 from was
        ) as event
        group by event.class_id, event.day
        having sum(event.change) <> 0
        on conflict (class_id, day) do update set completions = known.completions + excluded.completions
        returning known.class_id, known.completions
    )
    select array_agg(distinct class_id) into emptied from settled where completions = 0;

    delete from internal.class_day where class_id = any (emptied) and completions = 0;
end
$$;

-- Counts everybody; of a class that stands there otherwise everything is forgotten, and counted whenever it is read
-- until it is settled.
create or replace function internal.note_wrong_days() returns integer
language plpgsql
set search_path = ''
set jit = off
as $$
declare
    wrong uuid[];
begin
    -- Nobody settles meanwhile.
    perform pg_catalog.pg_advisory_xact_lock(7205759404);
    wrong := array(
        select coalesce(counted.class_id, kept.class_id)
        from (
            select class.class_id, counted.*
            from (
                select class_student.class_id, array_agg(class_student.student_id) as students
                from school.class_student
                group by class_student.class_id
            ) as class
            cross join lateral internal.counted_days(class.class_id, class.students) as counted
            where (gains, losses) <> ('{}', '{}')
        ) as counted
        full join internal.student_days as kept using (class_id, student_id)
        where (counted.gains, counted.losses) is distinct from (kept.gains, kept.losses)
            and not exists (
                select
                from internal.unsettled
                where unsettled.student_id = coalesce(counted.student_id, kept.student_id)
                    or unsettled.class_id = coalesce(counted.class_id, kept.class_id)
            )
        union
        select class_id
        from (
            select class_id, day, completions from internal.class_day
            union all
            select class_id, unnest(gains), -1 from internal.student_days
            union all
            select class_id, unnest(losses), 1 from internal.student_days
        ) as event
        group by class_id, day
        having sum(completions) <> 0
    );
    delete from internal.student_days where class_id = any (wrong);
    delete from internal.class_day where class_id = any (wrong);
    insert into internal.unsettled (class_id)
    select unnest(wrong);
    return cardinality(wrong);
end
$$;
