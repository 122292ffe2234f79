"""What was understood of a whole table's values: the questions that its lines raise, and sentences on it."""

from collections import Counter
from collections.abc import Iterator
from datetime import tzinfo
from typing import Final

from data.files.importing.cells import questions
from data.files.importing.cells.answers import Blanks, OpenQuestion
from data.files.importing.cells.numbers import plain
from data.files.importing.cells.status_words import says_no_value
from data.files.importing.cells.values import Reader
from data.files.importing.folding import visible
from data.files.importing.sheet import Cell
from data.i18n.formats import count, quoted
from data.rules.progress import HIGHEST, Field

MOST_QUESTIONS: Final = 12
"""Of one table: where more words are not known, another column was meant."""


class Understood:
    """Hears of every line; `zone` is that which a heading says, where it is not the reader's own."""

    def __init__(self, reader: Reader, zone: tzinfo | None) -> None:
        self._reader, self._zone = reader, zone
        self._blanks: Counter[str] = Counter()
        self._questions: dict[tuple[str, str], OpenQuestion] = {}

    def ask(self, question: OpenQuestion | None) -> None:
        """A line needs an answer."""
        if question is not None and len(self._questions) < MOST_QUESTIONS:
            self._questions.setdefault(question.id, question)

    def count_blank(self, name: Field, written: Cell) -> None:
        """A cell may say that there is no value."""
        if isinstance(written, str) and name is not Field.STATUS:
            text = visible(written)
            if says_no_value(text):
                self._blanks[text] += 1

    @property
    def questions(self) -> tuple[OpenQuestion, ...]:
        """What a person has to say, or may."""
        blanks = [questions.of_blanks(self._words())] if self._blanks else []
        return (*self._questions.values(), *blanks)

    @property
    def notes(self) -> tuple[str, ...]:
        """In sentences."""
        zone = [f"Days are days in {self._zone}, as the heading says."] if self._zone else []
        return (*self._of_blanks(), *self._of_scales(), *zone)

    def _words(self) -> str:
        return ", ".join(quoted(one for one, _ in self._blanks.most_common(4)))

    def _of_blanks(self) -> Iterator[str]:
        if self._blanks:
            cells = count(self._blanks.total(), "cell says", "cells say")
            is_left = self._reader.answers.blanks is Blanks.LEAVE
            what = "left as it is" if is_left else "cleared"
            yield f"{cells} {self._words()}: what is stored is {what}."

    def _of_scales(self) -> Iterator[str]:
        for column in self._reader.numbers.values():
            if column.are_fractions:
                yield f"“{column.heading}” says in each cell of how many points it is."
            most = column.scale.out_of
            if most is not None and most != HIGHEST:
                yield f"“{column.heading}” is out of {plain(most)}: {plain(most)} is 100 %."
