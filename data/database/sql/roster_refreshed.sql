-- How the copies of the roster follow the platform: what the adapter's functions give is merged, and what nobody could be
-- made of is counted by its reason. The functions, internal.adapter_student() and so on, are made of the adapter's file
-- when the database is attached; their bodies are texts, so that nothing of the platform's depends on nothing of ours.

-- Only names of one's own; two of one id in an adapter are one.
create or replace function internal.merge_organisations() returns jsonb
language plpgsql
set search_path = ''
as $$
declare
    nameless bigint;
begin
    with given as materialized (
        select distinct on (id) id, btrim(name) as name
        from internal.adapter_organisation()
        where id is not null
        order by id
    ),
    changed as (
        update school.organisation as known
        set name = given.name
        from given
        where given.id = known.id and given.name <> '' and given.name <> known.name
    ),
    added as (
        insert into school.organisation (id, name)
        select id, name
        from given
        where name <> '' and not exists (select from school.organisation as known where known.id = given.id)
    )
    select count(*) filter (where coalesce(name, '') = '') into nameless from given;
    return jsonb_build_object('organisation without a name', nameless);
end
$$;

create or replace function internal.merge_modules() returns jsonb
language plpgsql
set search_path = ''
as $$
declare
    nameless bigint;
    lost bigint;
begin
    with given as materialized (
        select distinct on (id)
            id, btrim(name) as name, internal.module_type(coalesce(type, '')) as type, sequence,
            internal.pass_mark(configuration) as pass_mark
        from internal.adapter_module()
        where id is not null
        order by id
    ),
    gone as (
        delete from school.module as known
        where not exists (select from given where given.id = known.id)
    ),
    changed as (
        update school.module as known
        set name = given.name, type = given.type, sequence = given.sequence, pass_mark = given.pass_mark
        from given
        where given.id = known.id
            and given.name <> ''
            and (known.name, known.type, known.sequence, known.pass_mark)
                is distinct from (given.name, given.type, given.sequence, given.pass_mark)
    ),
    added as (
        insert into school.module (id, name, type, sequence, pass_mark)
        select id, name, type, sequence, pass_mark
        from given
        where name <> '' and not exists (select from school.module as known where known.id = given.id)
    )
    select count(*) filter (where coalesce(name, '') = '') into nameless from given;

    with given as materialized (
        select distinct on (id)
            id, module_id, coalesce(title, '') as title, sequence, coalesce(has_quiz, false) as has_quiz,
            exists (select from school.module where module.id = module_id) as is_of_one
        from internal.adapter_lesson()
        where id is not null
        order by id
    ),
    gone as (
        delete from school.lesson as known
        where not exists (select from given where given.id = known.id and is_of_one)
    ),
    changed as (
        update school.lesson as known
        set module_id = given.module_id, title = given.title, sequence = given.sequence, has_quiz = given.has_quiz
        from given
        where given.id = known.id
            and is_of_one
            and (known.module_id, known.title, known.sequence, known.has_quiz)
                is distinct from (given.module_id, given.title, given.sequence, given.has_quiz)
    ),
    added as (
        insert into school.lesson (id, module_id, title, sequence, has_quiz)
        select id, module_id, title, sequence, has_quiz
        from given
        where is_of_one and not exists (select from school.lesson as known where known.id = given.id)
    )
    select count(*) filter (where not is_of_one) into lost from given;
    return jsonb_build_object('module without a name', nameless, 'lesson without a module', lost);
end
$$;

-- Who is not there any more is not active any more: what they did keeps its name. Of several with one number nobody has
-- it. When somebody left is known only from when they were seen to.
create or replace function internal.merge_students() returns jsonb
language plpgsql
set search_path = ''
as $$
declare
    not_taken jsonb;
begin
    with given as materialized (
        select
            id, organisation_id, btrim(full_name) as full_name, nullif(btrim(email), '') as email,
            coalesce(is_active, false) as is_active,
            case
                when length(btrim(number)) between 1 and 100
                    and count(*) over (partition by organisation_id, btrim(number)) = 1
                then btrim(number)
            end as number,
            case
                when not exists (select from school.organisation as known where known.id = organisation_id)
                then 'student without an organisation'
                when coalesce(btrim(full_name), '') = '' then 'student without a name'
            end as reason
        from (
            select distinct on (id) * from internal.adapter_student() where id is not null order by id
        ) as once
    ),
    taken as (
        select * from given where reason is null
    ),
    gone as (
        update school.student as known
        set is_active = false, left_on = current_date
        where known.is_active and not exists (select from taken where taken.id = known.id)
    ),
    changed as (
        update school.student as known
        set
            organisation_id = taken.organisation_id,
            full_name = taken.full_name,
            email = taken.email,
            number = taken.number,
            is_active = taken.is_active,
            left_on = case
                when taken.is_active then null
                when known.is_active then current_date
                else known.left_on
            end
        from taken
        where taken.id = known.id
            and (known.organisation_id, known.full_name, known.email, known.number, known.is_active)
                is distinct from (
                    taken.organisation_id, taken.full_name, taken.email, taken.number, taken.is_active
                )
    ),
    added as (
        insert into school.student (id, organisation_id, full_name, email, is_active, number)
        select id, organisation_id, full_name, email, is_active, number
        from taken
        where not exists (select from school.student as known where known.id = taken.id)
    )
    select coalesce(jsonb_object_agg(reason, times), '{}')
    into not_taken
    from (select reason, count(*) as times from given where reason is not null group by reason) as counted;
    return not_taken;
end
$$;

-- Who may sign in: whoever alone has an address, in letters of whatever size. Of two who are active nobody has, unless
-- they are known by their accounts; by that address nobody is found all the same.
create or replace function internal.merge_staff() returns jsonb
language plpgsql
set search_path = ''
as $$
declare
    not_taken jsonb;
begin
    with given as materialized (
        select
            id, organisation_id, coalesce(nullif(btrim(full_name), ''), email) as full_name, email, role, is_active,
            case
                when is_told then case when role is null then '' end
                else 'staff with a role nobody set: ' || coalesce(word, 'none')
            end as no_role,
            case
                when coalesce(email, '') = '' then 'staff without an e-mail'
                when organisation_id is null and role = 'teacher'
                    or organisation_id is not null
                    and not exists (select from school.organisation as known where known.id = organisation_id)
                then 'staff without an organisation'
                when not (select accounts_of is not null from internal.attachment) and case
                    when is_active then count(*) filter (where is_active) over of_one_address > 1
                    else count(*) over of_one_address > 1
                end
                then 'staff with the e-mail of another'
            end as reason
        from (
            select distinct on (given.id)
                given.id, given.organisation_id, given.full_name, btrim(given.email) as email,
                coalesce(given.is_active, false) as is_active, internal.folded_role(given.role) as word,
                known.role, known.word is not null as is_told
            from internal.adapter_staff() as given
            left join internal.role_word as known on known.word = internal.folded_role(given.role)
            where given.id is not null
            order by given.id
        ) as once
        window of_one_address as (partition by role is null, lower(email collate "C"))
    ),
    taken as (
        select * from given where no_role is null and reason is null
    ),
    gone as (
        update school.staff as known
        set is_active = false
        where known.is_active and not exists (select from taken where taken.id = known.id)
    ),
    changed as (
        update school.staff as known
        set
            organisation_id = taken.organisation_id,
            full_name = taken.full_name,
            email = taken.email,
            role = taken.role,
            is_active = taken.is_active
        from taken
        where taken.id = known.id
            and (known.organisation_id, known.full_name, known.email, known.role, known.is_active)
                is distinct from (
                    taken.organisation_id, taken.full_name, taken.email, taken.role, taken.is_active
                )
    ),
    added as (
        insert into school.staff (id, organisation_id, full_name, email, role, is_active)
        select id, organisation_id, full_name, email, role, is_active
        from taken
        where not exists (select from school.staff as known where known.id = taken.id)
    )
    select coalesce(jsonb_object_agg(why, times), '{}')
    into not_taken
    from (
        select coalesce(no_role, reason) as why, count(*) as times
        from given
        where coalesce(no_role, reason) <> ''
        group by 1
    ) as counted;
    return not_taken;
end
$$;

-- What of a class's standings hangs on a pass mark (standings.sql).
create or replace trigger note_pass_marks
after update on school.module
referencing old table as old_rows new table as new_rows
for each statement execute function internal.note_pass_marks();

-- And what of the data check hangs on a type (data_check.sql).
create or replace trigger judge_modules
after update on school.module
referencing old table as old_rows new table as new_rows
for each statement execute function internal.judge_modules();

create or replace trigger judge_new_modules
after insert on school.module
referencing new table as changed_rows
for each statement execute function internal.judge_modules();

create or replace trigger judge_lost_modules
after delete on school.module
referencing old table as changed_rows
for each statement execute function internal.judge_modules();
