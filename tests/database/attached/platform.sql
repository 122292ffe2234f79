-- A learning platform on Supabase. Said by the owner of public, so that the default privileges give all of it to
-- anon, authenticated and service_role; row level security is all that is between them and it.

create table public.clients (
    id uuid primary key,
    name text not null,
    is_active boolean not null default true
);

create table public.students (
    id uuid primary key references auth.users (id),
    client_id uuid references public.clients (id),
    full_name text,
    email text,
    student_id text,
    is_active boolean not null default true,
    last_login_at timestamptz,
    phone_number text,
    temporary_password text
);

create table public.profiles (
    id uuid primary key references auth.users (id),
    full_name text,
    role text,
    client_id uuid references public.clients (id),
    is_active boolean not null default true,
    status text not null default 'active'
);

create table public.products (
    id uuid primary key,
    name text not null
);

-- Neither of the next two says that somebody is assigned once only.
create table public.client_product_assignments (
    client_id uuid not null references public.clients (id),
    product_id uuid not null references public.products (id),
    assigned_at timestamptz not null default now()
);

create table public.student_product_assignments (
    student_id uuid not null references public.students (id),
    product_id uuid not null references public.products (id),
    assigned_at timestamptz not null default now()
);

create table public.modules (
    id uuid primary key,
    product_id uuid references public.products (id),
    type text not null,
    name text not null,
    sequence integer,
    configuration jsonb
);

create table public.module_product_assignments (
    module_id uuid not null references public.modules (id),
    product_id uuid not null references public.products (id)
);

create table public.lessons (
    id uuid primary key,
    module_id uuid not null references public.modules (id),
    title text,
    sequence integer,
    has_quiz boolean
);

create type public.progress_status as enum ('NotStarted', 'InProgress', 'Completed', 'Paused');

create table public.student_module_progress (
    student_id uuid not null references auth.users (id),
    module_id uuid not null references public.modules (id),
    status public.progress_status not null default 'NotStarted',
    score numeric,
    progress_details jsonb,
    last_updated timestamptz not null default now(),
    completed_at timestamptz,
    progress_percentage integer check (progress_percentage >= 0 and progress_percentage <= 100),
    completed_videos text[] default '{}',
    video_completion_count integer default 0,
    course_completed_at timestamp,
    primary key (student_id, module_id)
);

-- Only a change of the status is noticed: `last_updated` is not the moment of every write.
create function public.bump_last_updated() returns trigger
language plpgsql
as $$
begin
    new.last_updated := now();
    return new;
end
$$;

create trigger bump_last_updated
before update on public.student_module_progress
for each row when (old.status is distinct from new.status)
execute function public.bump_last_updated();

-- As whoever writes: it fails for a role that may not enter the schema auth.
create function public.stamp_course_completed() returns trigger
language plpgsql
as $$
begin
    if new.status = 'Completed' and auth.uid() = new.student_id then
        new.course_completed_at := coalesce(new.course_completed_at, now());
    end if;
    return new;
end
$$;

create trigger stamp_course_completed
before insert or update on public.student_module_progress
for each row execute function public.stamp_course_completed();

alter table public.clients enable row level security;
alter table public.students enable row level security;
alter table public.profiles enable row level security;
alter table public.products enable row level security;
alter table public.client_product_assignments enable row level security;
alter table public.student_product_assignments enable row level security;
alter table public.modules enable row level security;
alter table public.module_product_assignments enable row level security;
alter table public.lessons enable row level security;
alter table public.student_module_progress enable row level security;

create policy "Catalogue is open" on public.products for select using (true);
create policy "Catalogue is open" on public.modules for select using (true);
create policy "Catalogue is open" on public.lessons for select using (true);
create policy "Own client" on public.clients for select to authenticated
using (id in (select client_id from public.students where students.id = auth.uid()));
create policy "Own student" on public.students for select to authenticated using (id = auth.uid());
create policy "Own profile" on public.profiles for select to authenticated using (id = auth.uid());
-- The grant covers every column, `role` and `client_id` included.
create policy "Update own profile" on public.profiles for update to authenticated
using (id = auth.uid()) with check (id = auth.uid());

create policy "Student: SELECT own" on public.student_module_progress for select to authenticated
using (student_id = auth.uid());
create policy "Student: INSERT own" on public.student_module_progress for insert to authenticated
with check (student_id = auth.uid());
create policy "Student: UPDATE own" on public.student_module_progress for update to authenticated
using (student_id = auth.uid()) with check (student_id = auth.uid());
-- To everybody, since it says nothing else: whoever has a grant on the table reads these rows.
create policy "Leaderboard" on public.student_module_progress for select using (true);
-- To everybody too, and an error for whoever may not read profiles.
create policy "Staff: SELECT all" on public.student_module_progress for select
using (exists (
    select
    from public.profiles
    where profiles.id = auth.uid() and lower(profiles.role) in ('admin', 'staff', 'viewer')
));
create policy "No old completions" on public.student_module_progress as restrictive for update
using (completed_at is null or completed_at > '2020-01-01T00:00:00Z');
