"""A host attached with its shipped adapter, and what of it is the host's own."""

from typing import Any, Final

from data.access.session import Database, connect
from data.database.attaching.adapter import read
from data.database.attaching.making import Wanted
from data.database.attaching.steps import attach
from data.database.claims_keys import present_key
from data.database.platform_triggers import Told
from tests.database.attached.host import Host

CATALOGUE: Final = """
with theirs as (
    select oid, nspname
    from pg_namespace
    where nspname !~ '^(pg_|(dashboard|roster|school|internal|dashboard_migrations)$)'
)
select 'schema', nspname, concat_ws(' ', nspowner::regrole, nspacl)
from pg_namespace
where nspname in (select nspname from theirs)
union all
select 'relation', pg_class.oid::regclass::text,
    concat_ws(' ', relkind, relowner::regrole, relacl, relrowsecurity, relforcerowsecurity, reloptions)
from pg_class
join theirs on theirs.oid = relnamespace
union all
select 'column', attrelid::regclass || '.' || attname,
    concat_ws(' ', attnum, atttypid::regtype, attnotnull, attacl)
from pg_attribute
join pg_class on pg_class.oid = attrelid
join theirs on theirs.oid = relnamespace
union all
select 'policy', polrelid::regclass || ' ' || polname,
    concat_ws(' ', polcmd, polpermissive, polroles, polqual, polwithcheck)
from pg_policy
join pg_class on pg_class.oid = polrelid
join theirs on theirs.oid = relnamespace
union all
select 'trigger', tgrelid::regclass || ' ' || tgname, pg_get_triggerdef(pg_trigger.oid)
from pg_trigger
join pg_class on pg_class.oid = tgrelid
join theirs on theirs.oid = relnamespace
where not tgisinternal
union all
select 'constraint', conrelid::regclass || ' ' || conname, pg_get_constraintdef(pg_constraint.oid)
from pg_constraint
join theirs on theirs.oid = connamespace
union all
select 'function', pg_proc.oid::regprocedure::text, concat_ws(' ', proowner::regrole, proacl, md5(prosrc))
from pg_proc
join theirs on theirs.oid = pronamespace
union all
select 'type', pg_type.oid::regtype::text, concat_ws(' ', typowner::regrole, typacl)
from pg_type
join theirs on theirs.oid = typnamespace
union all
select 'default privileges', concat_ws(' ', defaclrole::regrole, defaclnamespace, defaclobjtype),
    defaclacl::text
from pg_default_acl
union all
select 'role', rolname,
    concat_ws(' ', rolsuper, rolinherit, rolcreaterole, rolcanlogin, rolbypassrls, rolconfig)
from pg_roles
union all
select 'member', roleid::regrole || ' ' || member::regrole, concat_ws(' ', grantor::regrole, admin_option)
from pg_auth_members
union all
select 'database',
    concat_ws(' ', case grantee when 0 then 'public' else grantee::regrole::text end, privilege_type),
    ''
from pg_database
cross join aclexplode(coalesce(datacl, acldefault('d', datdba)))
where datname = current_database()
union all
select 'event trigger', evtname, evtenabled::text
from pg_event_trigger
order by 1, 2, 3
"""
"""Sorted, with owners, rights and default privileges."""


def nobody_told(what: str, done: int, of: int) -> None:
    """Hears how far it is, and does nothing."""


def attached(host: Host, told: Told = nobody_told, *, triggers: bool = True) -> Database:
    """With its adapter as it is shipped, to the end; as the app's login then connects."""
    attach(host.owner_url, host.app_url, Wanted(read(host.adapter), triggers=triggers), told)
    return connect(host.app_url, key=present_key(host.owner_url), pool_size=2)


def asked(host: Host, question: str, *bound: object) -> list[tuple[Any, ...]]:
    """As the owner of the tables."""
    with host.owner() as owner:
        found = owner.execute(question.encode(), bound)
        return found.fetchall() if found.description else []
