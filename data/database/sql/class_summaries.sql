-- What the overview says of a class, and whom the rules of attention flag in it: worked out once and kept, so that the
-- first page of whoever sees all classes reads a row a class, and not every student. It is no longer sure by the same
-- notes as how students stand (standings.sql), and from the moment on at which the clock alone may raise a flag; what is
-- not sure is worked out whenever it is read, until it is settled.

create table internal.class_summary (
    class_id uuid primary key,
    kept_at timestamptz not null,
    holds_until timestamptz not null,
    has_guests boolean not null,
    students integer not null,
    modules integer not null,
    completed integer not null,
    in_progress integer not null,
    other integer not null,
    needs_attention integer not null,
    by_rule jsonb not null,
    flagged uuid[] not null,
    urgency bigint[] not null,
    newest timestamptz[] not null,
    flags_of uuid[] not null,
    rules text[] not null,
    weights integer[] not null,
    flagged_modules integer[] not null,
    since timestamptz[] not null
);

comment on table internal.class_summary is
'As for whoever sees guests from other organisations, and whatever staff responded.';

comment on column internal.class_summary.flagged is
'Each student who is; beside it, in the same order, how urgent that is (internal.rule_places) and the newest sign.';

comment on column internal.class_summary.flags_of is
'Of each flag the student; beside it, in the same order, its rule, weight, modules and sign. How many days it is of moves
by the clock and is not kept.';

create index class_summary_holds_until on internal.class_summary (holds_until);

alter table internal.class_summary enable row level security;

-- Whose summaries are no longer sure, by what is noted.
create or replace function internal.noted_classes() returns setof uuid
language sql stable rows 100
as $$
    select class_student.class_id
    from internal.unsettled
    join school.class_student on class_student.student_id = coalesce(unsettled.student_id, unsettled.summary_of)
    union
    select class_module.class_id
    from internal.unsettled
    join school.class_module on class_module.module_id = unsettled.module_id
    union
    select class.id
    from internal.unsettled
    join school.class on class.organisation_id = unsettled.summary_of
    union
    select coalesce(unsettled.class_id, unsettled.summary_of)
    from internal.unsettled
    where coalesce(unsettled.class_id, unsettled.summary_of) is not null
$$;

-- Those of these classes whose summaries hold at a moment; at null those of which all holds that no clock moves. Who sees no
-- guests is told otherwise of a class that has some.
create or replace function internal.sure_classes(classes uuid[], moment timestamptz, guests boolean) returns uuid[]
language sql stable
set search_path = ''
set jit = off
as $$
    select coalesce(array_agg(kept.class_id), '{}')
    from unnest(classes) as wanted (id)
    join internal.class_summary as kept on kept.class_id = wanted.id
    where coalesce(kept.kept_at <= moment and moment < kept.holds_until, true)
        and (guests or not kept.has_guests)
        and kept.class_id not in (select internal.noted_classes())
$$;

-- Where each rule's weight is put, as three bits of one number: those of a student in several classes are put together by
-- bit_or(), in which a rule counts once.
create or replace function internal.rule_places() returns table (rule text, place integer)
language sql immutable rows 8
set search_path = ''
as $$
    select known.figure, 3 * (row_number() over (order by known.figure))::integer - 3
    from internal.attention_figures() as known
    where known.lowest = 0
$$;

-- What internal.raised() raises, but for the figures of its sentences: as it was kept, or worked out now.
create or replace function internal.known_flags(classes uuid[], moment timestamptz, guests boolean)
returns table (class_id uuid, student_id uuid, rule text, weight integer, modules integer, since timestamptz)
language sql stable rows 1000
set search_path = ''
set jit = off
as $$
    with sure as materialized (
        select internal.sure_classes(classes, moment, guests) as ids
    )
    select kept.class_id, flag.*
    from unnest((select sure.ids from sure)) as its (id)
    join internal.class_summary as kept on kept.class_id = its.id
    cross join unnest(kept.flags_of, kept.rules, kept.weights, kept.flagged_modules, kept.since) as flag
    union all
    select raised.class_id, raised.student_id, raised.rule, raised.weight, raised.modules, raised.since
    from internal.raised(
        array(
            select unnest(classes)
            except
            select unnest(sure.ids) from sure
        ),
        moment,
        guests
    ) as raised
$$;

-- Those of these classes of which I am told whatever is flagged in them as it was kept: it is sure, and staff responded to
-- none of it.
create or replace function internal.untouched_classes(classes uuid[], moment timestamptz) returns uuid[]
language sql stable
set search_path = ''
set jit = off
as $$
    select array(
        select unnest(internal.sure_classes(classes, moment, (select internal.sees_guests())))
        except
        select answer.class_id from internal.answered(classes, moment) as answer
    )
$$;

-- What of that is told: see internal.flagged().
create or replace function internal.told_flags(classes uuid[], moment timestamptz)
returns table (class_id uuid, student_id uuid, rule text, weight integer, modules integer, since timestamptz)
language sql stable rows 1000
set search_path = ''
set jit = off
as $$
    select flag.*
    from internal.known_flags(classes, moment, (select internal.sees_guests())) as flag
    where not exists (
        select
        from internal.answered(classes, moment) as answer
        where (answer.class_id, answer.student_id, answer.rule) = (flag.class_id, flag.student_id, flag.rule)
            and internal.hides(answer.in_any_case, answer.modules, answer.since, flag.modules, flag.since)
    )
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
set work_mem = '32MB'
as $$
    with mine as materialized (
        select array(select internal.my_staffed_classes()) as ids
    ),
    untouched as materialized (
        select internal.untouched_classes(mine.ids, moment) as ids from mine
    ),
    flagged as materialized (
        select each.student_id, bit_or(each.urgency) as urgency, max(each.newest) as newest
        from (
            select
                unnest(kept.flagged) as student_id, unnest(kept.urgency) as urgency, unnest(kept.newest) as newest
            from untouched
            cross join unnest(untouched.ids) as class (id)
            join internal.class_summary as kept on kept.class_id = class.id
            union all
            select told.student_id, told.weight::bigint << known.place, told.since
            from internal.told_flags(
                array(
                    select unnest(mine.ids) from mine
                    except
                    select unnest(untouched.ids) from untouched
                ),
                moment
            ) as told
            join internal.rule_places() as known on known.rule = told.rule
        ) as each
        group by each.student_id
    ),
    -- Of many students there are few different ones.
    weighed as materialized (
        select
            known.urgency,
            known.students,
            (select sum((known.urgency >> place) & 7) from generate_series(0, 60, 3) as place) as weight
        from (select urgency, count(*) as students from flagged group by urgency) as known
    ),
    -- How light one may be who is among the first.
    least as materialized (
        select max(summed.weight) as weight
        from (select weight, sum(students) over (order by weight desc) as students from weighed) as summed
        where summed.students >= most
    ),
    urgent as materialized (
        select
            first.student_id,
            row_number() over (order by first.weight desc, first.newest desc nulls last, first.student_id) as place,
            (select sum(weighed.students) from weighed)::bigint as students
        from (
            select flagged.student_id, weighed.weight, flagged.newest
            from flagged
            join weighed using (urgency)
            where weighed.weight >= coalesce((select least.weight from least), 0)
            order by weighed.weight desc, flagged.newest desc nulls last, flagged.student_id
            limit most
        ) as first
    )
    select
        student.id, student.full_name, student.email, urgent.place, urgent.students, flag.class_id, flag.rule,
        flag.weight, flag.modules, flag.since, flag.figure, flag.beside
    from urgent
    join school.student on student.id = urgent.student_id
    join internal.flagged(
        array(
            select class_student.class_id
            from urgent
            join school.class_student using (student_id)
            cross join mine
            where class_student.class_id = any (mine.ids)
        ),
        moment
    ) as flag on flag.student_id = urgent.student_id
    order by urgent.place, flag.weight desc, flag.since desc nulls last, flag.rule, flag.class_id
$$;

grant execute on function dashboard.urgent_flags(timestamptz, integer) to dashboard_person;
