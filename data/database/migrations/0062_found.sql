-- Students and classes as they are found from every page, kept beside their names.

create or replace function internal.words_of(written text) returns setof text
language sql immutable
set search_path = ''
as $$
    select left(word, 60)
    from regexp_split_to_table(internal.plain(written), '[[:space:],]+') as chunk
    cross join lateral (
        select internal.plain_name(chunk)
        union
        select regexp_split_to_table(translate(chunk, '''’‘ʼ`', ''), '[.·・、\u2010-\u2015-]+')
        union
        select regexp_split_to_table(chunk, '[''’‘ʼ`.·・、\u2010-\u2015-]+')
    ) as part (word)
    where word <> ''
$$;

create or replace function internal.less_a_letter(word text) returns setof text
language sql immutable
set search_path = ''
as $$
    select left(word, place - 1) || substr(left(word, 9), place + 1)
    from generate_series(1, least(length(word), 8)) as place
    where length(word) >= 4 and word !~ '[0-9@]'
$$;

create or replace function internal.findable(name text, number text, email text) returns tsvector
language sql immutable
set search_path = ''
as $$
    select array_to_tsvector(array(
        select word
        from internal.words_of(concat_ws(' ', name, number, split_part(email, '@', 1))) as word
        union
        select '~' || internal.less_a_letter(word)
        from internal.words_of(concat_ws(' ', name, split_part(email, '@', 1))) as word
        union
        select left(internal.plain(email), 200)
        where email <> ''
    ))
$$;

alter table school.student
add column found_by tsvector generated always as (internal.findable(full_name, number, email)) stored;

alter table school.class
add column found_by tsvector generated always as (internal.findable(name, null, null)) stored;

-- From here on triggers keep them. (An update would be recorded as a change of everybody.)
alter table school.student alter column found_by drop expression;
alter table school.class alter column found_by drop expression;

create index student_found_by on school.student using gin (found_by);
