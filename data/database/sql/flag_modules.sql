-- What the flags of students speak of: with their names and figures sentences are made of them.

-- The modules that flags of these students speak of, by rule and in their order; details where they are asked.
create or replace function dashboard.flag_modules(classes uuid[], students uuid[])
returns table (
    class_id uuid,
    student_id uuid,
    rule text,
    module_id uuid,
    module text,
    shown_score numeric,
    pass_mark numeric,
    details jsonb
)
language sql stable security definer rows 100
set search_path = ''
as $$
    select
        class_student.class_id,
        class_student.student_id,
        rule.key,
        module.id,
        module.name,
        fact.shown_score,
        module.pass_mark,
        case
            when rule.key = 'stuck'
            then (
                select progress.progress_details
                from public.student_module_progress as progress
                where progress.student_id = fact.student_id and progress.module_id = fact.module_id
            )
        end
    from school.class_student
    join school.class on class.id = class_student.class_id
    join school.student
        on student.id = class_student.student_id
        and (
            student.organisation_id = class.organisation_id
            or (select internal.sees_guests())
        )
    join school.class_module on class_module.class_id = class_student.class_id
    join school.module on module.id = class_module.module_id
    join dashboard.fact
        on fact.student_id = class_student.student_id
        and fact.module_id = class_module.module_id
    join internal.class_figures(classes, now()) as figures on figures.class_id = class_student.class_id
    cross join lateral (
        values
        ('stuck', fact.attempts >= figures.stuck_attempts),
        ('slipped', fact.slipped_at is not null),
        ('inactive', fact.status = 'InProgress'),
        ('stalled', fact.status = 'InProgress'),
        ('failed', dashboard.is_failed(fact.shown_score, module.pass_mark)),
        ('doubtful', fact.has_problem)
    ) as rule (key, holds)
    where class_student.student_id = any (students)
        and class_student.class_id = any (classes)
        and class_student.class_id in (select internal.my_staffed_classes())
        and rule.holds
    order by class_student.class_id, class_student.student_id, class_module.position, class_module.module_id
$$;

grant execute on function dashboard.flag_modules(uuid[], uuid[]) to dashboard_person;
