-- What staff look for by a few letters: students, classes and modules, whatever page they are on.

-- What is plain already, with something else for what parts its words. (Signs are listed, and not what is no letter: in a
-- database of the locale C PostgreSQL knows no letters but A to Z.) Like the next three it has no path of its own, but that
-- of who calls it: PostgreSQL writes such a body into the question, where a call for each word would be dearer than all
-- else that is done for a name.
create or replace function internal.parted(written text, by text) returns text
language sql immutable
return regexp_replace(written, '[!-/:-?\[-`{-~«»¿¡·・、ʼ\u2010-\u2015\u2018-\u201f]', by, 'g');

-- Its words, each as somebody may begin to type it: o'brien-luk is o, brien, luk, obrien and obrienluk. Some may be
-- empty, or there twice.
create or replace function internal.words_of(written text) returns setof text
language sql immutable
as $$
    select word
    from regexp_split_to_table(
        case
            when internal.parted(written, '') = written then written
            else
                internal.parted(written, '') || ' ' || internal.parted(translate(written, '''’‘ʼ`', ''), ' ') || ' '
                || internal.parted(written, ' ')
        end,
        '[[:space:]]+'
    ) as word
$$;

-- And its words without a space between them, from each to the last: van den berg is vandenberg and denberg. Chinese,
-- Japanese and Korean are written so, a name of theirs is found by its second part like any other.
create or replace function internal.run_together(written text) returns setof text
language sql immutable
as $$
    select array_to_string(words[place:], '')
    from regexp_split_to_array(
        btrim(regexp_replace(
            internal.parted(translate(written, '''’‘ʼ`', ''), ' '),
            '([\u1100-\u1112\u3040-\u30ff\u3400-\u9fff])',
            ' \1',
            'g'
        )),
        '[[:space:]]+'
    ) as words
    cross join generate_series(1, cardinality(words)) as place
$$;

-- A word without one of its letters, each in turn; of a long word, of its beginning. Two words that differ by a letter,
-- or by two that changed places, have such a rest in common, or one is a rest of the other. Of short words and of
-- numbers another one is meant by each.
create or replace function internal.less_a_letter(word text) returns setof text
language sql immutable
as $$
    select left(word, place - 1) || substr(left(word, 9), place + 1)
    from generate_series(1, least(length(word), 8)) as place
    where length(word) >= 4 and word !~ '[0-9@]'
$$;

-- By what somebody or something is found: its words, and with ~ what is left of them less a letter.
create or replace function internal.findable(name text, number text, email text) returns tsvector
language plpgsql immutable
set search_path = ''
as $$
declare
    mail text := internal.plain(email);
    named text := internal.plain(name);
    numbered text := internal.plain(number);
    words text[] := array(
        select word
        from unnest(array[named, split_part(mail, '@', 1)]) as written
        cross join internal.words_of(written) as word
    );
begin
    return array_to_tsvector(array_remove(
        array(
            select left(word, 60)
            from unnest(words || array(select internal.words_of(numbered))) as word
            union all
            select left(word, 60)
            from unnest(array[named, numbered]) as written
            cross join internal.run_together(written) as word
            union all
            select '~' || rest
            from unnest(words) as word
            cross join internal.less_a_letter(word) as rest
        ) || coalesce(left(mail, 200), ''),
        ''
    ));
end
$$;

-- The words that were typed, each as the beginning of one that is meant, a number without the zeros before it too;
-- `nearly`: or of one that differs by a letter, or was typed as two. Null where no word was typed.
create or replace function internal.asked(typed text, nearly boolean) returns tsquery
language sql immutable
set search_path = ''
as $$
    select string_agg(meant.one, ' & ')::tsquery
    from (
        select
            part.word,
            lag(part.word) over by_place || part.word as with_last,
            part.word || lead(part.word) over by_place as with_next
        from regexp_split_to_table(internal.plain(left(typed, 200)), '[[:space:],]+')
            with ordinality as chunk (written, place)
        cross join regexp_split_to_table(
            case
                when strpos(chunk.written, '@') > 0 then chunk.written
                else internal.parted(translate(chunk.written, '''’‘ʼ`', ''), ' ')
            end,
            ' +'
        ) with ordinality as part (word, place)
        where part.word <> ''
        window by_place as (order by chunk.place, part.place)
    ) as said
    cross join lateral (
        select
            '(' || string_agg(
                '''' || replace(replace(left(beginning, 60), '\', '\\'), '''', '''''') || ''':*', ' | '
            ) || ')' as one
        from (
            select said.word
            union
            select repeat('0', zeros) || said.word
            from generate_series(1, 9) as zeros
            where said.word ~ '^[0-9]+$'
            union
            select unnest(array[said.with_last, said.with_next, substring(said.word, '^0+([0-9]{3,})$')])
            where nearly
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
    -- Made plain once, and not for each who is found.
    begun text := internal.plain_name(typed);
    mine uuid[] := case when not all_of_it then array(select internal.my_students()) end;
    -- Of few it is asked one by one. Of many, those whose names begin so are enough where there are enough of them; of
    -- those that have the words elsewhere, whom a mail of "s1234" may make of all, the best of the first thousands.
    is_few boolean := coalesce(cardinality(mine) <= 10000, false);
    nearly boolean;
    asked tsquery;
begin
    opened := coalesce(opened, '{}');
    if coalesce(internal.my_role(), 'student') = 'student' then
        return;
    end if;
    foreach nearly in array array[false, true] loop
        asked := internal.asked(typed, nearly);
        return query
        with my_class as materialized (select internal.my_staffed_classes() as id),
        begun_so as materialized (
            select student.*
            from (
                -- The fence keeps it at walking along the index until there are enough.
                select student.*
                from school.student
                where student.plain_name collate "C" >= begun
                    and student.plain_name collate "C" < begun || chr(1114111)
                    and asked is not null
                    and not is_few
                order by student.plain_name collate "C", student.id
                offset 0
            ) as student
            where student.found_by @@ asked
                and student.id <> all (opened)
                and student.id is distinct from me
                and student.is_active
                and (all_of_it or student.id in (select unnest(mine)))
            limit most
        ),
        student as (
            select student.id, student.full_name, student.email, student.is_active
            from (
                select student.*
                from (
                    select unnest(opened)
                    union
                    select unnest(case when is_few then mine end)
                ) as one (id)
                cross join lateral (select student.* from school.student where student.id = one.id offset 0) as student
                where case when asked is null then student.id = any (opened) else student.found_by @@ asked end
                union all
                select begun_so.*
                from begun_so
                union all
                (
                    select student.*
                    from school.student
                    where student.found_by @@ asked
                        and student.id <> all (opened)
                        and not (student.is_active and starts_with(student.plain_name, begun))
                        and not is_few
                        and (select count(*) from begun_so) < most
                        and (all_of_it or student.id in (select unnest(mine)))
                    limit 20000
                )
            ) as student
            where student.merged_into is null
                and student.id is distinct from me
                and (all_of_it or student.id in (select unnest(mine)))
            order by
                student.id = any (opened) desc,
                student.is_active desc,
                starts_with(student.plain_name, begun) desc,
                student.plain_name collate "C",
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
                starts_with(internal.plain_name(class.name), begun) desc,
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
                    from school.class_module
                    where class_module.module_id = module.id
                        and (class_module.class_id in (select my_class.id from my_class)) is true
                    offset 0
                )
            order by
                module.id = any (opened) desc,
                starts_with(internal.plain_name(module.name), begun) desc,
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
