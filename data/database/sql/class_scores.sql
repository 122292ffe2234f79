-- How many students of a class have a score in each of its modules, at its pass mark or above, and below: counted once and
-- kept, and no longer sure by the same notes as how students stand (standings.sql). What pages ask of whole schools adds
-- these up, and not every fact.

create table internal.class_score (
    class_id uuid not null,
    module_id uuid not null,
    passed integer not null,
    failed integer not null,
    primary key (class_id, module_id)
);

alter table internal.class_score enable row level security;

create table internal.student_scores (
    class_id uuid not null,
    student_id uuid not null,
    passed uuid[] not null,
    failed uuid[] not null,
    primary key (class_id, student_id)
);

comment on table internal.student_scores is
'What of internal.class_score is whose, as modules: it is taken out again where it is no longer sure.';

create index student_scores_student_id on internal.student_scores (student_id);

alter table internal.student_scores enable row level security;

-- In which modules of the class these students have a score that can be judged: at the pass mark or above, and below.
create or replace function internal.counted_scores(class uuid, students uuid[])
returns table (student_id uuid, passed uuid[], failed uuid[])
language sql stable
as $$
    select one.id, row.*
    from unnest(students) as one (id)
    cross join lateral (
        select
            coalesce(array_agg(fact.module_id order by fact.module_id) filter (where not fact.is_failed), '{}'),
            coalesce(array_agg(fact.module_id order by fact.module_id) filter (where fact.is_failed), '{}')
        from (
            select known.module_id, dashboard.is_failed(known.shown_score, wanted.pass_mark) as is_failed
            from (
                select *
                from dashboard.fact
                where fact.student_id = one.id and fact.shown_score between 0 and 100
                offset 0
            ) as known
            join (
                select module.id, module.pass_mark
                from school.class_module
                join school.module on module.id = class_module.module_id
                where class_module.class_id = class
                offset 0
            ) as wanted on wanted.id = known.module_id
        ) as fact
    ) as row
    -- As in internal.counted().
    offset 0
$$;

-- What was counted of whom these notes mean, whether they are in the class still or not.
create or replace function internal.scores_of(students uuid[], classes uuid[]) returns setof internal.student_scores
language sql stable rows 100
set search_path = ''
as $$
    select kept.*
    from unnest(students) as noted (id)
    join internal.student_scores as kept on kept.student_id = noted.id
    union
    select kept.*
    from unnest(classes) as noted (id)
    join internal.student_scores as kept on kept.class_id = noted.id
$$;

-- How my classes' scores are otherwise than they were settled; of a guest as in internal.class_days_since_settled().
create or replace function internal.class_scores_since_settled()
returns table (class_id uuid, module_id uuid, passed integer, failed integer)
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
        cross join lateral internal.scores_of(noted.students, noted.classes) as kept
        union
        select kept.*
        from guest
        join internal.student_scores as kept using (class_id, student_id)
    ),
    counted as (
        select meant.class_id, counted.*
        from noted
        cross join lateral internal.meant_by(noted.students, noted.classes) as meant
        cross join lateral internal.counted_scores(meant.class_id, meant.students) as counted
        where meant.class_id in (select my_class.id from my_class)
            and not exists (
                select
                from guest
                where guest.class_id = meant.class_id and guest.student_id = counted.student_id
            )
    )
    select score.*
    from (
        select taken_out.class_id, unnest(taken_out.passed) as module_id, -1 as passed, 0 as failed from taken_out
        union all
        select taken_out.class_id, unnest(taken_out.failed), 0, -1 from taken_out
        union all
        select counted.class_id, unnest(counted.passed), 1, 0 from counted
        union all
        select counted.class_id, unnest(counted.failed), 0, 1 from counted
    ) as score
    where score.class_id in (select my_class.id from my_class)
$$;

-- Of the classes I staff; several rows of a class's module are to be added up.
create or replace view dashboard.class_score with (security_barrier) as
with my_class as materialized (select internal.my_staffed_classes() as id)
select class_id, module_id, passed, failed
from internal.class_score
where class_id in (select id from my_class)
union all
select class_id, module_id, passed, failed
from internal.class_scores_since_settled();

grant execute on function internal.class_scores_since_settled() to dashboard_person;
grant select on dashboard.class_score to dashboard_person;

-- Counts again whom these notes meant. One at a time: by internal.settle(), and where somebody is erased.
create or replace function internal.settle_scores(students uuid[], classes uuid[]) returns void
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
        cross join lateral internal.counted_scores(meant.class_id, meant.students) as counted
        where (counted.passed, counted.failed) <> ('{}', '{}')
    ),
    was as materialized (
        select * from internal.scores_of(students, classes)
    ),
    gone as (
        delete from internal.student_scores as kept
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
        insert into internal.student_scores as kept
        select * from counted
        on conflict (class_id, student_id) do update set passed = excluded.passed, failed = excluded.failed
        where kept is distinct from excluded
    ),
    settled as (
        insert into internal.class_score as known
        select score.class_id, score.module_id, sum(score.passed), sum(score.failed)
        from (
            select class_id, unnest(passed) as module_id, 1 as passed, 0 as failed from counted
            union all
            select class_id, unnest(failed), 0, 1 from counted
            union all
            select class_id, unnest(passed), -1, 0 from was
            union all
            select class_id, unnest(failed), 0, -1 from was
        ) as score
        group by score.class_id, score.module_id
        having (sum(score.passed), sum(score.failed)) <> (0, 0)
        on conflict (class_id, module_id) do update set
            passed = known.passed + excluded.passed,
            failed = known.failed + excluded.failed
        returning known.class_id, known.passed, known.failed
    )
    select array_agg(distinct class_id) into emptied from settled where (passed, failed) = (0, 0);

    delete from internal.class_score where class_id = any (emptied) and (passed, failed) = (0, 0);
end
$$;

-- Counts everybody; of a class that stands there otherwise everything is forgotten, as by internal.note_wrong_days().
create or replace function internal.note_wrong_scores() returns integer
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
            cross join lateral internal.counted_scores(class.class_id, class.students) as counted
            where (counted.passed, counted.failed) <> ('{}', '{}')
        ) as counted
        full join internal.student_scores as kept using (class_id, student_id)
        where (counted.passed, counted.failed) is distinct from (kept.passed, kept.failed)
            and not exists (
                select
                from internal.unsettled
                left join school.class_module on class_module.module_id = unsettled.module_id
                where unsettled.student_id = coalesce(counted.student_id, kept.student_id)
                    or coalesce(counted.class_id, kept.class_id) in (unsettled.class_id, class_module.class_id)
            )
        union
        select class_id
        from (
            select class_id, module_id, passed, failed from internal.class_score
            union all
            select class_id, unnest(passed), -1, 0 from internal.student_scores
            union all
            select class_id, unnest(failed), 0, -1 from internal.student_scores
        ) as score
        group by class_id, module_id
        having (sum(passed), sum(failed)) <> (0, 0)
    );
    delete from internal.student_scores where class_id = any (wrong);
    delete from internal.class_score where class_id = any (wrong);
    insert into internal.unsettled (class_id)
    select unnest(wrong);
    return cardinality(wrong);
end
$$;
