-- What an erasure leaves, and what tells the histories that one is going on.

create table internal.erasing (
    transaction xid8 primary key
);

alter table internal.erasing enable row level security;

create table dashboard.erasure (
    id bigint primary key generated always as identity,
    at timestamptz not null default clock_timestamp(),
    author_id uuid not null,
    counts jsonb not null
);

alter table dashboard.erasure enable row level security;
