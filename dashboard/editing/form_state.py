"""One opening of the form for a row: what the row held then, and what was typed since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Final
from uuid import UUID, uuid4

import streamlit as st

from dashboard.components.formats import zone
from data.i18n.formats import from_details
from data.reading.students.students import StudentModule
from data.rules.progress import Field, Problem, Value, Values
from data.writing.save import Outcome

FORM: Final = "edit_form"
"""The one that is open."""

FIGURES: Final = (Field.PERCENTAGE, Field.SCORE)
"""Which are typed as text."""


def _token() -> str:
    return uuid4().hex[:8]


@dataclass
class EditForm:
    """One opening of the form. `token` is in its widgets' keys: another opening has other widgets.

    `begins_with` is what the widgets hold at first: what the row held, or what was typed before a conflict, or
    earlier. `score_in_details` is what pages show where the row has no score of its own. `class_id` is the
    class in whose draft it is kept, `is_draft` says that it is there.
    """

    student_id: UUID
    module_id: UUID
    module_type: str
    seen: dict[Field, Value]
    opened_with: dict[Field, Any]
    begins_with: dict[Field, Any]
    score_in_details: Decimal | None = None
    outcome: Outcome | None = None
    class_id: UUID | None = None
    is_draft: bool = False
    is_drawn: bool = False
    draft_problem: Problem | None = None
    batch_id: UUID = field(default_factory=uuid4)
    token: str = field(default_factory=_token)

    def key(self, name: str) -> str:
        """A widget's key."""
        return f"edit_{name}_{self.token}"

    @property
    def is_left(self) -> bool:
        """Was the page of the form left meanwhile, and what its widgets held forgotten?"""
        return self.is_drawn and self.key(Field.STATUS) not in st.session_state

    def typed(self) -> dict[Field, Any]:
        """What the person changed: raw values, of touched fields only."""
        current = {
            name: st.session_state.get(self.key(name), self.begins_with[name]) for name in Field
        }
        return {name: value for name, value in current.items() if value != self.opened_with[name]}

    def over(self, values: Values) -> EditForm:
        """The form opened anew, over other values of its row."""
        typed = _as_typed(values)
        return replace(
            self,
            seen=dict(values),
            opened_with=typed,
            begins_with=typed,
            outcome=None,
            is_drawn=False,
            batch_id=uuid4(),
            token=_token(),
        )

    @property
    def shown_from_details(self) -> str | None:
        """'55 from details', where that is the score that pages show."""
        if self.seen[Field.SCORE] is not None or self.score_in_details is None:
            return None
        return from_details(self.score_in_details)

    def left_with(self, seen: Values, changes: Values, texts: Mapping[Field, str]) -> EditForm:
        """The form as it was left: over what was seen then, with what was typed, read or not."""
        left = self.over(seen)
        left.is_draft = True
        figures = {name: text for name, text in texts.items() if name in FIGURES}
        left.begins_with = _as_typed({**seen, **changes}) | figures
        return left


def forget() -> None:
    """What opens next is opened anew."""
    st.session_state.pop(FORM, None)


def begin(student_id: UUID, one: StudentModule) -> EditForm:
    """The form opened over what the row holds."""
    typed = _as_typed(one.values)
    row = student_id, one.module.id, one.module.type
    return EditForm(*row, dict(one.values), typed, typed, one.score_in_details)


def _as_typed(values: Mapping[Field, Any]) -> dict[Field, Any]:
    """Stored values as the widgets hold them."""
    percentage, score = values[Field.PERCENTAGE], values[Field.SCORE]
    completed_at = values[Field.COMPLETED_AT]
    return {
        Field.STATUS: values[Field.STATUS],
        Field.PERCENTAGE: "" if percentage is None else str(percentage),
        Field.SCORE: "" if score is None else f"{score:f}",
        Field.COMPLETED_AT: completed_at and completed_at.astimezone(zone()).date(),
    }
