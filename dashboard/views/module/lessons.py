"""A course's funnel: how many reach each lesson, and where they stop."""

import plotly.graph_objects as go

from dashboard.components import chart
from dashboard.components.formats import decimals, share
from dashboard.components.table import Column, ShareBar, table
from dashboard.components.text import count, heading, paragraph
from dashboard.reads.of_students import ask_of_students
from data.reading.modules import sections
from data.reading.modules.funnel import Funnel, Step
from data.reading.modules.page import ModulePage

REACHED = (
    "Reached: something was done in this lesson or a later one, or the module is completed. "
    "Stopped: the last lesson that somebody reached who has not completed the module."
)


def draw(page: ModulePage) -> None:
    """The chart with its finding, and the quizzes, hardest first."""
    found = ask_of_students(sections.module_funnel, page)
    if not found.students:
        paragraph("No student matches these filters, so there is nothing to chart.")
        return
    if not found.steps:
        paragraph("No lessons are listed for this module.")
        return
    chart.draw("lessons", finding(found), _figure(found), _alt(found), _numbers(found))
    paragraph(" ".join([REACHED, *_notes(found)]), quiet=True)
    _draw_quizzes(found)


def finding(found: Funnel) -> str:
    """'12 of 30 stop at lesson 4, Loops'."""
    worst = found.worst
    if worst is None:
        return "Nobody has stopped at a lesson"
    stop = "stops" if worst.stopped == 1 else "stop"
    return f"{worst.stopped} of {found.students} {stop} at {worst.lesson.named}"


def _notes(found: Funnel) -> list[str]:
    notes = []
    if found.before_first:
        notes.append(f"Begun, but nothing done in any lesson yet: {found.before_first}.")
    if found.unreadable:
        many = count(found.unreadable, "student", "students")
        notes.append(f"Of {many}, part of the details cannot be read.")
    return notes


def _figure(found: Funnel) -> go.Figure:
    drawn = chart.figure(
        barmode="stack",
        xaxis={
            "title": "Lesson, in the order of the module",
            "dtick": max(1, len(found.steps) // 20),
        },
        yaxis={"title": "Students", "range": [0, found.students * 1.02]},
    )
    places = list(range(1, len(found.steps) + 1))
    went_on = [step.reached - step.stopped for step in found.steps]
    drawn.add_bar(
        x=places,
        y=went_on,
        customdata=[step.reached for step in found.steps],
        hovertemplate=chart.hover(
            "Lesson %{x} in order: %{customdata} reached it, %{y} went on or completed"
        ),
        **chart.bucket("Completed") | {"name": "Went on, or completed"},
    )
    drawn.add_bar(
        x=places,
        y=[step.stopped for step in found.steps],
        hovertemplate=chart.hover("Lesson %{x} in order: %{y} stopped here"),
        **chart.attention("Stopped here"),
    )
    with_quiz = [(at, step) for at, step in zip(places, found.steps, strict=True) if step.passed]
    drawn.add_scatter(
        x=[at for at, _ in with_quiz],
        y=[step.passed for _, step in with_quiz],
        customdata=[step.stuck for _, step in with_quiz],
        hovertemplate=chart.hover(
            "Lesson %{x} in order: %{y} passed its quiz, %{customdata} are stuck in it"
        ),
        **chart.points("Passed its quiz"),
    )
    return drawn


def _alt(found: Funnel) -> str:
    return chart.alt_text(
        f"Bars of how many of {count(found.students, 'student', 'students')} reached each lesson",
        [
            (str(place), f"{step.reached} reached, {step.stopped} stopped")
            for place, step in enumerate(found.steps, 1)
        ],
    )


def _numbers(found: Funnel) -> chart.Numbers:
    return chart.Numbers(
        columns=(
            "Lesson",
            Column("In the chart", "number"),
            "Reached",
            Column("Done", "number"),
            Column("Quiz passed", "number"),
            Column("Stuck", "number"),
            Column("Stopped", "number"),
        ),
        rows=[
            (
                _titled(step),
                str(place),
                ShareBar(
                    step.reached / found.students,
                    f"{step.reached} ({share(step.reached, found.students)})",
                ),
                str(step.done),
                str(step.passed) if step.lesson.has_quiz or step.passed else None,
                str(step.stuck) if step.lesson.has_quiz or step.stuck else None,
                str(step.stopped),
            )
            for place, step in enumerate(found.steps, 1)
        ],
    )


def _titled(step: Step) -> str:
    named = step.lesson.named
    return named[:1].upper() + named[1:]


def _draw_quizzes(found: Funnel) -> None:
    hardest = found.hardest
    if not hardest:
        return
    heading("Quizzes, hardest first", 2)
    table(
        key="module_quizzes",
        is_captioned=False,
        caption="Quizzes by how many of those who took them passed",
        columns=(
            "Lesson",
            Column("Passed", "bar", help="Of those with a known outcome."),
            Column("Not passed", "number"),
            Column("Stuck", "number", help="Only staff can clear it."),
            Column("Attempts per student", "number"),
        ),
        rows=[
            (
                _titled(step),
                _passed(step),
                str(step.failed),
                str(step.stuck),
                None if step.mean_tries is None else decimals(step.mean_tries, 1),
            )
            for step in hardest
        ],
    )


def _passed(step: Step) -> ShareBar | None:
    known = step.passed + step.failed
    if not known:
        return None
    return ShareBar(step.passed / known, f"{step.passed} of {known} ({share(step.passed, known)})")
