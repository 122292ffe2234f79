"""What a change of the rules of attention would do, before it is saved."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Connection, text


@dataclass(frozen=True)
class AttentionPreview:
    """How many students are flagged in the classes concerned, now and then: by each rule, and under None in
    all. `classes` is how many are concerned."""

    students: Mapping[str | None, tuple[int, int]]
    classes: int


def proposed_figures(of_id: UUID, values: Mapping[str, int | None]) -> str:
    """A change of these figures of an organisation or a class; None takes a choice back."""
    return json.dumps({"figures": {str(of_id): dict(values)}}, sort_keys=True)


def proposed_holidays(organisation_id: UUID, days: Iterable[tuple[date, date]]) -> str:
    """That these, and no others, are the organisation's days off: from the first day to the last."""
    said = [[first.isoformat(), last.isoformat()] for first, last in days]
    return json.dumps({"holidays": {str(organisation_id): said}})


def attention_preview(connection: Connection, proposed: str) -> AttentionPreview:
    """What that would do in the classes that I staff."""
    rows = connection.execute(
        text("""
            select rule, students_now, students_then, classes
            from dashboard.attention_preview(cast(:proposed as jsonb))
        """),
        {"proposed": proposed},
    ).all()
    return AttentionPreview(
        {row.rule: (row.students_now, row.students_then) for row in rows},
        rows[0].classes if rows else 0,
    )
