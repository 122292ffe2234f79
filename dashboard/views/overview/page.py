"""How do my classes stand?"""

from dashboard import reads
from dashboard.components import empty_and_error, links
from dashboard.components.formats import share
from dashboard.components.text import count, opening
from dashboard.views.overview import class_rows, digest_choice, institution, since, today
from data.reading.classes.overview import TREND_WEEKS, ClassSummary, overview
from data.reading.history.options import history_cut


def draw() -> None:
    """The page."""
    classes = reads.ask(overview)
    if not classes:
        empty_and_error.draw_no_classes("Overview")
        return
    known, news = _weeks_known(), since.read(classes)
    opening("Overview", f"{_answer(classes)} {news.answer}")
    institution.draw(classes, known)
    today.draw({one.id: one.name for one in classes})
    since.draw(news)
    class_rows.draw(classes, known)
    links.to("trends", "More weeks, other classes, last year")
    if known < TREND_WEEKS:
        empty_and_error.draw_known_since(" Weeks from before are not drawn.")
    digest_choice.draw()
    if not institution.is_roster_first():
        institution.draw_roster()
    if reads.visit().actor.may_edit and not any(one.cells for one in classes):
        empty_and_error.draw_next_steps()


def _answer(classes: list[ClassSummary]) -> str:
    many, there = count(len(classes), "class", "classes"), [one for one in classes if one.cells]
    if not there:
        return f"{many}, and nothing to complete yet."
    completed, cells = sum(one.completed for one in there), sum(one.cells for one in there)
    sentence = f"{many}, {share(completed, cells)} completed in all"
    there.sort(key=lambda one: one.completed / one.cells)
    least, most = (share(one.completed, one.cells) for one in (there[0], there[-1]))
    if least != most:
        sentence += f": from {least} in {there[0].name} to {most} in {there[-1].name}"
    return f"{sentence}."


def _weeks_known() -> int:
    """Of how many of the weeks that are shown the beginning is known too."""
    cut = reads.ask(history_cut)
    return TREND_WEEKS if cut is None else min(TREND_WEEKS, (reads.visit().now - cut).days // 7)


draw()
