-- What share of a class is to be completed by a day: a plan that whoever teaches it sets, and no deadline of any module's.
-- Append-only, as responses to flags are: the last row of a class is the one that holds; one without a share takes the
-- target away.

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
grant select on dashboard.class_target to dashboard_person;
grant insert (id, class_id, author_id, share, by_day, completed, cells) on dashboard.class_target to dashboard_person;

-- Reason: whoever sees how a class is doing sees what is planned for it; students are told of neither.
create policy staff_see_targets on dashboard.class_target
for select to dashboard_person
using (class_id in (select internal.my_staffed_classes()));

-- Reason: whoever works with the class plans it, a teacher too, and signs with the own name; a viewer only reads.
create policy staff_set_targets on dashboard.class_target
for insert to dashboard_person
with check (
    author_id = (select internal.me())
    and (select internal.my_role()) <> 'viewer'
    and class_id in (select internal.my_staffed_classes())
);

create or replace trigger class_target_is_append_only
before update or delete or truncate on dashboard.class_target
for each statement execute function internal.refuse_rewriting();

-- How many of its cells a class that I staff has completed now: as dashboard.class_count says, without all the others.
create or replace function dashboard.class_completed(class uuid) returns table (completed integer, cells integer)
language sql stable security definer rows 1
set search_path = ''
set jit = off
as $$
    select
        coalesce(sum(counted.completed), 0)::integer,
        (
            count(counted.student_id)
            * (
                select count(*)
                from school.class_module
                where class_module.class_id = its.id
            )
        )::integer
    from school.class as its
    left join lateral (
        select standing.student_id, standing.completed
        from internal.standings(array[its.id]) as standing
        join school.student on student.id = standing.student_id
        where student.organisation_id = its.organisation_id or (select internal.sees_guests())
    ) as counted on true
    where its.id = class_completed.class
        and its.id in (select internal.my_staffed_classes())
    group by its.id
$$;

grant execute on function dashboard.class_completed(uuid) to dashboard_person;
