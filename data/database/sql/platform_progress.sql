-- The progress table where it is ours: who reads and who writes is said of the table itself, by policies, and the views
-- that the app asks (attached_progress.sql has them otherwise) hold nobody back: they ask as whoever asks them.

-- Granted column by column: what the school's platform adds to the table stays unread, and progress_details is the
-- platform's to write, never ours.
grant select (
    student_id, module_id, status, score, progress_details, last_updated, completed_at, progress_percentage
) on public.student_module_progress to dashboard_person;
grant insert (
    student_id, module_id, status, score, last_updated, completed_at, progress_percentage
) on public.student_module_progress to dashboard_person;
grant update (
    status, score, last_updated, completed_at, progress_percentage
) on public.student_module_progress to dashboard_person;

-- Reason: teachers see their classes, coordinators their organisation, students themselves.
create policy people_see_their_students on public.student_module_progress
for select to dashboard_person
using (
    case
        when student_module_progress.student_id <> (select internal.everybody_but())
        then exists (select from roster.anybody where anybody.id = student_module_progress.student_id offset 0)
        else student_module_progress.student_id in (select internal.my_students())
    end
);

-- Reason: a missing row means NotStarted, so a correction may have to create it.
create policy coordinators_add_missing_rows on public.student_module_progress
for insert to dashboard_person
with check (exists (select from roster.editable where editable.id = student_module_progress.student_id offset 0));

-- Reason: coordinators correct; teachers and students do not.
create policy coordinators_correct on public.student_module_progress
for update to dashboard_person
using (exists (select from roster.editable where editable.id = student_module_progress.student_id offset 0))
with check (exists (select from roster.editable where editable.id = student_module_progress.student_id offset 0));

create or replace view dashboard.progress with (security_invoker) as
select student_id, module_id, status, score, progress_details, last_updated, completed_at, progress_percentage
from public.student_module_progress;

create or replace view dashboard.editable_progress with (security_invoker) as
select student_id, module_id, status, score, last_updated, completed_at, progress_percentage
from public.student_module_progress;

grant select on dashboard.progress, dashboard.editable_progress to dashboard_person;
grant insert (
    student_id, module_id, status, score, last_updated, completed_at, progress_percentage
) on dashboard.editable_progress to dashboard_person;
grant update (
    status, score, last_updated, completed_at, progress_percentage
) on dashboard.editable_progress to dashboard_person;

-- Triggers record whatever is written (saves_recorded.sql has it otherwise).
create or replace function internal.remember_rows(students uuid[], modules uuid[]) returns void
language sql
return null;

create or replace function internal.record_changed() returns void
language sql
return null;

create or replace function internal.record_added(students uuid[], modules uuid[]) returns void
language sql
return null;

grant execute on function
internal.remember_rows(uuid[], uuid[]), internal.record_changed(), internal.record_added(uuid[], uuid[])
to dashboard_person;

-- TRUNCATE would leave no trace of what it removed.
create or replace trigger history_refuses_truncate
before truncate on public.student_module_progress
for each statement execute function internal.refuse_rewriting();
