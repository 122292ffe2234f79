-- Figures of the rules of attention that an organisation or a class may choose, and days off; how often an unpassed quiz was
-- tried, for a class may say how often is stuck.

create or replace function internal.attention_figures()
returns table (figure text, usual integer, lowest integer, highest integer)
language sql immutable rows 17
as $$
    values
    ('stuck', 1, 0, 1),
    ('stuck_attempts', 3, 2, 10),
    ('slipped', 1, 0, 1),
    ('slipped_modules', 1, 1, 20),
    ('not_begun', 1, 0, 1),
    ('not_begun_share', 50, 10, 100),
    ('failed', 1, 0, 1),
    ('failed_modules', 1, 1, 20),
    ('inactive', 1, 0, 1),
    ('inactive_days', 7, 2, 90),
    ('far_behind', 1, 0, 1),
    ('far_behind_share', 50, 10, 90),
    ('far_behind_modules', 4, 1, 50),
    ('stalled', 1, 0, 1),
    ('stalled_days', 14, 3, 180),
    ('doubtful', 1, 0, 1),
    ('doubtful_modules', 1, 1, 20)
$$;

create or replace function internal.is_figure(figure text, value integer) returns boolean
language sql immutable
set search_path = ''
as $$
    select exists (
        select
        from internal.attention_figures() as known
        where known.figure = is_figure.figure
            and (is_figure.value is null or is_figure.value between known.lowest and known.highest)
    )
$$;

create table dashboard.attention_change (
    number bigint primary key generated always as identity,
    organisation_id uuid,
    class_id uuid,
    figure text not null,
    value integer,
    follows bigint,
    author_id uuid not null default internal.me(),
    at timestamptz not null default clock_timestamp(),
    constraint attention_change_of_one check (num_nonnulls(organisation_id, class_id) = 1),
    constraint attention_change_value check (internal.is_figure(figure, value)),
    constraint attention_change_follows unique nulls not distinct (organisation_id, class_id, figure, follows)
);

comment on table dashboard.attention_change is
'Append-only: the last change of a figure for an organisation, or for a class, is the one that holds.';

comment on column dashboard.attention_change.value is
'Null takes the choice back: then the organisation''s holds, or what is usual.';

comment on column dashboard.attention_change.follows is
'The change that its author saw, null for none. Of two that follow the same one only the first is saved.';

alter table dashboard.attention_change enable row level security;
create table dashboard.holiday (
    id uuid primary key,
    organisation_id uuid not null,
    name text not null,
    first_day date not null,
    last_day date not null,
    author_id uuid not null default internal.me(),
    at timestamptz not null default clock_timestamp(),
    removed_by uuid,
    removed_at timestamptz,
    constraint holiday_name check (length(btrim(name)) between 1 and 100),
    constraint holiday_days check (
        last_day >= first_day
        and last_day - first_day < 120
        and first_day >= '2000-01-01'
        and last_day < '2100-01-01'
    ),
    constraint holiday_removed check (num_nulls(removed_by, removed_at) in (0, 2))
);

comment on table dashboard.holiday is
'Days of an organisation, of UTC, that count neither as days without activity nor as days without progress. They may
overlap. One that was removed stays for the record.';

create index holiday_organisation_id on dashboard.holiday (organisation_id) where removed_at is null;

alter table dashboard.holiday enable row level security;
alter table dashboard.fact add column attempts integer;

comment on column dashboard.fact.attempts is
'The most attempts at a lesson quiz that is not passed; null where none says how many. A class may be told of fewer, or
of more, than is_stuck.';

create or replace function internal.attempts_in(details jsonb) returns integer
language sql immutable
set search_path = ''
as $$
    select max(
        case
            when jsonb_typeof(quiz -> 'attempts') = 'number'
                or quiz ->> 'attempts' ~ '^ *[0-9]{1,200}([.]0{1,200})? *$'
            then least(floor((quiz ->> 'attempts')::numeric), 1000000)
        end
    )::integer
    from jsonb_path_query(
        details,
        'lax $.lesson_quiz_results.* ? (
            @.passed == false || @.passed == 0
            || @.passed like_regex "^ *(failed|false|f|no|n|off|0) *$" flag "i"
        )',
        '{}',
        true
    ) as quiz
$$;

-- Everybody's standing is counted anew below: nobody is to be noted.
drop trigger if exists note_updates on dashboard.fact;

update dashboard.fact
set attempts = internal.attempts_in(progress.progress_details)
from public.student_module_progress as progress
where fact.student_id = progress.student_id
    and fact.module_id = progress.module_id
    and jsonb_typeof(progress.progress_details) = 'object'
    and progress.progress_details ? 'lesson_quiz_results';

drop function if exists internal.flagged(uuid[], timestamptz);
drop function if exists internal.raised(uuid[], timestamptz, boolean);
drop function if exists internal.days(timestamptz, timestamptz);
drop function if exists internal.standings(uuid[]);
drop function if exists internal.counted(uuid, uuid[]);

drop table internal.standing;

create table internal.standing (
    class_id uuid not null,
    student_id uuid not null,
    completed integer not null,
    in_progress integer not null,
    other integer not null,
    has_begun boolean not null,
    idle_since timestamptz,
    progressed_at timestamptz,
    slipped integer not null,
    slipped_at timestamptz,
    failed integer not null,
    failed_at timestamptz,
    doubtful integer not null,
    attempts integer[],
    attempted_at timestamptz[],
    primary key (class_id, student_id)
);

create index standing_student_id on internal.standing (student_id);

alter table internal.standing enable row level security;

insert into internal.unsettled (class_id)
select id
from school.class;
