"""The table as an Excel workbook."""

import io
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any, Final

from xlsxwriter import Workbook  # type: ignore[import-untyped]

from data.files.exporting.delimited import FORMULA
from data.files.exporting.names import ABOUT, ILLEGAL, cut, sheet_name
from data.files.exporting.rows import WHY, Export, Value, headings, lead, meanings, rows, totals
from data.i18n.formats import local

LONGEST_TEXT, _LONGEST_PROPERTY = 32_767, 255  # in Excel's characters
_MOST_ROWS: Final = 1_048_575  # below the heads

_CHANGED: Final = {
    "illegal": "Texts with characters that a spreadsheet cannot hold, each now �",
    "cut": "Texts longer than 32,767 characters, cut where they end with …",
    "rounded": "Scores with more than the 15 digits that Excel holds, rounded",
}
_WORDS: Final = (
    ("Unreadable", "A value that cannot be read; the screen shows a question mark."),
    ("Not in this module", "An empty place on the screen."),
    ("Score", "As exact as Excel holds it; the screen rounds to one decimal."),
    (
        "40 % done in a score column",
        "No score yet. It is text, so that no sum takes it in.",
    ),
)


def as_xlsx(export: Export, on_progress: Callable[[float], None] = lambda fraction: None) -> bytes:
    """A workbook: the table, and a sheet that says what it is. `on_progress` hears fractions, 0 to 1."""
    on_progress(0.0)
    book = Book()
    _write_table(book, export, on_progress)
    _write_about(book, export)
    content = book.content()
    on_progress(1.0)
    return content


def as_sheet(name: str, heads: Sequence[str], table: Iterable[Sequence[Value]]) -> bytes:
    """A workbook of one plain table, as many rows as Excel holds."""
    book = Book()
    sheet = book.add_sheet(name)
    book.write_row(sheet, 0, heads, bold=True, bottom=1)
    count = 0
    for count, row in enumerate(islice(table, _MOST_ROWS), 1):
        book.write_row(sheet, count, row)
    sheet.set_column(0, len(heads) - 1, 20)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, count, len(heads) - 1)
    return book.content()


class Book:
    """A workbook whose cells take any value, as what it is; it counts what it had to change."""

    def __init__(self) -> None:
        off = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
        self._file = io.BytesIO()
        self._book = Workbook(self._file, {"in_memory": True, **off})
        self._looks: dict[tuple[tuple[str, object], ...], Any] = {}
        self.changed: Counter[str] = Counter()
        self.describe, self.add_sheet = self._book.set_properties, self._book.add_worksheet

    def content(self) -> bytes:
        """The file, to which nothing can be added any more."""
        self._book.close()
        return self._file.getvalue()

    def write(self, sheet: Any, row: int, column: int, value: Value, **look: object) -> None:
        """A value into a cell, in a look of XlsxWriter's; None leaves it empty."""
        if isinstance(value, date) and value.year > 1900:
            hours = " hh:mm" if isinstance(value, datetime) else ""
            look |= {"num_format": f"yyyy-mm-dd{hours}", "align": "left"}
            sheet.write_datetime(row, column, value, self._look(look))
        elif isinstance(value, str | date):
            self._write_text(sheet, row, column, self.text(str(value)), look)
        elif value is not None:
            # The digits that Excel holds; of a float, XlsxWriter would write 85.09999999999999.
            number = Decimal(f"{float(value):.15G}")
            self.changed["rounded"] += number != value
            sheet.write_number(row, column, number, self._look(look))

    def write_row(self, sheet: Any, row: int, values: Iterable[Value], **look: object) -> None:
        """A value a cell, from the first column on."""
        for column, value in enumerate(values):
            self.write(sheet, row, column, value, **look)

    def write_about(self, sheet: Any, facts: Iterable[tuple[str, Value]], *widths: int) -> None:
        """What the file is, a line a fact; `widths` of its two columns."""
        for row, (label, value) in enumerate(facts):
            self.write(sheet, row, 0, label, bold=True, text_wrap=True, valign="top")
            self.write(sheet, row, 1, value, align="left", text_wrap=True, valign="top")
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)

    def changes(self) -> list[tuple[str, int]]:
        """What had to be changed, in words, and how often."""
        return [(_CHANGED[what], count) for what, count in self.changed.items() if count]

    def text(self, text: str) -> str:
        """What a spreadsheet can hold of it."""
        legal = ILLEGAL.sub("�", text)
        short = cut(legal, LONGEST_TEXT)
        self.changed["illegal"] += legal != text
        self.changed["cut"] += short != legal
        return short

    def _write_text(
        self, sheet: Any, row: int, column: int, text: str, look: dict[str, object]
    ) -> None:
        if FORMULA.search(text):
            look["quote_prefix"] = True  # it stays text when somebody edits it
        if text.startswith("<r>") and text.endswith("</r>"):
            # write_string() takes it for XML of its own and writes it raw; in three parts it is escaped.
            parts = text[:1], text[1:2], text[2:]
            sheet.write_rich_string(row, column, *parts, self._look({"valign": "bottom"} | look))
        elif text:
            sheet.write_string(row, column, text, self._look(look))

    def _look(self, look: dict[str, object]) -> Any:
        if not look:
            return None
        key = tuple(look.items())
        if key not in self._looks:
            self._looks[key] = self._book.add_format(look)
        return self._looks[key]


def _write_table(book: Book, export: Export, on_progress: Callable[[float], None]) -> None:
    sheet = book.add_sheet(sheet_name(export.title))
    heads, count = headings(export), len(export.students)
    book.write_row(sheet, 0, heads, bold=True, text_wrap=True, bottom=1)
    for number, row in enumerate(rows(export), 1):
        book.write_row(sheet, number, row)
        if number % max(1, count // 50) == 0:
            on_progress(0.6 * number / count)  # the rest is putting it into the file
    book.write_row(sheet, count + 1, totals(export), bold=True, top=1)
    longest = max((len(student.name) for student in export.students), default=0)
    sheet.set_column(0, 0, min(max(longest, 18), 40) + 2)
    for column, head in enumerate(lead(export)[1:], 1):
        sheet.set_column(column, column, 36 if head == WHY else 13)
    first = len(lead(export))
    for column in range(first, len(heads), 2):
        sheet.set_column(column, column, 24)
        sheet.set_column(column + 1, column + 1, 14)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, count, len(heads) - 1)
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    sheet.set_landscape()
    sheet.repeat_rows(0)
    sheet.repeat_columns(0)


def _write_about(book: Book, export: Export) -> None:
    made = local(export.made_at, export.zone)
    modules, students = len(export.modules), len(export.students)
    offset = f"{made:%z}"
    title, author = (
        cut(ILLEGAL.sub("�", text), _LONGEST_PROPERTY) for text in (export.title, export.author)
    )
    book.describe({"title": title, "author": author, "created": local(export.made_at, UTC)})
    facts: list[tuple[str, Value]] = [
        ("Class", export.title),
        ("What is shown", export.filters),
        ("Made by", export.author),
        ("Made at", made.replace(second=0, microsecond=0, tzinfo=None)),
        ("Time zone of all dates", f"{export.zone} (UTC{offset[:3]}:{offset[3:5]})"),
        ("Students", students),
        ("Modules", modules),
        ("Cells", students * modules),
        *book.changes(),
        *((word.capitalize(), meaning) for word, meaning in (*meanings(export).items(), *_WORDS)),
    ]
    book.write_about(book.add_sheet(ABOUT), facts, 34, 80)
