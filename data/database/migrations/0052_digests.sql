-- Where the digest is sent, and to whom it went; and that whose data went into a mail is recorded.

create table school.digest (
    organisation_id uuid primary key,
    is_sent boolean not null,
    names_students boolean not null
);

comment on table school.digest is
'Whether an organisation has the digest sent, and names students in it. Without a row: neither.';

alter table school.digest enable row level security;

do $$
begin
    -- Not where the platform's tables are its own.
    if to_regclass('internal.attachment') is null then
        alter table school.digest add foreign key (organisation_id) references public.organisations (id);
    end if;
end
$$;

create table internal.digest_reader (
    staff_id uuid primary key,
    token uuid not null default gen_random_uuid() constraint digest_reader_token unique,
    unsubscribed_at timestamptz,
    claimed_at timestamptz,
    sent_at timestamptz
);

comment on table internal.digest_reader is
'Who gets the digest: the secret of their link to unsubscribe, and when it was last sent.';

comment on column internal.digest_reader.claimed_at is
'Since when somebody is sending it: two who do at once send it once.';

alter table internal.digest_reader enable row level security;

alter table dashboard.disclosure drop constraint disclosure_kind;
alter table dashboard.disclosure
add constraint disclosure_kind check (kind in ('look', 'file', 'report', 'record', 'mail'));
