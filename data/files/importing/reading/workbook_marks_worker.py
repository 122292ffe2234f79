"""A program of its own that finds in a spreadsheet what its reader leaves out: from standard input, as JSON.

Hidden rows and columns, formulas without a stored result, errors, and numbers that show as percent. It knows
XLSX and ODS, which are packages of XML. `data.files.sandbox` runs it, and it imports nothing of ours.
"""

import io
import json
import re
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from itertools import product
from typing import Final
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

MOST_ANSWER: Final = 24 * 1024**2
MOST_COLUMNS: Final = 16_384
YES: Final = {"1", "true", "collapse", "filter"}


@dataclass
class Marks:
    """By row and column, counted from 0."""

    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    formulas: list[tuple[int, int, str]] = field(default_factory=list)
    errors: list[tuple[int, int, str]] = field(default_factory=list)
    percents: list[tuple[int, int]] = field(default_factory=list)


def marks_of(content: bytes, chosen: str, most: int) -> Marks:
    """Of the worksheet of this name, in its first rows. Raises as `main()` expects."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        if "content.xml" in parts.namelist():
            return marks_of_ods(parts.read("content.xml"), chosen, most)
        return marks_of_xlsx(parts.read(worksheet(parts, chosen)), percent_styles(parts), most)


def local(element: Element) -> str:
    """A tag without its namespace: XLSX has two of them, and any prefix."""
    return element.tag.rpartition("}")[2]


def attribute(element: Element, name: str) -> str:
    """An attribute whatever its namespace."""
    found = (value for key, value in element.items() if key.rpartition("}")[2] == name)
    return next(found, "")


def worksheet(parts: zipfile.ZipFile, chosen: str) -> str:
    """The part of a worksheet. Raises KeyError where there is none."""
    book = ElementTree.fromstring(parts.read("xl/workbook.xml"))
    relations = ElementTree.fromstring(parts.read("xl/_rels/workbook.xml.rels"))
    targets = {one.get("Id"): one.get("Target", "") for one in relations}
    ids = {
        one.get("name"): attribute(one, "id") for one in book.iter() if local(one) == "sheet"
    }  # fmt: skip
    target = targets[ids[chosen]]
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def percent_styles(parts: zipfile.ZipFile) -> set[str]:
    """The styles whose number format shows percent, by their numbers as cells name them."""
    if "xl/styles.xml" not in parts.namelist():
        return set()
    root = ElementTree.fromstring(parts.read("xl/styles.xml"))
    formats = {"9", "10"} | {
        one.get("numFmtId", "")
        for one in root.iter()
        if local(one) == "numFmt" and shows_percent(one.get("formatCode", ""))
    }
    styles: list[Element] = next((list(one) for one in root if local(one) == "cellXfs"), [])
    return {str(at) for at, one in enumerate(styles) if one.get("numFmtId") in formats}


def shows_percent(number_format: str) -> bool:
    """Has it a percent sign that is no text in quotation marks?"""
    return "%" in re.sub(r'"[^"]*"|\\.', "", number_format)


def marks_of_xlsx(part: bytes, percents: set[str], most: int) -> Marks:
    """Read a worksheet row by row, and no further than is taken."""
    marks, at = Marks(), -1
    for _, element in ElementTree.iterparse(io.BytesIO(part)):
        name = local(element)
        if name == "col" and (element.get("hidden") in YES or element.get("width") == "0"):
            last = min(int(element.get("max", "0")), MOST_COLUMNS)
            marks.hidden_columns += range(int(element.get("min", "1")) - 1, last)
        elif name == "row":
            at = int(element.get("r", at + 2)) - 1
            if at >= most:
                break
            if element.get("hidden") in YES:
                marks.hidden_rows.append(at)
            mark_row(marks, element, at, percents)
            element.clear()
    return marks


def mark_row(marks: Marks, row: Element, at: int, percents: set[str]) -> None:
    """The cells of a row. The result of a formula may be an empty text: then it has the type of one."""
    place = -1
    for cell in row:
        place = column_of(cell.get("r", ""), place + 1)
        parts = {local(one): one.text or "" for one in cell}
        kind = cell.get("t", "n")
        if kind == "e":
            marks.errors.append((at, place, parts.get("v", "")))
        elif "f" in parts and not parts.get("v") and kind != "str":
            marks.formulas.append((at, place, parts["f"]))
        elif kind == "n" and cell.get("s") in percents and parts.get("v"):
            marks.percents.append((at, place))


def column_of(reference: str, otherwise: int) -> int:
    """The place of D2, counted from 0."""
    letters = reference.rstrip("0123456789").upper()
    if not (letters.isascii() and letters.isalpha() and len(letters) <= 3):
        return otherwise
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - 64
    return place - 1


def marks_of_ods(part: bytes, chosen: str, most: int) -> Marks:
    """Read the content of an OpenDocument spreadsheet. Raises KeyError where there is no such table."""
    marks = Marks()
    tables = {attribute(one, "name"): one for one in ElementTree.fromstring(part).iter()
              if local(one) == "table"}  # fmt: skip
    for rows, row in spans(tables[chosen], "table-row", most):
        if attribute(row, "visibility") in YES:
            marks.hidden_rows += rows
        for places, cell in spans(row, "table-cell", MOST_COLUMNS):
            mark_ods(marks, cell, rows, places)
    for places, column in spans(tables[chosen], "table-column", MOST_COLUMNS):
        if attribute(column, "visibility") in YES:
            marks.hidden_columns += places
    return marks


def mark_ods(marks: Marks, cell: Element, rows: range, places: range) -> None:
    """A cell, as often as it is repeated. LibreOffice writes the type of a value in two namespaces."""
    kinds = {value for key, value in cell.items() if key.endswith("}value-type")}
    formula = attribute(cell, "formula").partition("=")[2]
    if not kinds and not formula:
        return
    for at, place in product(rows, places):
        if "error" in kinds:
            marks.errors.append((at, place, "".join(cell.itertext())))
        elif "percentage" in kinds:
            marks.percents.append((at, place))
        elif not kinds:
            marks.formulas.append((at, place, formula))


def spans(within: Element, name: str, most: int) -> Iterator[tuple[range, Element]]:
    """Rows, columns or cells, also those in groups, each with its places: it may be repeated."""
    place = 0
    for one in within.iter():
        if local(one) in {name, f"covered-{name}"} and one is not within:
            times = next((int(many) for key, many in one.items() if key.endswith("-repeated")), 1)
            yield range(min(place, most), min(place + times, most)), one
            place += times


def main() -> None:
    try:
        answer = asdict(marks_of(sys.stdin.buffer.read(), sys.argv[2], int(sys.argv[1])))
    except (zipfile.BadZipFile, ElementTree.ParseError, LookupError, ValueError, OSError):
        answer = {"refused": "broken"}
    written = json.dumps(answer)
    sys.stdout.write(written if len(written) <= MOST_ANSWER else json.dumps({"refused": "big"}))


if __name__ == "__main__":
    main()
