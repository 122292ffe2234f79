-- What the overview says of a class and whom the rules flag in it is worked out once and kept; all is still to be.

create table internal.class_summary (
    class_id uuid primary key,
    kept_at timestamptz not null,
    holds_until timestamptz not null,
    has_guests boolean not null,
    students integer not null,
    modules integer not null,
    completed integer not null,
    in_progress integer not null,
    other integer not null,
    needs_attention integer not null,
    by_rule jsonb not null,
    flagged uuid[] not null,
    urgency bigint[] not null,
    newest timestamptz[] not null,
    flags_of uuid[] not null,
    rules text[] not null,
    weights integer[] not null,
    flagged_modules integer[] not null,
    since timestamptz[] not null
);

comment on table internal.class_summary is
'As for whoever sees guests from other organisations, and whatever staff responded.';

comment on column internal.class_summary.flagged is
'Each student who is; beside it, in the same order, how urgent that is (internal.rule_places) and the newest sign.';

comment on column internal.class_summary.flags_of is
'Of each flag the student; beside it, in the same order, its rule, weight, modules and sign. How many days it is of moves
by the clock and is not kept.';

create index class_summary_holds_until on internal.class_summary (holds_until);

alter table internal.class_summary enable row level security;

alter table internal.unsettled add column summary_of uuid;

comment on column internal.unsettled.summary_of is
'A class, an organisation with its classes, or a student with theirs, whose standings are sure all the same: only what is
kept of the class as a whole is not (class_summaries.sql).';
