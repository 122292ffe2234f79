-- Who writes modules and lessons where they are ours.

grant select (id, type, name, sequence, configuration) on public.modules to dashboard_person;
grant insert (id, type, name, sequence, configuration) on public.modules to dashboard_person;
grant update (name, sequence, configuration) on public.modules to dashboard_person;
grant delete on public.modules to dashboard_person;

create policy managers_see_modules on public.modules
for select to dashboard_person
using ((select internal.my_role()) in ('coordinator', 'admin'));

create policy managers_add_modules on public.modules
for insert to dashboard_person
with check ((select internal.my_role()) in ('coordinator', 'admin'));

create policy managers_change_modules on public.modules
for update to dashboard_person
using (id in (select internal.my_managed_modules()));

create policy managers_remove_modules on public.modules
for delete to dashboard_person
using (id in (select internal.my_managed_modules()));

grant select (id, module_id, title, sequence, has_quiz) on public.lessons to dashboard_person;
grant insert (id, module_id, title, sequence, has_quiz) on public.lessons to dashboard_person;
grant update (title, sequence, has_quiz) on public.lessons to dashboard_person;
grant delete on public.lessons to dashboard_person;

create policy managers_manage_lessons on public.lessons
for all to dashboard_person
using (module_id in (select internal.my_managed_modules()))
with check (module_id in (select internal.my_managed_modules()));

grant select, insert (module_id), delete on school.retired_module to dashboard_person;

create policy managers_retire_modules on school.retired_module
for all to dashboard_person
using (module_id in (select internal.my_managed_modules()))
with check (module_id in (select internal.my_managed_modules()));

-- What has progress, now or in the history, is retired and not removed: nobody could tell any more what was done.
create or replace function internal.guard_modules() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
    gone jsonb := to_jsonb(old);
    module uuid := coalesce(gone ->> 'module_id', gone ->> 'id');
begin
    if exists (select from dashboard.history where history.module_id = module)
        or exists (select from public.student_module_progress as progress where progress.module_id = module)
    then
        raise exception 'the module has progress' using errcode = 'restrict_violation', constraint = 'module_is_used';
    end if;
    return old;
end
$$;

create or replace trigger guard_modules
before delete on public.modules
for each row execute function internal.guard_modules();

create or replace trigger guard_modules
before delete on public.lessons
for each row execute function internal.guard_modules();

-- What of a class's standings hangs on a pass mark (standings.sql).
create or replace trigger note_pass_marks
after update on public.modules
referencing old table as old_rows new table as new_rows
for each statement execute function internal.note_pass_marks();

-- And what of the data check hangs on a type (data_check.sql).
create or replace trigger judge_modules
after update on public.modules
referencing old table as old_rows new table as new_rows
for each statement execute function internal.judge_modules();
