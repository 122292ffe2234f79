-- Classes: their cells, how they stand, and who in them needs attention, for the class page and the overview.

-- Every cell of the classes I staff, missing rows included. It asks once for my classes, where the policies
-- would ask for all my students: a class page costs the same in a school of any size. A guest from another
-- organisation is for the class's teachers and for admins, as in internal.my_students(). Who is staff and student of
-- one class sees the own cells in it, but not what of them is locked. Who is stuck, the attempts say to whoever knows
-- the class's figures.
create or replace view dashboard.class_cell with (security_barrier) as
with my_class as materialized (select internal.my_staffed_classes() as id)
select
    class_student.class_id,
    class_student.student_id,
    student.full_name,
    class_module.module_id,
    fact.status,
    fact.shown_score,
    fact.last_activity,
    fact.last_change,
    fact.unexplained_change,
    fact.attempts,
    dashboard.cell_with_marks(
        fact.cell, fact.is_locked and student.id <> (select internal.me()), false, false
    ) as cell
from school.class
join school.class_student on class_student.class_id = class.id
join school.student on student.id = class_student.student_id
join school.class_module on class_module.class_id = class_student.class_id
left join dashboard.fact
    on fact.student_id = class_student.student_id
    and fact.module_id = class_module.module_id
where class_student.class_id in (select id from my_class)
    and (
        student.organisation_id = class.organisation_id
        or (select internal.sees_guests())
    );

grant select on dashboard.class_cell to dashboard_person;

-- The class page and the overview, answered student by student: reading each student's few facts by index and
-- adding them up there takes a quarter of what joining, sorting and grouping all cells at once takes.

-- A class I staff, one row a student. `modules` are the columns wanted, in order, with their pass marks; of other
-- classes' modules nothing is told, and nothing at all where there are a thousand more than the class has: each costs
-- something a student. `cells` joins one cell a column by ';'; statuses and scores of the cells come
-- along only where a filter needs them (`with_cells`), in no particular order, null where nothing is stored.
create or replace function dashboard.class_rows(class uuid, modules uuid[], pass_marks numeric[], with_cells boolean)
returns table (
    student_id uuid,
    full_name text,
    cells text,
    completed integer,
    in_progress integer,
    last_activity timestamptz,
    last_change timestamptz,
    unexplained_change timestamptz,
    statuses public.progress_status[],
    shown_scores numeric[],
    other integer
)
language sql stable security definer rows 100
set search_path = ''
as $$
    -- Once a class and not once a student.
    with wanted as materialized (
        select wanted.id, wanted.pass_mark, wanted.place
        from unnest(modules, pass_marks) with ordinality as wanted (id, pass_mark, place)
        join school.class_module
            on class_module.class_id = class_rows.class
            and class_module.module_id = wanted.id
    )
    select
        class_student.student_id,
        student.full_name,
        row.cells,
        row.completed,
        row.in_progress,
        row.last_activity,
        other.last_change,
        other.unexplained_change,
        row.statuses,
        row.shown_scores,
        row.other
    from school.class
    join school.class_student on class_student.class_id = class.id
    join school.student on student.id = class_student.student_id
    cross join lateral (
        select
            string_agg(
                dashboard.cell_with_marks(
                    fact.cell,
                    fact.is_locked and student.id <> (select internal.me()),
                    dashboard.is_failed(fact.shown_score, wanted.pass_mark),
                    fact.attempts >= (
                        select figures.stuck_attempts
                        from internal.class_figures(array[class_rows.class], now()) as figures
                        where figures.stuck = 1
                    )
                ),
                ';' order by wanted.place
            ) as cells,
            count(*) filter (where fact.status = 'Completed')::integer as completed,
            count(*) filter (where fact.status = 'InProgress')::integer as in_progress,
            count(*) filter (where dashboard.is_other(fact.status))::integer as other,
            max(fact.last_activity) as last_activity,
            array_agg(fact.status) filter (where with_cells) as statuses,
            array_agg(fact.shown_score) filter (where with_cells) as shown_scores
        from wanted
        -- Without the fence the planner reads the facts of all students at once where there are few, and behind it all
        -- that is named is read.
        left join (
            select
                known.module_id, known.status, known.shown_score, known.cell, known.is_locked, known.attempts,
                known.last_activity
            from dashboard.fact as known
            where known.student_id = class_student.student_id
            offset 0
        ) as fact on fact.module_id = wanted.id
    ) as row
    -- Only of whom no activity is known: for all it would cost every page what few need.
    cross join lateral (
        select
            max(fact.last_change) as last_change,
            max(fact.unexplained_change) as unexplained_change
        from dashboard.fact
        join school.class_module
            on class_module.class_id = class_student.class_id
            and class_module.module_id = fact.module_id
        where row.last_activity is null
            and fact.student_id = class_student.student_id
            and fact.module_id = any(class_rows.modules)
    ) as other
    where class.id = class_rows.class
        and class.id in (select internal.my_staffed_classes())
        and cardinality(modules) <= 1000 + (
            select count(*)
            from school.class_module
            where class_module.class_id = class_rows.class
        )
        -- A guest from another organisation is for the class's teachers and for admins.
        and (
            student.organisation_id = class.organisation_id
            or (select internal.sees_guests())
        )
$$;

grant execute on function dashboard.class_rows to dashboard_person;

-- How those of these classes stand in a module that I staff and that have it: as dashboard.class_cell says, of statuses
-- alone, for a hundred classes of any size.
create or replace function dashboard.module_counts(module uuid, classes uuid[])
returns table (class_id uuid, students integer, completed integer, in_progress integer, other integer)
language sql stable security definer rows 100
set search_path = ''
set jit = off
as $$
    select class.id, row.*
    from school.class
    join school.class_module
        on class_module.class_id = class.id
        and class_module.module_id = module_counts.module
    cross join lateral (
        select
            count(*)::integer,
            (count(*) filter (where fact.status = 'Completed'))::integer,
            (count(*) filter (where fact.status = 'InProgress'))::integer,
            (count(*) filter (where dashboard.is_other(fact.status)))::integer
        from school.class_student
        left join lateral (
            select known.status
            from dashboard.fact as known
            where known.student_id = class_student.student_id and known.module_id = module_counts.module
            offset 0
        ) as fact on true
        where class_student.class_id = class.id
            and (
                (select internal.sees_guests())
                or class.organisation_id = (
                    select student.organisation_id
                    from school.student
                    where student.id = class_student.student_id
                )
            )
    ) as row
    where class.id = any (classes) and class.id in (select internal.my_staffed_classes())
$$;

grant execute on function dashboard.module_counts(uuid, uuid[]) to dashboard_person;

-- How the classes I staff stand: their size, cells by status (what is in no count was not started), and how many of
-- their students need attention: in all, and by each rule.
create or replace function internal.class_counts()
returns table (
    class_id uuid, students integer, modules integer, completed integer, in_progress integer, other integer,
    needs_attention integer, by_rule jsonb
)
language sql stable security definer rows 1000
set search_path = ''
set jit = off
set work_mem = '32MB'
as $$
    with mine as materialized (
        select array(select internal.my_staffed_classes()) as ids
    ),
    -- As it was kept; but for the flags, where staff responded to some.
    kept as materialized (
        select
            summary.class_id, summary.students, summary.modules, summary.completed, summary.in_progress, summary.other,
            summary.needs_attention, summary.by_rule,
            -- (Joined, each class would look through all.)
            summary.class_id not in (
                select unnest(internal.untouched_classes(mine.ids, now()))
                from mine
            ) as is_touched
        from mine
        cross join unnest(internal.sure_classes(mine.ids, now(), (select internal.sees_guests()))) as sure (id)
        join internal.class_summary as summary on summary.class_id = sure.id
    ),
    flag as materialized (
        select told.class_id, told.student_id, told.rule
        from internal.told_flags(
            array(
                select unnest(mine.ids) from mine
                except
                select kept.class_id from kept where not kept.is_touched
            ),
            now()
        ) as told
    )
    select
        class.id,
        coalesce(kept.students, counted.students, 0)::integer,
        coalesce(
            kept.modules,
            (
                select count(*)
                from school.class_module
                where class_module.class_id = class.id
            )
        )::integer,
        coalesce(kept.completed, counted.completed, 0)::integer,
        coalesce(kept.in_progress, counted.in_progress, 0)::integer,
        coalesce(kept.other, counted.other, 0)::integer,
        coalesce(case when not kept.is_touched then kept.needs_attention end, needy.students, 0)::integer,
        coalesce(case when not kept.is_touched then kept.by_rule end, rules.counts, '{}')
    from mine
    cross join unnest(mine.ids) as its (id)
    join school.class on class.id = its.id
    left join kept on kept.class_id = class.id
    left join (
        select
            standing.class_id,
            count(*) as students,
            sum(standing.completed) as completed,
            sum(standing.in_progress) as in_progress,
            sum(standing.other) as other
        from internal.standings(
            array(
                select unnest(mine.ids) from mine
                except
                select kept.class_id from kept
            )
        ) as standing
        join school.class as its on its.id = standing.class_id
        join school.student
            on student.id = standing.student_id
            and (
                student.organisation_id = its.organisation_id
                or (select internal.sees_guests())
            )
        group by standing.class_id
    ) as counted on counted.class_id = class.id
    left join (
        select flag.class_id, count(distinct flag.student_id) as students
        from flag
        group by flag.class_id
    ) as needy on needy.class_id = class.id
    left join (
        select ruled.class_id, jsonb_object_agg(ruled.rule, ruled.students) as counts
        from (
            select flag.class_id, flag.rule, count(*) as students
            from flag
            group by flag.class_id, flag.rule
        ) as ruled
        group by ruled.class_id
    ) as rules on rules.class_id = class.id
$$;

create or replace view dashboard.class_count with (security_barrier) as
select *
from internal.class_counts();

grant execute on function internal.class_counts() to dashboard_person;
grant select on dashboard.class_count to dashboard_person;
