"""The block selected in a class's matrix: what the pages that edit begin with, until it is corrected.

Their address names it, so that a link leads to the same; a block of very many for this person alone.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import streamlit as st

from dashboard import reads
from dashboard.components import links
from dashboard.components.text import count
from dashboard.pages import CELLS
from dashboard.reads import carried, roster
from dashboard.web import private
from data.reading.classes import overview
from data.reading.filters import Chosen, write_filters

SELECTED: Final = "matrix_block"
CLEARED: Final = "matrix_cleared"
MOST_NAMED: Final = 80
"""Of so many students and modules together an address is no longer than every program passes on."""


@dataclass(frozen=True)
class Block:
    """Students by modules of one class."""

    class_id: UUID
    students: tuple[UUID, ...]
    modules: tuple[UUID, ...]

    @property
    def cells(self) -> int:
        return len(self.students) * len(self.modules)

    @property
    def words(self) -> str:
        """'6 cells'."""
        return count(self.cells, "cell", "cells")

    @property
    def token(self) -> str:
        """For the keys of widgets that begin with this block: those of another have others."""
        return f"{hash(self) & 0xFFFFFFFF:x}"


def select(class_id: UUID, students: Sequence[str], modules: Sequence[str]) -> None:
    """What is selected in the matrix of this class now; nothing where it was cleared."""
    block = Block(class_id, tuple(map(UUID, students)), tuple(map(UUID, modules)))
    st.session_state[SELECTED] = block if block.cells else None
    is_short = len(students) + len(modules) <= MOST_NAMED
    carried.keep(CELLS, _written(block) if block.cells and is_short else "")


def selected(class_id: UUID) -> Block | None:
    """The block that is selected in this class's matrix. The address names it where a page is loaded or come
    to; else it follows, and what a click sends along may be of the moment before."""
    block = st.session_state.get(SELECTED)
    if SELECTED not in st.session_state or private.is_step_back():
        block = _named(st.query_params.get(CELLS, ""), class_id) or block
    return block if isinstance(block, Block) and block.class_id == class_id else None


def _written(block: Block) -> str:
    ids = (b"".join(one.bytes for one in each) for each in (block.students, block.modules))
    return "~".join(base64.urlsafe_b64encode(each).decode().rstrip("=") for each in ids)


def _named(written: str, class_id: UUID) -> Block | None:
    """What an address names of a class, as far as it is in it; None where that is nothing, or nonsense."""
    try:
        students, modules = map(_ids, written.split("~"))
    except ValueError:
        return None
    here = {one.id for one in roster.roster(class_id).students}
    offered = {one.id for one in reads.ask(overview.options, class_id).all_modules}
    block = Block(
        class_id,
        tuple(one for one in students if one in here),
        tuple(one for one in modules if one in offered),
    )
    return block if block.cells else None


def _ids(written: str) -> Sequence[UUID]:
    """Raises ValueError where these are none."""
    read = base64.b64decode(written + "=" * (-len(written) % 4), altchars=b"-_", validate=True)
    if len(read) > 16 * MOST_NAMED:
        raise ValueError(written)
    return [UUID(bytes=read[at : at + 16]) for at in range(0, len(read), 16)]


def cleared() -> int:
    """A number that grows whenever the matrix is to drop its selection."""
    return int(st.session_state.get(CLEARED, 0))


def done() -> None:
    """The block was corrected: it is not offered again."""
    st.session_state[SELECTED] = None
    st.query_params.pop(CELLS, None)
    carried.keep(CELLS, "")
    st.session_state[CLEARED] = cleared() + 1


def draw(chosen: Chosen) -> None:
    """The way to correct what is selected, or else what the filters show."""
    block = selected(chosen["class"])
    if block is None:
        carried.keep(CELLS, "")
        links.to("bulk", "Correct many of these at once", **write_filters(chosen))
        return
    # Fixed to the window: the matrix is often taller than that.
    with st.container(key="block_bar"):
        label = f"Correct the {block.words} selected"
        if st.button(label, key="correct_block", type="primary", icon=":material/checklist:"):
            st.switch_page("views/bulk/page.py", query_params=carried.address_of("bulk"))
