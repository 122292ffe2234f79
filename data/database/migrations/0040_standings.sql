-- How each student of a class stands is counted once and kept; whoever is in a class already is still to be counted.

create table internal.standing (
    class_id uuid not null,
    student_id uuid not null,
    completed integer not null,
    in_progress integer not null,
    other integer not null,
    needs_attention boolean not null,
    primary key (class_id, student_id)
);

create index standing_student_id on internal.standing (student_id);

alter table internal.standing enable row level security;

create table internal.unsettled (
    student_id uuid,
    class_id uuid,
    module_id uuid
);

comment on table internal.unsettled is
'Whose standings are no longer sure: a student''s, a class''s, or those in all classes that have a module, whoever and
whichever that is when it is read. As often as it was noted, for nobody is to wait for another who notes it.';

alter table internal.unsettled enable row level security;

insert into internal.unsettled (class_id)
select id
from school.class;
