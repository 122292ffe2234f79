-- In which weeks students worked on a module is noted beside the history; of what is on record already it is read there.

create table internal.worked_week (
    student_id uuid not null,
    monday date not null,
    module_id uuid not null,
    primary key (student_id, monday, module_id)
);

comment on table internal.worked_week is
'A week, by UTC''s days, in which a change of the student''s own is on record, or one of the platform''s that nothing else
explains (activity.sql). What came in late, older than its week, is none.';

alter table internal.worked_week enable row level security;

insert into internal.worked_week (student_id, monday, module_id)
select distinct student_id, (date_trunc('week', at, 'UTC') at time zone 'UTC')::date, module_id
from dashboard.history
where source = 'student'
    or source = 'platform'
    and operation <> 'delete'
    and not (operation = 'insert' and after ->> 'status' = 'NotStarted')
    and not (operation = 'update' and not (before ? 'progress_details' or after ? 'progress_details'))
    and case
        when (after ->> 'last_updated')::timestamptz between to_timestamp(0) and at + interval '1 day'
        then least((after ->> 'last_updated')::timestamptz, at) >= date_trunc('week', at, 'UTC')
        else operation = 'update'
    end;

create index worked_week_of_module on internal.worked_week (module_id, monday, student_id);

drop function if exists dashboard.module_tallies(uuid[], uuid);
drop function if exists dashboard.active_weeks(uuid[], date, date);

-- The sums of classes tell of them too, and of who has begun and completed what; all is to be counted again.
drop view if exists dashboard.class_completion, dashboard.class_score;
drop function if exists internal.sums_since_settled(), internal.summands(internal.student_part, integer);

alter table internal.class_day add column active integer not null default 0;
alter table internal.class_day
    alter column active drop default,
    drop constraint class_day_pkey,
    add primary key (class_id, day) include (completions, active);

alter table internal.class_score
    add column begun integer not null default 0,
    add column completed integer not null default 0;
alter table internal.class_score
    alter column begun drop default,
    alter column completed drop default;

alter table internal.student_part
    add column worked date[] not null default '{}',
    add column begun uuid[] not null default '{}',
    add column completed uuid[] not null default '{}';
alter table internal.student_part
    alter column worked drop default,
    alter column begun drop default,
    alter column completed drop default;

comment on table internal.student_part is
'What of the sums is whose, where it is anything: days of internal.class_day (worked: Mondays), modules of
internal.class_score (begun: not completed). It is taken out again where it is no longer sure.';

insert into internal.unsettled (class_id)
select id
from school.class;
