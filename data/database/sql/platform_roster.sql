-- What of the roster is the platform's own (platform.sql): names, modules and lessons as views.

create or replace view school.organisation as
select id, name
from public.organisations;

create or replace view school.module as
select
    id,
    name,
    internal.module_type(type) as type,
    sequence,
    internal.pass_mark(configuration) as pass_mark
from public.modules;

-- Nothing is copied: it is as new as can be (classes_refreshed.sql has it otherwise).
create or replace function dashboard.refresh_roster() returns boolean
language sql
return false;

-- It is nobody else's, so there is nothing to say of that.
create or replace function dashboard.attachment()
returns table (
    adapter text,
    known_since timestamptz,
    refreshed_at timestamptz,
    failed_at timestamptz,
    error text,
    not_taken jsonb,
    has_triggers boolean
)
language sql stable
as $$
    select null, null::timestamptz, null::timestamptz, null::timestamptz, null, null::jsonb, true
    where false
$$;

grant execute on function dashboard.refresh_roster(), dashboard.attachment() to dashboard_guest, dashboard_person;

-- Nobody's account is known before it is bound (attachment.sql has it otherwise).
create or replace function internal.staff_of_account(issuer text, subject text) returns setof uuid
language sql stable
set search_path = ''
as $$
    select null::uuid
    where false
$$;

create or replace view school.lesson as
select id, module_id, title, sequence, has_quiz
from public.lessons;

-- Who is written down as the author of a change of the roster.
create or replace function internal.roster_author() returns uuid
language plpgsql stable
set search_path = ''
as $$
begin
    return internal.author();
end
$$;
