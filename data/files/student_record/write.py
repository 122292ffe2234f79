"""All stored data of a student as a file: one JSON document, or one workbook with a sheet a part."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from data.files.exporting.names import ABOUT, cut, file_safe
from data.files.exporting.workbook import LONGEST_TEXT, Book
from data.files.student_record.gather import (
    PARTS,
    Part,
    RecordLine,
    StudentRecord,
    columns,
    counted,
)

FORMAT: Final = "all stored data of a student, version 1"
READING: Final = (
    "All moments are of UTC. Numbers have every digit that is stored: read them as decimals. Names "
    "beside an id (name_of_…) are those of today.",
    "Look through it before you hand it out: reasons, notes and saves may speak of other people.",
)


def record_as_json(found: StudentRecord) -> bytes:
    """UTF-8, the same for the same rows but for `made_at`. The rows are the database's own JSON text, put in
    as it is: parsed and written anew, numbers would lose digits."""
    lines = [
        "{",
        f'"format": {_text(FORMAT)},',
        f'"made_at": {_text(found.made_at.astimezone(UTC).isoformat())},',
        f'"made_by": {_text(found.made_by)},',
        f'"student_id": {_text(str(found.student_id))},',
        f'"reading": {json.dumps(READING, ensure_ascii=False)},',
        '"parts": {',
        ",\n".join(_part(part, found.parts[part.key]) for part in PARTS),
        "}",
        "}",
        "",
    ]
    return "\n".join(lines).encode()


def _part(part: Part, lines: tuple[RecordLine, ...]) -> str:
    rows = ",\n".join(line.json for line in lines)
    return (
        f'{_text(part.key)}: {{"title": {_text(part.title)}, "meaning": {_text(part.meaning)}, '
        f'"count": {len(lines)}, "rows": [\n{rows}\n]}}'
    )


def _text(written: str) -> str:
    return json.dumps(written, ensure_ascii=False)


def record_as_xlsx(found: StudentRecord) -> bytes:
    """Every value as the text that is stored, so that Excel rounds no number and turns none into a date. What
    is longer than a cell goes on in the rows below."""
    book = Book()
    about = book.add_sheet(ABOUT)
    for part in PARTS:
        _write_part(book, part, found.parts[part.key])
    # Last, since it tells what had to be changed.
    _write_about(book, about, found)
    title = cut(book.text(_title(found)), 255)
    book.describe({"title": title, "created": found.made_at.astimezone(UTC)})
    return book.content()


def _write_part(book: Book, part: Part, lines: tuple[RecordLine, ...]) -> None:
    sheet = book.add_sheet(part.title)
    names = columns(lines)
    book.write_row(sheet, 0, names or ("Nothing is stored here.",), bold=True, bottom=1)
    written = (row for line in lines for row in _rows(names, line.values))
    for number, row in enumerate(written, 1):
        book.write_row(sheet, number, row)
    sheet.set_column(0, max(len(names) - 1, 0), 24)
    sheet.freeze_panes(1, 0)
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})


def _rows(names: tuple[str, ...], values: Mapping[str, str | None]) -> Iterator[list[str | None]]:
    """One row, and further ones where a value is too long for a cell."""
    pieces = [_pieces(values.get(name)) for name in names]
    for at in range(max(map(len, pieces))):
        yield [piece[at] if at < len(piece) else None for piece in pieces]


def _pieces(value: str | None) -> list[str | None]:
    # Half of what a cell holds: a character beyond the first 65,536 counts as two there.
    step = LONGEST_TEXT // 2
    if value is None or len(value) <= step:
        return [value]
    return [value[at : at + step] for at in range(0, len(value), step)]


def _write_about(book: Book, sheet: Any, found: StudentRecord) -> None:
    made = found.made_at.astimezone(UTC).replace(microsecond=0, tzinfo=None)
    facts: list[tuple[str, str | datetime | int]] = [
        ("What this is", _title(found)),
        ("Student", str(found.student_id)),
        ("Made by", found.made_by),
        ("Made at (UTC)", made),
        *(("Reading", sentence) for sentence in READING),
        ("Reading", "A value too long for a cell goes on in the rows below it."),
        *((f"{part.title}: {count}", part.meaning) for part, count in counted(found)),
        *book.changes(),
    ]
    book.write_about(sheet, facts, 26, 90)


def _title(found: StudentRecord) -> str:
    return f"All stored data of {found.name}"


def record_file_name(found: StudentRecord, ending: str) -> str:
    """'All stored data of Ann Ågren 2026-11-22.json', safe on every system."""
    return f"{file_safe(_title(found))} {found.made_at.astimezone(UTC).date()}.{ending}"
