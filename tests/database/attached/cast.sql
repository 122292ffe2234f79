-- Reads who is who from the host of cast_host.sql.

-- relation: organisation
select id, name
from public.organisations

-- relation: student
select id, organisation_id, full_name, email, is_active, null::text as number
from sis.student

-- relation: module
select id, type, name, sequence, configuration
from public.modules

-- relation: lesson
select id, module_id, title, sequence, has_quiz
from public.lessons

-- relation: staff
select id, organisation_id, full_name, email, role, is_active
from sis.staff

-- relation: class
select id, organisation_id, name, null::text as school_year
from sis.class

-- relation: class_student
select class_id, student_id
from sis.class_student

-- relation: class_module
select class_id, module_id, position
from sis.class_module

-- relation: class_teacher
select class_id, staff_id
from sis.class_teacher
