-- Who may change which part of the roster. Coordinators manage their organisation, admins and coordinators of all
-- organisations every one. As in access.sql each rule is a set that a policy asks once a query.

create or replace function internal.my_managed_organisations() returns setof uuid
language plpgsql stable security definer rows 2
set search_path = ''
as $$
begin
    return query
    select organisation.id
    from school.staff
    join school.organisation
        on staff.role = 'admin'
        or staff.organisation_id is null
        or staff.organisation_id = organisation.id
    where staff.id = (select internal.me())
        and staff.is_active
        and staff.role in ('coordinator', 'admin');
end
$$;

-- Roles that I may give to somebody, and take: none above my own.
create or replace function internal.my_grantable_roles() returns setof text
language sql stable rows 4
set search_path = ''
as $$
    select role
    from (
        values ('viewer', array['coordinator', 'admin']),
            ('teacher', array['coordinator', 'admin']),
            ('coordinator', array['coordinator', 'admin']),
            ('admin', array['admin'])
    ) as known (role, grantors)
    where (select internal.my_role()) = any (grantors)
$$;

create or replace function internal.my_managed_classes() returns setof uuid
language plpgsql stable security definer rows 50
set search_path = ''
as $$
begin
    return query
    select class.id
    from school.class
    where class.organisation_id in (select internal.my_managed_organisations());
end
$$;

-- Nobody changes themselves as a student: what follows from a class would be the own progress.
create or replace function internal.my_managed_students() returns setof uuid
language plpgsql stable security definer rows 2000
set search_path = ''
as $$
begin
    return query
    select student.id
    from school.student
    where student.organisation_id in (select internal.my_managed_organisations())
        and student.id <> (select internal.me());
end
$$;

-- What other systems' ids may stand for, and what may be locked, by whose it is. Modules are everybody's, and so are
-- colleagues without an organisation to who manages every one.
create or replace function internal.my_managed_ids()
returns table (organisation_id uuid, kind text, id uuid)
language plpgsql stable security definer rows 5000
set search_path = ''
as $$
#variable_conflict use_column
begin
    return query
    with mine as materialized (select internal.my_managed_organisations() as id)
    select student.organisation_id, 'student', student.id
    from school.student
    where student.organisation_id in (select mine.id from mine)
    union all
    select class.organisation_id, 'class', class.id
    from school.class
    where class.organisation_id in (select mine.id from mine)
    union all
    select mine.id, 'staff', staff.id
    from school.staff
    join mine
        on staff.organisation_id = mine.id
        or (staff.organisation_id is null and (select internal.manages_all()))
    union all
    select mine.id, 'module', module.id
    from school.module
    cross join mine;
end
$$;

-- The catalogue is everybody's: who manages one organisation changes a module only while no other's class has it, and
-- while it is in a class there or nobody has worked in it.
create or replace function internal.my_managed_modules() returns setof uuid
language plpgsql stable security definer rows 50
set search_path = ''
as $$
begin
    return query
    select module.id
    from school.module
    where (select internal.manages_all())
        or (
            (select internal.my_role()) = 'coordinator'
            and not exists (
                select
                from school.class_module
                join school.class on class.id = class_module.class_id
                where class_module.module_id = module.id
                    and not exists (
                        select
                        from internal.my_managed_organisations() as mine (id)
                        where mine.id = class.organisation_id
                    )
            )
            and (
                exists (select from school.class_module where class_module.module_id = module.id)
                or not exists (
                    select
                    from public.student_module_progress as progress
                    where progress.module_id = module.id
                )
            )
        );
end
$$;

grant execute on function
    internal.my_managed_organisations(),
    internal.my_grantable_roles(),
    internal.my_managed_classes(),
    internal.my_managed_students(),
    internal.my_managed_ids(),
    internal.my_managed_modules()
to dashboard_person;
