"""A list to fill in: the headings that are known, in CSV and as a workbook."""

from typing import Final

from data.files.exporting.delimited import as_delimited
from data.files.exporting.workbook import as_sheet
from data.roster.files.reading.headings import Column

HEADINGS: Final = (
    Column.FIRST_NAME,
    Column.LAST_NAME,
    Column.EMAIL,
    Column.NUMBER,
    Column.CLASS,
    Column.YEAR,
    Column.ROLE,
)


def list_csv() -> bytes:
    """The headings as CSV."""
    return as_delimited([[one.value for one in HEADINGS]])


def list_xlsx() -> bytes:
    """The headings as a workbook."""
    return as_sheet("People", [one.value for one in HEADINGS], ())
