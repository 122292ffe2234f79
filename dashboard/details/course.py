"""A course: how many lessons are done, then every lesson in order."""

from collections.abc import Iterator, Sequence
from datetime import tzinfo
from typing import Final
from uuid import UUID

from dashboard.details.markup import (
    MOST_ROWS,
    NOTHING,
    Html,
    duration,
    grid,
    joined,
    moment,
    pairs,
    position,
    quiet,
    sentence,
    text,
    words,
)
from data.i18n.formats import count
from data.rules.details import FINISHED, CourseDetails, Finished, Lesson, Quiz, QuizAttempt

HEADS: Final = ("Lesson", "Done", "Quiz", "Video", "Last attempt")
GONE: Final = "a lesson that is no longer in this module"

DONE: Final = Html('<span class="details-mark" aria-hidden="true">✓</span> done')
NOT_DONE: Final = Html(
    '<span class="details-quiet"><span class="details-mark" aria-hidden="true">○</span>'
    " not done</span>"
)
STUCK: Final = Html('<span class="details-mark" aria-hidden="true">■</span> ')


def render(
    details: CourseDetails, lessons: Sequence[Lesson], zone: tzinfo, stuck_after: int | None
) -> Html:
    """The lessons of the module, then those that only the details know."""
    stuck = {lesson for lesson, quiz in details.quizzes.items() if quiz.is_stuck(stuck_after)}
    ordered = sorted(lessons, key=_place)
    gone = sorted(details.lesson_ids - {lesson.id for lesson in lessons}, key=str)
    named = [(_name(lesson), lesson.id, lesson.has_quiz) for lesson in ordered]
    named += [(_gone(lesson_id), lesson_id, False) for lesson_id in gone[:MOST_ROWS]]
    rows = [
        [name, *_facts(details, lesson_id, has_quiz, zone, lesson_id in stuck)]
        for name, lesson_id, has_quiz in named
    ]
    more = len(gone) - MOST_ROWS
    return joined(
        [
            sentence(_answer(details, lessons, len(stuck))),
            _last_seen(details, ordered),
            grid("Lessons", HEADS, rows) if rows else Html(""),
            quiet(f"And {more:,} more lessons that are no longer in this module.")
            if more > 0
            else Html(""),
        ]
    )


def _place(lesson: Lesson) -> tuple[bool, int, str]:
    return lesson.sequence is None, lesson.sequence or 0, lesson.title


def _answer(details: CourseDetails, lessons: Sequence[Lesson], stuck: int) -> Html:
    known = {lesson.id for lesson in lessons}
    done = len(known & details.completed_lesson_ids)
    gone = len(details.completed_lesson_ids - known)
    answer = f"{done} of {count(len(known), 'lesson', 'lessons')} done"
    if not known:
        answer = "No lessons are listed for this module: 0 done"
    if gone:
        answer += f", and {gone} that {'is' if gone == 1 else 'are'} no longer in this module"
    if stuck:
        answer += f". Stuck in {count(stuck, 'quiz', 'quizzes')}: only staff can clear that"
    return words(answer + ".")


def _last_seen(details: CourseDetails, lessons: Sequence[Lesson]) -> Html:
    """Where the student was last, in a few rows; '' where nothing says so."""
    titles = {lesson.id: lesson.title for lesson in lessons}
    rows: list[tuple[Html, Html]] = []
    viewed = details.last_viewed_lesson_sequence
    if viewed is not None:
        named = [lesson.title for lesson in lessons if lesson.sequence == viewed]
        title = [words(" ("), text(named[0]), words(")")] if len(named) == 1 else []
        rows.append((words("Last viewed"), joined([words(f"lesson {viewed}"), *title])))
    completed = details.last_completed_lesson_id
    if completed is not None:
        title_or_gone = text(titles[completed]) if completed in titles else words(GONE)
        rows.append((words("Last done"), title_or_gone))
    if details.older_playback is not None:
        where = words(_place_in_video(details.older_playback))
        rows.append((words("Video, lesson not recorded"), where))
    return pairs("Last seen", rows)


def _name(lesson: Lesson) -> Html:
    order = f"{lesson.sequence}. " if lesson.sequence is not None else ""
    return joined([words(order), text(lesson.title)])


def _gone(lesson_id: UUID) -> Html:
    return Html(f'{GONE} <small class="details-quiet">{lesson_id}</small>')


def _facts(
    details: CourseDetails, lesson: UUID, has_quiz: bool, zone: tzinfo, is_stuck: bool
) -> list[Html]:
    quiz = details.quizzes.get(lesson)
    done = lesson in details.completed_lesson_ids
    return [
        DONE if done else NOT_DONE,
        _quiz(quiz, zone, is_stuck) if quiz else _no_quiz(has_quiz),
        _video(details, lesson, done),
        moment(quiz.last_attempt, zone) if quiz and quiz.last_attempt else NOTHING,
    ]


def _no_quiz(has_quiz: bool) -> Html:
    return Html('<span class="details-quiet">not taken</span>') if has_quiz else NOTHING


def _quiz(quiz: Quiz, zone: tzinfo, is_stuck: bool) -> Html:
    """'passed, best 80 %, 2 attempts', and each attempt on demand."""
    outcome = words(_outcome(quiz, is_stuck))
    if is_stuck:
        outcome = Html(f'<span class="details-stuck">{STUCK}{outcome}</span>')
    parts = [each for each in (outcome, *map(words, _figures(quiz, is_stuck))) if each]
    summary = joined(parts, ", ") or words("nothing recorded")
    if not quiz.tries:
        return summary
    tries = "".join(f"<li>{_attempt(each, zone)}</li>" for each in quiz.tries[:MOST_ROWS])
    more = len(quiz.tries) - MOST_ROWS
    rest = quiet(f"And {more:,} more.") if more > 0 else ""
    opener = count(len(quiz.tries), "attempt is", "attempts are") + " recorded"
    return Html(f"{summary}<details><summary>{opener}</summary><ol>{tries}</ol>{rest}</details>")


def _outcome(quiz: Quiz, is_stuck: bool) -> str:
    if is_stuck:
        return f"stuck: {quiz.attempts} attempts, not passed"
    return {True: "passed", False: "not passed", None: ""}[quiz.passed]


def _figures(quiz: Quiz, is_stuck: bool) -> Iterator[str]:
    """Best score, last score where it differs, attempts, time."""
    if quiz.best:
        yield f"best {quiz.best.words}"
    if quiz.latest and quiz.latest != quiz.best:
        yield f"last {quiz.latest.words}" if quiz.best else quiz.latest.words
    if quiz.attempts is not None and not is_stuck:
        yield count(quiz.attempts, "attempt", "attempts")
    if quiz.time_spent_seconds is not None:
        yield duration(quiz.time_spent_seconds)


def _attempt(attempt: QuizAttempt, zone: tzinfo) -> Html:
    parts: list[Html] = []
    if attempt.passed is not None:
        parts.append(words("passed" if attempt.passed else "not passed"))
    if attempt.mark:
        parts.append(words(attempt.mark.words))
    if attempt.time_spent_seconds is not None:
        parts.append(words(duration(attempt.time_spent_seconds)))
    if attempt.submitted_at:
        parts.append(moment(attempt.submitted_at, zone))
    return joined(parts, ", ") or words("nothing recorded")


def _video(details: CourseDetails, lesson: UUID, done: bool) -> Html:
    where = details.playback.get(lesson)
    if lesson in details.fully_watched_video_ids or where is FINISHED:
        return words("watched")
    if where is not None:
        return words(_place_in_video(where))
    # A lesson that is done without a trace of its video may well have none.
    return NOTHING if done else Html('<span class="details-quiet">not started</span>')


def _place_in_video(where: Finished | float) -> str:
    return "watched" if isinstance(where, Finished) else f"at {position(where)}"
