"""What is typed over a block of cells, or pasted into it: its preview over the page, then saved as one."""

from itertools import product
from typing import Final
from uuid import UUID

import streamlit as st

from dashboard import reads
from dashboard.components import selection
from dashboard.components.formats import zone
from dashboard.components.text import alert
from dashboard.editing import preview
from dashboard.editing.preview import Proposal
from dashboard.reads import fresh, roster
from dashboard.views.classroom.matrix import MatrixEvent
from data.access.errors import DataError
from data.files.importing.stored import current_values
from data.reading.classes import overview
from data.rules import bulk
from data.rules.details import is_scored
from data.rules.progress import Edit, Field, check, typed_cell

NAME: Final = "typed_block"
ASKED: Final = "typed_block_asked"


def ask(event: MatrixEvent) -> None:
    """The next run is to open the preview of this. Nothing else yet: another event would end a callback amid
    its work, and what was typed were lost."""
    st.session_state[ASKED] = event


def _begin(class_id: UUID, event: MatrixEvent) -> str | None:
    """Open the preview of what was typed over these cells, as they are now; an empty text leaves its cell.
    Returns why not, if so."""
    students = [UUID(one) for one in event.students]
    modules = [UUID(one) for one in event.modules]
    keys = list(product(students, modules))
    texts = [one for line in event.texts for one in line]
    texts *= len(keys) if len(texts) == 1 else 1
    if len(keys) > bulk.MOST_ROWS:
        return f"These are too many: at most {bulk.MOST_ROWS:,} cells at once. Select fewer."
    try:
        proposals = _proposals(class_id, dict(zip(keys, texts, strict=True)))
    except DataError as error:
        return f"{error} Nothing was changed."
    preview.begin(NAME, proposals, source="bulk")
    return None


def _proposals(class_id: UUID, typed: dict[tuple[UUID, UUID], str]) -> list[Proposal]:
    names = {one.id: one.name for one in roster.roster(class_id).students}
    modules = {one.id: one for one in reads.ask(overview.options, class_id).all_modules}
    now, here = reads.visit().now, zone()
    wanted = {
        key: text for key, text in typed.items() if text and key[0] in names and key[1] in modules
    }
    proposals = []
    for key, row in fresh.ask(current_values, wanted).items():
        if not row.eligible:
            continue
        module = modules[key[1]]
        apart = typed_cell(wanted[key], is_scored(module.type), row.values[Field.STATUS])
        values, problems = check({} if apart.problem else apart.fields, now, here)
        wrong = (apart.problem,) if apart.problem else tuple(problems)
        edit = Edit(*key, values, row.values)
        proposals.append(Proposal(edit, names[key[0]], module.name, module.type, problems=wrong))
    return proposals


def draw(class_id: UUID) -> None:
    """The preview, if one is open or asked for, over the page."""
    asked = st.session_state.get(ASKED)
    if asked is not None:
        trouble = _begin(class_id, asked)
        del st.session_state[ASKED]
        if trouble:
            alert(trouble)
    if preview.is_open(NAME):
        st.dialog("What this will do", width="large", on_dismiss=_close)(_draw)()


def _close() -> None:
    preview.close(NAME)


def _draw() -> None:
    if not preview.is_open(NAME):
        # Its own Cancel: the dialog goes with a run of the page.
        st.rerun()
    if preview.draw(NAME) is not None:
        selection.done()
        st.rerun()
