-- How each student of a class stands, counted once and kept: what pages ask of whole schools at once adds these up, and
-- not every fact. Whoever writes is not made to count, nor to wait for others who do: a write only notes whose counts
-- are no longer sure. These are counted when they are read, until somebody settles them.

create table internal.standing (
    class_id uuid not null,
    student_id uuid not null,
    completed integer not null,
    in_progress integer not null,
    other integer not null,
    has_begun boolean not null,
    idle_since timestamptz,
    progressed_at timestamptz,
    slipped integer not null,
    slipped_at timestamptz,
    failed integer not null,
    failed_at timestamptz,
    doubtful integer not null,
    attempts integer[],
    attempted_at timestamptz[],
    primary key (class_id, student_id)
);

comment on table internal.standing is
'What the rules of attention ask of a student in a class (attention.sql): counts of the class''s modules with the newest
moment of each, and when the student last did something and last came further, in whichever module.';

comment on column internal.standing.attempts is
'Of each module in which a lesson quiz is not passed after two attempts or more (the least that a class may be told of):
how many they are, with `attempted_at` the newest moment of the module. Null where there is none.';

create index standing_student_id on internal.standing (student_id);

alter table internal.standing enable row level security;

create table internal.unsettled (
    student_id uuid,
    class_id uuid,
    module_id uuid,
    summary_of uuid
);

comment on table internal.unsettled is
'Whose standings are no longer sure: a student''s, a class''s, or those in all classes that have a module, whoever and
whichever that is when it is read. As often as it was noted, for nobody is to wait for another who notes it.';

comment on column internal.unsettled.summary_of is
'A class, an organisation with its classes, or a student with theirs, whose standings are sure all the same: only what is
kept of the class as a whole is not (class_summaries.sql).';

alter table internal.unsettled enable row level security;

-- Counts these students of a class, from their facts. Who works on something else meanwhile is neither inactive nor
-- stalled: hence the modules of other classes.
create or replace function internal.counted(class uuid, students uuid[]) returns setof internal.standing
language sql stable
as $$
    select class, one.id, row.*
    from unnest(students) as one (id)
    cross join lateral (
        select
            (count(*) filter (where fact.is_of_class and fact.status = 'Completed'))::integer,
            (count(*) filter (where fact.is_of_class and fact.status = 'InProgress'))::integer,
            (count(*) filter (where fact.is_of_class and dashboard.is_other(fact.status)))::integer,
            coalesce(bool_or(fact.is_of_class and (fact.status <> 'NotStarted' or fact.worked_at is not null)), false),
            max(fact.worked_at),
            max(fact.progressed_at),
            (count(*) filter (where fact.is_of_class and fact.slipped_at is not null))::integer,
            max(fact.slipped_at) filter (where fact.is_of_class),
            (count(*) filter (where fact.is_failed))::integer,
            max(coalesce(fact.completion_at, fact.known_at)) filter (where fact.is_failed),
            (count(*) filter (where fact.is_of_class and fact.has_problem))::integer,
            array_agg(fact.attempts order by fact.attempts, fact.known_at)
                filter (where fact.is_of_class and fact.attempts >= 2),
            array_agg(fact.known_at order by fact.attempts, fact.known_at)
                filter (where fact.is_of_class and fact.attempts >= 2)
        from (
            select
                known.status, known.attempts, known.has_problem, known.progressed_at, known.slipped_at,
                known.completion_at,
                coalesce(known.last_activity, known.unexplained_change) as worked_at,
                coalesce(known.last_activity, known.unexplained_change, known.last_change) as known_at,
                wanted.id is not null as is_of_class,
                dashboard.is_failed(known.shown_score, wanted.pass_mark) as is_failed
            from (
                select *
                from dashboard.fact
                where fact.student_id = one.id
                offset 0
            ) as known
            left join (
                select module.id, module.pass_mark
                from school.class_module
                join school.module on module.id = class_module.module_id
                where class_module.class_id = class
                offset 0
            ) as wanted on wanted.id = known.module_id
        ) as fact
    ) as row
    -- The fence without which the modules were hashed for each student.
    offset 0
$$;

-- Who is meant by notes, class by class.
create or replace function internal.meant_by(students uuid[], classes uuid[])
returns table (class_id uuid, students uuid[])
language sql stable rows 100
set search_path = ''
as $$
    select meant.class_id, array_agg(meant.student_id)
    from (
        select class_student.class_id, class_student.student_id
        from school.class_student
        where class_student.student_id = any (meant_by.students)
        union
        select class_student.class_id, class_student.student_id
        from school.class_student
        where class_student.class_id = any (classes)
    ) as meant
    group by meant.class_id
$$;

-- Everybody's in these classes: as it was settled, or counted now.
create or replace function internal.standings(classes uuid[]) returns setof internal.standing
language sql stable rows 1000
set search_path = ''
set jit = off
as $$
    with noted_student as materialized (
        select distinct unsettled.student_id as id from internal.unsettled where unsettled.student_id is not null
    ),
    noted_class as materialized (
        select unsettled.class_id as id from internal.unsettled where unsettled.class_id is not null
        union
        select class_module.class_id
        from internal.unsettled
        join school.class_module on class_module.module_id = unsettled.module_id
    )
    select standing.*
    from unnest(classes) as wanted (id)
    join internal.standing on standing.class_id = wanted.id
    where not exists (select from noted_student where noted_student.id = standing.student_id)
        and not exists (select from noted_class where noted_class.id = standing.class_id)
    union all
    select counted.*
    from internal.meant_by(
        array(select noted_student.id from noted_student),
        array(select noted_class.id from noted_class where noted_class.id = any (classes))
    ) as meant
    cross join lateral internal.counted(meant.class_id, meant.students) as counted
    where meant.class_id = any (classes)
$$;

-- Counts again what was noted first, and tells how many notes are gone with it. What is noted meanwhile stays noted.
create or replace function internal.settle(most integer) returns integer
language plpgsql
set search_path = ''
set jit = off
as $$
declare
    students uuid[];
    classes uuid[];
    modules uuid[];
    summaries uuid[];
    notes integer;
begin
    -- One at a time; whoever comes meanwhile has nothing to do.
    if not pg_catalog.pg_try_advisory_xact_lock(7205759404) then
        return 0;
    end if;
    with gone as (
        delete from internal.unsettled
        where ctid = any (array(select ctid from internal.unsettled limit most))
        returning *
    )
    select
        array_agg(distinct student_id), coalesce(array_agg(distinct class_id), '{}'), array_agg(distinct module_id),
        array_agg(distinct summary_of), count(*)
    into students, classes, modules, summaries, notes
    from gone;

    classes := classes || array(
        select distinct class_module.class_id
        from school.class_module
        where class_module.module_id = any (modules)
    );
    insert into internal.standing
    select counted.*
    from internal.meant_by(students, classes) as meant
    cross join lateral internal.counted(meant.class_id, meant.students) as counted
    on conflict (class_id, student_id) do update set
        completed = excluded.completed,
        in_progress = excluded.in_progress,
        other = excluded.other,
        has_begun = excluded.has_begun,
        idle_since = excluded.idle_since,
        progressed_at = excluded.progressed_at,
        slipped = excluded.slipped,
        slipped_at = excluded.slipped_at,
        failed = excluded.failed,
        failed_at = excluded.failed_at,
        doubtful = excluded.doubtful,
        attempts = excluded.attempts,
        attempted_at = excluded.attempted_at
    where standing is distinct from excluded;

    delete from internal.standing
    where standing.student_id = any (students)
        and not exists (
            select
            from school.class_student
            where class_student.class_id = standing.class_id
                and class_student.student_id = standing.student_id
        );
    perform internal.settle_sums(students, classes);
    perform internal.settle_doubts(
        array(
            select unnest(students)
            union
            select class_student.student_id
            from school.class_student
            where class_student.class_id = any (classes)
        )
    );
    perform internal.keep_summaries(
        array(
            select class_student.class_id
            from school.class_student
            where class_student.student_id = any (students || summaries)
            union
            select class.id
            from school.class
            where class.organisation_id = any (summaries)
            union
            select unnest(classes || summaries)
        )
    );
    return notes;
end
$$;

-- Counts everybody, and notes whoever stands there with other counts: they are counted right from then on.
create or replace function internal.note_wrong_standings() returns integer
language plpgsql
set search_path = ''
set jit = off
as $$
declare
    wrong integer;
begin
    insert into internal.unsettled (student_id)
    select distinct counted.student_id
    from (
        select class_student.class_id, array_agg(class_student.student_id) as students
        from school.class_student
        group by class_student.class_id
    ) as class
    cross join lateral internal.counted(class.class_id, class.students) as counted
    left join internal.standings(array(select id from school.class)) as standing
        on standing.class_id = class.class_id and standing.student_id = counted.student_id
    where standing is distinct from counted;
    get diagnostics wrong = row_count;
    return wrong;
end
$$;

-- For the app by itself: a few that are counted at each read cost less than all pages that are read anew. (Summaries of
-- classes become unsure by the clock, too.)
create or replace function dashboard.settle() returns integer
language plpgsql security definer
set search_path = ''
as $$
begin
    if not internal.is_guest()
        or (
            (select count(*) from (select from internal.unsettled limit 200) as noted) < 200
            and (
                select count(*)
                from (select from internal.class_summary where class_summary.holds_until <= now() limit 200) as due
            ) < 200
        )
    then
        return 0;
    end if;
    return internal.settle(5000);
end
$$;

grant execute on function dashboard.settle() to dashboard_guest;
