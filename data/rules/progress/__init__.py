"""The rules of a student's progress in a module: pure, and the same for form, grid and file.

`check()` reads what a person typed; `settle()` says what an edit leads to. Nothing here reads or writes, and
nothing beyond the standard library is imported.
"""

from data.rules.progress.consequences import Settled, put_back, settle
from data.rules.progress.typed_cells import CLEARS, TypedCell, cell_typed, typed_cell
from data.rules.progress.typed_values import check
from data.rules.progress.values import (
    EMPTY_ROW,
    HIGHEST,
    LOWEST,
    Edit,
    Field,
    Key,
    Problem,
    Status,
    Value,
    Values,
    differs,
    in_range,
    must_be,
)

__all__ = [
    "CLEARS",
    "EMPTY_ROW",
    "HIGHEST",
    "LOWEST",
    "Edit",
    "Field",
    "Key",
    "Problem",
    "Settled",
    "Status",
    "TypedCell",
    "Value",
    "Values",
    "cell_typed",
    "check",
    "differs",
    "in_range",
    "must_be",
    "put_back",
    "settle",
    "typed_cell",
]
