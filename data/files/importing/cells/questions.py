"""What a cell leaves open that only a person can say: the question, its choices, the option of a command."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from data.files.importing.cells.answers import NOTHING, OUT_OF, Blanks, OpenQuestion
from data.files.importing.cells.dates import DateOrder, Serials
from data.files.importing.cells.numbers import MARKS, plain, readings, whole_percent
from data.i18n.dates import short_date
from data.rules.progress import HIGHEST, Field, Status


class UnclearError(ValueError):
    """A cell that could mean two things: what to ask, and a sentence that says how to write which."""

    def __init__(self, message: str, question: OpenQuestion | None = None) -> None:
        super().__init__(message)
        self.question = question


NO_SUCH_DAY: Final = "There is no such day or time. Write year-month-day, such as 2026-03-31."
_FIRST: Final = {DateOrder.DAY: "day", DateOrder.MONTH: "month", DateOrder.YEAR: "year"}


def of_dates(text: str, possible: Mapping[DateOrder, date]) -> UnclearError:
    """3/4/2026: in April or in March?"""
    choices = {order: f"The {_FIRST[order]}: {short_date(one)}" for order, one in possible.items()}
    return UnclearError(
        "Is the day or the month first? Answer that for the column, or write year-month-day, "
        "such as 2026-03-31.",
        OpenQuestion(
            "dates",
            f"In dates such as {text}, what is first?",
            "--day-first (or --month-first, or --year-first)",
            choices,
        ),
    )


def of_serials(text: str, possible: Mapping[Serials, datetime]) -> UnclearError:
    """43000: a day of 2017 or of 2021?"""
    choices = {base: f"{short_date(one)}: counted from {base}" for base, one in possible.items()}
    return UnclearError(
        "Is this number a day that is counted from 1900 or from 1904? Answer that for the column, or write "
        "year-month-day, such as 2026-03-31.",
        OpenQuestion("serials", f"Which day is {text}?", "--serials 1900 (or 1904)", choices),
    )


def of_decimal_mark(text: str) -> UnclearError:
    """1,000: one, or a thousand?"""
    found = readings(text)
    choices = {mark: f"The {called}: {plain(found[mark].value)}" for mark, called in MARKS.items()}
    return UnclearError(
        f"Is that {plain(found['.'].value)} or {plain(found[','].value)}? Answer that for the column, "
        "or write it without a mark.",
        OpenQuestion(
            "decimal_mark",
            f"In numbers such as {text}, what divides decimals?",
            "--decimal-point (or --decimal-comma)",
            choices,
        ),
    )


def of_scale(field: Field, value: Decimal, most: Decimal, column: str = "") -> UnclearError:
    """0.85: 85 %, or less than one? 14: out of how many?"""
    key = OUT_OF[0] if field is Field.SCORE else OUT_OF[1]
    option = f"--{key.replace('_', '-')} 100 (or 1, or another maximum)"
    if column:
        option = f"--out-of “{column}=100” (or 1, or another maximum)"
    name = f"{field.label.lower()} in “{column}”" if column else field.label.lower()
    asked = f"Out of how many is {plain(value)}?"
    sentence = f"No {name} is more than {plain(most)}: out of how many?"
    choices: dict[Decimal, str] = {}
    if most <= 1:
        choices = {
            one: f"{plain(value * HIGHEST / one)} %" for one in (Decimal(1), Decimal(HIGHEST))
        }
        sentence = f"A {name} is {plain(value)}: what does it say?"
        asked = f"Is that {' or '.join(choices.values())}?"
    return UnclearError(
        f"{asked} Answer that for the column, or write it with %.",
        OpenQuestion(
            key,
            sentence,
            option,
            choices,
            least=most,
            about=column,
        ),
    )


def of_rounding(value: Decimal) -> UnclearError:
    """66.67 as a percentage, which is a whole number."""
    rounded = plain(whole_percent(value))
    return UnclearError(
        f"The percentage must be {Field.PERCENTAGE.allowed}. Say whether to round {plain(value)} "
        f"to {rounded}, or write it so.",
        OpenQuestion(
            "round",
            f"Percentages are whole numbers. What becomes of {plain(value)}?",
            "--round (or --no-round)",
            {True: f"It is rounded to {rounded}", False: "The line is left out"},
        ),
    )


def of_word(text: str, word: str, is_unfinished: bool) -> UnclearError:
    """A word of the status column that is none of ours."""
    statuses: dict[str, str] = {status: status.label for status in Status}
    either = "Is that not started or in progress? " if is_unfinished else ""
    return UnclearError(
        f"{either}Choose one of: {Field.STATUS.allowed}; or say what it means.",
        OpenQuestion(
            "words",
            f"What does “{text[:40]}” say?",
            f"--word “{text[:40]}=…” ({Field.STATUS.allowed} or nothing)",
            statuses | {NOTHING: "Nothing: leave the status as it is"},
            about=word,
        ),
    )


def of_blanks(texts: str) -> OpenQuestion:
    """Whether "-" clears a value."""
    return OpenQuestion(
        "blanks",
        f"What becomes of a value where the file says {texts}?",
        "--blanks leave (or clear, or clear-also-empty)",
        {
            Blanks.LEAVE: "It is left as it is",
            Blanks.CLEAR: "It is cleared",
            Blanks.CLEAR_ALSO_EMPTY: "It is cleared, and so it is where a cell is empty",
        },
        default=Blanks.LEAVE,
    )
