-- Views of the class page that people named: the address's parameters and nothing else.

create table dashboard.saved_view (
    id uuid primary key default gen_random_uuid(),
    owner_id uuid not null default internal.me(),
    organisation_id uuid,
    name text not null check (length(btrim(name)) between 1 and 80),
    parameters jsonb not null check (jsonb_typeof(parameters) = 'object' and length(parameters::text) <= 4000),
    is_default boolean not null default false,
    created_at timestamptz not null default clock_timestamp(),
    unique (owner_id, name)
);

comment on column dashboard.saved_view.organisation_id is
'Shared with the staff of this organisation; null keeps it mine.';

create unique index saved_view_one_default on dashboard.saved_view (owner_id) where is_default;
create index saved_view_organisation_id on dashboard.saved_view (organisation_id) where organisation_id is not null;

alter table dashboard.saved_view enable row level security;
grant select (id, owner_id, organisation_id, name, parameters, is_default) on dashboard.saved_view
to dashboard_person;
grant insert (organisation_id, name, parameters, is_default) on dashboard.saved_view to dashboard_person;
grant update (organisation_id, name, parameters, is_default) on dashboard.saved_view to dashboard_person;
grant delete on dashboard.saved_view to dashboard_person;

-- In each: who was switched off has no role, and so no views.

-- Reason: mine, and what colleagues shared. A view only names filters: whoever opens it sees with own eyes.
create policy people_see_their_views on dashboard.saved_view
for select to dashboard_person
using (
    (select internal.my_role()) <> 'student'
    and (
        owner_id = (select internal.me())
        or organisation_id in (select internal.my_organisations())
    )
);

-- Reason: staff save views, in their own name, and share them at home only; a viewer changes nothing that others see.
create policy staff_save_views on dashboard.saved_view
for insert to dashboard_person
with check (
    owner_id = (select internal.me())
    and (select internal.my_role()) <> 'student'
    and (
        organisation_id is null
        or (
            organisation_id in (select internal.my_organisations())
            and (select internal.my_role()) <> 'viewer'
        )
    )
);

-- Reason: nobody changes or removes a colleague's view.
create policy owners_change_views on dashboard.saved_view
for update to dashboard_person
using (owner_id = (select internal.me()) and (select internal.my_role()) <> 'student')
with check (
    owner_id = (select internal.me())
    and (
        organisation_id is null
        or (
            organisation_id in (select internal.my_organisations())
            and (select internal.my_role()) <> 'viewer'
        )
    )
);

create policy owners_remove_views on dashboard.saved_view
for delete to dashboard_person
using (owner_id = (select internal.me()) and (select internal.my_role()) <> 'student');
