-- The history by months of UTC, each a table of its own in the schema internal: one goes without a row being deleted.
--
-- Triggers of statements are not fired where a month is named instead of the history. So each has a guard of its own,
-- which lets nobody write there, and nobody has a right on it; row level security is on for who is given one.

-- What finds no month: nobody who writes is kept from it. keep_months() moves it to a month of its own.
create table internal.history_of_no_month partition of dashboard.history default;

create or replace function internal.guard_month(month regclass) returns void
language plpgsql
set search_path = ''
as $$
declare
    whose text;
begin
    execute format('alter table %s enable row level security', month);
    for whose in
        select distinct case when given.grantee = 0 then 'public' else given.grantee::regrole::text end
        from pg_catalog.pg_class
        cross join lateral (
            select acl.grantee from aclexplode(relacl) as acl
            union
            select acl.grantee
            from pg_catalog.pg_attribute
            cross join lateral aclexplode(attacl) as acl
            where attrelid = pg_class.oid
        ) as given
        where pg_class.oid = month and given.grantee <> relowner
    loop
        execute format('revoke all on %s from %s cascade', month, whose);
    end loop;
    execute format('drop trigger if exists history_is_append_only on %s', month);
    execute format(
        'create trigger history_is_append_only before insert or update or delete or truncate on %s '
        'for each statement execute function internal.refuse_rewriting()',
        month
    );
end
$$;

-- The months there are. What an older release kept is all before one month.
create or replace function internal.history_months()
returns table (month regclass, first date, beyond date, is_guarded boolean)
language sql stable
set search_path = ''
as $$
    select
        pg_class.oid::regclass,
        case
            when named.day is null or relname like 'history\_before\_%' then null
            else named.day
        end,
        case
            when relname like 'history\_before\_%' then named.day
            else (named.day + interval '1 month')::date
        end,
        relrowsecurity and exists (
            select
            from pg_catalog.pg_trigger
            where tgrelid = pg_class.oid
                and tgname = 'history_is_append_only'
                and tgfoid = 'internal.refuse_rewriting'::regproc
                -- Before statements that insert, update, delete and truncate, whatever they are.
                and tgtype = 62
                and tgenabled in ('O', 'A')
                and tgqual is null
        )
    from pg_catalog.pg_inherits
    join pg_catalog.pg_class on pg_class.oid = inhrelid
    cross join lateral (
        select to_date(substring(relname from '^history_(?:before_)?(\d{4}_\d\d)$'), 'YYYY_MM') as day
    ) as named
    where inhparent = 'dashboard.history'::regclass
$$;

-- Whether a moment is one of which a month is made. A clock that was wrong makes others, and these stay in none.
create or replace function internal.has_month(at timestamptz) returns boolean
language sql stable
return at >= '2000-01-01 00:00+00' and at < now() + interval '1 year';

-- A month that is not there, with what came for it before it was. Readers and writers are kept for no longer than that
-- takes.
create or replace function internal.make_month(first date) returns void
language plpgsql
set search_path = ''
set timezone = 'UTC'
as $$
declare
    month text := format('internal.history_%s', to_char(first, 'YYYY_MM'));
    since timestamptz := first::timestamp at time zone 'UTC';
    until timestamptz := (first + interval '1 month') at time zone 'UTC';
    columns text;
begin
    -- Who writes is to wait before a table is chosen for the entry, not after.
    lock table only dashboard.history in share row exclusive mode;
    execute format(
        'create table %s (like dashboard.history including all excluding comments excluding identity '
        'excluding indexes excluding statistics)',
        month
    );
    if exists (select from internal.history_of_no_month where at >= since and at < until) then
        lock table internal.history_of_no_month in access exclusive mode;
        select string_agg(quote_ident(attname), ', ')
        into columns
        from pg_catalog.pg_attribute
        where attrelid = 'dashboard.history'::regclass and attnum > 0 and attgenerated = '' and not attisdropped;
        insert into internal.erasing (transaction) values (pg_current_xact_id());
        execute format(
            'with moved as (delete from internal.history_of_no_month where at >= $1 and at < $2 returning *) '
            'insert into %s (%s) select %2$s from moved',
            month, columns
        ) using since, until;
        delete from internal.erasing;
    end if;
    perform internal.guard_month(month::regclass);
    execute format(
        'alter table dashboard.history attach partition %s for values from (%L) to (%L)', month, since, until
    );
end
$$;

-- From a moment on, or now, until three months ahead, and those for which something came: how many were made. Where
-- more than `most` entries came, these wait for whoever has time. And every month has its guard.
create or replace function internal.keep_months(since timestamptz default null, most integer default null)
returns integer
language plpgsql
set search_path = ''
set timezone = 'UTC'
as $$
declare
    missing date[];
    months regclass[] := array(select known.month from internal.history_months() as known where not known.is_guarded);
begin
    for place in 1 .. cardinality(months) loop
        perform internal.guard_month(months[place]);
    end loop;
    missing := array(
        select wanted.first
        from (
            select day::date, 0 as entries
            from generate_series(
                date_trunc('month', coalesce(since, now())), date_trunc('month', now()) + interval '3 months', '1 month'
            ) as day
            union all
            select date_trunc('month', at)::date, 1
            from internal.history_of_no_month
            where internal.has_month(at)
        ) as wanted (first, entries)
        where not exists (
            select
            from internal.history_months() as known
            where coalesce(known.first, '-infinity') <= wanted.first and known.beyond > wanted.first
        )
        group by wanted.first
        having sum(wanted.entries) <= coalesce(most, 'infinity'::float8)
        order by wanted.first
    );
    for place in 1 .. cardinality(missing) loop
        perform internal.make_month(missing[place]);
    end loop;
    return cardinality(missing);
end
$$;

-- By the app itself, as often as it likes. Who reads or writes for long is not waited for: it is tried again.
create or replace function dashboard.keep_months() returns integer
language plpgsql security definer
set search_path = ''
set lock_timeout = '200ms'
as $$
begin
    if not internal.is_guest()
        or current_setting('transaction_read_only') = 'on'
        or to_regclass(
            'internal.history_' || to_char(now() at time zone 'UTC' + interval '2 months', 'YYYY_MM')
        ) is not null
        and not exists (select from internal.history_of_no_month where internal.has_month(at))
        or not pg_catalog.pg_try_advisory_xact_lock(7205759407)
    then
        return 0;
    end if;
    return internal.keep_months(null, 20000);
exception
    when lock_not_available or deadlock_detected or check_violation then
        return 0;
end
$$;

grant execute on function dashboard.keep_months() to dashboard_guest;

select internal.keep_months();
