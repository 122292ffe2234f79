"""The class's scores for another system: a file of its shape, or its own file filled in."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID

import streamlit as st

from dashboard import reads
from dashboard.components.formats import minute, zone
from dashboard.components.links import download
from dashboard.components.text import alert, count, notice, paragraph
from dashboard.pages import may_open
from dashboard.reads import fresh, roster
from dashboard.reports import export_files
from dashboard.web import wire
from dashboard.web.limits.heavy_work import TABLES
from data.files.elsewhere.handed_back import hand_back
from data.files.elsewhere.scores import Made, Scores, scores_of
from data.files.elsewhere.shapes import Shape, as_shape
from data.files.exporting.names import file_name
from data.files.exporting.rows import Export
from data.files.importing.sheet import UnreadableFile
from data.reading.classes.elsewhere import changed_since, file_came_in, known_elsewhere
from data.reading.history.options import history_cut
from data.rules.progress import Key

OWN: Final = "own file"
EVERY, FILE, DAY = "every", "file", "day"
A_WEEK: Final = timedelta(days=7)


def draw(class_id: UUID, export: Export) -> None:
    """A choice of shape; nothing more until one is chosen."""
    shapes = {one.value: f"A file for {one.label}" for one in _shapes()}
    shapes |= {OWN: "Canvas’s own file, filled in"}
    chosen = st.selectbox(
        "For another system",
        list(shapes),
        index=None,
        format_func=shapes.__getitem__,
        key="elsewhere_shape",
        placeholder="Choose a system",
        width=420,
    )
    if chosen is None:
        return
    since = _since(class_id)
    if chosen == OWN:
        _draw_own(class_id, export, since)
    elif st.button("Make the file", key="elsewhere_make"):
        _make(Shape(chosen), class_id, export, since)


def _shapes() -> list[Shape]:
    """Only who manages people sees the ids of other systems, of which OneRoster's file is made."""
    manages = may_open("school", reads.visit().actor)
    return [one for one in Shape if manages or one is not Shape.ONEROSTER]


def _since(class_id: UUID) -> datetime | None:
    """After which moment a cell must have changed to be written; None for all."""
    here = zone()
    came_in = reads.ask(file_came_in, class_id)
    kinds = {EVERY: "All"}
    if came_in is not None:
        kinds[FILE] = f"Changed since the last file came in ({minute(came_in, here)})"
    kinds[DAY] = "Changed since a day"
    kind = st.radio(
        "Which scores", list(kinds), format_func=kinds.__getitem__, key="elsewhere_which"
    )
    if kind != DAY:
        return came_in if kind == FILE else None
    today = reads.visit().now.astimezone(here).date()
    cut = reads.ask(history_cut)
    day = st.date_input(
        "Since",
        value=today - A_WEEK,
        min_value=None if cut is None else cut.astimezone(here).date() + timedelta(days=1),
        max_value=today,
        format="YYYY-MM-DD",
        key="elsewhere_day",
        width=200,
    )
    return datetime.combine(day, time(), tzinfo=here)


def _scores(class_id: UUID, export: Export, changed: frozenset[Key] | None) -> Scores:
    return scores_of(export, reads.ask(known_elsewhere, class_id).people, changed)


def _changed(class_id: UUID, since: datetime | None) -> frozenset[Key] | None:
    return None if since is None else fresh.ask(changed_since, since, class_id)


def _make(shape: Shape, class_id: UUID, export: Export, since: datetime | None) -> None:
    actor = reads.visit().actor
    with TABLES.one(actor.id):
        scores = _scores(class_id, export, _changed(class_id, since))
        made = as_shape(shape, scores, reads.ask(known_elsewhere, class_id))
    _offer(made, export, shape.label)


def _draw_own(class_id: UUID, export: Export, since: datetime | None) -> None:
    paragraph(
        "Choose the CSV that Canvas exported a moment ago. It comes back with our score where it differs. "
        "All else in it stays as it came, because Canvas would clear the grade of an empty cell.",
        quiet=True,
    )
    wire.make_drop_zone_known()
    given = st.file_uploader("Canvas’s gradebook", type=["csv"], key="elsewhere_file")
    if given is None or not st.button("Make the file", key="elsewhere_make"):
        return
    scores = _scores(class_id, export, None)
    try:
        with TABLES.one(reads.visit().actor.id):
            found = hand_back(
                given.name,
                given.getvalue(),
                roster.roster(class_id),
                scores,
                _changed(class_id, since),
            )
    except UnreadableFile as error:
        alert(str(error))
        return
    if not found.filled:
        notice("No score here differs from those of the file, so there is nothing to hand back.")
        _tell(found.notes)
        return
    filled = f"{count(found.filled, 'cell is', 'cells are')} filled."
    made = Made(scores, found.content, "csv", (filled, *found.notes))
    _offer(made, export, "Canvas")


def _offer(made: Made, export: Export, system: str) -> None:
    """The way to the file, and what its reader must know."""
    scores, actor = made.scores, reads.visit().actor
    if not scores.count:
        notice(" ".join(["There is no score to write.", *scores.notes]))
        return
    download(
        f"Download for {system}",
        lambda: export_files.handed_out(made.content, actor, export, scores),
        file_name(export, made.ending),
        key="elsewhere_download",
    )
    _tell(made.notes)


def _tell(notes: Iterable[str]) -> None:
    for note in notes:
        paragraph(note, quiet=True)
