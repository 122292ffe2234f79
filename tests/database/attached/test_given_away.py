"""Whatever its owner gives away by default, what is made on a platform's database is ours alone."""

from typing import Final

from data.database.claims_keys import present_key
from data.database.preflight import faults
from tests.database.attached.attaching import asked, attached
from tests.database.attached.host import Host

GENEROUS: Final = [
    f"alter default privileges for role host_owner grant all on {what} to anon, service_role, {who}"
    for what in ("tables", "functions", "sequences", "types", "schemas")
    for who in ("pg_monitor", "public")
]

GIVEN: Final = """
with ours as (
    select oid
    from pg_namespace
    where nspname in ('dashboard', 'roster', 'school', 'internal', 'dashboard_migrations')
),
made (name, acl, owner) as (
    select 'schema ' || nspname, nspacl, nspowner
    from pg_namespace
    where oid in (table ours)
    union all
    select oid::regclass::text, relacl, relowner
    from pg_class
    where relnamespace in (table ours)
    union all
    select attrelid::regclass || '.' || attname, attacl, relowner
    from pg_attribute
    join pg_class on pg_class.oid = attrelid
    where relnamespace in (table ours)
    union all
    select oid::regprocedure::text, coalesce(proacl, acldefault('f', proowner)), proowner
    from pg_proc
    where pronamespace in (table ours)
)
select distinct
    case grantee when 0 then 'everybody' else grantee::regrole::text end,
    case when grantee = 0 then name end
from made
cross join lateral aclexplode(acl)
where grantee <> owner
order by 1, 2
"""
"""To whom of ours anything is given, and what to everybody."""

OF_OURS: Final = [
    ("dashboard_guest", None),
    ("dashboard_person", None),
    ("everybody", "dashboard_migrations.alembic_version"),
    ("everybody", "schema dashboard_migrations"),
]


def test_nobody_but_our_own_roles_is_given_anything_of_ours(platform: Host) -> None:
    platform.spoil(";".join(GENEROUS))
    asked(platform, "create table public.control ()")
    assert asked(
        platform, "select has_table_privilege('pg_monitor', 'public.control', 'select')"
    ) == [(True,)]
    attached(platform).engine.dispose()
    assert asked(platform, GIVEN) == OF_OURS
    key = present_key(platform.owner_url)
    asked(platform, "grant select on dashboard.history to service_role")
    (found,) = faults(platform.app_url, key)
    assert found.message.startswith("Whoever administers the host platform, whom no row level")
    asked(platform, found.message.partition("Run: ")[2])
    assert asked(platform, GIVEN) == OF_OURS
    assert faults(platform.app_url, key) == []
