-- What the data check finds in a row by itself, stored beside it. `python -m tests.rls --write` writes this
-- file from the rules in data/reading/data_check/rules.py.

-- Of these it is asked again whenever they are read: a moment that was in the future passes.
create or replace function internal.passing_doubts() returns text[]
language sql immutable
return array['completed_in_future', 'last_update_unreadable'];

create or replace function internal.doubts_of_row(
    status public.progress_status,
    progress_percentage integer,
    score numeric,
    completed_at timestamptz,
    last_updated timestamptz,
    progress_details jsonb,
    shown_score numeric,
    module_type text
)
returns text[]
language plpgsql stable
set search_path = ''
as $$
declare
    found text[] := array_remove(
        array[
            case when status = 'Completed' and completed_at is null then 'completed_without_date' end,
            case when status in ('NotStarted', 'InProgress') and completed_at >= '1970-01-01 00:00Z' and completed_at < '10000-01-01 00:00Z' then 'date_without_completion' end,
            case when status = 'Completed' and progress_percentage is distinct from 100 and module_type not in ('assessment') then 'completed_below_100' end,
            case when status = 'InProgress' and progress_percentage = 100 then 'in_progress_at_100' end,
            case when status = 'NotStarted' and progress_percentage > 0 then 'not_started_above_0' end,
            case when status = 'NotStarted' and jsonb_typeof(progress_details) = 'object' and internal.has_work(progress_details) then 'not_started_with_work' end,
            case when status = 'NotStarted' and score is not null then 'not_started_with_score' end,
            case when score not between 0 and 100 or shown_score not between 0 and 100 then 'score_out_of_range' end,
            case when status = 'Completed' and completed_at > now() and completed_at < '10000-01-01 00:00Z' then 'completed_in_future' end,
            case when completed_at is not null and not (completed_at >= '1970-01-01 00:00Z' and completed_at < '10000-01-01 00:00Z') then 'completed_date_unreadable' end,
            case when status = 'Completed' and module_type in ('assessment') and completed_at >= '1970-01-01 00:00Z' and completed_at < '10000-01-01 00:00Z' and progress_details ? 'submitted_at' and internal.handed_in_at(progress_details) < completed_at - interval '24 hours' then 'completed_after_handing_in' end,
            case when last_updated < '1970-01-01 00:00Z' or last_updated > now() + interval '24 hours' then 'last_update_unreadable' end,
            case when jsonb_typeof(progress_details) not in ('object', 'null') then 'details_no_object' end,
            case when jsonb_typeof(progress_details) = 'object' and case module_type when 'assessment' then progress_details ?| array['completed_lesson_ids', 'fully_watched_video_ids', 'last_viewed_lesson_sequence', 'last_completed_lesson_id', 'video_playback_positions', 'video_playback_position', 'lesson_quiz_results', 'lesson_quiz_attempts', 'project_title', 'project_submitted', 'completion_date', 'submission_id'] and not progress_details ?| array['correct_answers', 'total_questions', 'score_percentage', 'tier_achieved', 'started_at', 'submitted_at', 'answers'] when 'course' then progress_details ?| array['correct_answers', 'total_questions', 'score_percentage', 'tier_achieved', 'started_at', 'submitted_at', 'answers', 'project_title', 'project_submitted', 'completion_date', 'submission_id'] and not progress_details ?| array['completed_lesson_ids', 'fully_watched_video_ids', 'last_viewed_lesson_sequence', 'last_completed_lesson_id', 'video_playback_positions', 'video_playback_position', 'lesson_quiz_results', 'lesson_quiz_attempts'] when 'project' then progress_details ?| array['correct_answers', 'total_questions', 'score_percentage', 'tier_achieved', 'started_at', 'submitted_at', 'answers', 'completed_lesson_ids', 'fully_watched_video_ids', 'last_viewed_lesson_sequence', 'last_completed_lesson_id', 'video_playback_positions', 'video_playback_position', 'lesson_quiz_results', 'lesson_quiz_attempts'] and not progress_details ?| array['project_title', 'project_submitted', 'completion_date', 'submission_id'] end then 'details_of_another_type' end
        ],
        null
    );
begin
    return case when found <> '{}' then found end;
end
$$;
