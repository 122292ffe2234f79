-- Reads who is who from a school's database with classes, class_students and class_teachers, whose ids are uuids.
-- Every class has every module; where a table says which, name it in class_module.
--
-- To read another, copy this file and edit it. What every such file must say is written in institutions.sql.

-- relation: organisation
select id, name::text as name
from public.schools

-- relation: student
select
    id,
    school_id as organisation_id,
    full_name::text as full_name,
    email::text as email,
    is_active,
    null::text as number
from public.students

-- relation: module
select id, type::text as type, name::text as name, sequence::integer as sequence, configuration::jsonb as configuration
from public.modules

-- relation: lesson
select id, module_id, title::text as title, sequence::integer as sequence, has_quiz
from public.lessons

-- relation: staff
select
    id,
    school_id as organisation_id,
    full_name::text as full_name,
    email::text as email,
    role::text as role,
    is_active
from public.teachers

-- relation: class
select id, school_id as organisation_id, name::text as name, school_year::text as school_year
from public.classes

-- Who is switched off has left the class.
-- relation: class_student
select distinct class_students.class_id, class_students.student_id
from public.class_students
join public.students on students.id = class_students.student_id
where students.is_active

-- relation: class_module
select
    classes.id as class_id,
    modules.id as module_id,
    row_number() over (partition by classes.id order by modules.sequence, modules.name, modules.id)::integer as position
from public.classes
cross join public.modules

-- relation: class_teacher
select distinct class_id, teacher_id as staff_id
from public.class_teachers
