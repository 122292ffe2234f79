"""What a gradebook writes into the heading of a column: a module's name, of how many points, shown how."""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from data.files.importing.folding import fold


class Shown(StrEnum):
    """How a column shows its values."""

    UNKNOWN = ""
    POINTS = "points"
    PERCENT = "percent"
    WORDS = "words"
    """Letters and texts, which are neither a score nor a status."""


@dataclass(frozen=True)
class Title:
    """A heading taken apart: the names it may mean, the likeliest first.

    `is_marked` where a gradebook's own mark says that the column is one piece of work; `most` is how many
    points there are, where the heading says it.
    """

    names: tuple[str, ...]
    shown: Shown = Shown.UNKNOWN
    most: Decimal | None = None
    is_marked: bool = False


_NUMBER: Final = r"(?P<most>\d+(?:[.,]\d+)?)"
_MARKED: Final = (
    # Blackboard: Fractions [Total Pts: up to 20 Score] |1234
    re.compile(
        rf"(?P<name>.+?)\s*\[Total Pts:\s*(?:up to\s+)?{_NUMBER}?\s*(?P<shown>[^\]]*)\]\s*\|?\s*\d*",
        re.IGNORECASE,
    ),
    # Brightspace: Fractions Points Grade <Numeric MaxPoints:20 Weight:10>
    re.compile(
        rf"(?P<name>.+?)\s+(?P<shown>\S+) Grade\s*<(?:[^>]*?MaxPoints:\s*{_NUMBER})?[^>]*>",
        re.IGNORECASE,
    ),
    # Moodle: Quiz: Fractions (Real)
    re.compile(
        r"(?P<name>.+?)\s*\((?P<shown>real|percentage|letter|punkte|prozentsatz|brut|pourcentage|lettre"
        r"|porcentaje|letra|percentuale|lettera|percentagem|echt|cijfer)\)",
        re.IGNORECASE,
    ),
    # Canvas writes the number of its assignment: Fractions (1234)
    re.compile(r"(?P<name>.+?)\s*\(\d{2,}\)"),
)
_PLAIN: Final = (
    # Fractions [max 20], Fractions (out of 20), Fractions (/20)
    re.compile(
        rf"(?P<name>.+?)\s*[\[(]\s*(?:max(?:imum|\.)?|out of|of|/|von|sur|points?|pts?\.?)\s*:?\s*{_NUMBER}"
        r"\s*(?:points?|pts?\.?|marks?|punkte)?\s*[\])]",
        re.IGNORECASE,
    ),
    # Fractions (20 points)
    re.compile(
        rf"(?P<name>.+?)\s*[\[(]\s*{_NUMBER}\s*(?:points?|pts?\.?|marks?|punkte)\s*[\])]",
        re.IGNORECASE,
    ),
    re.compile(rf"(?P<name>.+?)\s*\[{_NUMBER}\]"),
    # Fractions / 20, and before it Sakai's, with nothing but the number in brackets
    re.compile(rf"(?P<name>.+?)\s*/\s*{_NUMBER}"),
    # Fractions (%), Fractions in percent
    re.compile(r"(?P<name>.+?)[\s:(\[–-]*(?P<shown>%)[)\]]?"),
)
_PERCENT: Final = frozenset(
    {"%", "percentage", "percent", "prozentsatz", "pourcentage", "porcentaje", "percentuale"}
    | {"percentagem"}
)
_WORDS: Final = frozenset(
    {"letter", "lettre", "letra", "lettera", "cijfer", "text", "scheme", "selectbox", "passfail"}
    | {"pass/fail", "complete/incomplete", "symbol"}
)
_TOTAL: Final = re.compile(
    r"totals?|sum|average|avg|mean|final|gpa|course (grade|score)|(overall|final)( score| grade| mark| result)?"
    r"|total (score|grade|points?|marks?)|(.* )?(unposted )?(current|final) (score|grade|points)"
    r"|(.* )?(course|category|weighted|running|grand|kurs|du cours|del curso|del corso) (total|gesamt)"
    r"|total (du cours|del curso|del corso)|(.* )?subtotal.*"
    r"|(calculated|adjusted) final grade.*|final (calculated|adjusted) grade.*"
    r"|gesamt(note|punktzahl)?|endnote|summe|durchschnitt|moyenne|promedio|media|nota final|note finale|totale"
)
_POINTS: Final = re.compile(r"\d{1,9}(?:[.,]\d{1,9})?", re.ASCII)
_THOUSANDS: Final = re.compile(r"[1-9]\d{0,2}[.,]\d{3}", re.ASCII)
_AVERAGE: Final = re.compile(r"\((?:avg|average|total|mean)\.?\)\s*\Z", re.IGNORECASE)


def read_title(heading: str) -> Title:
    """Take a heading apart. The whole heading comes first: a module may be called "Garden (2)"."""
    for patterns, marked in ((_MARKED, True), (_PLAIN, False)):
        for pattern in patterns:
            found = pattern.fullmatch(heading.strip())
            if found:
                return _title(heading, found.groupdict(), marked)
    return Title(_names(heading))


def is_total(heading: str) -> bool:
    """Is it the whole course's figure, or that of several pieces of work? Never one module's score."""
    if _AVERAGE.search(heading):
        return True
    plain = (re.sub(r"[\[(<|].*", "", heading), re.sub(r"\A[^:]*:", "", heading), heading)
    return any(_TOTAL.fullmatch(fold(one)) for one in plain)


def number(written: str) -> Decimal | None:
    """How many points a gradebook writes: 50.00 or 50,00; None where it is no number above zero.

    Nor is 1,000 one: a thousand, or one?
    """
    text = written.strip()
    if not _POINTS.fullmatch(text) or _THOUSANDS.fullmatch(text):
        return None
    return Decimal(written.strip().replace(",", ".")).normalize() or None


def _title(heading: str, parts: dict[str, str | None], marked: bool) -> Title:
    shown = _shown((parts.get("shown") or "").strip().casefold(), marked)
    most = Decimal(100) if shown is Shown.PERCENT else number(parts.get("most") or "")
    if most is not None and shown is Shown.UNKNOWN:
        shown = Shown.POINTS
    names = (heading.strip(), *_names(parts["name"] or ""))
    return Title(tuple(dict.fromkeys(names)), shown, most, marked)


def _shown(word: str, marked: bool) -> Shown:
    if word in _PERCENT:
        return Shown.PERCENT
    if word in _WORDS:
        return Shown.WORDS
    return Shown.POINTS if marked else Shown.UNKNOWN


def _names(written: str) -> tuple[str, ...]:
    """The name, and what comes after the kind of work in "Quiz: Fractions"."""
    _, colon, rest = written.partition(":")
    return (written.strip(), rest.strip()) if colon and rest.strip() else (written.strip(),)
