"""Each right that is given, taken away; each that is not given, given."""

from collections.abc import Iterator
from typing import Final

from tests.rls.mutant import SCHEMAS, Connection, Mutant


def grants(connection: Connection) -> Iterator[Mutant]:
    for kind, name, relation, privilege, part, grantee in connection.execute(
        GRANTED.encode()
    ).fetchall():
        column = f" ({part})" if part else ""
        statement = f"revoke {privilege}{column} on {kind} {name} from {grantee}"
        yield Mutant(statement, statement, relation, is_right=True)
    for relation, privilege, grantee in connection.execute(NOT_GRANTED.encode()).fetchall():
        statement = f"grant {privilege} on table {relation} to {grantee}"
        yield Mutant(statement, statement, relation, is_right=True)
    for name, grantee in connection.execute(NOT_CALLABLE.encode()).fetchall():
        statement = f"grant execute on function {name} to {grantee}"
        yield Mutant(statement, statement, is_right=True)


GRANTED: Final = f"""
select
    'table', pg_class.oid::regclass::text, pg_class.oid::regclass::text, privilege_type, part,
    grantee::regrole::text
from pg_class
cross join lateral (
    select privilege_type, grantee, null::text as part
    from aclexplode(relacl)
    union all
    select privilege_type, grantee, quote_ident(attname)
    from pg_attribute
    cross join lateral aclexplode(attacl)
    where attrelid = pg_class.oid
) as granted
where relnamespace::regnamespace::text in {SCHEMAS} and grantee <> relowner
union all
select 'function', pg_proc.oid::regprocedure::text, null, privilege_type, null, grantee::regrole::text
from pg_proc
cross join lateral aclexplode(proacl)
where pronamespace::regnamespace::text in {SCHEMAS} and grantee <> proowner
union all
select 'schema', nspname, null, privilege_type, null, grantee::regrole::text
from pg_namespace
cross join lateral aclexplode(nspacl)
where nspname in ('auth', 'dashboard', 'internal', 'roster', 'school') and grantee <> nspowner
"""

NOT_GRANTED: Final = f"""
select pg_class.oid::regclass::text, privilege, grantee
from pg_class
cross join unnest(array['select', 'insert', 'update', 'delete', 'truncate']) as privilege
cross join unnest(array['dashboard_person', 'dashboard_guest']) as grantee
where relkind in ('r', 'p', 'v')
    and not relispartition
    and relnamespace::regnamespace::text in {SCHEMAS}
    and not has_table_privilege(grantee, oid, privilege)
    and (grantee = 'dashboard_person' or privilege = 'select')
    and (relkind <> 'v' or privilege <> 'truncate')
"""

NOT_CALLABLE: Final = f"""
select pg_proc.oid::regprocedure::text, grantee
from pg_proc
cross join unnest(array['dashboard_person']) as grantee
where pronamespace::regnamespace::text in {SCHEMAS}
    and prokind = 'f'
    and not has_function_privilege(grantee, oid, 'execute')
"""
