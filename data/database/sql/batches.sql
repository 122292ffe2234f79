-- Edits saved together: by whom, how and why. Append-only, for the owner too.
--
-- Who may open a batch, and who else sees it, depends on the history: in history.sql.

create table dashboard.batch (
    id uuid primary key,
    at timestamptz not null default clock_timestamp(),
    author_id uuid not null,
    source text not null check (
        source in ('form', 'grid', 'bulk', 'file', 'undo', 'restore', 'merge', 'command line')
    ),
    reason text check (length(reason) between 1 and 500),
    undoes uuid references dashboard.batch (id),
    digest text check (length(digest) = 64)
);

comment on column dashboard.batch.id is
'Chosen by whoever saves, before saving: a retry after a lost answer meets its own id and applies nothing twice.';

comment on column dashboard.batch.undoes is
'The batch whose rows, all or some, this one puts back.';

comment on column dashboard.batch.digest is
'SHA-256 of the edits: the same key with other edits is a mistake and no retry.';

create index batch_undoes on dashboard.batch (undoes) where undoes is not null;
create index batch_at on dashboard.batch (at, id);

alter table dashboard.batch enable row level security;
grant insert (id, author_id, source, reason, undoes, digest) on dashboard.batch to dashboard_person;
grant select (id, at, author_id, source, reason, undoes, digest) on dashboard.batch to dashboard_person;

-- Reason: a retry must find its own batch. Whoever was switched off reads nothing any more, the own batches included.
create policy authors_see_their_batches on dashboard.batch
for select to dashboard_person
using (
    author_id = (select internal.me())
    and (select internal.my_role()) in ('coordinator', 'admin')
);

-- But for the erasure of a person (erasure.sql), while it works.
create or replace function internal.refuse_rewriting() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    if tg_op <> 'TRUNCATE' then
        if exists (select from internal.erasing where transaction = pg_current_xact_id_if_assigned()) then
            return null;
        end if;
    end if;
    if tg_op = 'INSERT' then
        raise exception 'months are written through the history' using errcode = 'insufficient_privilege';
    end if;
    raise exception 'history is append-only' using errcode = 'insufficient_privilege';
end
$$;

create or replace trigger batch_is_append_only
before update or delete or truncate on dashboard.batch
for each statement execute function internal.refuse_rewriting();

-- The batch that whoever writes says it belongs to. Any session can say anything: what is no id is none, and no error
-- that would keep a write of the platform from being recorded, or a lock from holding.
create or replace function internal.open_batch() returns uuid
language sql stable
return case
    when current_setting('dashboard.batch', true) ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
    then current_setting('dashboard.batch', true)::uuid
end;
