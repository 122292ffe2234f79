"""From a file, or from what was pasted, to a table."""

from data.files.importing.reading.delimited import read_delimited, read_text
from data.files.importing.reading.encodings import Known
from data.files.importing.reading.oneroster import read_oneroster
from data.files.importing.reading.workbook import read_workbook
from data.files.importing.reading.workbook_package import OLE, ZIP
from data.files.importing.sheet import LARGEST_FILE, Sheet, UnreadableFile

_TOO_BIG = "The file is larger than 20 MB. Keep only the table in it, or divide it."
_EMPTY = "The file is empty. Choose one with headings and a line per module."


def read_file(
    name: str,
    content: bytes,
    *,
    sheet: str | None = None,
    encoding: str | None = None,
    known: Known = tuple,
) -> Sheet:
    """A CSV, XLSX, XLS or ODS file as a table; of a workbook the sheet of this name, else the first.

    Of a CSV `encoding` is one of ENCODINGS; without it `known` texts, such as names, help to find it.

    What it is is seen in the content, whatever the file is called. Raises UnreadableFile, in words.
    """
    if len(content) > LARGEST_FILE:
        raise UnreadableFile(_TOO_BIG)
    if not content.strip():
        raise UnreadableFile(_EMPTY)
    if content.startswith(ZIP) and (results := read_oneroster(name, content)) is not None:
        return results
    if content.startswith((ZIP, OLE)):
        return read_workbook(name, content, sheet)
    return read_delimited(name, content, encoding, known)


def read_pasted(text: str) -> Sheet:
    """A table pasted from a spreadsheet or typed, headings first. Raises UnreadableFile, in words."""
    if len(text) > LARGEST_FILE:
        raise UnreadableFile(_TOO_BIG.replace("file", "text"))
    if not text.strip():
        raise UnreadableFile("Nothing was pasted. Copy the table with its headings.")
    return read_text("Pasted table", text.removeprefix("\ufeff"))
