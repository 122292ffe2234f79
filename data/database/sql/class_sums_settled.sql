-- The sums of classes (class_sums.sql) are kept, and made again where they are wrong.

-- Counts again whom these notes meant. One at a time: by internal.settle(), and where somebody is erased.
create or replace function internal.settle_sums(students uuid[], classes uuid[]) returns void
language plpgsql
set search_path = ''
set jit = off
as $$
declare
    emptied uuid[];
begin
    with counted as materialized (
        select counted.*
        from internal.meant_by(students, classes) as meant
        cross join lateral internal.counted_parts(meant.class_id, meant.students) as counted
    ),
    was as materialized (
        select * from internal.parts_of(students, classes)
    ),
    gone as (
        delete from internal.student_part as kept
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
        insert into internal.student_part as kept
        select * from counted
        on conflict (class_id, student_id) do update set
            gains = excluded.gains,
            losses = excluded.losses,
            passed = excluded.passed,
            failed = excluded.failed,
            worked = excluded.worked,
            begun = excluded.begun,
            completed = excluded.completed
        where kept is distinct from excluded
    ),
    summand as materialized (
        select out.* from was cross join lateral internal.summands(was, -1) as out
        union all
        select now.* from counted cross join lateral internal.summands(counted, 1) as now
    ),
    days as (
        insert into internal.class_day as known
        select class_id, day, sum(completions), sum(active)
        from summand
        where day is not null
        group by class_id, day
        having (sum(completions), sum(active)) <> (0, 0)
        on conflict (class_id, day) do update set
            completions = known.completions + excluded.completions,
            active = known.active + excluded.active
        returning known.class_id, (known.completions, known.active) = (0, 0) as is_empty
    ),
    scores as (
        insert into internal.class_score as known
        select class_id, module_id, sum(passed), sum(failed), sum(begun), sum(completed)
        from summand
        where module_id is not null
        group by class_id, module_id
        having (sum(passed), sum(failed), sum(begun), sum(completed)) <> (0, 0, 0, 0)
        on conflict (class_id, module_id) do update set
            passed = known.passed + excluded.passed,
            failed = known.failed + excluded.failed,
            begun = known.begun + excluded.begun,
            completed = known.completed + excluded.completed
        returning
            known.class_id,
            (known.passed, known.failed, known.begun, known.completed) = (0, 0, 0, 0) as is_empty
    )
    select array_agg(class_id)
    into emptied
    from (select * from days union select * from scores) as known
    where is_empty;

    delete from internal.class_day where class_id = any (emptied) and (completions, active) = (0, 0);
    delete from internal.class_score
    where class_id = any (emptied) and (passed, failed, begun, completed) = (0, 0, 0, 0);
end
$$;

-- Counts everybody; of a class that stands there otherwise everything is forgotten, and counted whenever it is read
-- until it is settled.
create or replace function internal.note_wrong_sums() returns integer
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
        select class_id
        from (
            select counted.*
            from (
                select class_student.class_id, array_agg(class_student.student_id) as students
                from school.class_student
                group by class_student.class_id
            ) as class
            cross join lateral internal.counted_parts(class.class_id, class.students) as counted
        ) as counted
        full join internal.student_part as kept using (class_id, student_id)
        where (
                counted.gains, counted.losses, counted.passed, counted.failed, counted.worked, counted.begun,
                counted.completed
            ) is distinct from (
                kept.gains, kept.losses, kept.passed, kept.failed, kept.worked, kept.begun, kept.completed
            )
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
            select
                class_id, day, null::uuid as module_id, completions, active, 0 as passed, 0 as failed, 0 as begun,
                0 as completed
            from internal.class_day
            union all
            select class_id, null, module_id, 0, 0, passed, failed, begun, completed
            from internal.class_score
            union all
            select summand.*
            from internal.student_part
            cross join lateral internal.summands(student_part, -1) as summand
        ) as each
        group by class_id, day, module_id
        having (sum(completions), sum(active), sum(passed), sum(failed), sum(begun), sum(completed))
            <> (0, 0, 0, 0, 0, 0)
    );
    delete from internal.student_part where class_id = any (wrong);
    delete from internal.class_day where class_id = any (wrong);
    delete from internal.class_score where class_id = any (wrong);
    insert into internal.unsettled (class_id)
    select unnest(wrong);
    return cardinality(wrong);
end
$$;
