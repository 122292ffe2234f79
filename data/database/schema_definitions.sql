-- Other roles' grants and policies are the school's own business: the app never acts as these. But the roles of
-- a host's web interface, and whoever is given rights on whatever is made, have none on what is ours: only on the
-- progress table and the accounts, which the host's programs write.
with recursive attached as (
    -- A database of which only the progress table's triggers, and what our own roles were given, are our business
    -- outside of our own schemas.
    select
    from pg_class
    join pg_namespace on pg_namespace.oid = relnamespace
    where nspname = 'internal' and relname = 'attachment'
),
acting as (
    select oid as role
    from pg_roles
    where rolname in (
        'dashboard_person',
        'dashboard_guest',
        coalesce(nullif(current_setting('dashboard.app_login', true), ''), session_user)
    )
    union
    select roleid
    from pg_auth_members
    join acting on acting.role = pg_auth_members.member
),
strangers as (
    select oid as role
    from pg_roles
    where rolname in ('authenticated', 'anon', 'service_role')
    union
    -- Whom the owner gives rights on whatever is made, here or anywhere.
    select grantee
    from pg_default_acl
    join pg_namespace on pg_namespace.nspowner = defaclrole
    cross join lateral aclexplode(defaclacl)
    where nspname = 'internal'
        and grantee <> defaclrole
        and defaclnamespace::regnamespace::text
            not in ('dashboard', 'dashboard_migrations', 'internal', 'roster', 'school')
),
-- Which months of the history there are depends on when one asks.
month as (
    select nspname || '.' || relname as name, 'table ' as sort, pg_class.*
    from pg_class
    join pg_namespace on pg_namespace.oid = relnamespace
    where pg_class.oid in (
        select inhrelid
        from pg_inherits
        join pg_class as parent on parent.oid = inhparent
        where parent.relname = 'history' and parent.relnamespace::regnamespace::text = 'dashboard'
    )
),
ours as (
    select
        nspname || '.' || relname as name,
        case when relkind = 'S' then 'sequence ' else 'table ' end as sort,
        pg_class.*
    from pg_class
    join pg_namespace on pg_namespace.oid = relnamespace
    where pg_class.oid not in (select month.oid from month) and relkind in ('r', 'p', 'v', 'm', 'S')
        and (
            nspname in ('dashboard', 'dashboard_migrations', 'internal', 'roster', 'school')
            or nspname || '.' || relname in (
                'auth.users', 'public.student_module_progress', 'public.organisations', 'public.modules',
                'public.lessons'
            ) and not exists (select from attached)
        )
),
callable as (
    select pg_proc.*, pg_proc.oid::regprocedure::text as name
    from pg_proc
    join pg_namespace on pg_namespace.oid = pronamespace
    where nspname in ('dashboard', 'dashboard_migrations', 'internal', 'roster', 'school')
        or (nspname = 'auth' and proname = 'uid' and pronargs = 0 and not exists (select from attached))
),
platforms as (
    select nspname || '.' || relname as name, 'platform table ' as sort, pg_class.*
    from pg_class
    join pg_namespace on pg_namespace.oid = relnamespace
    where relkind in ('r', 'p', 'v', 'm', 'f', 'S')
        and nspname not in (
            'dashboard', 'dashboard_migrations', 'internal', 'roster', 'school', 'pg_catalog', 'information_schema'
        )
        and exists (select from attached)
),
relation as (
    table ours union all table month union all table platforms
),
granted as (
    select sort || name as what, relacl as acl, relowner as owner, null::text as part
    from relation
    union all
    select sort || name, attacl, relowner, quote_ident(attname)
    from relation
    join pg_attribute on attrelid = relation.oid and attacl is not null
    union all
    -- No list of grants means the default one, which lets everybody call a function.
    select 'function ' || name, coalesce(proacl, acldefault('f', proowner)), proowner, null
    from callable
    union all
    select 'schema ' || nspname, nspacl, nspowner, null
    from pg_namespace
    where nspname in ('dashboard', 'dashboard_migrations', 'internal', 'roster', 'school')
        or (nspname = 'auth' and not exists (select from attached))
)
select 'rls ' || name, relrowsecurity || ' ' || relforcerowsecurity
from ours
where relkind in ('r', 'p')
union all
-- Only what is missing of their guard: to know that a month has one is to know all of it.
select 'month ' || name, 'unguarded'
from month
where not (
    relrowsecurity
    and exists (
        select
        from pg_trigger
        join pg_proc on pg_proc.oid = tgfoid
        where tgrelid = month.oid
            and tgname = 'history_is_append_only'
            and proname = 'refuse_rewriting'
            and pronamespace::regnamespace::text = 'internal'
            -- Before statements that insert, update, delete and truncate, whatever they are.
            and tgtype = 62
            and tgenabled in ('O', 'A')
            and tgqual is null
    )
)
union all
select
    case when polroles && array(select role from acting union all select 0) then '' else 'other ' end
        || 'policy ' || ours.name || ' ' || quote_ident(polname),
    concat_ws(
        ' | ', polpermissive, polcmd,
        array(select roles::regrole::text from unnest(polroles) as roles order by 1),
        pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)
    )
from pg_policy
join ours on ours.oid = polrelid
union all
select
    'trigger ' || relation.name || ' ' || quote_ident(tgname),
    tgenabled::text || ' ' || pg_get_triggerdef(pg_trigger.oid)
from pg_trigger
join relation on relation.oid = tgrelid
join pg_proc on pg_proc.oid = tgfoid
where not tgisinternal
    and tgparentid = 0
    and not (tgname = 'history_is_append_only' and relation.oid in (select month.oid from month))
    and (sort <> 'platform table ' or pronamespace::regnamespace::text = 'internal')
union all
select
    'function ' || name,
    concat_ws(
        ' | ', prokind, lanname, prosecdef, provolatile, proconfig, pg_get_function_result(callable.oid),
        coalesce(pg_get_function_sqlbody(callable.oid), prosrc)
    )
from callable
join pg_language on pg_language.oid = prolang
union all
select
    'constraint ' || ours.name || ' ' || quote_ident(conname),
    pg_get_constraintdef(pg_constraint.oid)
from pg_constraint
join ours on ours.oid = conrelid
-- Since PostgreSQL 18 "not null" is one too.
where contype <> 'n'
union all
select
    'index ' || ours.name || ' ' || quote_ident(named.relname),
    indisvalid || ' ' || pg_get_indexdef(indexrelid)
from pg_index
join ours on ours.oid = indrelid
join pg_class as named on named.oid = indexrelid
where indisunique
    and not exists (
        select
        from pg_constraint
        where conindid = indexrelid and contype in ('p', 'u', 'x')
    )
union all
select
    'rule ' || ours.name || ' ' || quote_ident(rulename),
    ev_enabled::text || ' ' || pg_get_ruledef(pg_rewrite.oid)
from pg_rewrite
join ours on ours.oid = ev_class
where not (relkind in ('v', 'm') and rulename = '_RETURN')
union all
select 'view ' || name, concat_ws(' | ', reloptions, pg_get_viewdef(oid))
from ours
where relkind = 'v'
union all
select 'default ' || ours.name || ' ' || attname, pg_get_expr(adbin, adrelid)
from pg_attrdef
join ours on ours.oid = adrelid
join pg_attribute on attrelid = adrelid and attnum = adnum
where attgenerated = ''
union all
select
    concat(
        'grant ', lower(privilege_type collate "C"), ' (' || part || ')', ' on ', what, ' to ',
        case when grantee = 0 then 'public' else grantee::regrole::text end
    ),
    case when is_grantable then 'with grant option' else 'granted' end
from granted
cross join lateral aclexplode(acl)
where grantee <> owner
    and (
        (grantee = 0 and what not like 'platform %')
        or grantee in (select role from acting)
        or (
            grantee in (select role from strangers)
            and what !~ '^(table public.student_module_progress|(table|function|schema) auth|platform)'
        )
    )
order by 1
