-- Who asks is told by a signature. Until here it was told by a setting, which any statement can set: one that
-- somebody smuggled into a query could have become anybody. Now the app signs for whom it acts (HMAC-SHA256,
-- data/access/claims.py), and every rule of ours asks internal.me(), which knows the key and believes nothing else.
--
-- auth.uid() stays what it is on the host platform: whom a request of its own is for.

-- HMAC from the built-in sha256(): the key as its two pads, made once. Nobody but the owner reads them.
create table internal.claims_key (
    id text primary key check (id ~ '^[0-9a-f]{8}$'),
    inner_pad bytea not null check (length(inner_pad) = 64),
    outer_pad bytea not null check (length(outer_pad) = 64),
    made_at timestamptz not null default clock_timestamp(),
    ends_at timestamptz
);

comment on column internal.claims_key.ends_at is
'Until when a replaced key still holds; null for the present one.';

create unique index claims_key_present on internal.claims_key ((true)) where ends_at is null;

-- Whoever grants too much one day has granted nothing yet.
alter table internal.claims_key enable row level security;

-- The logins that speak for the app (`migrate` writes them here): only from them is a signature believed, and
-- from them a change needs one, where a session of the host platform's is believed as before.
create table internal.app_login (
    name name primary key
);

alter table internal.app_login enable row level security;

-- The person for whom the app signed; null where nobody did, or not just now (two minutes by the database's
-- clock, counted from the transaction's start: a long transaction does not lose its person).
create function internal.me() returns uuid
language plpgsql stable security definer
set search_path = ''
as $$
declare
    claims jsonb := nullif(current_setting('request.jwt.claims', true), '')::jsonb;
    key internal.claims_key;
    expected bytea;
begin
    if claims ? 'sig' is not true then
        return null;
    end if;
    select * into key
    from internal.claims_key as known
    where known.id = claims ->> 'kid'
        and (known.ends_at is null or known.ends_at > now())
        -- From no other login: of those, internal.author() believes the platform's word.
        and exists (select from internal.app_login as login where login.name = session_user);
    if not found then
        return null;
    end if;
    expected := sha256(
        key.outer_pad || sha256(
            key.inner_pad || convert_to(
                (claims ->> 'sub') || ' ' || (claims ->> 'role') || ' ' || (claims ->> 'iat'), 'UTF8'
            )
        )
    );
    -- Digests of the two are compared, so that the time it takes says nothing about how much of it was right.
    if sha256(key.outer_pad || convert_to(encode(expected, 'hex'), 'UTF8'))
        is distinct from sha256(key.outer_pad || convert_to(claims ->> 'sig', 'UTF8'))
    then
        return null;
    end if;
    -- From here on it is the app's own word: no cast of it fails.
    if abs(extract(epoch from now()) - (claims ->> 'iat')::numeric) > 120 then
        return null;
    end if;
    return (claims ->> 'sub')::uuid;
end
$$;

-- Who is written down as the author of a change. From the app's login nobody is without a signature: a
-- statement that takes its own claims away under way would else sign as somebody else, or as the platform.
create function internal.author() returns uuid
language plpgsql stable security definer
set search_path = ''
as $$
declare
    me uuid := internal.me();
begin
    if me is not null then
        return me;
    end if;
    if exists (select from internal.app_login as known where known.name = session_user) then
        raise exception 'nobody has signed for this change' using errcode = 'insufficient_privilege';
    end if;
    return auth.uid();
end
$$;

-- Every function, view, policy and default of ours that asked auth.uid() asks these from now on. Told by the
-- catalogue, so that none is forgotten; tests/rls proves that none is left.
do $$
declare
    one record;
    path text := current_setting('search_path');
begin
    perform set_config('search_path', '', true);  -- so that names are written whole

    for one in
        select
            pg_get_functiondef(oid) as definition,
            case
                when proname in ('record_history', 'keep_facts', 'source_of', 'note_attempt')
                then 'internal.author()'
                else '(select internal.me())'
            end as asks
        from pg_proc
        where pronamespace::regnamespace::text in ('internal', 'dashboard')
            and prokind = 'f'
            and prosrc like '%auth.uid()%'
            and proname <> 'author'
    loop
        execute replace(
            replace(one.definition, '(select auth.uid())', one.asks), 'auth.uid()', one.asks
        );
    end loop;

    for one in
        select
            oid::regclass as name,
            array_to_string(reloptions, ', ') as options,
            pg_get_viewdef(oid) as definition
        from pg_class
        where relkind = 'v'
            and relnamespace::regnamespace::text in ('roster', 'dashboard', 'internal')
            and pg_get_viewdef(oid) like '%auth.uid()%'
    loop
        execute format(
            'create or replace view %s with (%s) as %s',
            one.name, one.options, replace(one.definition, 'auth.uid()', 'internal.me()')
        );
    end loop;

    for one in
        select schemaname, tablename, policyname, qual, with_check
        from pg_policies
        where schemaname = 'dashboard'
            and concat(qual, with_check) like '%auth.uid()%'
    loop
        execute format(
            'alter policy %I on %I.%I %s %s',
            one.policyname, one.schemaname, one.tablename,
            'using (' || replace(one.qual, 'auth.uid() AS uid', 'internal.me() AS me') || ')',
            'with check (' || replace(one.with_check, 'auth.uid() AS uid', 'internal.me() AS me') || ')'
        );
    end loop;

    for one in
        select adrelid::regclass as relation, attname
        from pg_attrdef
        join pg_attribute on attrelid = adrelid and attnum = adnum
        join pg_class on pg_class.oid = adrelid
        where relnamespace::regnamespace::text = 'dashboard'
            and pg_get_expr(adbin, adrelid) = 'auth.uid()'
    loop
        execute format(
            'alter table %s alter column %I set default internal.me()', one.relation, one.attname
        );
    end loop;

    perform set_config('search_path', path, true);
end
$$;

-- As in 0004; but whoever was switched off reads nothing any more, the own batches included.
alter policy authors_see_their_batches on dashboard.batch
using (
    author_id = (select internal.me())
    and (select internal.my_role()) in ('coordinator', 'admin')
);

-- What nobody needs is not read.
revoke select on dashboard.saved_view from dashboard_person;
grant select (id, owner_id, organisation_id, name, parameters, is_default) on dashboard.saved_view
to dashboard_person;

revoke execute on function internal.me(), internal.author() from public;
grant execute on function internal.me() to dashboard_person;
