-- Whoever manages an organisation sees all of its roster, also where it is not written here (roster_written.sql).

grant select (
    id, organisation_id, full_name, email, is_active, number, left_on, merged_into, plain_name, plain_email, found_by
) on school.student
to dashboard_person;

create policy managers_see_students on school.student
for select to dashboard_person
using (organisation_id in (select internal.my_managed_organisations()));

grant select (id, organisation_id, full_name, email, role, is_active) on school.staff to dashboard_person;

create policy managers_see_staff on school.staff
for select to dashboard_person
using (
    organisation_id in (select internal.my_managed_organisations())
    or (organisation_id is null and (select internal.manages_all()))
);

grant select (id, organisation_id, name, school_year, archived_at, found_by) on school.class to dashboard_person;

create policy managers_manage_classes on school.class
for all to dashboard_person
using (organisation_id in (select internal.my_managed_organisations()))
with check (organisation_id in (select internal.my_managed_organisations()));

grant select on school.class_student to dashboard_person;

create policy managers_see_members on school.class_student
for select to dashboard_person
using (class_id in (select internal.my_managed_classes()));

grant select on school.source_id, school.roster_lock to dashboard_person;

-- Reason: whoever manages more reads another's file by these, and nobody else's ids belong there.
create policy managers_know_sources on school.source_id
for all to dashboard_person
using (organisation_id in (select internal.my_managed_organisations()))
with check (
    (organisation_id, kind, our_id) in (
        select mine.organisation_id, mine.kind, mine.id
        from internal.my_managed_ids() as mine
    )
);

-- Reason: a lock of somebody else's students would keep their own from locking them.
create policy managers_lock_rosters on school.roster_lock
for all to dashboard_person
using (organisation_id in (select internal.my_managed_organisations()))
with check (
    (organisation_id, kind, locked_id) in (
        select mine.organisation_id, mine.kind, mine.id
        from internal.my_managed_ids() as mine
    )
);
