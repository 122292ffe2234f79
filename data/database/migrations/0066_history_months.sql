-- The history by months. What there is becomes the part before the next month, as it stands: no row is copied.

do $$
declare
    entries constant regclass := 'dashboard.history';
    past text := 'history_before_' || to_char(now() at time zone 'UTC' + interval '1 month', 'YYYY_MM');
    beyond timestamptz := to_timestamp(right(past, 7) || '-01 +00', 'YYYY_MM-DD TZH');
    next bigint := nextval(pg_get_serial_sequence('dashboard.history', 'id'));
    said text[];
    indexed text[];
    granted text[];
    columns constant text := 'id, at, student_id, module_id, operation, source, author_id, batch_id, before, after';
    one text;
begin
    perform set_config('search_path', '', true);
    with recursive made (oid) as (
        select entries::oid
        union
        select ev_class
        from made
        join pg_depend on refclassid = 'pg_class'::regclass and refobjid = made.oid
        join pg_rewrite on classid = 'pg_rewrite'::regclass and objid = pg_rewrite.oid
    )
    select string_agg(distinct name, ', ' order by name)
    into one
    from (
        select pg_class.oid::regclass::text, relnamespace
        from made
        join pg_class using (oid)
        union
        select pg_proc.oid::regprocedure::text, pronamespace
        from made
        join pg_type on typrelid = made.oid
        join pg_depend on refclassid = 'pg_type'::regclass and refobjid in (pg_type.oid, typarray)
        join pg_proc on classid = 'pg_proc'::regclass and objid = pg_proc.oid
    ) as found (name, namespace)
    where namespace::regnamespace::text not in ('dashboard', 'dashboard_migrations', 'internal', 'roster', 'school');
    if one is not null then
        raise exception
            'Made of the history, and lost if it went on: %. Drop these, migrate, and make them again.', one;
    end if;
    -- Nobody who writes before all of the schema is in force again goes unrecorded or unguarded.
    said := array(
        select pg_get_triggerdef(pg_trigger.oid) from pg_trigger where tgrelid = entries and not tgisinternal
    ) || array(
        select format(
            'create policy %I on %s for select to %s using (%s)', polname, polrelid::regclass,
            (
                select string_agg(case when role = 0 then 'public' else role::regrole::text end, ', ')
                from unnest(polroles) as role
            ),
            pg_get_expr(polqual, polrelid)
        )
        from pg_policy
        where polcmd = 'r'
            and (
                polrelid = entries
                or exists (
                    select
                    from pg_depend
                    where classid = 'pg_policy'::regclass and objid = pg_policy.oid and refobjid = entries
                )
            )
    );
    indexed := array(
        select pg_get_indexdef(indexrelid)
        from pg_index
        where indrelid = entries and not indisprimary
    );

    granted := array(
        select format(
            'grant %s%s on dashboard.history to %s',
            privilege_type, ' (' || part || ')', case when grantee = 0 then 'public' else grantee::regrole::text end
        )
        from (
            select relowner, null, acl.*
            from pg_class
            cross join lateral aclexplode(relacl) as acl
            where pg_class.oid = entries
            union all
            select relowner, quote_ident(attname), acl.*
            from pg_class
            join pg_attribute on attrelid = pg_class.oid
            cross join lateral aclexplode(attacl) as acl
            where pg_class.oid = entries
        ) as given (owner, part, grantor, grantee, privilege_type, is_grantable)
        where grantee <> owner
    );

    -- What is made of the table, or takes a row of it: made again of the new one by the schema's files.
    for one in
        select format('drop policy %I on %s', polname, polrelid::regclass)
        from pg_policy
        join pg_depend on classid = 'pg_policy'::regclass and objid = pg_policy.oid and refobjid = entries
        group by polname, polrelid
        union all
        select format('drop trigger %I on dashboard.history', tgname)
        from pg_trigger
        where tgrelid = entries and not tgisinternal
    loop
        execute one;
    end loop;
    for one in
        select format('drop view if exists %s cascade', ev_class::regclass)
        from pg_depend
        join pg_rewrite on classid = 'pg_rewrite'::regclass and objid = pg_rewrite.oid
        where refobjid = entries
        union
        select format('drop routine if exists %s cascade', pg_proc.oid::regprocedure)
        from pg_type
        join pg_depend on refclassid = 'pg_type'::regclass and refobjid in (pg_type.oid, typarray)
        join pg_proc on classid = 'pg_proc'::regclass and objid = pg_proc.oid
        where typrelid = entries
    loop
        execute one;
    end loop;

    execute format('alter table dashboard.history rename to %I', past);
    execute format('alter table dashboard.%I set schema internal', past);
    past := 'internal.' || past;
    execute format('alter table %s alter column id drop identity', past);
    execute format('alter table %s drop constraint history_pkey', past);
    execute format('alter table %s add primary key (id, at)', past);

    execute format(
        'create table dashboard.history (like %s including all excluding indexes) partition by range (at)', past
    );
    execute format(
        'alter table dashboard.history '
        'add primary key (id, at), '
        'add foreign key (batch_id) references dashboard.batch (id), '
        'alter column id add generated always as identity, '
        'alter column id restart with %s',
        next
    );
    execute format('comment on column %s.before is null; comment on column %1$s.completions is null', past);
    alter table dashboard.history enable row level security;
    create table internal.history_of_no_month partition of dashboard.history default;
    foreach one in array indexed || granted || said loop
        execute one;
    end loop;
    -- What a clock said that was wrong.
    execute format(
        'with later as (delete from %s where at >= %L returning *) '
        'insert into internal.history_of_no_month (%s) overriding system value select %3$s from later',
        past, beyond, columns
    );
    execute format(
        'alter table dashboard.history attach partition %s for values from (minvalue) to (%L)', past, beyond
    );

    -- What takes a row of it is made again of the new one, and whatever calls that after it, in the order of the files.
    -- (What the data check found of rows is as it was.)
    if to_regclass('dashboard_migrations.in_force') is not null then
        update dashboard_migrations.in_force set digest = '' where file <> 'doubts';
    end if;
end
$$;
