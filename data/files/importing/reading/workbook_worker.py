"""A program of its own that reads one spreadsheet: from standard input, as JSON to standard output.

A workbook of two cells at the far ends makes the reader ask for 500 GB, and a broken one can make it end its
process. Here that costs this process and never the dashboard. `data.files.sandbox` runs it; it imports
nothing of ours.
"""

from __future__ import annotations

import io
import json
import sys
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

# One long text in a merged cell of a small file is an answer of gigabytes, which the dashboard would hold: it
# takes ten times as much there. The longest table that is taken, 50,000 lines, is about 8 MB.
MOST_ANSWER = 24 * 1024**2


def portable(cell: object) -> Any:
    """A cell as JSON can say it: a date as {"day": …} or {"moment": …}, an empty one as null."""
    if isinstance(cell, datetime):
        return {"moment": cell.isoformat()}
    if isinstance(cell, date):
        return {"day": cell.isoformat()}
    if isinstance(cell, time | timedelta):
        return str(cell)
    return None if cell == "" else cell


def read(content: bytes, wanted: str | None, most: int) -> dict[str, Any]:
    """The names of all worksheets, and the rows of one: the wanted, or the first that is not hidden."""
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
        sheets = [one for one in book.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
        names = [one.name for one in sheets]
        if not names or (wanted is not None and wanted not in names):
            return {"names": names}
        seen = [one.name for one in sheets if one.visible == SheetVisibleEnum.Visible]
        chosen = wanted or (seen or names)[0]
        sheet = book.get_sheet_by_name(chosen)
        rows = sheet.to_python(skip_empty_area=False, nrows=most) if sheet.end else []
        fill_merged(rows, sheet.merged_cell_ranges or [])
        written = [[portable(cell) for cell in row] for row in rows]
        return {"names": names, "visible": seen, "chosen": chosen, "rows": written}


def fill_merged(rows: list[list[Any]], merged: list[Any]) -> None:
    """What stands in merged cells belongs to each of them."""
    for (top, left), (bottom, right) in merged:
        if top >= len(rows) or left >= len(rows[top]):
            continue
        value = rows[top][left]
        for row in rows[top : bottom + 1]:
            row[left : right + 1] = [value] * len(row[left : right + 1])


def main() -> None:
    try:
        answer = read(sys.stdin.buffer.read(), sys.argv[2] or None, int(sys.argv[1]))
    except PasswordError:
        answer = {"refused": "password"}
    except (CalamineError, OSError, ValueError):
        answer = {"refused": "broken"}
    written = json.dumps(answer)
    sys.stdout.write(written if len(written) <= MOST_ANSWER else json.dumps({"refused": "big"}))


if __name__ == "__main__":
    main()
