-- What staff write about a student. Append-only, for the owner too: a correction is another row that points to
-- the one it corrects, a withdrawal a row without text. What was said can always be read again.

create table dashboard.note (
    id uuid primary key,
    number bigint not null generated always as identity,
    student_id uuid not null,
    author_id uuid not null default internal.me(),
    note_id uuid not null,
    revises uuid,
    act text not null,
    kind text,
    channel text,
    happened_on date,
    text text,
    written_at timestamptz not null default clock_timestamp(),
    -- One row corrects another: who corrects what was corrected meanwhile is told so.
    constraint note_was_revised unique (revises),
    unique (id, note_id, student_id, author_id),
    -- Only its author revises a note, and it stays about the same student.
    constraint note_is_revised_by_its_author
        foreign key (revises, note_id, student_id, author_id)
        references dashboard.note (id, note_id, student_id, author_id),
    constraint note_act check (
        case act
            when 'written' then revises is null and note_id = id
            when 'corrected' then revises is not null and note_id <> id
            when 'withdrawn' then
                revises is not null and note_id <> id
                and num_nonnulls(kind, channel, happened_on, text) = 0
            else false
        end
    ),
    constraint note_kind check (
        case kind
            when 'note' then num_nonnulls(channel, happened_on) = 0
            when 'contact' then
                channel is not null
                and channel in ('phone', 'e-mail', 'meeting', 'letter', 'message', 'other')
                and happened_on is not null
            else act = 'withdrawn' and kind is null
        end
    ),
    -- A day more than the server's: it may be tomorrow already where somebody writes.
    constraint note_day check (
        happened_on between date '1900-01-01' and (written_at at time zone 'UTC')::date + 1
    ),
    constraint note_length check (length(btrim(text, E' \t\n')) > 0 and length(text) <= 4000),
    constraint note_has_text check ((text is null) = (act = 'withdrawn')),
    -- Nothing that cannot be seen and changes how the rest is read: control characters but for tab and line
    -- feed, directions forced upon text, characters of no width (joiners belong to scripts, and stay).
    constraint note_is_plain check (
        text !~ ('[\u0001-\u0008\u000b-\u001f\u007f-\u009f\u200b\u2028-\u202e\u2060-\u2069'
            '\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]')
    )
);

comment on column dashboard.note.id is
'Chosen by whoever writes, before writing: a retry after a lost answer meets its own id and writes nothing twice.';

comment on column dashboard.note.note_id is
'The first row of the note that this row is a version of.';

create index note_student_id on dashboard.note (student_id, number);

alter table dashboard.note enable row level security;
grant select on dashboard.note to dashboard_person;
grant insert (id, student_id, author_id, revises, act, kind, channel, happened_on, text)
on dashboard.note to dashboard_person;

-- Reason: a note is for the colleagues who work with the student. Students do not read what is noted here;
-- who asks for all stored data about them gets it from their coordinator (dashboard.all_stored_data).
create policy staff_see_notes on dashboard.note
for select to dashboard_person
using (
    case
        when note.student_id <> (select internal.everybody_but())
        then exists (select from roster.anybody where anybody.id = note.student_id offset 0)
        else note.student_id in (select internal.my_staffed_students())
    end
);

-- Reason: whoever works with the student may write, a teacher too, and signs with the own name; a viewer only reads.
create policy staff_write_notes on dashboard.note
for insert to dashboard_person
with check (
    author_id = (select internal.me())
    and (select internal.my_role()) <> 'viewer'
    and case
        when note.student_id <> (select internal.everybody_but())
        then exists (select from roster.anybody where anybody.id = note.student_id offset 0)
        else note.student_id in (select internal.my_staffed_students())
    end
);

-- With the rights of whoever writes: of a note that they may not read nothing is found, and nothing told.
create or replace function internal.place_note() returns trigger
language plpgsql
set search_path = ''
as $$
declare
    revised dashboard.note;
begin
    if new.revises is null then
        new.note_id := new.id;
        return new;
    end if;
    select * into revised from dashboard.note where note.id = new.revises;
    if revised.act = 'withdrawn' and revised.author_id = new.author_id then
        raise exception 'a note that was withdrawn stays so'
            using errcode = 'check_violation', constraint = 'note_was_withdrawn';
    end if;
    -- Of a note that is not found it is null, which is refused; so is a colleague's, by the foreign key.
    new.note_id := revised.note_id;
    return new;
end
$$;

create or replace trigger place_note
before insert on dashboard.note
for each row execute function internal.place_note();

create or replace trigger note_is_append_only
before update or delete or truncate on dashboard.note
for each statement execute function internal.refuse_rewriting();
