-- Reads who is who from a learning platform with clients, products and profiles, on Supabase. A class is an
-- institution's students on a product: a client's products count for all of its students, a student's own for that
-- student alone, and whatever is assigned twice counts once.
--
-- To read another platform, copy this file and edit it. What every such file must say:
--
-- * nine sections, each begun by a line "-- relation: NAME" and holding one plain SELECT with the columns named there,
--   of exactly these types (write column::text where one is another). No "select *", and no column that is a secret.
-- * Ids are the same in every run, since everything stored later refers to them. Whoever has no id of their own gets one
--   that is made of others: md5(one::text || other::text)::uuid. None is null, none is there twice.
-- * organisation(id uuid, name text)
-- * student(id uuid, organisation_id uuid, full_name text, email text, is_active boolean, number text): the id is
--   student_module_progress.student_id; email and number may be null.
-- * module(id uuid, type text, name text, sequence integer, configuration jsonb): the id is
--   student_module_progress.module_id; sequence and configuration may be null.
-- * lesson(id uuid, module_id uuid, title text, sequence integer, has_quiz boolean): sequence may be null.
-- * staff(id uuid, organisation_id uuid, full_name text, email text, role text, is_active boolean): who has no
--   organisation belongs to all of them. The role is the platform's own word: what each may do is a setting, and a word
--   that nobody set lets nobody in. Only an active person may sign in, and whoever owns that e-mail is that person.
-- * class(id uuid, organisation_id uuid, name text, school_year text): school_year may be null.
-- * class_student(class_id uuid, student_id uuid), class_module(class_id uuid, module_id uuid, position integer),
--   class_teacher(class_id uuid, staff_id uuid): end one with "where false" where there are none.
-- * What not every such platform has: a line that ends with "-- if SCHEMA.TABLE" or "-- if SCHEMA.TABLE.COLUMN", and the
--   lines between such a line and "-- end", are left out where that is not there; and what follows "-- unless NAME:" is
--   then read in its place.

-- relation: organisation
select id, name::text as name
from public.clients

-- relation: student
select
    students.id,
    students.client_id as organisation_id,
    coalesce(nullif(btrim(students.full_name), ''), students.email::text, 'Unnamed student') as full_name,
    students.email::text as email,
    students.is_active is not false and clients.is_active is not false as is_active,
    -- unless public.students.student_id: null::text as number
    nullif(btrim(students.student_id::text), '') as number -- if public.students.student_id
from public.students
left join public.clients on clients.id = students.client_id

-- relation: module
select
    id,
    type::text as type,
    coalesce(nullif(btrim(name::text), ''), 'Untitled module') as name,
    sequence::integer as sequence,
    configuration::jsonb as configuration
from public.modules

-- relation: lesson
-- unless public.lessons: select null::uuid as id, null::uuid as module_id, null::text as title,
-- unless public.lessons: null::integer as sequence, null::boolean as has_quiz where false
-- if public.lessons
select
    id,
    module_id,
    coalesce(title::text, 'Untitled lesson') as title,
    sequence::integer as sequence,
    has_quiz is true as has_quiz
from public.lessons

-- E-mails are those with which people sign in to the platform itself. Client Staff without a client would be of all
-- institutions: they are switched off.
-- relation: staff
select
    profiles.id,
    profiles.client_id as organisation_id,
    coalesce(nullif(btrim(profiles.full_name), ''), users.email::text) as full_name,
    users.email::text as email,
    profiles.role::text as role,
    profiles.is_active is not false
        and lower(profiles.status::text) is not distinct from 'active' -- if public.profiles.status
        and clients.is_active is not false
        and users.email_confirmed_at is not null -- if auth.users.email_confirmed_at
        and users.deleted_at is null -- if auth.users.deleted_at
        and coalesce(users.banned_until <= now(), true) -- if auth.users.banned_until
        and (
            profiles.client_id is not null
            or lower(translate(btrim(profiles.role::text), '_', ' ')) is distinct from 'client staff'
        )
    as is_active
from public.profiles
join auth.users on users.id = profiles.id
left join public.clients on clients.id = profiles.client_id
where lower(btrim(profiles.role::text)) is distinct from 'student'

-- relation: class
select
    md5(taken.client_id::text || taken.product_id::text)::uuid as id,
    taken.client_id as organisation_id,
    coalesce(nullif(btrim(products.name::text), ''), 'Unnamed product') as name,
    null::text as school_year
from (
    select distinct client_id, product_id
    from public.client_product_assignments
    -- if public.student_product_assignments
    union
    select students.client_id, assigned.product_id
    from public.student_product_assignments as assigned
    join public.students on students.id = assigned.student_id
    where students.client_id is not null
    -- end
) as taken
join public.products on products.id = taken.product_id

-- Who is switched off has left the class.
-- relation: class_student
select md5(students.client_id::text || taken.product_id::text)::uuid as class_id, students.id as student_id
from public.students
join public.clients on clients.id = students.client_id
join (
    select distinct students.id, assigned.product_id
    from public.students
    join public.client_product_assignments as assigned on assigned.client_id = students.client_id
    -- if public.student_product_assignments
    union
    select student_id, product_id
    from public.student_product_assignments
    -- end
) as taken on taken.id = students.id
where students.is_active is not false and clients.is_active is not false

-- relation: class_module
select
    md5(taken.client_id::text || taken.product_id::text)::uuid as class_id,
    modules.id as module_id,
    row_number() over (
        partition by taken.client_id, taken.product_id order by modules.sequence, modules.name, modules.id
    )::integer as position
from (
    select distinct client_id, product_id
    from public.client_product_assignments
    -- if public.student_product_assignments
    union
    select students.client_id, assigned.product_id
    from public.student_product_assignments as assigned
    join public.students on students.id = assigned.student_id
    where students.client_id is not null
    -- end
) as taken
join (
    select distinct id, product_id
    from public.modules
    where product_id is not null
    -- if public.module_product_assignments
    union
    select module_id, product_id
    from public.module_product_assignments
    -- end
) as part on part.product_id = taken.product_id
join public.modules on modules.id = part.id

-- Nobody teaches a class there: people belong to an institution, or to all of them.
-- relation: class_teacher
select null::uuid as class_id, null::uuid as staff_id
where false
