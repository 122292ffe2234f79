-- Who looked at or exported whose data.

create table dashboard.disclosure (
    id bigint primary key generated always as identity,
    at timestamptz not null default clock_timestamp(),
    person_id uuid,
    role text not null,
    kind text not null constraint disclosure_kind check (kind in ('look', 'file', 'report', 'record')),
    class_id uuid,
    student_ids uuid[] not null,
    once bytea constraint disclosure_once unique
);

comment on column dashboard.disclosure.role is
'The person''s role then.';

comment on column dashboard.disclosure.once is
'Of a look what makes it the same one: person, day (UTC), class and students. What is exported has none.';

create index disclosure_student_ids on dashboard.disclosure using gin (student_ids);

alter table dashboard.disclosure enable row level security;
