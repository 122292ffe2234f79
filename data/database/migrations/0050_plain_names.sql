-- Names and e-mails as they are searched for, kept beside them.

create or replace function internal.plain(name text) returns text
language sql immutable
set search_path = ''
as $$
    select case
        when octet_length(name) = length(name) then lower(name collate "C") collate "default"
        else replace(replace(replace(replace(lower(lower(translate(
            regexp_replace(
                normalize(translate(name, '´', ''''), nfkd),
                '[\u0300-\u036f\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]', '', 'g'
            ),
            'ŁłØøĐđÐðĦħıẞÆŒÞΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣςΤΥΦΧΨΩАБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯЂЄЅІЈЉЊЋЏҐ',
            'llooddddhhißæœþαβγδεζηθικλμνξοπρσστυφχψωабвгдежзиклмнопрстуфхцчшщъыьэюяђєѕіјљњћџґ'
        ) collate "C") collate "default"), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th')
    end
$$;

create or replace function internal.plain_name(name text) returns text
language sql immutable
set search_path = ''
as $$
    select regexp_replace(internal.plain(name), '[[:space:].,''’‘ʼ`·・、\u2010-\u2015-]', '', 'g')
$$;

alter table school.student
add column plain_name text generated always as (internal.plain_name(full_name)) stored,
add column plain_email text generated always as (internal.plain(email)) stored;

comment on column school.student.plain_name is
'With `plain_email` what is looked through to find somebody: kept by a trigger, since a column made of others would have
each who writes here call what makes it.';

-- From here on a trigger keeps them. (An update would be recorded as a change of everybody.)
alter table school.student
alter column plain_name drop expression,
alter column plain_email drop expression;
