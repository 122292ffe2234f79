-- Who needs attention, and why. Each rule is one row in internal.raised(); what it is called and how it is said in
-- words stands under the same key in data/rules/attention.py.

-- Whole days of 24 hours between two moments.
create or replace function internal.days(since timestamptz, until timestamptz) returns integer
language sql immutable
return floor(extract(epoch from until - since) / 86400)::integer;

-- What the rules raise in classes, as of a moment: by which rule, how grave that is, in how many modules, since when,
-- and the figures that its sentence says. Whoever left or is staff is never flagged, and nobody in a class that is
-- archived or in which nobody has begun. A guest from another organisation counts where `guests` says so. (Each rule
-- reads by itself of whom it holds: most hold of few.)
create or replace function internal.raised(classes uuid[], moment timestamptz, guests boolean)
returns table (
    class_id uuid,
    student_id uuid,
    rule text,
    weight integer,
    modules integer,
    since timestamptz,
    figure integer,
    beside integer
)
language sql stable rows 1000
set search_path = ''
set jit = off
set work_mem = '32MB'
as $$
    with standing as materialized (
        select standing.*
        from internal.standings(classes) as standing
        join school.class on class.id = standing.class_id and class.archived_at is null
        join school.student
            on student.id = standing.student_id
            and student.is_active
            and (student.organisation_id = class.organisation_id or guests)
        left join school.staff on staff.id = student.id and staff.is_active
        where staff.id is null
    ),
    class as (
        select
            standing.class_id,
            (count(*))::integer as students,
            (count(*) filter (where standing.has_begun))::integer as begun,
            percentile_cont(0.5) within group (order by standing.completed) as median
        from standing
        group by standing.class_id
        having bool_or(standing.has_begun)
    ),
    asked as materialized (
        select
            standing.*,
            class.students,
            class.begun,
            class.median
        from standing
        join class on class.class_id = standing.class_id
    ),
    flag as (
        select
            class_id, student_id, 'stuck' as rule, 5 as weight, stuck as modules, stuck_at as since,
            null::integer as figure, null::integer as beside
        from asked
        where stuck > 0
        union all
        select class_id, student_id, 'slipped', 4, slipped, slipped_at, null, null
        from asked
        where slipped > 0
        union all
        select class_id, student_id, 'not_begun', 4, null, null, begun, students
        from asked
        where not has_begun and begun * 2 >= students
        union all
        select
            class_id, student_id, 'inactive', 3, in_progress, idle_since,
            internal.days(idle_since, moment), null
        from asked
        where in_progress > 0 and idle_since <= moment - interval '168 hours'
        union all
        select class_id, student_id, 'far_behind', 3, null, progressed_at, completed, ceil(median)::integer
        from asked
        where has_begun and completed * 2 < median and median - completed >= 4
        union all
        select
            class_id, student_id, 'stalled', 2, in_progress, progressed_at,
            internal.days(progressed_at, moment), null
        from asked
        where in_progress > 0
            and idle_since > moment - interval '168 hours'
            and progressed_at <= moment - interval '336 hours'
        union all
        select class_id, student_id, 'failed', 2, failed, failed_at, null, null
        from asked
        where failed > 0
        union all
        select class_id, student_id, 'doubtful', 1, doubtful, null, null, null
        from asked
        where doubtful > 0
    )
    select * from flag
$$;

-- What of that is told. A guest from another organisation is for the class's teachers and for admins. What staff
-- responded to is not told while the response holds: "seen" until the flag has another sign, "contacted" 14 days or
-- until then, "not a concern" until it is taken back.
create or replace function internal.flagged(classes uuid[], moment timestamptz)
returns table (
    class_id uuid,
    student_id uuid,
    rule text,
    weight integer,
    modules integer,
    since timestamptz,
    figure integer,
    beside integer
)
language sql stable rows 1000
set search_path = ''
set jit = off
as $$
    -- What staff responded last to each rule.
    with last as materialized (
        select distinct on (given.class_id, given.student_id, given.rule) given.*
        from dashboard.flag_response as given
        where given.class_id = any (classes)
        order by given.class_id, given.student_id, given.rule, given.number desc
    )
    select flag.*
    from internal.raised(classes, moment, (select internal.sees_guests())) as flag
    where not exists (
        select
        from last
        where last.class_id = flag.class_id
            and last.student_id = flag.student_id
            and last.rule = flag.rule
            and case last.response
                when 'not_a_concern' then true
                when 'taken_back' then false
                -- Until it changes: the flag that holds has another sign, then.
                else
                    (last.modules, last.since) is not distinct from (flag.modules, flag.since)
                    and (last.response = 'seen' or moment < last.at + interval '14 days')
            end
    )
$$;

-- What is flagged in classes I staff, as of a moment: by which rule, in how many modules, since when, and the figures
-- that its sentence says.
create or replace function dashboard.flags(classes uuid[], moment timestamptz)
returns table (
    class_id uuid,
    student_id uuid,
    rule text,
    weight integer,
    modules integer,
    since timestamptz,
    figure integer,
    beside integer
)
language sql stable security definer rows 1000
set search_path = ''
set jit = off
as $$
    select *
    from internal.flagged(
        array(
            select mine.id
            from internal.my_staffed_classes() as mine (id)
            where mine.id = any (classes)
        ),
        moment
    )
$$;

-- The modules that flags of these students speak of, by rule and in their order; details where they are asked.
create or replace function dashboard.flag_modules(classes uuid[], students uuid[])
returns table (
    class_id uuid,
    student_id uuid,
    rule text,
    module_id uuid,
    module text,
    shown_score numeric,
    pass_mark numeric,
    details jsonb
)
language sql stable security definer rows 100
set search_path = ''
as $$
    select
        class_student.class_id,
        class_student.student_id,
        rule.key,
        module.id,
        module.name,
        fact.shown_score,
        module.pass_mark,
        case
            when rule.key = 'stuck'
            then (
                select progress.progress_details
                from public.student_module_progress as progress
                where progress.student_id = fact.student_id and progress.module_id = fact.module_id
            )
        end
    from school.class_student
    join school.class on class.id = class_student.class_id
    join school.student
        on student.id = class_student.student_id
        and (
            student.organisation_id = class.organisation_id
            or (select internal.sees_guests())
        )
    join school.class_module on class_module.class_id = class_student.class_id
    join school.module on module.id = class_module.module_id
    join dashboard.fact
        on fact.student_id = class_student.student_id
        and fact.module_id = class_module.module_id
    cross join lateral (
        values
        ('stuck', fact.is_stuck),
        ('slipped', fact.slipped_at is not null),
        ('inactive', fact.status = 'InProgress'),
        ('stalled', fact.status = 'InProgress'),
        ('failed', dashboard.is_failed(fact.shown_score, module.pass_mark)),
        ('doubtful', fact.has_problem)
    ) as rule (key, holds)
    where class_student.student_id = any (students)
        and class_student.class_id = any (classes)
        and class_student.class_id in (select internal.my_staffed_classes())
        and rule.holds
    order by class_student.class_id, class_student.student_id, class_module.position, class_module.module_id
$$;

-- Who needs me most, of all my classes: the flags of so many students, and of how many in all. By the weights of their
-- rules together, then the newest. A rule counts once, in however many classes it holds.
create or replace function dashboard.urgent_flags(moment timestamptz, most integer)
returns table (
    student_id uuid,
    full_name text,
    email text,
    place bigint,
    students bigint,
    class_id uuid,
    rule text,
    weight integer,
    modules integer,
    since timestamptz,
    figure integer,
    beside integer
)
language sql stable security definer rows 20
set search_path = ''
set jit = off
as $$
    with flag as materialized (
        select *
        from internal.flagged(array(select internal.my_staffed_classes()), moment)
    ),
    urgent as (
        select
            each.student_id,
            row_number() over (
                order by sum(each.weight) desc, max(each.since) desc nulls last, each.student_id
            ) as place,
            count(*) over () as students
        from (
            select flag.student_id, flag.rule, max(flag.weight) as weight, max(flag.since) as since
            from flag
            group by flag.student_id, flag.rule
        ) as each
        group by each.student_id
        order by 2
        limit most
    )
    select
        student.id, student.full_name, student.email, urgent.place, urgent.students, flag.class_id, flag.rule,
        flag.weight, flag.modules, flag.since, flag.figure, flag.beside
    from urgent
    join school.student on student.id = urgent.student_id
    join flag on flag.student_id = urgent.student_id
    order by urgent.place, flag.weight desc, flag.since desc nulls last, flag.rule, flag.class_id
$$;

grant execute on function
dashboard.flags(uuid[], timestamptz),
dashboard.flag_modules(uuid[], uuid[]),
dashboard.urgent_flags(timestamptz, integer)
to dashboard_person;
