-- Closed, whatever the server's default privileges give away. Some hosts give every right on whatever is made to the
-- roles of their web interface, and PostgreSQL lets everybody call a function. What the files of this folder grant they
-- grant to roles of our own; beside those only the owner has rights.
--
-- "From public" is said of the host's anon, authenticated and service_role too, where the server has them, and of
-- whoever has a right by default privileges (data/database/schema.py).
--
-- The progress table and the accounts are closed only when they are made (platform.sql): what the platform then grants
-- for its own programs is its own.

revoke all on schema school, roster, dashboard, internal, dashboard_migrations from public;
revoke all on all tables in schema school, roster, dashboard, internal, dashboard_migrations from public;
revoke all on all sequences in schema school, roster, dashboard, internal, dashboard_migrations from public;
revoke all on all routines in schema school, roster, dashboard, internal, dashboard_migrations from public;

-- Whoever may connect may know the revision: a program asks before it acts for anybody.
grant usage on schema dashboard_migrations to public;
grant select on dashboard_migrations.alembic_version to public;

alter table dashboard_migrations.alembic_version enable row level security;

create policy everybody_knows_the_revision on dashboard_migrations.alembic_version
for select to public
using (true);
