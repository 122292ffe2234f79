-- What happened to the roster: who changed which person, class or module, from what to what. Append-only, for the
-- owner too.

create table dashboard.roster_batch (
    id uuid primary key,
    at timestamptz not null default clock_timestamp(),
    author_id uuid not null,
    source text not null check (source in ('form', 'bulk', 'file', 'undo', 'command line')),
    reason text check (length(reason) between 1 and 500),
    undoes uuid references dashboard.roster_batch (id),
    digest text not null check (length(digest) = 64)
);

comment on column dashboard.roster_batch.id is
'Chosen by whoever saves, before saving: a retry after a lost answer meets its own id and applies nothing twice.';

comment on column dashboard.roster_batch.digest is
'SHA-256 of the changes: the same key with other changes is a mistake and no retry.';

create index roster_batch_undoes on dashboard.roster_batch (undoes) where undoes is not null;
create index roster_batch_at on dashboard.roster_batch (at, id);

alter table dashboard.roster_batch enable row level security;

create table dashboard.roster_change (
    id bigint generated always as identity primary key,
    at timestamptz not null default clock_timestamp(),
    relation text not null,
    key jsonb not null,
    organisation_id uuid,
    operation text not null check (operation in ('insert', 'update', 'delete')),
    author_id uuid,
    batch_id uuid references dashboard.roster_batch (id),
    before jsonb,
    after jsonb
);

comment on column dashboard.roster_change.before is
'Changed columns only, as they were; a whole row where it was removed.';

comment on column dashboard.roster_change.organisation_id is
'Whose roster it is; null for modules, which are everybody''s.';

create index roster_change_batch on dashboard.roster_change (batch_id) where batch_id is not null;
create index roster_change_organisation on dashboard.roster_change (organisation_id, id);
create index roster_change_key on dashboard.roster_change (relation, key, id);

alter table dashboard.roster_change enable row level security;

create or replace trigger roster_batch_is_append_only
before update or delete or truncate on dashboard.roster_batch
for each statement execute function internal.refuse_rewriting();

create or replace trigger roster_change_is_append_only
before update or delete or truncate on dashboard.roster_change
for each statement execute function internal.refuse_rewriting();

-- Reason: who manages a roster sees what became of it; modules are everybody's who manages one. Colleagues without an
-- organisation are for who manages every one.
create policy managers_see_changes on dashboard.roster_change
for select to dashboard_person
using (
    organisation_id in (select internal.my_managed_organisations())
    or (organisation_id is null and (select internal.manages_all()))
    or (
        relation in ('module', 'lesson', 'retired_module')
        and (select internal.my_role()) in ('coordinator', 'admin')
    )
);

grant select on dashboard.roster_change to dashboard_person;

-- Reason: a retry must find its own batch, and whoever sees a change may see what it was part of.
create policy managers_see_batches on dashboard.roster_batch
for select to dashboard_person
using (
    (author_id = (select internal.me()) and (select internal.my_role()) in ('coordinator', 'admin'))
    or exists (
        -- Narrowed by the changes' own policy.
        select
        from dashboard.roster_change
        where roster_change.batch_id = roster_batch.id
        offset 0
    )
);

-- Did the batch change anything that I manage? Each row is guarded by itself.
create or replace function internal.may_undo_roster(batch uuid) returns boolean
language sql stable security definer
set search_path = ''
as $$
    select exists (
        select
        from dashboard.roster_change
        where roster_change.batch_id = batch
            and (
                roster_change.organisation_id in (select internal.my_managed_organisations())
                or (roster_change.organisation_id is null and (select internal.manages_all()))
                or (
                    roster_change.relation in ('module', 'lesson', 'retired_module')
                    and roster_change.author_id = (select internal.me())
                )
            )
    )
$$;

-- The policy calls it with the rights of whoever saves.
grant execute on function internal.may_undo_roster(uuid) to dashboard_person;

-- Reason: nobody signs with somebody else's name, only who manages a roster changes it, and what is undone must be the
-- manager's to change.
create policy managers_open_batches on dashboard.roster_batch
for insert to dashboard_person
with check (
    author_id = (select internal.me())
    and (select internal.my_role()) in ('coordinator', 'admin')
    and (undoes is null or (source = 'undo' and internal.may_undo_roster(undoes)))
);

grant select, insert (id, author_id, source, reason, undoes, digest) on dashboard.roster_batch to dashboard_person;
