-- A place in a video is told every few seconds. What only moves it on has no entry of its own for a span: that of the
-- first is enough. Its `before` leads back from what the row has become since, and that itself the next entry tells, or
-- the row. So what is lost is how it was within the span, and of nothing else.

-- Spans are of five minutes by the clock: in every zone of the world none goes over midnight.
create or replace function internal.span_of(at timestamptz) returns timestamptz
language sql immutable
return date_bin('5 minutes', at, 'epoch'::timestamptz);

-- Are two rows, or what of them changed, the same but for a place in a video and when it was written?
create or replace function internal.is_place(was jsonb, became jsonb) returns boolean
language sql immutable
return jsonb_typeof(was -> 'progress_details') = 'object'
    and jsonb_typeof(became -> 'progress_details') = 'object'
    and was - array['last_updated', 'progress_details'] = became - array['last_updated', 'progress_details', '']
    and (was -> 'progress_details') - array['video_playback_positions', 'video_playback_position']
        = (became -> 'progress_details') - array['video_playback_positions', 'video_playback_position'];

-- Does a row only go on, by one hand, where the newest entry says it was: one of the same span, made before a moment,
-- which leads back to the same from either? (The key "" in it: details_changed.sql.)
create or replace function internal.goes_on(was jsonb, became jsonb, by uuid, moment timestamptz) returns boolean
language sql stable
set search_path = ''
return case
    when internal.is_place(was, became)
        and (was -> 'progress_details' ? 'video_playback_positions')
            = (became -> 'progress_details' ? 'video_playback_positions')
        and (was -> 'progress_details' ? 'video_playback_position')
            = (became -> 'progress_details' ? 'video_playback_position')
    then exists (
        select
        from (
            select
                history.*,
                case when history.after ? '' then internal.details_depth() else 1 end as depth
            from dashboard.history
            where history.student_id = (was ->> 'student_id')::uuid
                and history.module_id = (was ->> 'module_id')::uuid
                -- A newer one may be of an earlier time, where a clock was set back.
                and history.at >= internal.span_of(statement_timestamp()) - interval '1 hour'
            order by history.id desc
            limit 1
        ) as entry
        where entry.operation = 'update'
            and entry.batch_id is null
            and entry.author_id is not distinct from by
            and entry.source in ('student', 'platform')
            -- What a platform's entry tells of work is as old as it says (activity.sql): of what was kept back and
            -- comes all at once, each has its own.
            and (
                by is not null
                or not entry.after ? 'last_updated'
                or (entry.after ->> 'last_updated')::timestamptz >= internal.span_of(entry.at)
            )
            and entry.at < moment
            and internal.span_of(entry.at) = internal.span_of(clock_timestamp())
            and (entry.before ? 'last_updated' or was -> 'last_updated' = became -> 'last_updated')
            and internal.is_place(entry.before, entry.after)
            and internal.value_before(
                was -> 'progress_details', entry.before -> 'progress_details', entry.after -> 'progress_details',
                entry.depth
            ) = internal.value_before(
                became -> 'progress_details', entry.before -> 'progress_details', entry.after -> 'progress_details',
                entry.depth
            )
    )
    else false
end;
