-- What the schema's files cannot say of a database that grew by migrations; all else they say next.

do $$
declare
    stranger name;
    login name;
begin
    if not exists (select from pg_roles where rolname = 'dashboard_guest') then
        create role dashboard_guest nologin noinherit;
    end if;
    if not exists (select from pg_roles where rolname = 'dashboard_person') then
        create role dashboard_person nologin noinherit;
    end if;

    -- As whom the app acted: it no longer does, and they keep nothing of ours.
    for stranger in
        select rolname
        from pg_roles
        where rolname in ('anon', 'authenticated')
    loop
        execute format('revoke all on schema auth, public from %I', stranger);
        execute format('revoke all on all tables in schema auth from %I', stranger);
        execute format('revoke all on public.student_module_progress from %I', stranger);
        execute format('revoke all on function auth.uid() from %I', stranger);
        for login in
            select name
            from internal.app_login
            join pg_roles on rolname = name
        loop
            begin
                execute format('revoke %I from %I', stranger, login);
            exception
                when insufficient_privilege then null;  -- who may not is told so at start-up
            end;
        end loop;
    end loop;
end
$$;

revoke all on schema auth from public;
revoke all on auth.users, public.student_module_progress from public;
revoke all on function auth.uid() from public;

alter table auth.users enable row level security;
alter table public.organisations enable row level security;
alter table public.modules enable row level security;
alter table public.lessons enable row level security;
alter table school.student enable row level security;
alter table school.staff enable row level security;
alter table school.class enable row level security;
alter table school.class_student enable row level security;
alter table school.class_module enable row level security;
alter table school.class_teacher enable row level security;
alter table internal.demo_marker enable row level security;

-- The words that people use: a lock, a dismissal. What functions, triggers and policies are called or take is otherwise
-- too: they are dropped here, the triggers with their functions, and made anew by the files.

drop function internal.changed_side(jsonb, jsonb);
drop function internal.keep_facts() cascade;
drop function internal.fill_kept() cascade;
drop function internal.release_kept() cascade;
drop function internal.hold_what_is_kept() cascade;
drop function internal.note_lost_rows() cascade;
drop function internal.note_moved_row() cascade;
drop function internal.pin_fact() cascade;
drop function internal.keep_on_with_inserts() cascade;
drop function internal.follow_correction(dashboard.kept, public.student_module_progress, dashboard.batch);
drop function internal.put_back(dashboard.kept, public.student_module_progress);
drop function internal.note_attempt(dashboard.kept, text, text, text);
drop function internal.held_in(public.student_module_progress, text[]);
drop function internal.fields_kept_with(text[], public.progress_status, text);
drop function internal.bound_staff(jsonb, timestamptz, timestamptz);
drop function internal.why_over(uuid, uuid, timestamptz, timestamptz);
drop function internal.folded(text);
drop aggregate internal.as_it_stood(jsonb, text, jsonb, jsonb);
drop function internal.step_back(jsonb, jsonb, text, jsonb, jsonb);
drop function dashboard.sign_in(text, text, text);
drop function dashboard.sign_ins_over(uuid[]);
drop function dashboard.classes_kept_since(timestamptz);
drop function dashboard.held(uuid);

drop trigger kept_is_append_only on dashboard.kept;
drop trigger kept_attempt_is_append_only on dashboard.kept_attempt;
drop trigger notify_of_keeping on dashboard.kept;

drop policy staff_see_what_is_kept on dashboard.kept;
drop policy editors_keep on dashboard.kept;
drop policy editors_release on dashboard.kept;
drop policy staff_see_what_is_left on dashboard.left_as_is;
drop policy editors_leave on dashboard.left_as_is;
drop policy editors_leave_again on dashboard.left_as_is;
drop policy editors_judge_again on dashboard.left_as_is;
drop policy staff_keep_views on dashboard.saved_view;
drop policy staff_keep_drafts on dashboard.draft;

alter table dashboard.kept rename to lock;
alter table dashboard.lock rename column held to locked_values;
alter table dashboard.lock rename column released_at to unlocked_at;
alter table dashboard.lock rename column released_by to unlocked_by;
alter table dashboard.lock rename column release_reason to unlock_reason;
alter sequence dashboard.kept_id_seq rename to lock_id_seq;
alter index dashboard.kept_stands rename to lock_current;
alter index dashboard.kept_cell rename to lock_cell;
alter index dashboard.kept_batch rename to lock_batch;
alter index dashboard.kept_at rename to lock_at;
alter index dashboard.kept_released_at rename to lock_unlocked_at;

alter table dashboard.kept_attempt rename to lock_attempt;
alter table dashboard.lock_attempt rename column kept_id to lock_id;
alter sequence dashboard.kept_attempt_id_seq rename to lock_attempt_id_seq;
alter index dashboard.kept_attempt_cell rename to lock_attempt_cell;

alter table dashboard.left_as_is rename to dismissal;
alter table dashboard.dismissal rename column judged to values_digest;
alter index dashboard.left_as_is_student_id rename to dismissal_student_id;

alter table dashboard.fact rename column is_kept to is_locked;

-- A cell is written by one function: as it says, the column is made anew. The files make the view again that goes.
create function internal.cell_of(
    status public.progress_status,
    percentage smallint,
    shown_score numeric,
    is_stuck boolean,
    edited_by_staff boolean,
    has_problem boolean
)
returns text
language sql immutable
return case status when 'Completed' then 'C' when 'InProgress' then 'I' else 'N' end
    || coalesce(percentage::text, '')
    || case when shown_score between -9999 and 9999 then '/' || trim_scale(shown_score)::text else '' end
    || case when is_stuck then 's' else '' end
    || case when edited_by_staff then 'e' else '' end
    || case when has_problem then 'p' else '' end;

alter table dashboard.fact drop column cell cascade;
alter table dashboard.fact add column cell text not null generated always as (
    internal.cell_of(status, percentage, shown_score, is_stuck, edited_by_staff, has_problem)
) stored;

-- PostgreSQL named these after their tables and columns. Since PostgreSQL 18 "not null" is one too.
do $$
declare
    one record;
begin
    for one in
        select
            conrelid::regclass as relation,
            conname,
            replace(
                replace(
                    replace(
                        replace(
                            replace(
                                replace(replace(conname, 'kept_attempt', 'lock_attempt'), 'kept_id', 'lock_id'),
                                'is_kept', 'is_locked'
                            ),
                            'kept', 'lock'
                        ),
                        'left_as_is', 'dismissal'
                    ),
                    'judged', 'values_digest'
                ),
                '_held_', '_locked_values_'
            ) as name
        from pg_constraint
        where connamespace = 'dashboard'::regnamespace
            and (conname ~ '^(kept|left_as_is)' or conname ~ 'is_kept')
    loop
        execute format(
            'alter table %s rename constraint %I to %I',
            one.relation, one.conname, replace(one.name, 'release_reason', 'unlock_reason')
        );
    end loop;
end
$$;
