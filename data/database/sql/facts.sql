-- One narrow row beside each progress row: what pages ask of thousands of rows at once, worked out when the
-- row is written and not each time it is read. The school's table stays as it is, details may be kilobytes.

-- A platform may know more statuses than the three that this program was made for.
create or replace function dashboard.is_other(status public.progress_status) returns boolean
language sql immutable
return status not in ('NotStarted', 'InProgress', 'Completed');

-- How a cell begins that has such a one. With a path of its own: PostgreSQL then calls it, for these alone, and does
-- not write it into the question, where it would see that the words of a type may change.
create or replace function internal.other_status(status public.progress_status) returns text
language sql immutable
set search_path = ''
return 'X{' || translate(status::text, ';{}', ',()') || '}';

-- A cell as the matrix reads it (data/rules/cell.py): status letter, percentage, "/" and score, marks (edited, problem).
-- Both functions are bodies that PostgreSQL writes into the question, so that a cell costs no call. What
-- the first says is stored: a change of it wants a migration that makes the column anew.
create or replace function internal.cell_of(
    status public.progress_status,
    percentage smallint,
    shown_score numeric,
    edited_by_staff boolean,
    has_problem boolean
)
returns text
language sql immutable
return case status
        when 'Completed' then 'C' when 'InProgress' then 'I' when 'NotStarted' then 'N'
        else internal.other_status(status)
    end
    || coalesce(percentage::text, '')
    || case when shown_score between -9999 and 9999 then '/' || trim_scale(shown_score)::text else '' end
    || case when edited_by_staff then 'e' else '' end
    || case when has_problem then 'p' else '' end;

-- The marks that are known only when somebody asks; 'N' where nothing is stored.
create or replace function dashboard.cell_with_marks(
    cell text, is_locked boolean, is_failed boolean, is_stuck boolean
)
returns text
language sql immutable
return coalesce(cell, 'N')
    || case when is_locked then 'k' else '' end
    || case when is_failed then 'f' else '' end
    || case when is_stuck then 's' else '' end;

-- A score that cannot be (-1 for "absent", no number) is neither below a pass mark nor above.
create or replace function dashboard.is_failed(shown_score numeric, pass_mark numeric) returns boolean
language sql immutable
return shown_score >= 0 and shown_score < pass_mark;

grant execute on function
dashboard.cell_with_marks(text, boolean, boolean, boolean),
dashboard.is_failed(numeric, numeric),
dashboard.is_other(public.progress_status)
to dashboard_person;

create table dashboard.fact (
    student_id uuid not null,
    module_id uuid not null,
    status public.progress_status not null,
    percentage smallint,
    shown_score numeric,
    score_source text check (score_source in ('score', 'details')),
    last_activity timestamptz,
    has_problem boolean not null,
    edited_by_staff boolean not null,
    is_locked boolean not null default false,
    last_change timestamptz,
    own_change timestamptz,
    unexplained_change timestamptz,
    completion_at timestamptz,
    made_of xid,
    progressed_at timestamptz,
    slipped_at timestamptz,
    doubts text[],
    attempts integer,
    cell text not null generated always as (
        internal.cell_of(status, percentage, shown_score, edited_by_staff, has_problem)
    ) stored,
    primary key (student_id, module_id)
);

comment on column dashboard.fact.last_activity is
'The newest moment at which the student is known to have done something: a timestamp inside the details, or their own
change. Null where nothing tells; what staff and the platform write is none.';

comment on column dashboard.fact.last_change is
'Where no activity is known: last_updated, whoever it was. Null where that cannot be read either.';

comment on column dashboard.fact.own_change is
'When the student last changed the row, by the history.';

comment on column dashboard.fact.unexplained_change is
'The newest change that may have been the student''s work, though nothing tells: the platform made a row that was begun,
or changed the details. What staff write, and what the platform recomputes, is none.';

comment on column dashboard.fact.completion_at is
'When the row was completed, as internal.completion_at() says.';

comment on column dashboard.fact.progressed_at is
'When it last came further: begun, completed or a higher percentage, whoever wrote that. Of a row from before anything
was recorded: by then at the latest.';

comment on column dashboard.fact.slipped_at is
'When it ceased to be completed, if it did and staff had no hand in that.';

comment on column dashboard.fact.made_of is
'The xmin of the row it was made of, where facts are made by reading and not by triggers (facts_refreshed.sql).';

comment on column dashboard.fact.doubts is
'What of the row cannot be right, as internal.doubts_of_row() judged it when it was written; null where nothing is.';

comment on column dashboard.fact.attempts is
'The most attempts at a lesson quiz that is not passed; null where none says how many. From how many on somebody
is stuck, the figures of each class say.';

create index fact_completions on dashboard.fact (student_id, completion_at)
include (module_id) where completion_at is not null;
create index fact_slipped on dashboard.fact (student_id, slipped_at)
include (module_id) where slipped_at is not null;

-- How a class stands in a module, and when it was completed, without the rows themselves.
create index fact_of_module on dashboard.fact (module_id, student_id) include (status, completion_at);

alter table dashboard.fact enable row level security;
-- Not is_locked: what is locked is told by dashboard.lock, to whom it is for.
grant select (
    student_id, module_id, status, percentage, shown_score, score_source, last_activity, has_problem,
    edited_by_staff, last_change, unexplained_change, completion_at, progressed_at, slipped_at, attempts, cell
) on dashboard.fact to dashboard_person;

-- Reason: it says no more than the progress rows it was made from, and their history.
create policy people_see_their_students on dashboard.fact
for select to dashboard_person
using (
    case
        when fact.student_id <> (select internal.everybody_but())
        then exists (select from roster.anybody where anybody.id = fact.student_id offset 0)
        else fact.student_id in (select internal.my_students())
    end
);

-- The most attempts at a lesson quiz that is not passed. Also where a number or an outcome was written as text, as the
-- details are read everywhere.
create or replace function internal.attempts_in(details jsonb) returns integer
language sql immutable
set search_path = ''
as $$
    select max(
        case
            when jsonb_typeof(quiz -> 'attempts') = 'number'
                or quiz ->> 'attempts' ~ '^ *[0-9]{1,200}([.]0{1,200})? *$'
            then least(floor((quiz ->> 'attempts')::numeric), 1000000)
        end
    )::integer
    from jsonb_path_query(
        details,
        'lax $.lesson_quiz_results.* ? (
            @.passed == false || @.passed == 0
            || @.passed like_regex "^ *(failed|false|f|no|n|off|0) *$" flag "i"
        )',
        '{}',
        true
    ) as quiz
$$;

-- Without `reads_moments` none is searched for in the details: they were not changed.
create or replace function internal.fact_of(
    student_id uuid,
    module_id uuid,
    status public.progress_status,
    score numeric,
    details jsonb,
    last_updated timestamptz,
    completed_at timestamptz,
    percentage integer,
    by_staff boolean,
    own_change timestamptz,
    unexplained_change timestamptz,
    reads_moments boolean
)
returns dashboard.fact
language plpgsql stable
set search_path = ''
as $$
declare
    fact dashboard.fact;
    moment timestamptz;
    latest timestamptz := now() + interval '1 day';
begin
    fact.student_id := student_id;
    fact.module_id := module_id;
    fact.status := status;
    fact.percentage := percentage;
    fact.shown_score := score;
    fact.own_change := own_change;
    fact.unexplained_change := unexplained_change;
    fact.last_activity := own_change;
    fact.edited_by_staff := by_staff;
    fact.has_problem :=
        last_updated not between '1970-01-01' and latest
        or completed_at not between '1970-01-01' and latest
        or jsonb_typeof(details) not in ('object', 'null');
    if jsonb_typeof(details) = 'object' then
        if score is null and details ?| array['score_percentage', 'score'] then
            fact.shown_score := internal.score_in(details);
        end if;
        if reads_moments then
            -- A clock that is hours ahead, or a moment without its zone: it was done by now at the latest.
            moment := internal.last_moment_in(details);
            fact.last_activity := greatest(own_change, case when moment > now() then now() else moment end);
        end if;
        if details ? 'lesson_quiz_results' then
            fact.attempts := internal.attempts_in(details);
        end if;
    end if;
    -- As internal.plausible().
    if fact.last_activity is null and last_updated between '1970-01-01' and latest then
        fact.last_change := last_updated;
    end if;
    if internal.is_further(status::text, percentage, 'NotStarted', 0) then
        fact.progressed_at := case
            when last_updated between '1970-01-01' and now() then last_updated else now()
        end;
    end if;
    fact.score_source := case
        when score is not null then 'score'
        when fact.shown_score is not null then 'details'
    end;
    fact.has_problem :=
        coalesce(fact.has_problem, false) or coalesce(fact.shown_score not between 0 and 100, false);
    return fact;
end
$$;
