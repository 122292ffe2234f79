-- 121 students and their staff, with whatever was seen wrong in rows of real platforms. Said by the superuser, without
-- triggers. Ids can be told by kind and number (tests/database/attached/host.py): 5d…07 is the seventh student.

set session_replication_role = replica;

create function pg_temp.id(kind text, number bigint) returns uuid
language sql immutable
as $$
    select (kind || '000000-0000-4000-8000-' || lpad(number::text, 12, '0'))::uuid
$$;

-- 1 and 5 share a name; 3 is inactive; 4 has no product.
insert into public.clients (id, name, is_active)
select pg_temp.id('c1', number), name, number <> 3
from unnest(array['North College', 'South College', 'West College', 'East College', 'North College'])
with ordinality as named (name, number);

-- 3 is assigned to students alone; 4 has no modules.
insert into public.products (id, name)
select pg_temp.id('b0', number), name
from unnest(array['Mathematics', 'English', 'Interview skills', 'Nothing yet'])
with ordinality as named (name, number);

-- The second of South College is there twice.
insert into public.client_product_assignments (client_id, product_id)
select pg_temp.id('c1', client), pg_temp.id('b0', product)
from (values (1, 1), (1, 2), (2, 1), (2, 1), (2, 4), (3, 1), (5, 2)) as assigned (client, product);

-- 22 is in products by the join table alone, 23 in none; 9 and 18 have types that nobody knows.
insert into public.modules (id, product_id, type, name, sequence, configuration)
select
    pg_temp.id('a0', number),
    case
        when number <= 10 then pg_temp.id('b0', 1)
        when number <= 18 then pg_temp.id('b0', 2)
        when number <= 21 then pg_temp.id('b0', 3)
    end,
    (array[
        'Course', 'Assessment', 'course', 'ASSESSMENT', ' Course ', 'project', 'interview', 'Expert Session', 'webinar'
    ])[1 + (number - 1) % 9],
    'Module ' || number,
    case when number % 8 <> 0 then number end,
    (array[
        null, '{"pass_threshold": 70}', '{"passThreshold": "75"}', '{"passing_threshold": "high"}',
        '{"passingThreshold": 50}', '[]'
    ]::jsonb[])[1 + number % 6]
from generate_series(1, 23) as number;

-- 3 is in product 1 both ways, and in product 2 as well; 22 is in product 1 twice.
insert into public.module_product_assignments (module_id, product_id)
select pg_temp.id('a0', module), pg_temp.id('b0', product)
from (values (3, 1), (3, 2), (22, 1), (22, 1), (22, 2)) as assigned (module, product);

insert into public.lessons (id, module_id, title, sequence, has_quiz)
select
    pg_temp.id('1e', 10 * module + lesson),
    pg_temp.id('a0', module),
    case when lesson <> 4 then 'Lesson ' || lesson end,
    case when lesson <> 3 then lesson end,
    case when lesson <> 2 then lesson = 1 end
from generate_series(1, 23) as module
cross join generate_series(1, 4) as lesson
where module % 9 in (1, 3, 5);

-- 10 has a blank name and 11 none; 12 and 13 have one e-mail, 14 none; 15's and 16's differ in case only; 21 and 22
-- have one number; 113 to 115 belong to no client; every twentieth is inactive.
insert into public.students (
    id, client_id, full_name, email, student_id, is_active, last_login_at, phone_number, temporary_password
)
select
    pg_temp.id('5d', number),
    pg_temp.id('c1', case
        when number <= 60 then 1 when number <= 100 then 2 when number <= 111 then 3 when number = 112 then 4
        when number >= 116 then 5
    end),
    case number when 10 then '  ' when 11 then null else 'Student ' || number end,
    case number
        when 13 then 'student12@example.org' when 14 then null when 15 then 'STUDENT16@example.org'
        else 'student' || number || '@example.org'
    end,
    case when number = 22 then 'S-0021' when number % 3 = 0 then 'S-' || lpad(number::text, 4, '0') end,
    number % 20 <> 0,
    '2026-03-01T08:00:00Z'::timestamptz + number * interval '1 hour',
    '+44 7700 ' || number,
    'secret-' || number
from generate_series(1, 121) as number;

-- 1 to 3 have a product that their client has not; 61's is its client's too; 113 has one without a client; 116's is
-- not its client's.
insert into public.student_product_assignments (student_id, product_id)
select pg_temp.id('5d', student), pg_temp.id('b0', product)
from (values (1, 3), (2, 3), (3, 3), (3, 3), (61, 1), (113, 1), (116, 1)) as assigned (student, product);

-- Staff. 18 has the e-mail of 5, in capitals, by single sign-on.
insert into auth.users (id, email, is_sso_user, email_confirmed_at, banned_until, deleted_at)
select
    pg_temp.id('5f', number),
    case number when 18 then 'STAFF5@example.org' when 19 then null else 'staff' || number || '@example.org' end,
    number = 18,
    case when number <> 17 then '2025-08-01T09:00:00Z'::timestamptz end,
    case when number = 15 then '2999-01-01T00:00:00Z'::timestamptz
        when number = 5 then '2025-09-01T00:00:00Z'::timestamptz end,
    case when number = 16 then '2026-01-01T00:00:00Z'::timestamptz end
from generate_series(1, 21) as number;

insert into public.profiles (id, full_name, role, client_id, is_active, status)
select
    pg_temp.id('5f', number),
    case when number <> 21 then 'Staff ' || number end,
    role,
    pg_temp.id('c1', client),
    number not in (2, 13),
    case when number = 14 then 'suspended' else 'active' end
from unnest(
    array[
        'Admin', 'ADMIN', 'Staff', 'staff', 'Client Staff', 'client_staff', 'CLIENT STAFF ', 'Client Staff', 'Viewer',
        'viewer', 'Mentor', null, 'Client Staff', 'Staff', 'Client Staff', 'Client Staff', 'Client Staff',
        'Client Staff', 'Client Staff', 'Client Staff', 'Staff'
    ],
    array[null, null, null, null, 1, 1, 2, null, null, 2, 1, 1, 1, null, 1, 1, 1, 2, 1, 3, null]
) with ordinality as known (role, client, number);

insert into auth.users (id, email, email_confirmed_at, encrypted_password)
select id, case when email not in ('student12@example.org') or id = pg_temp.id('5d', 12) then email end,
    '2025-08-01T09:00:00Z', 'hash-of-' || id
from public.students;

-- Students have profiles too, most of them; student 5 is a member of staff as well, and somebody is known to nobody.
insert into public.profiles (id, full_name, role, client_id)
select id, full_name, case when id = pg_temp.id('5d', 5) then 'Client Staff' else 'Student' end, client_id
from public.students
where id <> pg_temp.id('5d', 6);

insert into auth.users (id, is_anonymous) values (pg_temp.id('99', 1), true);

-- Where somebody has begun: three of four modules of the products a client or a student has. 50 to 52 have not.
insert into public.student_module_progress (
    student_id, module_id, status, score, progress_details, last_updated, completed_at, progress_percentage,
    completed_videos, video_completion_count
)
select
    student,
    module,
    status,
    case when is_assessment and status = 'Completed' then 40 + turn % 60 end,
    case
        when is_assessment and status = 'Completed'
            then jsonb_build_object('score_percentage', 40 + turn % 60, 'total_questions', 20)
        when not is_assessment then jsonb_build_object('last_viewed_lesson_sequence', 1 + turn % 4)
    end,
    '2026-03-01T08:00:00Z'::timestamptz + turn * interval '37 minutes',
    case when status = 'Completed' then '2026-03-01T07:00:00Z'::timestamptz + turn * interval '37 minutes' end,
    case status when 'Completed' then case when is_assessment then 40 + turn % 60 else 100 end
        when 'InProgress' then 1 + turn % 99 else 0 end,
    case when not is_assessment then array['video-' || turn % 4] end,
    case when not is_assessment then 1 end
from (
    select
        student, module, is_assessment, turn,
        (array['Completed', 'InProgress', 'Completed', 'InProgress', 'NotStarted'])
            [1 + turn % 5]::public.progress_status as status
    from (
        select distinct
            has.student, modules.id as module, lower(trim(modules.type)) = 'assessment' as is_assessment,
            7 * right(has.student::text, 4)::integer + 3 * right(modules.id::text, 4)::integer as turn
        from (
            select students.id as student, product_id
            from public.students
            join public.client_product_assignments using (client_id)
            union
            select student_id, product_id
            from public.student_product_assignments
        ) as has
        join public.modules on modules.product_id = has.product_id or modules.id in (
            select module_id
            from public.module_product_assignments
            where module_product_assignments.product_id = has.product_id
        )
    ) as theirs
    where turn % 4 <> 0 and student not in (pg_temp.id('5d', 50), pg_temp.id('5d', 51), pg_temp.id('5d', 52))
) as begun;

-- Rows as they really are, by their number in PLATFORM.md: each is student 30 + number, in a module they have.
create function pg_temp.spoil(
    number integer, module integer, status text, score numeric, percentage integer, completed timestamptz, details jsonb
) returns void
language sql
as $$
    insert into public.student_module_progress as it (
        student_id, module_id, status, score, progress_percentage, completed_at, progress_details, last_updated
    )
    values (
        pg_temp.id('5d', 30 + number), pg_temp.id('a0', module), status::public.progress_status, score, percentage,
        completed, details, '2026-03-05T08:00:00Z'
    )
    on conflict (student_id, module_id) do update
    set status = excluded.status, score = excluded.score, progress_percentage = excluded.progress_percentage,
        completed_at = excluded.completed_at, progress_details = excluded.progress_details,
        last_updated = excluded.last_updated
$$;

do $$
begin
    perform pg_temp.spoil(1, 1, 'Completed', null, 100, null, '{"completed_lesson_ids": "all"}');
    perform pg_temp.spoil(2, 2, 'Completed', 55, 55, '2026-03-02T09:00:00Z', '{"score_percentage": 55}');
    perform pg_temp.spoil(3, 2, 'Completed', 12, 12, '2026-03-02T09:00:00Z', '{"passed": false}');
    perform pg_temp.spoil(3, 4, 'Completed', null, null, null, null);
    perform pg_temp.spoil(4, 1, 'InProgress', null, 0, null, null);
    perform pg_temp.spoil(4, 3, 'InProgress', null, 100, null, null);
    perform pg_temp.spoil(4, 5, 'InProgress', null, null, null, null);
    perform pg_temp.spoil(4, 6, 'NotStarted', null, 0, null, '{"project_title": "A garden"}');
    perform pg_temp.spoil(5, 1, 'InProgress', null, 40, '2026-03-02T09:00:00Z', null);
    perform pg_temp.spoil(5, 3, 'Completed', null, 100, '2999-03-02T09:00:00Z', null);
    perform pg_temp.spoil(6, 2, 'Completed', 66.6666666666666667, 67, '2026-03-02T09:00:00Z', null);
    perform pg_temp.spoil(6, 4, 'Completed', 140, 100, '2026-03-02T09:00:00Z', '[1, 2]');
    perform pg_temp.spoil(7, 1, 'InProgress', null, 50, null, jsonb_build_object(
        'lesson_quiz_attempts', jsonb_build_object(pg_temp.id('1e', 11),
            jsonb_build_array(jsonb_build_object('score', 4, 'submitted_at', '2026-04-01T10:00:00Z')))));
    perform pg_temp.spoil(8, 1, 'InProgress', null, 99, '2026-03-02T09:00:00Z', '"nothing"');
    perform pg_temp.spoil(9, 1, 'InProgress', null, 50, null, jsonb_build_object(
        'lesson_quiz_results', jsonb_build_object(pg_temp.id('1e', 11),
            '{"score": 1, "passed": false, "attempts": 3}'::jsonb)));
    perform pg_temp.spoil(10, 1, 'Paused', null, 30, null, null);
    perform pg_temp.spoil(11, 2, 'Paused', null, null, null, null);
end
$$;

-- Rows of nobody's class: of a module that is in no product, of staff, of somebody unknown.
insert into public.student_module_progress (student_id, module_id, status, last_updated) values
(pg_temp.id('5d', 7), pg_temp.id('a0', 23), 'InProgress', '2026-03-05T08:00:00Z'),
(pg_temp.id('5d', 114), pg_temp.id('a0', 1), 'InProgress', '2026-03-05T08:00:00Z'),
(pg_temp.id('5f', 1), pg_temp.id('a0', 1), 'Completed', '2026-03-05T08:00:00Z'),
(pg_temp.id('99', 1), pg_temp.id('a0', 1), 'InProgress', '2026-03-05T08:00:00Z');

reset session_replication_role;
