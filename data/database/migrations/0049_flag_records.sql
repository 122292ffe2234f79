-- When each flag was first seen, and when it was gone.

create table internal.flag_record (
    class_id uuid not null,
    student_id uuid not null,
    rule text not null,
    raised_at timestamptz not null,
    unseen_at timestamptz,
    gone_at timestamptz,
    has_left boolean not null default false,
    moved_at timestamptz,
    primary key (class_id, student_id, rule, raised_at)
);

comment on table internal.flag_record is
'That a rule held of a student in a class, whatever staff responded: from one moment at which that was looked at to
another. One that is gone and is there again within 24 hours was there all the time.';

comment on column internal.flag_record.unseen_at is
'When it was looked at last before, and there was no such flag; null where nobody had looked.';

comment on column internal.flag_record.has_left is
'It is gone with the student: out of the class, not active any more, among the staff; or the class was archived.';

comment on column internal.flag_record.moved_at is
'When a module of the class first came further after that, by others than staff; null where none did in two weeks.';

create unique index flag_record_open on internal.flag_record (class_id, student_id, rule) where gone_at is null;
create index flag_record_student_id on internal.flag_record (student_id);

alter table internal.flag_record enable row level security;

create table internal.flags_recorded (
    began_at timestamptz not null,
    recorded_at timestamptz not null,
    longest_gap interval not null default '0',
    is_only boolean primary key default true check (is_only)
);

comment on table internal.flags_recorded is
'Since when flags are recorded, when they last were, and for how long nobody did between: one row.';

alter table internal.flags_recorded enable row level security;
