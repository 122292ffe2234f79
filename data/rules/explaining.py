"""How a flag of each rule of attention is explained, with its facts. Pure."""

from collections.abc import Callable, Iterator
from datetime import datetime
from uuid import UUID

from data.i18n.dates import day
from data.i18n.formats import count, figure, figure_beside, listed
from data.rules.details import Lesson
from data.rules.flags import Facts, Flag, FlagFacts, StuckQuiz

Sentences = Iterator[tuple[UUID | None, str]]


def each(sentence: Callable[[Facts, FlagFacts], str]) -> Callable[[FlagFacts], Sentences]:
    """A rule that says something of each module by itself."""
    return lambda told: ((one.module_id, sentence(one, told)) for one in told.modules)


def of_class(sentence: Callable[[FlagFacts], str]) -> Callable[[FlagFacts], Sentences]:
    """A rule that says one thing of the class; it leads to the first module that it names."""

    def explain(told: FlagFacts) -> Sentences:
        yield told.modules[0].module_id if told.modules else None, sentence(told)

    return explain


def stuck(told: FlagFacts) -> Sentences:
    for one in told.modules:
        for quiz in one.stuck_quizzes or (None,):
            yield one.module_id, _stuck_sentence(one.module, quiz, told)


def _stuck_sentence(module: str, stuck: StuckQuiz | None, told: FlagFacts) -> str:
    if stuck is None:
        many = f"{told.flag.figure} attempts or more"
        return f"Stuck in a lesson's quiz ({module}): {many}, not passed."
    best = f", best {stuck.quiz.best.words}" if stuck.quiz.best else ""
    at = stuck.quiz.last_attempt
    last = f", last on {day(at, told.here)}" if isinstance(at, datetime) else ""
    return (
        f"Stuck in the quiz of {_lesson(stuck.lesson)} ({module}): "
        f"{stuck.quiz.attempts} attempts{best}{last}, not passed."
    )


def _lesson(lesson: Lesson | None) -> str:
    if lesson is None:
        return "a lesson that is no longer in this module"
    number = "" if lesson.sequence is None else f" {lesson.sequence}"
    return f"lesson{number} “{lesson.title}”"


def failed(one: Facts, _: FlagFacts) -> str:
    score = "none" if one.shown_score is None else figure_beside(one.shown_score, one.pass_mark)
    return f"Below the pass mark in {one.module}: score {score}, pass mark {figure(one.pass_mark)}."


def slipped(one: Facts, told: FlagFacts) -> str:
    since = f" since {day(told.flag.since, told.here)}" if len(told.modules) == 1 else ""
    return f"{one.module} was completed, and is not any more{since}."


def not_begun(told: FlagFacts) -> str:
    begun, students = told.flag.figure, told.flag.beside
    return f"Has not begun in {told.class_name}, where {begun} of {students} students have."


def inactive(told: FlagFacts) -> str:
    return f"No activity for {_how_long(told.flag)}{_in_progress(told)}."


def stalled(told: FlagFacts) -> str:
    return f"Active, but came no further for {_how_long(told.flag)}{_in_progress(told)}."


def days(flag: Flag) -> str:
    return count(flag.figure or 0, "day", "days")


def _how_long(flag: Flag) -> str:
    return lasted(flag.figure or 0, flag.beside)


def lasted(days: int, off: int | None) -> str:
    """'8 days and 14 days of holidays': what was off between is not among the days."""
    holidays = f" and {count(off, 'day', 'days')} of holidays" if off else ""
    return f"{count(days, 'day', 'days')}{holidays}"


def _in_progress(told: FlagFacts) -> str:
    """Whoever was flagged may have finished them since: then none is named."""
    names = [one.module for one in told.modules]
    return f", with {listed(names, 'other modules')} in progress" if names else ""


def far_behind(told: FlagFacts) -> str:
    done = count(told.flag.figure or 0, "module", "modules")
    return f"{done} completed in {told.class_name}; half of its students have {told.flag.beside} or more."
