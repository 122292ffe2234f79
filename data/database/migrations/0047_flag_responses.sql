-- What staff responded to flags.

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
