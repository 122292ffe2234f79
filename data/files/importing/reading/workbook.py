"""Spreadsheets: XLSX, XLS and ODS."""

import json
import math
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from data.files import sandbox
from data.files.importing.reading.heading_line import as_sheet
from data.files.importing.reading.workbook_package import BROKEN, PASSWORD, TOO_BIG, check_package
from data.files.importing.sheet import (
    HEADINGS_WITHIN,
    MOST_LINES,
    Cell,
    NoHeadings,
    Sheet,
    Uncomputed,
    UnreadableFile,
)
from data.i18n.formats import quoted
from data.rules.texts import is_text

SECONDS: Final = 90
MOST_TRIED: Final = 10
"""Worksheets that are looked at for one with headings."""
MOST_WORKSHEETS: Final = 60
_REFUSED: Final = {"password": PASSWORD, "big": TOO_BIG}
_READER: Final = Path(__file__).with_name("workbook_worker.py")
_MARKS: Final = Path(__file__).with_name("workbook_marks_worker.py")
# As little as any honest file needs.
_MEMORY: Final = 2 * 1024**3
_PROCESSOR_SECONDS: Final = 60


def read_workbook(name: str, content: bytes, wanted: str | None) -> Sheet:
    """The wanted worksheet, else the first that is seen and has headings. Raises UnreadableFile."""
    has_marks = check_package(content)
    read = _read_apart(content, wanted)
    if "chosen" not in read:
        names = ", ".join(quoted(read["names"]))
        raise UnreadableFile(
            f"There is no worksheet “{wanted}”. There are: {names}." if names else BROKEN
        )
    if wanted is not None:
        return _sheet(name, content, read, has_marks)
    return _first_table(name, content, read, has_marks)


@dataclass(frozen=True)
class Worksheet:
    """What is in it, numbered lines of cells as they are seen; `hidden` are the lines that are not."""

    name: str
    rows: list[list[Cell]]
    hidden: frozenset[int]


def read_worksheets(content: bytes) -> list[Worksheet]:
    """Every worksheet that is seen. Raises UnreadableFile, also where there are too many to be read."""
    has_marks = check_package(content)
    read = _read_apart(content, None)
    if "chosen" not in read:
        raise UnreadableFile(BROKEN)
    if len(read["visible"]) > MOST_WORKSHEETS:
        number = len(read["visible"])
        raise UnreadableFile(
            f"The workbook has {number:,} worksheets, and {MOST_WORKSHEETS} can be read. Divide it."
        )
    others = [one for one in read["visible"] if one != read["chosen"]]
    sheets = {one: _read_apart(content, one) for one in others} | {read["chosen"]: read}
    return [
        _worksheet(content, sheets[one], has_marks)
        for one in (read["visible"] or [read["chosen"]])
        if one in sheets
    ]


def _worksheet(content: bytes, read: dict[str, Any], has_marks: bool) -> Worksheet:
    rows, marks = _marked_rows(content, read, has_marks)
    return Worksheet(read["chosen"], rows, frozenset(at + 1 for at in marks.get("hidden_rows", ())))


def _first_table(name: str, content: bytes, first: dict[str, Any], has_marks: bool) -> Sheet:
    """The first worksheet whose headings are known, else the first that may be a table at all."""
    others = [one for one in first["visible"] if one != first["chosen"]][: MOST_TRIED - 1]
    unknown: list[Sheet] = []
    refused: dict[str, NoHeadings] = {}
    for wanted in (first["chosen"], *others):
        read = first if wanted == first["chosen"] else _read_apart(content, wanted)
        try:
            sheet = _sheet(name, content, read, has_marks)
        except NoHeadings as refusal:
            refused[wanted] = refusal
            continue
        if sheet.is_recognised:
            return _noticed(sheet, wanted, [*refused, *(first["chosen"] for _ in unknown[:1])])
        unknown.append(sheet)
    if unknown:
        return unknown[0]
    if len(refused) == 1:
        raise refused[first["chosen"]]
    names = ", ".join(quoted(refused))
    is_all = len(first["visible"]) <= MOST_TRIED
    where = "any worksheet" if is_all else f"the first {MOST_TRIED} worksheets"
    raise UnreadableFile(f"No headings were found in {where}: {names}. The template shows how.")


def _noticed(sheet: Sheet, chosen: str, passed: Sequence[str]) -> Sheet:
    if not passed:
        return sheet
    names = ", ".join(quoted(dict.fromkeys(passed)))
    words = f"The worksheet “{chosen}” was read, for no headings were known in {names}."
    assumed = sheet.assumed[1:]  # which begins with the same, but not why
    return replace(sheet, assumed=assumed, notices=(words, *sheet.notices))


def _sheet(name: str, content: bytes, read: dict[str, Any], has_marks: bool) -> Sheet:
    rows, marks = _marked_rows(content, read, has_marks)
    further = tuple(one for one in read["names"] if one != read["chosen"])
    words = f"The worksheet “{read['chosen']}” was read." if further else ""
    return as_sheet(
        name,
        enumerate(rows, 1),
        further=further,
        assumed=(words,) if words else (),
        typed=True,
        hidden_lines={at + 1 for at in marks.get("hidden_rows", ())},
        hidden_columns=marks.get("hidden_columns", ()),
    )


def _marked_rows(
    content: bytes, read: dict[str, Any], has_marks: bool
) -> tuple[list[list[Cell]], dict[str, Any]]:
    rows = [[_cell(cell) for cell in row] for row in read["rows"]]
    marks = _run(_MARKS, content, str(len(rows)), read["chosen"]) if has_marks else read
    _write(rows, marks)
    return rows, marks


def _write(rows: list[list[Cell]], marks: dict[str, Any]) -> None:
    """Formulas without a result, errors by their names, and 0.85 that shows 85 % as that."""
    for at, place, formula in marks.get("formulas", ()):
        _put(rows, at, place, Uncomputed(f"={formula}"))
    for at, place, name in marks.get("errors", ()):
        _put(rows, at, place, name)
    for at, place in marks.get("percents", ()):
        number = rows[at][place] if at < len(rows) and place < len(rows[at]) else None
        if isinstance(number, int | float) and not isinstance(number, bool):
            rows[at][place] = f"{Decimal(f'{number * 100:.15G}'):f}%"


def _put(rows: list[list[Cell]], at: int, place: int, cell: Cell) -> None:
    """The reader leaves out what is empty at the edges."""
    while len(rows) <= at:
        rows.append([])
    rows[at].extend([None] * (place + 1 - len(rows[at])))
    rows[at][place] = cell


def _read_apart(content: bytes, wanted: str | None) -> dict[str, Any]:
    most = str(MOST_LINES + HEADINGS_WITHIN + 2)
    if wanted and not is_text(wanted):
        raise UnreadableFile("There is no worksheet of that name.")
    read = _run(_READER, content, most, wanted or "")
    if read.get("refused") in _REFUSED:
        raise UnreadableFile(_REFUSED[read["refused"]])
    if "names" not in read:
        raise UnreadableFile(BROKEN)
    return read


def _run(program: Path, content: bytes, *arguments: str) -> dict[str, Any]:
    """What a program of its own answers about the file; nothing where it broke. Raises UnreadableFile."""
    try:
        done = subprocess.run(  # noqa: S603
            sandbox.command(program, *arguments, memory=_MEMORY, seconds=_PROCESSOR_SECONDS),
            input=content,
            capture_output=True,
            timeout=SECONDS,
            check=False,
            env=sandbox.environment(),
        )
        read: dict[str, Any] = json.loads(done.stdout) if done.returncode == 0 else {}
    except (subprocess.TimeoutExpired, ValueError):
        raise UnreadableFile(BROKEN) from None
    return read


def _cell(written: Any) -> Cell:
    if isinstance(written, dict):
        if "day" in written:
            return date.fromisoformat(written["day"])
        moment = datetime.fromisoformat(written["moment"])
        return moment if moment.time() != datetime.min.time() else moment.date()
    if isinstance(written, float):
        if not math.isfinite(written):
            return str(written)
        return int(written) if written.is_integer() and abs(written) < 1e15 else written
    cell: Cell = written
    return cell
