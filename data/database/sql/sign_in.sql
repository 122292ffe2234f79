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

-- Nobody but the owner's functions reads or writes these.
alter table dashboard.identity enable row level security;

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

alter table dashboard.staff_session enable row level security;

create table dashboard.sessions_valid_after (
    staff_id uuid primary key,
    moment timestamptz not null default clock_timestamp()
);

comment on table dashboard.sessions_valid_after is
'Who has signed out everywhere, and when: what was signed in before is over, seen here or not.';

alter table dashboard.sessions_valid_after enable row level security;

-- Is this sign-in one that still counts? It is asked whenever the rules are, for everybody who signed in: hence
-- PL/pgSQL, which keeps its plan.
create or replace function internal.is_session_open(session uuid, person uuid) returns boolean
language plpgsql stable security definer
set search_path = ''
as $$
begin
    return exists (
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
    );
end
$$;

-- Why a sign-in of this person does not count: 'ended' or 'expired'; null where it does. One that was not seen
-- here yet would be from `began` to `ends`.
create or replace function internal.why_session_ended(session uuid, person uuid, began timestamptz, ends timestamptz) returns text
language sql stable security definer
set search_path = ''
as $$
    select case
        when one.ended_at is not null or one.staff_id <> person then 'ended'
        when coalesce(one.ends_at, ends) <= now() then 'expired'
        when exists (
            select
            from dashboard.sessions_valid_after as after
            where after.staff_id = person and after.moment > coalesce(one.signed_in_at, began)
        ) then 'ended'
    end
    from (values (session)) as asked (id)
    left join dashboard.staff_session as one on one.id = asked.id
$$;

-- Of an e-mail address only A to Z have capitals here. In a larger alphabet another letter can have the same
-- small one (the Kelvin sign is a k, a dotted İ an i), and a stranger's address would pass for somebody's.
create or replace function internal.folded_email(email text) returns text
language sql immutable
set search_path = ''
as $$
    select lower(email collate "C")
$$;

-- Whose account this is: bound already, or bound now by the platform's own word (staff_of_account), or by the one active
-- person with this verified e-mail. A sign-in
-- that is over binds nobody: else whoever was unbound took the account back by a page that was left open.
create or replace function internal.bound_staff(
    answer jsonb, began timestamptz, ends timestamptz, out outcome text, out staff_id uuid
)
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
    found_ids uuid[];
begin
    select identity.staff_id into bound_staff.staff_id
    from dashboard.identity
    where identity.issuer = answer ->> 'issuer' and identity.subject = answer ->> 'subject';
    if bound_staff.staff_id is not null then
        outcome := case
            when exists (
                select from school.staff where staff.id = bound_staff.staff_id and staff.is_active
            ) then 'bound'
            else 'disabled'
        end;
        return;
    end if;
    found_ids := array(select internal.staff_of_account(answer ->> 'issuer', answer ->> 'subject'));
    if cardinality(found_ids) = 0 then
        if coalesce(answer ->> 'email', '') = '' then
            outcome := 'no_email';
            return;
        end if;
        if answer -> 'is_verified' is distinct from 'true'::jsonb then
            outcome := 'unverified';
            return;
        end if;
        select array_agg(staff.id) into found_ids
        from school.staff
        where staff.is_active and internal.folded_email(staff.email) = internal.folded_email(answer ->> 'email');
    end if;
    if cardinality(found_ids) is distinct from 1 then
        outcome := 'unknown';
        return;
    end if;
    outcome := internal.why_session_ended((answer ->> 'session')::uuid, found_ids[1], began, ends);
    if outcome is not null then
        return;
    end if;
    insert into dashboard.identity (issuer, subject, staff_id)
    values (answer ->> 'issuer', answer ->> 'subject', found_ids[1])
    on conflict do nothing;
    -- Somebody else's account, or this one's in another tab just now.
    select identity.staff_id into bound_staff.staff_id
    from dashboard.identity
    where identity.issuer = answer ->> 'issuer' and identity.subject = answer ->> 'subject';
    outcome := case when bound_staff.staff_id is null then 'taken' else 'bound' end;
end
$$;

-- What the app asks before anybody acts: whom has the provider let in? Signed for this purpose and no other.
-- `answer` is JSON: issuer, subject, email, is_verified, session (an id made from the provider's answer), issued_at
-- (seconds since 1970), hours (the longest session), at (when the app signed).
-- By a sign-in that is over nothing is bound and no row made; whose it was is told all the same.
create or replace function dashboard.sign_in(answer text, key_id text, signature text)
returns table (outcome text, staff_id uuid, is_new boolean)
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
    asked jsonb;
    session uuid;
    began timestamptz;
    ends timestamptz;
begin
    is_new := false;
    outcome := 'unsigned';
    if not internal.is_signed('sign-in ' || answer, key_id, signature) then
        return next;
        return;
    end if;
    asked := answer::jsonb;
    if abs(extract(epoch from now()) - (asked ->> 'at')::numeric) > 120 then
        return next;
        return;
    end if;

    -- A sign-in counts from when it was first seen here; one that is shown late, from what the provider says.
    session := (asked ->> 'session')::uuid;
    began := least(to_timestamp((asked ->> 'issued_at')::float8), now());
    if began > now() - interval '2 minutes' then
        began := now();
    end if;
    ends := began + make_interval(secs => (asked ->> 'hours')::float8 * 3600);

    select bound.outcome, bound.staff_id into sign_in.outcome, sign_in.staff_id
    from internal.bound_staff(asked, began, ends) as bound;
    if sign_in.outcome = 'bound' then
        sign_in.outcome := coalesce(
            internal.why_session_ended(session, sign_in.staff_id, began, ends), 'signed in'
        );
    end if;
    -- Of a sign-in that is known nothing is written: it counts in a database that can only be read, too.
    if sign_in.outcome = 'signed in' and not exists (
        select from dashboard.staff_session as known where known.id = session
    ) then
        insert into dashboard.staff_session (id, staff_id, signed_in_at, ends_at)
        values (session, sign_in.staff_id, began, ends)
        on conflict do nothing;
        is_new := found;
        -- A browser forgets its cookie after 30 days.
        delete from dashboard.staff_session where is_new and ends_at < now() - interval '40 days';
    end if;
    return next;
end
$$;

grant execute on function dashboard.sign_in(text, text, text) to dashboard_guest;

-- The person who asks signs out: here, in every tab of this browser; or everywhere.
create or replace function dashboard.sign_out(everywhere boolean default false) returns void
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

grant execute on function dashboard.sign_out(boolean) to dashboard_person;

-- Which of these sign-ins count no more: ended, too old, or of somebody who was switched off. For the app, which
-- looks after the pages that are open; it tells of no person, and of no sign-in that was not named.
create or replace function dashboard.ended_sessions(sessions uuid[]) returns setof uuid
language sql stable security definer
set search_path = ''
as $$
    select asked.id
    from unnest(sessions) as asked (id)
    where (select internal.is_guest()) and not exists (
        select
        from dashboard.staff_session as one
        join school.staff on staff.id = one.staff_id
        where one.id = asked.id
            and staff.is_active
            and internal.is_session_open(one.id, one.staff_id)
    )
$$;

grant execute on function dashboard.ended_sessions(uuid[]) to dashboard_guest;
