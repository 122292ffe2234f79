-- Moments as the platform writes them into the details of a row, sound or not.

-- A moment that a person could mean: 'infinity', BC, the far future and nonsense are null, never an error.
create or replace function internal.plausible(moment timestamptz) returns timestamptz
language sql stable
set search_path = ''
as $$
    select case when moment between '1970-01-01' and now() + interval '1 day' then moment end
$$;

-- What is written where the platform keeps its timestamps, as far as it looks like one. The pattern keeps
-- words that PostgreSQL would take ('now', 'infinity') and most nonsense from the cast.
create or replace function internal.moments_written_in(details jsonb) returns setof text
language sql immutable
set search_path = ''
as $$
    select written #>> '{}'
    from (
        select details -> key as written
        from unnest(array['submitted_at', 'started_at', 'completion_date']) as key
        union all
        select jsonb_path_query(
            details,
            -- keyvalue() of anything but an object would end the search.
            'lax $.lesson_quiz_results.* ? (@.type() == "object").keyvalue()
                ? (@.key starts with "last_attempt").value',
            '{}',
            true
        )
        union all
        select jsonb_path_query(details, 'lax $.lesson_quiz_attempts.*[*].submitted_at', '{}', true)
    ) as moments
    where jsonb_typeof(written) = 'string'
        and written #>> '{}' ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}|$)'
$$;

create or replace function internal.moment_in(written text) returns timestamptz
language plpgsql stable
set search_path = ''
as $$
begin
    return internal.plausible(written::timestamptz);
exception
    when data_exception then
        return null;
end
$$;

-- All at once, which nearly always works; one by one where a 31st of February is among them. (Measured over
-- 21,600 rows: 0.7 s against 1.9 s for one by one at once.)
-- Nothing is searched for where its key is not there, and the search is one query whose plan is kept.
create or replace function internal.last_moment_in(details jsonb) returns timestamptz
language plpgsql stable
set search_path = ''
as $$
begin
    if not details ?| array[
        'submitted_at', 'started_at', 'completion_date', 'lesson_quiz_results', 'lesson_quiz_attempts'
    ]
    then
        return null;
    end if;
    return (
        select max((written #>> '{}')::timestamptz) filter (
            where (written #>> '{}')::timestamptz between '1970-01-01' and now() + interval '1 day'
        )
        from (
            select details -> key as written
            from unnest(array['submitted_at', 'started_at', 'completion_date']) as key
            union all
            select jsonb_path_query(
                details,
                'lax $.lesson_quiz_results.* ? (@.type() == "object").keyvalue()
                    ? (@.key starts with "last_attempt").value',
                '{}',
                true
            )
            union all
            select jsonb_path_query(details, 'lax $.lesson_quiz_attempts.*[*].submitted_at', '{}', true)
        ) as moments
        where jsonb_typeof(written) = 'string'
            and written #>> '{}' ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}|$)'
    );
exception
    when data_exception then
        return (
            select max(internal.moment_in(written))
            from internal.moments_written_in(details) as written
        );
end
$$;
