-- Who needs attention, and why. Each rule is one row in internal.raised(); what it is called and how it is said in
-- words stands under the same key in data/rules/attention.py.

-- Whole days of 24 hours between two moments, but for so many seconds.
create or replace function internal.days(since timestamptz, until timestamptz, off numeric) returns integer
language sql immutable
return floor((extract(epoch from until - since) - off) / 86400)::integer;

-- What the rules raise in classes, as of a moment: by which rule, how grave that is, in how many modules, since when,
-- and the figures that its sentence says (of days, beside them, how many were off). By the figures that hold for each
-- class, or would if what is `proposed` were saved (internal.class_figures). Whoever left or is staff is never flagged,
-- and nobody in a class that is archived or in which nobody has begun. A guest from another organisation counts where
-- `guests` says so. (Each rule reads by itself of whom it holds: most hold of few.)
create or replace function internal.raised(
    classes uuid[], moment timestamptz, guests boolean, proposed jsonb default null
)
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
            class.median,
            figures.stuck_attempts,
            figures.not_begun_share,
            figures.far_behind_share,
            figures.far_behind_modules,
            figures.idle_before,
            figures.progressed_before,
            figures.off,
            -- How many modules are enough; none where the rule is off.
            case when figures.stuck = 1 then 1 end as enough_stuck,
            case when figures.slipped = 1 then figures.slipped_modules end as enough_slipped,
            case when figures.failed = 1 then figures.failed_modules end as enough_failed,
            case when figures.doubtful = 1 then figures.doubtful_modules end as enough_doubtful,
            figures.not_begun = 1 as asks_begun,
            figures.inactive = 1 as asks_work,
            figures.far_behind = 1 as asks_median,
            figures.stalled = 1 as asks_progress
        from standing
        join class on class.class_id = standing.class_id
        join internal.class_figures(classes, moment, proposed) as figures
            on figures.class_id = standing.class_id
    ),
    flag as (
        select
            class_id, student_id, 'stuck' as rule, 5 as weight, tried.modules, tried.since,
            stuck_attempts as figure, null::integer as beside
        from asked
        cross join lateral (
            select count(*)::integer as modules, max(one.at) as since
            from unnest(asked.attempts, asked.attempted_at) as one (attempts, at)
            where one.attempts >= asked.stuck_attempts
        ) as tried
        where asked.attempts is not null and tried.modules >= asked.enough_stuck
        union all
        select class_id, student_id, 'slipped', 4, slipped, slipped_at, null, null
        from asked
        where slipped >= enough_slipped
        union all
        select class_id, student_id, 'not_begun', 4, null, null, begun, students
        from asked
        where asks_begun and not has_begun and begun * 100 >= students * not_begun_share
        union all
        select
            class_id, student_id, 'inactive', 3, in_progress, idle_since, day.days,
            nullif(internal.days(idle_since, moment, 0) - day.days, 0)
        from asked
        cross join lateral (
            select internal.days(idle_since, moment, case
                when off is null then 0
                else coalesce(
                    (
                        select sum(extract(epoch from upper(part) - lower(part)))
                        from unnest(off * tstzmultirange(tstzrange(idle_since, moment))) as part
                    ),
                    0
                )
            end) as days
            offset 0
        ) as day
        where asks_work and in_progress > 0 and idle_since <= idle_before
        union all
        select class_id, student_id, 'far_behind', 3, null, progressed_at, completed, ceil(median)::integer
        from asked
        where asks_median
            and has_begun
            and completed * 100 < median * far_behind_share
            and median - completed >= far_behind_modules
        union all
        select
            class_id, student_id, 'stalled', 2, in_progress, progressed_at, day.days,
            nullif(internal.days(progressed_at, moment, 0) - day.days, 0)
        from asked
        cross join lateral (
            select internal.days(progressed_at, moment, case
                when off is null then 0
                else coalesce(
                    (
                        select sum(extract(epoch from upper(part) - lower(part)))
                        from unnest(off * tstzmultirange(tstzrange(progressed_at, moment))) as part
                    ),
                    0
                )
            end) as days
            offset 0
        ) as day
        where asks_progress
            and in_progress > 0
            and idle_since > idle_before
            and progressed_at <= progressed_before
        union all
        select class_id, student_id, 'failed', 2, failed, failed_at, null, null
        from asked
        where failed >= enough_failed
        union all
        select class_id, student_id, 'doubtful', 1, doubtful, null, null, null
        from asked
        where doubtful >= enough_doubtful
    )
    select * from flag
$$;

-- What staff responded last to each rule, while that hides the flag: "seen" until the flag has another sign, "contacted"
-- 14 days or until then, "not a concern" in any case, until it is taken back.
create or replace function internal.answered(classes uuid[], moment timestamptz)
returns table (
    class_id uuid, student_id uuid, rule text, in_any_case boolean, modules integer, since timestamptz
)
language sql stable rows 100
set search_path = ''
as $$
    select
        last.class_id, last.student_id, last.rule, last.response = 'not_a_concern', last.modules, last.since
    from (
        select distinct on (given.class_id, given.student_id, given.rule) given.*
        from unnest(classes) as wanted (id)
        join dashboard.flag_response as given on given.class_id = wanted.id
        order by given.class_id, given.student_id, given.rule, given.number desc
    ) as last
    where last.response in ('not_a_concern', 'seen')
        or (last.response = 'contacted' and moment < last.at + interval '14 days')
$$;

-- Does that hide the flag that holds? Until it changes: then it has another sign.
create or replace function internal.hides(
    in_any_case boolean, answered integer, answered_since timestamptz, modules integer, since timestamptz
)
returns boolean
language sql immutable
return in_any_case or (answered, answered_since) is not distinct from (modules, since);

-- What of that is told. A guest from another organisation is for the class's teachers and for admins. What staff
-- responded to is not told while the response holds.
create or replace function internal.flagged(classes uuid[], moment timestamptz, proposed jsonb default null)
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
    select flag.*
    from internal.raised(classes, moment, (select internal.sees_guests()), proposed) as flag
    where not exists (
        select
        from internal.answered(classes, moment) as answer
        where (answer.class_id, answer.student_id, answer.rule) = (flag.class_id, flag.student_id, flag.rule)
            and internal.hides(answer.in_any_case, answer.modules, answer.since, flag.modules, flag.since)
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

grant execute on function dashboard.flags(uuid[], timestamptz) to dashboard_person;
