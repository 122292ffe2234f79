"""Where the headings of a table are, where it ends, and what a person does not see of it."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final

from data.files.importing.columns.class_export import is_class_export, plain_rows
from data.files.importing.columns.headings import is_roster, recognise
from data.files.importing.folding import visible
from data.files.importing.meanings import STUDENT_NAMED_BY
from data.files.importing.sheet import (
    HEADINGS_WITHIN,
    MOST_COLUMNS,
    MOST_LINES,
    Cell,
    NoHeadings,
    Row,
    Sheet,
    Uncomputed,
    UnreadableFile,
    as_text,
    is_blank,
)
from data.i18n.formats import count, few, quoted
from data.rules.ids import as_uuid

MOST_NAMED: Final = 10
STUDENT: Final = frozenset(STUDENT_NAMED_BY)
ROSTER: Final = (
    "This is a roster: it lists people, classes or courses, and no progress. Where these are not a platform’s, "
    "coordinators and administrators choose it on the page “School”, under “From a file”. Here, choose a "
    "file of results."
)


def as_sheet(
    name: str,
    lines: Iterable[tuple[int, Sequence[Cell]]],
    *,
    further: tuple[str, ...] = (),
    assumed: tuple[str, ...] = (),
    typed: bool = False,
    hidden_lines: Collection[int] = (),
    hidden_columns: Collection[int] = (),
    notices: tuple[str, ...] = (),
) -> Sheet:
    """Find the headings among numbered lines. Raises UnreadableFile where there are none."""
    rows, widths = [], {}
    for line, written in lines:
        if cells := _trimmed(written):
            rows.append(Row(line, cells, line in hidden_lines))
            widths[line] = len(written)
    if not rows:
        raise NoHeadings("The file is empty. Choose one with headings and a line per module.")
    if len(rows) > MOST_LINES + 1:
        raise UnreadableFile(
            f"The file has more than {MOST_LINES:,} lines. Divide it into several files."
        )
    place, words, is_recognised = _heading_place(rows)
    headings = _headings(rows[place], widths[rows[place].line], rows[place + 1 :])
    if len(headings) > MOST_COLUMNS:
        raise UnreadableFile(
            f"The file has {len(headings):,} columns. Keep those of the template, and try again."
        )
    heading_line, below = rows[place].line, tuple(rows[place + 1 :])
    if not below:
        raise NoHeadings(
            f"Line {heading_line} holds the headings, and there is nothing below them."
        )
    titled = _titled(rows, place, headings)
    if titled is not None:
        headings, words = (
            titled,
            (f"The headings are in lines {heading_line - 1} and {heading_line}.",),
        )
        below = (_without_students(rows[place]), *below)
    if is_class_export(headings):
        below = plain_rows(headings, below)
    body, further_table = _one_table(headings, below)
    return Sheet(
        name,
        headings,
        body,
        further,
        (*assumed, *words),
        typed,
        (*notices, *further_table, *_unseen(headings, body, hidden_columns)),
        is_recognised,
    )


def _headings(row: Row, width: int, below: Sequence[Row]) -> tuple[str, ...]:
    """As they are written; those of the last columns may be empty, as of a completion report's dates."""
    written = [visible(as_text(cell)) for cell in row.cells]
    widest = max((len(one.cells) for one in below), default=0)
    return (*written, *[""] * (min(width, widest, MOST_COLUMNS) - len(written)))


def _titled(rows: Sequence[Row], place: int, headings: tuple[str, ...]) -> tuple[str, ...] | None:
    """The headings where titles are in the line above, and dates or points below them; else None."""
    row, above = rows[place], rows[place - 1] if place else None
    if above is None or above.line != row.line - 1 or not _heads_students(row):
        return None
    guesses = recognise(headings).guesses
    titles = [visible(as_text(cell)) for cell in above.cells[: len(headings)]]
    titles += [""] * (len(headings) - len(titles))
    of_students = [title for title, one in zip(titles, guesses, strict=True) if one in STUDENT]
    is_one_title = len(titles) > len({*titles, ""}) == 2  # merged over several columns
    if any(of_students) or not any(titles) or is_one_title:
        return None
    return tuple(title or heading for title, heading in zip(titles, headings, strict=True))


def _without_students(row: Row) -> Row:
    """The second line of headings, as a line that names nobody."""
    guesses = recognise([as_text(cell) for cell in row.cells]).guesses
    cells = (None if one in STUDENT else cell for cell, one in zip(row.cells, guesses, strict=True))
    return Row(row.line, tuple(cells))


def _one_table(
    headings: tuple[str, ...], below: tuple[Row, ...]
) -> tuple[tuple[Row, ...], tuple[str, ...]]:
    """The rows up to where another table begins; headings that are only repeated are left out."""
    known = {name.casefold() for name in headings if name}
    body: list[Row] = []
    repeated = 0
    for at, row in enumerate(below):
        is_apart = at > 0 and row.line > below[at - 1].line + 1
        if not (is_apart or _shares(row, known)) or not _is_heading(row):
            body.append(row)
        elif {visible(as_text(cell)).casefold() for cell in row.cells} - {""} == known:
            repeated += 1
        elif body:
            left = len(below) - at - 1
            words = (
                f"Line {row.line} holds other headings: another table begins there, and its "
                f"{count(left, 'line was', 'lines were')} not read. Import it as a file of its own."
            )
            return tuple(body), (words,)
    lines = count(repeated, "line repeats", "lines repeat")
    return tuple(body), (f"{lines} the headings; not read.",) if repeated else ()


def _shares(row: Row, headings: Collection[str]) -> bool:
    """Is any cell one of the headings? Looked at first: to recognise every cell of a file takes seconds."""
    return any(isinstance(cell, str) and cell.casefold() in headings for cell in row.cells)


def _is_heading(row: Row) -> bool:
    """Does it name two columns that are known, one of them the student's?"""
    if len(row.cells) < 2 or not all(isinstance(cell, str | None) for cell in row.cells):
        return False
    found = set(recognise([as_text(cell) for cell in row.cells]).guesses) - {None}
    return len(found) > 1 and bool(found & STUDENT)


def _unseen(
    headings: Sequence[str], body: Sequence[Row], hidden_columns: Collection[int]
) -> Iterator[str]:
    """What a person does not see in the spreadsheet."""
    if lines := [row.line for row in body if row.is_hidden]:
        yield (
            f"{count(len(lines), 'line is', 'lines are')} hidden in the spreadsheet: "
            f"{_listed(lines)}. {'It is' if len(lines) == 1 else 'They are'} read like the others, unless you "
            f"leave {'it' if len(lines) == 1 else 'them'} out."
        )
    if names := quoted(headings[at] for at in sorted(hidden_columns) if at < len(headings)):
        yield f"Hidden in the spreadsheet, but read: {', '.join(names)}."
    unknown = [row.line for row in body if any(isinstance(one, Uncomputed) for one in row.cells)]
    if unknown:
        yield (
            f"{count(len(unknown), 'line has', 'lines have')} a formula without a stored result: "
            f"{_listed(unknown)}. Open the file in a spreadsheet, save it there, and choose it again."
        )


def _listed(lines: Sequence[int]) -> str:
    return f"{'line' if len(lines) == 1 else 'lines'} {few(lines, MOST_NAMED)}"


def _trimmed(cells: Sequence[Cell]) -> tuple[Cell, ...]:
    """Without the empty cells at the end; nothing of a blank line."""
    end = len(cells)
    while end and is_blank(cells[end - 1]):
        end -= 1
    return tuple(cells[:end])


def _heading_place(rows: Sequence[Row]) -> tuple[int, tuple[str, ...], bool]:
    """Which row holds the headings, what had to be assumed of it, and whether any was recognised."""
    for row in rows[:HEADINGS_WITHIN]:
        headings = [as_text(cell) for cell in row.cells]
        if is_roster(headings):
            raise UnreadableFile(ROSTER)
    for is_heading in (_heads_lines, _heads_students):
        for place, row in enumerate(rows[:HEADINGS_WITHIN]):
            if is_heading(row):
                words = f"The headings are in line {row.line}; what is above them was left out."
                return place, (words,) if place else (), True
    first = rows[0]
    if len(first.cells) < 2 or any(map(_is_value, first.cells)):
        raise NoHeadings(
            "No headings were found. The first line must name the columns, such as Student, Module, "
            "Status, Percentage. The template shows how."
        )
    words = f"No heading was recognised. Line {first.line} was taken for the headings: say what each means."
    return 0, (words,), False


def _heads_lines(row: Row) -> bool:
    """Headings of a table with a line per student and module: who, and anything else that is known."""
    found = set(recognise([as_text(cell) for cell in row.cells]).guesses) - {None}
    return bool(found & STUDENT and found - STUDENT)


def _heads_students(row: Row) -> bool:
    """Headings of a table with a line per student: who, and other columns, which may be modules."""
    found = set(recognise([as_text(cell) for cell in row.cells]).guesses) - {None}
    return bool(found & STUDENT) and len(row.cells) > 1 and not any(map(_is_value, row.cells))


def _is_value(cell: Cell) -> bool:
    """Is it something that a table holds below its headings? No heading is a number or an address."""
    if cell is None or not isinstance(cell, str):
        return cell is not None
    text = visible(cell)
    if "@" in text or text.rstrip("%").replace(",", "").replace(".", "").strip().isdecimal():
        return True
    return as_uuid(text) is not None
