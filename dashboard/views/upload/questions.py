"""What only a person can say of a whole table: asked once, where a line needs it."""

from decimal import Decimal
from typing import Any

import streamlit as st

from dashboard.components.text import markdown_safe
from dashboard.views.upload.state import Upload
from data.files.importing.cells.answers import OpenQuestion
from data.files.importing.cells.numbers import digits


def draw(upload: Upload) -> None:
    """Every question that the table raised; those that are answered stay, to be answered otherwise."""
    for at, question in enumerate(upload.asked.values()):
        key = upload.key(f"question_{upload.round}_{at}")
        if question.choices:
            _draw_choices(upload, question, key)
        else:
            _draw_number(upload, question, key)


def _draw_choices(upload: Upload, question: OpenQuestion, key: str) -> None:
    choices = list(question.choices)
    st.radio(
        markdown_safe(question.sentence),
        choices,
        index=None if question.default is None else choices.index(question.default),
        format_func=question.choices.__getitem__,
        key=key,
        on_change=_answer,
        args=(upload, question, key),
        horizontal=True,
        persist_state="page",
    )


def _draw_number(upload: Upload, question: OpenQuestion, key: str) -> None:
    st.number_input(
        markdown_safe(question.sentence),
        min_value=float(question.least or 0),
        value=None,
        step=1.0,
        format="%g",
        key=key,
        on_change=_answer,
        args=(upload, question, key),
        placeholder="100 where it is percent",
        width=320,
        persist_state="page",
    )


def _answer(upload: Upload, question: OpenQuestion, key: str) -> None:
    chosen: Any = st.session_state[key]
    upload.answer(question, Decimal(digits(chosen)) if isinstance(chosen, float) else chosen)
