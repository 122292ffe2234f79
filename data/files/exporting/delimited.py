"""The table as CSV."""

import csv
import io
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from data.files.exporting.names import ILLEGAL
from data.files.exporting.rows import Export, Value, headings, rows, totals

# A sign that begins a formula, no letter or digit before it: at the start of a cell, or of what becomes one
# where a spreadsheet takes ";" or tab for the separator, as a German Excel does.
SIGNS: Final = r"=+\-@−＝＋－＠﹦﹢﹣﹫"
FORMULA: Final = re.compile(
    rf"\A(?=[^\w\t\r\n]*[\t\r\n{SIGNS}])|(?<=[;\t\r\n])(?=[^\w;\t\r\n]*[{SIGNS}])"
)


def as_csv(export: Export) -> bytes:
    """The class page's table: its heads, its rows and the totals."""
    return as_delimited([headings(export), *rows(export), totals(export)])


def as_delimited(table: Iterable[Iterable[Value]]) -> bytes:
    """RFC 4180 with a byte order mark, and nothing that a spreadsheet would take for a formula."""
    written = io.StringIO(newline="")
    csv.writer(written).writerows([_plain(value) for value in row] for row in table)
    return written.getvalue().encode("utf-8-sig")


def _plain(value: Value) -> str:
    if isinstance(value, str):
        return FORMULA.sub("'", ILLEGAL.sub("�", value))
    if isinstance(value, Decimal) and -30 < value.adjusted() < 30:
        return f"{value:f}"
    return "" if value is None else str(value)
