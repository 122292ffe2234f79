-- The figures of the rules of attention (attention.sql): what each may be, and what an organisation or a class chose. What
-- a figure is called stands under the same key in data/rules/attention_figures.py.

-- Which there are: what holds where nobody chose, and the least and the most that may be chosen. One that bears the name
-- of a rule says whether it is on.
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

-- A check is made with the rights of whoever writes.
grant execute on function internal.attention_figures(), internal.is_figure(text, integer) to dashboard_person;

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
grant select on dashboard.attention_change to dashboard_person;
grant insert (organisation_id, class_id, figure, value, follows, author_id) on dashboard.attention_change
to dashboard_person;

-- Reason: whoever works with a class may know why somebody is flagged in it, and who decided that.
create policy staff_see_figures on dashboard.attention_change
for select to dashboard_person
using (
    organisation_id in (select internal.my_organisations())
    or class_id in (select internal.my_staffed_classes())
);

-- Reason: it decides for everybody who works there whom they are told of.
create policy coordinators_change_figures on dashboard.attention_change
for insert to dashboard_person
with check (
    author_id = (select internal.me())
    and (select internal.my_role()) in ('coordinator', 'admin')
    and (
        organisation_id in (select internal.my_organisations())
        or class_id in (select internal.my_staffed_classes())
    )
);

create or replace trigger attention_change_is_append_only
before update or delete or truncate on dashboard.attention_change
for each statement execute function internal.refuse_rewriting();

-- What holds for each of these classes at a moment: the class's own figures, else its organisation's, else what is usual;
-- since when at the latest somebody did nothing, or came no further, who is inactive or stalled by now; and what is off,
-- null where nothing is. `proposed` is what would be changed: {"figures": {organisation or class: {figure: value}},
-- "holidays": {organisation: [[first day, last day]]}}, where null takes a figure back and the holidays are all there are.
create or replace function internal.class_figures(classes uuid[], moment timestamptz, proposed jsonb default null)
returns table (
    class_id uuid,
    stuck integer,
    stuck_attempts integer,
    slipped integer,
    slipped_modules integer,
    not_begun integer,
    not_begun_share integer,
    failed integer,
    failed_modules integer,
    inactive integer,
    inactive_days integer,
    far_behind integer,
    far_behind_share integer,
    far_behind_modules integer,
    stalled integer,
    stalled_days integer,
    doubtful integer,
    doubtful_modules integer,
    idle_before timestamptz,
    progressed_before timestamptz,
    off tstzmultirange
)
language sql stable rows 50
set search_path = ''
set timezone = 'UTC'
as $$
    with class as materialized (
        select class.id, class.organisation_id
        from school.class
        where class.id = any (classes)
    ),
    -- What was chosen last, of an organisation or a class.
    chosen as materialized (
        select each.of_id, jsonb_object_agg(each.figure, each.value) as figures
        from (
            select distinct on (change.organisation_id, change.class_id, change.figure)
                coalesce(change.class_id, change.organisation_id) as of_id, change.figure, change.value
            from dashboard.attention_change as change
            where change.organisation_id in (select class.organisation_id from class)
                or change.class_id in (select class.id from class)
            order by change.organisation_id, change.class_id, change.figure, change.number desc
        ) as each
        group by each.of_id
    ),
    usual as materialized (
        select jsonb_object_agg(known.figure, known.usual) as figures
        from internal.attention_figures() as known
    ),
    of_organisation as materialized (
        select
            organisation.id,
            usual.figures || jsonb_strip_nulls(
                coalesce(chosen.figures, '{}')
                || coalesce(proposed -> 'figures' -> organisation.id::text, '{}')
            ) as figures,
            case
                when proposed -> 'holidays' ? organisation.id::text
                then (
                    select range_agg(tstzrange((said ->> 0)::date, (said ->> 1)::date + 1))
                    from jsonb_array_elements(proposed -> 'holidays' -> organisation.id::text) as said
                )
                else (
                    select range_agg(tstzrange(holiday.first_day, holiday.last_day + 1))
                    from dashboard.holiday
                    where holiday.organisation_id = organisation.id and holiday.removed_at is null
                )
            end as off
        from (select distinct class.organisation_id as id from class) as organisation
        cross join usual
        left join chosen on chosen.of_id = organisation.id
    ),
    -- Most classes have their organisation's, which are then read once for all of them.
    own as materialized (
        select
            class.id,
            of_organisation.figures || jsonb_strip_nulls(
                coalesce(chosen.figures, '{}')
                || coalesce(proposed -> 'figures' -> class.id::text, '{}')
            ) as figures
        from class
        join of_organisation on of_organisation.id = class.organisation_id
        left join chosen on chosen.of_id = class.id
        where chosen.of_id is not null or proposed -> 'figures' ? class.id::text
    ),
    held as materialized (
        select each.id as of_id, figures.*
        from (
            select of_organisation.id, of_organisation.figures from of_organisation
            union all
            select own.id, own.figures from own
        ) as each
        cross join lateral jsonb_to_record(each.figures) as figures (
            stuck integer, stuck_attempts integer, slipped integer, slipped_modules integer, not_begun integer,
            not_begun_share integer, failed integer, failed_modules integer, inactive integer,
            inactive_days integer, far_behind integer, far_behind_share integer, far_behind_modules integer,
            stalled integer, stalled_days integer, doubtful integer, doubtful_modules integer
        )
    ),
    of_class as materialized (
        select class.id, class.organisation_id, of_organisation.off, held.*
        from class
        join of_organisation on of_organisation.id = class.organisation_id
        left join own on own.id = class.id
        join held on held.of_id = coalesce(own.id, class.organisation_id)
    ),
    -- Worked out once for each number of days that an organisation has.
    since as materialized (
        select each.organisation_id, each.days, internal.days_before(moment, each.days, each.off) as at
        from (
            select organisation_id, inactive_days as days, off from of_class where off is not null
            union
            select organisation_id, stalled_days, off from of_class where off is not null
        ) as each
    )
    select
        of_class.id, of_class.stuck, of_class.stuck_attempts, of_class.slipped, of_class.slipped_modules,
        of_class.not_begun, of_class.not_begun_share, of_class.failed, of_class.failed_modules, of_class.inactive,
        of_class.inactive_days, of_class.far_behind, of_class.far_behind_share, of_class.far_behind_modules,
        of_class.stalled, of_class.stalled_days, of_class.doubtful, of_class.doubtful_modules,
        coalesce(idle.at, moment - make_interval(days => of_class.inactive_days)),
        coalesce(stalled.at, moment - make_interval(days => of_class.stalled_days)),
        of_class.off
    from of_class
    left join since as idle
        on idle.organisation_id = of_class.organisation_id and idle.days = of_class.inactive_days
    left join since as stalled
        on stalled.organisation_id = of_class.organisation_id and stalled.days = of_class.stalled_days
$$;
