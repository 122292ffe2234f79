-- What staff look for by a few letters: students, classes and modules, whatever page they are on.

-- The words that were typed, each as the beginning of one that is meant; `nearly`: or of one that differs by a letter.
-- Null where no word was typed.
create or replace function internal.asked(typed text, nearly boolean) returns tsquery
language sql immutable
set search_path = ''
as $$
    select string_agg(meant.one, ' & ')::tsquery
    from (
        select distinct word
        from regexp_split_to_table(internal.plain(left(typed, 200)), '[[:space:],]+') as chunk
        cross join lateral (
            select chunk
            where strpos(chunk, '@') > 0
            union all
            select regexp_split_to_table(translate(chunk, '''’‘ʼ`', ''), '[.·・、\u2010-\u2015-]+')
            where strpos(chunk, '@') = 0
        ) as part (word)
        where word <> ''
    ) as said
    cross join lateral (
        select
            '(' || string_agg(
                '''' || replace(replace(left(beginning, 60), '\', '\\'), '''', '''''') || ''':*', ' | '
            ) || ')' as one
        from (
            select said.word
            union
            -- Of a long word its beginning is enough.
            select mark || left(said.word, 8)
            from unnest(array['', '~']) as mark
            where nearly and length(said.word) >= case mark when '' then 8 else 4 end
            union
            select mark || internal.less_a_letter(left(said.word, 8))
            from unnest(array['', '~']) as mark
            where nearly
        ) as alternative (beginning)
    ) as meant
$$;

-- Of each kind the best few that have all words, or, where nothing has, nearly have: of whom and what I see as staff.
-- Where nothing is typed those of `opened`, which go before others in any case. Beside a student's name are their
-- classes that I see, beside a class's its organisation, beside a module's its type.
create or replace function dashboard.found(typed text, opened uuid[], most integer)
returns table (kind text, id uuid, name text, email text, beside text, is_here boolean, is_near boolean)
language plpgsql stable security definer
rows 10
set search_path = ''
set jit = off
as $$
declare
    all_of_it boolean := internal.sees_everybody();
    me uuid := internal.me();
    nearly boolean;
    asked tsquery;
begin
    if coalesce(internal.my_role(), 'student') = 'student' then
        return;
    end if;
    foreach nearly in array array[false, true] loop
        asked := internal.asked(typed, nearly);
        return query
        with my_class as materialized (select internal.my_staffed_classes() as id),
        my_student as materialized (
            select mine.id
            from internal.my_students() as mine (id)
            where not all_of_it
        ),
        student as (
            select student.id, student.full_name, student.email, student.is_active
            from (
                select student.*
                from school.student
                where student.found_by @@ asked
                union all
                select student.*
                from school.student
                where asked is null and student.id = any (opened)
            ) as student
            where student.merged_into is null
                and student.id is distinct from me
                and (all_of_it or student.id in (select my_student.id from my_student))
            order by
                student.id = any (opened) desc,
                student.is_active desc,
                starts_with(student.plain_name, internal.plain_name(typed)) desc,
                student.full_name,
                student.id
            limit most
        ),
        class as (
            select
                class.id,
                concat_ws(' ', class.name, class.school_year) as name,
                class.organisation_id,
                class.archived_at is null as is_here
            from school.class
            where class.id in (select my_class.id from my_class)
                and case when asked is null then class.id = any (opened) else class.found_by @@ asked end
            order by
                class.id = any (opened) desc,
                class.archived_at is null desc,
                starts_with(internal.plain_name(class.name), internal.plain_name(typed)) desc,
                class.name,
                class.id
            limit most
        ),
        module as (
            select module.id, module.name, module.type
            from school.module
            where case
                    when asked is null then module.id = any (opened)
                    else internal.findable(module.name, null, null) @@ asked
                end
                and exists (
                    select
                    from my_class
                    join school.class_module on class_module.class_id = my_class.id
                    where class_module.module_id = module.id
                )
            order by
                module.id = any (opened) desc,
                starts_with(internal.plain_name(module.name), internal.plain_name(typed)) desc,
                module.name,
                module.id
            limit most
        )
        select
            'student',
            student.id,
            student.full_name,
            student.email,
            (
                select string_agg(known.name, ', ' order by known.name)
                from school.class_student
                join school.class as known on known.id = class_student.class_id
                where class_student.student_id = student.id
                    and known.archived_at is null
                    and known.id in (select my_class.id from my_class)
            ),
            student.is_active,
            nearly
        from student
        union all
        select 'class', class.id, class.name, null, organisation.name, class.is_here, nearly
        from class
        join school.organisation on organisation.id = class.organisation_id
        union all
        select 'module', module.id, module.name, null, module.type, true, nearly
        from module;
        exit when found or asked is null;
    end loop;
end
$$;

grant execute on function dashboard.found(text, uuid[], integer) to dashboard_person;
