-- Schemas, as whom the app acts, and who may enter which.
--
-- auth, public: the host platform's. school: the facts of who is who. roster: what people may read of them.
-- dashboard: what we add. internal: functions that run with the owner's rights; nobody lists it.

-- Roles of our own, so that nothing that a host platform gives to its roles reaches the app: for a person, and for a
-- guest before sign-in. Roles belong to the whole server, and may be there already.
do $$
begin
    if not exists (select from pg_roles where rolname = 'dashboard_guest') then
        create role dashboard_guest nologin noinherit;
    end if;
    if not exists (select from pg_roles where rolname = 'dashboard_person') then
        create role dashboard_person nologin noinherit;
    end if;
end
$$;

create schema school;
create schema roster;
create schema dashboard;
create schema internal;

grant usage on schema school, roster, dashboard, internal to dashboard_person;
grant usage on schema dashboard to dashboard_guest;
