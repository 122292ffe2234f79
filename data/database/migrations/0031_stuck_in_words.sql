-- Who is stuck where attempts or outcome were written as text: "4", "failed". As internal.fact_of() says.

update dashboard.fact
set is_stuck = true
from public.student_module_progress as progress
where fact.student_id = progress.student_id
    and fact.module_id = progress.module_id
    and not fact.is_stuck
    and jsonb_typeof(progress.progress_details) = 'object'
    and progress.progress_details ? 'lesson_quiz_results'
    and jsonb_path_exists(
        progress.progress_details,
        'lax $.lesson_quiz_results.* ? (
            (@.attempts >= 3 || @.attempts like_regex "^ *0*([3-9]|[1-9][0-9]+)([.]0+)? *$")
            && (
                @.passed == false || @.passed == 0
                || @.passed like_regex "^ *(failed|false|f|no|n|off|0) *$" flag "i"
            )
        )',
        '{}',
        true
    );
