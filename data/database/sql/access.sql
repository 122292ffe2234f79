-- Who sees what. Every rule stands once, as a set-returning function that a policy or view asks once a query
-- (never once a row: that was measured at 9,399 ms against 87 for a count over a million rows). Whose progress I may change
-- is a view, roster.editable, which is asked by key of each student who is changed.
--
-- Whoever sees everybody is not made to list them: for another than oneself it is enough that there is such a student
-- (roster.anybody), which is found by key. PostgreSQL makes the list only when it comes to the other arm.
--
-- In PL/pgSQL a rule keeps its plans, asks once who is there, and then only what that person's role wants. (In SQL it
-- was planned anew whenever it was asked: 1.7 ms of 2 that a teacher's read of one student took.) Whoever asks does so
-- with `in`: a rule may name somebody twice.

-- The role of the person who asks; null for strangers and for staff who were switched off.
create or replace function internal.my_role() returns text
language plpgsql stable security definer
set search_path = ''
as $$
declare
    me uuid := internal.me();
begin
    return coalesce(
        (
            select staff.role
            from school.staff
            where staff.id = me and staff.is_active
        ),
        (
            select 'student'
            from school.student
            where student.id = me and student.is_active
        )
    );
end
$$;

-- Students I may see: those I may change (roster.editable), a viewer's organisation (everybody for a viewer of all), the
-- students of a teacher's own classes, and a student's own self.
create or replace function internal.my_students() returns setof uuid
language plpgsql stable security definer rows 2000
set search_path = ''
as $$
declare
    me uuid := internal.me();
    my record;
begin
    select staff.role, staff.organisation_id
    into my
    from school.staff
    where staff.id = me and staff.is_active;

    if my.role = 'teacher' then
        return query
        select taught.student_id
        from school.class_teacher
        cross join lateral (
            -- Without the fence everybody in any class is read to find those of a few.
            select class_student.student_id
            from school.class_student
            where class_student.class_id = class_teacher.class_id
            offset 0
        ) as taught
        where class_teacher.staff_id = me;
    elsif my.role = 'admin' or my.organisation_id is null then
        return query
        select student.id
        from school.student
        where my.role is not null and student.id <> me;
    else
        return query
        select student.id
        from school.student
        where student.organisation_id = my.organisation_id and student.id <> me;
    end if;

    return query
    select student.id
    from school.student
    where student.id = me and student.is_active;
end
$$;

-- Students I see as staff: those but myself. Notes, locks, attempts and findings ask this: they are for whoever works
-- with a student, and never for whom they are about.
create or replace function internal.my_staffed_students() returns setof uuid
language plpgsql stable rows 2000
set search_path = ''
as $$
declare
    me uuid := internal.me();
begin
    return query
    select mine.id
    from internal.my_students() as mine (id)
    where mine.id <> me;
end
$$;

-- Classes whose students I may see as staff: a teacher's own, the organisation's, or all of them.
create or replace function internal.my_staffed_classes() returns setof uuid
language plpgsql stable security definer rows 50
set search_path = ''
as $$
declare
    my record;
begin
    select staff.id, staff.role, staff.organisation_id
    into my
    from school.staff
    where staff.id = (select internal.me()) and staff.is_active;

    if my.role = 'admin' or (my.role in ('coordinator', 'viewer') and my.organisation_id is null) then
        return query
        select class.id
        from school.class;
    elsif my.role in ('coordinator', 'viewer') then
        return query
        select class.id
        from school.class
        where class.organisation_id = my.organisation_id;
    elsif my.role = 'teacher' then
        return query
        select class_teacher.class_id
        from school.class_teacher
        where class_teacher.staff_id = my.id;
    end if;
end
$$;

-- Those, and the classes a student is in.
create or replace function internal.my_classes() returns setof uuid
language plpgsql stable security definer rows 50
set search_path = ''
as $$
begin
    return query
    select internal.my_staffed_classes();

    return query
    select class_student.class_id
    from school.student
    join school.class_student on class_student.student_id = student.id
    where student.id = (select internal.me()) and student.is_active;
end
$$;

-- (Where few are expected, thousands of classes are compared with each of them.)
create or replace function internal.my_organisations() returns setof uuid
language plpgsql stable security definer rows 100
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
    where staff.id = (select internal.me()) and staff.is_active;
end
$$;

-- Do I manage every organisation? (A viewer of none sees all of them, and manages nothing.)
create or replace function internal.manages_all() returns boolean
language plpgsql stable security definer
set search_path = ''
as $$
begin
    return exists (
        select
        from school.staff
        where staff.id = (select internal.me())
            and staff.is_active
            and (staff.role = 'admin' or (staff.role = 'coordinator' and staff.organisation_id is null))
    );
end
$$;

-- A guest from another organisation in a class is for the class's teachers, and for whoever belongs everywhere.
create or replace function internal.sees_guests() returns boolean
language plpgsql stable security definer
set search_path = ''
as $$
begin
    return exists (
        select
        from school.staff
        where staff.id = (select internal.me())
            and staff.is_active
            and (staff.role in ('teacher', 'admin') or staff.organisation_id is null)
    );
end
$$;

-- Whom alone of all students I do not see as staff, where I see every other: myself. Null for whoever sees some.
create or replace function internal.everybody_but() returns uuid
language plpgsql stable security definer
set search_path = ''
as $$
begin
    return (
        select staff.id
        from school.staff
        where staff.id = (select internal.me())
            and staff.is_active
            and (staff.role = 'admin' or staff.organisation_id is null)
    );
end
$$;

-- Do I see every student there is? Then nobody has to list them to find out whether one is mine.
create or replace function internal.sees_everybody() returns boolean
language sql stable
return internal.everybody_but() is not null;

grant execute on function
    internal.my_role(),
    internal.my_students(),
    internal.my_staffed_students(),
    internal.my_staffed_classes(),
    internal.my_classes(),
    internal.my_organisations(),
    internal.manages_all(),
    internal.sees_guests(),
    internal.sees_everybody(),
    internal.everybody_but()
to dashboard_person;
