"""The class page's table and the history as files. Pure: no database, no page.

CSV and XLSX are written from the same rows, so that they cannot say different things. Figures are exact,
where the screen rounds a score to one decimal.
"""

from data.files.exporting.delimited import as_csv
from data.files.exporting.history import history_as_csv, history_as_xlsx
from data.files.exporting.names import CSV_TYPE, XLSX_TYPE, file_name, safe_name
from data.files.exporting.rows import MARKS, Export
from data.files.exporting.workbook import as_xlsx

__all__ = [
    "CSV_TYPE",
    "MARKS",
    "XLSX_TYPE",
    "Export",
    "as_csv",
    "as_xlsx",
    "file_name",
    "history_as_csv",
    "history_as_xlsx",
    "safe_name",
]
