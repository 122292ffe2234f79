-- One narrow row beside each progress row: what pages ask of thousands of rows at once, worked out when the
-- row is written and not each time it is read. The school's table stays as it is, details may be kilobytes.

-- A cell as the matrix reads it (data/rules/cell.py): status letter, percentage, "/" and score, marks (stuck, edited,
-- problem). Both functions are bodies that PostgreSQL writes into the question, so that a cell costs no call. What
-- the first says is stored: a change of it wants a migration that makes the column anew.
create or replace function internal.cell_of(
    status public.progress_status,
    percentage smallint,
    shown_score numeric,
    is_stuck boolean,
    edited_by_staff boolean,
    has_problem boolean
)
returns text
language sql immutable
return case status when 'Completed' then 'C' when 'InProgress' then 'I' else 'N' end
    || coalesce(percentage::text, '')
    || case when shown_score between -9999 and 9999 then '/' || trim_scale(shown_score)::text else '' end
    || case when is_stuck then 's' else '' end
    || case when edited_by_staff then 'e' else '' end
    || case when has_problem then 'p' else '' end;

-- The marks that are known only when somebody asks; 'N' where nothing is stored.
create or replace function dashboard.cell_with_marks(cell text, is_locked boolean, is_failed boolean)
returns text
language sql immutable
return coalesce(cell, 'N')
    || case when is_locked then 'k' else '' end
    || case when is_failed then 'f' else '' end;

grant execute on function dashboard.cell_with_marks(text, boolean, boolean) to dashboard_person;

create table dashboard.fact (
    student_id uuid not null,
    module_id uuid not null,
    status public.progress_status not null,
    percentage smallint,
    shown_score numeric,
    score_source text check (score_source in ('score', 'details')),
    last_activity timestamptz,
    is_stuck boolean not null,
    has_problem boolean not null,
    edited_by_staff boolean not null,
    is_locked boolean not null default false,
    cell text not null generated always as (
        internal.cell_of(status, percentage, shown_score, is_stuck, edited_by_staff, has_problem)
    ) stored,
    primary key (student_id, module_id)
);

comment on column dashboard.fact.last_activity is
'The newest of last_updated and the timestamps inside the details; null where none can be read.';

comment on column dashboard.fact.is_stuck is
'A lesson quiz failed three times or more: only staff can clear it on the platform.';

alter table dashboard.fact enable row level security;
-- Not is_locked: what is locked is told by dashboard.lock, to whom it is for.
grant select (
    student_id, module_id, status, percentage, shown_score, score_source, last_activity, is_stuck, has_problem,
    edited_by_staff, cell
) on dashboard.fact to dashboard_person;

-- Reason: it says no more than the progress rows it was made from.
create policy people_see_their_students on dashboard.fact
for select to dashboard_person
using (student_id in (select internal.my_students()));

-- The moments in the details are only read where one of them may be later than the row's own.
create or replace function internal.fact_of(
    student_id uuid,
    module_id uuid,
    status public.progress_status,
    score numeric,
    details jsonb,
    last_updated timestamptz,
    completed_at timestamptz,
    percentage integer,
    by_staff boolean
)
returns dashboard.fact
language plpgsql stable
set search_path = ''
as $$
declare
    fact dashboard.fact;
    latest timestamptz := now() + interval '1 day';
begin
    fact.student_id := student_id;
    fact.module_id := module_id;
    fact.status := status;
    fact.percentage := percentage;
    fact.shown_score := score;
    -- As internal.plausible().
    fact.last_activity := case when last_updated between '1970-01-01' and latest then last_updated end;
    fact.is_stuck := false;
    fact.edited_by_staff := by_staff;
    fact.has_problem :=
        fact.last_activity is null
        or completed_at not between '1970-01-01' and latest
        or jsonb_typeof(details) not in ('object', 'null');
    if jsonb_typeof(details) = 'object' then
        if score is null and details ?| array['score_percentage', 'score'] then
            fact.shown_score := internal.score_in(details);
        end if;
        -- Moments are written year first, so that texts compare as days do; three days are more than any two
        -- zones are apart. It may ask in vain, and never misses what internal.last_moment_in() would find.
        if fact.last_activity is null
            or jsonb_path_exists(
                details,
                'lax $ ? (
                    @.submitted_at >= $day || @.started_at >= $day || @.completion_date >= $day
                    || @.lesson_quiz_results.*.* >= $day
                    || @.lesson_quiz_attempts.*[*].submitted_at >= $day
                )',
                jsonb_build_object('day', fact.last_activity - interval '3 days'),
                true
            ) is not false
        then
            fact.last_activity := greatest(fact.last_activity, internal.last_moment_in(details));
        end if;
        fact.is_stuck :=
            details ? 'lesson_quiz_results'
            and coalesce(
                jsonb_path_exists(
                    details,
                    'lax $.lesson_quiz_results.* ? (@.attempts >= 3 && @.passed == false)',
                    '{}',
                    true
                ),
                false
            );
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

-- One day has 24 hours and one text one moment, whatever the writer's zone: hence UTC. Who writes is asked once, and
-- only where a key was changed is anything deleted.
create or replace function internal.update_facts() returns trigger
language plpgsql security definer
set search_path = ''
set timezone = 'UTC'
set work_mem = '32MB'
as $$
declare
    author uuid := internal.author();
begin
    if tg_op = 'DELETE' then
        delete from dashboard.fact
        using old_rows
        where fact.student_id = old_rows.student_id and fact.module_id = old_rows.module_id;
        return null;
    end if;

    -- Only where the key itself was changed does an old row have no new one.
    if tg_op = 'UPDATE' then
        if exists (
            select student_id, module_id
            from old_rows
            except
            select student_id, module_id
            from new_rows
        )
        then
            delete from dashboard.fact
            using old_rows
            where fact.student_id = old_rows.student_id
                and fact.module_id = old_rows.module_id
                and not exists (
                    select
                    from new_rows
                    where new_rows.student_id = old_rows.student_id
                        and new_rows.module_id = old_rows.module_id
                );
        end if;
    end if;

    insert into dashboard.fact (
        student_id, module_id, status, percentage, shown_score, score_source, last_activity, is_stuck,
        has_problem, edited_by_staff
    )
    select
        fact_of.student_id, fact_of.module_id, fact_of.status, fact_of.percentage, fact_of.shown_score,
        fact_of.score_source, fact_of.last_activity, fact_of.is_stuck, fact_of.has_problem,
        fact_of.edited_by_staff
    from new_rows
    cross join lateral internal.fact_of(
        new_rows.student_id,
        new_rows.module_id,
        new_rows.status,
        new_rows.score,
        new_rows.progress_details,
        new_rows.last_updated,
        new_rows.completed_at,
        new_rows.progress_percentage,
        coalesce(author <> new_rows.student_id, false)
    )
    order by new_rows.student_id, new_rows.module_id
    on conflict (student_id, module_id) do update set
        status = excluded.status,
        percentage = excluded.percentage,
        shown_score = excluded.shown_score,
        score_source = excluded.score_source,
        last_activity = excluded.last_activity,
        is_stuck = excluded.is_stuck,
        has_problem = excluded.has_problem,
        -- Who made the figures what they are: a write that leaves them alone does not change that.
        edited_by_staff = case
            when (fact.status, fact.percentage, fact.shown_score)
                is distinct from (excluded.status, excluded.percentage, excluded.shown_score)
            then excluded.edited_by_staff
            else fact.edited_by_staff or excluded.edited_by_staff
        end;
    return null;
end
$$;

create or replace trigger facts_of_inserts
after insert on public.student_module_progress
referencing new table as new_rows
for each statement execute function internal.update_facts();

create or replace trigger facts_of_updates
after update on public.student_module_progress
referencing old table as old_rows new table as new_rows
for each statement execute function internal.update_facts();

create or replace trigger facts_of_deletes
after delete on public.student_module_progress
referencing old table as old_rows
for each statement execute function internal.update_facts();
