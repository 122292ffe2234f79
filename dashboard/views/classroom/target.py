"""The class's target: said in the page's head, set in a panel, and drawn beside what was completed since."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID, uuid4

import streamlit as st

from dashboard import reads
from dashboard.components.empty_and_error import tried
from dashboard.components.formats import minute, share, zone
from dashboard.components.table import table
from dashboard.components.text import alert, notice, paragraph
from dashboard.views.classroom import target_chart
from dashboard.views.classroom.past_day import PastDay
from data.i18n.dates import short_date
from data.reading.classes.matrix import Matrix
from data.reading.classes.targets import SetTarget, class_targets, completed_now
from data.reading.filters import Chosen
from data.rules.progress import Problem
from data.rules.target import day_in_words, in_words
from data.writing.classes.targets import ALREADY, remove_target, set_target

PANEL: Final = "Target"
FORMS: Final = "target_forms"
USUAL: Final = 80
COLUMNS: Final = ("When", "Who", "Target")


@dataclass
class TargetForm:
    """What is entered and not set. `key` is what it is written under: a retry meets it."""

    key: UUID = field(default_factory=uuid4)
    done: str | None = None
    problem: Problem | None = None

    def widget(self, name: str) -> str:
        """A widget's key; another form has others, and begins with what holds then."""
        return f"target_{name}_{self.key.hex[:8]}"


def draw_head(chosen: Chosen, found: Matrix, past: PastDay) -> None:
    """The target that holds (or held at the end of the day shown) and how far it has come; else nothing."""
    here, given = zone(), reads.ask(class_targets, chosen["class"])
    last = next((one for one in given if past.end is None or one.at < past.end), None)
    target = last.target(here) if last else None
    if target is None:
        return
    today = past.day or _today()
    words = f"Target: {target.share} % by {day_in_words(target.by_day, today)}"
    counted = _counted(chosen, found, past)
    if counted is None:
        paragraph(f"{words}, of the whole class.", quiet=True)
        return
    standing = target.standing(*counted, today)
    so_far = "" if len(chosen) == 1 else f" The whole class has completed {share(*counted)}."
    paragraph(f"{words}{f', {in_words(standing)}' if standing else ''}.{so_far}")


def _counted(chosen: Chosen, found: Matrix, past: PastDay) -> tuple[int, int] | None:
    """Completed cells of the whole class, and all; None where a past day shows only some of them."""
    if len(chosen) == 1:
        return found.completed, found.cells
    return reads.ask(completed_now, chosen["class"]) if past.end is None else None


def draw_panel(class_id: UUID) -> None:
    """The form for whoever may set a target, the plan beside what was completed, and what was set before."""
    given, counted = reads.ask(class_targets, class_id), reads.ask(completed_now, class_id)
    target = given[0].target(zone()) if given else None
    with st.container(key="bar_panel", border=True):
        if reads.visit().actor.may_write:
            _draw_form(class_id, given[0] if given and target else None)
        elif target is None:
            paragraph("This class has no target.")
        if target is not None and counted is not None and counted[1]:
            target_chart.draw(class_id, target, given[0].at, counted, _today())
        if given:
            _draw_before(given)


def _today() -> date:
    return reads.visit().now.astimezone(zone()).date()


def _form_of(class_id: UUID) -> TargetForm:
    everybodys: dict[UUID, dict[UUID, TargetForm]] = st.session_state.setdefault(FORMS, {})
    return everybodys.setdefault(reads.visit().actor.id, {}).setdefault(class_id, TargetForm())


def _draw_form(class_id: UUID, current: SetTarget | None) -> None:
    form = _form_of(class_id)
    if form.done:
        notice(form.done)
    paragraph(
        "What share of all modules of all students is to be completed by a day: a plan for this class, for "
        "colleagues to see. Nothing is late by it.",
        quiet=True,
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _draw_fields(form, current)
        label = "Set target" if current is None else "Change target"
        st.button(label, key=form.widget("set"), on_click=_set, args=(class_id, form))
        if current is not None:
            st.button(
                "Remove target", key=form.widget("remove"), on_click=_remove, args=(class_id, form)
            )
    if form.problem is not None:
        is_field = form.problem.code in ("share", "day")
        alert(form.problem.message, field=form.widget(form.problem.code) if is_field else None)


def _draw_fields(form: TargetForm, current: SetTarget | None) -> None:
    # What is out of range is said in our words, below: no limits of the widgets' own.
    st.number_input(
        "Completed, in %",
        value=current.share if current and current.share else USUAL,
        step=1,
        key=form.widget("share"),
        width=160,
    )
    is_to_come = current is not None and current.by_day is not None and current.by_day >= _today()
    st.date_input(
        "By the end of",
        current.by_day if current and is_to_come else None,
        min_value=date(1900, 1, 1),
        max_value=date(9999, 12, 31),
        format="YYYY-MM-DD",
        key=form.widget("day"),
        width=180,
    )


def _set(class_id: UUID, form: TargetForm) -> None:
    """A second click on the same button finds another form open, and does nothing."""
    entered, by_day = (st.session_state[form.widget(name)] for name in ("share", "day"))
    if form is _form_of(class_id):
        bound = {"today": _today(), "key": form.key}
        _write(class_id, form, "The target is set.", set_target, entered, by_day, **bound)


def _remove(class_id: UUID, form: TargetForm) -> None:
    if form is _form_of(class_id):
        _write(class_id, form, "The target is removed.", remove_target, key=form.key)


def _write(
    class_id: UUID, form: TargetForm, done: str, write: Any, *entered: Any, **bound: Any
) -> None:
    form.done = None
    form.problem = tried(lambda: write(reads.visit().actor, class_id, *entered, **bound))
    if form.problem is None or form.problem is ALREADY:
        mine = st.session_state[FORMS][reads.visit().actor.id]
        mine[class_id] = TargetForm(done=None if form.problem else done, problem=form.problem)


def _draw_before(given: Sequence[SetTarget]) -> None:
    here = zone()
    table(
        key="targets",
        caption="What was set",
        columns=COLUMNS,
        rows=[(minute(one.at, here), one.author or "A colleague", _in_words(one)) for one in given],
        folded="What was set, by whom and when",
        is_captioned=False,
    )


def _in_words(one: SetTarget) -> str:
    if one.share is None or one.by_day is None:
        return "Removed"
    begun = share(one.completed or 0, one.cells or 1)
    return f"{one.share} % by {short_date(one.by_day)}, from {begun}"
