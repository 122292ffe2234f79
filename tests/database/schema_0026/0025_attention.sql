-- How the classes I staff stand, and now also how many of their students need attention: stuck in a quiz, or
-- below a pass mark, as dashboard.class_rows says of each of them. The facts are read anyway; the marks of a
-- class's modules are hashed once a class, since nothing in them depends on the student.
create or replace view dashboard.class_count with (security_barrier) as
select
    class.id as class_id,
    counted.students,
    (
        select count(*)
        from school.class_module
        where class_module.class_id = class.id
    )::integer as modules,
    counted.completed,
    counted.in_progress,
    counted.needs_attention
from school.class
cross join lateral (
    select
        count(*)::integer as students,
        coalesce(sum(row.completed), 0)::integer as completed,
        coalesce(sum(row.in_progress), 0)::integer as in_progress,
        (count(*) filter (where row.needs_attention))::integer as needs_attention
    from school.class_student
    join school.student on student.id = class_student.student_id
    cross join lateral (
        select
            count(*) filter (where fact.status = 'Completed') as completed,
            count(*) filter (where fact.status = 'InProgress') as in_progress,
            bool_or(fact.is_stuck or fact.shown_score < wanted.pass_mark) as needs_attention
        from (
            select module_id, status, is_stuck, shown_score
            from dashboard.fact
            where fact.student_id = class_student.student_id
            offset 0
        ) as fact
        join (
            select module.id, module.pass_mark
            from school.class_module
            join school.module on module.id = class_module.module_id
            where class_module.class_id = class.id
            offset 0
        ) as wanted on wanted.id = fact.module_id
    ) as row
    where class_student.class_id = class.id
        and (
            student.organisation_id = class.organisation_id
            or (select internal.my_role()) <> 'coordinator'
        )
) as counted
where class.id in (select internal.my_staffed_classes());
