-- What Supabase has in every database before anybody makes a table. Said by the superuser.

create schema extensions;
grant usage on schema extensions to anon, authenticated, service_role, host_owner;

create schema auth authorization supabase_auth_admin;
-- Without grant option: the owner of public cannot let anybody else in.
grant usage on schema auth to anon, authenticated, service_role, host_owner;

set role supabase_auth_admin;

create table auth.users (
    id uuid primary key,
    email varchar(255),
    encrypted_password text,
    email_confirmed_at timestamptz,
    confirmation_token text,
    raw_user_meta_data jsonb,
    is_sso_user boolean not null default false,
    is_anonymous boolean not null default false,
    banned_until timestamptz,
    deleted_at timestamptz,
    created_at timestamptz not null default '2025-08-01T08:00:00Z'
);

create unique index users_email_partial_key on auth.users (email) where not is_sso_user;
alter table auth.users enable row level security;
grant select, references, trigger on auth.users to host_owner;

create function auth.uid() returns uuid
language sql stable
as $$
    select coalesce(
        nullif(current_setting('request.jwt.claim.sub', true), ''),
        nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub'
    )::uuid
$$;

create function auth.jwt() returns jsonb
language sql stable
as $$
    select coalesce(
        nullif(current_setting('request.jwt.claim', true), ''),
        nullif(current_setting('request.jwt.claims', true), '')
    )::jsonb
$$;

reset role;

alter default privileges for role host_owner in schema public
grant all on tables to anon, authenticated, service_role;
alter default privileges for role host_owner in schema public
grant all on functions to anon, authenticated, service_role;
alter default privileges for role host_owner in schema public
grant all on sequences to anon, authenticated, service_role;
grant usage on schema public to anon, authenticated, service_role;

-- Its web interface reads the schema anew whenever somebody changes it.
create function extensions.pgrst_ddl_watch() returns event_trigger
language plpgsql
as $$
begin
    notify pgrst, 'reload schema';
end
$$;

create event trigger pgrst_ddl_watch on ddl_command_end
execute function extensions.pgrst_ddl_watch();
