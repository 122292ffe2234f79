"""The options of `import` that say what a table's columns mean: what a person can choose on the page."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any, Final, TypeVar

import click

from data.command_line.reaching import Refused
from data.files.importing.columns.mapping import Columns, ModuleColumn, Sets
from data.files.importing.columns.recognising import recognise_table
from data.files.importing.folding import fold
from data.files.importing.meanings import WHICH, Meaning
from data.files.importing.roster import KnownModule, Roster
from data.files.importing.sheet import Sheet, UnreadableFile
from data.i18n.formats import quoted

Command = TypeVar("Command", bound=Callable[..., Any])
NOT_USED: Final = "not used"

_OPTIONS: Final = (
    click.option("--module", metavar="NAME", help="All lines are of this module."),
    click.option(
        "--column", "columns", multiple=True, metavar="HEADING=MEANING",
        help="What a column means: “Mark=Score”, “Essay=not used”, or a module’s name. "
        "Its number will do for the heading.",
    ),
    click.option(
        "--values", "sets", type=click.Choice([one.value for one in Sets]),
        help="What the modules’ columns hold, in a table with a row per student.",
    ),
    click.option(
        "--out-of", "points", multiple=True, metavar="[HEADING=]NUMBER",
        help="Of how many points the modules’ columns are, or one of them.",
    ),
    click.option(
        "--leave-out-hidden", is_flag=True, help="Leave out lines that the spreadsheet hides."
    ),
)  # fmt: skip


def with_table_options(command: Command) -> Command:
    """Give a command these options; `columns_of()` takes them."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def columns_of(sheet: Sheet, roster: Roster, options: dict[str, Any]) -> Columns:
    """What the columns mean, as far as it was seen or the options say it. Raises Refused, in words."""
    try:
        columns = recognise_table(sheet, roster)
    except UnreadableFile as error:
        raise Refused(str(error)) from error
    for written in options["columns"]:
        columns = _with_column(columns, written, roster)
    for written in options["points"]:
        columns = _with_points(columns, written)
    if options["sets"]:
        columns = replace(columns, sets=Sets(options["sets"]))
    if options["module"]:
        columns = _with_module(columns, _module(options["module"], roster))
    if options["leave_out_hidden"]:
        columns = columns.without(row.line for row in sheet.rows if row.is_hidden)
    return columns


def refuse_open(columns: Columns) -> None:
    """Raise Refused where only a person can say what columns mean: with the options that say it."""
    if columns.problems:
        options = ", ".join(_options(columns))
        raise Refused(" ".join([*columns.problems, f"Say it with {options}."]))


def _options(columns: Columns) -> Iterator[str]:
    modules = [one for one in columns.modules.values() if one.sets is None]
    if modules and columns.sets is None:
        yield f"--values {'|'.join(one.value for one in Sets)}"
    if any(one.asks_most and one.most is None for one in modules):
        yield "--out-of NUMBER or --out-of “HEADING=NUMBER”"
    if not columns.modules and set(columns.places).isdisjoint(WHICH):
        yield "--module NAME"
    yield "--column “HEADING=MEANING”"


def _with_column(columns: Columns, written: str, roster: Roster) -> Columns:
    heading, _, meant = written.rpartition("=")
    place = _place(columns, heading)
    if fold(meant) == NOT_USED:
        return columns.choose(place, None)
    meanings = {fold(one.value): one for one in Meaning}
    if (meaning := meanings.get(fold(meant))) is not None:
        return columns.choose(place, meaning)
    column = columns.modules.get(place, ModuleColumn())
    return columns.choose(place, replace(column, module=_module(meant, roster)))


def _with_points(columns: Columns, written: str) -> Columns:
    heading, _, number = written.rpartition("=")
    places = [_place(columns, heading)] if heading else [*columns.modules]
    try:
        most = Decimal(number.replace(",", "."))
    except InvalidOperation:
        most = Decimal(0)
    if not most.is_finite() or most <= 0:
        raise Refused(f"“{number}” is no number of points above 0.")
    for place in places:
        column = columns.modules.get(place)
        if column is not None and (heading or column.most is None):
            columns = columns.choose(place, replace(column, most=most))
    return columns


def _with_module(columns: Columns, module: KnownModule) -> Columns:
    if columns.modules or set(columns.places).intersection(WHICH):
        raise Refused(
            "The file names its modules itself. Leave --module out, or leave their columns out "
            "with --column “HEADING=not used”."
        )
    return replace(columns, all_lines=module)


def _place(columns: Columns, heading: str) -> int:
    """The column of a heading, or of a number counted from 1."""
    found = [at for at, one in enumerate(columns.headings) if one == heading.strip()]
    found = found or [at for at, one in enumerate(columns.headings) if fold(one) == fold(heading)]
    if not found and heading.strip().isdecimal() and 0 < int(heading) <= len(columns.headings):
        found = [int(heading) - 1]
    if len(found) == 1:
        return found[0]
    known = ", ".join(quoted(filter(None, columns.headings)))
    several = "several columns" if found else "no column"
    raise Refused(f"There {'are' if found else 'is'} {several} “{heading}”. There are: {known}.")


def _module(name: str, roster: Roster) -> KnownModule:
    found = roster.modules_named(name)
    if len(found) == 1:
        return found[0]
    if found:
        raise Refused(f"Several modules are called “{name}”.")
    likely = " or ".join(quoted(one.name for one in roster.modules_like(name)))
    raise Refused(f"There is no module “{name}”." + (f" Did you mean {likely}?" if likely else ""))
