"""What only a person can say of a whole table: the questions it leaves open, and the answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from data.files.importing.cells.dates import DateOrder, Serials
from data.rules.progress import Status


class Blanks(StrEnum):
    """What becomes of a value whose cell says that there is none: with "-", "EX", "N/A", or blank."""

    LEAVE = "leave"
    CLEAR = "clear"
    CLEAR_ALSO_EMPTY = "clear-also-empty"


OUT_OF: Final[tuple[str, ...]] = ("score_out_of", "percentage_out_of")
NOTHING: Final = "nothing"
"""What a word of the status column may say."""


@dataclass(frozen=True)
class Answers:
    """What a person said, by question; None where nobody was asked or has answered.

    `out_of` says the maximum of a column: by the question's key, and the heading where there are several.
    `words` says what a word of the status column sets, a status or NOTHING; by the word, folded.
    """

    dates: DateOrder | None = None
    serials: Serials | None = None
    decimal_mark: str | None = None
    out_of: Mapping[tuple[str, str], Decimal] = field(default_factory=dict)
    round: bool | None = None
    blanks: Blanks = Blanks.LEAVE
    words: Mapping[str, Status | str] = field(default_factory=dict)

    def answered(self, question: OpenQuestion, choice: Any) -> Answers:
        """The same with one more answer."""
        if question.key == "words":
            return replace(self, words={**self.words, question.about: choice})
        if question.key in OUT_OF:
            return replace(self, out_of={**self.out_of, (question.key, question.about): choice})
        return replace(self, **{question.key: choice})


@dataclass(frozen=True)
class OpenQuestion:
    """One question on a table: `key` names the answer, `option` how the command line gives it.

    `choices` are what may be answered, with its words; none where a number is typed, `least` or more.
    `about` is the word or the column that it is about, where it is not the whole table.
    """

    key: str
    sentence: str
    option: str
    choices: Mapping[Any, str] = field(default_factory=dict)
    default: Any = None
    least: Decimal | None = None
    about: str = ""

    @property
    def id(self) -> tuple[str, str]:
        """What tells it from the others of a table."""
        return self.key, self.about

    def is_answered(self, answers: Answers) -> bool:
        """Has somebody said it?"""
        if self.key == "words":
            return self.about in answers.words
        if self.key in OUT_OF:
            return (self.key, self.about) in answers.out_of
        return getattr(answers, self.key) is not None
