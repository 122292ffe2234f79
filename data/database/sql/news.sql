-- What happened in my classes since a moment, and up to where each of the staff has read it.

create table internal.news_read (
    staff_id uuid primary key,
    read_at timestamptz not null default now(),
    before_that timestamptz
);

comment on table internal.news_read is
'When somebody last had the news on the page, and when they last had it in the visit before, up to which they are read.';

alter table internal.news_read enable row level security;

-- I have the news before me: a visit ends an hour after I last did. Up to when they were read before this visit; null
-- for who never was here, and for whom they are not. Written once in ten minutes at most: any write has all pages read
-- anew. A standby tells what is known.
create or replace function dashboard.read_news() returns timestamptz
language plpgsql security definer
set search_path = ''
as $$
declare
    me uuid := internal.me();
begin
    if current_setting('transaction_read_only') = 'off'
        and internal.my_role() <> 'student'
        and not exists (
            select
            from internal.news_read
            where staff_id = me and read_at > now() - interval '10 minutes'
        )
    then
        insert into internal.news_read (staff_id)
        values (me)
        on conflict (staff_id) do update set
            read_at = excluded.read_at,
            before_that = case
                when news_read.read_at < now() - interval '1 hour' then news_read.read_at
                else news_read.before_that
            end;
    end if;
    return (select news_read.before_that from internal.news_read where news_read.staff_id = me);
end
$$;

-- What happened after `since`, and still holds, in the classes I staff, but those that are archived, by kind: in how many
-- modules of how many students, and whose they are where it is one student. Of `most` classes, the gravest first (where
-- most is newly stuck, then below a mark …), out of how many that have any.
create or replace function dashboard.news(since timestamptz, most integer)
returns table (
    classes bigint,
    place bigint,
    class_id uuid,
    kind text,
    modules integer,
    students integer,
    student_id uuid,
    student_name text
)
language sql stable security definer rows 100
set search_path = ''
set jit = off
as $$
    with my_class as materialized (
        select class.id, class.organisation_id, class.name, class.school_year
        from school.class
        where class.archived_at is null and class.id in (select internal.my_staffed_classes())
    ),
    sure as materialized (
        select unnest(
            internal.sure_classes(array(select my_class.id from my_class), null, (select internal.sees_guests()))
        ) as id
        where since >= internal.news_from()
    ),
    made as materialized (
        select news
        from internal.made_news(
            array(
                select my_class.id from my_class
                except
                select sure.id from sure
            ),
            since,
            (select internal.sees_guests())
        ) as news
    ),
    counted as materialized (
        select * from (
            select known.class_id, known.kind, internal.count_new(known, since, (select internal.me())) as modules
            from sure
            join internal.class_news as known on known.class_id = sure.id
            union all
            select
                (made.news).class_id, (made.news).kind, internal.count_new(made.news, since, (select internal.me()))
            from made
        ) as each
        where each.modules > 0
    ),
    ranked as (
        select
            my_class.id,
            count(*) over () as classes,
            row_number() over (
                order by
                    told.stuck desc nulls last, told.failed desc nulls last, told.slipped desc nulls last,
                    told.completed desc nulls last, told.changed desc nulls last,
                    organisation.name, my_class.name, my_class.school_year desc nulls last, my_class.id
            ) as place
        from (
            select
                counted.class_id,
                max(counted.modules) filter (where counted.kind = 'stuck') as stuck,
                max(counted.modules) filter (where counted.kind = 'failed') as failed,
                max(counted.modules) filter (where counted.kind = 'slipped') as slipped,
                max(counted.modules) filter (where counted.kind = 'completed') as completed,
                max(counted.modules) filter (where counted.kind = 'changed') as changed
            from counted
            group by counted.class_id
        ) as told
        join my_class on my_class.id = told.class_id
        join school.organisation on organisation.id = my_class.organisation_id
    ),
    first as materialized (
        select ranked.* from ranked order by ranked.place limit most
    ),
    told as (
        select
            first.classes, first.place, counted.class_id, counted.kind, counted.modules, new.students,
            case when new.students = 1 then new.student_id end as student_id
        from first
        join counted on counted.class_id = first.id
        join (
            select known as news
            from sure
            join internal.class_news as known on known.class_id = sure.id
            where known.class_id in (select first.id from first)
            union all
            select made.news from made
        ) as its on (its.news).class_id = counted.class_id and (its.news).kind = counted.kind
        cross join lateral (
            select count(distinct each)::integer as students, (array_agg(each))[1] as student_id
            from internal.new_students(its.news, since, (select internal.me())) as each
        ) as new
    )
    select told.*, student.full_name
    from told
    left join school.student on student.id = told.student_id
    order by told.place
$$;

grant execute on function dashboard.read_news(), dashboard.news(timestamptz, integer) to dashboard_person;
