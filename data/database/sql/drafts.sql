-- Edits typed into the grid and not saved yet: they outlive a reload, a lost connection and a closed browser.

create table dashboard.draft (
    person_id uuid not null default internal.me(),
    class_id uuid not null,
    edits jsonb not null
        check (jsonb_typeof(edits) = 'array' and octet_length(edits::text) <= 5 * 1024 * 1024),
    updated_at timestamptz not null default clock_timestamp(),
    primary key (person_id, class_id)
);

alter table dashboard.draft enable row level security;
grant select on dashboard.draft to dashboard_person;
grant insert (person_id, class_id, edits) on dashboard.draft to dashboard_person;
grant update (edits, updated_at) on dashboard.draft to dashboard_person;
grant delete on dashboard.draft to dashboard_person;

-- In each: a draft is nobody's but its author's, an admin's included, as long as the author is staff.

create policy people_see_their_drafts on dashboard.draft
for select to dashboard_person
using (person_id = (select internal.me()) and (select internal.my_role()) <> 'student');

-- Reason: drafts are of classes that one works with; other ids would only fill the table.
create policy staff_save_drafts on dashboard.draft
for insert to dashboard_person
with check (
    person_id = (select internal.me())
    and (select internal.my_role()) not in ('student', 'viewer')
    and class_id in (select internal.my_staffed_classes())
);

create policy people_change_their_drafts on dashboard.draft
for update to dashboard_person
using (person_id = (select internal.me()) and (select internal.my_role()) not in ('student', 'viewer'))
with check (person_id = (select internal.me()));

create policy people_remove_their_drafts on dashboard.draft
for delete to dashboard_person
using (person_id = (select internal.me()) and (select internal.my_role()) <> 'student');
