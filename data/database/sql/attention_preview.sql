-- What a change of the figures of attention or of the days off would do, before it is saved.

-- How many students of the classes concerned are flagged now, and would be if this were saved, by each rule and in all
-- (null); `classes` are those concerned. For whoever may save it, of the classes that they staff.
create or replace function dashboard.attention_preview(proposed jsonb)
returns table (rule text, students_now integer, students_then integer, classes integer)
language sql stable security definer rows 9
set search_path = ''
set jit = off
as $$
    with concerned as materialized (
        select array_agg(class.id) as classes
        from school.class
        where class.id in (select internal.my_staffed_classes())
            and class.archived_at is null
            and (select internal.my_role()) in ('coordinator', 'admin')
            and (
                proposed -> 'figures' ?| array[class.id::text, class.organisation_id::text]
                or proposed -> 'holidays' ? class.organisation_id::text
            )
    ),
    flag as (
        select flagged.rule, flagged.student_id, true as is_now
        from concerned
        cross join lateral internal.flagged(concerned.classes, now()) as flagged
        union all
        select flagged.rule, flagged.student_id, false
        from concerned
        cross join lateral internal.flagged(concerned.classes, now(), proposed) as flagged
    )
    select
        flag.rule,
        (count(distinct flag.student_id) filter (where flag.is_now))::integer,
        (count(distinct flag.student_id) filter (where not flag.is_now))::integer,
        coalesce((select cardinality(concerned.classes) from concerned), 0)
    from flag
    group by grouping sets ((flag.rule), ())
$$;

-- The figures of each of these classes that I staff, as its sentences say them, and the days off.
create or replace function dashboard.attention_figures(classes uuid[])
returns table (class_id uuid, figures jsonb, off tstzmultirange)
language sql stable security definer rows 50
set search_path = ''
as $$
    select found.class_id, to_jsonb(found) - '{class_id,idle_before,progressed_before,off}'::text[], found.off
    from internal.class_figures(
        array(
            select mine.id
            from internal.my_staffed_classes() as mine (id)
            where mine.id = any (classes)
        ),
        now()
    ) as found
$$;

grant execute on function dashboard.attention_preview(jsonb), dashboard.attention_figures(uuid[]) to dashboard_person;
