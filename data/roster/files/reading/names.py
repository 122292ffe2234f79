"""How a list writes somebody's name: in one column or two, the surname first or last."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from data.roster.files.reading.headings import Column, is_surname_first
from data.rules.roster import tidy

SURNAME: Final = "Which part is the surname? Write it in two columns, or with a comma: “Doe, Jane”."


class Unclear(ValueError):
    """What a line says can be read in more than one way, or not at all; the sentence says what to write."""


def full_name(row: Mapping[Column, str], heading: str) -> str:
    """The name as it is said aloud: "Jane Doe". `heading` is that of the column with the whole name.

    Raises Unclear where the surname comes first and nothing says where it ends.
    """
    parts = [
        row.get(one, "")
        for one in (Column.FIRST_NAME, Column.INFIX, Column.LAST_NAME, Column.SECOND_LAST_NAME)
    ]
    in_parts = tidy(" ".join(parts))
    return in_parts or _turned(tidy(row.get(Column.NAME)), is_surname_first(heading))


def _turned(written: str, surname_first: bool) -> str:
    surname, comma, first = written.partition(",")
    if comma and first.strip() and "," not in first:
        return tidy(f"{first} {surname}")
    words = written.split()
    if not surname_first or len(words) < 2:
        return written.strip(" ,")
    if len(words) > 2:
        raise Unclear(SURNAME)
    return f"{words[1]} {words[0]}"
