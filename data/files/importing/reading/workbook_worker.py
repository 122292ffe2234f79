"""A program of its own that reads one spreadsheet: from standard input, as JSON to standard output.

Of an XLS it also tells what a person sees there or does not: for other kinds `workbook_marks_worker` does.

A workbook of two cells at the far ends makes the reader ask for 500 GB, and a broken one can make it end its
process. Here that costs this process and never the dashboard. `data.files.sandbox` runs it; it imports
nothing of ours.
"""

import io
import json
import re
import struct
import sys
from datetime import date, datetime, time, timedelta
from typing import Any, Final

import xlrd  # type: ignore[import-untyped]
from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

# One long text in a merged cell of a small file is an answer of gigabytes, which the dashboard would hold: it
# takes ten times as much there. The longest table that is taken, 50,000 lines, is about 8 MB.
MOST_ANSWER: Final = 24 * 1024**2
OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BROKEN_XLS: Final = (
    xlrd.XLRDError, xlrd.compdoc.CompDocError, ArithmeticError, AssertionError, AttributeError,
    LookupError, OSError, TypeError, ValueError, struct.error,
)  # fmt: skip
"""What `xlrd` raises over a file that is not as it expects."""


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


def read_xls(content: bytes, wanted: str | None, most: int) -> dict[str, Any]:
    """The same of a workbook of the old Excel, and with it what its cells do not tell. Raises BROKEN_XLS."""
    book = xlrd.open_workbook(
        file_contents=content, formatting_info=True, on_demand=True, logfile=io.StringIO()
    )
    names = book.sheet_names()
    if not names or (wanted is not None and wanted not in names):
        return {"names": names}
    hidden = book._sheet_visibility  # to ask a worksheet itself reads all of it
    seen = [name for name, how in zip(names, hidden, strict=True) if not how]
    chosen = wanted or (seen or names)[0]
    sheet = book.sheet_by_name(chosen)
    cells = [sheet.row(at) for at in range(min(sheet.nrows, most))]
    rows = [[portable(value_of(cell, book.datemode)) for cell in row] for row in cells]
    merged = [((top, left), (end - 1, last - 1)) for top, end, left, last in sheet.merged_cells]
    fill_merged(rows, merged)
    told = {"names": names, "visible": seen, "chosen": chosen, "rows": rows}
    return told | marks_of_xls(book, sheet, cells)


def value_of(cell: Any, datemode: int) -> object:
    """What a cell of an XLS holds; a moment before the first day is a time."""
    if cell.ctype == xlrd.XL_CELL_DATE:
        moment: datetime = xlrd.xldate_as_datetime(cell.value, datemode)
        return moment if cell.value >= 1 else moment.time()
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    return None if cell.ctype == xlrd.XL_CELL_ERROR else cell.value


def marks_of_xls(book: Any, sheet: Any, rows: list[list[Any]]) -> dict[str, Any]:
    """Hidden rows and columns, errors, and numbers that show as percent, counted from 0."""
    percents = {
        at for at, one in enumerate(book.xf_list)
        if "%" in re.sub(r'"[^"]*"|\\.', "", book.format_map[one.format_key].format_str)
    }  # fmt: skip
    cells = [(at, place, cell) for at, row in enumerate(rows) for place, cell in enumerate(row)]
    return {
        "hidden_rows": [at for at, row in sheet.rowinfo_map.items() if row.hidden],
        "hidden_columns": [at for at, column in sheet.colinfo_map.items() if column.hidden],
        "errors": [
            (at, place, xlrd.error_text_from_code.get(cell.value, "#N/A"))
            for at, place, cell in cells if cell.ctype == xlrd.XL_CELL_ERROR
        ],
        "percents": [
            (at, place) for at, place, cell in cells
            if cell.ctype == xlrd.XL_CELL_NUMBER and cell.xf_index in percents
        ],
    }  # fmt: skip


def fill_merged(rows: list[list[Any]], merged: list[Any]) -> None:
    """What stands in merged cells belongs to each of them."""
    for (top, left), (bottom, right) in merged:
        if top >= len(rows) or left >= len(rows[top]):
            continue
        value = rows[top][left]
        for row in rows[top : bottom + 1]:
            row[left : right + 1] = [value] * len(row[left : right + 1])


def read_any(content: bytes, wanted: str | None, most: int) -> dict[str, Any]:
    """An XLS by the reader that tells most of it; where that cannot, by the one that reads all kinds."""
    if content.startswith(OLE):
        try:
            return read_xls(content, wanted, most)
        except BROKEN_XLS:
            pass
    return read(content, wanted, most)


def main() -> None:
    try:
        answer = read_any(sys.stdin.buffer.read(), sys.argv[2] or None, int(sys.argv[1]))
    except PasswordError:
        answer = {"refused": "password"}
    except (CalamineError, OSError, ValueError):
        answer = {"refused": "broken"}
    written = json.dumps(answer)
    sys.stdout.write(written if len(written) <= MOST_ANSWER else json.dumps({"refused": "big"}))


if __name__ == "__main__":
    main()
