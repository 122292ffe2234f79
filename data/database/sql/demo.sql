-- Demo people exist only where the launcher of the embedded database wrote the marker: one row, by the owner.

create table internal.demo_marker (
    only_one boolean primary key default true check (only_one),
    loaded_at timestamptz not null default clock_timestamp()
);

alter table internal.demo_marker enable row level security;

-- Asked before anybody has signed in: staff to "open as", and nothing where there is no marker.
create or replace function dashboard.demo_people()
returns table (id uuid, full_name text, role text, organisation text)
language sql stable security definer
set search_path = ''
as $$
    select staff.id, staff.full_name, staff.role, organisation.name
    from school.staff
    left join school.organisation on organisation.id = staff.organisation_id
    where staff.is_active
        and exists (select from internal.demo_marker)
        and (select internal.is_guest())
    order by
        organisation.name nulls last,
        array_position(array['viewer', 'teacher', 'coordinator', 'admin'], staff.role),
        staff.full_name
$$;

grant execute on function dashboard.demo_people() to dashboard_guest;
