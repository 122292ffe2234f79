-- Who needs attention, and why. Each rule is one row in internal.flagged(); what it is called and how it is said in
-- words stands under the same key in data/rules/attention.py.

-- How students of classes stand, with what is flagged: one row a flag, the gravest first (`place` 1), and one row with
-- no rule where there is none. Whoever left or is staff is never flagged, and nobody in a class that is archived or in
-- which nobody has begun. A guest from another organisation is for the class's teachers and for admins. What staff
-- responded to is not told while the response holds: "seen" until the flag has another sign, "contacted" 14 days or until
-- then, "not a concern" until it is taken back.
create or replace function internal.flagged(classes uuid[], moment timestamptz)
returns table (
    class_id uuid,
    student_id uuid,
    completed integer,
    in_progress integer,
    other integer,
    place bigint,
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
    with standing as materialized (
        select
            standing.*,
            student.is_active and staff.id is null and class.archived_at is null as may_be_flagged
        from internal.standings(classes) as standing
        join school.class on class.id = standing.class_id
        join school.student
            on student.id = standing.student_id
            and (
                student.organisation_id = class.organisation_id
                or (select internal.sees_guests())
            )
        left join school.staff on staff.id = student.id and staff.is_active
    ),
    class as materialized (
        select
            standing.class_id,
            (count(*))::integer as students,
            (count(*) filter (where standing.has_begun))::integer as begun,
            percentile_cont(0.5) within group (order by standing.completed) as median
        from standing
        where standing.may_be_flagged
        group by standing.class_id
        having bool_or(standing.has_begun)
    ),
    -- What staff responded last to each rule.
    responded as materialized (
        select latest.class_id, latest.student_id, array_agg(latest.given) as responses
        from (
            select distinct on (given.class_id, given.student_id, given.rule) given.class_id, given.student_id, given
            from dashboard.flag_response as given
            where given.class_id = any (classes)
            order by given.class_id, given.student_id, given.rule, given.number desc
        ) as latest
        group by latest.class_id, latest.student_id
    )
    select
        standing.class_id,
        standing.student_id,
        standing.completed,
        standing.in_progress,
        standing.other,
        row_number() over (
            partition by standing.class_id, standing.student_id
            order by flag.weight desc, flag.since desc nulls last, flag.key
        ),
        flag.*
    from standing
    left join class on class.class_id = standing.class_id and standing.may_be_flagged
    left join responded
        on responded.class_id = standing.class_id
        and responded.student_id = standing.student_id
    left join lateral (
        select rule.key, rule.weight, rule.modules, rule.since, rule.figure, rule.beside
        from (
            select
                floor(extract(epoch from moment - standing.idle_since) / 86400)::integer as idle,
                floor(extract(epoch from moment - standing.progressed_at) / 86400)::integer as without_progress
        ) as days
        cross join lateral (
            values
            (
                'stuck', 5, standing.stuck > 0,
                standing.stuck, standing.stuck_at, null::integer, null::integer
            ),
            (
                'slipped', 4, standing.slipped > 0,
                standing.slipped, standing.slipped_at, null, null
            ),
            (
                'not_begun', 4, not standing.has_begun and class.begun * 2 >= class.students,
                null, null, class.begun, class.students
            ),
            (
                'inactive', 3, standing.in_progress > 0 and days.idle >= 7,
                standing.in_progress, standing.idle_since, days.idle, null
            ),
            (
                'far_behind', 3,
                standing.has_begun
                and standing.completed * 2 < class.median
                and class.median - standing.completed >= 4,
                null, standing.progressed_at, standing.completed, ceil(class.median)::integer
            ),
            (
                'stalled', 2, standing.in_progress > 0 and days.idle < 7 and days.without_progress >= 14,
                standing.in_progress, standing.progressed_at, days.without_progress, null
            ),
            (
                'failed', 2, standing.failed > 0,
                standing.failed, standing.failed_at, null, null
            ),
            (
                'doubtful', 1, standing.doubtful > 0,
                standing.doubtful, null, null, null
            )
        ) as rule (key, weight, holds, modules, since, figure, beside)
        where rule.holds
            and class.class_id is not null
            and not exists (
                select
                from unnest(responded.responses) as last
                where last.rule = rule.key
                    and case last.response
                        when 'not_a_concern' then true
                        when 'taken_back' then false
                        -- Until it changes: the flag that holds has another sign, then.
                        else
                            (last.modules, last.since) is not distinct from (rule.modules, rule.since)
                            and (last.response = 'seen' or moment < last.at + interval '14 days')
                    end
            )
    ) as flag on true
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
    select
        flagged.class_id, flagged.student_id, flagged.rule, flagged.weight, flagged.modules, flagged.since,
        flagged.figure, flagged.beside
    from internal.flagged(
        array(
            select mine.id
            from internal.my_staffed_classes() as mine (id)
            where mine.id = any (classes)
        ),
        moment
    ) as flagged
    where flagged.rule is not null
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
        select flagged.*
        from internal.flagged(
            array(select internal.my_staffed_classes()),
            moment
        ) as flagged
        where flagged.rule is not null
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

-- How the classes I staff stand: their size, cells by status (what is in no count was not started), and how many of
-- their students need attention: in all, and by each rule.
create or replace function internal.class_counts()
returns table (
    class_id uuid, students integer, modules integer, completed integer, in_progress integer, other integer,
    needs_attention integer, by_rule jsonb
)
language sql stable security definer rows 50
set search_path = ''
set jit = off
as $$
    with my_class as materialized (select internal.my_staffed_classes() as id),
    flagged as materialized (
        select *
        from internal.flagged(array(select my_class.id from my_class), now())
    )
    select
        class.id,
        coalesce(counted.students, 0)::integer,
        (
            select count(*)
            from school.class_module
            where class_module.class_id = class.id
        )::integer,
        coalesce(counted.completed, 0)::integer,
        coalesce(counted.in_progress, 0)::integer,
        coalesce(counted.other, 0)::integer,
        coalesce(counted.needs_attention, 0)::integer,
        coalesce(rules.counts, '{}')
    from school.class
    left join (
        select
            flagged.class_id,
            count(*) as students,
            sum(flagged.completed) as completed,
            sum(flagged.in_progress) as in_progress,
            sum(flagged.other) as other,
            count(flagged.rule) as needs_attention
        from flagged
        where flagged.place = 1
        group by flagged.class_id
    ) as counted on counted.class_id = class.id
    left join (
        select ruled.class_id, jsonb_object_agg(ruled.rule, ruled.students) as counts
        from (
            select flagged.class_id, flagged.rule, count(*) as students
            from flagged
            where flagged.rule is not null
            group by flagged.class_id, flagged.rule
        ) as ruled
        group by ruled.class_id
    ) as rules on rules.class_id = class.id
    where class.id in (select my_class.id from my_class)
$$;

create or replace view dashboard.class_count with (security_barrier) as
select *
from internal.class_counts();

grant execute on function
dashboard.flags(uuid[], timestamptz),
dashboard.flag_modules(uuid[], uuid[]),
dashboard.urgent_flags(timestamptz, integer),
internal.class_counts()
to dashboard_person;
grant select on dashboard.class_count to dashboard_person;
