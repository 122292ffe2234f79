-- Roles of the whole server, as Supabase has them, and as often as one likes. `host_owner` is its `postgres`: it owns
-- what is in public and is no superuser. (The superuser of the tests' servers is called postgres.)
do $$
begin
    if exists (select from pg_roles where rolname = 'host_owner') then
        return;
    end if;
    create role anon nologin noinherit;
    create role authenticated nologin noinherit;
    create role service_role nologin noinherit bypassrls;
    create role authenticator login noinherit;
    create role supabase_auth_admin login noinherit createrole;
    create role host_owner login createrole createdb replication bypassrls;
    grant anon, authenticated, service_role to authenticator;
    grant anon, authenticated, service_role, authenticator to host_owner with admin option;
    grant pg_monitor, pg_read_all_data, pg_signal_backend to host_owner;
    alter role anon set statement_timeout = '3s';
    alter role authenticated set statement_timeout = '8s';
    alter role authenticator set statement_timeout = '8s';
    alter role authenticator set lock_timeout = '8s';
end
$$;
