-- Months of the history that were archived and dropped (history_dropped.sql).

create table internal.dropped_month (
    beyond date primary key,
    first date,
    entries bigint not null,
    sha256 text not null check (length(sha256) = 64),
    last_id bigint,
    dropped_at timestamptz not null default now()
);

alter table internal.dropped_month enable row level security;

create table internal.dropped_trace (
    beyond date not null references internal.dropped_month on delete cascade,
    student_id uuid not null,
    author_id uuid,
    batch_id uuid
);

create index dropped_trace_student on internal.dropped_trace (student_id);
create index dropped_trace_batch on internal.dropped_trace (batch_id) where batch_id is not null;

alter table internal.dropped_trace enable row level security;
