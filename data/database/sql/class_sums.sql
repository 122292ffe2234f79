-- What pages ask of whole schools, as sums of each class: when its cells became completed, day by day, and how many of its
-- students worked, week by week; and how many of them have begun each module and not completed it, have completed it, and
-- have a score in it, at its pass mark or above, and below. Counted once and kept, and no longer
-- sure by the same notes as how students stand (standings.sql). Pages add these up, and not every fact.

-- A day is one of UTC's, whoever asks. With a Monday are those who were active in its week.
create table internal.class_day (
    class_id uuid not null,
    day date not null,
    completions integer not null,
    active integer not null,
    primary key (class_id, day) include (completions, active)
);

alter table internal.class_day enable row level security;

create table internal.class_score (
    class_id uuid not null,
    module_id uuid not null,
    passed integer not null,
    failed integer not null,
    begun integer not null,
    completed integer not null,
    primary key (class_id, module_id)
);

alter table internal.class_score enable row level security;

create table internal.student_part (
    class_id uuid not null,
    student_id uuid not null,
    gains date[] not null,
    losses date[] not null,
    passed uuid[] not null,
    failed uuid[] not null,
    worked date[] not null,
    begun uuid[] not null,
    completed uuid[] not null,
    primary key (class_id, student_id)
);

comment on table internal.student_part is
'What of the sums is whose, where it is anything: days of internal.class_day (worked: Mondays), modules of
internal.class_score (begun: not completed). It is taken out again where it is no longer sure.';

create index student_part_student_id on internal.student_part (student_id);

alter table internal.student_part enable row level security;

-- On which days these students of a class completed its modules, and ceased to have; in which of them they have a score
-- that can be judged: at the pass mark or above, and below; in which weeks they worked, in whichever module; and which of
-- them they have begun alone, and which completed.
create or replace function internal.counted_parts(class uuid, students uuid[]) returns setof internal.student_part
language sql stable
as $$
    select class, one.id, row.*
    from unnest(students) as one (id)
    cross join lateral (
        select
            coalesce(array_agg(told.day order by told.day) filter (where told.change > 0), '{}') as gains,
            coalesce(array_agg(told.day order by told.day) filter (where told.change < 0), '{}') as losses,
            coalesce(array_agg(told.id order by told.id) filter (where not told.is_failed), '{}') as passed,
            coalesce(array_agg(told.id order by told.id) filter (where told.is_failed), '{}') as failed,
            coalesce(
                (
                    select array_agg(distinct worked_week.monday order by worked_week.monday)
                    from internal.worked_week
                    where worked_week.student_id = one.id
                ),
                '{}'
            ) as worked,
            coalesce(array_agg(told.id order by told.id) filter (where not told.is_completed), '{}') as begun,
            coalesce(array_agg(told.id order by told.id) filter (where told.is_completed), '{}') as completed
        from (
            select
                wanted.id, known.day, known.change, known.is_completed,
                dashboard.is_failed(known.score, wanted.pass_mark) as is_failed
            from (
                select
                    completion.module_id, (at at time zone 'UTC')::date as day, change, null::numeric as score,
                    null::boolean as is_completed
                from internal.completion
                where completion.student_id = one.id
                union all
                select
                    fact.module_id, null, null, case when fact.shown_score between 0 and 100 then fact.shown_score end,
                    case when fact.status <> 'NotStarted' then fact.status = 'Completed' end
                from dashboard.fact
                where fact.student_id = one.id
                offset 0
            ) as known
            join (
                select module.id, module.pass_mark
                from school.class_module
                join school.module on module.id = class_module.module_id
                where class_module.class_id = class
                offset 0
            ) as wanted on wanted.id = known.module_id
        ) as told
    ) as row
    where (row.gains, row.losses, row.passed, row.failed, row.worked, row.begun, row.completed)
        <> ('{}', '{}', '{}', '{}', '{}', '{}', '{}')
    -- As in internal.counted().
    offset 0
$$;

-- What was counted of whom these notes mean, whether they are in the class still or not.
create or replace function internal.parts_of(students uuid[], classes uuid[]) returns setof internal.student_part
language sql stable rows 100
set search_path = ''
as $$
    select kept.*
    from unnest(students) as noted (id)
    join internal.student_part as kept on kept.student_id = noted.id
    union
    select kept.*
    from unnest(classes) as noted (id)
    join internal.student_part as kept on kept.class_id = noted.id
$$;

-- What somebody's part adds to the sums; with -1 as `sign`, what is taken out.
create or replace function internal.summands(part internal.student_part, sign integer)
returns table (
    class_id uuid, day date, module_id uuid, completions integer, active integer, passed integer, failed integer,
    begun integer, completed integer
)
language sql immutable rows 100
as $$
    select part.class_id, day, null::uuid, sign, 0, 0, 0, 0, 0 from unnest(part.gains) as day
    union all
    select part.class_id, day, null, -sign, 0, 0, 0, 0, 0 from unnest(part.losses) as day
    union all
    select part.class_id, day, null, 0, sign, 0, 0, 0, 0 from unnest(part.worked) as day
    union all
    select part.class_id, null, id, 0, 0, sign, 0, 0, 0 from unnest(part.passed) as id
    union all
    select part.class_id, null, id, 0, 0, 0, sign, 0, 0 from unnest(part.failed) as id
    union all
    select part.class_id, null, id, 0, 0, 0, 0, sign, 0 from unnest(part.begun) as id
    union all
    select part.class_id, null, id, 0, 0, 0, 0, 0, sign from unnest(part.completed) as id
    -- The fence without which PostgreSQL 18 could not plan some of what asks.
    offset 0
$$;

-- How my classes' sums are otherwise than they were settled: what was counted of whoever is noted is taken out, and
-- counted now; a guest from another organisation is for the class's teachers and for admins, as in internal.my_students().
create or replace function internal.sums_since_settled()
returns table (
    class_id uuid, day date, module_id uuid, completions integer, active integer, passed integer, failed integer,
    begun integer, completed integer
)
language sql stable security definer rows 1000
set search_path = ''
set jit = off
as $$
    with my_class as materialized (select internal.my_staffed_classes() as id),
    noted as materialized (
        select
            array(select distinct student_id from internal.unsettled where student_id is not null) as students,
            array(
                select unsettled.class_id
                from internal.unsettled
                where unsettled.class_id in (select my_class.id from my_class)
                union
                select class_module.class_id
                from internal.unsettled
                join school.class_module on class_module.module_id = unsettled.module_id
                where class_module.class_id in (select my_class.id from my_class)
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
        cross join lateral internal.parts_of(noted.students, noted.classes) as kept
        union
        select kept.*
        from guest
        join internal.student_part as kept using (class_id, student_id)
    ),
    counted as (
        select counted.*
        from noted
        cross join lateral internal.meant_by(noted.students, noted.classes) as meant
        cross join lateral internal.counted_parts(meant.class_id, meant.students) as counted
        where meant.class_id in (select my_class.id from my_class)
            and not exists (
                select
                from guest
                where guest.class_id = counted.class_id and guest.student_id = counted.student_id
            )
    )
    select summand.*
    from (
        select out.* from taken_out cross join lateral internal.summands(taken_out, -1) as out
        union all
        select now.* from counted cross join lateral internal.summands(counted, 1) as now
    ) as summand
    where summand.class_id in (select my_class.id from my_class)
$$;

-- Both of the classes I staff; several rows of a class's day or module are to be added up.
create or replace view dashboard.class_completion with (security_barrier) as
with my_class as materialized (select internal.my_staffed_classes() as id)
select class_id, day, completions, active
from internal.class_day
where class_id in (select id from my_class)
union all
select class_id, day, completions, active
from internal.sums_since_settled()
where day is not null;

create or replace view dashboard.class_score with (security_barrier) as
with my_class as materialized (select internal.my_staffed_classes() as id)
select class_id, module_id, passed, failed, begun, completed
from internal.class_score
where class_id in (select id from my_class)
union all
select class_id, module_id, passed, failed, begun, completed
from internal.sums_since_settled()
where module_id is not null;

grant execute on function internal.sums_since_settled() to dashboard_person;
grant select on dashboard.class_completion, dashboard.class_score to dashboard_person;
