-- Months of the history that were archived and dropped (history_dropped.sql).

create table internal.dropped_month (
    beyond date primary key,
    first date,
    entries bigint not null,
    sha256 text not null check (length(sha256) = 64),
    dropped_at timestamptz not null default now()
);

alter table internal.dropped_month enable row level security;
