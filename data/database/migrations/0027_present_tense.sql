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

-- Nothing has called it for long.
drop function internal.changed_side(jsonb, jsonb);
