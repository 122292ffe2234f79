"""What the details of an assessment tell of all who sat it: right answers, time, questions left out. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from statistics import mean, median

from data.rules.details import AssessmentDetails
from data.rules.details.stored import read


@dataclass(frozen=True)
class Question:
    """A question by the platform's own name for it; `answered` of `asked` students gave it an answer."""

    key: str
    answered: int
    asked: int


@dataclass(frozen=True)
class Sittings:
    """`right` is the mean share of right answers (0 to 1) of the `counted` students of whom both counts are
    known, `seconds` the median time of the `timed`. `attempts` is the mean of the `tried` whose details say
    how often they tried. `questions` are those that most left out first; of the answers themselves nothing
    says which are right."""

    right: Fraction | None
    counted: int
    seconds: float | None
    timed: int
    attempts: float | None
    tried: int
    questions: tuple[Question, ...]
    unreadable: int


def sittings(stored: Iterable[object], too_large: int = 0) -> Sittings:
    """From the students' details, any JSON; those of `too_large` more could not be read at all."""
    papers = [read(AssessmentDetails, each) for each in stored]
    shares = [
        Fraction(one.correct, one.total)
        for one in papers
        if one.correct is not None and one.total and one.correct <= one.total
    ]
    times = [one.time_spent_seconds for one in papers if one.time_spent_seconds is not None]
    tries = [many for one in papers if (many := _attempts(one)) is not None]
    return Sittings(
        right=mean(shares) if shares else None,
        counted=len(shares),
        seconds=median(times) if times else None,
        timed=len(times),
        attempts=mean(tries) if tries else None,
        tried=len(tries),
        questions=_questions(papers),
        unreadable=too_large + sum(bool(one.unreadable) for one in papers),
    )


def _attempts(one: AssessmentDetails) -> int | None:
    # No key of the platform we know; others may well have it.
    many = one.unknown.get("attempts")
    return many if type(many) is int and 0 < many < 1000 else None


def _questions(papers: Iterable[AssessmentDetails]) -> tuple[Question, ...]:
    with_answers = [one.answers for one in papers if one.answers]
    answered = Counter(
        key
        for answers in with_answers
        for key, answer in answers.items()
        if answer not in (None, "", [])
    )
    keys = dict.fromkeys(key for answers in with_answers for key in answers)
    asked = len(with_answers)
    # Sorted is stable: equals stay in the order in which they were asked.
    return tuple(
        sorted((Question(key, answered[key], asked) for key in keys), key=lambda one: one.answered)
    )
