-- What people may read of the roster: the facts, narrowed. The views run with their owner's rights, so the
-- narrowing is the only way in; security_barrier keeps a caller's own functions from seeing rows first.
--
-- Here and in every view of ours what is mine is asked beforehand. Said as `in (select internal.my_students())` it
-- becomes a join, and where the planner expects one row (in a question about each of a page's students, or of a table
-- not yet analysed) the rule is asked once a row after all: 400 times for the names of a class of 400. A `materialized`
-- answer is asked for once each time that a statement names the view, whatever the plan. (A policy needs none of this:
-- its condition never becomes a join.)

create or replace view roster.organisation with (security_barrier) as
with my_organisation as materialized (select internal.my_organisations() as id)
select id, name
from school.organisation
where id in (select id from my_organisation);

-- Whoever sees everybody is not made to list them: hence the two.
create or replace view roster.student with (security_barrier) as
with my_student as materialized (
    select internal.my_students() as id
    where not (select internal.sees_everybody())
)
select
    id, organisation_id, full_name, email, is_active, number, left_on, merged_into, plain_name, plain_email
from school.student
where id in (select id from my_student)
union all
select
    id, organisation_id, full_name, email, is_active, number, left_on, merged_into, plain_name, plain_email
from school.student
where (select internal.sees_everybody()) and (is_active or id <> (select internal.me()));

-- Students by their keys alone, for whoever sees everybody else.
create or replace view roster.anybody with (security_barrier) as
select id
from school.student
where id <> (select internal.everybody_but());

-- Students by their keys alone, whose progress I may change: a coordinator's organisation, everybody for an admin and for a
-- coordinator of all organisations. Staff may be students too, of the same school or another: nobody corrects their own
-- row. It is asked of each student who is changed, so that whoever saves is not made to list them all; where the planner
-- could do that it is fenced (offset 0).
create or replace view roster.editable with (security_barrier) as
select id
from school.student
where id <> (select internal.me())
    and (
        (select internal.manages_all())
        or organisation_id = (
            select editor.organisation_id
            from school.staff as editor
            where editor.id = (select internal.me()) and editor.is_active and editor.role = 'coordinator'
        )
    );

create or replace view roster.class with (security_barrier) as
with my_class as materialized (select internal.my_classes() as id)
select id, organisation_id, name, school_year, archived_at
from school.class
where id in (select id from my_class);

create or replace view roster.class_student with (security_barrier) as
with
    my_class as materialized (select internal.my_classes() as id),
    my_student as materialized (select internal.my_students() as id)
select class_id, student_id
from school.class_student
where class_id in (select id from my_class)
    and case
        when student_id <> (select internal.everybody_but()) then true
        else student_id in (select id from my_student)
    end;

create or replace view roster.class_module with (security_barrier) as
with my_class as materialized (select internal.my_classes() as id)
select class_id, module_id, position
from school.class_module
where class_id in (select id from my_class);

create or replace view roster.class_teacher with (security_barrier) as
with my_class as materialized (select internal.my_staffed_classes() as id)
select class_id, staff_id
from school.class_teacher
where class_id in (select id from my_class);

-- The catalogue of modules holds nothing personal: everybody the school knows may read it.
create or replace view roster.module with (security_barrier) as
select
    id,
    name,
    type,
    sequence,
    pass_mark,
    (select retired_at from school.retired_module where module_id = module.id) as retired_at
from school.module
where (select internal.my_role()) is not null;

create or replace view roster.lesson with (security_barrier) as
select id, module_id, title, sequence, has_quiz
from school.lesson
where (select internal.my_role()) is not null;

-- Colleagues, so that "changed by" has a name: one's own organisation's, the admins, and whoever is of all of them.
create or replace view roster.staff with (security_barrier) as
select id, organisation_id, full_name, role, is_active
from school.staff
where (select internal.my_role()) <> 'student'
    and (
        organisation_id in (select internal.my_organisations())
        or organisation_id is null
        or role = 'admin'
    );

grant select on all tables in schema roster to dashboard_person;
