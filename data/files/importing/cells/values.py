"""From what is written in a cell to what `progress.check()` reads."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, tzinfo
from decimal import Decimal
from math import isfinite
from typing import Final

from data.files.importing.cells import questions
from data.files.importing.cells.answers import NOTHING, Answers, Blanks
from data.files.importing.cells.dates import (
    AmbiguousDateError,
    AmbiguousSerialError,
    DateReader,
    order_of,
    orders,
    serials,
    serials_of,
)
from data.files.importing.cells.numbers import (
    AmbiguousNumberError,
    Number,
    digits,
    fraction,
    mark_of,
    read_number,
    readings,
    whole_percent,
)
from data.files.importing.cells.questions import UnclearError
from data.files.importing.cells.scales import Scale, scale_of
from data.files.importing.cells.status_words import (
    EMPTIED,
    is_unfinished,
    says_no_value,
    status_key,
    status_of,
)
from data.files.importing.cells.written_back import is_number, local_day
from data.files.importing.folding import visible
from data.files.importing.sheet import Cell, as_text
from data.rules.progress import Field, in_range

NUMBERS: Final = (Field.PERCENTAGE, Field.SCORE)


class LeftAsItIs(Exception):
    """A cell that changes nothing: it says that there is no value."""


@dataclass(frozen=True)
class FieldColumn:
    """The cells of one column of values, below its heading."""

    heading: str
    cells: Sequence[Cell]
    parts: Mapping[str, Sequence[Cell]] = field(default_factory=dict)
    """Those whose maximum nobody knows, by the module's heading; by "" where it is one column."""

    @property
    def texts(self) -> Iterator[str]:
        """What is written in it, without cells that say that there is no value."""
        return _texts(self.cells)


@dataclass(frozen=True)
class NumberColumn:
    """How one column writes numbers."""

    heading: str = ""
    part: str = ""
    mark: str | None = None
    scale: Scale = field(default_factory=Scale)
    are_fractions: bool = False
    """Does every cell say of how many it is?"""


@dataclass(frozen=True)
class Reader:
    """How the columns of one table write things: settled once, from the whole column and the answers."""

    answers: Answers = field(default_factory=Answers)
    dates: DateReader = field(default_factory=DateReader)
    numbers: Mapping[tuple[Field, str], NumberColumn] = field(default_factory=dict)

    def normal(
        self, name: Field, cell: Cell, column: str = "", most: Decimal | None = None
    ) -> object:
        """What check() is to read: of `most` points percent, in a module's `column`.

        Raises UnclearError, in words, and LeftAsItIs where the cell is to change nothing.
        """
        if cell is None:
            self._check_cleared(name, self.answers.blanks is Blanks.CLEAR_ALSO_EMPTY)
            return None
        if isinstance(cell, str):
            return self._text(name, visible(cell), self._column(name, column, most))
        if is_number(cell) and name is Field.COMPLETED_AT:
            return self._date(digits(cell))
        if is_number(cell) and name in NUMBERS and isfinite(cell):
            number = Number(Decimal(digits(cell)))
            return self._percent(name, number, self._column(name, column, most))
        return as_text(cell) if name is Field.STATUS else cell

    def _text(self, name: Field, text: str, column: NumberColumn) -> object:
        if text.casefold() == EMPTIED:
            return None
        if name is Field.STATUS:
            return self._status(text)
        if says_no_value(text):
            self._check_cleared(name, self.answers.blanks is not Blanks.LEAVE)
            return None
        return self._date(text) if name is Field.COMPLETED_AT else self._number(name, text, column)

    def _check_cleared(self, name: Field, is_cleared: bool) -> None:
        if name is Field.STATUS or not is_cleared:
            raise LeftAsItIs

    def _status(self, text: str) -> object:
        key = status_key(text)
        if key in self.answers.words:
            chosen = self.answers.words[key]
            if chosen == NOTHING:
                raise LeftAsItIs
            return chosen
        if found := status_of(text):
            return found
        if says_no_value(text):
            raise LeftAsItIs
        raise questions.of_word(text, key, is_unfinished(text))

    def _date(self, text: str) -> object:
        try:
            return self.dates.read(text) or text
        except AmbiguousDateError:
            raise questions.of_dates(text, orders(text)) from None
        except AmbiguousSerialError:
            raise questions.of_serials(text, serials(text, self.dates.today)) from None
        except ValueError:
            raise UnclearError(questions.NO_SUCH_DAY) from None

    def _number(self, name: Field, text: str, column: NumberColumn) -> object:
        if (parts := fraction(text)) is not None:
            return self._fraction(name, parts, column)
        try:
            number = read_number(text, column.mark)
        except AmbiguousNumberError:
            raise questions.of_decimal_mark(text) from None
        return " ".join(text.split()) if number is None else self._percent(name, number, column)

    def _fraction(self, name: Field, parts: tuple[Decimal, Decimal], column: NumberColumn) -> str:
        """14/20: beside whole numbers it may be a day, or a slip."""
        points, most = parts
        if not column.are_fractions and column.scale.out_of != most:
            raise UnclearError(
                "Not every cell of the column says of how many it is. Write it with %."
            )
        return self._percent(name, Number(points), replace(column, scale=Scale(most)))

    def _percent(self, name: Field, number: Number, column: NumberColumn) -> str:
        scale, value = column.scale, number.value
        if scale.doubted is not None and not number.is_percent and scale.is_doubtful(value):
            raise questions.of_scale(name, value, scale.doubted, column.part)
        is_reckoned = scale.out_of is not None and not number.is_percent
        if is_reckoned:
            value = scale.percent(value)
        if name is Field.PERCENTAGE and in_range(value) and value != value.to_integral_value():
            value = whole_percent(value) if is_reckoned else self._rounded(value)
        return f"{value:f}"

    def _rounded(self, value: Decimal) -> Decimal:
        if self.answers.round is None:
            raise questions.of_rounding(value)
        return whole_percent(value) if self.answers.round else value

    def _column(self, name: Field, column: str, most: Decimal | None) -> NumberColumn:
        found = self.numbers.get((name, column), NumberColumn())
        return found if most is None else replace(found, scale=Scale(most))


def settled_reader(
    columns: Mapping[Field, FieldColumn], answers: Answers, now: datetime, zone: tzinfo
) -> Reader:
    """Look through the columns once: what divides decimals, out of how many, what part of a date is the day."""
    return Reader(
        answers,
        _dates(columns.get(Field.COMPLETED_AT, FieldColumn("", ())), answers, local_day(now, zone)),
        {
            (name, part): column
            for name in NUMBERS
            if name in columns
            for part, column in _numbers(name, columns[name], answers)
        },
    )


def _dates(column: FieldColumn, answers: Answers, today: date) -> DateReader:
    texts = [*column.texts, *(digits(one) for one in column.cells if is_number(one))]
    order = answers.dates or order_of(texts)
    return DateReader(order, answers.serials or serials_of(texts, today), today)


def _numbers(
    name: Field, column: FieldColumn, answers: Answers
) -> Iterator[tuple[str, NumberColumn]]:
    """One program writes all columns with one mark, but each may be out of another maximum."""
    mark = answers.decimal_mark or mark_of(column.texts)
    key = "score_out_of" if name is Field.SCORE else "percentage_out_of"
    for part, cells in column.parts.items():
        heading = part or column.heading
        answer = answers.out_of.get((key, part)) or answers.out_of.get((key, ""))
        is_filled = any(one is not None for one in cells)
        scale = scale_of(name, heading, _numbers_in(cells, mark), answer) if is_filled else Scale()
        yield part, NumberColumn(heading, part, mark, scale, _are_fractions(cells))


def _are_fractions(cells: Sequence[Cell]) -> bool:
    texts = [*_texts(cells)]
    is_text = not any(is_number(one) for one in cells)
    return is_text and bool(texts) and all(fraction(one) is not None for one in texts)


def _texts(cells: Iterable[Cell]) -> Iterator[str]:
    written = (visible(cell) for cell in cells if isinstance(cell, str))
    return (one for one in written if one and not says_no_value(one))


def _numbers_in(cells: Sequence[Cell], mark: str | None) -> list[Decimal]:
    """Those that have no percent sign, and can only be one number."""
    found = [Decimal(digits(one)) for one in cells if is_number(one) and isfinite(one)]
    for text in _texts(cells):
        read = {one: each.value for one, each in readings(text).items() if not each.is_percent}
        possible = {read[mark]} if mark is not None and mark in read else set(read.values())
        if len(possible) == 1:
            found.append(possible.pop())
    return found
