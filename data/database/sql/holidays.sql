-- Days off that an organisation enters: the rules of attention do not count them (attention_figures.sql).

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
grant select on dashboard.holiday to dashboard_person;
grant insert (id, organisation_id, name, first_day, last_day, author_id) on dashboard.holiday to dashboard_person;
grant update (removed_by, removed_at) on dashboard.holiday to dashboard_person;

create policy staff_see_holidays on dashboard.holiday
for select to dashboard_person
using (organisation_id in (select internal.my_organisations()));

-- Reason: whom pages name as in need of somebody depends on it.
create policy coordinators_add_holidays on dashboard.holiday
for insert to dashboard_person
with check (
    author_id = (select internal.me())
    and (select internal.my_role()) in ('coordinator', 'admin')
    and organisation_id in (select internal.my_organisations())
);

-- Reason: it is removed once, now, and in one's own name.
create policy coordinators_remove_holidays on dashboard.holiday
for update to dashboard_person
using (
    removed_at is null
    and (select internal.my_role()) in ('coordinator', 'admin')
    and organisation_id in (select internal.my_organisations())
)
with check (removed_by = (select internal.me()) and removed_at = now());

create or replace trigger holiday_is_not_rewritten
before delete or truncate on dashboard.holiday
for each statement execute function internal.refuse_rewriting();

-- The last moment from which to `moment` so many days went by, not counting what is off.
create or replace function internal.days_before(moment timestamptz, days integer, off tstzmultirange)
returns timestamptz
language sql immutable
set search_path = ''
set timezone = 'UTC'
as $$
    with day as (
        select
            upper(part) as ends,
            upper(part) - lower(part) as length,
            sum(upper(part) - lower(part)) over (order by upper(part) desc) as together
        from unnest(
            tstzmultirange(tstzrange(
                moment - make_interval(days => days) - coalesce(
                    (
                        select sum(upper(one) - lower(one))
                        from unnest(off * tstzmultirange(tstzrange('-infinity', moment))) as one
                    ),
                    '0'
                ),
                moment
            )) - off
        ) as part
    )
    select day.ends - (make_interval(days => days) - (day.together - day.length))
    from day
    where day.together >= make_interval(days => days)
    order by day.ends desc
    limit 1
$$;
