-- Who asks is told by a signature. A setting any statement can set: one that somebody smuggled into a query could
-- become anybody. So the app signs for whom it acts (HMAC-SHA256, data/access/claims.py), and every rule of ours asks
-- internal.me(), which knows the key and believes nothing else.
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

-- Did the app say this? By a key that is known, from a login of the app's.
create or replace function internal.is_signed(message text, key_id text, signature text) returns boolean
language plpgsql stable security definer
set search_path = ''
as $$
declare
    key internal.claims_key;
    expected bytea;
begin
    if message is null or signature is null then
        return false;
    end if;
    select * into key
    from internal.claims_key as known
    where known.id = key_id
        and (known.ends_at is null or known.ends_at > now())
        -- From no other login: of those, internal.author() believes the platform's word.
        and exists (select from internal.app_login as login where login.name = session_user);
    if not found then
        return false;
    end if;
    expected := sha256(key.outer_pad || sha256(key.inner_pad || convert_to(message, 'UTF8')));
    -- Digests of the two are compared, so that the time it takes says nothing about how much of it was right.
    return sha256(key.outer_pad || convert_to(encode(expected, 'hex'), 'UTF8'))
        = sha256(key.outer_pad || convert_to(signature, 'UTF8'));
end
$$;

-- The person for whom the app signed; null where nobody did, or not just now (two minutes by the database's
-- clock, counted from the transaction's start: a long transaction does not lose its person). Where somebody signed in,
-- the claims carry the session's id, signed too: then only while that session is open.
create or replace function internal.me() returns uuid
language plpgsql stable security definer
set search_path = ''
as $$
declare
    claims jsonb;
begin
    -- What the claims of any other login hold is the platform's own: not read here, so that nothing of them fails.
    if not exists (select from internal.app_login as known where known.name = session_user) then
        return null;
    end if;
    claims := nullif(current_setting('request.jwt.claims', true), '')::jsonb;
    if claims ? 'sig' is not true then
        return null;
    end if;
    if not internal.is_signed(
        (claims ->> 'sub') || ' ' || (claims ->> 'role') || ' ' || (claims ->> 'iat')
            || coalesce(' ' || (claims ->> 'sid'), ''),
        claims ->> 'kid',
        claims ->> 'sig'
    ) then
        return null;
    end if;
    -- The same words cut elsewhere say another thing: a session left out of its place is no moment.
    if claims ->> 'iat' !~ '^[0-9]+\.[0-9]{3}$' then
        return null;
    end if;
    -- From here on it is the app's own word: no cast of it fails.
    if abs(extract(epoch from now()) - (claims ->> 'iat')::numeric) > 120 then
        return null;
    end if;
    if claims ? 'sid' and not internal.is_session_open((claims ->> 'sid')::uuid, (claims ->> 'sub')::uuid) then
        return null;
    end if;
    return (claims ->> 'sub')::uuid;
end
$$;

-- Is it the app itself that asks, before it acts for anybody? A statement that was smuggled into a person's query can
-- take the guest's role, and would be told what is everybody's; it has no such signature.
create or replace function internal.is_guest() returns boolean
language plpgsql stable security definer
set search_path = ''
as $$
declare
    claims jsonb := nullif(current_setting('request.jwt.claims', true), '')::jsonb;
begin
    if not internal.is_signed('guest ' || (claims ->> 'iat'), claims ->> 'kid', claims ->> 'sig') then
        return false;
    end if;
    -- From here on it is the app's own word: no cast of it fails.
    return abs(extract(epoch from now()) - (claims ->> 'iat')::numeric) <= 120;
end
$$;

-- Who is written down as the author of a change. From the app's login nobody is without a signature: a
-- statement that takes its own claims away under way would else sign as somebody else, or as the platform.
create or replace function internal.author() returns uuid
language plpgsql stable security definer
set search_path = ''
as $$
declare
    me uuid;
begin
    if not exists (select from internal.app_login as known where known.name = session_user) then
        return internal.platform_author();
    end if;
    me := internal.me();
    if me is null and not internal.is_guest() then -- the app by itself, for nobody
        raise exception 'nobody has signed for this change' using errcode = 'insufficient_privilege';
    end if;
    return me;
end
$$;

grant execute on function internal.me() to dashboard_person;
