"""One opening of the form for a row: what the row held then, and what was typed since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import streamlit as st

from dashboard.components.formats import zone
from dashboard.editing.change_table import from_details
from data.reading.students.students import StudentModule
from data.rules.progress import Field, Value, Values
from data.writing.save import Outcome


@dataclass
class EditForm:
    """One opening of the form. `token` is in its widgets' keys: another opening has other widgets.

    `begins_with` is what the widgets hold at first: what the row held, or what was typed before a conflict.
    `score_in_details` is what pages show where the row has no score of its own.
    """

    student_id: UUID
    module_id: UUID
    module_type: str
    seen: dict[Field, Value]
    opened_with: dict[Field, Any]
    begins_with: dict[Field, Any]
    score_in_details: Decimal | None = None
    outcome: Outcome | None = None
    batch_id: UUID = field(default_factory=uuid4)
    token: str = field(default_factory=lambda: uuid4().hex[:8])

    def key(self, name: str) -> str:
        """A widget's key."""
        return f"edit_{name}_{self.token}"

    def typed(self) -> dict[Field, Any]:
        """What the person changed: raw values, of touched fields only."""
        current = {
            name: st.session_state.get(self.key(name), self.begins_with[name]) for name in Field
        }
        return {name: value for name, value in current.items() if value != self.opened_with[name]}

    def over(self, values: Values) -> EditForm:
        """The form opened anew, over other values of its row."""
        typed = _as_typed(values)
        row = self.student_id, self.module_id, self.module_type
        return EditForm(*row, dict(values), typed, typed, self.score_in_details)

    @property
    def shown_from_details(self) -> str | None:
        """'55 from details', where that is the score that pages show."""
        if self.seen[Field.SCORE] is not None or self.score_in_details is None:
            return None
        return from_details(self.score_in_details)


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
