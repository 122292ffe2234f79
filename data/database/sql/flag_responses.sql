-- What staff said to what is flagged: "seen, until it changes", "contacted", "not a concern", or that this is taken back.
-- Append-only, as notes are: the last response to a rule in a class is the one that holds, for everybody who staffs the
-- class. When it hides the flag, internal.flagged() says (attention.sql).

create table dashboard.flag_response (
    id uuid primary key,
    number bigint not null generated always as identity,
    class_id uuid not null,
    student_id uuid not null,
    rule text not null,
    author_id uuid not null default internal.me(),
    response text not null,
    modules integer,
    since timestamptz,
    note_id uuid,
    at timestamptz not null default clock_timestamp(),
    constraint flag_response_rule check (length(rule) between 1 and 50),
    constraint flag_response_kind check (
        case response
            when 'seen' then true
            when 'contacted' then note_id is not null
            when 'not_a_concern' then true
            when 'taken_back' then num_nonnulls(modules, since, note_id) = 0
            else false
        end
    ),
    constraint flag_response_note check (note_id = id)
);

comment on column dashboard.flag_response.id is
'Chosen by whoever responds, before: a retry after a lost answer meets its own id and writes nothing twice.';

comment on column dashboard.flag_response.since is
'With `modules` the sign of the flag as it was: a flag with another sign is another one.';

comment on column dashboard.flag_response.note_id is
'The note that was written with it, under the same id. It may have gone by its period: what was responded stays.';

create index flag_response_flag on dashboard.flag_response (class_id, student_id, rule, number);
create index flag_response_student_id on dashboard.flag_response (student_id, number);

alter table dashboard.flag_response enable row level security;
grant select on dashboard.flag_response to dashboard_person;
grant insert (id, class_id, student_id, rule, author_id, response, modules, since, note_id)
on dashboard.flag_response to dashboard_person;

-- Reason: whoever is told of the flag is told what a colleague responded; students are told of neither.
create policy staff_see_responses on dashboard.flag_response
for select to dashboard_person
using (
    class_id in (select internal.my_staffed_classes())
    and case
        when flag_response.student_id <> (select internal.everybody_but())
        then exists (select from roster.anybody where anybody.id = flag_response.student_id offset 0)
        else flag_response.student_id in (select internal.my_staffed_students())
    end
);

-- Reason: as for notes. A response that says there is a note was written with one's own on the same student.
create policy staff_respond on dashboard.flag_response
for insert to dashboard_person
with check (
    author_id = (select internal.me())
    and (select internal.my_role()) <> 'viewer'
    and class_id in (select internal.my_staffed_classes())
    and case
        when flag_response.student_id <> (select internal.everybody_but())
        then exists (select from roster.anybody where anybody.id = flag_response.student_id offset 0)
        else flag_response.student_id in (select internal.my_staffed_students())
    end
    and (
        note_id is null
        or exists (
            select
            from dashboard.note
            where note.id = flag_response.note_id
                and note.student_id = flag_response.student_id
                and note.author_id = flag_response.author_id
        )
    )
);

create or replace trigger flag_response_is_append_only
before update or delete or truncate on dashboard.flag_response
for each statement execute function internal.refuse_rewriting();
