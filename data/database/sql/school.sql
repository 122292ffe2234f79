-- Who is who. Schema `school` holds the facts; nobody but the owner reads it. People read schema `roster`.

-- A name as somebody in a hurry types it: every letter in its plain form, be it full width, half a katakana or in a
-- ligature, and in its parts, be they accents or Jamo; no accents, nothing that cannot be seen, small letters. Greek
-- and Cyrillic ones are spelled out, since a database of the locale C knows only A to Z, and in Turkish the small
-- letter of I is another. Most names need none of it.
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

-- And without what joins or parts words, which counts as little as an accent: annemarie finds Anne-Marie, obrien finds
-- O’Brien. What both say of a student is stored: a change of them wants a migration that makes the columns anew.
create or replace function internal.plain_name(name text) returns text
language sql immutable
set search_path = ''
as $$
    select regexp_replace(internal.plain(name), '[[:space:].,''’‘ʼ`·・、\u2010-\u2015-]', '', 'g')
$$;

create table school.student (
    id uuid primary key,
    organisation_id uuid not null,
    full_name text not null,
    email text,
    is_active boolean not null default true,
    number text check (length(number) between 1 and 100),
    left_on date,
    merged_into uuid references school.student (id),
    plain_name text,
    plain_email text,
    found_by tsvector,
    check (left_on is null or not is_active),
    check (merged_into is null or (merged_into <> id and not is_active))
);

comment on column school.student.number is
'The school''s own number of the student.';

comment on column school.student.merged_into is
'This was entered twice, and is the other one. Nothing of it is removed.';

comment on column school.student.plain_name is
'With `plain_email` and `found_by` what is looked through to find somebody: kept by a trigger, since a column made of others would have
each who writes here call what makes it.';

create or replace function internal.keep_plain() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    new.plain_name := internal.plain_name(new.full_name);
    new.plain_email := internal.plain(new.email);
    new.found_by := internal.findable(new.full_name, new.number, new.email);
    return new;
end
$$;

create or replace trigger keep_plain
before insert or update of full_name, email, number, plain_name, plain_email, found_by on school.student
for each row execute function internal.keep_plain();

create index student_organisation_id on school.student (organisation_id);
create index student_merged_into on school.student (merged_into) where merged_into is not null;
create index student_found_by on school.student using gin (found_by);
create index student_plain_name on school.student (plain_name collate "C", id);

alter table school.student enable row level security;

create table school.staff (
    id uuid primary key,
    organisation_id uuid,
    full_name text not null,
    email text not null,
    role text not null check (role in ('viewer', 'teacher', 'coordinator', 'admin')),
    is_active boolean not null default true,
    -- Without an organisation a teacher would belong nowhere; a coordinator or viewer is one of all of them, and an
    -- admin belongs everywhere.
    check (role <> 'teacher' or organisation_id is not null)
);

-- As folded_email() has it.
create index staff_address on school.staff (lower(email collate "C"));

alter table school.staff enable row level security;

create table school.class (
    id uuid primary key default gen_random_uuid(),
    organisation_id uuid not null,
    name text not null,
    school_year text check (length(school_year) between 1 and 20),
    archived_at timestamptz,
    found_by tsvector
);

create or replace function internal.keep_found_by() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    new.found_by := internal.findable(new.name, new.school_year, null);
    return new;
end
$$;

create or replace trigger keep_found_by
before insert or update of name, school_year, found_by on school.class
for each row execute function internal.keep_found_by();

comment on column school.class.archived_at is
'Out of the way and out of the counts since then; found and read all the same.';

alter table school.class enable row level security;

create table school.class_student (
    class_id uuid not null references school.class (id),
    student_id uuid not null references school.student (id),
    primary key (class_id, student_id)
);

create index class_student_student_id on school.class_student (student_id, class_id);

alter table school.class_student enable row level security;

create table school.class_module (
    class_id uuid not null references school.class (id),
    module_id uuid not null,
    position integer not null,
    primary key (class_id, module_id)
);

alter table school.class_module enable row level security;

create table school.class_teacher (
    class_id uuid not null references school.class (id),
    staff_id uuid not null references school.staff (id),
    primary key (class_id, staff_id)
);

create index class_teacher_staff_id on school.class_teacher (staff_id, class_id);

alter table school.class_teacher enable row level security;

-- Modules that no class is to be given any more. Who has one keeps it.
create table school.retired_module (
    module_id uuid primary key,
    retired_at timestamptz not null default now()
);

alter table school.retired_module enable row level security;

-- Whom another system means by its ids.
create table school.source_id (
    organisation_id uuid not null,
    source text not null check (length(source) between 1 and 200),
    kind text not null check (kind in ('student', 'staff', 'class', 'module')),
    source_id text not null check (length(source_id) between 1 and 500),
    our_id uuid not null,
    primary key (organisation_id, source, kind, source_id)
);

create index source_id_our_id on school.source_id (our_id);

alter table school.source_id enable row level security;

-- Fields that staff corrected: a roster file leaves them alone until they are unlocked.
create table school.roster_lock (
    organisation_id uuid not null,
    kind text not null check (kind in ('student', 'staff', 'class')),
    locked_id uuid not null,
    field text not null check (length(field) between 1 and 100),
    primary key (locked_id, field)
);

alter table school.roster_lock enable row level security;

-- A number written as a number or as plain digits in a string; anything else is null, never an error.
-- Not \d: where the database's locale is ICU's, that means the digits of every script, which no cast takes. A body that
-- PostgreSQL writes into the question, as the next ones.
create or replace function internal.number_in(value jsonb) returns numeric
language sql immutable
return case
    when jsonb_typeof(value) = 'number' then (value #>> '{}')::numeric
    when value #>> '{}' ~ '^-?[0-9]{1,9}(\.[0-9]{1,20})?$' then (value #>> '{}')::numeric
end;

-- The score in a row's details: the newer spelling, else the older; null where neither is a number.
create or replace function internal.score_in(details jsonb) returns numeric
language sql immutable
return coalesce(internal.number_in(details -> 'score_percentage'), internal.number_in(details -> 'score'));

create or replace function internal.mark_in(value jsonb) returns numeric
language sql immutable
return case when internal.number_in(value) between 0 and 100 then internal.number_in(value) end;

-- The four spellings seen on real platforms, first usable one wins; 60 where none is. (Looking through an array of them
-- takes seventy times as long, for each module of each class.)
create or replace function internal.pass_mark(configuration jsonb) returns numeric
language sql immutable
return coalesce(
    internal.mark_in(configuration -> 'pass_threshold'),
    internal.mark_in(configuration -> 'passThreshold'),
    internal.mark_in(configuration -> 'passing_threshold'),
    internal.mark_in(configuration -> 'passingThreshold'),
    60
);

-- A type is trimmed and folded here and nowhere else: platforms write 'Course', 'COURSE' and 'course '. A body that
-- PostgreSQL writes into the question.
create or replace function internal.module_type(written text) returns text
language sql immutable
return lower(regexp_replace(written, '^[[:space:]]+|[[:space:]]+$', '', 'g'));

-- The words that were typed, as patterns of which a plain name has every one where its bearer is meant: in whatever
-- order, marie anne finds Anne-Marie.
create or replace function internal.patterns(typed text) returns text[]
language sql immutable
set search_path = ''
as $$
    select array_agg('%' || regexp_replace(word, '([%_\\])', '\\\1', 'g') || '%')
    from regexp_split_to_table(
        translate(internal.plain(typed), '''’‘ʼ`', ''), '[[:space:].,·・、\u2010-\u2015-]+'
    ) as word
$$;

-- Whether somebody of this name is meant.
create or replace function internal.is_meant(name text, typed text) returns boolean
language sql immutable
set search_path = ''
as $$
    select internal.plain_name(name) like all (internal.patterns(typed))
$$;

-- Functions inside a view run with the rights of whoever asks; these hold no secret.
grant execute on function internal.number_in(jsonb), internal.score_in(jsonb), internal.mark_in(jsonb), internal.pass_mark(jsonb), internal.module_type(text), internal.plain(text), internal.plain_name(text), internal.patterns(text), internal.is_meant(text, text)
to dashboard_person;
