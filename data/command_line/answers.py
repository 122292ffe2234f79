"""The options of `import` that answer what a table leaves open: those that the page asks as questions."""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any, Final, TypeVar

import click

from data.files.importing.cells.answers import NOTHING, OUT_OF, Answers, Blanks
from data.files.importing.cells.dates import DateOrder, Serials
from data.files.importing.cells.status_words import status_key, status_of
from data.rules.progress import Status

Command = TypeVar("Command", bound=Callable[..., Any])


class _Maximum(click.ParamType[Decimal]):
    name = "number"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Decimal:
        try:
            number = Decimal(str(value).replace(",", "."))
        except InvalidOperation:
            number = Decimal(0)
        if not number.is_finite() or number <= 0:
            self.fail(f"{value!r} is no number above 0.", param, ctx)
        return number


_OPTIONS: Final = (
    click.option("--day-first", "dates", flag_value="day", help="3/4/2026 is in April."),
    click.option("--month-first", "dates", flag_value="month", help="3/4/2026 is in March."),
    click.option("--year-first", "dates", flag_value="year", help="26-04-03 is in 2026."),
    click.option("--serials", type=click.Choice([one.value for one in Serials]),
                 help="From which year numbers of days are counted."),
    click.option("--decimal-point", "decimal_mark", flag_value=".", help="1,000 is a thousand."),
    click.option("--decimal-comma", "decimal_mark", flag_value=",", help="1,000 is one."),
    click.option("--score-out-of", type=_Maximum(), help="The highest score: 1 where 0.85 is 85 %."),
    click.option("--percentage-out-of", type=_Maximum(), help="The same of percentages."),
    click.option("--round/--no-round", default=None, help="Round percentages to whole numbers."),
    click.option("--blanks", type=click.Choice([one.value for one in Blanks]), default=Blanks.LEAVE.value,
                 show_default=True, help="What becomes of a value where the file says “-”, “EX” or “N/A”."),
    click.option("--word", "words", multiple=True, metavar="WORD=STATUS",
                 help="What a word of the status column says: “Passed=Completed”, “Unknown=nothing”."),
)  # fmt: skip


def with_answers(command: Command) -> Command:
    """Give a command these options; `answers()` reads them."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def answers(options: dict[str, Any]) -> Answers:
    """What was said by them."""
    dates, serials = options["dates"], options["serials"]
    return Answers(
        dates=DateOrder(dates) if dates else None,
        serials=Serials(serials) if serials else None,
        decimal_mark=options["decimal_mark"],
        out_of={(key, ""): options[key] for key in OUT_OF if options[key] is not None},
        round=options["round"],
        blanks=Blanks(options["blanks"]),
        words=dict(map(_word, options["words"])),
    )


def _word(written: str) -> tuple[str, Status | str]:
    word, sign, meant = written.rpartition("=")
    status = NOTHING if meant.strip().casefold() == NOTHING else status_of(meant)
    if not sign or status is None:
        labels = ", ".join(one.label for one in Status)
        raise click.UsageError(f"--word takes WORD=STATUS, where STATUS is {labels} or nothing.")
    return status_key(word), status
