"""How do my classes stand?"""

from __future__ import annotations

from dataclasses import replace

from dashboard import reads
from dashboard.components import empty_and_error, links
from dashboard.components.formats import share, zone
from dashboard.components.table import (
    Buckets,
    Cell,
    Column,
    Link,
    ShareBar,
    Spark,
    Way,
    Ways,
    table,
)
from dashboard.components.text import count, heading, opening
from dashboard.views.overview import digest_choice, institution, since, today
from data.reading.classes.overview import TREND_WEEKS, ClassSummary, overview
from data.reading.classes.targets import SetTarget, current_targets
from data.reading.filters import NEEDED
from data.reading.history.options import history_cut
from data.rules.attention import RULES
from data.rules.target import day_in_words, in_words

COLUMNS = (
    Column("Class", "link"),
    Column("Organisation"),
    Column("Students", "number"),
    Column("Modules", "number"),
    Column("Need attention", "links", help="By any rule; a student may be counted under several."),
    Column("Completed", "bar", help="Of all modules of all its students."),
    Column("Last 7 days", "number", help="Modules completed, less what was taken back."),
    Column("All modules by status", "buckets", help="Completed, in progress, not started."),
    Column("Last 8 weeks", "spark", help="Share completed at the end of each week."),
)
WITH_OTHERS = Column(
    "All modules by status", "buckets", help="Completed, in progress, not started, other."
)
ORGANISATION, STATUSES = 1, 7


def draw() -> None:
    """The page."""
    classes = reads.ask(overview)
    if not classes:
        empty_and_error.draw_no_classes("Overview")
        return
    opening("Overview", _answer(classes))
    known, targets = _weeks_known(), reads.ask(current_targets)
    institution.draw(classes, known)
    today.draw({one.id: one.name for one in classes})
    since.draw(classes)
    heading("Classes", 2)
    # What is the same in every row says nothing.
    left = {ORGANISATION} if len({one.organisation for one in classes}) == 1 else set()
    columns = list(COLUMNS)
    if any(one.other for one in classes):
        columns[STATUSES] = WITH_OTHERS
    table(
        key="classes",
        caption="My classes",
        is_captioned=False,
        columns=[column for at, column in enumerate(columns) if at not in left],
        rows=[
            [
                cell
                for at, cell in enumerate(_row(one, known, targets.get(one.id)))
                if at not in left
            ]
            for one in classes
        ],
    )
    links.to("trends", "More weeks, other classes, last year")
    if known < TREND_WEEKS:
        empty_and_error.draw_known_since(" Weeks from before are not drawn.")
    digest_choice.draw()
    if not institution.is_drawn():
        empty_and_error.draw_age()
    if reads.visit().actor.may_edit and not any(one.cells for one in classes):
        empty_and_error.draw_next_steps()


def _answer(classes: list[ClassSummary]) -> str:
    many, there = count(len(classes), "class", "classes"), [one for one in classes if one.cells]
    if not there:
        return f"{many}, and nothing to complete yet."
    completed, cells = sum(one.completed for one in there), sum(one.cells for one in there)
    sentence = f"{many}, {share(completed, cells)} completed in all."
    if len({one.completed / one.cells for one in there}) > 1:
        furthest = max(there, key=lambda one: one.completed / one.cells)
        sentence += f" {furthest.name} is furthest, at {share(furthest.completed, furthest.cells)}."
    return sentence


def _weeks_known() -> int:
    """Of how many of the weeks that are shown the beginning is known too."""
    cut = reads.ask(history_cut)
    return TREND_WEEKS if cut is None else min(TREND_WEEKS, (reads.visit().now - cut).days // 7)


def _row(one: ClassSummary, known: int, target: SetTarget | None) -> list[Cell]:
    here = {"class": str(one.id)}
    return [
        Link(one.name, "classroom", here),
        one.organisation,
        f"{one.students:,}",
        f"{one.modules:,}",
        _attention(one),
        *_completion(one, known, target),
    ]


def _attention(one: ClassSummary) -> Ways | str:
    """How many, and by which rules, the gravest first."""
    if not one.needs_attention:
        return "0"
    whom = Link(
        f"{one.needs_attention:,}", "classroom", {"class": str(one.id), "attention": NEEDED}
    )
    rules = [
        f"{one.by_rule[rule.key]:,} {rule.title.lower()}"
        for rule in RULES
        if rule.key in one.by_rule
    ]
    return Ways([Way(whom.label, whom.href)], " · ".join(rules))


def _completion(one: ClassSummary, known: int, target: SetTarget | None) -> list[Cell]:
    buckets = Buckets(one.completed, one.in_progress, one.not_started, one.other)
    if not one.cells:
        return [None, None, buckets, None]
    return [
        _completed(one, target),
        f"{one.trend[-1] - one.trend[-2]:+,}" if known else None,
        buckets,
        _trend(one, known),
    ]


def _completed(one: ClassSummary, found: SetTarget | None) -> ShareBar:
    """The share, with the class's target as a line across it."""
    shown = ShareBar(one.completed / one.cells, share(one.completed, one.cells))
    today = reads.visit().now.astimezone(zone()).date()
    target = found.target(zone()) if found else None
    if target is None or (standing := target.standing(one.completed, one.cells, today)) is None:
        return shown
    note = f"of {target.share} % by {day_in_words(target.by_day, today)}; {in_words(standing)}"
    return replace(shown, mark=target.share / 100, note=note)


def _trend(one: ClassSummary, known: int) -> Spark | None:
    """The weeks that are known, in the place that they have among all that are shown."""
    if not known:
        return None
    points = one.trend[-known - 1 :]
    first, last = share(points[0], one.cells), share(points[-1], one.cells)
    values = [None] * (TREND_WEEKS - known) + [100 * point / one.cells for point in points]
    return Spark(values, f"From {first} to {last} in {count(known, 'week', 'weeks')}.")


draw()
