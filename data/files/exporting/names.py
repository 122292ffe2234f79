"""Names of files and sheets, and texts as long as they may be."""

import re
import unicodedata
from typing import Final

from data.files.exporting.rows import Export
from data.i18n.formats import local

# What XML cannot say: most control characters, lone surrogates, two non-characters.
ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

# Device names of Windows, alone or before a dot.
_RESERVED: Final = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[\d¹²³])\s*(\.|$)", re.IGNORECASE
)
ABOUT: Final = "About this file"

LONGEST_SHEET_NAME: Final = 31  # in Excel's characters
LONGEST_FILE_NAME: Final = 120  # bytes, before the day: the strictest file systems end at 143


def cut(text: str, longest: int) -> str:
    """At most so many UTF-16 units, which is how Excel counts; '…' where it was more."""
    units = text.encode("utf-16-le", "surrogatepass")
    if len(units) <= 2 * longest:
        return text
    return units[: 2 * longest - 2].decode("utf-16-le", "ignore") + "…"


def visible(title: str) -> str:
    """A class's name without what a file or a sheet must not be called."""
    normal = unicodedata.normalize("NFC", title)
    seen = "".join(
        each for each in normal if each.isspace() or unicodedata.category(each)[0] != "C"
    )
    return " ".join(re.sub(r'[<>:"/\\|?*\[\]]', " ", seen).split()).strip(" .'~-")


def sheet_name(title: str) -> str:
    """A class's name as a worksheet may be called."""
    name = cut(visible(title), LONGEST_SHEET_NAME).strip(" '")
    # Excel keeps "History" for itself.
    taken = name.casefold() in {"", "history", ABOUT.casefold()}
    return f"Class {name}".strip() if taken else name


def file_name(export: Export, ending: str) -> str:
    """'Mathematics 9A 2026-11-22.xlsx', whatever the class is called: safe on every system."""
    day = local(export.made_at, export.zone).date()
    return f"{safe_name(export.title, 'Class')} {day}.{ending}"


def safe_name(title: str, kind: str) -> str:
    """A title as a file may be called, before its day and ending; with `kind` first where it alone may not."""
    name = file_safe(title)
    if not name or _RESERVED.match(name):
        name = f"{kind} {name}".strip()
    return name


def file_safe(title: str) -> str:
    """As much of it as a file's name can hold before its day and ending."""
    short = visible(title).encode()[:LONGEST_FILE_NAME]
    return short.decode(errors="ignore").strip(" .")
