"""How the module page opens: what it is, how many are where, and who needs somebody."""

from typing import Final

from dashboard import reads
from dashboard.components.formats import figure, share
from dashboard.components.section_bar import AttentionPoint, PageHead
from dashboard.components.table import Link
from dashboard.components.text import count, others
from dashboard.views.module import filters
from data.reading.modules.needs import NeedGroup, by_need
from data.reading.modules.page import ModulePage
from data.rules.details import type_label

NOTHING: Final = "Nobody needs attention here."


def head(page: ModulePage) -> PageHead:
    """The head, ready to be drawn."""
    needs = by_need(page.found.students, page.judged_by, reads.visit().now)
    points = [
        _point(page, need, len(students)) for need, students in needs.items() if need.pressing
    ]
    nothing = NOTHING if page.found.students else ""
    return PageHead(page.module.name, _who(page), _answer(page), points, nothing)


def _who(page: ModulePage) -> str:
    chosen = page.chosen.get("class")
    where = page.options.classes[chosen] if chosen else "all my classes that have it"
    return f"{type_label(page.module.type)} · pass mark {figure(page.module.pass_mark)} · {where}"


def _answer(page: ModulePage) -> str:
    found = page.found
    if not found.students:
        return "No student matches these filters." if page.eligible else "Nobody is in this class."
    return (
        f"{found.completed:,} of {count(len(found.students), 'student', 'students')} completed "
        f"({share(found.completed, len(found.students))}), {found.in_progress:,} in progress, "
        f"{found.not_started:,} not started{others(found.other)}."
    )


def _point(page: ModulePage, need: NeedGroup, many: int) -> AttentionPoint:
    """'3 stuck in a quiz', which leads to them."""
    to = filters.address(page, **{filters.NEED: need.key})
    return AttentionPoint(
        need.key, [Link(f"{many:,} {need.pressing}", "module", to)], need.sentence
    )
