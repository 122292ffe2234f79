-- A place in a video is told every few seconds. What only moves it on has no entry of its own for a span: that of the
-- first is enough. Its `before` leads back from what the row has become since, and that itself the next entry tells, or
-- the row. So what is lost is how it was within the span, and of nothing else.

-- Spans are of five minutes by the clock: in every zone of the world none goes over midnight.
create or replace function internal.span_of(at timestamptz) returns timestamptz
language sql immutable
return date_bin('5 minutes', at, 'epoch'::timestamptz);

-- Does a change tell of a place in a video, and of nothing else than when? `''`: see details_changed.sql.
create or replace function internal.is_place(before jsonb, after jsonb) returns boolean
language sql immutable
return jsonb_typeof(before -> 'progress_details') = 'object'
    and jsonb_typeof(after -> 'progress_details') = 'object'
    and before - array['last_updated', 'progress_details'] = '{}'
    and after - array['last_updated', 'progress_details', ''] = '{}'
    and (before -> 'progress_details') - array['video_playback_positions', 'video_playback_position'] = '{}'
    and (after -> 'progress_details') - array['video_playback_positions', 'video_playback_position'] = '{}';

-- Is the newest entry of a row of the same span, by the same hand, and does it lead back to the same from what the
-- details were before a change (`was`) as from what they are after it? Then the change needs none.
create or replace function internal.is_told(
    of_student uuid, of_module uuid, of_source text, by uuid, before jsonb, was jsonb, became jsonb
)
returns boolean
language sql stable
set search_path = ''
return coalesce(
    (
        select
            entry.source = of_source
            and entry.author_id is not distinct from by
            and entry.operation = 'update'
            and internal.span_of(entry.at) = internal.span_of(clock_timestamp())
            and (entry.before ? 'last_updated' or not is_told.before ? 'last_updated')
            and internal.is_place(entry.before, entry.after)
            and internal.value_before(
                was, entry.before -> 'progress_details', entry.after -> 'progress_details', entry.depth
            ) = internal.value_before(
                became, entry.before -> 'progress_details', entry.after -> 'progress_details', entry.depth
            )
        from (
            select
                history.*,
                case when history.after ? '' then internal.details_depth() else 1 end as depth
            from dashboard.history
            where history.student_id = of_student
                and history.module_id = of_module
                and history.at >= internal.span_of(statement_timestamp())
            order by history.id desc
            limit 1
        ) as entry
    ),
    false
);
