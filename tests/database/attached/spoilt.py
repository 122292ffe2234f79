"""The platform with one thing otherwise, and what its owner must then be told, or nothing."""

ROLE = """
do $$
begin
    if to_regrole('dashboard_person') is null then
        create role dashboard_person nologin;
    end if;
end
$$
"""
TABLE = "student_module_progress"
OF_ANOTHER = f"""
alter table {TABLE} owner to postgres;
revoke all on {TABLE} from anon, authenticated, service_role;
grant select, insert, update on {TABLE} to host_owner;
"""
LOGGED = f"""
create function log_it() returns trigger language plpgsql as $$
begin
    insert into lessons default values;
    return null;
end
$$;
drop trigger stamp_course_completed on {TABLE};
create trigger log_it after update on {TABLE} execute function log_it()
"""
PEEKED = """
create function peek() returns bigint language sql security definer
as 'select count(*) from students'
"""
OTHERWISE_KEYED = f"""
alter table {TABLE} drop constraint {TABLE}_pkey;
create unique index on {TABLE} (module_id, student_id)
"""
DEMANDING = f"""
alter table {TABLE} add cohort text not null default '';
alter table {TABLE} alter cohort drop default
"""
PARTLY_KEYED = f"""
alter table {TABLE} drop constraint {TABLE}_pkey;
create unique index on {TABLE} (student_id, module_id) where score > 1
"""
EMPTIED = f"""
alter table {TABLE} alter last_updated drop not null;
update {TABLE} set last_updated = null, score = 1 where status = 'Paused'
"""
WITHOUT_TRIGGERS = (
    f"drop trigger bump_last_updated on {TABLE}; drop trigger stamp_course_completed on {TABLE}; "
)

SPOILT = [
    (
        f"alter table {TABLE} drop constraint {TABLE}_pkey",
        "key",
        "stop: public.student_module_progress has no key",
    ),
    (
        OTHERWISE_KEYED,
        "key",
        "note: student_id and module_id are unique",
    ),
    (
        PARTLY_KEYED,
        "key",
        "stop: ",
    ),
    (
        f"alter table {TABLE} alter score type float8",
        "type",
        "stop: public.student_module_progress.score is double precision and must be numeric",
    ),
    (
        f"alter table {TABLE} alter score type numeric(5, 2)",
        "type",
        "note: public.student_module_progress.score is numeric(5,2)",
    ),
    (
        f"{WITHOUT_TRIGGERS} alter table {TABLE} alter status drop default, alter status type text",
        "type",
        "stop: public.student_module_progress.status is text and must be progress_status",
    ),
    (
        "alter type progress_status rename value 'Completed' to 'Done'",
        "enum",
        "stop: The type progress_status lacks Completed",
    ),
    (
        f"alter table {TABLE} drop column progress_details",
        "column",
        "stop: public.student_module_progress lacks the column progress_details",
    ),
    (f"alter table {TABLE} alter last_updated drop not null", "empty", "note: "),
    (
        EMPTIED,
        "empty",
        "stop: public.student_module_progress.last_updated may be empty, and is in 2 rows",
    ),
    (
        DEMANDING,
        "demanded_columns",
        "consent: cohort must be given",
    ),
    (
        f"alter table {TABLE} drop constraint {TABLE}_progress_percentage_check",
        "check",
        "note: No check limits",
    ),
    (
        f"alter table {TABLE} add constraint fair check (score < 1000)",
        "check",
        "note: The constraint fair may refuse",
    ),
    (
        f"create rule quiet as on delete to {TABLE} do instead nothing",
        "rules",
        "stop: Rules rewrite",
    ),
    (f"create table older () inherits ({TABLE})", "inheritance", "stop: "),
    (f"alter table {TABLE} rename to progress", "table", "stop: There is no table"),
    (
        f"alter table {TABLE} rename to progress; create view {TABLE} as select * from progress",
        "table",
        "stop: public.student_module_progress is no plain table",
    ),
    (f"create index on {TABLE} (module_id)", "index", ""),
    (
        f"alter table {TABLE} disable row level security",
        "row_level_security",
        "note: Row level security is off",
    ),
    (f"alter table {TABLE} force row level security", "row_level_security", ""),
    (
        f"alter table {TABLE} force row level security; alter role host_owner nobypassrls",
        "row_level_security",
        "every row: they are forced on the owner",
    ),
    (
        f"{OF_ANOTHER} alter role host_owner nobypassrls",
        "row_level_security",
        "every row: only its owner, postgres",
    ),
    (
        f"{OF_ANOTHER} revoke insert, update on {TABLE} from host_owner",
        "rights",
        "stop: This user may not insert, update",
    ),
    (
        f"{OF_ANOTHER} grant trigger on {TABLE} to host_owner",
        "triggers",
        "stop: This user may not make triggers on public.student_module_progress and remove them again",
    ),
    (
        "update profiles set client_id = (select id from clients limit 1) where role = 'Admin'",
        "roles",
        "with the role “admin” as admin of all organisations",
    ),
    ("alter role host_owner nocreaterole", "roles", "stop: The user host_owner may not make roles"),
    (
        "do $$ begin execute format('alter database %I owner to postgres', current_database()); end $$",
        "schemas",
        "stop: The user host_owner may not make schemas",
    ),
    (
        "do $$ begin execute format('alter database %I owner to postgres', current_database()); end $$",
        "temporary",
        "stop: Everybody may make temporary tables in host_",
    ),
    (
        "do $$ begin execute format('revoke temporary on database %I from public', current_database()); end $$",
        "temporary",
        "",
    ),
    ("revoke usage on schema public from public", "usage", "consent: Not everybody may enter"),
    (
        "create schema roster",
        "schemas_there",
        "stop: Schemas of these names are there already: roster",
    ),
    (
        f"{ROLE}; grant select on students to dashboard_person",
        "role_given",
        "the app would then have: table students. Whoever",
    ),
    (f"{ROLE}; grant authenticated to dashboard_person", "role_given", "authenticated"),
    (
        f"{ROLE}; create policy ours on students to dashboard_person using (true)",
        "role_given",
        "policy ours on table students",
    ),
    (
        f"{ROLE}; alter role dashboard_person login",
        "role",
        "stop: The role dashboard_person is there and may do more",
    ),
    ("set jit = on", "jit", "note: The server compiles"),
    (
        "alter role authenticator set pgrst.db_schemas = 'public, dashboard'",
        "exposed",
        "stop: The platform's web interface is set to expose dashboard",
    ),
    ("alter role authenticator set pgrst.db_schemas = 'public, graphql_public'", "exposed", ""),
    (f"revoke truncate on {TABLE} from anon, authenticated, service_role", "truncate", ""),
    (
        "grant update (email) on students to public",
        "given_to_everybody",
        "consent: Everybody has UPDATE on public.students",
    ),
    (
        "grant select on students, clients to public",
        "given_to_everybody",
        "consent: Everybody has SELECT on public.clients, public.students, the app's roles too",
    ),
    ("grant select on auth.users to public", "given_to_everybody", ""),
    (
        PEEKED,
        "definers",
        "note: 1 functions",
    ),
    (
        "alter default privileges for role host_owner grant select on tables to anon",
        "default_privileges",
        "note: Whatever this user makes is given to anon",
    ),
    ("alter function stamp_course_completed() security definer", "trigger_as_writer", ""),
    (
        LOGGED,
        "trigger_as_writer",
        "consent: The trigger log_it of the platform runs as whoever writes, and asks into lessons",
    ),
    ('drop policy "Update own profile" on profiles', "self_written", ""),
    ("revoke update on profiles from anon, authenticated", "self_written", ""),
    (
        "alter table profiles disable row level security",
        "self_written",
        "they are: anon, authenticated can write",
    ),
    (
        "revoke update on profiles from anon, authenticated; grant update (role) on profiles to public",
        "self_written",
        "they are: authenticated can write role of public.profiles by",
    ),
]
