-- What the data check found, kept: pages ask for it without looking at every row.

-- How many rows of each student break each rule, counted once and kept (standings.sql says how): what is dismissed is
-- counted too.
create table internal.doubt (
    rule text not null,
    student_id uuid not null,
    rows integer not null,
    primary key (rule, student_id)
);

create index doubt_student_id on internal.doubt (student_id);

alter table internal.doubt enable row level security;

-- What a stored row breaks now.
create or replace function internal.doubts_of(student uuid, module uuid) returns text[]
language sql stable
set search_path = ''
as $$
    select internal.doubts_of_row(
        status, progress_percentage, score, completed_at, last_updated, progress_details, shown_score, module_type
    )
    from internal.checked_row
    where student_id = student and module_id = module
$$;

-- Counts these students, from their facts.
create or replace function internal.counted_doubts(students uuid[])
returns table (rule text, student_id uuid, rows integer)
language sql stable rows 100
set search_path = ''
set jit = off
as $$
    select found.rule, one.id, found.rows
    from unnest(students) as one (id)
    cross join lateral (
        select broken.rule, count(*)::integer as rows
        from (
            select unnest(
                case
                    when fact.doubts && internal.passing_doubts()
                    then internal.doubts_of(fact.student_id, fact.module_id)
                    else fact.doubts
                end
            )
            from dashboard.fact
            where fact.student_id = one.id and fact.doubts is not null
            union all
            select 'not_in_class'
            from (
                select fact.module_id
                from dashboard.fact
                where fact.student_id = one.id
                except
                select class_module.module_id
                from school.class_student
                join school.class_module using (class_id)
                where class_student.student_id = one.id
            ) as astray
        ) as broken (rule)
        group by broken.rule
        offset 0
    ) as found
$$;

-- As internal.settle() does of these students.
create or replace function internal.settle_doubts(students uuid[]) returns void
language sql
set search_path = ''
as $$
    with counted as materialized (
        select * from internal.counted_doubts(students)
    ),
    gone as (
        delete from internal.doubt
        where doubt.student_id = any (students)
            and (doubt.rule, doubt.student_id) not in (select counted.rule, counted.student_id from counted)
    )
    insert into internal.doubt
    select * from counted
    on conflict (rule, student_id) do update set rows = excluded.rows
    where doubt.rows <> excluded.rows
$$;

-- Of my students, as they were settled or counted now: all rules, or one.
create or replace function internal.my_doubts(wanted text)
returns table (rule text, student_id uuid, rows integer)
language sql stable rows 1000
set search_path = ''
set jit = off
as $$
    with my_student as materialized (
        select internal.my_staffed_students() as id
        where not (select internal.sees_everybody())
    ),
    unsure as materialized (
        select unsettled.student_id as id from internal.unsettled where unsettled.student_id is not null
        union
        select class_student.student_id from internal.unsettled join school.class_student using (class_id)
        union
        select doubt.student_id from internal.doubt where doubt.rule = any (internal.passing_doubts())
    ),
    -- Of whom it is not sure, without a rule.
    known as (
        select doubt.rule, doubt.student_id, doubt.rows
        from internal.doubt
        where (wanted is null or doubt.rule = wanted) and doubt.student_id not in (select unsure.id from unsure)
        union all
        select null, unsure.id, null from unsure
    ),
    mine as materialized (
        select known.rule, known.student_id, known.rows
        from known
        where case
                when (select internal.sees_everybody())
                then known.student_id <> (select internal.me())
                    and exists (select from school.student where student.id = known.student_id)
                else known.student_id in (select my_student.id from my_student)
            end
    )
    select mine.rule, mine.student_id, mine.rows from mine where mine.rule is not null
    union all
    select counted.rule, counted.student_id, counted.rows
    from internal.counted_doubts(array(select mine.student_id from mine where mine.rule is null)) as counted
    where wanted is null or counted.rule = wanted
$$;

-- How many rows break each rule, and of how many students.
create or replace function dashboard.doubt_counts() returns table (rule text, rows bigint, students bigint)
language sql stable security definer
set search_path = ''
as $$
    select mine.rule, sum(mine.rows), count(*) from internal.my_doubts(null) as mine group by mine.rule
$$;

-- Who has rows that break a rule, by name, from a place in that order on.
create or replace function dashboard.doubtful_students(rule text, from_name text, from_id uuid, most integer)
returns table (id uuid, full_name text)
language sql stable security definer
set search_path = ''
as $$
    select student.id, student.full_name
    from internal.my_doubts(rule) as mine
    join school.student on student.id = mine.student_id
    where from_id is null or (student.full_name, student.id) >= (from_name, from_id)
    order by student.full_name, student.id
    limit most
$$;

grant execute on function dashboard.doubt_counts(), dashboard.doubtful_students to dashboard_person;

-- Judges these rows again, after whoever writes them just now.
create or replace function internal.judge(students uuid[], modules uuid[]) returns void
language plpgsql
set search_path = ''
as $$
begin
    perform
    from dashboard.fact
    join unnest(students, modules) as wanted (student_id, module_id) using (student_id, module_id)
    order by fact.student_id, fact.module_id
    for update of fact;

    update dashboard.fact
    set doubts = judged.doubts
    from unnest(students, modules) as wanted (student_id, module_id)
    cross join lateral (
        select internal.doubts_of(wanted.student_id, wanted.module_id) as doubts
        offset 0
    ) as judged
    where fact.student_id = wanted.student_id
        and fact.module_id = wanted.module_id
        and fact.doubts is distinct from judged.doubts;
end
$$;

-- A module that is of another type now, or known at last: its rows are judged by that.
create or replace function internal.judge_modules() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
    ids uuid[];
begin
    if tg_op = 'UPDATE' then
        ids := array(
            select new_rows.id
            from new_rows
            join old_rows using (id)
            where internal.module_type(new_rows.type) is distinct from internal.module_type(old_rows.type)
        );
    else
        ids := array(select id from changed_rows);
    end if;
    if ids <> '{}' then
        perform internal.judge(array_agg(student_id), array_agg(module_id))
        from dashboard.fact
        where fact.module_id = any (ids);
    end if;
    return null;
end
$$;

-- Judges all rows and counts everybody: how many were wrong. They are right from then on.
create or replace function internal.note_wrong_doubts() returns integer
language plpgsql
set search_path = ''
set jit = off
as $$
declare
    students uuid[];
    modules uuid[];
    wrong integer;
begin
    select array_agg(checked.student_id), array_agg(checked.module_id)
    into students, modules
    from (
        select
            student_id,
            module_id,
            coalesce(doubts, '{}') as doubts,
            coalesce(
                internal.doubts_of_row(
                    status, progress_percentage, score, completed_at, last_updated, progress_details, shown_score,
                    module_type
                ),
                '{}'
            ) as judged
        from internal.checked_row
        offset 0
    ) as checked
    where not (judged <@ doubts and doubts <@ (judged || internal.passing_doubts()));
    perform internal.judge(students, modules);

    insert into internal.unsettled (student_id)
    select coalesce(counted.student_id, kept.student_id)
    -- Of whom the roster does not know yet, too.
    from internal.counted_doubts(
        array(
            select id from school.student
            union
            select student_id from dashboard.fact
        )
    ) as counted
    full join internal.doubt as kept using (rule, student_id)
    where counted.rows is distinct from kept.rows
        and coalesce(counted.student_id, kept.student_id) not in (
            select student_id from internal.unsettled where student_id is not null
        )
        and coalesce(counted.rule, kept.rule) <> all (internal.passing_doubts())
    group by 1;
    get diagnostics wrong = row_count;
    return wrong + coalesce(cardinality(students), 0);
end
$$;
