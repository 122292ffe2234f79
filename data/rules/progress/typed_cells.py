"""What is typed into a cell of the matrix: a short text for status and figure, as '40', 'c' or 'i 40 %'."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from data.rules.progress.values import Field, Problem, Status, Value, Values

CLEARS: Final = "-"
"""What empties a figure, here and where many rows are set at once."""

UNCLEAR: Final = Problem(
    Field.STATUS,
    "unknown_status",
    "Type a figure, or c (completed), i (in progress) or n (not started), with a figure behind it or not.",
)

_WORDS: Final = {
    word: status
    for status in Status
    for word in (status.label[:1].casefold(), status.label.casefold(), status.value.casefold())
}
_TYPED: Final = re.compile(r"\s*([^\W\d_][^\W\d_ ]*(?: +[^\W\d_]+)*)?\s*(.*?)\s*", re.DOTALL)


@dataclass(frozen=True)
class TypedCell:
    """A text, taken apart: what `check()` is to read of it, or why it cannot be taken apart."""

    fields: dict[Field, str]
    problem: Problem | None = None


def typed_cell(text: str, scored: bool, status: Value) -> TypedCell:
    """Take a text apart that was typed over a cell in this `status`.

    A word or its first letter is the status, a figure with '%' the percentage. One without is the score where
    the module is `scored` (data.rules.details.is_scored), else the percentage; '-' empties it. A percentage
    above 0 alone begins a module that is not started: nobody means the contradiction.
    """
    found = _TYPED.fullmatch(text)
    word, figure = found.groups() if found else (None, text)
    fields: dict[Field, str] = {}
    if word is not None:
        if word.casefold() not in _WORDS:
            return TypedCell({_figure(text, scored): text.strip()}, UNCLEAR)
        fields[Field.STATUS] = _WORDS[word.casefold()]
    if figure:
        name = _figure(figure, scored)
        fields[name] = "" if figure == CLEARS else figure
        if (name, status) == (Field.PERCENTAGE, Status.NOT_STARTED) and _is_begun(figure):
            fields.setdefault(Field.STATUS, Status.IN_PROGRESS)
    return TypedCell(fields)


def _figure(text: str, scored: bool) -> Field:
    return Field.SCORE if scored and not text.rstrip().endswith("%") else Field.PERCENTAGE


def _is_begun(figure: str) -> bool:
    return re.search("[1-9]", figure) is not None


def cell_typed(changes: Values, unread: Mapping[Field, str]) -> str:
    """The text that means these changes, and what of them could not be read; '' where no one text does. A
    percentage has its sign: it is one in whatever module."""
    status = changes.get(Field.STATUS)
    parts = [status.label[:1].casefold()] if isinstance(status, Status) else []
    touched = [name for name in (Field.PERCENTAGE, Field.SCORE) if name in {*changes, *unread}]
    for name in touched:
        sign = " %" if name is Field.PERCENTAGE and name not in unread else ""
        parts.append(unread.get(name) or f"{changes[name]}{sign}")
    is_clear = len(touched) < 2 and all(
        name in unread or changes[name] is not None for name in touched
    )
    return " ".join(parts) if is_clear else ""
