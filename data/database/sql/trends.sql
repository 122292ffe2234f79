-- What the trends page counts of many classes at once.

-- How far these of my classes are in each of their modules, or in one: how many have begun it, completed it, and are
-- below its pass mark; of one module who completed it, too. A guest from another organisation is for the class's
-- teachers and for admins, as in internal.my_students().
create or replace function dashboard.module_tallies(classes uuid[], of_module uuid)
returns table (
    class_id uuid, module_id uuid, begun integer, completed integer, failed integer, completed_by uuid[]
)
language sql stable security definer rows 1000
set search_path = ''
set jit = off
as $$
    select class.id, row.*
    from school.class
    cross join lateral (
        select array_agg(class_module.module_id) as modules
        from school.class_module
        where class_module.class_id = class.id
            and (of_module is null or class_module.module_id = of_module)
    ) as its
    cross join lateral (
        select
            wanted.id,
            (count(*) filter (where cell.status <> 'NotStarted'))::integer,
            (count(*) filter (where cell.status = 'Completed'))::integer,
            (count(*) filter (where dashboard.is_failed(cell.shown_score, wanted.pass_mark)))::integer,
            case
                when of_module is not null
                then array_agg(cell.student_id) filter (where cell.status = 'Completed')
            end
        from (
            select module.id, module.pass_mark
            from school.module
            where module.id = any (its.modules)
            offset 0
        ) as wanted
        left join (
            select known.*
            from school.class_student
            cross join lateral (
                select fact.student_id, fact.module_id, fact.status, fact.shown_score
                from dashboard.fact
                where fact.student_id = class_student.student_id and fact.module_id = any (its.modules)
                offset 0
            ) as known
            where class_student.class_id = class.id
                and (
                    (select internal.sees_guests())
                    or class.organisation_id = (
                        select student.organisation_id
                        from school.student
                        where student.id = class_student.student_id
                    )
                )
            offset 0
        ) as cell on cell.module_id = wanted.id
        group by wanted.id
    ) as row
    where class.id = any (classes) and class.id in (select internal.my_staffed_classes())
$$;

grant execute on function dashboard.module_tallies(uuid[], uuid) to dashboard_person;

-- In how many of these of my classes' students' weeks, from one day to another, some of their own work is on record: what
-- the student changed, in whichever module, or the platform in a way that nothing else explains (activity.sql). From each
-- student PostgreSQL goes straight to the first such change of a week.
create or replace function dashboard.active_weeks(classes uuid[], first date, last date)
returns table (class_id uuid, monday date, students integer)
language sql stable security definer rows 1000
set search_path = ''
set jit = off
as $$
    select class.id, week.monday::date, count(*)::integer
    from school.class
    join school.class_student on class_student.class_id = class.id
    join school.student on student.id = class_student.student_id
    cross join generate_series(
        date_trunc('week', first::timestamp), last::timestamp, '7 days'
    ) as week (monday)
    cross join lateral (
        select
            greatest(week.monday, first::timestamp) at time zone 'UTC' as begins,
            least(week.monday + '7 days', last + '1 day'::interval) at time zone 'UTC' as ends
    ) as its
    cross join lateral (
        select
        from dashboard.history
        where history.student_id = class_student.student_id
            and history.at >= its.begins
            and history.at < its.ends
            and history.source in ('student', 'platform')
            and coalesce(
                internal.own_change_in(history), internal.unexplained_change_in(history)
            ) >= its.begins
        order by history.at
        limit 1
    ) as worked
    where class.id = any (classes)
        and class.id in (select internal.my_staffed_classes())
        and ((select internal.sees_guests()) or student.organisation_id = class.organisation_id)
    group by class.id, week.monday
$$;

grant execute on function dashboard.active_weeks(uuid[], date, date) to dashboard_person;
