-- As whom the app acts: for a person, and for a guest before sign-in. Roles of our own, so that nothing that a host
-- platform gives to its roles reaches the app. Roles belong to the whole server, and may be there already.

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
