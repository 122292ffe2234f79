-- Signing in with a school's own accounts. A provider says who came (issuer and subject); what is believed of it
-- is decided here, and only of what the app has signed: an injected statement binds nobody.

create table dashboard.identity (
    issuer text not null check (length(issuer) between 1 and 1000),
    subject text not null check (length(subject) between 1 and 1000),
    -- One account a person: whoever gets hold of an address later gets no second one.
    staff_id uuid not null unique,
    bound_at timestamptz not null default clock_timestamp(),
    primary key (issuer, subject)
);

comment on table dashboard.identity is
'Whose account is whose. Bound at the first sign-in by a verified e-mail; only issuer and subject count from then.';

-- A row a sign-in, whatever the number of tabs. It outlives its end, for as long as a browser could show the
-- same cookie again.
create table dashboard.staff_session (
    id uuid primary key,
    staff_id uuid not null,
    signed_in_at timestamptz not null,
    ends_at timestamptz not null,
    ended_at timestamptz
);

create index staff_session_staff_id on dashboard.staff_session (staff_id);

create table dashboard.sessions_valid_after (
    staff_id uuid primary key,
    moment timestamptz not null default clock_timestamp()
);

comment on table dashboard.sessions_valid_after is
'Who has signed out everywhere, and when: what was signed in before is over, seen here or not.';

-- Nobody but the owner's functions reads or writes these.
alter table dashboard.identity enable row level security;
alter table dashboard.staff_session enable row level security;
alter table dashboard.sessions_valid_after enable row level security;

-- Did the app say this? By a key that is known, from a login of the app's.
create function internal.is_signed(message text, key_id text, signature text) returns boolean
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

-- Is this sign-in one that still counts?
create function internal.is_session_open(session uuid, person uuid) returns boolean
language sql stable security definer
set search_path = ''
as $$
    select exists (
        select
        from dashboard.staff_session as one
        where one.id = session
            and one.staff_id = person
            and one.ended_at is null
            and one.ends_at > now()
            and not exists (
                select
                from dashboard.sessions_valid_after as after
                where after.staff_id = person and after.moment > one.signed_in_at
            )
    )
$$;

-- As in 0020; and where somebody signed in (claims carry the session's id, signed too), only while that counts.
create or replace function internal.me() returns uuid
language plpgsql stable security definer
set search_path = ''
as $$
declare
    claims jsonb := nullif(current_setting('request.jwt.claims', true), '')::jsonb;
begin
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

-- Whose account this is: bound already, or bound now by the one active person with this verified e-mail.
create function internal.bound_staff(told jsonb, out outcome text, out staff_id uuid)
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
    found_ids uuid[];
begin
    select identity.staff_id into bound_staff.staff_id
    from dashboard.identity
    where identity.issuer = told ->> 'issuer' and identity.subject = told ->> 'subject';
    if bound_staff.staff_id is not null then
        outcome := case
            when exists (
                select from school.staff where staff.id = bound_staff.staff_id and staff.is_active
            ) then 'bound'
            else 'disabled'
        end;
        return;
    end if;
    if told -> 'is_verified' is distinct from 'true'::jsonb then
        outcome := 'unverified';
        return;
    end if;
    select array_agg(staff.id) into found_ids
    from school.staff
    where staff.is_active and lower(staff.email) = lower(told ->> 'email');
    if cardinality(found_ids) is distinct from 1 then
        outcome := 'unknown';
        return;
    end if;
    insert into dashboard.identity (issuer, subject, staff_id)
    values (told ->> 'issuer', told ->> 'subject', found_ids[1])
    on conflict do nothing;
    -- Somebody else's account, or this one's in another tab just now.
    select identity.staff_id into bound_staff.staff_id
    from dashboard.identity
    where identity.issuer = told ->> 'issuer' and identity.subject = told ->> 'subject';
    outcome := case when bound_staff.staff_id is null then 'taken' else 'bound' end;
end
$$;

-- What the app asks before anybody acts: whom has the provider let in? Signed for this purpose and no other.
-- `told` is JSON: issuer, subject, email, is_verified, session (an id made from the provider's answer), issued_at
-- (seconds since 1970), hours (the longest session), at (when the app signed).
create function dashboard.sign_in(told text, key_id text, signature text)
returns table (outcome text, staff_id uuid, is_new boolean)
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
    asked jsonb;
    session dashboard.staff_session;
    began timestamptz;
begin
    is_new := false;
    outcome := 'unsigned';
    if not internal.is_signed('sign-in ' || told, key_id, signature) then
        return next;
        return;
    end if;
    asked := told::jsonb;
    if abs(extract(epoch from now()) - (asked ->> 'at')::numeric) > 120 then
        return next;
        return;
    end if;
    select bound.outcome, bound.staff_id into sign_in.outcome, sign_in.staff_id
    from internal.bound_staff(asked) as bound;
    if sign_in.outcome <> 'bound' then
        return next;
        return;
    end if;

    -- A sign-in counts from when it was first seen here; one that is shown late, from what the provider says.
    began := least(to_timestamp((asked ->> 'issued_at')::float8), now());
    if began > now() - interval '2 minutes' then
        began := now();
    end if;
    insert into dashboard.staff_session (id, staff_id, signed_in_at, ends_at)
    values (
        (asked ->> 'session')::uuid, sign_in.staff_id, began,
        began + make_interval(secs => (asked ->> 'hours')::float8 * 3600)
    )
    on conflict do nothing;
    is_new := found;
    select * into session from dashboard.staff_session where id = (asked ->> 'session')::uuid;
    sign_in.outcome := case
        when internal.is_session_open(session.id, sign_in.staff_id) then 'signed in'
        when session.ended_at is null and session.ends_at <= now() then 'expired'
        else 'ended'
    end;
    -- A browser forgets its cookie after 30 days.
    delete from dashboard.staff_session where is_new and ends_at < now() - interval '40 days';
    return next;
end
$$;

-- The person who asks signs out: here, in every tab of this browser; or everywhere.
create function dashboard.sign_out(everywhere boolean default false) returns void
language plpgsql security definer
set search_path = ''
as $$
declare
    me uuid := internal.me();
    session uuid;
begin
    if me is null then
        return;  -- it is over already
    end if;
    session := (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sid')::uuid;
    if session is null then
        return;  -- nobody signed in: a command, or the demo
    end if;
    update dashboard.staff_session
    set ended_at = clock_timestamp()
    where staff_id = me and ended_at is null and (everywhere or id = session);
    if everywhere then
        insert into dashboard.sessions_valid_after (staff_id)
        values (me)
        on conflict (staff_id) do update set moment = excluded.moment;
    end if;
end
$$;

revoke execute on all functions in schema internal from public;
revoke execute on function dashboard.sign_in(text, text, text), dashboard.sign_out(boolean) from public;
grant execute on function dashboard.sign_in(text, text, text) to dashboard_guest;
grant execute on function dashboard.sign_out(boolean) to dashboard_person;
