-- How the summaries of classes (class_summaries.sql) are worked out and kept, and what else than standings they hang on.

-- Works them out. Of students and figures alike nobody can be inactive or stalled any sooner than the one who did
-- nothing, or came no further, for longest of those who are not yet; days off to come may only put it off.
create or replace function internal.summarised(classes uuid[], moment timestamptz) returns setof internal.class_summary
language sql stable rows 50
set search_path = ''
set jit = off
set timezone = 'UTC'
as $$
    with class as materialized (
        select class.id, class.organisation_id from school.class where class.id = any (classes)
    ),
    counted as materialized (
        select
            standing.class_id,
            bool_or(student.organisation_id is distinct from class.organisation_id) as has_guests,
            count(*)::integer as students,
            sum(standing.completed)::integer as completed,
            sum(standing.in_progress)::integer as in_progress,
            sum(standing.other)::integer as other,
            min(figures.idle_before) as idle_before,
            min(standing.idle_since) filter (
                where standing.in_progress > 0 and standing.idle_since > figures.idle_before
            ) as idle_since,
            min(figures.progressed_before) as progressed_before,
            min(standing.progressed_at) filter (
                where standing.in_progress > 0 and standing.progressed_at > figures.progressed_before
            ) as progressed_at
        from internal.standings(classes) as standing
        join class on class.id = standing.class_id
        join school.student on student.id = standing.student_id
        join internal.class_figures(classes, moment) as figures on figures.class_id = standing.class_id
        group by standing.class_id
    ),
    next as (
        select counted.class_id, min(moment + (due.since - due.before) - due.off) as at
        from counted
        join internal.class_figures(classes, moment) as figures using (class_id)
        cross join lateral (
            select
                given.*,
                coalesce(
                    (
                        select sum(upper(part) - lower(part))
                        from unnest(figures.off * tstzmultirange(tstzrange(given.before, given.since))) as part
                    ),
                    '0'
                ) as off
            from (
                values
                (counted.idle_since, counted.idle_before),
                (counted.progressed_at, counted.progressed_before)
            ) as given (since, before)
            where given.since is not null
        ) as due
        group by counted.class_id
    ),
    flag as materialized (
        select * from internal.raised(classes, moment, true)
    ),
    flags as (
        select
            flag.class_id,
            array_agg(flag.student_id order by flag.student_id, flag.rule) as flags_of,
            array_agg(flag.rule order by flag.student_id, flag.rule) as rules,
            array_agg(flag.weight order by flag.student_id, flag.rule) as weights,
            array_agg(flag.modules order by flag.student_id, flag.rule) as modules,
            array_agg(flag.since order by flag.student_id, flag.rule) as since
        from flag
        group by flag.class_id
    ),
    flagged as (
        select
            each.class_id,
            count(*)::integer as students,
            array_agg(each.student_id order by each.student_id) as ids,
            array_agg(each.urgency order by each.student_id) as urgency,
            array_agg(each.newest order by each.student_id) as newest
        from (
            select
                flag.class_id, flag.student_id, bit_or(flag.weight::bigint << known.place) as urgency,
                max(flag.since) as newest
            from flag
            join internal.rule_places() as known on known.rule = flag.rule
            group by flag.class_id, flag.student_id
        ) as each
        group by each.class_id
    ),
    rules as (
        select each.class_id, jsonb_object_agg(each.rule, each.students) as counts
        from (select class_id, rule, count(*) as students from flag group by class_id, rule) as each
        group by each.class_id
    )
    select
        class.id,
        moment,
        coalesce(next.at, 'infinity'),
        coalesce(counted.has_guests, false),
        coalesce(counted.students, 0),
        (select count(*) from school.class_module where class_module.class_id = class.id)::integer,
        coalesce(counted.completed, 0),
        coalesce(counted.in_progress, 0),
        coalesce(counted.other, 0),
        coalesce(flagged.students, 0),
        coalesce(rules.counts, '{}'),
        coalesce(flagged.ids, '{}'),
        coalesce(flagged.urgency, '{}'),
        coalesce(flagged.newest, '{}'),
        coalesce(flags.flags_of, '{}'),
        coalesce(flags.rules, '{}'),
        coalesce(flags.weights, '{}'),
        coalesce(flags.modules, '{}'),
        coalesce(flags.since, '{}')
    from class
    left join counted on counted.class_id = class.id
    left join next on next.class_id = class.id
    left join flagged on flagged.class_id = class.id
    left join flags on flags.class_id = class.id
    left join rules on rules.class_id = class.id
$$;

-- Keeps them anew: those that changed, and those that hold no more. What is noted meanwhile is left until that is
-- settled. One at a time: by internal.settle().
create or replace function internal.keep_summaries(changed uuid[]) returns void
language plpgsql
set search_path = ''
set jit = off
as $$
begin
    delete from internal.class_summary
    where class_summary.holds_until <= now()
        or class_summary.class_id in (select unnest(changed))
        or class_summary.class_id not in (select class.id from school.class);

    with made as (
        insert into internal.class_summary
        select made.*
        from internal.summarised(
            array(
                select class.id from school.class
                except
                (
                    select class_summary.class_id from internal.class_summary
                    union all
                    select internal.noted_classes()
                )
            ),
            now()
        ) as made
        returning class_id
    )
    insert into internal.class_news
    select *
    from internal.made_news(array(select made.class_id from made), internal.news_from(), true);
end
$$;

-- Works out those that are thought to be sure, and notes which stand there otherwise.
create or replace function internal.note_wrong_summaries() returns integer
language plpgsql
set search_path = ''
as $$
declare
    wrong integer;
begin
    -- Nobody settles meanwhile.
    perform pg_catalog.pg_advisory_xact_lock(7205759404);
    insert into internal.unsettled (summary_of)
    select kept.class_id
    from internal.summarised(
        (select internal.sure_classes(array(select class.id from school.class), now(), true)), now()
    ) as made
    join internal.class_summary as kept on kept.class_id = made.class_id
    where kept.holds_until > made.holds_until
        or to_jsonb(kept) - '{kept_at,holds_until}'::text[]
            <> to_jsonb(made) - '{kept_at,holds_until}'::text[]
    union
    select internal.wrong_news();
    get diagnostics wrong = row_count;
    return wrong;
end
$$;

-- What else they hang on: who is active, among the staff or a guest, what is archived, the figures and the days off.
-- Whoever and whichever that is when it is read.
create or replace function internal.note_summaries() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    if tg_op = 'DELETE' then
        insert into internal.unsettled (summary_of)
        select id from old_rows;
    elsif tg_op = 'INSERT' then
        insert into internal.unsettled (summary_of)
        select id from new_rows;
    else
        insert into internal.unsettled (summary_of)
        select id
        from (
            select id, organisation_id, to_jsonb(new_rows) -> tg_argv[0] from new_rows
            except
            select id, organisation_id, to_jsonb(old_rows) -> tg_argv[0] from old_rows
        ) as changed;
    end if;
    return null;
end
$$;

create or replace trigger note_summaries
after update on school.student
referencing old table as old_rows new table as new_rows
for each statement execute function internal.note_summaries('is_active');

create or replace trigger note_summaries
after update on school.staff
referencing old table as old_rows new table as new_rows
for each statement execute function internal.note_summaries('is_active');

create or replace trigger note_new_summaries
after insert on school.staff
referencing new table as new_rows
for each statement execute function internal.note_summaries();

create or replace trigger note_lost_summaries
after delete on school.staff
referencing old table as old_rows
for each statement execute function internal.note_summaries();

create or replace trigger note_summaries
after update on school.class
referencing old table as old_rows new table as new_rows
for each statement execute function internal.note_summaries('archived_at');

create or replace function internal.note_figures() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    insert into internal.unsettled (summary_of)
    select coalesce((to_jsonb(new_rows) ->> 'class_id')::uuid, organisation_id) from new_rows;
    return null;
end
$$;

create or replace trigger note_figures
after insert on dashboard.attention_change
referencing new table as new_rows
for each statement execute function internal.note_figures();

create or replace trigger note_figures
after insert on dashboard.holiday
referencing new table as new_rows
for each statement execute function internal.note_figures();

create or replace trigger note_removals
after update on dashboard.holiday
referencing new table as new_rows
for each statement execute function internal.note_figures();
