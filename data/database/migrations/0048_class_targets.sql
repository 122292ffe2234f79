-- What share of a class is planned to be completed by a day.

create table dashboard.class_target (
    id uuid primary key,
    number bigint not null generated always as identity,
    class_id uuid not null,
    author_id uuid not null default internal.me(),
    share integer,
    by_day date,
    completed integer,
    cells integer,
    at timestamptz not null default clock_timestamp(),
    constraint class_target_share check (share between 1 and 100),
    -- A day less than the server's: it may be yesterday still where somebody sets it.
    constraint class_target_day check (
        by_day between (at at time zone 'UTC')::date - 1 and (at at time zone 'UTC')::date + 731
    ),
    constraint class_target_begins check (completed >= 0 and completed <= cells and cells > 0),
    constraint class_target_whole check (num_nonnulls(share, by_day, completed, cells) in (0, 4))
);

comment on column dashboard.class_target.id is
'Chosen by whoever sets it, before: a retry after a lost answer meets its own id and writes nothing twice.';

comment on column dashboard.class_target.completed is
'Of `cells` of the class, when it was set: where the plan begins.';

create index class_target_class_id on dashboard.class_target (class_id, number);

alter table dashboard.class_target enable row level security;
