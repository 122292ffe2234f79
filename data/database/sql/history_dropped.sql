-- Months of the history that were archived to a file and dropped (data/database/backup/months.py). What pages say of
-- the time since, and of when things were completed, stays as it was: of each row the few entries that they ask for
-- are kept, and of these only what tells status, percentage, score and moment.

create table internal.dropped_month (
    beyond date primary key,
    first date,
    entries bigint not null,
    sha256 text not null check (length(sha256) = 64),
    last_id bigint,
    dropped_at timestamptz not null default now()
);

comment on table internal.dropped_month is
'From the first day (null: from the beginning) to the day before `beyond`; how many entries its archive has, and their
digest; what is newer than `last_id` came for it since. What is restored is not dropped any more.';

alter table internal.dropped_month enable row level security;

create table internal.dropped_trace (
    beyond date not null references internal.dropped_month on delete cascade,
    student_id uuid not null,
    author_id uuid,
    batch_id uuid
);

comment on table internal.dropped_trace is
'Whom the entries of an archive are about, who made them and in which save, once each: what erasures and periods take
from the history they take from here, so that it is known of whom the archive may be restored.';

create index dropped_trace_student on internal.dropped_trace (student_id);
create index dropped_trace_batch on internal.dropped_trace (batch_id) where batch_id is not null;

alter table internal.dropped_trace enable row level security;

-- Of one side of a change what figures and moments are told by (and '', as details_changed.sql says).
create or replace function internal.essence(side jsonb) returns jsonb
language sql immutable strict
set search_path = ''
as $$
    select coalesce(
        jsonb_object_agg(
            key,
            case
                when key = 'progress_details' and jsonb_typeof(value) = 'object'
                then (
                    select coalesce(jsonb_object_agg(detail.key, detail.value), '{}')
                    from jsonb_each(value) as detail
                    where detail.key in ('score', 'score_percentage')
                )
                else value
            end
        ),
        '{}'
    )
    from jsonb_each(side)
    where key in ('status', 'score', 'progress_percentage', 'last_updated', 'progress_details', '')
$$;

-- What stays of the history before a moment. That a row came and went, and each change of status or of a score; of
-- each row, and of each time it was there, the newest change of all, by staff, by the student, and of what others made
-- of its percentage; and what tells when it was last worked on and last came further (activity.sql, as_of.sql).
create or replace function internal.what_stays(moment timestamptz) returns setof dashboard.history
language sql stable
set search_path = ''
set timezone = 'UTC'
set work_mem = '64MB'
set jit = off
as $$
    select
        id, at, student_id, module_id, operation, source, author_id, null::uuid,
        internal.essence(before), internal.essence(after), completions
    from (
        select
            lived.*,
            row_number() over (life order by id desc) = 1
            or row_number() over (
                partition by student_id, module_id, life,
                    case when source in ('student', 'platform') then source else 'staff' end
                order by case when source = 'student' then at end desc nulls last, id desc
            ) = 1 as is_newest,
            row_number() over (
                partition by student_id, module_id, life, source in ('student', 'platform') and is_figure
                order by id desc
            ) = 1 as is_newest_figure,
            unexplained is not null
            and row_number() over (life order by unexplained desc nulls last, id desc) = 1 as is_last_work,
            further is not null
            and row_number() over (life order by further desc nulls last, id desc) = 1 as is_furthest
        from (
            select
                history.*,
                count(*) filter (where history.operation = 'delete') over (
                    partition by history.student_id, history.module_id order by history.id desc
                ) as life,
                history.before ?| array['status', 'progress_percentage'] as is_figure,
                internal.unexplained_change_in(history) as unexplained,
                internal.progress_in(history) as further
            from dashboard.history
            where history.at < moment
        ) as lived
        window life as (partition by student_id, module_id, life)
    ) as entry
    where operation <> 'update'
        or before -> 'status' is distinct from after -> 'status'
        or before ? 'score'
        or before -> 'progress_details' ?| array['score', 'score_percentage']
        or after -> 'progress_details' ?| array['score', 'score_percentage']
        or is_newest
        or is_newest_figure and is_figure
        or is_last_work
        or is_furthest
$$;

-- Nobody is kept waiting for longer than a moment: it is tried again until nobody reads or writes.
create or replace function internal.hold_history() returns void
language plpgsql
set search_path = ''
set lock_timeout = '50ms'
as $$
begin
    for attempt in 1 .. 1200 loop
        begin
            -- Saves begin with it, and what goes and comes refers to it.
            lock table dashboard.batch, dashboard.history in access exclusive mode;
            return;
        exception
            when lock_not_available or deadlock_detected then
                perform pg_catalog.pg_sleep(0.1 + random() / 5);
        end;
    end loop;
    raise exception 'the history is in use without a pause' using errcode = 'lock_not_available';
end
$$;

-- Everything before a day becomes what stays of it. The caller has compared what goes with its archive.
create or replace function internal.drop_month(day date, entries bigint, digest text) returns void
language plpgsql
set search_path = ''
set timezone = 'UTC'
as $$
declare
    part text := format('internal.history_before_%s', to_char(day, 'YYYY_MM'));
    moment timestamptz := day::timestamp at time zone 'UTC';
    since date := (select max(known.first) from internal.history_months() as known where known.beyond <= day);
    gone record;
begin
    insert into internal.dropped_month (beyond, first, entries, sha256, last_id)
    values (day, since, entries, digest, (select max(id) from dashboard.history where at < moment));
    insert into internal.dropped_trace (beyond, student_id, author_id, batch_id)
    select distinct day, student_id, author_id, batch_id
    from dashboard.history
    where at < moment and at >= coalesce(since, '-infinity');
    -- With its indexes, and checked: nothing is left to do while everybody waits.
    create table internal.what_stays (
        like dashboard.history including all excluding comments excluding identity excluding statistics
    );
    execute format('alter table internal.what_stays add constraint stays check (at < %L)', day);
    insert into internal.what_stays (
        id, at, student_id, module_id, operation, source, author_id, batch_id, before, after
    )
    select id, at, student_id, module_id, operation, source, author_id, batch_id, before, after
    from internal.what_stays(moment);
    perform internal.hold_history();
    for gone in select known.month from internal.history_months() as known where known.beyond <= day loop
        execute format('alter table dashboard.history detach partition %s', gone.month);
        execute format('drop table %s', gone.month);
    end loop;
    execute format('alter table internal.what_stays rename to %I', split_part(part, '.', 2));
    perform internal.guard_month(part::regclass);
    execute format(
        'alter table dashboard.history attach partition %s for values from (minvalue) to (%L); '
        'alter table %1$s drop constraint stays',
        part, day
    );
end
$$;

-- What was read back from the archive (internal.restored) takes the place of what stayed of it. Nothing comes back of
-- whom there is no trace: they were erased since; nor what an organisation keeps no longer. Nobody erases meanwhile.
create or replace function internal.restore_month(day date) returns bigint
language plpgsql
set search_path = ''
set timezone = 'UTC'
as $$
declare
    since date;
    last bigint;
    part text := format('history_before_%s', to_char(day, 'YYYY_MM'));
    back text;
    bound date := (select max(known.beyond) from internal.dropped_month as known where known.beyond < day);
    columns constant text := 'id, at, student_id, module_id, operation, source, author_id, batch_id, before, after';
    entries bigint;
begin
    select known.first, known.last_id, coalesce('history_' || to_char(known.first, 'YYYY_MM'), part)
    into since, last, back
    from internal.dropped_month as known
    where known.beyond = day;
    delete from internal.restored
    where student_id not in (select known.student_id from internal.dropped_trace as known where known.beyond = day);
    delete from internal.restored
    using school.student
    join school.retention using (organisation_id)
    where student.id = restored.student_id and restored.at < retention.history_cut_at;
    update internal.restored
    set author_id = null
    where author_id not in (
        select known.author_id
        from internal.dropped_trace as known
        where known.beyond = day and known.author_id is not null
    );
    select count(*) into entries from internal.restored;
    execute format(
        'alter table internal.restored add constraint comes_back check (at >= %L and at < %L)',
        coalesce(since, '-infinity'), day
    );
    perform internal.hold_history();

    execute format('alter table dashboard.history detach partition internal.%I', part);
    execute format('drop trigger history_is_append_only on internal.%I', part);
    -- What came since, for this month or for a time of which no month was dropped.
    execute format(
        'create table internal.came_since as select %s from internal.%I where at >= %L and (at < %L or id > %L)',
        columns, part, coalesce(bound, '-infinity'), coalesce(since, '-infinity'), coalesce(last, 0)
    );
    if bound is null then
        execute format('drop table internal.%I', part);
    else
        execute format('delete from internal.%I where at >= %L', part, bound);
        execute format('alter table internal.%I rename to %I', part, 'history_before_' || to_char(bound, 'YYYY_MM'));
        part := 'history_before_' || to_char(bound, 'YYYY_MM');
        perform internal.guard_month(format('internal.%I', part)::regclass);
        execute format(
            'alter table dashboard.history attach partition internal.%I for values from (minvalue) to (%L)', part, bound
        );
    end if;
    execute format('alter table internal.restored rename to %I', back);
    perform internal.guard_month(format('internal.%I', back)::regclass);
    execute format(
        'alter table dashboard.history attach partition internal.%I for values from (%s) to (%L); '
        'alter table internal.%1$I drop constraint comes_back',
        back, coalesce(quote_literal(since), 'minvalue'), day
    );
    execute format(
        'insert into dashboard.history (%s) overriding system value select %1$s from internal.came_since', columns
    );
    drop table internal.came_since;
    delete from internal.dropped_month as known where known.beyond = day;
    return entries;
end
$$;
