"""The block selected in a class's matrix: what the pages that edit begin with, until it is corrected."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import streamlit as st

from dashboard.components import links
from dashboard.components.text import count
from data.reading.filters import Chosen, write_filters

SELECTED: Final = "matrix_block"
CLEARED: Final = "matrix_cleared"


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


def selected(class_id: UUID) -> Block | None:
    """The block that is selected in this class's matrix."""
    block = st.session_state.get(SELECTED)
    return block if isinstance(block, Block) and block.class_id == class_id else None


def cleared() -> int:
    """A number that grows whenever the matrix is to drop its selection."""
    return int(st.session_state.get(CLEARED, 0))


def done() -> None:
    """The block was corrected: it is not offered again."""
    st.session_state.pop(SELECTED, None)
    st.session_state[CLEARED] = cleared() + 1


def draw(chosen: Chosen) -> None:
    """The way to correct what is selected, or else what the filters show."""
    block = selected(chosen["class"])
    if block is None:
        links.to("bulk", "Correct many of these at once", **write_filters(chosen))
        return
    # Fixed to the window: the matrix is often taller than that.
    with st.container(key="block_bar"):
        label = f"Correct the {block.words} selected"
        if st.button(label, key="correct_block", type="primary", icon=":material/checklist:"):
            st.switch_page("views/bulk/page.py", query_params=write_filters(chosen))
