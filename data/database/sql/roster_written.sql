-- Who writes the roster where it is ours: policies, grants by column, and what no policy can say.

-- Organisations: their name.
grant select (id, name), update (name) on public.organisations to dashboard_person;
grant insert (id, name) on public.organisations to dashboard_person;

create policy managers_see_organisations on public.organisations
for select to dashboard_person
using (id in (select internal.my_managed_organisations()));

create policy managers_rename_organisations on public.organisations
for update to dashboard_person
using (id in (select internal.my_managed_organisations()));

create policy admins_add_organisations on public.organisations
for insert to dashboard_person
with check ((select internal.my_role()) = 'admin');

-- Students. Which organisation somebody belongs to is said once.
grant insert (id, organisation_id, full_name, email, is_active, number, left_on, merged_into) on school.student
to dashboard_person;
grant update (full_name, email, is_active, number, left_on, merged_into) on school.student to dashboard_person;
grant delete on school.student to dashboard_person;

create policy managers_add_students on school.student
for insert to dashboard_person
with check (organisation_id in (select internal.my_managed_organisations()) and id <> (select internal.me()));

create policy managers_change_students on school.student
for update to dashboard_person
using (id in (select internal.my_managed_students()));

create policy managers_remove_students on school.student
for delete to dashboard_person
using (id in (select internal.my_managed_students()));

-- Staff. Nobody gives or takes a role above their own; what somebody may change of themselves says guard_staff().
grant insert (id, organisation_id, full_name, email, role, is_active) on school.staff to dashboard_person;
grant update (organisation_id, full_name, email, role, is_active) on school.staff to dashboard_person;
grant delete on school.staff to dashboard_person;

create policy managers_add_staff on school.staff
for insert to dashboard_person
with check (
    role in (select internal.my_grantable_roles())
    and (
        organisation_id in (select internal.my_managed_organisations())
        or (organisation_id is null and (select internal.manages_all()))
    )
);

create policy managers_change_staff on school.staff
for update to dashboard_person
using (
    role in (select internal.my_grantable_roles())
    and (
        organisation_id in (select internal.my_managed_organisations())
        or (organisation_id is null and (select internal.manages_all()))
    )
)
with check (
    role in (select internal.my_grantable_roles())
    and (
        organisation_id in (select internal.my_managed_organisations())
        or (organisation_id is null and (select internal.manages_all()))
    )
);

create policy managers_remove_staff on school.staff
for delete to dashboard_person
using (
    id <> (select internal.me())
    and role in (select internal.my_grantable_roles())
    and (
        organisation_id in (select internal.my_managed_organisations())
        or (organisation_id is null and (select internal.manages_all()))
    )
);

-- Classes, and who and what is in them.
grant insert (id, organisation_id, name, school_year, archived_at) on school.class to dashboard_person;
grant update (name, school_year, archived_at) on school.class to dashboard_person;
grant delete on school.class to dashboard_person;

grant insert (class_id, student_id), delete on school.class_student to dashboard_person;

create policy managers_place_students on school.class_student
for insert to dashboard_person
with check (
    class_id in (select internal.my_managed_classes())
    and student_id in (select internal.my_managed_students())
);

-- Reason: a guest from another organisation may be taken out of one's class; nobody takes out themselves.
create policy managers_take_students_out on school.class_student
for delete to dashboard_person
using (class_id in (select internal.my_managed_classes()) and student_id <> (select internal.me()));

grant select, insert (class_id, staff_id), delete on school.class_teacher to dashboard_person;

create policy managers_place_teachers on school.class_teacher
for all to dashboard_person
using (class_id in (select internal.my_managed_classes()))
with check (
    class_id in (select internal.my_managed_classes())
    and staff_id in (select staff.id from school.staff)
);

grant select, insert (class_id, module_id, position), update (position), delete on school.class_module
to dashboard_person;

create policy managers_choose_modules on school.class_module
for all to dashboard_person
using (class_id in (select internal.my_managed_classes()))
with check (class_id in (select internal.my_managed_classes()));

-- Where other systems' ids lead, and what their files leave alone.
grant insert (organisation_id, source, kind, source_id, our_id), update (our_id), delete on school.source_id
to dashboard_person;
grant insert (organisation_id, kind, locked_id, field), delete on school.roster_lock to dashboard_person;
