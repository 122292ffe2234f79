-- As many more students as said, of many institutions of 400, all on one product of 50 modules, with a row of each.
-- Said by the superuser, without triggers; the numbers go on where rows.sql ends.

create procedure public.grow(students bigint)
language plpgsql
set session_replication_role = replica
set synchronous_commit = off
as $$
declare
    prefix constant text := '000000-0000-4000-8000-';
begin
    insert into public.products (id, name) values (('b0' || prefix || lpad('100', 12, '0'))::uuid, 'Everything');
    insert into public.modules (id, product_id, type, name, sequence)
    select
        ('a0' || prefix || lpad(number::text, 12, '0'))::uuid, ('b0' || prefix || lpad('100', 12, '0'))::uuid,
        (array['Course', 'Assessment'])[1 + number % 2], 'Module ' || number, number
    from generate_series(101, 150) as number;
    insert into public.clients (id, name)
    select ('c1' || prefix || lpad(number::text, 12, '0'))::uuid, 'Institution ' || number
    from generate_series(101, 101 + (students - 1) / 400) as number;
    insert into public.client_product_assignments (client_id, product_id)
    select id, ('b0' || prefix || lpad('100', 12, '0'))::uuid
    from public.clients
    where name like 'Institution %';
    insert into public.students (id, client_id, full_name, email)
    select
        ('5d' || prefix || lpad(number::text, 12, '0'))::uuid,
        ('c1' || prefix || lpad((101 + (number - 1001) / 400)::text, 12, '0'))::uuid,
        'Student ' || number, 'student' || number || '@example.org'
    from generate_series(1001, 1000 + students) as number;
    insert into auth.users (id, email, email_confirmed_at)
    select id, email, now()
    from public.students
    where right(id::text, 12)::bigint > 1000;
    insert into public.student_module_progress (
        student_id, module_id, status, score, last_updated, completed_at, progress_percentage
    )
    select
        ('5d' || prefix || lpad(student::text, 12, '0'))::uuid,
        ('a0' || prefix || lpad(module::text, 12, '0'))::uuid,
        (array['Completed', 'InProgress'])[1 + (student + module) % 2]::public.progress_status,
        case when (student + module) % 2 = 0 and module % 2 = 1 then student % 101 end,
        '2026-03-01T08:00:00Z'::timestamptz + (student + module) % 9999 * interval '7 minutes',
        case when (student + module) % 2 = 0 then '2026-03-01T07:00:00Z'::timestamptz end,
        case when (student + module) % 2 = 0 then 100 else student % 100 end
    from generate_series(1001, 1000 + students) as student
    cross join generate_series(101, 150) as module;
end
$$;
