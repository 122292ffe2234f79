"""From the class page to the page that corrects many: with the block selected in the matrix, or the filters.

The selection lives as long as the matrix that shows it; what is taken along lives until it was saved.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import streamlit as st

from dashboard.components import links
from dashboard.components.text import count
from data.reading.filters import Chosen, write_filters

SELECTED: Final = "matrix_block"
TAKEN: Final = "bulk_block"
CLEARED: Final = "matrix_cleared"


@dataclass(frozen=True)
class Block:
    """Students by modules of one class."""

    class_id: UUID
    students: tuple[UUID, ...]
    modules: tuple[UUID, ...]


def select(students: Sequence[str], modules: Sequence[str]) -> None:
    """What is selected in the matrix now; nothing where it was cleared."""
    st.session_state[SELECTED] = tuple(map(UUID, students)), tuple(map(UUID, modules))


def drop() -> None:
    """The matrix is gone, and its selection with it."""
    st.session_state.pop(SELECTED, None)


def cleared() -> int:
    """A number that grows whenever the matrix is to drop its selection."""
    return int(st.session_state.get(CLEARED, 0))


def taken(class_id: UUID) -> Block | None:
    """The block that was taken along from this class's matrix."""
    block = st.session_state.get(TAKEN)
    return block if isinstance(block, Block) and block.class_id == class_id else None


def done() -> None:
    """The block was corrected: it is not offered again."""
    st.session_state.pop(TAKEN, None)
    st.session_state[CLEARED] = cleared() + 1
    drop()


def draw(chosen: Chosen) -> None:
    """The way to correct what is selected, or else what the filters show."""
    students, modules = st.session_state.get(SELECTED, ((), ()))
    if not students or not modules:
        links.to("bulk", "Correct many of these at once", **write_filters(chosen))
        return
    # Fixed to the window: the matrix is often taller than that.
    with st.container(key="block_bar"):
        cells = count(len(students) * len(modules), "cell", "cells")
        label = f"Correct the {cells} selected"
        if st.button(label, key="correct_block", type="primary", icon=":material/checklist:"):
            st.session_state[TAKEN] = Block(chosen["class"], students, modules)
            st.switch_page("views/bulk/page.py", query_params=write_filters(chosen))
