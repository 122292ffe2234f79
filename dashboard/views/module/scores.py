"""How the scores of a module are spread, against its pass mark, and what the details tell besides."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

import plotly.graph_objects as go

from dashboard.components import chart
from dashboard.components.formats import decimals, figure, share
from dashboard.components.table import Column, ShareBar, table
from dashboard.components.text import count, heading, paragraph
from dashboard.details.markup import duration
from dashboard.reads.of_students import ask_of_students
from data.reading.modules import sections
from data.reading.modules.assessment_results import Question, Sittings
from data.reading.modules.needs import in_module
from data.reading.modules.other_facts import Summed
from data.reading.modules.page import ModulePage
from data.reading.modules.score_histogram import ScoreBin, ScoreHistogram, spread
from data.rules.details import AssessmentDetails, model_of

MOST_QUESTIONS: Final = 100


def draw(page: ModulePage) -> None:
    """The chart with its finding; for an assessment also answers, times and questions, for any other type what
    else was recorded."""
    scores = [in_module(row).cell.score for row in page.found.students]
    found = spread([score for score in scores if score is not None], page.module.pass_mark)
    if not found.known:
        paragraph(" ".join(["No scores are known here yet.", *_beyond(found)]))
    else:
        _draw_spread(page, found)
    if model_of(page.module.type) is AssessmentDetails:
        sittings = ask_of_students(sections.module_sittings, page)
        if sentences := _sentences(sittings):
            paragraph(" ".join(sentences))
        _draw_questions(sittings.questions)
    else:
        _draw_recorded(ask_of_students(sections.module_recorded, page), len(page.found.students))


def _draw_spread(page: ModulePage, found: ScoreHistogram) -> None:
    chart.draw(
        "scores",
        finding(found),
        _figure(found, page.module.pass_mark),
        _alt(found, page.module.pass_mark),
        _numbers(found),
    )
    without = len(page.found.students) - found.known - found.beyond
    notes = [f"Without a score: {without}."] if without else []
    if notes := [*notes, *_beyond(found)]:
        paragraph(" ".join(notes), quiet=True)


def _beyond(found: ScoreHistogram) -> list[str]:
    return [f"Below 0 or above 100, and not counted: {found.beyond}."] if found.beyond else []


def finding(found: ScoreHistogram) -> str:
    """'18 of 26 pass (69 %); the median is 74'."""
    verb = "passes" if found.passed == 1 else "pass"
    return (
        f"{found.passed} of {found.known} {verb} ({share(found.passed, found.known)}); "
        f"the median is {figure(found.middle)}"
    )


def _range(one: ScoreBin) -> str:
    """'60 to 69'; the last one ends with 100."""
    return f"{one.low} to {one.high if one.high == 100 else one.high - 1}"


def _figure(found: ScoreHistogram, pass_mark: Decimal) -> go.Figure:
    drawn = chart.figure(
        barmode="stack",
        bargap=0.06,
        xaxis={"title": "Score", "range": [0, 101], "dtick": 10},
        yaxis={"title": "Students"},
    )
    middles = [(one.low + one.high) / 2 for one in found.bins]
    ranges = [_range(one) for one in found.bins]
    parts = (
        ([one.passed for one in found.bins], chart.bucket("Completed") | {"name": "Passed"}),
        ([one.failed for one in found.bins], chart.attention("Below the pass mark")),
    )
    for counts, look in parts:
        drawn.add_bar(
            x=middles,
            y=counts,
            customdata=ranges,
            hovertemplate=chart.hover(f"Score %{{customdata}}: %{{y}} {look['name'].lower()}"),
            **look,
        )
    if 0 <= pass_mark <= 100:
        chart.mark_line(drawn, float(pass_mark), f"Pass mark {figure(pass_mark)}")
    return drawn


def _alt(found: ScoreHistogram, pass_mark: Decimal) -> str:
    many = count(found.known, "score", "scores")
    return chart.alt_text(
        f"Bars of {many} in tens, with the pass mark at {figure(pass_mark)}",
        [
            (_range(one), f"{one.passed} passed, {one.failed} below")
            for one in found.bins
            if one.passed or one.failed
        ],
    )


def _numbers(found: ScoreHistogram) -> chart.Numbers:
    return chart.Numbers(
        columns=("Score", Column("Passed", "number"), Column("Below the pass mark", "number")),
        rows=[(_range(one), str(one.passed), str(one.failed)) for one in found.bins],
    )


def _sentences(sittings: Sittings) -> list[str]:
    sentences = []
    if sittings.right is not None:
        sentences.append(
            f"Right answers: {share(sittings.right, 1)} on average, recorded for {sittings.counted}."
        )
    if sittings.seconds is not None:
        sentences.append(
            f"Time spent: half took {duration(sittings.seconds)} or less, of {sittings.timed}."
        )
    if sittings.attempts is not None:
        sentences.append(
            f"Attempts: {decimals(sittings.attempts, 1)} per student, recorded for {sittings.tried}."
        )
    else:
        sentences.append("How often somebody tried is not recorded.")
    if sittings.unreadable:
        many = count(sittings.unreadable, "student", "students")
        sentences.append(f"Of {many}, part of the details cannot be read.")
    return sentences


def _draw_questions(questions: Sequence[Question]) -> None:
    if not questions:
        return
    heading("Questions, those most often left out first", 2)
    paragraph(
        "Which answers are right is not recorded question by question: what was left unanswered "
        "is the only sign of a hard one.",
        quiet=True,
    )
    table(
        key="module_questions",
        is_captioned=False,
        caption="Questions",
        columns=("Question", "Answered", Column("Left out", "number")),
        rows=[
            (
                one.key,
                ShareBar(one.answered / one.asked, f"{one.answered} of {one.asked}"),
                str(one.asked - one.answered),
            )
            for one in questions[:MOST_QUESTIONS]
        ],
    )


def _draw_recorded(found: Summed, students: int) -> None:
    if not found.facts:
        return
    heading("What else was recorded", 2)
    table(
        key="module_recorded",
        is_captioned=False,
        caption="What else was recorded",
        columns=("Fact", "Known of", "In all"),
        rows=[
            (
                one.name,
                ShareBar(one.recorded / students, f"{one.recorded} of {students}"),
                one.summary,
            )
            for one in found.facts
        ],
    )
    if found.unreadable:
        many = count(found.unreadable, "student", "students")
        paragraph(f"Of {many}, part of the details cannot be read.", quiet=True)
